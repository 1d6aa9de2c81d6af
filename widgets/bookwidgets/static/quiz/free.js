// What learners grade themselves, after a look at the answer: free (by a rubric) and flashcard (by how well they knew it).

const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);

/** The points given, of those that the rubric has. */
function gradePoints(points, given) {
  return sum(given) / sum(points);
}

const GRADES = ["again", "hard", "good", "easy"];

function gradeRecall(grade) {
  return GRADES.indexOf(grade) / (GRADES.length - 1);
}

/** What is compared with: hidden at first, then the focus goes there, and what follows it is for grading. */
function otherSide(title, content) {
  return element("div", { className: "bw-side", tabIndex: -1, role: "group", ariaLabel: title.textContent }, title, content);
}

/** A longer text, which is compared with a model answer. */
function free(question) {
  const place = question.querySelector(".bw-blank");
  const area = element("textarea", { id: `${question.name}-input`, rows: 6 });
  place.replaceChildren(element("label", { htmlFor: area.id, textContent: SAY.your_answer }), area);
  const model = question.querySelector(".bw-model");
  const rubric = question.querySelector(".bw-rubric");
  const criteria = [...rubric.children].map((item) => {
    const input = element("input", { type: "checkbox" });
    item.append(element("label", {}, input, element("span", {}, ...item.childNodes)));
    return { input, points: Number(item.dataset.points) };
  });
  const [modelTitle, rubricTitle] = question.querySelectorAll(".bw-title");
  const side = otherSide(modelTitle, model);
  const tick = element("div", {}, rubricTitle, element("p", { className: "bw-task", textContent: SAY.tick }), rubric);
  const points = criteria.map((criterion) => criterion.points);

  function uncover(uncovered) {
    side.hidden = tick.hidden = !uncovered;
    area.readOnly = uncovered;
  }

  function reset() {
    area.value = "";
    for (const { input } of criteria) Object.assign(input, { checked: false, disabled: false });
    uncover(false);
  }

  function turn() {
    if (!area.value.trim()) return SAY.write_first;
    uncover(true);
    side.focus();
    return [model];
  }

  function read() {
    return { text: area.value, points: criteria.map(({ input, points }) => (input.checked ? points : 0)) };
  }

  function put({ text, points }) {
    area.value = text;
    criteria.forEach(({ input }, index) => (input.checked = points[index] > 0));
    uncover(true);
  }

  function grade(given) {
    const said = fill(SAY.result_points, { points: sum(given.points), total: sum(points) });
    return { score: gradePoints(points, given.points), ideas: [], said };
  }

  function reveal() {
    for (const { input } of criteria) input.disabled = true;
    return [];
  }

  const labels = [SAY.compare, SAY.count_points];
  return { nodes: [place, side, tick], labels, turn, reset, read, put, grade, mark: () => [], reveal };
}

/** Front and back. */
function flashcard(question) {
  const back = question.querySelector(".bw-back");
  const names = [SAY.again, SAY.hard, SAY.good, SAY.easy];
  const side = otherSide(element("p", { className: "bw-title", textContent: SAY.other_side }), back);
  let chosen;
  const buttons = names.map((name, index) =>
    button(name, () => {
      chosen = GRADES[index];
      question.check();
    }),
  );
  const ask = element("p", { className: "bw-title", id: `${question.name}-ask`, textContent: SAY.how_well });
  const scale = element("div", { className: "bw-controls", role: "group" }, ...buttons);
  scale.setAttribute("aria-labelledby", ask.id);

  function uncover(uncovered) {
    side.hidden = ask.hidden = scale.hidden = !uncovered;
  }

  function reset() {
    uncover(false);
  }

  function turn() {
    uncover(true);
    side.focus();
    return [back];
  }

  function read() {
    return { grade: chosen };
  }

  function put({ grade }) {
    chosen = grade;
    uncover(true);
  }

  function grade({ grade }) {
    const said = fill(SAY.result_noted, { grade: names[GRADES.indexOf(grade)] });
    return { score: gradeRecall(grade), ideas: [], said };
  }

  /** The grade is given: it is read in the result. */
  function reveal() {
    ask.hidden = scale.hidden = true;
    return [];
  }

  return { nodes: [side, ask, scale], labels: [SAY.turn, ""], turn, reset, read, put, grade, mark: () => [], reveal };
}
