// What is done, where the learner is anyway: a line below a chapter's title, ticks in the table of contents, and on the
// landing page a link to go on.
//
// A chapter knows its own questions. What the table of contents shows of the other chapters are their counts as they
// were seen last: kind "chapter", {done, total} by the page's path. The progress page, which knows all, brings them up to
// date (parts/mastery.js does the counting). Kind "place" is where the learner was: {href, title, section}.
//
// SAY, the strings of the book's language, parts/dom.js and parts/mastery.js are put in front of this file.

const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);

/** The path of a page of this site, as seen from its root and without its ending. */
function pathOf(address) {
  return new URL(address, location.href).pathname.slice(root.pathname.length).replace(/\.html$/, "");
}

/** This chapter's own questions, each once; those of others that it asks again are counted there. */
function questionsHere() {
  const all = [...document.querySelectorAll("book-question:not([data-fresh], .bw-recall *)")].map(({ dataset }) => dataset);
  return [...new Map(all.map((data) => [data.id, data])).values()];
}

function count(line) {
  const questions = questionsHere();
  const [done, total] = [questions.filter((question) => stateOf(question) === "done").length, questions.length];
  if (total === 0) return; // all of them are of other chapters
  const known = bookStore.get("chapter", pathOf(location.href));
  if (done !== (known?.done ?? 0) || (known && known.total !== total)) {
    bookStore.put("chapter", pathOf(location.href), { done, total });
  }
  line.textContent = done > 0 ? fill(done < total ? SAY.marks_done : SAY.marks_all, { done, total }) : "";
}

/** A tick at each chapter in the table of contents whose questions are all done. */
function tick() {
  const chapters = bookStore.all("chapter");
  for (const link of document.querySelectorAll(".bd-sidebar-primary nav a")) {
    const { done, total } = chapters[pathOf(link.href)] ?? {};
    link.querySelector(".bw-tick")?.remove();
    if (!(total > 0 && done === total)) continue;
    const mark = element("span", { className: "bw-tick", textContent: "\u2713" });
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", `, ${SAY.marks_tick}`); // after the title, in one breath
    link.append(mark);
  }
}

/** The words of a heading, without the theme's link to itself. */
function wordsOf(heading) {
  const copy = heading.cloneNode(true);
  for (const link of copy.querySelectorAll(".headerlink")) link.remove();
  return copy.textContent.trim();
}

/** Note which section is being read, when the reader goes. */
function notePlace() {
  const headings = [...document.querySelectorAll("article section[id] > :is(h1, h2, h3)")];
  const heading = headings.findLast((one) => one.getBoundingClientRect().top < innerHeight / 3) ?? headings[0];
  const isTop = !heading || heading.localName === "h1";
  const title = wordsOf(document.querySelector("article h1"));
  const href = `${pathOf(location.href)}.html${isTop ? "" : `#${heading.parentElement.id}`}`;
  if (bookStore.get("place", "last")?.href === href) return;
  bookStore.put("place", "last", { href, title, section: isTop ? "" : wordsOf(heading) });
}

function showPlace(box) {
  const { href, title, section } = bookStore.get("place", "last") ?? {};
  // What an imported file says may be anything: an address stays on this site.
  const leads = /^[\w-][\w/-]*\.html(#[\w-]+)?$/.test(href);
  box.hidden = !leads;
  if (!leads) return;
  const words = section ? fill(SAY.place_section, { title, section }) : title;
  box.replaceChildren(element("p", {}, `${SAY.place} `, element("a", { href: new URL(href, root).href }, words)));
}

function onStore(name, action) {
  bookStore.addEventListener(name, action);
  action();
}

const line = document.querySelector("book-marks");
const box = document.querySelector("book-continue");
onStore("change", tick);
if (line) {
  onStore("change", () => count(line));
  document.addEventListener("visibilitychange", () => document.hidden && notePlace());
  addEventListener("pagehide", notePlace);
}
if (box) onStore("change", () => showPlace(box));
