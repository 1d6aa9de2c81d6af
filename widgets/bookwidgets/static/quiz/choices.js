// Options to pick from: choice (one), multi (all that hold) and spot (the one line that is wrong).

/** Each right pick earns 1/n of the n right ones, each wrong pick costs as much, never below 0. */
function gradePicks(right, picked) {
  const hits = picked.filter((n) => right.includes(n)).length;
  return Math.max(0, (hits - (picked.length - hits)) / right.length);
}

function choices(question) {
  const list = question.querySelector(".bw-options");
  const notes = takeOut(question, ".bw-why");
  const type = question.dataset.type === "multi" ? "checkbox" : "radio";

  // The markup keeps an option and its feedback apart, so that it does not give the answer away.
  const options = [...list.children].map((item, index) => {
    const input = element("input", { type, name: question.name });
    const text = element("span", {}, ...item.childNodes);
    const ok = notes[index].dataset.ok !== undefined;
    const idea = ideaIn(notes[index]);
    const note = element("div", { className: "bw-note", id: `${question.name}-${index}` }, ...notes[index].childNodes);
    nameByFormula(input, text);
    item.append(element("label", {}, input, text), note);
    return { item, input, text, note, ok, idea, n: Number(item.dataset.n) };
  });
  const right = options.filter(({ ok }) => ok).map(({ n }) => n);
  const among = (picked) => options.filter(({ n }) => picked.includes(n));

  /** Show or hide what belongs to an option: its feedback, and a mark that does not rest on colour. */
  function show({ item, input, note }, state) {
    item.className = state && `bw-${state}`;
    note.hidden = !state;
    describe(input, note);
  }

  /** The feedback of one choice without its verdict, which the result gives; of several, each after its option. */
  function heard(some) {
    if (some.length > 1) return some.flatMap(({ text, note }) => [text, note]);
    const note = some[0].note.cloneNode(true);
    note.firstElementChild.remove();
    return [note];
  }

  function reset(rank) {
    for (const option of options) {
      Object.assign(option.input, { checked: false, disabled: false });
      show(option, "");
    }
    arrange(list, rank);
  }

  function read() {
    const picked = options.filter(({ input }) => input.checked).map(({ n }) => n);
    return picked.length > 0 ? picked.sort((a, b) => a - b) : SAY.pick_first;
  }

  function put(picked) {
    for (const { input, n } of options) input.checked = picked.includes(n);
  }

  function grade(picked) {
    return { score: gradePicks(right, picked), ideas: among(picked).flatMap(({ idea }) => idea ?? []) };
  }

  function mark(picked) {
    for (const option of among(picked)) {
      show(option, option.ok ? "right" : "wrong");
      // What was right stays chosen; what was wrong cannot be chosen again.
      if (!option.ok) Object.assign(option.input, { checked: false, disabled: true });
    }
    return heard(among(picked));
  }

  function reveal() {
    for (const option of options) {
      Object.assign(option.input, { checked: option.ok, disabled: true });
      if (option.note.hidden) show(option, option.ok ? "right" : "other");
    }
    return among(right).flatMap(({ text, note }) => [text, note]);
  }

  return { nodes: [list], reset, read, put, grade, mark, reveal };
}
