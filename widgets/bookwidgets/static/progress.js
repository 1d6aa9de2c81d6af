// {progress}: what is done, mastered and due, what was missed, how sure the learner was, and the file of it all.
//
// Everything is read from bookStore and from the index of the data scripts, and drawn again when the store changes.
// SAY, the strings of the book's language, parts of parts/ and the files of progress/ are put in front of this file.

class BookProgress extends HTMLElement {
  async connectedCallback() {
    if (this.bank) return; // moved within the page, or come back with it
    try {
      this.bank = await loadIndex();
    } catch {
      this.replaceChildren(element("p", { textContent: SAY.progress_no_index }));
      return;
    }
    this.build();
    this.draw = () => this.isConnected && this.fill();
    bookStore.addEventListener("change", () => this.soon());
    bookStore.addEventListener("state", () => this.soon());
    this.draw();
  }

  build() {
    const section = (title, ...children) => {
      const made = element("section", {}, element("h2", { textContent: title }), ...children);
      return made;
    };
    const part = () => element("div");
    [this.trouble, this.done, this.wrong, this.sure] = [part(), part(), part(), part()];
    this.file = fileSection(this.bank);
    this.replaceChildren(
      this.trouble,
      section(SAY.progress_title_done, this.done),
      section(SAY.progress_title_missed, this.wrong),
      section(SAY.progress_title_sure, this.sure),
      section(SAY.progress_title_file, element("p", { textContent: SAY.progress_file }), ...this.file.nodes),
      section(SAY.progress_title_keep, ...persistSection()),
      section(SAY.progress_title_erase, ...eraseSection(this.bank)),
    );
    this.trouble.append(...damagedCopies(this.bank));
    this.state = this.trouble.appendChild(status());
  }

  /** Draw once for all that changes at a time. */
  soon() {
    if (this.waits) return;
    this.waits = true;
    queueMicrotask(() => {
      this.waits = false;
      this.draw();
    });
  }

  fill() {
    const open = new Set([...this.querySelectorAll("details[open]")].map(({ dataset }) => dataset.key));
    const focused = document.activeElement?.closest("details")?.dataset.key;
    const trouble = { off: SAY.state_off, full: SAY.state_full, newer: SAY.state_newer };
    this.state.textContent = trouble[bookStore.state] ?? "";
    updateMarks(this.bank);
    this.done.replaceChildren(...overview(this.bank));
    this.wrong.replaceChildren(...missed(this.bank));
    this.sure.replaceChildren(...sureness());
    this.file.show();
    for (const entry of this.querySelectorAll("details")) {
      entry.open = open.has(entry.dataset.key);
      if (focused && entry.dataset.key === focused) entry.querySelector("summary").focus();
    }
  }
}

customElements.define("book-progress", BookProgress);
