// A strip of tokens to mark: tokens. It is graded as picks are, by gradePicks in choices.js.

/** The spans [first, last] of positions that an entry of the answer is about. */
function spansOf(entry) {
  return JSON.parse(entry.dataset.at);
}

function isIn(spans) {
  return (n) => spans.some(([first, last]) => n >= first && n <= last);
}

function tokens(question) {
  const list = question.querySelector(".bw-tokens");
  const answer = question.querySelector(".bw-marked");
  answer.remove();
  const notes = takeOut(question, ".bw-why").map((entry) => Object.assign(feedback(entry, ""), { spans: spansOf(entry) }));
  const strip = [...list.children].map((item, index) => {
    const button = element("button", { type: "button" }, ...item.childNodes);
    item.replaceChildren(button);
    return { button, n: index + 1 };
  });
  const right = strip.map(({ n }) => n).filter(isIn(spansOf(answer)));
  let here = 0; // the token that Tab reaches; arrow keys go on from there

  const isMarked = ({ button }) => button.ariaPressed === "true";
  const isLocked = ({ button }) => button.ariaDisabled === "true";

  function goTo(index, focused = true) {
    strip.forEach(({ button }, other) => (button.tabIndex = other === index ? 0 : -1));
    here = index;
    if (focused) strip[index].button.focus();
  }

  /** Mark or unmark all tokens between two, in either direction, but for those that are settled. */
  function spread(one, other, marked) {
    for (const token of strip.slice(Math.min(one, other), Math.max(one, other) + 1))
      if (!isLocked(token)) token.button.ariaPressed = marked;
  }

  /** With Shift, the token where one stands says what becomes of those up to the new place. */
  list.addEventListener("click", ({ target, shiftKey }) => {
    const index = strip.findIndex(({ button }) => button.contains(target));
    if (index < 0) return;
    if (shiftKey) spread(here, index, isMarked(strip[here]));
    else spread(index, index, !isMarked(strip[index]));
    goTo(index);
  });
  list.addEventListener("keydown", (event) => {
    const towards = getComputedStyle(list).direction === "rtl" ? -1 : 1;
    const last = strip.length - 1;
    const places = { ArrowRight: here + towards, ArrowLeft: here - towards, Home: 0, End: last };
    const place = Math.min(last, Math.max(0, places[event.key]));
    if (Number.isNaN(place)) return;
    event.preventDefault();
    if (event.shiftKey) spread(here, place, isMarked(strip[here]));
    goTo(place);
  });

  function settle({ button }, state) {
    button.className = `bw-${state}`;
    button.ariaDisabled = Boolean(state);
    const verdict = { right: SAY.right, wrong: SAY.wrong }[state];
    button.ariaLabel = verdict ? `${button.textContent} ${verdict}` : null;
  }

  /** The feedback on stretches in which some token is not as it should be. */
  function notesOn(given) {
    const wrong = strip.map(({ n }) => n).filter((n) => given.includes(n) !== right.includes(n));
    return notes.filter(({ spans }) => wrong.some(isIn(spans)));
  }

  function show(some) {
    for (const note of notes) note.show(some.includes(note) ? "other" : "");
    return some;
  }

  function reset() {
    for (const token of strip) {
      settle(token, "");
      token.button.ariaPressed = false;
    }
    show([]);
    goTo(0, false);
  }

  function read() {
    const given = strip.filter(isMarked).map(({ n }) => n);
    return given.length > 0 ? given : SAY.pick_first;
  }

  function put(given) {
    for (const { button, n } of strip) button.ariaPressed = given.includes(n);
  }

  function grade(given) {
    return { score: gradePicks(right, given), ideas: notesOn(given).flatMap(({ idea }) => idea ?? []) };
  }

  function mark(given) {
    for (const token of strip.filter(({ n }) => given.includes(n))) {
      const ok = right.includes(token.n);
      settle(token, ok ? "right" : "wrong");
      token.button.ariaPressed = ok;
    }
    return show(gradePicks(right, given) === 1 ? notes : notesOn(given));
  }

  function reveal() {
    for (const token of strip) {
      const ok = right.includes(token.n);
      if (!isLocked(token)) settle(token, ok ? "right" : "other");
      token.button.ariaPressed = ok;
    }
    const words = strip.filter(isMarked).map(({ button }) => button.textContent);
    return [new Text(words.join(" ")), ...show(notes)];
  }

  const keys = element("p", { className: "bw-task", textContent: SAY.token_keys });
  return { nodes: [keys, list, ...notes], reset, read, put, grade, mark, reveal };
}
