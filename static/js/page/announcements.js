// @ts-check
/** Announcements: the state of the page, as a class on the root and a sentence, and notices. */

import { element, setText } from "../dom.js";
import { formatCount } from "../format.js";

/** Shortest time between two announcements of the same state by a screen reader. */
const PAUSE_MS = 5_000;
/** Time between two announcements of the step while a run plays. */
const STEP_PAUSE_MS = 10_000;
/** A notice disappears after this time. */
const NOTICE_MS = 15_000;
/** The most notices shown at once. */
const MOST_NOTICES = 4;
/** States that are shown as an error until they end. */
const ERROR_STATES = new Set(["reconnecting", "full", "incompatible", "closed", "diverged", "failed"]);

export class Announcer {
  /** @param {Document} page */
  constructor(page) {
    this.root = page.documentElement;
    this.line = page.getElementById("status");
    this.spoken = page.getElementById("status-spoken");
    this.box = page.getElementById("notice");
    this.lines = element("div");
    this.close = element("button", { type: "button", class: "quiet", "aria-label": "Dismiss", onclick: () => this.#dismiss() }, "×");
    /** What can be done about the present error. */
    this.remedy = element("a", { hidden: true });
    this.box?.replaceChildren(this.lines, this.remedy, this.close);
    this.state = "";
    /** The sentence of the present state if it is an error, else "". */
    this.persistentError = "";
    /** Notices, oldest first. @type {string[]} */
    this.notices = [];
    this.sentence = "";
    this.nextSpoken = "";
    /** When the step was last announced. */
    this.stepSpoken = 0;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.spokenTimer = undefined;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.noticeTimer = undefined;
  }

  /**
   * Announce the present state.
   * @param {string} state
   * @param {string} sentence
   */
  setState(state, sentence) {
    const isNew = state !== this.state;
    if (isNew) {
      this.root.classList.remove(`state-${this.state}`);
      this.root.classList.add(`state-${state}`);
      this.state = state;
    }
    // A page with its diagnosis says there that the run has diverged.
    const isError = ERROR_STATES.has(state) && (state !== "diverged" || this.root.classList.contains("embed"));
    const words = isError ? "" : sentence;
    this.persistentError = isError ? sentence : "";
    this.sentence = sentence;
    this.notices = this.notices.filter((other) => other !== sentence);
    this.#show();
    setText(this.line, words);
    this.#speak(words, isNew);
  }

  /**
   * Announce the state of the run; a page that only watches says so, because its controls are grey.
   * @param {import("../connection/wire.js").RunStatus} status @param {boolean} isWatching
   */
  setStatus({ state, sentence }, isWatching) {
    const words = state === "ready" ? "The run has not begun." : sentence;
    this.setState(state, isWatching ? `Watching. ${words}` : sentence);
  }

  /**
   * Offer a link beside the sentence of the present state.
   * @param {string|null} href null for none
   * @param {string} words
   */
  offer(href, words) {
    this.remedy.hidden = href === null;
    if (href !== null) this.remedy.setAttribute("href", href);
    setText(this.remedy, words);
  }

  /**
   * Show a notice about an event, such as a rejected value. The sentence of the present state is shown already.
   * @param {string} sentence
   */
  notice(sentence) {
    if (sentence === this.sentence) return;
    this.notices = [...this.notices.filter((other) => other !== sentence), sentence].slice(-MOST_NOTICES);
    this.#show();
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => this.#dismiss(), NOTICE_MS);
  }

  /**
   * Tell screen readers the step of a running run, now and then.
   * @param {number} step
   */
  tellStep(step) {
    const now = performance.now();
    if (now - this.stepSpoken < STEP_PAUSE_MS) return;
    this.stepSpoken = now;
    this.#speak(`Step ${formatCount(step)}.`, false);
  }

  #dismiss() {
    this.notices = [];
    this.#show();
  }

  #show() {
    if (!this.box) return;
    const sentences = [this.persistentError, ...this.notices].filter(Boolean);
    while (this.lines.childElementCount > sentences.length) this.lines.lastElementChild?.remove();
    while (this.lines.childElementCount < sentences.length) this.lines.append(element("p"));
    sentences.forEach((sentence, index) => setText(this.lines.children[index], sentence));
    this.close.hidden = this.notices.length === 0;
    this.box.hidden = sentences.length === 0;
  }

  /**
   * Pass a sentence to screen readers: now, or the latest one after a pause.
   * @param {string} sentence
   * @param {boolean} isUrgent
   */
  #speak(sentence, isUrgent) {
    this.nextSpoken = sentence;
    if (isUrgent) clearTimeout(this.spokenTimer);
    else if (this.spokenTimer !== undefined) return;
    setText(this.spoken, sentence);
    this.spokenTimer = setTimeout(() => {
      this.spokenTimer = undefined;
      if (this.spoken?.textContent !== this.nextSpoken) this.#speak(this.nextSpoken, true);
    }, PAUSE_MS);
  }
}
