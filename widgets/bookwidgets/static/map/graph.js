// The graph of a concept map, read from its SVG, and what follows from it.

/** {links: the boxes, lines: [{path, from, to, light}], before, opens: neighbours of each box by its number}. */
function readGraph(svg) {
  const links = [...svg.querySelectorAll("a[data-id]")];
  const lines = [...svg.querySelectorAll(".bw-lines path")].map((path) => {
    const [from, to] = path.dataset.e.split(" ").map(Number);
    return { path, from, to, light: path.classList.contains("bw-light") };
  });
  const neighbours = (own, other) =>
    links.map((_, n) => lines.filter((line) => line[own] === n).map((line) => line[other]).sort((a, b) => a - b));
  return { links, lines, before: neighbours("to", "from"), opens: neighbours("from", "to") };
}

/** All that can be reached from box n, the nearest first: a Set of numbers without n. */
function reach(n, next) {
  const found = new Set([n]);
  for (const at of found) for (const other of next[at]) found.add(other); // a Set goes through what is added meanwhile
  found.delete(n);
  return found;
}

/**
 * What to learn next: boxes that are not mastered and all of whose prerequisites are. What no question asks about can
 * not be mastered; it is passed over, and opens what its own prerequisites open. `states` are those of mastery.js.
 */
function learnNext(states, before, most = 3) {
  const met = (n) => states[n] === "mastered" || (states[n] === "none" && before[n].every(met));
  const open = states.map((state, n) => ["new", "begun"].includes(state) && before[n].every(met));
  return [...open.keys()].filter((n) => open[n]).slice(0, most);
}
