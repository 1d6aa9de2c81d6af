// How sure the learner was, and how often that was right: over all exams, and day by day.

/** What was said in exams, as parts/forecast.js wants it, and when; what an imported file made up is left out. */
function forecasts() {
  const all = Object.entries(bookStore.all("forecast"));
  return all.flatMap(([key, { confidence, right }]) => {
    const fits = confidence >= 0 && confidence <= 1 && [0, 1].includes(right);
    return fits ? [{ percent: 100 * confidence, right, at: bookStore.at("forecast", key) }] : [];
  });
}

/** The latest days with forecasts, each with its means and its Brier score. */
function dayByDay(all) {
  const days = {};
  for (const one of all.sort((a, b) => b.at - a.at)) {
    (days[dayOf(one.at)] ??= []).push(one);
  }
  const rows = Object.entries(days).slice(0, 20).map(([day, some]) => {
    const mean = (name) => some.reduce((sum, one) => sum + one[name], 0) / some.length;
    return [day, inWords(some.length), percentOf(mean("percent") / 100), percentOf(mean("right")), inWords(brier(some), 3)];
  });
  const heads = [SAY.progress_day, SAY.exam_answers, SAY.exam_axis_said, SAY.exam_share_right, SAY.progress_brier];
  const scrolls = element("div", { className: "bw-scrolls", tabIndex: 0 }, table(SAY.progress_days, heads, rows));
  scrolls.setAttribute("role", "region");
  scrolls.setAttribute("aria-label", SAY.progress_days);
  return scrolls;
}

function sureness() {
  const all = forecasts();
  const rule = element("p", { textContent: SAY.progress_sure_rule });
  return all.length ? [rule, ...calibration(all), dayByDay(all)] : [rule, element("p", { textContent: SAY.progress_no_forecast })];
}
