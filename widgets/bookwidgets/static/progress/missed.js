// What was last answered wrongly or in part, with the way back to it. The prompts come with the script of their chapter,
// when a chapter's list is opened.

/** What was missed last time; flashcards have a page of their own, and who grades a text gives half of the points at least. */
function isMissed(question) {
  const { type, id } = question;
  if (type === "flashcard" || !["tried", "done"].includes(stateOf(question))) return false;
  return bookStore.get("answer", id).score < (type === "free" ? 1 / 2 : 1);
}

/** The first paragraph of a question's prompt, formulas included, as the inside of a link. */
function promptOf(id) {
  const paragraph = questionElement(id)?.querySelector(".bw-prompt p");
  for (const link of paragraph?.querySelectorAll("a") ?? []) link.replaceWith(...link.childNodes);
  return paragraph ? [...paragraph.childNodes] : [];
}

function missedLine({ id, href, concepts }, bank) {
  const titles = bank.concepts.filter((concept) => concepts.includes(concept.id)).map(({ title }) => title);
  const prompt = promptOf(id);
  const words = prompt.length ? prompt : [titles.join(", ")];
  const { score, shown } = bookStore.get("answer", id);
  const result = score > 0 ? fill(SAY.progress_part, { points: Math.round(100 * score) }) : SAY.progress_wrong;
  const said = [result, ...(shown ? [SAY.progress_shown] : []), ...(prompt.length ? titles : [])].join(", ");
  const way = href ? element("a", { href: toRoot(href) }, ...words) : element("span", {}, ...words);
  return element("li", {}, way, element("small", { textContent: said }));
}

function missedIn(chapter, questions, bank) {
  const summary = element("summary", {}, element("span", { textContent: chapter.title }));
  summary.append(element("small", { textContent: fill(SAY.progress_missed, { n: questions.length }) }));
  const list = element("ul", { className: "bw-missed" });
  const entry = element("details", { className: "bw-chapter" }, summary, list);
  entry.dataset.key = `missed/${chapter.slug}`;
  entry.addEventListener("toggle", async () => {
    if (!entry.open || list.firstChild) return;
    await loadQuestions(chapter.slug).catch(() => undefined); // without the prompts, the concepts say what it is about
    if (!list.firstChild) list.append(...questions.map((question) => missedLine(question, bank)));
  });
  return entry;
}

function missed(bank) {
  const all = bank.questions.filter(isMissed);
  if (all.length === 0) return [element("p", { textContent: SAY.progress_nothing_missed })];
  return bank.chapters.flatMap((chapter) => {
    const some = all.filter((question) => question.chapter === chapter.slug);
    return some.length ? [missedIn(chapter, some, bank)] : [];
  });
}
