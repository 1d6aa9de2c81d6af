// A question in the page.
//
// The markup (bank/render.py) can be read as it is; <book-question> upgrades it in place: options become inputs,
// hints come one at a time, answers are graded and explained. It knows nothing of storage: whoever wants to keep
// answers listens to the events.
//
//   book-answer  {id, print, response, score, attempt, hints, shown, ideas}   after each check, and when the answer is shown
//   book-hint    {id, print, attempt, hints}                                  after each hint
//
// `response` holds the positions, from 1, that the chosen options have in the bank; `score` runs from 0 to 1.
// Parts are shuffled by the text in <html data-learner>, which whoever keeps answers may set before this script runs.
// SAY, the strings of the book's language, is put in front of this file by bookwidgets.static.
//
// The element does what all questions share: hints, attempts, result, answer, events. What a type of question brings is
// a function of the element in `types`. It turns the type's own markup into inputs and returns
//
//   nodes         what the learner works on
//   focus()       go to the first of these that can still be used
//   reset(rank)   begin anew; rank(n) puts part n into the order of this round, or is null where parts stay
//   check()       null where nothing is answered yet; else mark the answer: {response, score, ideas, heard}
//   reveal()      show what is right, take no more answers: the nodes to be heard
//
// `heard` are the nodes of the feedback for whoever listens instead of looking.

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** "Hint {n}" with {n: 1} is "Hint 1". */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** A number from 0 to 1 for a text, the same in every browser (FNV-1a with a final mix). */
function hashed(text) {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 4294967296;
}

/** Partial credit: each right choice earns 1/n of the n right ones, each wrong choice costs as much, never below 0. */
function gradeChoices(options) {
  const right = options.filter(({ ok }) => ok).length;
  const hits = options.filter(({ ok, input }) => ok && input.checked).length;
  const misses = options.filter(({ ok, input }) => !ok && input.checked).length;
  return Math.max(0, (hits - misses) / right);
}

/** Pick one option, or all that hold. */
function choices(question) {
  const list = question.querySelector(".bw-options");
  const why = question.querySelector(".bw-why");
  const type = question.dataset.type === "multi" ? "checkbox" : "radio";
  const notes = [...why.children];
  why.remove();

  // The markup keeps an option and its feedback apart, so that it does not give the answer away.
  const options = [...list.children].map((item, index) => {
    const { ok, idea } = notes[index].dataset;
    const input = element("input", { type, name: question.name });
    const text = element("span", {}, ...item.childNodes);
    const note = element("div", { className: "bw-note", id: `${question.name}-${index}` }, ...notes[index].childNodes);
    item.append(element("label", {}, input, text), note);
    return { item, input, text, note, ok: ok !== undefined, idea, position: Number(item.dataset.n) };
  });

  /** Show or hide what belongs to an option: its feedback, and a mark that does not rest on colour. */
  function mark({ item, input, note }, state) {
    item.className = state && `bw-${state}`;
    note.hidden = !state;
    // A description is read even where it is hidden, and would give the answer away.
    if (state) input.setAttribute("aria-describedby", note.id);
    else input.removeAttribute("aria-describedby");
  }

  /** The feedback of one choice without its verdict, which the result gives; of several, each after its option. */
  function heard(some) {
    if (some.length > 1) return some.flatMap(({ text, note }) => [text, note]);
    const note = some[0].note.cloneNode(true);
    note.firstElementChild.remove();
    return [note];
  }

  function focus() {
    list.querySelector("input:enabled").focus();
  }

  function reset(rank) {
    for (const option of options) {
      Object.assign(option.input, { checked: false, disabled: false });
      mark(option, "");
    }
    if (!rank) return;
    const ranked = [...options].sort((a, b) => rank(a.position) - rank(b.position));
    list.append(...ranked.map(({ item }) => item));
  }

  function check() {
    const chosen = options.filter(({ input }) => input.checked);
    if (chosen.length === 0) return null;
    const score = gradeChoices(options);
    const place = list.getRootNode().activeElement;
    for (const option of chosen) {
      mark(option, option.ok ? "right" : "wrong");
      // What was right stays chosen; what was wrong cannot be chosen again.
      if (!option.ok) Object.assign(option.input, { checked: false, disabled: true });
    }
    if (place?.disabled && list.contains(place)) focus(); // Enter on an option checks too
    const response = chosen.map(({ position }) => position).sort((a, b) => a - b);
    return { response, score, ideas: chosen.flatMap(({ idea }) => idea ?? []), heard: heard(chosen) };
  }

  function reveal() {
    for (const option of options) {
      Object.assign(option.input, { checked: option.ok, disabled: true });
      if (option.note.hidden) mark(option, option.ok ? "right" : "other");
    }
    return options.filter(({ ok }) => ok).flatMap(({ text, note }) => [text, note]);
  }

  return { nodes: [list], focus, reset, check, reveal };
}

const types = { choice: choices, multi: choices };

let made = 0; // how many questions this page has upgraded: names for ids, unique where one question stands twice

class BookQuestion extends HTMLElement {
  connectedCallback() {
    if (this.form) return; // moved within the page, or come back with it: already upgraded
    this.name = `bw-${++made}`;
    this.round = 0;
    this.answer = this.querySelector(".bw-answer");
    this.hints = [...this.querySelectorAll(".bw-hint")];
    this.work = types[this.dataset.type](this);
    this.build();
    this.reset();
  }

  build() {
    const button = (text, action) => {
      const control = element("button", { type: "button", textContent: text });
      control.addEventListener("click", action);
      return control;
    };
    this.checkButton = element("button", { type: "submit", textContent: SAY.check, className: "bw-main" });
    this.hintButton = button("", () => this.showHint());
    this.showButton = button(SAY.show_answer, () => this.showAnswer());
    this.overButton = button(SAY.start_over, () => this.startOver());
    const buttons = [this.checkButton, this.hintButton, this.showButton, this.overButton];
    const hints = element("div", {}, ...this.hints);
    hints.setAttribute("aria-live", "polite");
    this.result = element("p", { className: "bw-result" });
    this.result.setAttribute("role", "status");
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
    const prompt = this.querySelector(".bw-prompt");
    const task = this.querySelector(".bw-task");
    prompt.id = `${this.name}-prompt`;
    task.id = `${this.name}-task`;
    const group = element("fieldset", {}, prompt, task, ...this.work.nodes);
    group.setAttribute("aria-labelledby", prompt.id);
    group.setAttribute("aria-describedby", task.id);
    return group;
  }

  /** Begin anew: nothing chosen, nothing shown, parts in the order of this round. */
  reset() {
    this.attempt = 0;
    this.hintsUsed = 0;
    this.best = 0;
    for (const hint of this.hints) hint.hidden = true;
    const { learner = "" } = document.documentElement.dataset;
    const shuffles = this.dataset.fixed === undefined && (learner || this.round > 0);
    const rank = (n) => hashed(`${learner}/${this.dataset.id}/${this.round}/${n}`);
    this.work.reset(shuffles ? rank : null);
    this.setDone(false);
    this.say("");
  }

  startOver() {
    this.round += 1;
    this.reset();
    this.work.focus();
  }

  check() {
    const { heard, ...graded } = this.work.check() ?? {};
    if (!heard) return this.say(SAY.pick_first);
    this.attempt += 1;
    this.best = Math.max(this.best, graded.score);
    if (graded.score === 1) this.work.reveal();
    this.setDone(graded.score === 1);
    this.say(resultOf(graded.score), heard);
    return this.report("book-answer", { ...graded, shown: false });
  }

  showAnswer() {
    const heard = this.work.reveal();
    this.setDone(true);
    this.say(SAY.result_shown, heard);
    this.report("book-answer", { response: [], score: this.best, ideas: [], shown: true });
  }

  showHint() {
    const hint = this.hints[this.hintsUsed];
    this.hintsUsed += 1;
    Object.assign(hint, { hidden: false, open: true });
    this.showControls(false);
    if (this.hintButton.hidden) this.checkButton.focus(); // a focused button that goes away would lose the place
    this.report("book-hint");
  }

  /** With the question done, the reader goes on at the explanation; else it stays closed. */
  setDone(done) {
    this.showControls(done);
    Object.assign(this.answer, { hidden: !done, open: done });
    if (done) this.answer.querySelector("summary").focus();
  }

  showControls(done) {
    const left = this.hints.length - this.hintsUsed;
    this.checkButton.hidden = done;
    this.overButton.hidden = !done;
    this.showButton.hidden = done || this.attempt === 0;
    this.hintButton.hidden = done || left === 0;
    this.hintButton.textContent = fill(SAY.next_hint, { n: this.hintsUsed + 1, total: this.hints.length });
  }

  /** Say a result in sight, and the feedback, which stands in sight at its option, to whoever listens. */
  say(text, heard = []) {
    this.result.replaceChildren(text);
    if (heard.length === 0) return;
    const copy = element("span", { className: "bw-heard" }, " ");
    for (const node of heard) copy.append(node.cloneNode(true), " ");
    for (const link of copy.querySelectorAll("a")) link.replaceWith(...link.childNodes); // out of sight, nothing to tab to
    for (const named of copy.querySelectorAll("[id]")) named.removeAttribute("id");
    this.result.append(copy);
  }

  report(name, detail = {}) {
    const { id, print } = this.dataset;
    const common = { id, print, attempt: this.attempt, hints: this.hintsUsed };
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { ...common, ...detail } }));
  }
}

function resultOf(score) {
  if (score === 1) return SAY.result_right;
  return score > 0 ? fill(SAY.result_part, { points: Math.round(100 * score) }) : SAY.result_wrong;
}

function define() {
  // A notebook may load this script several times, and a name can be defined only once.
  if (!customElements.get("book-question")) customElements.define("book-question", BookQuestion);
}

// A question can be upgraded when all of it has been read, and need not wait for the scripts that others put into a page.
if (document.readyState === "loading") document.addEventListener("readystatechange", define, { once: true });
else define();
