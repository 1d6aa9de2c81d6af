// The reader as annotator.
//
// <book-annotate> (cells/annotate.py) holds a list of pairs, which can be read without this script. Upgraded, it shows
// one pair at a time, takes a choice, and in the end fits a Bradley-Terry model to all choices. It stores nothing:
// whoever wants to keep choices listens to the event.
//
//   book-annotate  {choices}   after each choice: a list of {pair, choice} as cells/annotate.py describes it
//
// Within this script a choice is "a", "b", "tie" or "unsure" in the order in which the reader sees a pair.
// SAY, the strings of the book's language, and parts/dom.js are put in front of this file by bookwidgets.static.

const RIDGE = 0.1; // on the squared strengths, halved: keeps an item finite that was never beaten, or never won
const Z = 1.959964; // 95 % of a normal distribution lie within so many standard deviations

/** The choice as it reads when the two responses change places. */
function swap(choice) {
  return { a: "b", b: "a" }[choice] ?? choice;
}

/** wins[i][j]: how often item i was preferred to item j. A tie is half a win for each; "unsure" counts for nobody. */
function countWins(size, pairs, choices) {
  const wins = Array.from({ length: size }, () => new Array(size).fill(0));
  pairs.forEach(({ items: [i, j] }, number) => {
    const share = { a: 1, b: 0, tie: 0.5 }[choices[number]];
    if (share === undefined) return;
    wins[i][j] += share;
    wins[j][i] += 1 - share;
  });
  return wins;
}

/** The inverse of a symmetric positive definite matrix (Gauss-Jordan needs no pivoting there). */
function inverse(matrix) {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => Number(i === j))]);
  for (let k = 0; k < size; k++) {
    const pivot = rows[k][k];
    rows[k] = rows[k].map((value) => value / pivot);
    for (let i = 0; i < size; i++) {
      const factor = rows[i][k];
      if (i !== k) rows[i] = rows[i].map((value, j) => value - factor * rows[k][j]);
    }
  }
  return rows.map((row) => row.slice(size));
}

/** The log-likelihood of the wins under strengths s, with its ridge. */
function objective(wins, s) {
  const fits = wins.flatMap((row, i) => row.map((n, j) => (n ? -n * Math.log1p(Math.exp(s[j] - s[i])) : 0)));
  return fits.reduce((sum, part) => sum + part, 0) - (RIDGE / 2) * s.reduce((sum, value) => sum + value * value, 0);
}

/**
 * Bradley-Terry: P(i preferred to j) = 1 / (1 + exp(s_j - s_i)). Newton's method on the objective, which is concave;
 * a step that does not improve it is halved. `errors` are standard errors of the strengths around their mean, from the
 * inverse Hessian: the mean itself, which comparisons say nothing about, is held at 0 by the ridge alone.
 */
function fit(wins) {
  const size = wins.length;
  const games = (i, j) => wins[i][j] + wins[j][i];
  let s = new Array(size).fill(0);
  let covariance;
  for (let round = 0; round < 100; round++) {
    const p = s.map((a) => s.map((b) => 1 / (1 + Math.exp(b - a))));
    const gradient = s.map((value, i) => p[i].reduce((sum, q, j) => sum + wins[i][j] - games(i, j) * q, -RIDGE * value));
    const hessian = s.map((_, i) => s.map((_, j) => -games(i, j) * p[i][j] * p[j][i]));
    hessian.forEach((row, i) => {
      row[i] = 0;
      row[i] = RIDGE - row.reduce((sum, value) => sum + value, 0);
    });
    covariance = inverse(hessian);
    const step = covariance.map((row) => row.reduce((sum, value, j) => sum + value * gradient[j], 0));
    if (Math.max(...step.map(Math.abs)) < 1e-10) break;
    let length = 1;
    const moved = () => s.map((value, i) => value + length * step[i]);
    while (length > 1e-3 && objective(wins, moved()) < objective(wins, s)) length /= 2;
    s = moved();
  }
  const errors = covariance.map((row, i) => Math.sqrt(Math.max(0, row[i] - 1 / (RIDGE * size))));
  return { strengths: s, errors };
}

/** For each item that is part of one, a shortest cycle of preferences, as a list of items; each cycle once. */
function findCycles(wins) {
  const beats = wins.map((row, i) => row.flatMap((n, j) => (n > wins[j][i] ? [j] : [])));
  const found = new Map();
  for (let start = 0; start < wins.length; start++) {
    const paths = [[start]];
    const seen = new Set();
    for (let path = paths.shift(); path; path = paths.shift()) {
      const next = beats[path.at(-1)];
      if (next.includes(start)) {
        const low = path.indexOf(Math.min(...path));
        const cycle = [...path.slice(low), ...path.slice(0, low)];
        found.set(String(cycle), cycle);
        break;
      }
      for (const item of next.filter((one) => !seen.has(one))) {
        seen.add(item);
        paths.push([...path, item]);
      }
    }
  }
  return [...found.values()].sort((one, other) => one.length - other.length);
}

/** Agreement and Cohen's kappa of two lists of choices, over the pairs on which both have an opinion. */
function compare(mine, theirs) {
  const both = mine.map((choice, i) => [choice, theirs[i]]).filter((two) => two.every((c) => c && c !== "unsure"));
  const n = both.length;
  const share = (side, choice) => both.filter((two) => two[side] === choice).length / n;
  const agreement = both.filter(([one, other]) => one === other).length / n;
  const chance = ["a", "b", "tie"].reduce((sum, choice) => sum + share(0, choice) * share(1, choice), 0);
  return { n, agreement, kappa: (agreement - chance) / (1 - chance) }; // not a number where there is nothing to compare
}

/** A number to read: a true minus sign, and a dash where there is none. */
function number(value, digits) {
  return Number.isFinite(value) ? value.toFixed(digits).replace(/^-(?=0\.?0*$)/, "").replace("-", "\u2212") : "\u2013";
}

function table(caption, heads, rows) {
  const cells = (row) => row.map((content, i) => element(i ? "td" : "th", i ? {} : { scope: "row" }, content));
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col", textContent: text })));
  const body = rows.map((row) => element("tr", {}, ...cells(row)));
  const all = [element("caption", { textContent: caption }), element("thead", {}, head), element("tbody", {}, ...body)];
  return element("table", {}, ...all);
}

/** An interval for the eye; the numbers stand beside it. */
function bar(low, middle, high) {
  const drawn = element("span", { className: "bw-interval" });
  drawn.setAttribute("aria-hidden", "true");
  for (const [name, value] of Object.entries({ low, middle, high })) drawn.style.setProperty(`--${name}`, value);
  return drawn;
}

class BookAnnotate extends HTMLElement {
  connectedCallback() {
    if (this.form) return; // moved within the page, or come back with it
    const { items, pairs, annotators } = JSON.parse(this.dataset.annotate);
    Object.assign(this, { items, pairs });
    this.annotators = annotators.map(({ name, choices }) => ({
      name,
      choices: choices.map((choice, i) => (pairs[i].swapped ? swap(choice) : choice)),
    }));
    this.shown = [...this.querySelectorAll("li > dl")];
    this.build();
    this.startOver();
  }

  build() {
    const button = (text, action) => {
      const made = element("button", { type: "button", textContent: text });
      made.addEventListener("click", action);
      return made;
    };
    const texts = { a: SAY.annotate_a, b: SAY.annotate_b, tie: SAY.annotate_tie, unsure: SAY.annotate_unsure };
    this.buttons = Object.entries(texts).map(([choice, text]) => {
      const made = button(text, () => this.choose(choice));
      made.value = choice;
      return made;
    });
    this.place = element("p", { className: "bw-place" });
    this.stage = element("div", {}, this.place);
    this.stage.setAttribute("aria-live", "polite"); // who listens hears each new pair, with the focus on the buttons
    this.back = button(SAY.annotate_back, () => this.go(this.at - 1));
    this.next = button(SAY.annotate_next, () => this.go(this.at + 1));
    this.show = button(SAY.annotate_show, () => this.showResults());
    const choices = element("div", { className: "bw-choices" }, ...this.buttons);
    choices.setAttribute("role", "group");
    choices.setAttribute("aria-label", SAY.annotate_which);
    const controls = element("div", { className: "bw-controls" }, this.back, this.next, this.show);
    controls.append(button(SAY.start_over, () => this.startOver()));
    this.form = element("form", {}, this.stage, choices, controls);
    this.results = element("div", { tabIndex: -1, hidden: true });
    this.list = this.querySelector("ol");
    this.list.hidden = true;
    this.append(this.form, this.results);
  }

  startOver() {
    this.choices = this.pairs.map(() => null);
    this.results.hidden = true;
    this.go(0);
  }

  go(at) {
    this.at = at;
    this.place.textContent = fill(SAY.annotate_pair, { n: at + 1, total: this.pairs.length });
    this.stage.replaceChildren(this.place, this.shown[at]);
    for (const made of this.buttons) made.setAttribute("aria-pressed", String(made.value === this.choices[at]));
    this.back.disabled = at === 0;
    this.next.disabled = at === this.pairs.length - 1;
    this.show.disabled = this.choices.every((choice) => !choice);
  }

  choose(choice) {
    this.choices[this.at] = choice;
    const given = this.choices.flatMap((one, pair) => {
      if (!one) return [];
      return [{ pair, choice: this.pairs[pair].swapped ? swap(one) : one }];
    });
    this.dispatchEvent(new CustomEvent("book-annotate", { bubbles: true, detail: { choices: given } }));
    const wasLast = this.at === this.pairs.length - 1;
    this.go(wasLast ? this.at : this.at + 1);
    if (wasLast && given.length === this.pairs.length) this.showResults();
    else if (!this.results.hidden) this.fillResults();
  }

  showResults() {
    this.fillResults();
    this.results.hidden = false;
    this.results.focus();
  }

  fillResults() {
    const wins = countWins(this.items.length, this.pairs, this.choices);
    const decided = this.choices.filter((choice) => choice && choice !== "unsure").length;
    this.results.replaceChildren(
      ...(decided ? [this.ranking(wins), this.rule(decided), ...this.cycles(wins)] : [SAY.annotate_nothing]),
      ...(decided && this.annotators.length ? this.agreement() : []),
    );
  }

  ranking(wins) {
    const compared = wins.map((row, i) => row.reduce((sum, n, j) => sum + n + wins[j][i], 0));
    const kept = this.items.map((_, i) => i).filter((i) => compared[i] > 0);
    const { strengths, errors } = fit(kept.map((i) => kept.map((j) => wins[i][j])));
    const rows = kept.map((item, k) => ({ item, s: strengths[k], half: Z * errors[k] })).sort((a, b) => b.s - a.s);
    const low = Math.min(...rows.map(({ s, half }) => s - half));
    const width = Math.max(...rows.map(({ s, half }) => s + half)) - low || 1;
    const at = (value) => (value - low) / width;
    const heads = [SAY.annotate_item, SAY.annotate_wins, SAY.annotate_strength, SAY.annotate_interval];
    const cells = rows.map(({ item, s, half }) => {
      const won = wins[item].reduce((sum, n) => sum + n, 0);
      const numbers = fill(SAY.annotate_range, { low: number(s - half, 1), high: number(s + half, 1) });
      const range = element("span", {}, numbers, bar(at(s - half), at(s), at(s + half)));
      return [element("bdi", { textContent: this.items[item] }), `${won} / ${compared[item]}`, number(s, 2), range];
    });
    return table(SAY.annotate_ranking, heads, cells);
  }

  rule(decided) {
    return element("p", { className: "bw-rule", textContent: fill(SAY.annotate_rule, { n: decided, ridge: RIDGE }) });
  }

  cycles(wins) {
    const lines = findCycles(wins).map((cycle) => {
      const steps = cycle.map((item, i) => {
        const [first, second] = [this.items[item], this.items[cycle[(i + 1) % cycle.length]]];
        return fill(SAY.annotate_step, { first, second });
      });
      return element("li", { textContent: fill(SAY.annotate_cycle, { steps: steps.join(", ") }) });
    });
    if (!lines.length) return [element("p", { textContent: SAY.annotate_no_cycle })];
    return [element("p", { textContent: SAY.annotate_cycles }), element("ul", {}, ...lines)];
  }

  agreement() {
    const rows = this.annotators.map(({ name, choices }) => {
      const { n, agreement, kappa } = compare(this.choices, choices);
      return [name, String(n), n ? `${number(100 * agreement, 0)} %` : "\u2013", number(kappa, 2)];
    });
    const heads = [SAY.annotate_annotator, SAY.annotate_pairs, SAY.annotate_agreement, SAY.annotate_kappa];
    const rule = element("p", { className: "bw-rule", textContent: SAY.annotate_kappa_rule });
    return [table(SAY.annotate_others, heads, rows), rule];
  }
}

function define() {
  // A notebook may load this script several times, and a name can be defined only once.
  if (!customElements.get("book-annotate")) customElements.define("book-annotate", BookAnnotate);
}

if (document.readyState === "loading") document.addEventListener("readystatechange", define, { once: true });
else define();
