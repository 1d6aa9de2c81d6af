// What a live notebook adds to quiz.js: answers travel to Python, and come back when a quiz is shown again.

/** @param {{model: import("@anywidget/types").AnyModel, el: HTMLElement}} context */
function render({ model, el }) {
  const keep = ({ detail }) => {
    model.set("responses", { ...model.get("responses"), [detail.id]: detail });
    model.save_changes();
  };
  const restore = ({ target, detail }) => {
    const kept = model.get("responses")[detail.id];
    if (kept) target.restore(kept);
  };
  // JupyterLab takes arrows and letters as its own commands, unless the focused element itself says no.
  const ownKeys = ({ target }) => {
    target.dataset.lmSuppressShortcuts = "";
  };
  // It also cancels the line break that Enter is in a field, and with it the submission.
  const submit = (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input[type=text]")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  };
  const listeners = { "book-answer": keep, "book-ready": restore, focusin: ownKeys, keydown: submit };
  for (const [name, listener] of Object.entries(listeners)) el.addEventListener(name, listener);
  // Trusted: bookwidgets made this markup from checked Markdown, through an allowlist.
  el.innerHTML = model.get("html");
  return () => {
    for (const [name, listener] of Object.entries(listeners)) el.removeEventListener(name, listener);
  };
}

export default { render };
