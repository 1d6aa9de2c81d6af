// A native select for each item: match (each has a partner of its own) and categorize (items share a few bins).

/** The share of items that got their partner. Both arguments map an item to a partner; an item may be left open. */
function gradePairs(right, given) {
  const items = Object.keys(right);
  return items.filter((n) => given[n] === right[n]).length / items.length;
}

function pairs(question) {
  const list = question.querySelector(".bw-items");
  const partners = question.querySelector(".bw-partners, .bw-bins");
  const notes = takeOut(question, ".bw-why");

  const items = [...list.children].map((item, index) => {
    const text = element("span", {}, ...item.childNodes);
    const select = element("select");
    const note = feedback(notes[index], `${question.name}-${index}`);
    const part = { item, text, select, note, n: item.dataset.n, right: Number(notes[index].dataset.right) };
    select.addEventListener("change", () => show(part, ""));
    nameByFormula(select, text);
    item.append(element("label", {}, text, select), note);
    return part;
  });
  const right = Object.fromEntries(items.map(({ n, right }) => [n, right]));
  const filled = () => items.filter(({ select }) => select.value);

  function show({ item, select, note }, state) {
    item.className = state && `bw-${state}`;
    note.show(state);
    describe(select, note);
  }

  /** Items of `match` keep their order and their partners change places; bins stay, and what goes into them changes. */
  function reset(rank) {
    arrange(partners.matches(".bw-bins") ? list : partners, rank);
    for (const part of items) {
      const options = [...partners.children].map(
        ({ textContent, dataset }, index) => new Option(`${String.fromCharCode(97 + index)}. ${textContent}`, dataset.n),
      );
      part.select.replaceChildren(new Option(SAY.choose, ""), ...options);
      part.select.disabled = false;
      show(part, "");
    }
  }

  function read() {
    const given = filled().map(({ n, select }) => [n, Number(select.value)]);
    return given.length > 0 ? Object.fromEntries(given) : SAY.pick_first;
  }

  function put(given) {
    for (const { n, select } of items) select.value = given[n] ?? "";
  }

  function grade(given) {
    const wrong = items.filter(({ n }) => n in given && given[n] !== right[n]);
    return { score: gradePairs(right, given), ideas: wrong.flatMap(({ note }) => note.idea ?? []) };
  }

  function mark(given) {
    for (const part of filled()) {
      const ok = given[part.n] === part.right;
      show(part, ok ? "right" : "wrong");
      part.select.disabled = ok;
    }
    return filled().flatMap(({ text, note }) => [text, note]);
  }

  function reveal() {
    for (const part of items) {
      if (!part.item.matches(".bw-right")) show(part, "other");
      Object.assign(part.select, { value: part.right, disabled: true });
    }
    return items.flatMap(({ text, note }) => [text, note]);
  }

  return { nodes: [list, partners], reset, read, put, grade, mark, reveal };
}
