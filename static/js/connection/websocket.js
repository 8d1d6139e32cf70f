// @ts-check
/**
 * The live source: one websocket to the server that the page came from. It says hello first; after a loss we come back
 * to the same session, waiting longer each time; twelve silent seconds count as a loss (the server speaks at least every five).
 */

import { decodeMessage, encodeCommand, PROTOCOL, ProtocolError, SUBPROTOCOL } from "./protocol.js";

const SILENCE_MS = 12_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** From here on, waiting is no hiccup any more and the reader needs advice. */
const ADVICE_AFTER_MS = 3_000;

/** Close codes (RFC 6455, 7.4; from 4000 on the server's own) that mean more than "come back soon". */
const CLOSE_NORMAL = 1000;
const CLOSE_FULL = 4002;
/** @type {Record<number, Connection>} */
const FINAL = { 4003: "closed", 4004: "incompatible", 4005: "closed" };

/** @typedef {"connecting"|"open"|"reconnecting"|"full"|"incompatible"|"closed"} Connection */
/** @typedef {{now: () => number, setTimeout: (callback: () => void, ms: number) => any, clearTimeout: (timer: any) => void}} Clock */

/**
 * @typedef {object} LiveOptions
 * @property {string} url
 * @property {string|null} [session] a session to come back to
 * @property {new (url: string, protocols: string[]) => WebSocket} [WebSocketClass]
 * @property {Clock} [clock]
 * @property {() => number} [random]
 * @property {(message: {type: string, [field: string]: any}) => void} onMessage
 * @property {(buffer: ArrayBuffer) => void} onFrame
 * @property {(state: Connection, sentence: string) => void} onState
 * @property {(sentence: string) => void} onProblem
 */

/** @type {Clock} */
const browserClock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};

/**
 * The address of the websocket beside the page, under whatever prefix the page is served.
 * @param {string} base
 * @param {string|null} session
 * @returns {string}
 */
export function socketUrl(base, session) {
  const url = new URL("ws", base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.hash = "";
  url.search = session ? `?session=${encodeURIComponent(session)}` : "";
  return url.href;
}

export class LiveSource {
  /** @param {LiveOptions} options */
  constructor(options) {
    this.options = options;
    this.clock = options.clock ?? browserClock;
    this.random = options.random ?? Math.random;
    this.session = options.session ?? null;
    /** @type {Connection} */
    this.state = "closed";
    /** @type {WebSocket|null} */
    this.socket = null;
    this.attempts = 0;
    this.lostAt = 0;
    this.heardAt = 0;
    /** @type {any} */
    this.timer = null;
  }

  open() {
    this.lostAt = this.clock.now();
    this.#say("connecting", "Connecting…");
    this.#connect();
  }

  close() {
    this.#say("closed", "The connection is closed. Reload the page to open it again.");
    this.#letGo(CLOSE_NORMAL);
  }

  /** Do not wait for the next attempt: the network is back, or the reader is. */
  hurry() {
    if (this.state !== "reconnecting" && this.state !== "full") return;
    if (this.socket) return;
    this.#connect();
  }

  /**
   * @param {import("./protocol.js").Command} command
   * @returns {boolean} whether there was a connection to send it on
   */
  send(command) {
    if (this.state !== "open" || !this.socket) return false;
    this.socket.send(encodeCommand(command));
    return true;
  }

  #connect() {
    this.#letGo(CLOSE_NORMAL);
    const Socket = this.options.WebSocketClass ?? WebSocket;
    const socket = new Socket(socketUrl(this.options.url, this.session), [SUBPROTOCOL]);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.heardAt = this.clock.now();
    socket.onmessage = (event) => this.#hear(socket, event.data);
    socket.onclose = (event) => this.#lose(socket, event.code, event.reason);
    this.#listenForSilence();
  }

  #listenForSilence() {
    const quiet = this.clock.now() - this.heardAt;
    if (quiet >= SILENCE_MS) {
      this.#lose(this.socket, 0, "");
      return;
    }
    this.#after(SILENCE_MS - quiet, () => this.#listenForSilence());
  }

  /**
   * @param {WebSocket} socket
   * @param {unknown} data
   */
  #hear(socket, data) {
    if (socket !== this.socket) return;
    this.heardAt = this.clock.now();
    try {
      if (data instanceof ArrayBuffer) this.options.onFrame(data);
      else this.#read(decodeMessage(String(data)));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.options.onProblem(`${error.message} Reload the page; if that does not help, restart the server.`);
    }
  }

  /** @param {{type: string, [field: string]: any}} message */
  #read(message) {
    // The close frame that follows says the same.
    if (message.type === "closing") return;
    if (message.type === "hello") {
      if (message.protocol !== PROTOCOL) {
        this.#refuse(`This page speaks protocol ${PROTOCOL}, but the server speaks ${message.protocol}. Reload the page.`);
        return;
      }
      this.session = message.session ?? null;
      this.attempts = 0;
      this.#say("open", "Connected.");
    } else if (this.state !== "open") {
      this.#refuse(`Expected the server to say hello first, but it said ${JSON.stringify(message.type)}. Reload the page.`);
      return;
    }
    this.options.onMessage(message);
  }

  /** @param {string} sentence */
  #refuse(sentence) {
    this.#letGo(CLOSE_NORMAL);
    this.#say("incompatible", sentence);
  }

  /**
   * @param {WebSocket|null} socket
   * @param {number} code
   * @param {string} reason
   */
  #lose(socket, code, reason) {
    if (socket === null || socket !== this.socket) return;
    if (this.state === "open") this.lostAt = this.clock.now();
    this.#letGo(CLOSE_NORMAL);
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.attempts) * (0.5 + 0.5 * this.random());
    this.attempts += 1;
    if (FINAL[code]) {
      this.#say(FINAL[code], `${reason || "The server ended the connection."} Reload the page to begin again.`);
      return;
    }
    if (code === CLOSE_FULL) this.#say("full", `${reason || "The server is full."} Trying again…`);
    else this.#say("reconnecting", this.#lossInWords());
    this.#after(wait, () => this.#connect());
  }

  #lossInWords() {
    const isLong = this.clock.now() - this.lostAt >= ADVICE_AFTER_MS;
    const known = this.session !== null;
    if (!isLong) return known ? "The connection was lost. Trying again…" : "The server does not answer yet. Trying again…";
    return `The server does not answer. Start it again with “gan1d”; this page ${known ? "continues" : "connects"} by itself.`;
  }

  /** @param {number} code */
  #letGo(code) {
    this.clock.clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close(code);
  }

  /**
   * @param {number} ms
   * @param {() => void} callback
   */
  #after(ms, callback) {
    this.clock.clearTimeout(this.timer);
    this.timer = this.clock.setTimeout(callback, ms);
  }

  /**
   * @param {Connection} state
   * @param {string} sentence
   */
  #say(state, sentence) {
    this.state = state;
    this.options.onState(state, sentence);
  }
}
