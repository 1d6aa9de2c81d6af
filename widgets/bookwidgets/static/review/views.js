// What stands before and after a session.

/** A choice of how long a session is: cards, minutes, or all that is due. */
function lengthChoice(review) {
  const { cards } = review.dataset;
  const numbers = [...new Set([10, 20, 50, Number(cards)])].sort((a, b) => a - b);
  const choices = numbers.map((n) => [String(n), fill(SAY.review_cards, { n })]);
  choices.push(...[5, 10, 20].map((n) => [`${n}m`, fill(SAY.review_minutes, { n })]), ["all", SAY.review_all]);
  const select = element("select", {}, ...choices.map(([value, text]) => new Option(text, value)));
  select.value = review.setting("length", cards);
  if (!select.value) select.value = cards; // the setting of another version
  select.addEventListener("change", () => review.set("length", select.value));
  return select;
}

/** How many cards a day come in as new. */
function perDayChoice(review) {
  const field = element("input", { type: "number", min: 0, max: 999, value: review.perDay });
  field.addEventListener("change", () => {
    if (field.value && field.checkValidity()) review.set("new", field.valueAsNumber);
    else field.value = review.perDay;
  });
  return field;
}

/** A chapter with a tick where its cards take part. */
function chapterRow(review, { slug, title }) {
  const input = element("input", { type: "checkbox" });
  const count = element("small");
  input.addEventListener("change", () => {
    review.set("chapters", { ...review.setting("chapters", {}), [slug]: input.checked });
  });
  const item = element("li", {}, element("label", {}, input, " ", element("span", {}, title)), " ", count);

  function refresh(deck) {
    const here = review.bank.questions.filter(({ chapter }) => chapter === slug);
    const n = here.filter(({ type }) => type === "flashcard").length;
    const missed = deck.filter(({ question: { chapter, type } }) => chapter === slug && type !== "flashcard").length;
    input.checked = takingPart(review.bank).has(slug);
    count.textContent = fill(missed > 0 ? SAY.review_in_chapter_missed : SAY.review_in_chapter, { n, missed });
  }

  return { item, refresh };
}

/** What the deck is made of: {details, refresh}. */
function deckChoice(review) {
  const rows = review.bank.chapters.map((chapter) => chapterRow(review, chapter));
  const perDay = perDayChoice(review);
  const gone = element("p");
  const details = element(
    "details",
    { className: "rv-deck" },
    element("summary", { textContent: SAY.review_deck }),
    element("p", { textContent: SAY.review_deck_rule }),
    element("ul", {}, ...rows.map(({ item }) => item)),
    element("p", {}, element("label", {}, SAY.review_per_day, " ", perDay)),
    gone,
  );

  function refresh(deck) {
    for (const row of rows) row.refresh(deck);
    if (perDay !== document.activeElement) perDay.value = review.perDay;
    const known = new Set(review.everyId);
    const n = Object.keys(bookStore.all("card")).filter((id) => !known.has(id)).length;
    gone.textContent = fill(SAY.review_dropped, { n });
    gone.hidden = n === 0;
  }

  return { details, refresh };
}

/** What is due, and a session to start: {nodes, refresh}. */
function overviewOf(review) {
  const select = lengthChoice(review);
  const start = element("button", { className: "rv-button rv-main", textContent: SAY.review_start });
  const label = element("label", {}, SAY.review_length, " ", select);
  const form = element("form", { className: "rv-start" }, label, start);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    review.start(select.value);
  });
  const counts = element("div");
  const next = element("p");
  const deck = deckChoice(review);

  function refresh() {
    const now = Date.now();
    const cards = deckOf(review.bank);
    const found = countsOf(cards, now, review.perDay);
    const due = [[SAY.review_due, found.now], [SAY.review_today, found.today], [SAY.review_later, found.later]];
    const fresh = [[SAY.review_fresh, found.freshToday], [SAY.review_fresh_later, found.fresh - found.freshToday]];
    counts.replaceChildren(table([...due, ...fresh]));
    start.disabled = found.now + found.freshToday === 0;
    next.hidden = !start.disabled;
    const nextOne = found.next ? fill(SAY.review_next_at, { when: when(found.next, now) }) : SAY.review_no_more;
    next.textContent = cards.length > 0 ? nextOne : SAY.review_empty;
    deck.refresh(cards);
  }

  return { nodes: [counts, next, form, deck.details], refresh };
}

/** How many of some times come today, tomorrow, within a week and later. */
function spread(times, now) {
  const tomorrow = endOfDay(now);
  const names = [SAY.review_today, SAY.review_tomorrow, SAY.review_week, SAY.review_after];
  const ends = [tomorrow, endOfDay(tomorrow), endOfDay(now + 7 * DAY), Infinity];
  const counts = ends.map((end) => times.filter((time) => time < end).length);
  return names.map((name, k) => [name, counts[k] - (counts[k - 1] ?? 0)]);
}

/** What was done in a session, and when it comes back. */
function endOf(review) {
  const now = Date.now();
  const { log, spent } = review.session;
  const title = element("p", { className: "rv-title", tabIndex: -1, textContent: SAY.review_over });
  const done = fill(SAY.review_summary, { n: log.length, time: spell(Math.max(spent, MINUTE)) });
  const grades = gradeNames().map((name, index) => [name, log.filter(({ grade }) => grade === index + 1).length]);
  const times = [...new Set(log.map(({ id }) => id))].flatMap((id) => keptCard(id)?.due ?? []);
  const undo = button(SAY.review_undo, () => review.undo());
  const leave = () => {
    review.say("");
    review.toOverview();
  };
  const back = button(SAY.review_back, leave, "rv-main");
  return [
    title,
    element("p", { textContent: done }),
    table(grades),
    element("p", { textContent: SAY.review_back_when }),
    table(spread(times, now)),
    element("div", { className: "rv-below" }, back, undo),
  ];
}
