// A question in the page.
//
// The markup (bank/render.py) can be read as it is; <book-question> upgrades it in place: options become inputs,
// hints come one at a time, answers are graded and explained. It knows nothing of storage: whoever wants to keep
// answers listens to the events.
//
//   book-answer  {id, print, response, score, attempt, hints, shown, ideas}   after each check, and when the answer is shown
//   book-hint    {id, print, hints}                                           after each hint
//
// `response` holds the positions, from 1, that the chosen options have in the bank; `score` runs from 0 to 1.
// SAY, the strings of the book's language, is put in front of this file by bookwidgets.static.

/** Partial credit: each right choice earns 1/n of the n right ones, each wrong choice costs as much, never below 0. */
function gradeChoices(options) {
  const right = options.filter((option) => option.ok).length;
  const hits = options.filter((option) => option.ok && option.input.checked).length;
  const misses = options.filter((option) => !option.ok && option.input.checked).length;
  return Math.max(0, (hits - misses) / right);
}

/** A number from 0 to 1 for a text, the same in every browser (FNV-1a with a final mix). */
function hashed(text) {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 4294967296;
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** "Hint {n}" with {n: 1} is "Hint 1". */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

let made = 0; // how many questions this page has upgraded: names for ids, unique where one question stands twice

class BookQuestion extends HTMLElement {
  /** A text that differs between learners: options are shuffled by it. Whoever keeps answers sets it, early. */
  static learner = "";

  connectedCallback() {
    if (this.form) return; // moved within the page, or come back with it: already upgraded
    this.number = ++made;
    this.round = 0;
    this.prompt = this.querySelector(".bw-prompt");
    this.prompt.id = `bw-${this.number}`;
    this.answer = this.querySelector(".bw-answer");
    this.hints = [...this.querySelectorAll(".bw-hint")];
    this.list = this.querySelector(".bw-options");
    this.readOptions();
    this.build();
    this.reset();
  }

  /** Join each option with its feedback, which the markup keeps apart so that it does not give the answer away. */
  readOptions() {
    const multi = this.dataset.type === "multi";
    const notes = [...this.querySelectorAll(".bw-why > li")];
    this.options = [...this.list.children].map((item, index) => {
      const note = element("div", { className: "bw-note", id: `bw-${this.number}-${index}` });
      note.append(...notes[index].childNodes);
      const input = element("input", { type: multi ? "checkbox" : "radio", name: `bw-${this.number}` });
      input.setAttribute("aria-describedby", note.id);
      const text = element("span");
      text.append(...item.childNodes);
      item.append(element("label", {}, input, text), note);
      const { ok, idea } = notes[index].dataset;
      return { item, input, note, ok: ok !== undefined, idea, position: Number(item.dataset.n) };
    });
    this.querySelector(".bw-why").remove();
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
    this.overButton = button(SAY.start_over, () => {
      this.round += 1;
      this.reset();
      this.options.find((option) => option.item === this.list.firstElementChild).input.focus();
    });
    this.result = element("p", { className: "bw-result", tabIndex: -1 });
    this.result.setAttribute("role", "status");
    const hints = element("div", { className: "bw-hints" }, ...this.hints);
    hints.setAttribute("aria-live", "polite");
    const controls = element("div", { className: "bw-controls" });
    controls.append(this.checkButton, this.hintButton, this.showButton, this.overButton);
    const group = element("fieldset", {}, this.prompt, this.querySelector(".bw-task"), this.list);
    group.setAttribute("aria-labelledby", this.prompt.id);
    this.form = element("form", { noValidate: true }, group, hints, controls, this.result);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.check();
    });
    this.prepend(this.form);
  }

  /** Begin anew: nothing chosen, nothing shown, options in the order of this round. */
  reset() {
    this.attempt = 0;
    this.hintsUsed = 0;
    this.best = 0;
    this.hints.forEach((hint) => (hint.hidden = true));
    for (const option of this.options) {
      Object.assign(option.input, { checked: false, disabled: false });
      this.mark(option, "");
    }
    if (this.dataset.fixed === undefined && (BookQuestion.learner || this.round)) {
      const rank = ({ position }) => hashed(`${BookQuestion.learner}/${this.dataset.id}/${this.round}/${position}`);
      this.list.append(...[...this.options].sort((a, b) => rank(a) - rank(b)).map((option) => option.item));
    }
    this.answer.hidden = true;
    this.answer.open = false;
    this.finish(false);
    this.say("");
  }

  finish(done) {
    this.checkButton.hidden = done;
    this.overButton.hidden = !done;
    this.showButton.hidden = done || this.attempt === 0;
    this.updateHintButton(done);
    if (!done) return;
    for (const { input } of this.options) input.disabled = true;
    Object.assign(this.answer, { hidden: false, open: true });
    this.result.focus();
  }

  updateHintButton(done) {
    this.hintButton.hidden = done || this.hintsUsed === this.hints.length;
    this.hintButton.textContent = fill(SAY.next_hint, { n: this.hintsUsed + 1, total: this.hints.length });
  }

  /** Show or hide what belongs to an option: its feedback, and a mark that does not rest on colour. */
  mark(option, state) {
    option.item.className = state && `bw-${state}`;
    option.note.hidden = !state;
  }

  /** Say a result: in sight, and with the feedback of the options to whoever listens instead of looking. */
  say(text, options = []) {
    this.result.textContent = text;
    this.result.hidden = !text;
    const heard = options.map(({ note }) => note.textContent).join(" ");
    if (heard) this.result.append(element("span", { className: "bw-heard", textContent: ` ${heard}` }));
  }

  check() {
    const chosen = this.options.filter(({ input }) => input.checked);
    if (chosen.length === 0) return this.say(SAY.pick_first);
    this.attempt += 1;
    const score = gradeChoices(this.options);
    this.best = Math.max(this.best, score);
    const response = chosen.map(({ position }) => position);
    const ideas = chosen.flatMap(({ idea }) => idea ?? []);
    for (const option of chosen) this.mark(option, option.ok ? "right" : "wrong");
    if (score === 1) {
      this.finish(true);
      this.say(SAY.result_right, chosen);
    } else {
      // What was right stays chosen; what was wrong cannot be chosen again.
      for (const { input, ok } of chosen) if (!ok) Object.assign(input, { checked: false, disabled: true });
      this.finish(false);
      const part = fill(SAY.result_part, { points: Math.round(100 * score) });
      this.say(score > 0 ? part : SAY.result_wrong, chosen);
    }
    return this.report("book-answer", { response, score, ideas, shown: false });
  }

  showHint() {
    const hint = this.hints[this.hintsUsed];
    this.hintsUsed += 1;
    Object.assign(hint, { hidden: false, open: true });
    this.updateHintButton(false);
    if (this.hintButton.hidden) this.checkButton.focus(); // a focused button that goes away would lose the place
    this.report("book-hint");
  }

  showAnswer() {
    for (const option of this.options) {
      option.input.checked = option.ok;
      this.mark(option, option.ok ? "right" : "wrong");
    }
    this.finish(true);
    this.say(SAY.result_shown, this.options.filter(({ ok }) => ok));
    this.report("book-answer", { response: [], score: this.best, ideas: [], shown: true });
  }

  report(name, detail = {}) {
    const { id, print } = this.dataset;
    const common = { id, print, attempt: this.attempt, hints: this.hintsUsed };
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { ...common, ...detail } }));
  }
}

// A notebook may load this script several times, and a name can be defined only once.
if (!customElements.get("book-question")) customElements.define("book-question", BookQuestion);
