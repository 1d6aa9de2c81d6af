// Review: flashcards, and questions that were answered wrong, asked again when they are about to be forgotten.
//
// <book-review data-cards data-new data-chapters> (pages/review.py) shows what is due, then a session, one card at a
// time, then what came of it. Each grade is kept at once, in the form that parts/cards.js tells.
//
// These keys work while the focus is within the element, and not where one types:
//   Space, Enter: turn the card, or go on     1 to 4: again, hard, good, easy     u: undo     n: turn, or go on
//
// Settings are kept in the store's kind "setting": review-length {value: "20", "10m" or "all"},
// review-new {value: new cards a day}, review-chapters {value: {slug: whether it takes part}}.

class BookReview extends HTMLElement {
  connectedCallback() {
    this.listening = new AbortController();
    const { signal } = this.listening;
    const place = [...document.querySelectorAll("book-review")].indexOf(this);
    this.tab = `book-review:${location.pathname}:${place}`;
    this.state = spoken("rv-state");
    this.status = spoken("rv-status");
    this.view = element("div", { className: "rv-view" });
    bookStore.addEventListener("change", ({ detail }) => this.onChange(detail), { signal });
    bookStore.addEventListener("state", () => this.showState(), { signal });
    this.addEventListener("keydown", (event) => this.onKey(event), { signal });
    const timer = setInterval(() => this.refresh(), 20_000); // cards become due
    signal.addEventListener("abort", () => clearInterval(timer));
    this.begin();
  }

  disconnectedCallback() {
    this.listening.abort();
  }

  async begin() {
    this.replaceChildren(this.state, this.view, this.status);
    this.showState();
    let bank;
    try {
      bank = await loadIndex();
    } catch {
      return this.sorry(() => this.begin());
    }
    const { chapters, questions } = bank;
    const only = this.dataset.chapters?.split(" ") ?? chapters.map(({ slug }) => slug);
    const asked = questions.filter(({ chapter }) => only.includes(chapter));
    const holding = new Set(asked.map(({ chapter }) => chapter));
    this.bank = { questions: asked, chapters: chapters.filter(({ slug }) => holding.has(slug)) };
    this.everyId = questions.map(({ id }) => id);
    this.session = readSession(this.tab);
    if (!this.session) return this.showOverview();
    return this.session.ended ? this.end() : this.goOn();
  }

  /** What to do when a script did not arrive. */
  sorry(again) {
    this.view.replaceChildren(element("p", {}, SAY.review_missing, " ", button(SAY.review_retry, again)));
  }

  /** Say what becomes of grades where the browser keeps nothing. */
  showState() {
    const words = { off: SAY.state_off, full: SAY.state_full, newer: SAY.state_newer };
    this.state.textContent = words[bookStore.state] ?? "";
  }

  setting(name, fallback) {
    return bookStore.get("setting", `review-${name}`)?.value ?? fallback;
  }

  set(name, value) {
    bookStore.put("setting", `review-${name}`, { value });
  }

  get perDay() {
    return Number(this.setting("new", this.dataset.new));
  }

  /** Another tab wrote, or this one. */
  onChange({ kind, keys }) {
    this.refresh();
    if (this.writes || kind !== "card" || !keys.includes(this.card?.id)) return;
    this.say(SAY.review_elsewhere);
    this.goOn();
  }

  keep(id, kept) {
    this.writes = true;
    if (kept) bookStore.put("card", id, kept);
    else bookStore.remove("card", id);
    this.writes = false;
  }

  say(text) {
    this.status.textContent = text;
  }

  /** Whether a new view takes the focus: not while the reader is elsewhere on the page. */
  get hasReader() {
    const { activeElement } = document;
    return activeElement === document.body || this.contains(activeElement);
  }

  showOverview() {
    this.card = null;
    this.session = null;
    writeSession(this.tab, null);
    this.overview = overviewOf(this);
    this.view.replaceChildren(...this.overview.nodes);
    this.refresh();
  }

  /** Bring the overview up to date, with what was answered in the meantime. */
  refresh() {
    if (!this.overview || this.isRefreshing) return;
    this.isRefreshing = true; // taking in writes, and what is written is a change
    takeIn(this.bank.questions);
    this.overview.refresh();
    this.isRefreshing = false;
  }

  toOverview() {
    const { hasReader } = this;
    this.showOverview();
    if (hasReader) [...this.view.querySelectorAll("button, summary")].find(({ disabled }) => !disabled).focus();
  }

  start(length) {
    this.say("");
    this.session = drawSession(deckOf(this.bank), Date.now(), this.perDay, length);
    this.goOn();
  }

  /** Show the next card, or the end. */
  goOn() {
    const left = cardsToCome(this.session, deckOf(this.bank), Date.now());
    return left.length > 0 && !isTimeUp(this.session) ? this.show(left[0], left.length) : this.end();
  }

  async show(next, left) {
    this.overview = null;
    this.session.ended = false;
    writeSession(this.tab, this.session);
    const card = new Card(this, next, left);
    this.card = card;
    try {
      await Promise.all([loadQuestions(next.question.chapter), customElements.whenDefined("book-question")]);
    } catch {
      return this.sorry(() => this.show(next, left));
    }
    if (this.card === card) card.fill(this.view); // unless another one was wanted in the meantime
    return undefined;
  }

  /** Keep a grade of the card, and say what follows from it. */
  note(grade) {
    const { id, about, since } = this.card;
    const now = Date.now();
    const before = keptCard(id) ?? null;
    const kept = graded(before, grade, now, about.print);
    this.keep(id, before ? kept : { ...kept, since: now });
    this.card.grade = grade;
    this.session.log.push({ id, grade, before, at: now, reps: kept.reps });
    this.session.spent += performance.now() - since;
    writeSession(this.tab, this.session);
    const words = { grade: gradeNames()[grade - 1], when: when(kept.due, now) };
    this.say(fill(isMastered(about, kept) ? SAY.review_mastered : SAY.review_noted, words));
  }

  take(grade) {
    this.note(grade);
    this.goOn();
  }

  /** Take back the last grade of this session, and show its card again. */
  undo() {
    const { id, before, at, reps } = this.session.log.pop();
    const { last, reps: now } = keptCard(id) ?? {};
    const isOurs = last === at && now === reps; // and not graded again in another tab
    if (isOurs) this.keep(id, before);
    this.say(isOurs ? SAY.review_undone : SAY.review_too_late);
    const deck = deckOf(this.bank);
    const card = isOurs && deck.find((one) => one.id === id);
    return card ? this.show(card, cardsToCome(this.session, deck, Date.now()).length) : this.goOn();
  }

  end() {
    this.card = null;
    if (this.session.log.length === 0) return this.toOverview();
    this.session.ended = true;
    writeSession(this.tab, this.session);
    const { hasReader } = this;
    this.view.replaceChildren(...endOf(this));
    if (hasReader) this.view.firstElementChild.focus();
    return undefined;
  }

  onKey(event) {
    const { key, target } = event;
    if (!this.session || event.defaultPrevented || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (target.closest("textarea, select, input:not([type=radio], [type=checkbox])")) return; // someone is typing
    const undo = key === "u" && this.session.log.length > 0 && (() => this.undo());
    const action = undo || this.card?.actionOf(key, target.closest("a, button, summary, label, input"));
    if (!action) return;
    event.preventDefault();
    action();
  }
}

customElements.define("book-review", BookReview);
