// The file of everything, the browser's promise to keep it, and erasing.

const LARGEST = 20_000_000; // characters: no browser keeps as much

function button(text, action) {
  const made = element("button", { type: "button", textContent: text });
  made.addEventListener("click", action);
  return made;
}

function status() {
  const line = element("p", { className: "bw-status" });
  line.setAttribute("role", "status");
  return line;
}

/** Offer a text as a file to save. */
function save(text, name) {
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // the browser may still be reading it
}

/** A day as the book's language writes it. */
function dayOf(time) {
  return new Date(time).toLocaleDateString(document.documentElement.lang, { dateStyle: "medium" });
}

/** How many entries came or changed after a time. */
function since(time) {
  const kinds = ["answer", "card", "exam", "forecast"];
  return kinds.flatMap((kind) => Object.keys(bookStore.all(kind)).filter((key) => bookStore.at(kind, key) > time)).length;
}

function saveFile(bank) {
  const now = new Date();
  save(bookStore.exportText(), `${bank.book}-${now.toISOString().slice(0, 10)}.json`);
  bookStore.put("setting", "saved", { value: now.getTime() });
}

/** When a file was saved last, and what came since. */
function savedLine() {
  const saved = bookStore.get("setting", "saved")?.value;
  const n = since(saved ?? 0);
  if (!Number.isFinite(saved)) return n ? fill(SAY.progress_never_saved, { n }) : "";
  return fill(SAY.progress_saved, { date: dayOf(saved), n });
}

function fileSection(bank) {
  const last = element("p");
  const said = status();
  const field = element("input", { type: "file", id: "bw-import", accept: ".json,application/json" });
  field.addEventListener("change", async () => {
    const [file] = field.files;
    if (!file) return;
    said.textContent = file.size > LARGEST ? SAY.import_large : bookStore.importText(await file.text()).message;
    field.value = ""; // the same file may be chosen again
  });
  const saver = button(SAY.progress_export, () => saveFile(bank));
  const holds = element("p", { id: "bw-file-holds", textContent: SAY.progress_file_holds });
  saver.setAttribute("aria-describedby", holds.id); // said where it matters: before the file is made
  const show = () => {
    last.textContent = savedLine();
    saver.disabled = bookStore.state === "newer"; // what is kept cannot be read here
  };
  const label = element("label", { htmlFor: field.id, textContent: SAY.progress_import });
  const nodes = [holds, last, element("p", {}, saver), label, field, said];
  return { nodes, show };
}

function persistSection() {
  const said = status();
  const ask = button(SAY.progress_persist, async () => tell(await navigator.storage.persist().catch(() => false)));
  const tell = (granted) => {
    ask.hidden = granted;
    said.textContent = granted ? SAY.progress_persisted : SAY.progress_not_persisted;
  };
  ask.hidden = true;
  navigator.storage?.persisted?.().then(
    (granted) => (granted ? tell(true) : (ask.hidden = false)),
    () => undefined, // a browser that promises nothing here
  );
  return [element("p", { textContent: SAY.progress_forgets }), element("p", {}, ask), said];
}

function eraseSection(bank) {
  const said = status();
  const title = element("h3", { id: "bw-erase", textContent: SAY.progress_erase_sure });
  const close = button(SAY.progress_keep, () => dialog.close());
  const sure = button(SAY.progress_erase_all, () => {
    bookStore.erase();
    dialog.close();
    said.textContent = SAY.progress_erased;
  });
  const first = button(SAY.progress_save_first, () => saveFile(bank));
  const controls = element("p", { className: "bw-controls" }, close, first, sure);
  const dialog = element("dialog", {}, title, element("p", { textContent: SAY.progress_erase_what }), controls);
  dialog.setAttribute("aria-labelledby", title.id);
  const open = button(SAY.progress_erase, () => {
    said.textContent = "";
    dialog.showModal();
    close.focus();
  });
  return [element("p", {}, open), said, dialog];
}

/** Damaged stores that were set aside: to look at, to save, to throw away. */
function damagedCopies(bank) {
  const prefix = `book:${bank.book}:damaged:`;
  let keys = [];
  try {
    keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    // Forbidden, and said so elsewhere.
  }
  return keys.map((key) => {
    const line = element("p", { className: "bw-warning" }, `${SAY.progress_damaged} `);
    const keep = button(SAY.progress_damaged_save, () => save(localStorage.getItem(key), `${bank.book}-damaged.txt`));
    const drop = button(SAY.progress_damaged_drop, () => {
      localStorage.removeItem(key);
      line.remove();
    });
    line.append(keep, " ", drop);
    return line;
  });
}
