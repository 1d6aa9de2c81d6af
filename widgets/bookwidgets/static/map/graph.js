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
 * not be mastered; it is passed over, and opens what its own prerequisites open. `states` are those of mastery.js, and
 * `order` holds the numbers of all boxes in the order in which the book defines them.
 */
function learnNext(states, before, order, most = 3) {
  const met = (n) => states[n] === "mastered" || (states[n] === "none" && before[n].every(met));
  return order.filter((n) => ["new", "begun"].includes(states[n]) && before[n].every(met)).slice(0, most);
}
