// How sure against how often right: a plot, and the same as a table. What it draws comes from parts/forecast.js.

const SVG = "http://www.w3.org/2000/svg";
const [SIDE, LEFT, TOP] = [240, 58, 12]; // of the square that is drawn in, in units of the viewBox

/** A number as the book's language writes it. */
function inWords(number, digits = 2) {
  return number.toLocaleString(document.documentElement.lang || "en", { maximumFractionDigits: digits });
}

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const across = (share) => LEFT + SIDE * share;
const up = (share) => TOP + SIDE * (1 - share);
const percentOf = (share) => `${inWords(100 * share, 0)} %`;

function axes() {
  const centred = { "text-anchor": "middle" };
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    drawn("text", { x: across(share), y: up(0) + 18, ...centred }, inWords(100 * share, 0)),
    drawn("text", { x: LEFT - 8, y: up(share) + 4, "text-anchor": "end" }, inWords(100 * share, 0)),
  ]);
  const middle = up(0.5);
  return [
    drawn("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE, class: "exam-frame" }),
    drawn("line", { x1: across(0), y1: up(0), x2: across(1), y2: up(1), class: "exam-ideal" }),
    ...ticks,
    drawn("text", { x: across(0.5), y: up(0) + 38, ...centred }, SAY.exam_axis_said),
    drawn("text", { x: 14, y: middle, ...centred, transform: `rotate(-90 14 ${middle})` }, SAY.exam_axis_right),
  ];
}

/** How sure a group was and how often it was right, with its interval; the larger the group, the larger the point. */
function mark({ n, said, right, low, high }) {
  return drawn(
    "g",
    { class: "exam-bin" },
    drawn("line", { x1: across(said), y1: up(low), x2: across(said), y2: up(high) }),
    drawn("circle", { cx: across(said), cy: up(right), r: 3 + Math.min(6, Math.sqrt(n)) }),
  );
}

function calibrationPlot(groups) {
  const viewBox = `0 0 ${LEFT + SIDE + 14} ${TOP + SIDE + 46}`;
  const picture = drawn("svg", { viewBox, role: "img", class: "exam-plot" });
  picture.setAttribute("aria-label", SAY.exam_plot);
  picture.append(...axes(), ...groups.map(mark));
  return picture;
}

/** A table with a caption; the first cell of each row names it. */
function table(caption, heads, rows) {
  const made = element("table", {}, element("caption", { textContent: caption }));
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col", textContent: text })));
  const lines = rows.map(([first, ...rest]) => {
    const cells = rest.map((content) => element("td", {}, content));
    return element("tr", {}, element("th", { scope: "row" }, first), ...cells);
  });
  made.append(element("thead", {}, head), element("tbody", {}, ...lines));
  return made;
}

/** What the forecasts of an exam come to, in words, as a plot and as a table. */
function calibration(forecasts) {
  const groups = bins(forecasts);
  const mean = (name) => forecasts.reduce((sum, forecast) => sum + forecast[name], 0) / forecasts.length;
  const [said, right] = [mean("percent") / 100, mean("right")];
  const words = { said: percentOf(said), right: percentOf(right), n: forecasts.length };
  const over = Math.round(100 * said) - Math.round(100 * right);
  const verdict = over > 0 ? SAY.exam_over : over < 0 ? SAY.exam_under : SAY.exam_even;
  const score = { brier: inWords(brier(forecasts), 3), naive: inWords(right * (1 - right), 3) };
  const heads = [SAY.exam_axis_said, SAY.exam_answers, SAY.exam_share_right, SAY.exam_interval];
  const rows = groups.map(({ from, to, n, right, low, high }) => [
    `${from} – ${to === 100 ? 100 : to - 1} %`,
    inWords(n),
    percentOf(right),
    `${percentOf(low)} – ${percentOf(high)}`,
  ]);
  return [
    element("p", {}, fill(SAY.exam_calibration, words), " ", fill(verdict, { points: Math.abs(over) })),
    element("p", { textContent: fill(SAY.exam_brier, score) }),
    calibrationPlot(groups),
    table(SAY.exam_bins, heads, rows),
    element("p", { className: "exam-small", textContent: SAY.exam_bins_rule }),
  ];
}
