// An explorable figure in the page.
//
// <book-explore> (cells/explore.py) holds the default frame, as a figure that can be seen without this script, and in a
// <template> all other frames. Upgraded, it has a control for each range and shows the frame that they select.
// data-ranges is a list of {label, values, texts, start}; frames are in order, and the last range runs fastest.
//
// A live notebook may set `ask`, before the element enters the document. Sliders then stop between the values too, and
// `ask(position)` is called with the value of each range where there is no frame; `between` tells whether the controls
// still stand at such a place, and `show(frame)` shows what was drawn.
// SAY, the strings of the book's language, is put in front of this file by bookwidgets.static.

const STEPS = 10; // stops of a live slider from one value to the next
const PAUSE = 400; // milliseconds: what is heard follows a slider that has come to rest

/** The value at `place`, a position such as 1.5 between the values 1 and 2: a whole number where all values are. */
function valueAt(values, place) {
  const low = Math.floor(place);
  if (low === place) return values[low];
  const value = values[low] + (place - low) * (values[low + 1] - values[low]);
  return values.every(Number.isInteger) ? Math.round(value) : Number(value.toPrecision(3));
}

/** A slider over the positions of a list of numbers. */
function slider({ label, values, texts, start }, id, step) {
  const text = (place) => texts[place] ?? String(valueAt(values, place));
  const input = element("input", { type: "range", id, min: 0, max: values.length - 1, step, value: start });
  const output = element("output", { htmlFor: id });
  output.setAttribute("aria-live", "off"); // the slider says it already
  const place = () => Number(input.value);
  const tell = () => {
    output.textContent = text(place());
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", tell);
  tell();
  return { node: element("div", {}, element("label", { htmlFor: id, textContent: label }), output, input), place };
}

/** A button for each of a list of words, one of which is chosen. */
function choice({ label, texts, start }, name) {
  const inputs = texts.map((_, place) => element("input", { type: "radio", name, checked: place === start }));
  const labels = texts.map((text, place) => element("label", {}, inputs[place], text));
  const node = element("fieldset", {}, element("legend", { textContent: label }), ...labels);
  return { node, place: () => inputs.findIndex(({ checked }) => checked) };
}

let made = 0; // how many this page has upgraded: names for ids and groups

class BookExplore extends HTMLElement {
  connectedCallback() {
    if (this.form) return; // moved within the page, or come back with it
    const name = `bw-explore-${++made}`;
    this.ranges = JSON.parse(this.dataset.ranges);
    this.controls = this.ranges.map((range, number) => {
      const make = typeof range.values[0] === "number" ? slider : choice;
      return make(range, `${name}-${number}`, this.ask ? 1 / STEPS : 1);
    });
    this.first = this.querySelector(".bw-frame");
    this.frames = [...this.querySelector("template").content.children];
    this.frames.splice(this.number(this.ranges.map(({ start }) => start)), 0, this.first.firstElementChild);
    // The default frame stays where it is, for paper, and is only out of sight.
    this.now = element("div", { className: "bw-frame bw-now", hidden: true });
    this.first.after(this.now);
    this.status = element("p", { className: "bw-heard" });
    this.status.setAttribute("role", "status");
    this.form = element("form", { autocomplete: "off" }, ...this.controls.map(({ node }) => node));
    this.form.setAttribute("aria-label", SAY.explore);
    this.form.addEventListener("input", () => this.select());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.append(this.form, this.status);
  }

  disconnectedCallback() {
    clearTimeout(this.pause);
  }

  number(places) {
    return places.reduce((number, place, i) => number * this.ranges[i].values.length + place, 0);
  }

  select() {
    const places = this.controls.map(({ place }) => place());
    this.position = places.map((place, i) => valueAt(this.ranges[i].values, place));
    this.between = !places.every(Number.isInteger);
    if (this.between) this.ask(this.position);
    else this.show(this.frames[this.number(places)]);
  }

  show(frame) {
    const isFirst = frame.parentNode === this.first;
    this.first.classList.toggle("bw-away", !isFirst);
    this.now.hidden = isFirst;
    if (!isFirst) this.now.replaceChildren(frame);
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      this.status.textContent = frame.getAttribute("aria-label");
    }, PAUSE);
  }
}

function define() {
  // A notebook may load this script several times, and a name can be defined only once.
  if (!customElements.get("book-explore")) customElements.define("book-explore", BookExplore);
}

if (document.readyState === "loading") document.addEventListener("readystatechange", define, { once: true });
else define();
