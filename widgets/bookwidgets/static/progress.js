// {progress}: what is done, mastered and due.

class BookProgress extends HTMLElement {
  async connectedCallback() {
    const bank = await loadIndex();
    this.replaceChildren(element("p", { textContent: bank.questions.length }));
  }
}

customElements.define("book-progress", BookProgress);
