// FSRS-6: when to ask again, after a grade from 1 (again) to 4 (easy).
//
// A memory has a stability S, the days after which the chance of recall has fallen to 90 %, and a difficulty D from 1
// to 10. Each review moves both; the next one is due when the chance of recall reaches 90 % again, which is S days
// later. While something is being learned, or learned again after it was forgotten, steps of minutes come before the
// first day.
// The formulas and the default parameters W are those that the FSRS project publishes as FSRS-6; states, steps and
// rounding are those of its Python package with its defaults, except that no chance is added to intervals ("fuzzing").
// A day is 24 hours since the last review, and a card is due at an instant: time zones make no difference.

const W = [
  0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483,
  0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];
const DECAY = -W[20];
const FACTOR = 0.9 ** (1 / DECAY) - 1; // so that R(S, S) = 0.9
const MINUTE = 60_000; // milliseconds
const DAY = 86_400_000;
const STEPS = { learning: [1, 10], relearning: [10] }; // minutes
const LONGEST = 36_500; // days
const [AGAIN, HARD, GOOD, EASY] = [1, 2, 3, 4];

const within = (low, value, high) => Math.min(Math.max(value, low), high);

/** The forgetting curve R(t, S) = (1 + FACTOR t / S)^DECAY: the chance of recall t days after a review. */
const recall = (t, s) => (1 + (FACTOR * t) / s) ** DECAY;

/** D0(G) = w4 - e^(w5 (G - 1)) + 1: the difficulty after a first grade G. */
const firstDifficulty = (grade) => W[4] - Math.exp(W[5] * (grade - 1)) + 1;

/** D'(D, G): D - w6 (G - 3) (10 - D) / 9, which changes less near 10, drawn towards D0(easy) by the share w7. */
function nextDifficulty(d, grade) {
  const damped = d - (W[6] * (grade - GOOD) * (10 - d)) / 9;
  return within(1, W[7] * firstDifficulty(EASY) + (1 - W[7]) * damped, 10);
}

/** S'(S, G) within a day: S e^(w17 (G - 3 + w18)) S^-w19, which only "again" may lower. */
function soonStability(s, grade) {
  const growth = Math.exp(W[17] * (grade - GOOD + W[18])) * s ** -W[19];
  return s * (grade === AGAIN ? growth : Math.max(growth, 1));
}

/** S'r(D, S, R, G), recalled: S (1 + e^w8 (11 - D) S^-w9 (e^(w10 (1 - R)) - 1), times w15 if hard, w16 if easy). */
function recalledStability(d, s, r, grade) {
  const bonus = { [HARD]: W[15], [EASY]: W[16] }[grade] ?? 1;
  return s * (1 + Math.exp(W[8]) * (11 - d) * s ** -W[9] * Math.expm1(W[10] * (1 - r)) * bonus);
}

/** S'f(D, S, R), forgotten: w11 D^-w12 ((S + 1)^w13 - 1) e^(w14 (1 - R)), at most S / e^(w17 w18). */
function forgottenStability(d, s, r) {
  const long = W[11] * d ** -W[12] * ((s + 1) ** W[13] - 1) * Math.exp(W[14] * (1 - r));
  return Math.min(long, s / Math.exp(W[17] * W[18]));
}

/** S and D after `grade`; `memory` is null before the first one. */
function remember(memory, grade, days) {
  if (!memory) return { stability: W[grade - 1], difficulty: within(1, firstDifficulty(grade), 10) };
  const { stability: s, difficulty: d } = memory;
  const r = recall(days, s);
  let stability = grade === AGAIN ? forgottenStability(d, s, r) : recalledStability(d, s, r, grade);
  if (days < 1) stability = soonStability(s, grade);
  return { stability: Math.max(0.001, stability), difficulty: nextDifficulty(d, grade) };
}

/**
 * The schedule {state, step, stability, difficulty, last, due} after `grade` at `now`, from the one before, or null.
 * `last` and `due` are instants in ms; `state` is "learning", "review" or "relearning", and `step`, the place among the
 * STEPS of a state, is null in review. A clock that went back counts as no time at all.
 */
function reviewed(before, grade, now) {
  const memory = remember(before, grade, before ? Math.floor((now - before.last) / DAY) : 0);
  let state = before?.state ?? "learning";
  if (state === "review" && grade === AGAIN) state = "relearning";
  const steps = STEPS[state] ?? [];
  const place = before?.step ?? 0;
  const step = { [AGAIN]: 0, [HARD]: place, [GOOD]: place + 1, [EASY]: steps.length }[grade];
  if (step >= steps.length) {
    const days = within(1, Math.round(memory.stability), LONGEST);
    return { ...memory, state: "review", step: null, last: now, due: now + days * DAY };
  }
  // "Hard" on the first step waits halfway to the second one.
  const minutes = grade === HARD && step === 0 ? (steps[0] + (steps[1] ?? 2 * steps[0])) / 2 : steps[step];
  return { ...memory, state, step, last: now, due: now + minutes * MINUTE };
}
