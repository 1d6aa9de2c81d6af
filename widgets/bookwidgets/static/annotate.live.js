// What a live notebook adds to annotate.js: choices travel to Python.

/** @param {{model: import("@anywidget/types").AnyModel, el: HTMLElement}} context */
function render({ model, el }) {
  // Trusted: bookwidgets made this markup, out of escaped text.
  el.innerHTML = model.get("html");
  const keep = ({ detail }) => {
    model.set("choices", detail.choices);
    model.save_changes();
  };
  const ownKeys = ({ target }) => {
    target.dataset.lmSuppressShortcuts = ""; // JupyterLab takes keys for itself, unless the focused element says no
  };
  el.addEventListener("book-annotate", keep);
  el.addEventListener("focusin", ownKeys);
  return () => {
    el.removeEventListener("book-annotate", keep);
    el.removeEventListener("focusin", ownKeys);
  };
}

export default { render };
