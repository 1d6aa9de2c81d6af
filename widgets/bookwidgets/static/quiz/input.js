// What is typed: numeric, text, and cloze, whose gaps may also be selects.

const HYPHENS = /[-\u2010-\u2015\u2212]/g; // and dashes, and the minus sign

/**
 * The number that a text means, else NaN. Decimal comma or point, any minus, thousands in groups of three,
 * 2e-5 and 2·10^-5, 1/3, a percent sign, and the question's unit at the end: "−1 234,5 nats" is -1234.5.
 */
function toNumber(text, unit = "") {
  const raised = (some) => some.replace(/[⁰¹²³⁴-⁹⁻]+/g, (power) => `^${power}`).normalize("NFKC"); // 10³ is not 103
  let rest = raised(text).trim();
  for (const ending of [unit.normalize("NFKC"), raised(unit)]) // m3, m^3
    if (rest.toLowerCase().endsWith(ending.toLowerCase())) rest = rest.slice(0, rest.length - ending.length);
  rest = rest
    .trim()
    .replace(HYPHENS, "-")
    .replace(/(\d)\s(?=\d{3}(?!\d))/g, "$1") // 1 234
    .replace(/\s*([-+/^*×·])\s*/g, "$1")
    .replace(/(^|[-+/*×·])10\^/, "$11e") // 10^-3, 2·10^-3
    .replace(/[*×·]1e/, "e");
  const [plain, percent] = rest.split(/\s*(%)$/);
  const [top, bottom = 1, ...more] = plain.split("/").map(toDecimal);
  const number = more.length > 0 ? NaN : top / bottom / (percent ? 100 : 1);
  return Number.isFinite(number) ? number : NaN;
}

/** One decimal number. Of two kinds of separators the last is the decimal one; one kind alone repeats only in groups. */
function toDecimal(text) {
  const groups = /^[-+]?\d{1,3}(?:(?:,\d{3})+(?=\.)|(?:\.\d{3})+(?=,)|(?:,\d{3}){2,}$|(?:\.\d{3}){2,}$)/;
  const plain = text.replace(groups, (whole) => whole.replace(/[.,]/g, "")).replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}

function gradeNumber({ low, high }, value) {
  return value >= low && value <= high ? 1 : 0;
}

/** A text without the differences of spelling that do not count: the same as `levelled` in bank/spelling.py. */
function levelled(text, keepCase) {
  const level = text
    .normalize("NFKC")
    .replace(/["'`\u2018-\u201f\u00ab\u00bb\u2039\u203a]/g, "")
    .replace(HYPHENS, "-")
    .replace(/\.\s*$/, "")
    .replace(/((?:^|[\s(=])-(?=[.0-9]))|-/g, (_, sign) => sign ?? " ") // "-1" is not "1"
    .replace(/\s+/g, " ")
    .trim();
  return keepCase ? level : level.toLowerCase();
}

function isOneOf(forms, text, keepCase) {
  return forms.some((form) => levelled(form, keepCase) === levelled(text, keepCase));
}

/** A field that takes a number or a few words. */
function blank(question) {
  const isNumeric = question.dataset.type === "numeric";
  const place = question.querySelector(".bw-blank");
  const { unit = "" } = place.dataset;
  const input = element("input", { type: "text", id: `${question.name}-input`, spellcheck: false });
  const label = element("label", { htmlFor: input.id, textContent: SAY.your_answer });
  place.replaceChildren(label, input, ...(unit && [element("span", { textContent: unit })]));

  const value = question.querySelector(".bw-value");
  value.remove();
  const keepCase = value.dataset.case !== undefined;
  // The right answer, the wrong ones that are recognised, and any other one.
  const [right, ...known] = [value, ...takeOut(question, ".bw-why")].map((entry, index) => {
    const { from = -Infinity, to = Infinity } = entry.dataset;
    const note = feedback(entry, `${question.name}-${index}`, index > 0);
    return { low: Number(from), high: Number(to), note };
  });
  const other = { note: feedback(element("li"), `${question.name}-other`) };
  const notes = [right, ...known, other].map(({ note }) => note);
  const readAs = element("p", { className: "bw-read" });
  input.addEventListener("input", () => showOnly(null));

  const holds = (answer, { value, text }) => (isNumeric ? gradeNumber(answer, value) : isOneOf(answer.note.forms, text, keepCase));
  const matching = (given) => [right, ...known].find((answer) => holds(answer, given)) ?? other;

  /** Show one note and no other. */
  function showOnly(shown, state = "") {
    for (const note of notes) note.show(note === shown ? state : "");
    place.className = `bw-blank bw-${state}`;
    describe(input, shown ?? other.note);
    readAs.hidden = true;
  }

  function reset() {
    Object.assign(input, { value: "", disabled: false });
    showOnly(null);
  }

  function read() {
    const text = input.value.trim();
    if (!text) return SAY.write_first;
    if (!isNumeric) return { text };
    const value = toNumber(text, unit);
    return Number.isNaN(value) ? fill(SAY.no_number, { text }) : { value, text };
  }

  function put({ text }) {
    input.value = text;
  }

  function grade(given) {
    const answer = matching(given);
    return { score: Number(answer === right), ideas: [answer.note.idea ?? []].flat() };
  }

  function mark(given) {
    const answer = matching(given);
    showOnly(answer.note, answer === right ? "right" : "wrong");
    if (isNumeric && Number(given.text) !== given.value) {
      const number = given.value.toLocaleString(document.documentElement.lang || "en", {
        maximumSignificantDigits: 6,
        useGrouping: false,
      });
      Object.assign(readAs, { hidden: false, textContent: fill(SAY.read_as, { value: number }) });
    }
    return answer === other ? [] : [withoutVerdict(answer.note)];
  }

  function reveal() {
    if (right.note.hidden) showOnly(right.note, "other");
    input.disabled = true;
    return [right.note];
  }

  return { nodes: [place, readAs, ...notes], reset, read, put, grade, mark, reveal };
}

/** Gaps in a text. */
function cloze(question) {
  const text = question.querySelector(".bw-cloze");
  const notes = takeOut(question, ".bw-why");
  const places = [...text.querySelectorAll(".bw-gap")].sort((a, b) => a.dataset.n - b.dataset.n);
  const gaps = places.map((place, key) => {
    const { options } = place.dataset;
    const field = options ? element("select") : element("input", { type: "text", spellcheck: false });
    if (options) field.append(new Option("…", ""), ...JSON.parse(options).map((option) => new Option(option)));
    field.ariaLabel = fill(SAY.gap, { n: key + 1, total: places.length });
    place.replaceChildren(field);
    const note = feedback(notes[key], `${question.name}-${key}`);
    return { place, kind: "bw-gap", field, note, key, name: new Text(field.ariaLabel), forms: note.forms, isSelect: Boolean(options) };
  });

  function read() {
    const texts = gaps.map(({ field }) => field.value.trim());
    return texts.some(Boolean) ? texts : SAY.write_first;
  }

  const list = element("ol", { className: "bw-notes" }, ...gaps.map(({ note }) => element("li", {}, note)));
  return { ...fields(gaps), nodes: [text, list], read };
}
