// How sure a learner was, against how often that was right.
//
// A forecast is {percent, right}: how sure, from 0 to 100, that an answer is wholly right; and whether it was, 0 or 1.

const Z = 1.959964; // 95 % of a normal distribution lie within so many standard deviations

/** How sure one can say to be, in percent: from the share that blind guessing has up to 100. */
function certainties(options) {
  const guess = options > 0 ? Math.round(100 / options) : 0;
  const tens = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
  return [guess, ...tens.filter((percent) => percent > guess)];
}

/** The mean of (p - right)^2 (Brier 1950): 0 at best, 1 at worst, and 0.25 for "50 %" whatever is asked. */
function brier(forecasts) {
  const squares = forecasts.map(({ percent, right }) => (percent / 100 - right) ** 2);
  return squares.reduce((sum, square) => sum + square, 0) / forecasts.length;
}

/** A 95 % interval for a share of which k of n were seen (Wilson 1927): it stays within 0 and 1 however small n is. */
function wilson(k, n) {
  const middle = (k + Z ** 2 / 2) / (n + Z ** 2);
  const half = (Z / (n + Z ** 2)) * Math.sqrt((k * (n - k)) / n + Z ** 2 / 4);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** Forecasts by tens of percent: [{from, to, n, said, right, low, high}], said to high from 0 to 1; no empty ones. */
function bins(forecasts) {
  const ten = ({ percent }) => Math.min(9, Math.floor(percent / 10)); // 100 % goes with the nineties
  return Array.from({ length: 10 }, (_, bin) => {
    const some = forecasts.filter((forecast) => ten(forecast) === bin);
    const sum = (name) => some.reduce((all, forecast) => all + forecast[name], 0);
    const [low, high] = wilson(sum("right"), some.length);
    const means = { said: sum("percent") / 100 / some.length, right: sum("right") / some.length };
    return { from: 10 * bin, to: 10 * bin + 10, n: some.length, ...means, low, high };
  }).filter(({ n }) => n > 0);
}
