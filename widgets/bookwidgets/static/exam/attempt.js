// An exam that was begun and not handed in: its time, its tab, and what is kept of it (exam.js says what that is).

const KEEP_EVERY = 15000; // ms; the time spent is kept that often even if nothing else happens

function now() {
  return { wall: Date.now(), steady: performance.now() };
}

class Attempt {
  /** @param exam the element; @param state as it is kept; @param owner the name of this tab */
  constructor(exam, state, owner) {
    Object.assign(this, { exam, state, before: null });
    state.owner = owner;
  }

  get mayPause() {
    return this.state.settings.pause;
  }

  keep() {
    this.exam.isWriting = true; // the store tells of every change, of our own too
    window.bookStore.put("exam", "current", structuredClone(this.state));
    this.exam.isWriting = false;
  }

  /** Reckon up the time since the last look. */
  account() {
    const moment = now();
    if (!this.state.isPaused) this.state.clock = reckon(this.state.clock, this.before, moment, this.mayPause);
    this.before = moment;
  }

  /** Go on with an exam that was kept. Where pauses are allowed, being away was one. */
  resume() {
    this.account();
    if (isOver(this.state.clock)) return this.handIn(true);
    return this.mayPause ? this.pause() : this.sit();
  }

  async sit() {
    if (!(await this.exam.arrived(this.state.questions, () => this.sit()))) return;
    if (this.exam.attempt !== this) return; // taken over while the questions came
    this.state.isPaused = false;
    if (this.mayPause || !this.before) this.before = now(); // what lies before was a pause, or was reckoned up
    this.keep();
    const act = { kept: () => this.keep(), pause: () => this.pause(), handIn: () => this.askToHandIn() };
    this.sitting ??= new Sitting(this.exam, this.state, act);
    this.exam.show(...this.sitting.nodes);
    this.sitting.show();
    clearInterval(this.ticking);
    this.ticking = setInterval(() => this.tick(), 1000);
  }

  tick() {
    const { spent } = this.state.clock;
    this.account();
    const { clock } = this.state;
    if (isOver(clock)) {
      this.handIn(true);
      return;
    }
    const mark = markPassed(clock, spent, clock.spent);
    const isHalf = mark === clock.limit / 120000;
    if (mark !== null) this.sitting.announce(isHalf ? SAY.exam_half : fill(SAY.exam_left, { n: mark }));
    if (Math.floor(spent / KEEP_EVERY) !== Math.floor(clock.spent / KEEP_EVERY)) this.keep();
    this.sitting.showTime();
  }

  /** Hide the questions and stop the clock. */
  pause() {
    this.stop();
    this.state.isPaused = true;
    this.keep();
    const { clock } = this.state;
    const time = clockFace(clock.limit - clock.spent);
    const left = clock.limit === null ? SAY.exam_without_limit : fill(SAY.exam_time_left, { time });
    this.exam.show(
      element("h2", { tabIndex: -1, textContent: SAY.exam_paused }),
      element("p", { textContent: `${SAY.exam_paused_why} ${left}.` }),
      element("div", { className: "exam-row" }, button(SAY.exam_go_on, () => this.sit(), { className: "exam-main" })),
    );
  }

  /** Stop looking at the clock. */
  stop() {
    clearInterval(this.ticking);
    this.account();
  }

  /** The page goes away: say where things stand, and let another tab have the exam. */
  leave() {
    this.stop();
    if (this.mayPause) this.state.isPaused = true;
    this.state.owner = null;
    this.keep();
  }

  /** Nobody looks at the page. */
  away() {
    if (this.mayPause && !this.state.isPaused) this.pause();
    else {
      this.account();
      this.keep();
    }
  }

  /** Before handing in: what is not answered and what was flagged, each with a way back. */
  askToHandIn() {
    const { questions } = this.state;
    const back = (holds) =>
      questions.flatMap((entry, index) => {
        if (!holds(entry)) return [];
        const go = () => {
          this.state.here = index;
          this.sit();
        };
        return [button(fill(SAY.exam_question, { n: index + 1 }), go)];
      });
    const row = (title, buttons) => {
      if (buttons.length === 0) return [];
      return [element("p", { textContent: title }), element("div", { className: "exam-row" }, ...buttons)];
    };
    const open = back(({ id, print, response }) => response === null && !this.exam.fateOf(id, print));
    const answered = questions.filter(({ response }) => response !== null).length;
    const discard = element("details", {}, element("summary", { textContent: SAY.exam_discard }));
    const really = button(SAY.exam_discard_now, () => this.discard());
    discard.append(element("p", { textContent: SAY.exam_discard_why }), really);
    const buttons = [
      button(SAY.exam_hand_in_now, () => this.handIn(false), { className: "exam-main" }),
      button(SAY.exam_back, () => this.sit()),
    ];
    this.exam.show(
      this.sitting.nodes[0],
      element("h2", { tabIndex: -1, textContent: SAY.exam_hand_in_title }),
      element("p", { textContent: fill(SAY.exam_n_answered, { n: answered, total: questions.length }) }),
      ...row(SAY.exam_those_open, open),
      ...row(SAY.exam_those_flagged, back(({ flagged }) => flagged)),
      element("div", { className: "exam-row exam-controls" }, ...buttons),
      discard,
      this.sitting.announced,
    );
  }

  discard() {
    this.stop();
    this.exam.forget();
    this.exam.setUp();
  }

  /** Hand in what there is, because the learner wants to or because time is over. */
  handIn(over) {
    this.stop();
    const { settings, code, clock, questions } = this.state;
    const run = { settings, code, at: Date.now(), spent: clock.spent, limit: clock.limit, over, questions };
    return this.exam.report(`run-${run.at.toString(36)}-${this.state.owner}`, run, true);
  }
}
