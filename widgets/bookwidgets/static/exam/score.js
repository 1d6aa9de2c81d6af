// What an exam comes to: points, and what to read again first.
//
// An outcome is {id, chapter, concepts, level, score}. The score runs from 0 to 1 and is null where a question does not
// count: it was edited or dropped during the exam, or waits for the learner to grade it.

const ENOUGH = 0.7; // a concept with a smaller share of its points is to be read again

/** Points over a list of outcomes: {points, of}. */
function total(outcomes) {
  const scores = outcomes.map(({ score }) => score).filter((score) => score !== null);
  return { points: scores.reduce((sum, score) => sum + score, 0), of: scores.length };
}

/** Points by "chapter", "concepts" or "level": {key: {points, of}}. An outcome counts for each of its concepts. */
function totals(outcomes, name) {
  const sums = {};
  for (const outcome of outcomes) {
    if (outcome.score === null) continue;
    for (const key of [outcome[name]].flat()) {
      sums[key] ??= { points: 0, of: 0 };
      sums[key].points += outcome.score;
      sums[key].of += 1;
    }
  }
  return sums;
}

/** What must come before each concept, at any distance: {id: Set of ids}. Concepts are [{id, after: [id, ..]}]. */
function ancestors(concepts) {
  const direct = Object.fromEntries(concepts.map(({ id, after }) => [id, after]));
  const known = {};
  const before = (id) => {
    known[id] ??= new Set((direct[id] ?? []).flatMap((earlier) => [earlier, ...before(earlier)]));
    return known[id];
  };
  for (const { id } of concepts) before(id);
  return known;
}

/** The number of steps on the longest way to each concept, as {id: n}: 0 for what needs nothing before it. */
function depths(concepts) {
  const direct = Object.fromEntries(concepts.map(({ id, after }) => [id, after]));
  const known = {};
  const depth = (id) => {
    known[id] ??= Math.max(0, ...(direct[id] ?? []).map((earlier) => 1 + depth(earlier)));
    return known[id];
  };
  for (const { id } of concepts) depth(id);
  return known;
}

/**
 * The concepts to read again, the most basic first: [{id, opens: [id, ..]}], where `opens` are those of the list that
 * build on it. Of equally basic ones the one on which more of the list builds comes first, then the order of the book.
 */
function whereToBegin(concepts, sums) {
  const weak = concepts.filter(({ id }) => sums[id] && sums[id].points < ENOUGH * sums[id].of).map(({ id }) => id);
  const before = ancestors(concepts);
  const depth = depths(concepts);
  const list = weak.map((id) => ({ id, opens: weak.filter((other) => before[other].has(id)) }));
  return list.sort((a, b) => depth[a.id] - depth[b.id] || b.opens.length - a.opens.length); // sort is stable
}
