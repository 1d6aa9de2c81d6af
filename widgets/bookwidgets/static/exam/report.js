// What an exam came to.
//
// A run is {settings, code, at, spent, limit, over, questions}, and each of its questions {id, print, response, percent,
// flagged, score, isOut}. One that was edited or dropped while the exam ran `isOut`: it does not count. A score is null
// there, and where the learner has yet to grade an answer.

const NAMED = 3; // so many concepts stand in a reason by name

/** What became of an answer, in words. */
function verdictOf({ response, score, isOut }) {
  if (isOut) return SAY.exam_left_out;
  if (response === null) return SAY.exam_unanswered;
  if (score === null) return SAY.exam_to_grade;
  if (score === 1) return SAY.exam_right;
  return score === 0 ? SAY.exam_wrong : fill(SAY.exam_partly, { points: Math.round(100 * score) });
}

class Report {
  /** @param isNew not graded yet; @param graded is called when the learner has graded a free answer */
  constructor(exam, run, isNew, graded) {
    Object.assign(this, { exam, run, isNew, graded });
    this.heading = element("h2", { tabIndex: -1, textContent: SAY.exam_report });
    this.summary = element("div");
    this.items = run.questions.map((entry, index) => this.item(entry, index));
    const title = element("h3", { textContent: SAY.exam_question_by_question });
    const list = element("section", { className: "exam-answers" }, title, ...this.items.map(({ node }) => node));
    list.addEventListener("book-answer", (event) => this.count(event));
    this.nodes = [this.heading, this.summary, list];
  }

  /** One question of the report: its verdict, and the question itself where it still is what was asked. */
  item(entry, index) {
    const fate = this.exam.fateOf(entry.id, entry.print);
    if (this.isNew && fate) Object.assign(entry, { isOut: true, score: null });
    const title = element("h4");
    const sure = entry.percent === null ? "" : fill(SAY.exam_you_were, { percent: entry.percent });
    const question = fate ? null : questionElement(entry.id);
    const item = { entry, index, fate, title, question, ideas: [] };
    item.again = button(SAY.exam_grade_again, () => this.toGrade(item), { hidden: true });
    item.given = element("div", { className: "exam-given", hidden: true });
    item.node = element("article", {}, title, element("p", { textContent: sure, hidden: !sure }), item.given);
    const instead = element("p", { className: "exam-warning", textContent: question ? "" : this.fateInWords(item) });
    item.node.append(question ?? instead, item.again);
    return item;
  }

  fateInWords({ entry, fate }) {
    if (entry.isOut) return fate === "dropped" ? SAY.exam_dropped : SAY.exam_changed;
    return fate === "dropped" ? SAY.exam_gone : SAY.exam_reworded;
  }

  /** Once the questions stand in the page: grade them where the exam is new, and show everything. */
  open() {
    for (const item of this.items) {
      const { entry, question } = item;
      if (!question) continue;
      if (this.isNew) ({ score: entry.score, ideas: item.ideas } = gradeOf(question, entry.response));
      if (entry.score === null) this.toGrade(item);
      else this.showGraded(item);
    }
    this.fill();
    this.heading.focus();
  }

  toGrade({ question, entry, again }) {
    again.hidden = true;
    askForPoints(question, entry.response);
  }

  showGraded({ question, entry, again, given }) {
    const words = entry.score < 1 ? answerGiven(question, entry.response) : [];
    given.hidden = words.length === 0;
    given.replaceChildren(element("p", { textContent: SAY.exam_your_answer }), ...words);
    uncover(question, entry);
    again.hidden = question.dataset.type !== "free" || entry.response === null;
  }

  /** Tell what was answered, as if it had been checked. A free answer is told when it has been graded. */
  tell() {
    for (const { entry, question, ideas } of this.items) {
      const { response, score } = entry;
      if (!question || response === null || score === null) continue;
      const counts = { attempt: 1, hints: 0, shown: score < 1 };
      question.report("book-answer", { type: question.dataset.type, response, score, ideas, ...counts });
    }
  }

  /** The learner has counted the points of a free answer. */
  count({ target, detail }) {
    const item = this.items.find(({ question }) => question === target);
    if (target.dataset.type !== "free") return;
    Object.assign(item.entry, { score: detail.score, response: detail.response });
    cover(target);
    item.again.hidden = false;
    this.fill();
    this.graded();
  }

  /** Outcomes as score.js wants them. What the book has dropped since still counts, but belongs to no part of it. */
  outcomes() {
    const nowhere = { chapter: "", concepts: [], level: "" };
    return this.run.questions.map(({ id, score }) => ({ ...(this.exam.questions[id] ?? nowhere), score }));
  }

  /** How sure the learner was of what was answered and counts. */
  forecasts() {
    const said = this.run.questions.filter(({ percent, response }) => percent !== null && response !== null);
    const counted = said.filter(({ score }) => score !== null);
    return counted.map(({ id, percent, score }) => ({ id, percent, right: Number(score === 1) }));
  }

  fill() {
    for (const { entry, index, title } of this.items) title.textContent = `${index + 1}. ${verdictOf(entry)}`;
    const outcomes = this.outcomes();
    const forecasts = this.forecasts();
    const title = element("h3", { textContent: SAY.exam_how_sure_title });
    this.summary.replaceChildren(
      ...this.points(total(outcomes)),
      ...this.begin(totals(outcomes, "concepts")),
      ...this.tables(outcomes),
      ...(forecasts.length > 0 ? [title, ...calibration(forecasts)] : []),
    );
  }

  points({ points, of }) {
    const { questions, spent, limit, over, code, settings } = this.run;
    const count = (holds) => questions.filter(holds).length;
    const toGrade = count(({ score, isOut }) => !isOut && score === null);
    const open = count(({ response, isOut }) => !isOut && response === null);
    const out = count(({ isOut }) => isOut);
    const facts = [
      over && SAY.exam_time_over,
      open > 0 && fill(SAY.exam_n_open, { n: open, total: questions.length }),
      toGrade > 0 && fill(SAY.exam_n_to_grade, { n: toGrade }),
      out > 0 && fill(SAY.exam_n_left_out, { n: out }),
      limit === null
        ? fill(SAY.exam_took, { time: clockFace(spent) })
        : fill(SAY.exam_took_of, { time: clockFace(Math.min(spent, limit)), limit: clockFace(limit) }),
      fill(SAY.exam_which, { code, seed: settings.seed }),
    ].filter(Boolean);
    const share = of > 0 ? ` (${percentOf(points / of)})` : "";
    const score = fill(SAY.exam_score, { points: inWords(points), of }) + share;
    return [
      element("p", { className: "exam-score", textContent: score }),
      element("ul", {}, ...facts.map((fact) => element("li", { textContent: fact }))),
    ];
  }

  /** Why a concept stands where it does: some of what rests on it, in so many words. */
  reason(titles) {
    const words = { others: titles.slice(0, NAMED).join(" · "), n: titles.length - NAMED };
    if (titles.length === 0) return SAY.exam_opens_none;
    return fill(titles.length > NAMED ? SAY.exam_opens_many : SAY.exam_opens, words);
  }

  /** What to read again, the most basic first, each with a reason. */
  begin(sums) {
    const { concepts } = this.exam.bank;
    const title = (id) => concepts.find((concept) => concept.id === id).title;
    const list = whereToBegin(concepts, sums).map(({ id, opens }) => {
      const share = fill(SAY.exam_points, { points: inWords(sums[id].points), of: sums[id].of });
      const reason = this.reason(opens.map(title));
      return element("li", {}, this.link(concepts.find((concept) => concept.id === id)), `: ${share}. ${reason}`);
    });
    const heading = element("h3", { textContent: SAY.exam_where_to_begin });
    if (list.length === 0) return [heading, element("p", { textContent: SAY.exam_nothing_weak })];
    return [heading, element("p", { textContent: SAY.exam_begin_rule }), element("ol", {}, ...list)];
  }

  link({ title, href }) {
    return element("a", { href: toRoot(href), textContent: title });
  }

  tables(outcomes) {
    const { chapters, concepts } = this.exam.bank;
    const rows = (some, name, sums, text) =>
      some.filter((one) => sums[one[name]]).map((one) => {
        const { points, of } = sums[one[name]];
        return [text(one), fill(SAY.exam_points, { points: inWords(points), of }), percentOf(points / of)];
      });
    const link = (one) => this.link(one);
    const levels = LEVELS.map((level) => ({ level }));
    const levelName = ({ level }) => LEVEL_NAMES[level];
    const by = [
      [SAY.exam_by_chapter, SAY.exam_chapter, rows(chapters, "slug", totals(outcomes, "chapter"), link)],
      [SAY.exam_by_concept, SAY.exam_concept, rows(concepts, "id", totals(outcomes, "concepts"), link)],
      [SAY.exam_by_level, SAY.exam_level, rows(levels, "level", totals(outcomes, "level"), levelName)],
    ];
    return [
      element("h3", { textContent: SAY.exam_in_parts }),
      element("p", { textContent: SAY.exam_parts_rule }),
      ...by.map(([caption, what, lines]) => table(caption, [what, SAY.exam_points_head, SAY.exam_share_head], lines)),
    ];
  }
}
