// What a live notebook adds to quiz.js: answers travel to Python.

/** @param {{model: import("@anywidget/types").AnyModel, el: HTMLElement}} context */
function render({ model, el }) {
  // Trusted: bookwidgets made this markup from checked Markdown, through an allowlist.
  el.innerHTML = model.get("html");
  const keep = ({ detail }) => {
    model.set("responses", { ...model.get("responses"), [detail.id]: detail });
    model.save_changes();
  };
  // JupyterLab takes arrows and letters as its own commands, unless the focused element itself says no.
  const ownKeys = ({ target }) => {
    target.dataset.lmSuppressShortcuts = "";
  };
  el.addEventListener("book-answer", keep);
  el.addEventListener("focusin", ownKeys);
  return () => {
    el.removeEventListener("book-answer", keep);
    el.removeEventListener("focusin", ownKeys);
  };
}

export default { render };
