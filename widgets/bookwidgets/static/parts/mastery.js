// What the answers that are kept say about questions and concepts. One rule for progress page, map and marks, which the
// progress page tells the reader (mastery_rule in the strings).
//
// A question is {id, print, type} as in the data scripts, or as a <book-question> has it in its dataset.

const MASTERED = 0.8; // of a concept's questions, each by its credit
const HALF_A_DAY = 12 * 60 * 60 * 1000;

/**
 * "new": not answered. "changed": answered in another wording. "tried": answered, not yet rightly. "done": answered
 * rightly, graded by the learner, or the answer was shown.
 */
function stateOf({ id, print, type }) {
  const answer = bookStore.get("answer", id);
  if (!answer) return "new";
  if (answer.print !== print) return "changed";
  return answer.score === 1 || answer.shown || ["free", "flashcard"].includes(type) ? "done" : "tried";
}

/**
 * What a question counts for: 1 when it was right at the first try and without a hint, in the beginning or when it was
 * taken up again half a day later or more; 1/2 when it was right in the end; else 0.
 */
function creditOf(question) {
  const answer = bookStore.get("answer", question.id);
  if (answer?.print !== question.print || answer.score !== 1) return 0;
  const { first, attempt, hints } = answer;
  const atOnce = first?.score === 1 && !first.hints;
  const again = attempt === 1 && !hints && bookStore.at("answer", question.id) - first?.at > HALF_A_DAY;
  return atOnce || again ? 1 : 1 / 2;
}

/**
 * How far a concept is mastered, by the questions that ask about it; flashcards, which learners grade themselves, are
 * left out. {share: 0 to 1, asked, answered, state: "none" (nothing asks about it), "new", "begun" or "mastered"}.
 */
function masteryOf(concept, questions) {
  const about = questions.filter(({ concepts, type }) => type !== "flashcard" && concepts.includes(concept));
  const answered = about.filter((question) => ["tried", "done"].includes(stateOf(question))).length;
  const share = about.reduce((sum, question) => sum + creditOf(question), 0) / (about.length || 1);
  const begun = share >= MASTERED ? "mastered" : answered > 0 ? "begun" : "new";
  return { share, asked: about.length, answered, state: about.length > 0 ? begun : "none" };
}
