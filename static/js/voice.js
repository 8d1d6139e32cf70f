// @ts-check
/** What the page says in words: its state as a class on the root and a sentence, and notices; never a stream of chatter. */

import { element, setText } from "./element.js";

/** A reader who listens hears the same state again no sooner than this. */
const PAUSE_MS = 5_000;
/** A notice about something past goes by itself. */
const NOTICE_MS = 15_000;
/** States that need the reader's attention until they are over. */
const GRAVE = new Set(["reconnecting", "full", "incompatible", "closed", "diverged", "failed"]);

export class Voice {
  /** @param {Document} page */
  constructor(page) {
    this.root = page.documentElement;
    this.line = page.getElementById("status");
    this.box = page.getElementById("notice");
    this.text = element("span");
    this.close = element("button", { type: "button", class: "quiet", "aria-label": "Dismiss", onclick: () => this.#hush() }, "×");
    this.box?.replaceChildren(this.text, this.close);
    this.state = "";
    this.grave = "";
    this.waiting = "";
    /** @type {any} */
    this.lineTimer = undefined;
    /** @type {any} */
    this.noticeTimer = undefined;
  }

  /**
   * How things stand.
   * @param {string} state
   * @param {string} sentence
   */
  say(state, sentence) {
    const isNew = state !== this.state;
    if (isNew) {
      this.root.classList.remove(`state-${this.state}`);
      this.root.classList.add(`state-${state}`);
      this.state = state;
    }
    const isGrave = GRAVE.has(state);
    this.#setGrave(isGrave ? sentence : "");
    this.#speak(isGrave ? "" : sentence, isNew);
  }

  /**
   * Something that happened, or was refused.
   * @param {string} sentence
   */
  notice(sentence) {
    this.#show(sentence);
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => this.#hush(), NOTICE_MS);
  }

  /** @param {string} sentence */
  #setGrave(sentence) {
    if (sentence === this.grave) return;
    const wasShown = this.text.textContent === this.grave;
    this.grave = sentence;
    if (sentence || wasShown) this.#show(sentence);
  }

  #hush() {
    clearTimeout(this.noticeTimer);
    this.#show(this.text.textContent === this.grave ? "" : this.grave);
  }

  /** @param {string} sentence */
  #show(sentence) {
    if (!this.box) return;
    setText(this.text, sentence);
    this.box.hidden = sentence === "";
  }

  /**
   * @param {string} sentence
   * @param {boolean} atOnce
   */
  #speak(sentence, atOnce) {
    this.waiting = sentence;
    if (atOnce) clearTimeout(this.lineTimer);
    else if (this.lineTimer !== undefined) return;
    setText(this.line, sentence);
    this.lineTimer = setTimeout(() => {
      this.lineTimer = undefined;
      if (this.line?.textContent !== this.waiting) this.#speak(this.waiting, true);
    }, PAUSE_MS);
  }
}
