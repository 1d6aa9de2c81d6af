// What is kept of a card, under the id of its question in the store's kind "card":
//
//   state, step, stability, difficulty, last, due   its schedule, see fsrs.js; `last` and `due` are ms since 1970
//   print    the fingerprint of the question when it was graded last: another one now means that it has changed since
//   reps     how often it was graded; `lapses`: how often it was forgotten after it had been learned
//   since    when it was taken in as a new card, in ms; not there for one that a chapter brought in
//
// A flashcard stays for good. A question that was answered wrong stays until it is mastered: until its next date would
// be MASTERED_AFTER days away.

const MASTERED_AFTER = 21; // days
const FAR_AHEAD = 24 * 60 * 60 * 1000; // ms; no clock is changed by more without being wrong before or after

/** The schedule that is kept for a card, or undefined; what came out of a damaged file counts as none. */
function keptCard(id) {
  const kept = bookStore.get("card", id);
  const { state, stability, difficulty, last, due } = kept ?? {};
  const sound = ["learning", "review", "relearning"].includes(state) && stability > 0 && difficulty > 0;
  return sound && Number.isFinite(last) && Number.isFinite(due) ? kept : undefined;
}

/** Whether a question that was once answered wrong need not come back. */
function isMastered({ type }, { state, last, due }) {
  return type !== "flashcard" && state === "review" && due - last >= MASTERED_AFTER * 24 * 60 * 60 * 1000;
}

/** When a card is due. One that was graded in the future, by a clock that was wrong then or is now, is due at once. */
function dueTime({ last, due }, now) {
  return last > now + FAR_AHEAD ? now : due;
}

/** Whether to ask a question of the bank again now. Cards that were never graded are new, and not due. */
function isDue(question, now) {
  const kept = keptCard(question.id);
  return kept !== undefined && !isMastered(question, kept) && dueTime(kept, now) <= now;
}
