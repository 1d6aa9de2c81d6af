// Lines to bring into order by buttons: order. Lines that do not belong are to be left out.

/** One of the longest runs of rising numbers: [3, 1, 2, 5, 4] has [1, 2, 5]. */
function longestRun(numbers) {
  const longest = (runs) => runs.reduce((best, run) => (run.length > best.length ? run : best), []);
  const runs = []; // the longest run that ends at each number
  for (const n of numbers) runs.push([...longest(runs.filter((run) => run.at(-1) < n)), n]);
  return longest(runs);
}

/** The share of steps 1..n that stand in right relative order; a kept line that is no step costs as much as one earns. */
function gradeOrder(steps, kept) {
  const right = kept.filter((n) => n <= steps);
  return Math.max(0, longestRun(right).length - (kept.length - right.length)) / steps;
}

function order(question) {
  const list = question.querySelector(".bw-steps");
  const steps = takeOut(question, ".bw-right").length;
  const notes = takeOut(question, ".bw-why");
  const left = element("ul", { className: "bw-left" });
  const leftOut = element("div", {}, element("p", { className: "bw-title", textContent: SAY.left_out }), left);

  const lines = [...list.children].map((item, index) => {
    const text = element("span", { id: `${question.name}-text${index}` }, ...item.childNodes);
    const why = notes.find(({ dataset }) => dataset.n === item.dataset.n);
    const note = feedback(why ?? element("li"), `${question.name}-${index}`, true);
    const line = { item, text, note, n: Number(item.dataset.n), locked: false };
    /** A button that is named by what it does and by the line that it does it to. */
    const button = (name, action, properties) => {
      const control = element("button", { type: "button", id: `${text.id}-${name}`, ...properties });
      control.setAttribute("aria-labelledby", `${control.id} ${text.id}`);
      control.addEventListener("click", action);
      return control;
    };
    const arrow = (name, textContent, title, by) =>
      button(name, () => move(line, by), { textContent, title, ariaLabel: title });
    line.up = arrow("up", "↑", SAY.move_up, -1);
    line.down = arrow("down", "↓", SAY.move_down, 1);
    line.toggle = button("toggle", () => take(line, !kept().includes(line)));
    const buttons = element("div", {}, line.up, line.down, line.toggle);
    item.append(element("div", { className: "bw-line" }, text, buttons), note);
    return line;
  });

  /** The lines of a list from top to bottom. */
  const linesOf = (some) => [...some.children].map((item) => lines.find((line) => line.item === item));
  const kept = () => linesOf(list);

  function show({ item, note }, state, verdict) {
    item.className = state && `bw-${state}`;
    note.show(state, verdict);
  }

  function move(line, by) {
    const all = kept();
    const place = all.indexOf(line) + by;
    if (by < 0) all[place].item.before(line.item);
    else all[place].item.after(line.item);
    show(line, "");
    update();
    const button = by < 0 ? line.up : line.down;
    (button.disabled ? [line.up, line.down].find(({ disabled }) => !disabled) : button).focus();
    question.hear(fill(SAY.position, { n: place + 1, total: all.length }));
  }

  /** Take a line in, at the end, or leave it out. */
  function take(line, isIn) {
    (isIn ? list : left).append(line.item);
    show(line, "");
    update();
    line.toggle.focus();
    question.hear(isIn ? fill(SAY.position, { n: kept().length, total: kept().length }) : SAY.left_out);
  }

  /** Which buttons a line has: none where it is settled, and "leave out" only where some line does not belong. */
  function update() {
    const all = kept();
    lines.forEach((line) => {
      const place = all.indexOf(line);
      line.up.hidden = line.down.hidden = line.locked || place < 0;
      line.up.disabled = place === 0;
      line.down.disabled = place === all.length - 1;
      line.toggle.hidden = line.locked || notes.length === 0;
      line.toggle.textContent = place < 0 ? SAY.take_in : SAY.leave_out;
    });
    leftOut.hidden = left.children.length === 0;
  }

  function reset(rank) {
    for (const line of lines) {
      line.locked = false;
      show(line, "");
    }
    list.append(...lines.map(({ item }) => item));
    arrange(list, rank);
    // What chance has put in order would be no task.
    if (gradeOrder(steps, read().filter((n) => n <= steps)) === 1) list.append(list.firstElementChild);
    update();
  }

  function read() {
    return kept().map(({ n }) => n);
  }

  function put(given) {
    left.append(...lines.map(({ item }) => item));
    list.append(...given.map((n) => lines.find((line) => line.n === n).item));
    update();
  }

  function grade(given) {
    const wrong = lines.filter(({ n }) => n > steps && given.includes(n));
    return { score: gradeOrder(steps, given), ideas: wrong.flatMap(({ note }) => note.idea ?? []) };
  }

  function mark(given) {
    const run = longestRun(given.filter((n) => n <= steps));
    for (const line of lines) {
      const { n } = line;
      const isIn = given.includes(n);
      if (n > steps && isIn) {
        line.locked = true;
        left.append(line.item);
        show(line, "wrong");
      } else if (n <= steps) {
        const wrong = isIn ? SAY.out_of_place : SAY.missing;
        show(line, run.includes(n) ? "right" : "wrong", run.includes(n) ? undefined : wrong);
      }
    }
    update();
    return lines.filter(({ item }) => item.matches(".bw-wrong")).flatMap(({ text, note }) => [text, note]);
  }

  function reveal() {
    const inOrder = [...lines].sort((a, b) => a.n - b.n);
    for (const line of inOrder) {
      line.locked = true;
      (line.n > steps ? left : list).append(line.item);
      if (!line.item.matches(".bw-right")) show(line, line.n > steps ? "other" : "");
    }
    update();
    return inOrder.filter(({ n }) => n <= steps).map(({ text }) => text);
  }

  return { nodes: [list, leftOut], reset, read, put, grade, mark, reveal };
}
