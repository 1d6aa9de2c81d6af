// Making elements and sentences.

/** A new element with properties (not attributes) and children, which may be nodes or texts. */
function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** "Hint {n}" with {n: 1} is "Hint 1". */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
