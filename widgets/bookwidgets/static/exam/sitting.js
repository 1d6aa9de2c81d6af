// An exam that runs: one question at a time, a way to every other, and the time.

/** What the way to a question says about it, in words. */
function placeInWords(n, { response, flagged }) {
  const words = [fill(SAY.exam_question, { n }), response === null ? SAY.exam_open : SAY.exam_answered];
  return [...words, ...(flagged ? [SAY.exam_flagged] : [])].join(", ");
}

class Sitting {
  /** @param exam the element; @param state what is kept of the exam (exam.js); @param act {kept, pause, handIn} */
  constructor(exam, state, act) {
    Object.assign(this, { exam, state, act, sheets: new Map() });
    this.heading = element("h2", { tabIndex: -1 });
    this.stage = element("div", { className: "exam-stage" });
    this.announced = element("p", { className: "exam-heard" });
    this.announced.setAttribute("role", "status");
    const listeners = {
      submit: stop,
      input: () => this.take(),
      click: ({ target }) => this.take(Boolean(target.closest("li button"))),
      change: () => this.complain(),
    };
    for (const [name, listener] of Object.entries(listeners)) {
      this.stage.addEventListener(name, listener, { capture: name === "submit" }); // before the question hears of it
    }
    this.nodes = [this.clockBar(), this.way(), this.heading, this.stage, this.sure(), this.controls(), this.announced];
  }

  clockBar() {
    this.time = element("span", { className: "exam-time" });
    this.time.setAttribute("role", "timer");
    this.hide = button("", () => {
      this.state.hidesTime = !this.state.hidesTime;
      this.act.kept();
      this.showTime();
    });
    const bar = element("div", { className: "exam-row exam-clock" }, this.time, this.hide);
    if (this.state.settings.pause) bar.append(button(SAY.exam_pause, () => this.act.pause()));
    return bar;
  }

  showTime() {
    const { clock, hidesTime } = this.state;
    const left = clock.limit === null ? SAY.exam_time_spent : SAY.exam_time_left;
    const time = clockFace(clock.limit === null ? clock.spent : clock.limit - clock.spent);
    this.time.hidden = hidesTime;
    this.time.textContent = fill(left, { time });
    this.hide.textContent = hidesTime ? SAY.exam_show_time : SAY.exam_hide_time;
  }

  /** The way to every question: answered, flagged and where one stands are told by signs and words. */
  way() {
    this.places = this.state.questions.map((_, index) => {
      const place = button("", () => this.go(index));
      place.append(String(index + 1), element("span", { className: "exam-signs" }));
      place.lastChild.ariaHidden = "true";
      return place;
    });
    const list = element("ol", {}, ...this.places.map((place) => element("li", {}, place)));
    const legend = element("p", { className: "exam-legend", textContent: SAY.exam_legend });
    const nav = element("nav", {}, list, legend);
    nav.ariaLabel = SAY.exam_way;
    return nav;
  }

  sure() {
    this.sureness = element("select");
    this.sureness.addEventListener("change", () => {
      this.here.percent = this.sureness.value === "" ? null : Number(this.sureness.value);
      this.act.kept();
    });
    const row = labelled(SAY.exam_how_sure, this.sureness, SAY.exam_how_sure_hint);
    return Object.assign(row, { className: "exam-sure", hidden: !this.state.settings.confidence });
  }

  controls() {
    this.previous = button(SAY.exam_previous, () => this.go(this.state.here - 1));
    this.next = button(SAY.exam_next, () => this.go(this.state.here + 1), { className: "exam-main" });
    this.flag = button(SAY.exam_flag, () => {
      this.here.flagged = !this.here.flagged;
      this.act.kept();
      this.update();
    });
    const handIn = button(SAY.exam_hand_in, () => this.act.handIn());
    return element("div", { className: "exam-row exam-controls" }, this.previous, this.next, this.flag, handIn);
  }

  get here() {
    return this.state.questions[this.state.here];
  }

  /** Show a question, and go there. */
  go(index) {
    this.take();
    this.state.here = index;
    this.act.kept();
    this.show();
  }

  show() {
    const { questions, here } = this.state;
    this.heading.textContent = fill(SAY.exam_question_of, { n: here + 1, total: questions.length });
    this.stage.replaceChildren(this.sheet(this.here));
    const question = this.stage.querySelector("book-question");
    if (question && !this.sheets.get(this.here.id).isReady) {
      cover(question);
      putOn(question, this.here.response);
      this.sheets.get(this.here.id).isReady = true;
    }
    this.showCertainties(question);
    this.update();
    this.heading.focus();
  }

  /** The element that shows a question, or a sentence where there is no such question any more. */
  sheet({ id, print }) {
    const fate = this.exam.fateOf(id, print);
    const words = fate === "dropped" ? SAY.exam_dropped : SAY.exam_changed;
    if (fate) return element("p", { className: "exam-warning", textContent: words });
    if (!this.sheets.has(id)) this.sheets.set(id, { question: questionElement(id), isReady: false });
    return this.sheets.get(id).question;
  }

  showCertainties(question) {
    const isOneOfSeveral = question && ["choice", "spot"].includes(question.dataset.type);
    const options = isOneOfSeveral ? question.querySelectorAll(".bw-options > li").length : 0;
    const percents = certainties(options).map((percent, index) => {
      const guess = options > 0 && index === 0 ? ` (${SAY.exam_guess})` : "";
      return new Option(`${percent} %${guess}`, percent);
    });
    this.sureness.replaceChildren(new Option(SAY.exam_sure_unsaid, ""), ...percents);
    this.sureness.value = this.here.percent ?? "";
    this.sureness.disabled = !question;
  }

  /** Note what stands on the sheet; `moved` when a line or token was just moved or marked. */
  take(moved = false) {
    const sheet = this.sheets.get(this.here.id);
    if (!sheet?.isReady) return;
    const { response } = answerOn(sheet.question, moved || this.here.response !== null);
    if (JSON.stringify(response) === JSON.stringify(this.here.response)) return;
    this.here.response = response;
    this.act.kept();
    this.update();
  }

  /** Say of a number that nobody can read it, while it can be mended. */
  complain() {
    const sheet = this.sheets.get(this.here.id);
    if (sheet?.isReady) sheet.question.say(answerOn(sheet.question, true).problem);
  }

  update() {
    const { questions, here } = this.state;
    this.places.forEach((place, index) => {
      const entry = questions[index];
      place.ariaLabel = placeInWords(index + 1, entry);
      place.lastChild.textContent = (entry.response === null ? "" : "●") + (entry.flagged ? "⚑" : "");
      if (index === here) place.setAttribute("aria-current", "true");
      else place.removeAttribute("aria-current");
    });
    this.previous.disabled = here === 0;
    this.next.disabled = here === questions.length - 1;
    this.flag.setAttribute("aria-pressed", String(this.here.flagged));
    this.showTime();
  }

  announce(text) {
    this.announced.textContent = text;
  }
}

/** Enter in a field would check the answer: before the exam is handed in nothing is checked. */
function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}
