// The deck: which cards there are for this learner, and when. Needs parts/fsrs.js and parts/cards.js.

const GRADES = ["again", "hard", "good", "easy"];
const HERE = "review"; // marks answers that were given, and graded, on a review page
const PASSED = 0.5; // of the points of a free answer, which learners grade themselves

const startOfDay = (now) => new Date(now).setHours(0, 0, 0, 0); // of the reader's own day
const endOfDay = (now) => new Date(now).setHours(24, 0, 0, 0);

/** What is kept of a card after a grade. */
function graded(kept, grade, now, print) {
  const forgotten = kept?.state === "review" && grade === AGAIN;
  const { reps = 0, lapses = 0 } = kept ?? {};
  return { ...kept, ...reviewed(kept ?? null, grade, now), print, reps: reps + 1, lapses: lapses + Number(forgotten) };
}

/**
 * What an answer is worth as a grade: right at the first try "good", with hints or at the second try "hard", else
 * "again". A free answer is "good" with all points and "hard" with half of them. A flashcard has its own grade.
 */
function gradeOf(type, { score, attempt, hints, response }) {
  if (type === "flashcard") return GRADES.indexOf(response?.grade) + 1 || AGAIN;
  if (type === "free") return score === 1 ? GOOD : score >= PASSED ? HARD : AGAIN;
  if (score < 1 || attempt > 2) return AGAIN;
  return attempt === 1 && !hints ? GOOD : HARD;
}

/**
 * Take in what was answered elsewhere since: a question whose first answer was wrong becomes a card, graded "again" at
 * that time; answers to what is a card already, and flashcards that were graded in their chapter, count as reviews.
 */
function takeIn(questions) {
  for (const { id, type } of questions) {
    const answer = bookStore.get("answer", id);
    const at = bookStore.at("answer", id);
    if (!answer || answer.by === HERE || at <= (bookStore.at("card", id) ?? 0)) continue;
    const { print, first = answer } = answer;
    const kept = keptCard(id);
    const grade = gradeOf(type, answer);
    if (kept || type === "flashcard") bookStore.put("card", id, graded(kept, grade, at, print));
    else if (gradeOf(type, { ...first, attempt: 1 }) === AGAIN) {
      bookStore.put("card", id, graded(undefined, AGAIN, first.at ?? at, print));
    }
  }
}

/** The chapters whose cards take part: those that were chosen, and where nothing was chosen, those with an answer. */
function takingPart({ chapters, questions }) {
  const chosen = bookStore.get("setting", "review-chapters")?.value ?? {};
  const met = new Set(questions.filter(({ id }) => bookStore.get("answer", id)).map(({ chapter }) => chapter));
  return new Set(chapters.map(({ slug }) => slug).filter((slug) => chosen[slug] ?? met.has(slug)));
}

/** The cards of the chapters that take part, in the book's order: {id, question, kept}, with no `kept` for new ones. */
function deckOf(bank) {
  const slugs = takingPart(bank);
  return bank.questions
    .filter(({ chapter }) => slugs.has(chapter))
    .map((question) => ({ id: question.id, question, kept: keptCard(question.id) }))
    .filter(({ question, kept }) => (kept ? !isMastered(question, kept) : question.type === "flashcard"));
}

/** Cards of `deck` that are due, the longest overdue first. */
function dueCards(deck, now) {
  const due = deck.filter(({ kept }) => kept && dueTime(kept, now) <= now);
  return due.sort((a, b) => a.kept.due - b.kept.due);
}

/**
 * The new cards that today still has room for. A flashcard tells the answer to the next one about the same concept:
 * that one waits for a day.
 */
function newCards(deck, now, perDay) {
  const today = startOfDay(now);
  const taken = Object.values(bookStore.all("card")).filter(({ since }) => since >= today).length;
  const about = ({ question: { concepts, id } }) => (concepts.length === 1 ? concepts[0] : id);
  const flashcards = deck.filter(({ question }) => question.type === "flashcard");
  const seen = new Set(flashcards.filter(({ kept }) => kept?.last >= today).map(about));
  const apart = deck.filter((card) => !card.kept && !seen.has(about(card)) && seen.add(about(card)));
  return apart.slice(0, Math.max(0, perDay - taken));
}

/** How many cards are due now, later today and after that, when the next one is, and how many are new. */
function countsOf(deck, now, perDay) {
  const times = deck.flatMap(({ kept }) => (kept ? [dueTime(kept, now)] : [])).sort((a, b) => a - b);
  const waiting = times.filter((time) => time > now);
  const today = waiting.filter((time) => time < endOfDay(now)).length;
  return {
    now: times.length - waiting.length,
    today,
    later: waiting.length - today,
    next: waiting[0],
    fresh: deck.length - times.length,
    freshToday: newCards(deck, now, perDay).length,
  };
}
