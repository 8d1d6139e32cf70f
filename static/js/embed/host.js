// @ts-check
/**
 * The page as a guest in another one: what its host may ask for, what it tells the host, and the keys it gives back, so
 * that one click into the frame does not strand a speaker. Takes no focus and needs no storage.
 */

import { belongsTo } from "../page/keyboard.js";

/** @typedef {{do: string, [field: string]: any}} Request */
/** @typedef {{kind: "request", request: Request} | {kind: "slide", isShown: boolean} | {kind: "refused", sentence: string}} HostMessage */

/** So long a state waits for its picture. A page that is not painted gets none, and is told of without its numbers. */
const PATIENCE_MS = 250;

const DEEDS = ["play", "pause", "reset", "step", "set", "preset", "state"];

/** Keys by which reveal.js and its kin move, and the method each one calls. @type {Record<string, string>} */
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
 * What a host said; null if it was not meant for us. reveal.js says "slide:start" and "slide:stop" as bare strings, some
 * decks wrap them in JSON, and scripts send objects.
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
  if (DEEDS.includes(request.do)) return { kind: "request", request };
  return { kind: "refused", sentence: `Expected "do" to be one of ${DEEDS.join(", ")}, but got ${JSON.stringify(request.do)}.` };
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
 * The command that a host's request stands for.
 * @param {Request} request
 * @returns {import("../connection/protocol.js").Command|null} null for "state", which is only answered
 */
export function commandFor(request) {
  switch (request.do) {
    case "play":
    case "pause":
      return { type: request.do };
    case "reset":
      return { type: "reset", ...pick(request, ["seed"]) };
    case "step":
      return { type: "step", ...pick({ ...request, count: request.count ?? request.n }, ["count", "player"]) };
    case "set":
      return { type: "set", path: request.path, value: request.value, ...pick({ reinitialize: request.afresh, ...request }, ["reinitialize"]) };
    case "preset":
      return { type: "load_preset", name: request.name ?? request.preset, ...pick(request, ["changes"]) };
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
 * What to tell reveal.js about a key that no control of ours used; null for a key that is none of its business.
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
 * When to tell the host how things stand: words come before their picture, and all that is told is of one step.
 * @param {{current: () => unknown}} store
 * @param {() => void} tell
 */
export function mountTelling(store, tell) {
  /** @type {any} */
  let timer;
  function now() {
    clearTimeout(timer);
    timer = undefined;
    tell();
  }
  return {
    now,
    /** Something was said, and its picture is on its way. */
    soon() {
      timer ??= setTimeout(now, PATIENCE_MS);
    },
    /** A picture came. */
    see() {
      if (timer !== undefined && store.current()) now();
    },
  };
}

/**
 * The host of this page, in the form that it speaks: objects, or JSON text once it has sent some.
 */
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
   * @param {Record<string, unknown>} facts
   */
  tell(event, facts) {
    if (!this.isFramed) return;
    const message = { gan1d: 1, event, ...facts };
    this.window.parent.postMessage(this.speaksText ? JSON.stringify(message) : message, "*");
  }

  /** @param {KeyboardEvent} event */
  forward(event) {
    const move = this.isFramed ? moveFor(event) : null;
    if (move) this.window.parent.postMessage(move, "*");
  }
}
