// Where the boxes of a concept map stand.

/** Where the box of a link is: {x, y, width, height}, as drawn at build, whether it can be seen now or not. */
function placeOf(link) {
  const rect = link.querySelector("rect");
  return Object.fromEntries(["x", "y", "width", "height"].map((name) => [name, Number(rect.getAttribute(name))]));
}

/** The numbers of the boxes in the row of box n, from left to right. */
function rowOf(links, n) {
  const places = links.map(placeOf);
  return [...places.keys()].filter((at) => places[at].y === places[n].y).sort((a, b) => places[a].x - places[b].x);
}

/** Which of the numbers `choices` is the box nearest to box n. */
function nearest(links, n, choices) {
  const middle = (at) => {
    const { x, y, width } = placeOf(links[at]);
    return [x + width / 2, y];
  };
  const [x, y] = middle(n);
  const far = (at) => Math.hypot(middle(at)[0] - x, middle(at)[1] - y);
  return [...choices].sort((a, b) => far(a) - far(b))[0];
}
