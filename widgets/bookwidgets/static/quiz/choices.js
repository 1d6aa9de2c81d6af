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
  const options = [...list.children].map((place, index) => {
    const ok = notes[index].dataset.ok !== undefined;
    const field = element("input", { type, name: question.name });
    const name = element("span", {}, ...place.childNodes);
    const note = feedback(notes[index], `${question.name}-${index}`, !ok);
    nameByFormula(field, name);
    place.append(element("label", {}, field, name), note);
    return { place, field, name, note, ok, n: Number(place.dataset.n) };
  });
  const right = options.filter(({ ok }) => ok).map(({ n }) => n);
  const among = (picked) => options.filter(({ n }) => picked.includes(n));

  /** With the verdict that the markup has: "This is the one." */
  function explain(option) {
    show(option, option.ok ? "right" : "wrong", option.note.forms[0]);
  }

  function reset(rank) {
    for (const option of options) {
      Object.assign(option.field, { checked: false, disabled: false });
      show(option, "");
    }
    arrange(list, rank);
  }

  function read() {
    const picked = options.filter(({ field }) => field.checked).map(({ n }) => n);
    return picked.length > 0 ? picked.sort((a, b) => a - b) : SAY.pick_first;
  }

  function put(picked) {
    for (const { field, n } of options) field.checked = picked.includes(n);
  }

  function grade(picked) {
    const ideas = among(picked).flatMap(({ note }) => note.idea ?? []);
    return { score: gradePicks(right, picked), ideas };
  }

  function mark(picked) {
    for (const option of among(picked)) {
      explain(option);
      // What was right stays chosen; what was wrong cannot be chosen again.
      if (!option.ok) Object.assign(option.field, { checked: false, disabled: true });
    }
    // The result says whether one choice was right; of several, each is told after its option.
    return picked.length > 1 ? told(among(picked)) : [withoutVerdict(among(picked)[0].note)];
  }

  function reveal() {
    for (const option of options) {
      Object.assign(option.field, { checked: option.ok, disabled: true });
      if (!option.note.hidden) continue;
      if (option.ok) explain(option);
      else show(option, "other");
    }
    return told(among(right));
  }

  return { nodes: [list], reset, read, put, grade, mark, reveal };
}
