// The settings of an exam, and the address that carries them to a class.
//
//   {seed, number, minutes (0: no limit), pause, confidence, chapters, concepts, levels, types}
//
// An empty list leaves the choice open. How much extra time somebody has is nobody else's business, and not in there.

const LEVELS = ["remember", "understand", "apply", "analyze", "evaluate"];
const TYPES = ["choice", "multi", "spot", "match", "categorize", "order", "numeric", "text", "cloze", "tokens", "free"];
const LISTS = ["chapters", "concepts", "levels", "types"];
const MOST = { number: 200, minutes: 600 };

/** What may be chosen, as {list name: [value, ..]}, in the order of the book. */
function choicesIn({ chapters, concepts, questions }) {
  const asked = questions.filter(({ type }) => type !== "flashcard");
  const seen = (valuesOf) => new Set(asked.flatMap(valuesOf));
  const [inChapter, about] = [seen(({ chapter }) => chapter), seen((question) => question.concepts)];
  const [levels, types] = [seen(({ level }) => level), seen(({ type }) => type)];
  return {
    chapters: chapters.map(({ slug }) => slug).filter((slug) => inChapter.has(slug)),
    concepts: concepts.map(({ id }) => id).filter((id) => about.has(id)),
    levels: LEVELS.filter((level) => levels.has(level)),
    types: TYPES.filter((type) => types.has(type)),
  };
}

/** Values that a list offers, in its order; none where they are all of them, which leaves the choice open. */
function chosen(values, offered) {
  const some = offered.filter((value) => values.includes(value));
  return some.length === offered.length ? [] : some;
}

/** A whole number from 1 (or `least`) to the most that makes sense. */
function bounded(name, value, least = 1) {
  const number = Math.round(Number(value));
  return Number.isFinite(number) ? Math.min(MOST[name], Math.max(least, number)) : undefined;
}

/** The part of an address behind the #: what is left open is not written, and the order of lists says nothing. */
function writeSettings(settings, code) {
  const { seed, number, minutes, pause, confidence } = settings;
  const words = { seed, n: number, minutes, pause: Number(pause), sure: Number(confidence) };
  for (const name of LISTS) if (settings[name].length > 0) words[name] = [...settings[name]].sort().join(" ");
  return `exam&${new URLSearchParams({ ...words, code })}`;
}

/**
 * What an address says, over `settings`: {settings, code, unknown}, where `unknown` lists what this book does not have;
 * null where the address is about something else.
 */
function readSettings(hash, settings, choices) {
  if (!/^#?exam&/.test(hash)) return null;
  const said = new URLSearchParams(hash.replace(/^#?exam&/, ""));
  const unknown = [];
  const read = { ...settings };
  for (const name of LISTS) {
    const values = (said.get(name) ?? "").split(/\s+/).filter(Boolean);
    unknown.push(...values.filter((value) => !choices[name].includes(value)));
    read[name] = chosen(values, choices[name]);
  }
  read.seed = said.get("seed")?.trim().slice(0, 40) || settings.seed;
  read.number = bounded("number", said.get("n") ?? NaN) ?? settings.number;
  read.minutes = bounded("minutes", said.get("minutes") ?? NaN, 0) ?? settings.minutes;
  const yes = (name, fallback) => (said.has(name) ? said.get(name) === "1" : fallback);
  read.pause = yes("pause", settings.pause);
  read.confidence = yes("sure", settings.confidence);
  return { settings: read, code: said.get("code") ?? "", unknown };
}
