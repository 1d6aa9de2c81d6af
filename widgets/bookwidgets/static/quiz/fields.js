// What match, categorize and cloze share: parts that have a field and feedback each.

/** Whether an answer is one that a part accepts. A select has the one option that is right; texts are levelled first. */
function fits({ forms, isSelect }, answer) {
  return isSelect ? forms.includes(answer) : isOneOf(forms, answer, false);
}

/** The share of parts that are filled rightly. A response has the answer to each part under its key, or none. */
function gradeFields(parts, response) {
  return parts.filter((part) => fits(part, response[part.key] ?? "")).length / parts.length;
}

/**
 * A part is {key, forms, isSelect, field, note}, with `place`, the element that shows whether it is right, and `name`, the
 * node that says which part it is.
 */
function fields(parts) {
  const filled = (response) => parts.filter(({ key }) => response[key]);
  for (const part of parts) part.field.addEventListener("input", () => show(part, ""));

  function reset() {
    for (const part of parts) {
      Object.assign(part.field, { value: "", disabled: false });
      show(part, "");
    }
  }

  function put(response) {
    for (const { key, field } of parts) field.value = response[key] ?? "";
  }

  function grade(response) {
    const wrong = filled(response).filter((part) => !fits(part, response[part.key]));
    return { score: gradeFields(parts, response), ideas: wrong.flatMap(({ note }) => note.idea ?? []) };
  }

  function mark(response) {
    for (const part of filled(response)) {
      part.field.disabled = fits(part, response[part.key]);
      show(part, part.field.disabled ? "right" : "wrong");
    }
    return told(filled(response));
  }

  function reveal() {
    for (const part of parts) {
      part.field.disabled = true;
      if (part.place.matches(".bw-right")) continue;
      part.field.value = part.forms[0];
      show(part, "other");
    }
    return told(parts);
  }

  return { reset, put, grade, mark, reveal };
}
