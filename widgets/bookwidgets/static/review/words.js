// How times are said, and small things to build with.

const language = document.documentElement.lang || "en";
const UNITS = [
  ["year", 365.25 * DAY],
  ["month", 30.4375 * DAY],
  ["day", DAY],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
];

/** A span of time in ms: 10 minutes, 8 days, 2.5 months. */
function spell(ms) {
  const [unit, size] = UNITS.find(([, size]) => ms >= size) ?? UNITS.at(-1);
  const maximumFractionDigits = ["year", "month"].includes(unit) ? 1 : 0;
  const style = { style: "unit", unit, unitDisplay: "long", maximumFractionDigits };
  return new Intl.NumberFormat(language, style).format(ms / size);
}

/** When something comes: in 9 minutes, in 3 hours, tomorrow, on a date. Days end at the reader's midnight. */
function when(time, now) {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const minutes = Math.max(1, Math.ceil((time - now) / MINUTE));
  const days = Math.round((startOfDay(time) - startOfDay(now)) / DAY);
  if (minutes < 60) return relative.format(minutes, "minute");
  if (days < 1) return relative.format(Math.round(minutes / 60), "hour");
  if (days < 30) return relative.format(days, "day");
  return new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(time);
}

const gradeNames = () => [SAY.again, SAY.hard, SAY.good, SAY.easy];

function button(text, action, className = "") {
  const made = element("button", { type: "button", textContent: text, className: `rv-button ${className}` });
  made.addEventListener("click", action);
  return made;
}

/** A list of names with their values. "simple" keeps the theme from setting it as a glossary. */
function table(entries) {
  const rows = entries.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  return element("dl", { className: "rv-table simple" }, ...rows);
}

/** A line that is read aloud when its text changes. */
function spoken(className) {
  const region = element("p", { className });
  region.setAttribute("role", "status");
  return region;
}

/** Scroll until both can be seen, and where there is no room for both, the second. */
function bringIntoView(...parts) {
  for (const part of parts) part.scrollIntoView({ block: "nearest" });
}
