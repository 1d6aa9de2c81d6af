// A question on the sheet of an exam: all that the exam asks of the quiz engine.

/** Leave nothing of a question but its work: no check, no hint, no answer, for eyes, keys and screen readers alike. */
function cover(question) {
  question.querySelector(":scope > form > .bw-controls").hidden = true;
}

/**
 * What stands on the sheet: {response}, null where nothing was answered, and `problem`, a sentence, where something was
 * that nobody can read. Lines to be put into order count as answered once one was moved (`touched`).
 */
function answerOn(question, touched) {
  const { type } = question.dataset;
  const response = question.work.read();
  if (typeof response === "string") {
    const typed = type === "numeric" && question.querySelector("input").value.trim() !== "";
    return { response: null, problem: typed ? response : "" };
  }
  const isOpen = (type === "free" && !response.text.trim()) || (type === "order" && !touched);
  return { response: isOpen ? null : response, problem: "" };
}

/** Put an answer back as the learner left it. */
function putOn(question, response) {
  if (response === null) return;
  // Of a free answer put() would show the model answer too.
  if (question.dataset.type === "free") question.querySelector("textarea").value = response.text;
  else question.work.put(response);
}

/** What an answer is worth; null where the learner has to grade it. */
function gradeOf(question, response) {
  if (response === null) return { score: 0, ideas: [] };
  if (question.dataset.type === "free") return { score: null, ideas: [] };
  return question.work.grade(response);
}

/**
 * An answer as it was given, for where the right one takes its place when it is shown: a list, or none where the answer
 * stays in sight.
 */
function answerGiven(question, response) {
  if (response === null) return [];
  question.work.put(response);
  const copy = (node) => [...node.childNodes].map((child) => child.cloneNode(true));
  const list = (tag, items) => [element(tag, {}, ...items.map((nodes) => element("li", {}, ...nodes)))];
  const fields = [...question.querySelectorAll(".bw-cloze :is(select, input)")];
  switch (question.dataset.type) {
    case "match":
    case "categorize": {
      const labels = [...question.querySelectorAll(".bw-items label")];
      const items = labels.filter((item) => item.querySelector("select").value);
      const chosen = (item) => item.querySelector("select").selectedOptions[0].text.replace(/^\w\. /, "");
      return list("ul", items.map((item) => [...copy(item.querySelector("span")), ` → ${chosen(item)}`]));
    }
    case "order":
      return list("ol", [...question.querySelectorAll(".bw-steps > li > .bw-line > span")].map(copy));
    case "cloze":
      return list("ol", fields.map(({ value }) => [value || "–"]));
    case "tokens": {
      const marked = [...question.querySelectorAll('.bw-tokens [aria-pressed="true"]')];
      const words = marked.map((token) => element("mark", { textContent: token.firstChild.textContent }));
      return [element("p", {}, ...words.flatMap((word) => [word, " "]))];
    }
    default:
      return [];
  }
}

/** Show a question after the exam, with all that the book says about it. */
function uncover(question, { print, response, score }) {
  if (response === null) {
    question.work.reveal();
    question.setDone(true);
  } else question.restore({ print, response, score, attempt: 1, hints: 0, shown: score < 1 });
  cover(question); // nothing is left to be done in it
}

/** Let the learner compare a free answer with the model answer and count its points; the engine reports them. */
function askForPoints(question, response) {
  question.work.reset();
  question.work.put(response);
  question.turned = true;
  question.setDone(false);
  question.querySelector(":scope > form > .bw-controls").hidden = false;
}
