// A session: some cards of the deck, one at a time. It is kept in this tab, so that it survives a reload.
//
//   ids      the cards that were drawn        log      what was graded: {id, grade, before, at, reps}
//   minutes  when to end, or null             spent    ms so far; `ended`: whether its end was shown

const AHEAD = 20 * MINUTE; // what is being learned is asked again so much earlier when nothing else is left

/** Draw a session: first what is due, then new cards where room is left. `length` is "20", "10m" or "all". */
function drawSession(deck, now, perDay, length) {
  const all = [...dueCards(deck, now), ...newCards(deck, now, perDay)].map(({ id }) => id);
  const minutes = length.endsWith("m") ? Number.parseInt(length) : null;
  const cards = minutes || length === "all" ? all.length : Number(length);
  return { ids: all.slice(0, cards), log: [], minutes, spent: 0 };
}

/** The cards of a session that are still to come, the next one first. */
function cardsToCome({ ids }, deck, now) {
  const cardOf = new Map(deck.map((card) => [card.id, card]));
  const cards = ids.flatMap((id) => cardOf.get(id) ?? []);
  const isLearned = ({ kept }) => !kept || kept.state === "review";
  const byDue = (a, b) => a.kept.due - b.kept.due;
  const soon = cards.filter((card) => !isLearned(card) && card.kept.due <= now + AHEAD).sort(byDue);
  const others = cards.filter((card) => isLearned(card) && (!card.kept || dueTime(card.kept, now) <= now));
  return [...soon.filter(({ kept }) => kept.due <= now), ...others, ...soon.filter(({ kept }) => kept.due > now)];
}

const isTimeUp = ({ minutes, spent }) => minutes !== null && spent >= minutes * MINUTE;

/** The session that this tab keeps under a name, or null; there is none where a browser forbids storage. */
function readSession(name) {
  try {
    const session = JSON.parse(sessionStorage.getItem(name));
    return Array.isArray(session?.ids) && Array.isArray(session.log) ? session : null;
  } catch {
    return null;
  }
}

function writeSession(name, session) {
  try {
    if (session) sessionStorage.setItem(name, JSON.stringify(session));
    else sessionStorage.removeItem(name);
  } catch {
    // Full or forbidden: the grades are what matters, and the page says what becomes of them.
  }
}
