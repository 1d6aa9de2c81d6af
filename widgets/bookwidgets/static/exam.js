// The practice exam.
//
// <book-exam> (pages/exam.py) says what it needs and what there is without it; upgraded, it is one of these:
//
//   set up      a form; settings may come with the address (exam/settings.js)
//   running     one question at a time (exam/sitting.js); nothing is checked and nothing is explained
//   paused      the questions are out of sight; so it is after coming back, where pauses are allowed
//   elsewhere   another tab has the exam, and this one can take it over
//   report      points, what to read again, how sure and how often right, every question with its feedback
//
// What is kept, by window.bookStore: kind "exam", key "current", while an exam runs, written at every change
//
//   {settings, code, questions: [{id, print, response, flagged, percent}], here, clock, hidesTime, isPaused, owner}
//
// and, once it was handed in, a run (exam/report.js) under a key of its own and its forecasts, {confidence, right}, as
// kind "forecast". `owner` is the tab that has the exam: it lets go when it is closed. Answers are told to whoever
// listens by the questions' own book-answer events, after handing in. Where nothing can be kept the exam works as well,
// and says what is lost with the page.
//
// SAY, the strings of the book's language, the shared parts and the files of exam/ are put in front of this file.

const RUNS = 20; // so many reports are kept

class BookExam extends HTMLElement {
  async connectedCallback() {
    if (this.owner) return;
    this.owner = Math.random().toString(36).slice(2, 10);
    this.listeners = [
      [window, "pagehide", () => this.attempt?.leave()],
      [window, "pageshow", ({ persisted }) => persisted && this.attempt && this.open()],
      [window, "hashchange", () => this.view === "set up" && this.setUp()],
      [document, "visibilitychange", () => document.hidden && this.attempt?.away()],
      [window.bookStore, "state", () => this.warn()],
      [window.bookStore, "change", ({ detail }) => this.changed(detail)],
    ];
    for (const [target, name, listener] of this.listeners) target.addEventListener(name, listener);
    this.warning = this.note(SAY.exam_not_kept);
    this.warning.setAttribute("role", "status");
    this.warn();
    await this.load();
  }

  disconnectedCallback() {
    this.attempt?.stop();
    for (const [target, name, listener] of this.listeners) target.removeEventListener(name, listener);
  }

  async load() {
    try {
      this.bank = await loadIndex();
    } catch {
      this.show(this.note(SAY.exam_not_loaded, button(SAY.exam_try_again, () => this.load())));
      return;
    }
    await customElements.whenDefined("book-question");
    this.questions = Object.fromEntries(this.bank.questions.map((question) => [question.id, question]));
    this.choices = choicesIn(this.bank);
    this.open();
  }

  /** Whether the markup of these questions has come; if not, the page says so, and offers to try again. */
  async arrived(questions, again) {
    const here = questions.filter(({ id, print }) => !this.fateOf(id, print));
    try {
      await Promise.all([...new Set(here.map(({ id }) => this.questions[id].chapter))].map(loadQuestions));
      return true;
    } catch {
      this.show(this.note(SAY.exam_not_loaded, button(SAY.exam_try_again, again)));
      return false;
    }
  }

  /** Show some nodes and nothing else. Who was at work here, or has an exam running, goes to the heading. */
  show(...nodes) {
    const isHere = this.attempt || this.contains(document.activeElement);
    this.replaceChildren(this.warning, ...nodes);
    if (isHere) this.querySelector("h2")?.focus();
  }

  note(text, ...more) {
    return element("p", { className: "exam-warning" }, text, " ", ...more);
  }

  /** Where nothing can be kept, say so before anything is lost. */
  warn() {
    this.warning.hidden = ["kept", "damaged"].includes(window.bookStore.state);
  }

  /** What became of a question since it was drawn: "dropped", "changed", or "" where it is as it was. */
  fateOf(id, print) {
    if (!this.questions[id]) return "dropped";
    return this.questions[id].print === print ? "" : "changed";
  }

  /** Begin where the learner is. */
  open() {
    const kept = window.bookStore.get("exam", "current");
    if (!kept) this.setUp();
    else if (kept.owner) this.elsewhere();
    else this.takeOver();
  }

  /** The store tells that this tab or another wrote. */
  changed({ kind, keys }) {
    if (kind !== "exam" || !keys.includes("current") || this.isWriting) return;
    const kept = window.bookStore.get("exam", "current");
    if (this.attempt && kept?.owner !== this.owner) {
      this.attempt.stop();
      this.attempt = null;
      if (kept) this.elsewhere();
      else this.setUp();
    } else if (this.view === "elsewhere" && !kept) this.setUp();
    else if (this.view === "set up" && kept) this.elsewhere();
  }

  /** Another tab has the exam, or had it and ended without a word. */
  elsewhere() {
    this.view = "elsewhere";
    const take = button(SAY.exam_take_over, () => this.takeOver(), { className: "exam-main" });
    const heading = element("h2", { tabIndex: -1, textContent: SAY.exam_elsewhere });
    const why = element("p", { textContent: SAY.exam_elsewhere_why });
    this.show(heading, why, element("div", { className: "exam-row" }, take));
  }

  takeOver() {
    this.view = "running";
    this.attempt = new Attempt(this, structuredClone(window.bookStore.get("exam", "current")), this.owner);
    this.attempt.resume();
  }

  defaults() {
    const { questions, minutes, pause, confidence, seed = randomSeed() } = this.dataset;
    const settings = { seed, number: Number(questions), minutes: Number(minutes) };
    Object.assign(settings, { pause: pause === "yes", confidence: confidence === "yes" });
    for (const name of LISTS) settings[name] = chosen((this.dataset[name] ?? "").split(" "), this.choices[name]);
    const { types } = this.choices;
    if (!this.dataset.types) settings.types = chosen(types.filter((type) => type !== "free"), types);
    return settings;
  }

  setUp(settings = this.defaults()) {
    this.view = "set up";
    this.attempt = null;
    const { factor } = window.bookStore.get("setting", "exam") ?? { factor: 1 };
    const linked = readSettings(location.hash, settings, this.choices);
    const asked = { settings, code: "", unknown: [], factor, ...linked };
    const heading = element("h2", { textContent: SAY.exam_set_up, tabIndex: -1 });
    const form = setupForm(this, asked, (...given) => this.begin(...given));
    this.show(heading, form, ...this.earlier());
  }

  begin(settings, drawn, factor) {
    window.bookStore.put("setting", "exam", { factor });
    const limit = settings.minutes > 0 && factor > 0 ? settings.minutes * 60000 * factor : null;
    const questions = drawn.map(({ id, print }) => ({ id, print, response: null, flagged: false, percent: null }));
    const clock = { limit, spent: 0, wall: Date.now() };
    const state = { settings, code: codeOf(drawn), questions, here: 0, clock, hidesTime: false, isPaused: false };
    this.view = "running";
    this.attempt = new Attempt(this, state, this.owner);
    return this.attempt.sit();
  }

  /** No exam runs any more. */
  forget() {
    this.attempt = null;
    window.bookStore.remove("exam", "current");
  }

  /** The reports that are kept, the latest first, as [key, run]. */
  runs() {
    const runs = Object.entries(window.bookStore.all("exam")).filter(([key]) => key !== "current");
    return runs.sort(([, a], [, b]) => b.at - a.at);
  }

  earlier() {
    const dates = { dateStyle: "medium", timeStyle: "short" };
    const items = this.runs().map(([key, run]) => {
      const date = new Date(run.at).toLocaleString(document.documentElement.lang || "en", dates);
      const text = fill(SAY.exam_run, { date, code: run.code, n: run.questions.length });
      return element("li", {}, button(text, () => this.report(key, run)));
    });
    if (items.length === 0) return [];
    return [element("h3", { textContent: SAY.exam_earlier }), element("ul", { className: "exam-runs" }, ...items)];
  }

  /** Show what an exam came to; a new one is graded, kept and told first. */
  async report(key, given, isNew = false) {
    const run = structuredClone(given);
    if (!(await this.arrived(run.questions, () => this.report(key, given, isNew)))) return;
    this.view = "report";
    const report = new Report(this, run, isNew, () => this.keepRun(key, run, report));
    const another = button(SAY.exam_another, () => this.setUp({ ...run.settings, seed: randomSeed() }));
    const print = button(SAY.exam_print, () => window.print());
    this.show(...report.nodes, element("div", { className: "exam-row exam-controls" }, another, print));
    report.open();
    if (!isNew) return;
    this.keepRun(key, run, report);
    this.forget();
    for (const [old] of this.runs().slice(RUNS)) window.bookStore.remove("exam", old);
    report.tell();
  }

  keepRun(key, run, report) {
    window.bookStore.put("exam", key, structuredClone(run));
    for (const { id, percent, right } of report.forecasts())
      window.bookStore.put("forecast", `${key}/${id}`, { confidence: percent / 100, right });
  }
}

// The page is read to its end, and the store of its head is there.
customElements.define("book-exam", BookExam);
