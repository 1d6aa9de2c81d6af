// Which questions an exam asks. The same bank, seed and settings give the same exam, in every browser, whatever the
// order in which chapters, concepts, levels and types were named; and a question keeps its place in line when others
// come or go.

/** Whether a question may be asked: of each list that names something it has to meet one. Cards are not graded. */
function isAsked({ type, chapter, concepts: about, level }, { chapters, concepts, levels, types }) {
  const meets = (wanted, value) => wanted.length === 0 || wanted.includes(value);
  return (
    type !== "flashcard" &&
    meets(chapters, chapter) &&
    meets(levels, level) &&
    meets(types, type) &&
    (concepts.length === 0 || about.some((concept) => concepts.includes(concept)))
  );
}

/**
 * The questions that draw alike: of one chapter, one level and the same concepts, as far as these were asked for.
 * Each group holds its questions in the order of chance, `taken` of which are drawn, and what one of them weighs:
 * 1 for its level, and 1 shared by its concepts.
 */
function groupsOf(questions, { concepts: wanted, seed }) {
  const groups = new Map();
  for (const question of questions) {
    const concepts = question.concepts.filter((id) => wanted.length === 0 || wanted.includes(id)).sort();
    const name = JSON.stringify([question.chapter, question.level, concepts]);
    if (!groups.has(name)) {
      const weights = [[`level ${question.level}`, 1], ...concepts.map((id) => [`concept ${id}`, 1 / concepts.length])];
      groups.set(name, { name, chapter: question.chapter, weights, taken: 0, line: [] });
    }
    groups.get(name).line.push({ question, key: hashed(`${seed}/${question.id}`) });
  }
  for (const { line } of groups.values()) line.sort(inLine);
  return [...groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** By chance; and by name, should two have the same luck. */
function inLine(a, b) {
  return a.key - b.key || (a.question.id < b.question.id ? -1 : 1);
}

/** How often each level and each concept is asked, and how uneven that is: the sum of the squares. */
class Tally {
  counts = new Map();

  add({ weights }, sign = 1) {
    for (const [name, weight] of weights) this.counts.set(name, (this.counts.get(name) ?? 0) + sign * weight);
  }

  /** What one more of a group would add to the unevenness. */
  cost({ weights }) {
    return weights.reduce((sum, [name, weight]) => sum + weight * (2 * (this.counts.get(name) ?? 0) + weight), 0);
  }
}

const LEAST = 1e-9; // an exchange has to gain more than rounding does

/** The cheapest group that has a question left; of equals the one whose next question comes first in line. */
function cheapest(groups, tally) {
  let best;
  let least = Infinity;
  for (const group of groups) {
    if (group.taken === group.line.length) continue;
    const cost = tally.cost(group);
    const equal = Math.abs(cost - least) <= LEAST;
    if (equal ? inLine(group.line[group.taken], best.line[best.taken]) < 0 : cost < least) {
      best = group;
      least = Math.min(cost, least);
    }
  }
  return best;
}

/** Take one question of each chapter in turn until there are enough: none gets two more than one that has some left. */
function takeInTurn(chapters, number, tally) {
  for (let left = number; left > 0; ) {
    for (const groups of chapters) {
      const group = left > 0 && cheapest(groups, tally);
      if (!group) continue;
      group.taken += 1;
      tally.add(group);
      left -= 1;
    }
  }
}

/** Exchange questions within a chapter as long as that makes levels and concepts more even. */
function even(chapters, tally) {
  for (let changed = true; changed; ) {
    changed = false;
    for (const groups of chapters) {
      for (const group of groups.filter(({ taken }) => taken > 0)) {
        tally.add(group, -1);
        const better = cheapest(groups, tally);
        const gains = better && tally.cost(group) - tally.cost(better) > LEAST;
        if (gains) {
          group.taken -= 1;
          better.taken += 1;
          changed = true;
        }
        tally.add(gains ? better : group);
      }
    }
  }
}

/**
 * The questions of an exam, in the order in which they are asked.
 *
 * @param questions  those of the book: {id, type, chapter, concepts, level}
 * @param settings   {seed, number, chapters, concepts, levels, types}; an empty list leaves the choice open
 */
function draw(questions, settings) {
  const pool = questions.filter((question) => isAsked(question, settings));
  const groups = groupsOf(pool, settings);
  const turn = (chapter) => hashed(`${settings.seed}//${chapter}`);
  const names = [...new Set(pool.map(({ chapter }) => chapter))].sort((a, b) => turn(a) - turn(b) || (a < b ? -1 : 1));
  const chapters = names.map((name) => groups.filter(({ chapter }) => chapter === name));
  const tally = new Tally();
  takeInTurn(chapters, Math.min(settings.number, pool.length), tally);
  even(chapters, tally);
  const drawn = groups.flatMap(({ line, taken }) => line.slice(0, taken));
  return drawn.sort(inLine).map(({ question }) => question);
}

/** Six letters and digits for an exam: who sees the same has the same questions, in the same wording. */
function codeOf(questions) {
  const names = questions.map(({ id, print }) => `${id}/${print}`).join(" ");
  return Math.floor(hashed(names) * 36 ** 6).toString(36).toUpperCase().padStart(6, "0");
}
