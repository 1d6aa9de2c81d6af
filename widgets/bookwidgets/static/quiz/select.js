// A native select for each item: match (each has a partner of its own) and categorize (items share a few bins).

function pairs(question) {
  const list = question.querySelector(".bw-items");
  const partners = question.querySelector(".bw-partners, .bw-bins");
  const notes = takeOut(question, ".bw-why");

  const items = [...list.children].map((place, index) => {
    const name = element("span", {}, ...place.childNodes);
    const field = element("select");
    const note = feedback(notes[index], `${question.name}-${index}`);
    const partner = [...partners.children].find(({ textContent }) => textContent === note.forms[0]);
    nameByFormula(field, name);
    place.append(element("label", {}, name, field), note);
    return { place, name, field, note, key: place.dataset.n, forms: [Number(partner.dataset.n)], isSelect: true };
  });
  const work = fields(items);

  /** Items of `match` keep their order and their partners change places; bins stay, and what goes into them changes. */
  function reset(rank) {
    arrange(partners.matches(".bw-bins") ? list : partners, rank);
    for (const { field } of items) {
      const options = [...partners.children].map(
        ({ textContent, dataset }, index) => new Option(`${String.fromCharCode(97 + index)}. ${textContent}`, dataset.n),
      );
      field.replaceChildren(new Option(SAY.choose, ""), ...options);
    }
    work.reset();
  }

  function read() {
    const given = items.filter(({ field }) => field.value).map(({ key, field }) => [key, Number(field.value)]);
    return given.length > 0 ? Object.fromEntries(given) : SAY.pick_first;
  }

  return { ...work, nodes: [list, partners], reset, read };
}
