// Time that has passed, told honestly although clocks are set, machines sleep and pages are closed.
//
// A clock is {limit, spent, wall}: milliseconds allowed (null: no limit) and spent, and the time of day when that
// was last reckoned up. `now` is {wall, steady}: the time of day, and the time since the page was opened, which
// nobody can set. While the exam is open,
//
//   where pauses are allowed    only time with the page in sight counts, by the steady clock
//   otherwise                   time away counts too, so the larger of both is taken: a steady clock may stop while a
//                               machine sleeps, and a clock that was put back must not give time

/** The clock after the time since `before`, a {wall, steady} of this page; null where this page has not looked yet. */
function reckon(clock, before, now, mayPause) {
  const steady = before ? now.steady - before.steady : 0;
  const passed = mayPause ? steady : Math.max(steady, now.wall - clock.wall);
  return { ...clock, spent: clock.spent + Math.max(0, passed), wall: now.wall };
}

function isOver({ limit, spent }) {
  return limit !== null && spent >= limit;
}

/** Of half the time, 10, 5 and 1 minutes the last one that the time left fell to between two moments; else null. */
function markPassed({ limit }, spentBefore, spentNow) {
  if (limit === null) return null;
  const minutes = [limit / 120000, 10, 5, 1].filter((mark) => mark <= limit / 120000 && mark >= 1);
  const passed = minutes.filter((mark) => limit - spentBefore > mark * 60000 && limit - spentNow <= mark * 60000);
  return passed.length > 0 && spentNow < limit ? Math.min(...passed) : null;
}

/** 75 s are "1:15", an hour is "1:00:00"; what has begun counts as a whole second. */
function clockFace(milliseconds) {
  const seconds = Math.ceil(Math.max(0, milliseconds) / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
