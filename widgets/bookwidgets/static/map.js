// {concept-map}: lights up what comes before a concept and what it opens, finds concepts, colours them by mastery, and
// shows map or list.
//
// The map (pages/map_markup.py) is there without this script: an SVG whose boxes are links, and nested lists. From the
// store come answers, for mastery, and the setting "map-view": "map" or "list", as the reader last chose.
// SAY, the strings of the book's language, parts of parts/ and the files of map/ are put in front of this file.

const WIDE = "(min-width: 48rem)"; // where the map is shown unless the reader has chosen
const MOST = 7; // concepts named on each side of the one that is lit
const STATES = { mastered: SAY.mastery_mastered, begun: SAY.mastery_begun, new: SAY.mastery_new, none: SAY.mastery_none };

class ConceptMap extends HTMLElement {
  connectedCallback() {
    if (!this.graph) this.build();
    this.gone = new AbortController();
    const on = (target, name, react) => target.addEventListener(name, react, { signal: this.gone.signal });
    on(this.svg, "pointerover", ({ target }) => this.light(this.numberOf(target) ?? this.kept()));
    on(this.svg, "pointerleave", () => this.light(this.kept()));
    on(this.svg, "focusin", ({ target }) => this.light(this.numberOf(target)));
    on(this.svg, "focusout", () => this.light(undefined));
    on(this.svg, "keydown", (event) => this.follow(event));
    on(this.field, "input", () => this.search());
    on(this.form, "submit", (event) => this.goToFound(event));
    on(this.button, "click", () => this.choose(this.dataset.view === "map" ? "list" : "map"));
    on(matchMedia(WIDE), "change", () => this.show());
    on(bookStore, "change", ({ detail }) => (detail.kind === "setting" ? this.show() : this.soon()));
    this.show();
    this.drawMastery();
  }

  disconnectedCallback() {
    this.gone.abort();
  }

  build() {
    this.svg = this.querySelector("svg");
    this.list = this.querySelector(".bw-map-list");
    this.graph = readGraph(this.svg);
    this.entries = this.graph.links.map((_, n) => this.list.querySelector(`#${this.dataset.name}-${n}`));
    this.order = [...this.list.querySelectorAll("li[id]")].map((entry) => this.entries.indexOf(entry));
    this.titles = this.graph.links.map((link) => link.textContent);
    this.field = element("input", { type: "search", id: `${this.dataset.name}-search`, autocomplete: "off" });
    const label = element("label", { htmlFor: this.field.id, textContent: SAY.find_concept });
    this.form = element("form", { className: "bw-map-tools" }, label, this.field);
    this.form.setAttribute("role", "search");
    this.button = element("button", { type: "button" });
    this.form.append(this.button);
    this.next = element("p", { className: "bw-map-next" });
    this.legend = element("p", { className: "bw-map-legend", hidden: true });
    this.panel = element("div", { className: "bw-map-panel" });
    this.panel.setAttribute("role", "status");
    this.prepend(this.form, this.next, this.legend);
    this.querySelector(".bw-map-frame").after(this.panel);
    this.found = [];
  }

  /** The number of the box that an element belongs to. */
  numberOf(target) {
    const link = target.closest("a[data-id]");
    return link ? this.graph.links.indexOf(link) : undefined;
  }

  /** What is lit while the pointer is nowhere: the box with the focus, else the first that was found. */
  kept() {
    return this.numberOf(document.activeElement) ?? this.found[0];
  }

  /** Light up box n, what must come before it and what it opens; nothing, for undefined. */
  light(n) {
    const { links, lines, before, opens } = this.graph;
    const early = n === undefined ? new Set() : reach(n, before);
    const late = n === undefined ? new Set() : reach(n, opens);
    const roleOf = (at) => (at === n ? "here" : early.has(at) ? "before" : late.has(at) ? "opens" : "");
    links.forEach((link, at) => mark(link, roleOf(at)));
    for (const { path, from, to, light } of lines) {
      const near = !light || from === n || to === n;
      const isBefore = near && early.has(from) && (to === n || early.has(to));
      const isOpens = near && late.has(to) && (from === n || late.has(from));
      path.dataset.role = isBefore ? "before" : isOpens ? "opens" : "";
      if (isBefore || isOpens) path.parentNode.append(path); // above those that are not lit
    }
    this.svg.classList.toggle("bw-lit", n !== undefined);
    this.say(n, early, late);
  }

  /** What is lit, in words. */
  say(n, early, late) {
    const parts = [];
    const { value } = this.field;
    const [first] = this.found;
    if (value.trim() && first === undefined) parts.push(element("p", { textContent: SAY.map_found_none }));
    else if (value.trim() && document.activeElement === this.field) {
      const found = fill(SAY.map_found, { n: this.found.length, title: this.titles[first] });
      parts.push(element("p", { textContent: found }));
    }
    if (this.dataset.view === "map" && n !== undefined) {
      const state = this.states ? ` (${STATES[this.states[n]]})` : "";
      parts.push(element("p", {}, element("strong", { textContent: this.titles[n] }), state));
      parts.push(this.sentence("before", SAY.map_before, early, SAY.map_no_before));
      parts.push(this.sentence("opens", SAY.map_opens, late, SAY.map_no_opens));
    } else if (this.dataset.view === "map" && parts.length === 0) {
      parts.push(element("p", { textContent: SAY.map_help }));
    }
    this.panel.replaceChildren(...parts);
  }

  /** "Before: a, b, and 3 more". */
  sentence(role, label, numbers, none) {
    const titles = [...numbers].map((at) => this.titles[at]);
    const named = titles.slice(0, MOST);
    if (titles.length > MOST) named.push(fill(SAY.map_more, { n: titles.length - MOST }));
    const line = element("p", { textContent: `${label}: ${named.join(", ") || none}` });
    line.dataset.role = role;
    return line;
  }

  /** Arrow keys: up to what comes before, down to what is opened, sideways among what the last step could have led to. */
  follow(event) {
    const n = this.numberOf(event.target);
    if (n === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { before, opens, links } = this.graph;
    const steps = { ArrowUp: before[n], ArrowDown: opens[n] };
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key in steps) this.choices = steps[event.key];
    else if (!aside) return;
    const choices = this.choices?.includes(n) || !aside ? this.choices : rowOf(links, n);
    const goal = aside ? choices[choices.indexOf(n) + aside] : nearest(links, n, choices);
    if (goal === undefined) return;
    event.preventDefault();
    this.choices = choices;
    links[goal].focus();
  }

  /** Light the first concept whose title holds every word that was typed, and of the list show those that do. */
  search() {
    const words = this.field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (title) => words.every((word) => title.toLowerCase().includes(word));
    this.found = words.length ? [...this.titles.keys()].filter((n) => fits(this.titles[n])) : [];
    this.graph.links.forEach((link, n) => link.classList.toggle("bw-found", this.found.includes(n)));
    for (const entry of this.list.querySelectorAll("li")) {
      const own = this.entries.includes(entry) ? [entry] : [...entry.querySelectorAll("li[id]")];
      entry.hidden = words.length > 0 && !own.some((one) => this.found.includes(this.entries.indexOf(one)));
    }
    this.light(this.found[0]);
  }

  goToFound(event) {
    event.preventDefault();
    if (this.found.length === 0) return;
    const [n] = this.found;
    (this.dataset.view === "map" ? this.graph.links[n] : this.entries[n].querySelector("a")).focus();
  }

  choose(view) {
    bookStore.put("setting", "map-view", { value: view });
    this.show();
  }

  /** Show map or list: as chosen, else as the screen is wide enough. */
  show() {
    const chosen = bookStore.get("setting", "map-view")?.value;
    const view = ["map", "list"].includes(chosen) ? chosen : matchMedia(WIDE).matches ? "map" : "list";
    this.dataset.view = view;
    this.button.textContent = view === "map" ? SAY.map_as_list : SAY.map_as_map;
    this.search();
  }

  /** Draw once for all that changes at a time. */
  soon() {
    if (this.waits) return;
    this.waits = true;
    queueMicrotask(() => {
      this.waits = false;
      if (this.isConnected) this.drawMastery();
    });
  }

  async drawMastery() {
    let bank;
    try {
      bank = await loadIndex();
    } catch {
      return; // a map without mastery is still a map
    }
    const { links } = this.graph;
    const found = links.map(({ dataset }) => masteryOf(dataset.id, bank.questions));
    this.states = found.map(({ state }) => state);
    found.forEach(({ state, share, asked, answered }, n) => {
      putSign(links[n], state);
      const counted = fill(SAY.mastery_share, { percent: Math.round(100 * share), answered, asked });
      const words = state === "none" ? STATES.none : `${STATES[state]}, ${counted}`;
      this.entries[n].querySelector("small")?.remove();
      this.entries[n].firstElementChild.after(element("small", {}, " ", smallSign(state), ` ${words}`));
    });
    this.legend.replaceChildren(...Object.keys(STATES).filter((state) => this.states.includes(state))
      .map((state) => element("span", {}, smallSign(state), ` ${STATES[state]}`)));
    this.legend.hidden = false;
    this.drawNext();
  }

  drawNext() {
    const next = learnNext(this.states, this.graph.before, this.order);
    const links = next.map((n) => element("a", { href: this.graph.links[n].getAttribute("href"), textContent: this.titles[n] }));
    const parts = links.flatMap((link, n) => (n ? [", ", link] : [" ", link]));
    this.next.replaceChildren(...(links.length ? [SAY.map_next, ...parts] : [SAY.map_next_none]));
  }
}

customElements.define("concept-map", ConceptMap);
