// What a live notebook adds to explore.js: frames for the positions between the values, drawn by Python, which is told
// of every position.

/** @param {{model: import("@anywidget/types").AnyModel, el: HTMLElement}} context */
function render({ model, el }) {
  const holder = document.createElement("template");
  // Trusted: bookwidgets made this markup, out of matplotlib's drawing and escaped text.
  holder.innerHTML = model.get("html");
  const figure = holder.content.firstElementChild;
  const problem = element("p", { className: "bw-problem" });
  problem.setAttribute("role", "alert");

  // One question at a time: while Python draws, only the newest position waits.
  let drawing = false;
  let waiting = null;
  const ask = (position) => {
    if (drawing) {
      waiting = position;
      return;
    }
    drawing = true;
    model.send({ position });
  };
  const answer = (content) => {
    // Who has moved on to one of the page's own frames needs neither.
    if (content.problem && figure.between) problem.textContent = content.problem;
    if (content.frame && figure.between) {
      holder.innerHTML = content.frame;
      figure.show(holder.content.firstElementChild);
    }
    const next = waiting;
    [drawing, waiting] = [false, null];
    if (next) ask(next);
  };
  const moved = () => {
    problem.textContent = "";
    model.set("position", figure.position);
    model.save_changes();
  };
  const ownKeys = ({ target }) => {
    target.dataset.lmSuppressShortcuts = ""; // JupyterLab takes arrows for itself, unless the focused element says no
  };
  figure.ask = ask;
  figure.append(problem);
  el.append(figure);
  model.on("msg:custom", answer);
  el.addEventListener("input", moved);
  el.addEventListener("focusin", ownKeys);
  return () => {
    model.off("msg:custom", answer);
    el.removeEventListener("input", moved);
    el.removeEventListener("focusin", ownKeys);
  };
}

export default { render };
