// The form that sets an exam up.

const LEVEL_NAMES = {
  remember: SAY.exam_remember,
  understand: SAY.exam_understand,
  apply: SAY.exam_apply,
  analyze: SAY.exam_analyze,
  evaluate: SAY.exam_evaluate,
};
const TYPE_NAMES = {
  choice: SAY.exam_choice,
  multi: SAY.exam_multi,
  spot: SAY.exam_spot,
  match: SAY.exam_match,
  categorize: SAY.exam_categorize,
  order: SAY.exam_order,
  numeric: SAY.exam_numeric,
  text: SAY.exam_text,
  cloze: SAY.exam_cloze,
  tokens: SAY.exam_tokens,
  free: SAY.exam_free,
};
const FACTORS = [1, 1.25, 1.5, 2];

const randomSeed = () => String(Math.floor(1e5 + 9e5 * Math.random()));

function button(text, action, properties = {}) {
  const made = element("button", { type: "button", textContent: text, ...properties });
  made.addEventListener("click", action);
  return made;
}

function labelled(text, control, hint = "") {
  const label = element("label", {}, element("span", { textContent: text }), control);
  if (hint) label.append(element("small", { textContent: hint }));
  return label;
}

/** Boxes to tick, in a group that opens and closes; its title says how many are ticked. */
function checklist(title, entries) {
  const boxes = entries.map(({ value, text, note }) => {
    const input = element("input", { type: "checkbox", value });
    return { input, label: element("label", {}, input, element("span", { textContent: `${text} ${note}` })) };
  });
  const state = element("span");
  const fieldset = element("fieldset", {}, element("legend", { textContent: title }));
  const all = (checked) => {
    for (const { input } of boxes) input.checked = checked;
    fieldset.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const buttons = [button(SAY.exam_all, () => all(true)), button(SAY.exam_none, () => all(false))];
  fieldset.append(element("div", { className: "exam-row" }, ...buttons), ...boxes.map(({ label }) => label));
  const summary = element("summary", {}, `${title}: `, state);
  const ticked = () => boxes.filter(({ input }) => input.checked).map(({ input }) => input.value);
  return {
    node: element("details", {}, summary, fieldset),
    /** Nothing is left out where all are ticked. */
    read: () => (ticked().length === boxes.length ? [] : ticked()),
    isEmpty: () => ticked().length === 0,
    put: (values) => {
      for (const { input } of boxes) input.checked = values.length === 0 || values.includes(input.value);
    },
    update: () => {
      const n = ticked().length;
      state.textContent = n === boxes.length ? SAY.exam_all_of_them : fill(SAY.exam_some, { n, total: boxes.length });
    },
  };
}

function checklists({ bank, choices }) {
  const asked = bank.questions.filter(({ type }) => type !== "flashcard");
  const count = (holds) => `(${asked.filter(holds).length})`;
  const titles = (some, name) => Object.fromEntries(some.map((one) => [one[name], one.title]));
  const [chapters, concepts] = [titles(bank.chapters, "slug"), titles(bank.concepts, "id")];
  const entries = (name, texts, holds) =>
    choices[name].map((value) => ({ value, text: texts[value], note: count((question) => holds(question, value)) }));
  return {
    chapters: checklist(SAY.exam_chapters, entries("chapters", chapters, ({ chapter }, slug) => chapter === slug)),
    concepts: checklist(SAY.exam_concepts, entries("concepts", concepts, (one, id) => one.concepts.includes(id))),
    levels: checklist(SAY.exam_levels, entries("levels", LEVEL_NAMES, (question, level) => question.level === level)),
    types: checklist(SAY.exam_types, entries("types", TYPE_NAMES, (question, type) => question.type === type)),
  };
}

/** The fields that are no lists. */
function fields() {
  const numberField = (name, min) => element("input", { type: "number", min, max: MOST[name], required: true });
  const named = (factor) => (factor === 1 ? SAY.exam_no_extra : `× ${inWords(factor)}`);
  const factors = FACTORS.map((factor) => new Option(named(factor), factor));
  return {
    number: numberField("number", 1),
    minutes: numberField("minutes", 0),
    factor: element("select", {}, ...factors, new Option(SAY.exam_no_limit, 0)),
    pause: element("input", { type: "checkbox" }),
    confidence: element("input", { type: "checkbox" }),
    seed: element("input", { type: "text", maxLength: 40, required: true, spellcheck: false }),
    link: element("input", { type: "text", readOnly: true }),
  };
}

/**
 * The form. `exam` has bank and choices; `asked` is {settings, code, unknown, factor}, where code names the exam that a
 * link promised; `begin(settings, questions, factor)` starts.
 */
function setupForm(exam, asked, begin) {
  const lists = checklists(exam);
  const field = fields();
  const said = element("p", { className: "exam-said" });
  said.setAttribute("role", "status");
  const warning = element("p", { className: "exam-warning", hidden: true });
  const start = element("button", { type: "submit", className: "exam-main", textContent: SAY.exam_begin });
  const copied = element("span");
  copied.setAttribute("role", "status");
  let drawn = [];
  let promised = asked.code;

  const read = () => ({
    seed: field.seed.value.trim() || asked.settings.seed,
    number: bounded("number", field.number.value || NaN) ?? asked.settings.number,
    minutes: bounded("minutes", field.minutes.value || NaN, 0) ?? 0,
    pause: field.pause.checked,
    confidence: field.confidence.checked,
    ...Object.fromEntries(LISTS.map((name) => [name, lists[name].read()])),
  });

  function put(settings) {
    for (const name of ["seed", "number", "minutes"]) field[name].value = settings[name];
    for (const name of ["pause", "confidence"]) field[name].checked = settings[name];
    for (const name of LISTS) lists[name].put(settings[name]);
    field.factor.value = asked.factor;
  }

  function update() {
    const settings = read();
    const isEmpty = LISTS.some((name) => lists[name].isEmpty());
    const pool = isEmpty ? [] : exam.bank.questions.filter((question) => isAsked(question, settings));
    drawn = isEmpty ? [] : draw(pool, settings);
    for (const list of Object.values(lists)) list.update();
    const code = codeOf(drawn);
    const time = timeInWords(settings.minutes * field.factor.value);
    const words = { n: drawn.length, pool: pool.length, code, time };
    said.textContent = drawn.length > 0 ? fill(SAY.exam_will_be, words) : SAY.exam_nothing;
    start.disabled = drawn.length === 0;
    const differs = promised && promised !== code;
    const unknown = asked.unknown.length > 0 ? `${fill(SAY.exam_unknown, { names: asked.unknown.join(", ") })} ` : "";
    warning.textContent = unknown + (differs ? fill(SAY.exam_other_code, { promised, code }) : "");
    warning.hidden = !warning.textContent;
    field.link.value = `${location.href.replace(/#.*/, "")}#${writeSettings(settings, code)}`;
  }

  const form = element("form", { className: "exam-setup", autocomplete: "off" });
  const row = (...children) => element("div", { className: "exam-row" }, ...children);
  const another = button(SAY.exam_other_seed, () => {
    field.seed.value = randomSeed();
    changed();
  });
  const copy = button(SAY.exam_copy, async () => {
    field.link.select();
    const done = await navigator.clipboard?.writeText(field.link.value).then(() => true, () => false);
    copied.textContent = done ? SAY.exam_copied : SAY.exam_copy_yourself;
  });
  const share = element("details", {}, element("summary", { textContent: SAY.exam_share }));
  share.append(
    element("p", { textContent: SAY.exam_share_why }),
    row(labelled(SAY.exam_seed, field.seed), another),
    row(labelled(SAY.exam_link, field.link), copy, copied),
  );
  form.append(
    lists.chapters.node, lists.concepts.node, lists.levels.node, lists.types.node,
    row(labelled(SAY.exam_number, field.number), labelled(SAY.exam_minutes, field.minutes, SAY.exam_minutes_hint)),
    row(labelled(SAY.exam_extra, field.factor, SAY.exam_extra_hint)),
    element("label", { className: "exam-tick" }, field.pause, element("span", { textContent: SAY.exam_may_pause })),
    element("label", { className: "exam-tick" }, field.confidence, element("span", { textContent: SAY.exam_ask_sure })),
    share, warning, said, row(start),
  ); // prettier-ignore

  /** What a link promised holds for its own settings only. */
  function changed() {
    promised = "";
    copied.textContent = "";
    update();
  }
  form.addEventListener("input", ({ target }) => target !== field.factor ? changed() : update());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin(read(), drawn, Number(field.factor.value));
  });
  put(asked.settings);
  lists.chapters.node.open = true;
  update();
  return form;
}

function timeInWords(minutes) {
  return minutes > 0 ? fill(SAY.exam_minutes_n, { n: inWords(minutes, 0) }) : SAY.exam_without_limit;
}
