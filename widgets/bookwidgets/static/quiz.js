// A question in the page.
//
// The markup (bank/render.py) can be read as it is; <book-question> upgrades it in place: options become inputs,
// hints come one at a time, answers are graded and explained. It knows nothing of storage: whoever wants to keep
// answers listens to the events, which bubble.
//
//   book-ready   {id, print}                 once, when the question can be used
//   book-answer  {id, print, type, response, score, attempt, hints, shown, ideas}
//                                            after each check, and, with the last response, when the answer is shown
//   book-hint    {id, print, attempt, hints} after each hint
//
// `restore(detail)` puts the detail of a book-answer back without an event. `score` runs from 0 to 1, `ideas` are the
// misconceptions met, and `response` is what was answered, by positions in the bank's file, which count from 1:
//
//   choice, multi, spot, tokens [n, ..]      match, categorize {item: partner}     order [n, ..] from top to bottom
//   numeric {value, text}    text {text}     cloze [text, ..]                      free {text, points: [p, ..]}
//   flashcard {grade: "again" | "hard" | "good" | "easy"}
//
// Parts are shuffled by the text in <html data-learner>, which whoever keeps answers may set before this script runs.
// SAY, the strings of the book's language, parts/dom.js, parts/hash.js and the files of quiz/ are put in front of this
// file by bookwidgets.static.
//
// The element does what all questions share: hints, attempts, result, answer, events. What a type of question brings is
// a function of the element in `types`. It turns the type's own markup into inputs and returns
//
//   nodes            what the learner works on
//   reset(rank)      begin anew; rank(n) puts part n into the order of this round, or is null where parts stay
//   read()           the response, or the sentence to say where there is none yet
//   put(response)    show a response as if the learner had just given it
//   grade(response)  {score, ideas}, and `said` where the result has words of its own
//   mark(response)   explain it, keep what is right, let the rest be changed: the nodes to be heard
//   reveal()         show what is right, take no more answers: the nodes to be heard
//
// and, where learners grade themselves, turn() to show what they compare with before the answer is read (the nodes to be
// heard, or a sentence instead), and labels for the button before and after. Nodes to be heard are the feedback for
// whoever listens instead of looking.

/** The entries of a list in the answer, which leaves the page; none where there is no such list. */
function takeOut(question, selector) {
  const list = question.querySelector(selector);
  list?.remove();
  return [...(list?.children ?? [])];
}

/** Put the entries of a list into the order of this round. */
function arrange(list, rank) {
  if (rank) list.append(...[...list.children].sort((a, b) => rank(a.dataset.n) - rank(b.dataset.n)));
}

function button(textContent, action, properties) {
  const control = element("button", { type: "button", textContent, ...properties });
  control.addEventListener("click", action);
  return control;
}

/** A description is read even where it is hidden, and would give the answer away. */
function describe(control, note) {
  if (note.hidden) control.removeAttribute("aria-describedby");
  else control.setAttribute("aria-describedby", note.id);
}

/** Show or hide the note of a part, and on its place a mark that does not rest on colour. */
function show({ place, kind = "", field, note }, state, words) {
  place.className = `${kind} bw-${state}`;
  note.show(state, words);
  if (field) describe(field, note);
}

/** A formula as text: x^2, 1/4. */
function spoken(node) {
  const sign = { msup: "^", msub: "_", mfrac: "/" }[node.localName] ?? " ";
  return node.childElementCount > 0 ? [...node.children].map(spoken).join(sign) : node.textContent;
}

/** A label that is a formula and nothing else names its control for some readers only: say it as text too. */
function nameByFormula(control, text) {
  const formula = text.querySelector("math");
  if (formula && text.textContent.trim() === formula.textContent) control.ariaLabel = spoken(formula);
}

/**
 * A note from an entry of the answer: "<b>answer</b> why it is right <span class=bw-if-wrong>why something else is not</span>",
 * or, about what is wrong, "<b>answer</b> why it is wrong".
 * Its `forms` are what is accepted as this answer: where there is but one form, it stands in sight.
 * show("right") and show("wrong") put a verdict in front; show("other") gives the answer; show("") hides the note.
 */
function feedback(entry, id, isAboutWrong = false) {
  const idea = entry.querySelector("[data-idea]")?.dataset.idea;
  const answer = entry.querySelector(":scope > b") ?? element("b");
  const ifWrong = entry.querySelector(":scope > .bw-if-wrong") ?? element("span");
  const verdict = element("b");
  const why = element("span", {}, ...[...entry.childNodes].filter((node) => node !== answer && node !== ifWrong));
  const forms = entry.dataset.forms ? JSON.parse(entry.dataset.forms) : [answer.textContent];
  const note = element("div", { id, idea, forms }, verdict, " ", answer, " ", why, " ", ifWrong);
  note.show = (state, words) => {
    note.className = `bw-note bw-${state}`;
    note.hidden = !state;
    verdict.textContent = words ?? `${state === "right" ? SAY.right : SAY.wrong}.`;
    verdict.hidden = state === "other";
    answer.hidden = state !== "other";
    why.hidden = state === "wrong" && !isAboutWrong;
    ifWrong.hidden = state !== "wrong";
  };
  return note;
}

function withoutVerdict(note) {
  const copy = note.cloneNode(true);
  copy.firstElementChild.remove();
  return copy;
}

/** What is told about parts: each, then the note on it. */
function told(parts) {
  return parts.flatMap(({ name, note }) => [name, note]);
}

const types = {
  choice: choices,
  multi: choices,
  spot: choices,
  match: pairs,
  categorize: pairs,
  order,
  numeric: blank,
  text: blank,
  cloze,
  tokens,
  free,
  flashcard,
};

/** What is wider than its place can be reached by keyboard, to be scrolled. */
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) Object.assign(target, { tabIndex: 0, role: "group", ariaLabel: SAY.wide });
    else for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
  }
});

let made = 0; // how many questions this page has upgraded: names for ids, unique where one question stands twice

class BookQuestion extends HTMLElement {
  connectedCallback() {
    if (document.readyState !== "loading") this.begin();
  }

  begin() {
    if (this.form) return; // moved within the page, or come back with it: already upgraded
    this.name = `bw-${++made}`;
    this.round = 0;
    this.answer = this.querySelector(".bw-answer");
    this.hints = [...this.querySelectorAll(".bw-hint")];
    this.work = types[this.dataset.type](this);
    this.build();
    for (const part of this.querySelectorAll(".bw-wide, .bw-long, pre")) widths.observe(part);
    this.reset();
    this.report("book-ready");
  }

  build() {
    this.checkButton = element("button", { type: "submit", className: "bw-main" });
    this.hintButton = button("", () => this.showHint());
    this.showButton = button(SAY.show_answer, () => this.showAnswer());
    this.overButton = button(SAY.start_over, () => this.startOver());
    const buttons = [this.checkButton, this.hintButton, this.showButton, this.overButton];
    const hints = element("div", { ariaLive: "polite" }, ...this.hints);
    this.result = element("p", { className: "bw-result", role: "status" });
    const controls = element("div", { className: "bw-controls" }, ...buttons);
    this.form = element("form", { noValidate: true, autocomplete: "off" }, this.group(), hints, controls, this.result);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.check();
    });
    this.prepend(this.form);
  }

  /** What the learner works on, named by the prompt and described by the task. */
  group() {
    const texts = this.querySelectorAll(".bw-scenario, .bw-prompt, .bw-task");
    const group = element("fieldset", {}, ...texts, ...this.work.nodes);
    for (const [part, attribute] of [["prompt", "aria-labelledby"], ["task", "aria-describedby"]]) {
      const text = group.querySelector(`.bw-${part}`);
      if (!text) continue;
      text.id = `${this.name}-${part}`;
      group.setAttribute(attribute, text.id);
    }
    return group;
  }

  /** Begin anew: nothing answered, nothing shown, parts in the order of this round. */
  reset() {
    this.attempt = 0;
    this.hintsUsed = 0;
    this.best = 0;
    this.response = null;
    this.turned = false;
    for (const hint of this.hints) hint.hidden = true;
    const { learner = "" } = document.documentElement.dataset;
    const shuffles = this.dataset.fixed === undefined && (learner || this.round > 0);
    const rank = (n) => hashed(`${n}/${this.round}/${learner}/${this.dataset.id}`);
    this.work.reset(shuffles ? rank : null);
    this.setDone(false);
    this.say("");
  }

  startOver() {
    this.round += 1;
    this.reset();
    this.toWork();
  }

  check() {
    if (this.work.turn && !this.turned) return this.turn();
    const response = this.work.read();
    if (typeof response === "string") return this.say(response);
    this.attempt += 1;
    const place = this.getRootNode().activeElement;
    const { score, ideas, said, heard } = this.take(response);
    if (this.done) this.toExplanation();
    else if (place?.disabled && this.form.contains(place)) this.toWork(); // Enter in a field checks too
    this.say(said, heard);
    return this.report("book-answer", { ...this.given(), score, ideas, shown: false });
  }

  /** Take a response and explain it. The question is done when it is right, or when the learner has graded it. */
  take(response) {
    const { score, ideas, said } = this.work.grade(response);
    this.response = response;
    this.best = Math.max(this.best, score);
    const heard = this.work.mark(response);
    if (score === 1 || this.work.turn) this.finish();
    else this.showControls();
    return { score, ideas, heard, said: said ?? resultOf(score, heard.length > 0) };
  }

  /** Show what is right, and the explanation: the nodes to be heard. */
  finish() {
    this.setDone(true);
    return this.work.reveal();
  }

  /** Look at the other side, before learners grade themselves. */
  turn() {
    const heard = this.work.turn();
    if (typeof heard === "string") return this.say(heard);
    this.turned = true;
    this.showControls();
    return this.say("", heard);
  }

  showAnswer() {
    const heard = this.finish();
    this.toExplanation();
    this.say(SAY.result_shown, heard);
    this.report("book-answer", { ...this.given(), score: this.best, ideas: [], shown: true });
  }

  showHint() {
    this.hintsUsed += 1;
    this.openHints();
    this.showControls();
    if (this.hintButton.hidden) this.checkButton.focus(); // a focused button that goes away would lose the place
    this.report("book-hint", this.counts());
  }

  openHints() {
    for (const hint of this.hints.slice(0, this.hintsUsed)) Object.assign(hint, { hidden: false, open: true });
  }

  /** Put a stored answer back, as a book-answer told it: without an event, and without a word to who listens. */
  restore({ print, response, score, attempt, hints, shown }) {
    if (print !== this.dataset.print) return; // given to another wording
    this.reset();
    this.attempt = attempt;
    this.hintsUsed = hints;
    this.openHints();
    this.work.put(response);
    const { said } = this.take(response);
    this.best = score;
    if (shown) this.finish();
    this.result.ariaLive = "off";
    this.result.textContent = shown ? SAY.result_shown : said;
  }

  setDone(done) {
    this.done = done;
    Object.assign(this.answer, { hidden: !done, open: done });
    this.showControls();
  }

  /** Go to the first thing that can still be used. */
  toWork() {
    const controls = [...this.form.querySelectorAll("input, select, textarea, button")];
    controls.find(({ disabled, offsetParent, tabIndex }) => !disabled && offsetParent && tabIndex === 0).focus();
  }

  /** With the question done, the reader goes on at the explanation. */
  toExplanation() {
    this.answer.querySelector("summary").focus();
  }

  showControls() {
    const left = this.hints.length - this.hintsUsed;
    const { labels = [SAY.check, ""] } = this.work;
    this.checkButton.textContent = labels[Number(this.turned)];
    this.checkButton.hidden = this.done || !this.checkButton.textContent;
    this.overButton.hidden = !this.done;
    this.showButton.hidden = this.done || this.attempt === 0;
    this.hintButton.hidden = this.done || this.turned || left === 0;
    this.hintButton.textContent = fill(SAY.next_hint, { n: this.hintsUsed + 1, total: this.hints.length });
  }

  /** Say a result in sight, and the feedback, which stands in sight at its place, to whoever listens. */
  say(text, heard = []) {
    this.result.ariaLive = "polite";
    this.result.replaceChildren(text);
    if (heard.length === 0) return;
    const copy = element("span", { className: "bw-heard" }, " ");
    for (const node of heard) copy.append(node.cloneNode(true), " ");
    for (const hidden of copy.querySelectorAll("[hidden]")) hidden.remove();
    for (const link of copy.querySelectorAll("a")) link.replaceWith(...link.childNodes); // out of sight, nothing to tab to
    for (const name of ["id", "tabindex"]) for (const part of copy.querySelectorAll(`[${name}]`)) part.removeAttribute(name);
    this.result.append(copy);
  }

  /** Say what only those need who do not see it happen. */
  hear(text) {
    this.say("", [new Text(text)]);
  }

  counts() {
    return { attempt: this.attempt, hints: this.hintsUsed };
  }

  given() {
    return { type: this.dataset.type, response: this.response, ...this.counts() };
  }

  report(name, detail = {}) {
    const { id, print } = this.dataset;
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { id, print, ...detail } }));
  }
}

function resultOf(score, isExplained) {
  if (score === 1) return SAY.result_right;
  if (score > 0) return fill(SAY.result_part, { points: Math.round(100 * score) });
  return isExplained ? SAY.result_wrong : SAY.result_again;
}

/** Whether the parser has left a node of a page that is on its way: something follows it. */
function isComplete(node) {
  return Boolean(node.nextSibling) || (node.parentNode !== null && isComplete(node.parentNode));
}

/**
 * While the page is on its way, begin with what has been read before it is painted. What is left begins when the page
 * has been read, before the scripts that others put into it.
 */
function beginWhatIsHere() {
  const isLoading = document.readyState === "loading";
  for (const question of document.querySelectorAll("book-question")) {
    if (!isLoading || isComplete(question)) question.begin();
  }
  if (isLoading) requestAnimationFrame(beginWhatIsHere);
}

// A notebook may load this script several times, and a name can be defined only once.
if (!customElements.get("book-question")) customElements.define("book-question", BookQuestion);
if (document.readyState === "loading") {
  document.addEventListener("readystatechange", beginWhatIsHere, { once: true });
  requestAnimationFrame(beginWhatIsHere);
}
