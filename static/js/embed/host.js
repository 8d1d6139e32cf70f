// @ts-check
/**
 * The page inside another page, its host: requests from the host, events for the host, and keys that are passed on to it, so
 * that slides can still be turned after a click into the frame. Never takes the focus and needs no storage.
 */

import { belongsTo } from "../page/keyboard.js";

/** @typedef {{do: string, [field: string]: any}} Request */
/** @typedef {{kind: "request", request: Request} | {kind: "slide", isShown: boolean} | {kind: "refused", sentence: string}} HostMessage */

/** A state is reported without its frame after this time: a page that is not painted gets no frames. */
const FRAME_TIMEOUT_MS = 250;

const HOST_ACTIONS = ["play", "pause", "reset", "step", "set", "preset", "look", "state"];

/** Keys that turn slides in reveal.js, and the method that each one calls. @type {Record<string, string>} */
const MOVES = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  PageUp: "prev",
  PageDown: "next",
  Escape: "toggleOverview",
};

/**
 * Read a message from the host; null if it is not for this page. reveal.js sends "slide:start" and "slide:stop" as bare
 * strings, some decks wrap them in JSON, and scripts send objects.
 * @param {unknown} data
 * @returns {HostMessage|null}
 */
export function readHostMessage(data) {
  const message = typeof data === "string" ? unwrap(data) : data;
  const slide = typeof message === "string" ? message : /** @type {any} */ (message)?.event ?? /** @type {any} */ (message)?.type;
  if (slide === "slide:start") return { kind: "slide", isShown: true };
  if (slide === "slide:stop") return { kind: "slide", isShown: false };
  if (typeof message !== "object" || message === null || !("gan1d" in message)) return null;
  const request = /** @type {any} */ (message);
  if (request.gan1d !== 1) return { kind: "refused", sentence: `Expected "gan1d": 1, but got ${JSON.stringify(request.gan1d)}.` };
  if ("event" in request) return null;
  if (HOST_ACTIONS.includes(request.do)) return { kind: "request", request };
  return { kind: "refused", sentence: `Expected "do" to be one of ${HOST_ACTIONS.join(", ")}, but got ${JSON.stringify(request.do)}.` };
}

/** @param {string} text */
function unwrap(text) {
  if (!/^\s*[{"]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * The command for a request of the host.
 * @param {Request} request
 * @returns {import("../connection/wire.js").Command|null} null for "state", which changes nothing
 */
export function commandFor(request) {
  switch (request.do) {
    case "play":
    case "pause":
      return { type: request.do };
    case "reset":
      return { type: "reset", ...pick(request, ["seed"]) };
    case "step":
      return { type: "step", ...pick(request, ["count", "player"]) };
    case "set":
      return { type: "set", path: request.path, value: request.value, ...pick({ reinitialize: request.afresh, ...request }, ["reinitialize"]) };
    case "preset":
      return { type: "load_preset", name: request.name, ...pick(request, ["changes"]) };
    case "look":
      return { type: "look", step: Number(request.step) };
    default:
      return null;
  }
}

/**
 * @param {Record<string, any>} source
 * @param {string[]} names
 */
function pick(source, names) {
  return Object.fromEntries(names.filter((name) => source[name] !== undefined).map((name) => [name, source[name]]));
}

/**
 * The message that passes a key on to reveal.js; null for a key that this page uses, or that turns no slides.
 * @param {Pick<KeyboardEvent, "key"|"ctrlKey"|"altKey"|"metaKey"|"defaultPrevented"> & {target: any}} event
 * @returns {string|null}
 */
export function moveFor(event) {
  const method = MOVES[event.key];
  if (!method || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return null;
  if (belongsTo(event.target, event.key)) return null;
  return JSON.stringify({ method, args: [] });
}

/**
 * The state of a run or of a game, as its host is told.
 * @param {Pick<import("../state/store.js").Store, "status"|"playback"|"preset"|"changed"|"current">} store
 * @param {number} [step] the step if there is no current frame
 */
export function stateOf({ status, playback, preset, changed, current }, step = 0) {
  const frame = current();
  return {
    state: status?.state ?? "connecting",
    running: playback?.running ?? false,
    speed: playback?.speed ?? null,
    step: frame?.step ?? step,
    preset,
    changes: changed,
    metrics: frame?.scalars ?? {},
  };
}

/** Decides when to report the state to the host: together with its frame, so that all of it belongs to one step. */
export class StateReporter {
  /**
   * @param {{current: () => unknown}} store
   * @param {() => void} send
   */
  constructor(store, send) {
    this.store = store;
    this.send = send;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
  }

  report() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.send();
  }

  /** Report with the next current frame, or without one after a timeout. */
  schedule() {
    this.timer ??= setTimeout(() => this.report(), FRAME_TIMEOUT_MS);
  }

  onFrame() {
    if (this.timer !== undefined && this.store.current()) this.report();
  }
}

/** The host of this page. It is sent objects, or JSON text once it has sent JSON text itself. */
export class Host {
  /** @param {Window & typeof globalThis} window */
  constructor(window) {
    this.window = window;
    this.isFramed = window.parent !== window;
    this.speaksText = false;
  }

  /** @param {(message: HostMessage) => void} listener */
  listen(listener) {
    this.window.addEventListener("message", (event) => {
      if (event.source !== this.window.parent) return;
      const message = readHostMessage(event.data);
      if (!message) return;
      if (message.kind !== "slide") this.speaksText = typeof event.data === "string";
      listener(message);
    });
  }

  /**
   * @param {"ready"|"state"|"error"} event
   * @param {Record<string, unknown>} fields
   */
  send(event, fields) {
    if (!this.isFramed) return;
    const message = { gan1d: 1, event, ...fields };
    this.window.parent.postMessage(this.speaksText ? JSON.stringify(message) : message, "*");
  }

  /** Make reveal.js send `slide:start` to the frames of its present slide once more: the first may have come too early. */
  requestSlide() {
    if (this.isFramed) this.window.parent.postMessage(JSON.stringify({ method: "startEmbeddedContent", args: [] }), "*");
  }

  /** @param {KeyboardEvent} event */
  forward(event) {
    const move = this.isFramed ? moveFor(event) : null;
    if (move) this.window.parent.postMessage(move, "*");
  }
}
