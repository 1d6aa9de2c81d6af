// What is done: sums, then chapter by chapter and concept by concept.

const SIGNS = { mastered: "\u25cf", begun: "\u25d0", new: "\u25cb", none: "\u2013" };
const STATES = { mastered: SAY.mastery_mastered, begun: SAY.mastery_begun, new: SAY.mastery_new };

const toPage = (href, text) => element("a", { href: toRoot(href), textContent: text });

/** The questions that stand in a chapter: others of its file are met in exams and reviews only. */
function ownQuestions({ href }, questions) {
  return questions.filter((question) => question.href.startsWith(`${href}#`) && !question.card);
}

function doneOf(questions) {
  return { done: questions.filter((question) => stateOf(question) === "done").length, total: questions.length };
}

/** Bring up to date what the table of contents shows of other chapters than the one that is open (marks.js). */
function updateMarks({ chapters, questions }) {
  for (const chapter of chapters) {
    const path = chapter.href.replace(/\.html$/, "");
    const [now, known] = [doneOf(ownQuestions(chapter, questions)), bookStore.get("chapter", path)];
    const differs = now.done !== (known?.done ?? 0) || (known && now.total !== known.total);
    if (differs) bookStore.put("chapter", path, now);
  }
}

/** How many cards are due, by chapter (parts/cards.js). */
function dueCards(questions) {
  const now = Date.now();
  const due = {};
  for (const question of questions) {
    if (isDue(question, now)) due[question.chapter] = (due[question.chapter] ?? 0) + 1;
  }
  return due;
}

/** What stands at the top: what is done in all, and what does not fit the book as it is now. */
function sums({ chapters, questions, concepts, pages }) {
  const counted = doneOf(chapters.flatMap((chapter) => ownQuestions(chapter, questions)));
  const changed = questions.filter((question) => stateOf(question) === "changed").length;
  const mastered = concepts.filter(({ id }) => masteryOf(id, questions).state === "mastered").length;
  const due = Object.values(dueCards(questions)).reduce((sum, n) => sum + n, 0);
  const known = new Set(questions.map(({ id }) => id));
  const dropped = Object.keys(bookStore.all("answer")).filter((id) => !known.has(id)).length;
  const review = due > 0 && pages.review ? [" ", toPage(pages.review, SAY.progress_review)] : [];
  const lines = [
    fill(SAY.progress_done, counted),
    fill(SAY.progress_mastered, { mastered, total: concepts.length }),
    element("span", {}, fill(SAY.progress_due, { due }), ...review),
  ];
  if (changed) lines.push(fill(SAY.progress_changed, { n: changed }));
  if (dropped) lines.push(fill(SAY.progress_dropped, { n: dropped }));
  return element("ul", { className: "bw-sums" }, ...lines.map((line) => element("li", {}, line)));
}

function conceptLine({ id, title, href }, questions) {
  const { share, asked, answered, state } = masteryOf(id, questions);
  const numbers = fill(SAY.mastery_share, { percent: Math.round(100 * share), answered, asked });
  const words = state === "none" ? SAY.mastery_none : `${STATES[state]}, ${numbers}`;
  const sign = element("span", { className: `bw-mastery bw-${state}`, textContent: SIGNS[state] });
  sign.setAttribute("aria-hidden", "true");
  return element("li", {}, sign, toPage(href, title), " ", element("small", { textContent: words }));
}

/** One chapter: its sums, and opened, its concepts. */
function chapterEntry(chapter, { questions, concepts }, due) {
  const counted = doneOf(ownQuestions(chapter, questions));
  const defined = concepts.filter((concept) => concept.chapter === chapter.slug);
  const mastered = defined.filter(({ id }) => masteryOf(id, questions).state === "mastered").length;
  const parts = [];
  if (counted.total) parts.push(fill(SAY.progress_chapter_done, counted));
  if (defined.length) parts.push(fill(SAY.progress_chapter_mastered, { mastered, total: defined.length }));
  if (due) parts.push(fill(SAY.progress_chapter_due, { due }));
  const small = element("small", { textContent: parts.join(", ") });
  const summary = element("summary", {}, element("span", { textContent: chapter.title }), small);
  const link = element("p", {}, toPage(chapter.href, fill(SAY.progress_go, { title: chapter.title })));
  const list = element("ul", { className: "bw-concepts" }, ...defined.map((concept) => conceptLine(concept, questions)));
  const entry = element("details", { className: "bw-chapter" }, summary, link, list);
  entry.dataset.key = `chapter/${chapter.slug}`;
  return entry;
}

function overview(bank) {
  const due = dueCards(bank.questions);
  const parts = [...new Set(bank.chapters.map(({ part }) => part))].flatMap((part) => [
    ...(part ? [element("h3", { textContent: part })] : []),
    ...bank.chapters.filter((one) => one.part === part).map((one) => chapterEntry(one, bank, due[one.slug] ?? 0)),
  ]);
  const rule = element("p", { className: "bw-rule", textContent: SAY.mastery_rule });
  return [sums(bank), ...parts, rule];
}
