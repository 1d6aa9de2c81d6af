// The search field above the list of all concepts. Without a script the whole list stands there, and nothing is lost.

class ConceptSearch extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    this.entries = [...document.querySelectorAll(".concept-list > .concept")];
    const field = Object.assign(document.createElement("input"), { type: "search", id: "concept-search" });
    const label = Object.assign(document.createElement("label"), { htmlFor: field.id, textContent: SAY.find_concept });
    this.count = document.createElement("p");
    this.count.setAttribute("role", "status");
    field.addEventListener("input", () => this.filter(field.value));
    this.append(label, field, this.count);
  }

  /** Show the entries that contain every word. */
  filter(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    for (const entry of this.entries) {
      const content = entry.textContent.toLowerCase();
      entry.hidden = !words.every((word) => content.includes(word));
    }
    const shown = this.entries.filter((entry) => !entry.hidden).length;
    this.count.textContent = SAY.concepts_found.replace("{n}", shown);
  }
}

customElements.define("concept-search", ConceptSearch);
