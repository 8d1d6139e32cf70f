// @ts-check
/**
 * A recording as a source: it answers commands as a server does, from frames that stand in the page. `gan1d/replay` writes
 * recordings and describes them. A frame is followed by the next one only after it was drawn.
 */

import { formatCount } from "../format.js";
import { ArchiveError } from "./frame-archive.js";
import { OwnBookmarks } from "./own-bookmarks.js";
import { readParts, readContent, traceOf } from "./recording-content.js";

/** @import {BookmarkEntry, Command, DiagnosisMessage, Event, PlaybackState, RunStatus, Scene} from "../connection/wire.js" */
/** @import {Receiver, SourceState, Timeline} from "../connection/source.js" */
/** @import {Part} from "./recording-content.js" */
/** @typedef {{now: () => number, setTimeout: (callback: () => void, ms: number) => any, clearTimeout: (timer: any) => void}} Clock */

/** A picture that is not drawn for this long stops the clock of a playing recording: its page is hidden. */
const STALL_MS = 400;

export const LOCK = "This is a recording, so its settings and its seed cannot change. Single numbers are exact; curves are rounded to less than 1/4,000 of their axis.";

/** @type {Clock} */
const browserClock = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};

export class ReplaySource {
  /**
   * @param {{recording: string, frames: string[], clock?: Clock, storage?: () => Storage} & Receiver} options `recording`, `frames`: in
   *   base64; `storage`: where bookmarks of the viewer are kept
   */
  constructor(options) {
    this.options = options;
    this.clock = options.clock ?? browserClock;
    /** @type {SourceState} */
    this.state = "closed";
    this.lock = LOCK;
    /** @type {Timeline|null} */
    this.timeline = null;
    /** @type {OwnBookmarks|null} */
    this.own = null;
    /** Versions and machine of the run, in a sentence. */
    this.madeWith = "";
    /** @type {Part[]} */
    this.parts = [];
    /** Part and place in it of each frame. @type {[number, number][]} */
    this.places = [];
    /** @type {any} */
    this.content = null;
    this.index = 0;
    this.part = 0;
    /** The config that was sent last. @type {unknown} */
    this.config = null;
    /** @type {PlaybackState} */
    this.playback = { running: false, speed: "frame" };
    this.isDrawn = true;
    /** When playing began, or went on, and at which step. */
    this.began = { at: 0, step: 0 };
    this.sentAt = 0;
    /** @type {any} */
    this.timer = undefined;
  }

  /** Unpack the recording, and show its first frame. */
  async open() {
    this.#setState("connecting", "Opening the recording…");
    try {
      this.content = await readContent(this.options.recording);
      this.parts = await readParts(this.content, this.options.frames);
      this.places = this.parts.flatMap(({ steps }, part) => steps.map((_, at) => /** @type {[number, number]} */ ([part, at])));
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#setState("incompatible", error.message);
      return;
    }
    const steps = this.parts.flatMap((part) => part.steps);
    this.timeline = { steps, last: steps.at(-1) ?? 0 };
    this.own = new OwnBookmarks(this.options.recording, this.content.hello.limits.bookmark_length, this.options.storage);
    this.madeWith = String(this.content.made_with ?? "");
    this.playback.speed = this.content.hello.playback.speed;
    this.config = this.content.configs[0]?.[1];
    this.#setState("open", "Opened.");
    this.#say({ ...this.content.hello, bookmarks: this.#bookmarks(), trace: traceOf(this.parts), status: this.#status(), playback: { ...this.playback } });
    this.#sendFrame();
  }

  retryNow() {}

  close() {
    this.clock.clearTimeout(this.timer);
    this.#setState("closed", "The recording is closed.");
  }

  /**
   * @param {Command} command
   * @returns {boolean} false before the recording is open
   */
  send(command) {
    if (this.state !== "open") return false;
    switch (command.type) {
      case "ack":
        this.#onDrawn();
        break;
      case "play":
        this.#play();
        break;
      case "pause":
        this.#pause();
        break;
      case "step":
        if (command.player && command.player !== "both") this.#refuse();
        else this.#show(Math.min(this.index + Math.max(1, command.count ?? 1), this.places.length - 1));
        break;
      case "reset":
        if (typeof command.seed === "number") this.#refuse();
        else this.#show(0);
        break;
      case "look":
        if (command.step !== null) this.#show(this.#indexAt(command.step));
        break;
      case "bookmark":
        this.own?.set(command.step, command.text);
        this.#sayBookmarks();
        break;
      case "playback":
        this.playback.speed = command.speed;
        this.#restartClock();
        this.#sendStatus();
        break;
      default:
        if ("path" in command) this.#refuse(command.path);
        else this.#refuse(null, command.type);
    }
    return true;
  }

  /** Those of the recording and those of the viewer, in the order of their steps. @returns {BookmarkEntry[]} */
  #bookmarks() {
    return [...this.content.hello.bookmarks, ...(this.own?.list ?? [])].sort((a, b) => a.step - b.step);
  }

  #sayBookmarks() {
    const { run, marks, diagnosis_marks: diagnosisMarks } = this.content.hello;
    this.#say({ type: "marks", run, marks, diagnosis_marks: diagnosisMarks, bookmarks: this.#bookmarks() });
  }

  /** @param {string|null} [path] @param {string|null} [command] */
  #refuse(path = null, command = null) {
    this.#say({ type: "refused", message: LOCK, path, value: null, command });
  }

  #play() {
    if (this.index === this.places.length - 1) this.#show(0);
    this.playback.running = true;
    this.#restartClock();
    this.#sendStatus();
    if (this.isDrawn) this.#goOn();
  }

  #pause() {
    this.playback.running = false;
    this.clock.clearTimeout(this.timer);
    this.#sendStatus();
  }

  /** Stand still at a frame. @param {number} index */
  #show(index) {
    this.playback.running = false;
    this.clock.clearTimeout(this.timer);
    this.#moveTo(index);
  }

  /** @param {number} index */
  #moveTo(index) {
    this.index = index;
    const step = this.#step();
    const entry = lastOf(this.content.configs, step);
    if (entry && entry !== this.config) {
      this.config = entry;
      const { preset } = this.content.hello;
      this.#say({ type: "config", revision: 0, path: null, value: null, ...entry, link: null, preset, effect: "none", mark: null });
    }
    const [part] = this.places[index];
    // The first scene stands in hello, whose other fields are none of a scene.
    if (part !== this.part) this.#say(/** @type {Scene} */ ({ ...this.parts[part].scene, type: "scene" }));
    this.part = part;
    this.#sendStatus();
    this.#sendFrame();
  }

  #sendFrame() {
    const [part, at] = this.places[this.index];
    this.isDrawn = false;
    this.sentAt = this.clock.now();
    this.options.onFrame(this.parts[part].frames[at]);
  }

  #onDrawn() {
    this.isDrawn = true;
    if (this.clock.now() - this.sentAt > STALL_MS) this.#restartClock();
    if (this.playback.running) this.#goOn();
  }

  #restartClock() {
    this.began = { at: this.clock.now(), step: this.#step() };
  }

  /** Show the frame that is due, or wait for it. */
  #goOn() {
    this.clock.clearTimeout(this.timer);
    const { speed } = this.playback;
    const last = this.places.length - 1;
    const next = Math.min(this.index + 1, last);
    if (this.index === last) return this.#pause();
    if (typeof speed !== "number") return this.#moveTo(next);
    const seconds = (this.clock.now() - this.began.at) / 1000;
    const due = this.#indexAt(this.began.step + seconds * speed);
    if (due > this.index) return this.#moveTo(due);
    const wait = (this.#stepAt(next) - this.began.step) / speed - seconds;
    this.timer = this.clock.setTimeout(() => this.#goOn(), Math.max(1, 1000 * wait));
  }

  #step() {
    return this.#stepAt(this.index);
  }

  /** @param {number} index */
  #stepAt(index) {
    const [part, at] = this.places[index];
    return this.parts[part].steps[at];
  }

  /** The last frame at or before a step. @param {number} step */
  #indexAt(step) {
    const after = this.timeline?.steps.findIndex((one) => one > step) ?? -1;
    return after < 0 ? this.places.length - 1 : Math.max(0, after - 1);
  }

  #sendStatus() {
    this.#say({ type: "status", ...this.#status() });
  }

  /** @returns {RunStatus} */
  #status() {
    const step = this.#step();
    /** @type {DiagnosisMessage} */
    const diagnosis = lastOf(this.content.diagnoses, step) ?? this.content.hello.status.diagnosis;
    const { running } = this.playback;
    const isLast = this.index === this.places.length - 1;
    const state = running ? "running" : this.index === 0 ? "ready" : "paused";
    const paused = isLast ? `The recording ends at step ${formatCount(step)}.` : this.index === 0 ? "Press Play." : `Paused at step ${formatCount(step)}.`;
    const sentence = running ? "Playing a recording." : paused;
    return { state, sentence, step, rate: 0, playback: { ...this.playback }, diagnosis, goal: null };
  }

  /** @param {Event} message */
  #say(message) {
    this.options.onMessage(message);
  }

  /** @param {SourceState} state @param {string} sentence */
  #setState(state, sentence) {
    this.state = state;
    this.options.onState(state, sentence, null);
  }
}

/** The value of the last entry at or before a step. @param {[number, any][]} entries @param {number} step */
function lastOf(entries, step) {
  return entries.findLast(([from]) => from <= step)?.[1];
}
