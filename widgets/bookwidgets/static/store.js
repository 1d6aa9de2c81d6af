// What the learner did, kept in this browser and nowhere else: window.bookStore, on every page of the book.
//
//   state                                     "kept"; "damaged": kept, and what was there before is set aside; or why
//                                             nothing is kept: "off" (forbidden), "full", "newer" (what is there was
//                                             kept by a newer version of the book, and is left alone)
//   all(kind), get(kind, key), at(kind, key)  values by key; one value; the time when it was put there, in ms
//   put(kind, key, value), remove(kind, key)  a value is a plain JSON object, and not to be changed once it is here
//   exportText(), importText(text), erase()   importing answers {ok, message, counts}
//   events                                    "change" {kind, keys}, when this tab or another wrote; "state"
//
// One item of localStorage holds {format, book, learner, entries: {kind: {key: [at, value or null]}}}. Before a write it
// is read again and merged entry by entry, so that tabs do not undo each other: the later time wins, of equal times the
// value whose text is greater, and what was removed stays as null. Times never run back, whatever the clock does.
// `learner`, a random text that shuffles options, is another one after erasing: a tab that remembers the old one then
// forgets what it remembers. Where nothing can be kept, everything works until the page is left.
//
// Questions are listened to here: their answers are kept, and put back when the question is there again. One that is
// `data-fresh` (parts/bank.js) begins anew every time; one that another chapter asks again, to recall it, gets back only
// what was answered on that page (`on`).
//
// BOOK, {id, title}, SAY, the strings of the book's language, parts/dom.js and store/entries.js, what entries are and how
// they merge, are put in front of this file.

const KEY = `book:${BOOK.id}`;
const ASIDE = `${KEY}:damaged:`;
const TROUBLE = { off: SAY.state_off, full: SAY.state_full, newer: SAY.state_newer };

class BookStore extends EventTarget {
  state = "kept";
  learner = random();
  entries = empty();
  seen = ""; // the learner of the store that this tab has read or written
  text = undefined; // what was kept when this tab read or wrote it last
  ahead = false; // whether this tab knows of something that the store lacked when it was read

  all(kind) {
    const live = Object.entries(this.entries[kind] ?? {}).filter(([, [, value]]) => value);
    return Object.fromEntries(live.map(([key, [, value]]) => [key, value]));
  }

  get(kind, key) {
    return this.entries[kind]?.[key]?.[1] ?? undefined;
  }

  at(kind, key) {
    return this.entries[kind]?.[key]?.[0];
  }

  put(kind, key, value) {
    if (!isObject(value)) throw new TypeError(`${kind}/${key}: a value is an object, not ${JSON.stringify(value)}`);
    this.set(kind, key, structuredClone(value));
  }

  remove(kind, key) {
    if (this.get(kind, key)) this.set(kind, key, null);
  }

  set(kind, key, value) {
    const hindrance = this.sync();
    const times = Object.values(this.entries).flatMap((some) => Object.values(some).map(([at]) => at));
    const at = times.reduce((latest, time) => Math.max(latest, time + 1), Date.now());
    (this.entries[kind] ??= empty())[key] = [Math.min(at, LAST), value];
    this.become(hindrance || this.write(this.entries));
    this.tell({ [kind]: [key] });
  }

  exportText() {
    this.sync();
    return JSON.stringify({ format: FORMAT, book: BOOK.id, title: BOOK.title, entries: this.entries });
  }

  importText(text) {
    const refused = (why, values = {}) => ({ ok: false, message: fill(why, values), counts: {} });
    const short = (value) => String(value).slice(0, 80);
    let data;
    try {
      data = parse(text);
    } catch {
      // Not JSON: what follows says so.
    }
    if (!isStore(data) || typeof data.book !== "string") return refused(SAY.import_unreadable);
    if (data.book !== BOOK.id) {
      return refused(SAY.import_other, { other: short(data.title ?? data.book), book: BOOK.title });
    }
    if (data.format > FORMAT) return refused(SAY.import_newer);
    const { sound, broken } = sift(data);
    if (broken.length > 0) return refused(SAY.import_damaged, { where: short(broken[0]) });
    return this.take(sound, refused);
  }

  /** Merge imported entries, all or none. */
  take(entries, refused) {
    const merged = empty();
    let hindrance = this.sync();
    merge(merged, this.entries);
    const changed = merge(merged, entries);
    hindrance ||= this.write(merged);
    if (hindrance !== "kept") return refused(TROUBLE[hindrance]);
    const count = (some) => Object.values(some).reduce((sum, keys) => sum + Object.keys(keys).length, 0);
    const keys = Object.entries(changed).flatMap(([kind, some]) => some.map((key) => this.entries[kind]?.[key]));
    const counts = { added: keys.filter((old) => !old).length, replaced: keys.filter(Boolean).length };
    counts.left = count(entries) - keys.length;
    this.entries = merged;
    this.tell(changed);
    return { ok: true, message: fill(SAY.import_done, counts), counts };
  }

  erase() {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(ASIDE)) localStorage.removeItem(key);
      localStorage.removeItem(KEY);
    } catch {
      // Forbidden: nothing is there.
    }
    this.forget();
    this.become(this.write(this.entries));
  }

  forget() {
    const gone = this.entries;
    this.entries = empty();
    this.learner = random();
    this.tell(Object.fromEntries(Object.entries(gone).map(([kind, some]) => [kind, Object.keys(some)])));
  }

  /** Take up what is kept, and say what keeps this tab from writing: "off", "newer", "full", or nothing. */
  sync() {
    let text;
    try {
      text = localStorage.getItem(KEY);
    } catch {
      return "off";
    }
    if (text === this.text) return "";
    const { format, learner, sound, broken } = read(text, this.seen);
    if (format > FORMAT) return "newer";
    if (this.seen && this.seen !== learner) this.forget(); // erased by another tab, or by hand in the browser
    this.seen = learner;
    this.learner = learner || this.learner;
    this.tell(merge(this.entries, sound));
    this.ahead = Object.keys(merge(sound, this.entries)).length > 0;
    if (broken.length > 0) return this.setAside(text);
    this.text = text;
    return "";
  }

  /** Look what happened; and where two tabs wrote at the same moment, put back what the other one did not know of. */
  catchUp() {
    this.become(this.sync() || (this.ahead ? this.write(this.entries) : this.state));
  }

  /** Keep a damaged store under another name, and what makes sense of it in its place. */
  setAside(text) {
    let n = 1;
    while (![null, text].includes(localStorage.getItem(ASIDE + n))) n += 1;
    try {
      localStorage.setItem(ASIDE + n, text);
    } catch {
      return "full"; // and what is damaged stays where it is
    }
    this.write(this.entries);
    this.become("damaged");
    return "";
  }

  /** Returns "kept", or what came of it. */
  write(entries) {
    const text = JSON.stringify({ format: FORMAT, book: BOOK.id, learner: this.learner, entries });
    try {
      localStorage.setItem(KEY, text);
      Object.assign(this, { text, seen: this.learner, ahead: false });
      return "kept";
    } catch (error) {
      return error.name === "SecurityError" ? "off" : "full";
    }
  }

  become(state) {
    if (state === this.state || (state === "kept" && this.state === "damaged")) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }

  tell(changed) {
    for (const [kind, keys] of Object.entries(changed)) {
      this.dispatchEvent(new CustomEvent("change", { detail: { kind, keys } }));
    }
  }
}

const store = new BookStore();
store.become(store.sync() || (store.seen ? "kept" : store.write(store.entries)));
if (store.seen) document.documentElement.dataset.learner = store.learner;
window.bookStore = store;

addEventListener("storage", ({ key }) => (key === KEY || key === null) && store.catchUp());
addEventListener("pageshow", ({ persisted }) => persisted && store.catchUp()); // in its cache a page hears of nothing

/** A quiet line below a question, or none. */
function note(question, text) {
  question.querySelector(".bw-kept")?.remove();
  if (!text) return;
  const line = element("p", { className: "bw-kept" });
  line.setAttribute("aria-live", "polite");
  question.append(line);
  line.textContent = text; // what comes into a region that is there is heard
}

/** The name of this page for a question that is asked here again; nothing in the question's own chapter. */
function recalledOn(question) {
  return question.closest(".bw-recall") ? location.pathname.split("/").pop() || "index.html" : undefined;
}

document.addEventListener("book-ready", ({ target, detail: { id, print } }) => {
  const kept = store.get("answer", id);
  const on = recalledOn(target);
  if (!kept || "fresh" in target.dataset || (on && kept.on !== on)) return;
  try {
    if (kept.print === print) target.restore(kept);
    else note(target, SAY.reworded);
  } catch {
    target.reset(); // an answer that this question cannot show, out of a file that somebody wrote
  }
});

document.addEventListener("book-answer", ({ target, detail: { id, ...answer } }) => {
  store.sync(); // another tab may have been first
  const old = store.get("answer", id);
  const before = old?.print === answer.print ? old : { best: 0 };
  const { score, response, hints } = answer;
  const first = before.first ?? { score, response, hints, at: Date.now() };
  const on = recalledOn(target);
  store.put("answer", id, { ...answer, first, best: Math.max(before.best, score), ...(on && { on }) });
  note(target, TROUBLE[store.state]);
});
