// @ts-check
/** What the page says in words: its state as a class on the root and a sentence, and notices; never a stream of chatter. */

import { element, setText } from "../dom.js";

/** A reader who listens hears the same state again no sooner than this. */
const PAUSE_MS = 5_000;
/** A notice about something past goes by itself. */
const NOTICE_MS = 15_000;
/** More sentences than this at once are not read. */
const MOST_LINES = 4;
/** States that need the reader's attention until they are over. */
const GRAVE = new Set(["reconnecting", "full", "incompatible", "closed", "diverged", "failed"]);

export class Voice {
  /** @param {Document} page */
  constructor(page) {
    this.root = page.documentElement;
    this.line = page.getElementById("status");
    this.spoken = page.getElementById("status-spoken");
    this.box = page.getElementById("notice");
    this.lines = element("div");
    this.close = element("button", { type: "button", class: "quiet", "aria-label": "Dismiss", onclick: () => this.#hush() }, "×");
    this.box?.replaceChildren(this.lines, this.close);
    this.state = "";
    /** What is wrong now. */
    this.grave = "";
    /** What was said of the past, oldest first. @type {string[]} */
    this.past = [];
    this.waiting = "";
    /** @type {any} */
    this.spokenTimer = undefined;
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
    const words = isGrave ? "" : sentence;
    this.grave = isGrave ? sentence : "";
    this.past = this.past.filter((other) => other !== this.grave);
    this.#show();
    setText(this.line, words);
    this.#speak(words, isNew);
  }

  /**
   * Something that happened, or was refused. What is wrong now is there already, and no news once it is over.
   * @param {string} sentence
   */
  notice(sentence) {
    if (sentence === this.grave) return;
    this.past = [...this.past.filter((other) => other !== sentence), sentence].slice(-MOST_LINES);
    this.#show();
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => this.#hush(), NOTICE_MS);
  }

  #hush() {
    this.past = [];
    this.#show();
  }

  #show() {
    if (!this.box) return;
    const sentences = [this.grave, ...this.past].filter(Boolean);
    while (this.lines.childElementCount > sentences.length) this.lines.lastElementChild?.remove();
    while (this.lines.childElementCount < sentences.length) this.lines.append(element("p"));
    sentences.forEach((sentence, index) => setText(this.lines.children[index], sentence));
    this.close.hidden = this.past.length === 0;
    this.box.hidden = sentences.length === 0;
  }

  /**
   * Who looks sees each sentence at once; who listens hears the last one of a few seconds.
   * @param {string} sentence
   * @param {boolean} atOnce
   */
  #speak(sentence, atOnce) {
    this.waiting = sentence;
    if (atOnce) clearTimeout(this.spokenTimer);
    else if (this.spokenTimer !== undefined) return;
    setText(this.spoken, sentence);
    this.spokenTimer = setTimeout(() => {
      this.spokenTimer = undefined;
      if (this.spoken?.textContent !== this.waiting) this.#speak(this.waiting, true);
    }, PAUSE_MS);
  }
}
