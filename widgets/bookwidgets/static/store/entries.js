// What is kept, as entries: {kind: {key: [at, value or null]}}. Checking and merging, without the place where it is kept.

const FORMAT = 1;
const MIGRATIONS = {}; // MIGRATIONS[n] makes entries of format n + 1 out of those of format n
const LAST = 4102444800000; // the year 2100: a time beyond it is damage, and could not be followed by a later one

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isTime = (at) => Number.isInteger(at) && at >= 0 && at <= LAST;
const isEntry = (entry) => Array.isArray(entry) && isTime(entry[0]) && (entry[1] === null || isObject(entry[1]));
const isStore = (data) => isObject(data) && Number.isInteger(data.format) && data.format > 0 && isObject(data.entries);
const empty = () => Object.create(null); // a question may be called "constructor"
const random = () => Math.random().toString(36).slice(2, 10);

function parse(text) {
  return JSON.parse(text, (key, value) => (key === "__proto__" ? undefined : value));
}

/** Whether an entry takes the place of another: a total order, so that merging in any order ends in the same. */
function wins([at, value], other) {
  if (!other || at !== other[0]) return !other || at > other[0];
  return JSON.stringify(value) > JSON.stringify(other[1]);
}

/** Put entries into others; returns the keys that this changed, by kind. */
function merge(into, entries) {
  const changed = empty();
  for (const [kind, some] of Object.entries(entries)) {
    const mine = (into[kind] ??= empty());
    for (const [key, entry] of Object.entries(some)) {
      if (!wins(entry, mine[key])) continue;
      mine[key] = entry;
      (changed[kind] ??= []).push(key);
    }
  }
  return changed;
}

/** What makes sense of a store's entries, in today's format, and the names of what does not. */
function sift({ format, entries }) {
  let today = entries;
  for (let n = format; n < FORMAT; n++) today = MIGRATIONS[n](today);
  const sound = empty();
  const broken = [];
  for (const [kind, some] of Object.entries(today)) {
    sound[kind] = empty();
    if (!isObject(some)) broken.push(kind);
    else {
      for (const [key, entry] of Object.entries(some)) {
        if (isEntry(entry)) sound[kind][key] = entry;
        else broken.push(`${kind}/${key}`);
      }
    }
  }
  return { sound, broken };
}

/** What was kept, or nothing where there is nothing; as much of it as makes sense where it is damaged. */
function read(text, learner) {
  if (text === null) return { learner: "", sound: empty(), broken: [] };
  try {
    const data = parse(text);
    if (!isStore(data)) throw new TypeError("not a store");
    return data.format > FORMAT ? data : { learner: String(data.learner ?? learner), ...sift(data) };
  } catch {
    return { learner, sound: empty(), broken: [""] };
  }
}
