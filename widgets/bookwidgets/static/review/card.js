// One card of a session: the question as it stands in its chapter, with what reviewing adds.
//
// A flashcard is turned and graded by the learner. Any other question is answered, and graded by the answer.

class Card {
  /** `review` is the element; `left` says how many cards are still to come. */
  constructor(review, { question, kept }, left) {
    Object.assign(this, { review, about: question, kept, left });
    this.id = question.id;
    this.isFlashcard = question.type === "flashcard";
    this.isTurned = false;
    this.grade = 0; // none yet
    this.since = performance.now();
  }

  /** Put the card into its place. The markup of its chapter has to be there. */
  fill(place) {
    const { hasReader } = this.review;
    this.question = questionElement(this.id);
    this.question.addEventListener("book-answer", (event) => this.onAnswer(event.detail));
    this.bar = element("div", { className: "rv-bar" });
    if (this.isFlashcard) this.bar.append(button(SAY.turn, () => this.turn(), "rv-main"));
    this.undo = button(SAY.review_undo, () => this.review.undo());
    place.replaceChildren(this.lineAbove(), this.question, this.bar, this.lineBelow());
    this.question.round = this.kept?.reps ?? 0; // shuffled anew each time
    this.question.reset();
    if (!hasReader) return;
    const task = this.question.querySelector("fieldset");
    task.tabIndex = -1;
    task.focus({ preventScroll: true });
    bringIntoView(this.bar, place.firstElementChild);
  }

  /** How far the session is, where the card comes from, and what is special about it. */
  lineAbove() {
    const { session, bank } = this.review;
    const time = { n: Math.floor(session.spent / MINUTE), total: session.minutes };
    const far = session.minutes ? fill(SAY.review_time, time) : fill(SAY.review_left, { n: this.left });
    const { title } = bank.chapters.find(({ slug }) => slug === this.about.chapter);
    const parts = [fill(SAY.review_done, { n: session.log.length }), far, title];
    if (!this.kept) parts.push(SAY.review_new);
    else if (!this.isFlashcard) parts.push(SAY.review_missed);
    const line = element("p", { className: "rv-line" }, ...parts.map((part) => element("span", {}, part)));
    if (this.kept && this.kept.print !== this.about.print) line.append(element("strong", {}, SAY.review_changed));
    return line;
  }

  lineBelow() {
    this.undo.disabled = this.review.session.log.length === 0;
    const keys = element("p", { textContent: this.isFlashcard ? SAY.review_keys : SAY.review_keys_question });
    return element("div", { className: "rv-below" }, this.undo, button(SAY.review_stop, () => this.review.end()), keys);
  }

  /** Show the other side of a flashcard, and what each grade would mean. */
  turn() {
    this.isTurned = true;
    const more = this.question.querySelectorAll(".bw-explanation, .bw-see");
    const side = this.question.querySelector(".bw-side");
    side.append(...more);
    this.question.turn();
    const now = Date.now();
    const buttons = gradeNames().map((name, index) => {
      const { due } = reviewed(this.kept ?? null, index + 1, now);
      const made = button("", () => this.review.take(index + 1));
      const key = element("kbd", { textContent: index + 1, ariaHidden: true });
      made.append(key, element("span", {}, name), " ", element("small", {}, spell(due - now)));
      return made;
    });
    const ask = element("p", { id: `${this.question.name}-how`, textContent: SAY.how_well });
    const scale = element("div", { className: "rv-grades" }, ...buttons);
    scale.setAttribute("role", "group");
    scale.setAttribute("aria-labelledby", ask.id);
    this.bar.replaceChildren(ask, scale);
    bringIntoView(this.bar, side);
  }

  /** A question that is no flashcard was answered. Its grade is known when it is right, or wrong twice. */
  onAnswer(answer) {
    answer.by = HERE; // the store, which hears of it next, keeps that too
    const { type } = this.about;
    const mayTryAgain = type !== "free" && answer.score < 1 && answer.attempt < 2 && !answer.shown;
    if (this.grade || mayTryAgain) return;
    this.review.note(gradeOf(type, answer));
    this.undo.disabled = false;
    this.bar.replaceChildren(button(SAY.review_next, () => this.review.goOn(), "rv-main"));
  }

  /** What a key does here, or nothing. On something that can be pressed, Space and Enter press it. */
  actionOf(key, isOnPressable) {
    const goesOn = key === "n" || ((key === " " || key === "Enter") && !isOnPressable);
    if (goesOn && this.grade) return () => this.review.goOn();
    if (goesOn && this.isFlashcard && !this.isTurned) return () => this.turn();
    const grade = ["1", "2", "3", "4"].indexOf(key) + 1;
    return grade && this.isTurned ? () => this.review.take(grade) : undefined;
  }
}
