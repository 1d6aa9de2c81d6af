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

  const lines = [...list.children].map((place, index) => {
    const name = element("span", { id: `${question.name}-text${index}` }, ...place.childNodes);
    const why = notes.find(({ dataset }) => dataset.n === place.dataset.n);
    const note = feedback(why ?? element("li"), `${question.name}-${index}`, true);
    const line = { place, name, note, n: Number(place.dataset.n), locked: false };
    /** A button that is named by what it does and by the line that it does it to. */
    const named = (ending, ...properties) => {
      const control = button(...properties);
      control.id = name.id + ending;
      control.setAttribute("aria-labelledby", `${control.id} ${name.id}`);
      return control;
    };
    const arrow = (sign, title, by) => named(sign, sign, () => move(line, by), { title, ariaLabel: title });
    line.up = arrow("↑", SAY.move_up, -1);
    line.down = arrow("↓", SAY.move_down, 1);
    line.toggle = named("-toggle", "", () => take(line, !kept().includes(line)));
    const buttons = element("div", {}, line.up, line.down, line.toggle);
    place.append(element("div", { className: "bw-line" }, name, buttons), note);
    return line;
  });

  /** The lines of a list from top to bottom. */
  const linesOf = (some) => [...some.children].map((item) => lines.find(({ place }) => place === item));
  const kept = () => linesOf(list);

  function move(line, by) {
    const all = kept();
    const index = all.indexOf(line) + by;
    if (by < 0) all[index].place.before(line.place);
    else all[index].place.after(line.place);
    show(line, "");
    update();
    const arrow = by < 0 ? line.up : line.down;
    (arrow.disabled ? [line.up, line.down].find(({ disabled }) => !disabled) : arrow).focus();
    question.hear(fill(SAY.position, { n: index + 1, total: all.length }));
  }

  /** Take a line in, at the end, or leave it out. */
  function take(line, isIn) {
    (isIn ? list : left).append(line.place);
    show(line, "");
    update();
    line.toggle.focus();
    question.hear(isIn ? fill(SAY.position, { n: kept().length, total: kept().length }) : SAY.left_out);
  }

  /** Which buttons a line has: none where it is settled, and "leave out" only where some line does not belong. */
  function update() {
    const all = kept();
    lines.forEach((line) => {
      const index = all.indexOf(line);
      line.up.hidden = line.down.hidden = line.locked || index < 0;
      line.up.disabled = index === 0;
      line.down.disabled = index === all.length - 1;
      line.toggle.hidden = line.locked || notes.length === 0;
      line.toggle.textContent = index < 0 ? SAY.take_in : SAY.leave_out;
    });
    leftOut.hidden = left.children.length === 0;
  }

  function reset(rank) {
    for (const line of lines) {
      line.locked = false;
      show(line, "");
    }
    list.append(...lines.map(({ place }) => place));
    arrange(list, rank);
    // What chance has put in order would be no task.
    if (gradeOrder(steps, read().filter((n) => n <= steps)) === 1) list.append(list.firstElementChild);
    update();
  }

  function read() {
    return kept().map(({ n }) => n);
  }

  function put(given) {
    left.append(...lines.map(({ place }) => place));
    list.append(...given.map((n) => lines.find((line) => line.n === n).place));
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
        left.append(line.place);
        show(line, "wrong");
      } else if (n <= steps) {
        const wrong = isIn ? SAY.out_of_place : SAY.missing;
        show(line, run.includes(n) ? "right" : "wrong", run.includes(n) ? undefined : wrong);
      }
    }
    update();
    return told(lines.filter(({ place }) => place.matches(".bw-wrong")));
  }

  function reveal() {
    const inOrder = [...lines].sort((a, b) => a.n - b.n);
    for (const line of inOrder) {
      line.locked = true;
      (line.n > steps ? left : list).append(line.place);
      if (!line.place.matches(".bw-right")) show(line, line.n > steps ? "other" : "");
    }
    update();
    return inOrder.filter(({ n }) => n <= steps).map(({ name }) => name);
  }

  return { nodes: [list, leftOut], reset, read, put, grade, mark, reveal };
}
