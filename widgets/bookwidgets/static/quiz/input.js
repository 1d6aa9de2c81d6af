// What is typed: numeric, text, and cloze, whose gaps may also be selects.

const HYPHENS = /[-\u2010-\u2015\u2212]/g; // and dashes, and the minus sign

/**
 * The number that a text means, else NaN. Decimal comma or point, any minus, thousands in groups of three,
 * 2e-5 and 2·10^-5, 1/3, a percent sign, and the question's unit at the end: "−1 234,5 nats" is -1234.5.
 */
function toNumber(text, unit = "") {
  const raised = (some) => some.replace(/[⁰¹²³⁴-⁹⁻]+/g, (power) => `^${power}`).normalize("NFKC"); // 10³ is not 103
  let rest = text.trim();
  for (const ending of [unit, unit.normalize("NFKC"), raised(unit)]) // m³, m3, m^3
    if (rest.toLowerCase().endsWith(ending.toLowerCase())) rest = rest.slice(0, rest.length - ending.length);
  rest = raised(rest)
    .trim()
    .replace(HYPHENS, "-")
    .replace(/(\d)\s(?=\d{3}(?!\d))/g, "$1") // 1 234
    .replace(/\s*([-+/^*×·])\s*/g, "$1")
    .replace(/(^|[-+/*×·])10\^/, "$11e") // 10^-3, 2·10^-3
    .replace(/[*×·]1e/, "e");
  const percent = /\s*%$/.test(rest);
  const [top, bottom = 1, ...more] = rest.replace(/\s*%$/, "").split("/").map(toDecimal);
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
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\.$/, "")
    .replace(/((?:^|[ (=])-(?=[.0-9]))|-/g, (_, sign) => sign ?? " ") // "-1" is not "1"
    .replace(/ +/g, " ")
    .trim();
  return keepCase ? level : level.toLowerCase();
}

function isOneOf(forms, text, keepCase) {
  return forms.some((form) => levelled(form, keepCase) === levelled(text, keepCase));
}

/** The share of gaps that are filled rightly. A gap has its accepted forms, or the one option that is right. */
function gradeGaps(gaps, texts) {
  return gaps.filter((gap, index) => fits(gap, texts[index])).length / gaps.length;
}

function fits({ forms, isSelect }, text) {
  return isSelect ? forms.includes(text) : isOneOf(forms, text, false);
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
  const { low, high, forms, case: keepCase } = value.dataset;
  const right = { low: Number(low), high: Number(high), forms: forms && JSON.parse(forms) };
  const rightNote = feedback(value, `${question.name}-right`);
  value.remove();
  const known = takeOut(question, ".bw-why").map((item, index) => {
    const { from = -Infinity, to = Infinity, forms } = item.dataset;
    const note = feedback(item, `${question.name}-${index}`, true);
    return { low: Number(from), high: Number(to), forms: forms && JSON.parse(forms), note };
  });
  const otherNote = feedback(element("li"), `${question.name}-other`);
  const notes = [rightNote, ...known.map(({ note }) => note), otherNote];
  const readAs = element("p", { className: "bw-read" });
  input.addEventListener("input", () => show(null));

  const holds = (answer, { value, text }) =>
    isNumeric ? gradeNumber(answer, value) : Number(isOneOf(answer.forms, text, keepCase !== undefined));
  const noteFor = (given) => known.find((answer) => holds(answer, given))?.note ?? otherNote;

  /** Show one note and no other. */
  function show(shown, state = "") {
    for (const note of notes) note.show(note === shown ? state : "");
    place.className = `bw-blank bw-${state}`;
    describe(input, shown ?? otherNote);
    readAs.hidden = true;
  }

  function reset() {
    Object.assign(input, { value: "", disabled: false });
    show(null);
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
    const score = holds(right, given);
    return { score, ideas: score === 1 ? [] : [noteFor(given).idea ?? []].flat() };
  }

  function mark(given) {
    const isRight = holds(right, given);
    const note = isRight ? rightNote : noteFor(given);
    show(note, isRight ? "right" : "wrong");
    if (isNumeric && Number(given.text) !== given.value) {
      const number = given.value.toLocaleString(document.documentElement.lang || "en", {
        maximumSignificantDigits: 6,
        useGrouping: false,
      });
      Object.assign(readAs, { hidden: false, textContent: fill(SAY.read_as, { value: number }) });
    }
    const sound = note.cloneNode(true);
    sound.firstElementChild.remove();
    return note === otherNote ? [] : [sound];
  }

  function reveal() {
    if (rightNote.hidden) show(rightNote, "other");
    input.disabled = true;
    return [rightNote];
  }

  return { nodes: [place, readAs, ...notes], reset, read, put, grade, mark, reveal };
}

/** Gaps in a text. */
function cloze(question) {
  const text = question.querySelector(".bw-cloze");
  const notes = takeOut(question, ".bw-why");
  const places = [...text.querySelectorAll(".bw-gap")].sort((a, b) => a.dataset.n - b.dataset.n);
  const gaps = places.map((place, index) => {
    const { options } = place.dataset;
    const field = options ? element("select") : element("input", { type: "text", spellcheck: false });
    if (options) field.append(new Option("…", ""), ...JSON.parse(options).map((option) => new Option(option)));
    field.ariaLabel = fill(SAY.gap, { n: index + 1, total: places.length });
    const forms = JSON.parse(notes[index].dataset.forms);
    const note = feedback(notes[index], `${question.name}-${index}`);
    const item = element("li", { value: index + 1 }, note);
    const gap = { place, field, forms, isSelect: Boolean(options), note, item };
    field.addEventListener("input", () => show(gap, ""));
    place.replaceChildren(field);
    return gap;
  });

  function show({ place, field, note, item }, state) {
    place.className = `bw-gap bw-${state}`;
    item.hidden = !state;
    note.show(state);
    describe(field, note);
  }

  /** Each note after the name of its gap. */
  const heard = (some) => some.flatMap(({ field, note }) => [new Text(field.ariaLabel), note]);

  function reset() {
    for (const gap of gaps) {
      Object.assign(gap.field, { value: "", disabled: false });
      show(gap, "");
    }
  }

  function read() {
    const texts = gaps.map(({ field }) => field.value.trim());
    return texts.some(Boolean) ? texts : SAY.write_first;
  }

  function put(texts) {
    gaps.forEach(({ field }, index) => (field.value = texts[index]));
  }

  function grade(texts) {
    const wrong = gaps.filter((gap, index) => texts[index] && !fits(gap, texts[index]));
    return { score: gradeGaps(gaps, texts), ideas: wrong.flatMap(({ note }) => note.idea ?? []) };
  }

  function mark(texts) {
    const filled = gaps.filter((_, index) => texts[index]);
    for (const gap of filled) {
      const ok = fits(gap, gap.field.value.trim());
      show(gap, ok ? "right" : "wrong");
      gap.field.disabled = ok;
    }
    return heard(filled);
  }

  function reveal() {
    for (const gap of gaps) {
      if (!gap.place.matches(".bw-right")) {
        show(gap, "other");
        gap.field.value = gap.forms[0];
      }
      gap.field.disabled = true;
    }
    return heard(gaps);
  }

  const list = element("ol", { className: "bw-notes" }, ...gaps.map(({ item }) => item));
  return { nodes: [text, list], reset, read, put, grade, mark, reveal };
}
