// What the script adds to the drawn map: signs of mastery, and flags on what comes before and what is opened.

const SIGN_AT = 12; // from the left edge of a box to the middle of its sign

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A ring that fills with mastery; a dash where nothing is asked. The middle is at 0, 0. */
function sign(state) {
  const group = drawn("g", { class: `bw-sign bw-${state}`, "aria-hidden": "true" });
  if (state === "none") group.append(drawn("path", { d: "M-4 0H4" }));
  else group.append(drawn("circle", { r: 5 }));
  if (state === "begun") group.append(drawn("path", { class: "bw-fill", d: "M0-5A5 5 0 0 0 0 5Z" }));
  if (state === "mastered") group.append(drawn("path", { class: "bw-tick", d: "M-2.5 0.2 -0.7 2 2.6-1.8" }));
  return group;
}

/** A sign for running text. */
function smallSign(state) {
  const svg = drawn("svg", { width: 14, height: 14, viewBox: "-7 -7 14 14", "aria-hidden": "true" }, sign(state));
  svg.classList.add("bw-small-sign");
  return svg;
}

/** Put a sign into the box of a link, in place of an older one. */
function putSign(link, state) {
  link.querySelector(".bw-sign")?.remove();
  const { x, y, height } = placeOf(link);
  const made = sign(state);
  made.setAttribute("transform", `translate(${x + SIGN_AT} ${y + height / 2})`);
  link.append(made);
}

/** Say how a box stands to the one that is lit: "here", "before", "opens" or "". */
function mark(link, role) {
  if ((link.dataset.role ?? "") === role) return;
  link.querySelector(".bw-flag")?.remove();
  if (role) link.dataset.role = role;
  else delete link.dataset.role;
  if (role !== "before" && role !== "opens") return;
  const { x, y, width } = placeOf(link);
  const arrow = role === "before" ? "M-4 2.5 0-4 4 2.5Z" : "M-4-2.5 0 4 4-2.5Z";
  const flag = drawn("g", { class: "bw-flag", "aria-hidden": "true" }, drawn("circle", { r: 8 }), drawn("path", { d: arrow }));
  flag.setAttribute("transform", `translate(${x + width - 3} ${y + 2})`);
  link.append(flag);
}
