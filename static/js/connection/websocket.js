// @ts-check
/**
 * The live source: one websocket to the server of the page. The server speaks first. A lost connection is opened again for the
 * same session, after longer and longer waits. A long silence counts as a loss: the server says in hello how long.
 */

import { decodeMessage, encodeCommand, PROTOCOL, ProtocolError, SUBPROTOCOL } from "./protocol.js";

/** The silence that counts as a loss before hello. */
const FIRST_SILENCE_MS = 12_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** After this time without a connection, the reader gets advice. */
const ADVICE_AFTER_MS = 3_000;

/** The close code for a regular end (RFC 6455, section 7.4). */
const CLOSE_NORMAL = 1000;

/** @import {Closing, Command, Event, Hello} from "./wire.js" */
/** @import {Receiver, SourceState, Timeline} from "./source.js" */
/** @typedef {ReturnType<typeof setTimeout>|undefined} Timer */
/** @typedef {{now: () => number, setTimeout: (callback: () => void, ms: number) => Timer, clearTimeout: (timer: Timer) => void}} Clock */

/**
 * @typedef {object} LiveSettings
 * @property {string} url
 * @property {string|null} [session] the session to connect to
 * @property {new (url: string, protocols: string[]) => WebSocket} [WebSocketClass]
 * @property {Clock} [clock]
 * @property {() => number} [random]
 * @property {(sentence: string) => void} onProblem
 * @property {() => Promise<string>} [explain] why no websocket can be opened; "" if it is not known
 * @property {() => Promise<Catalog|null>} [loadCatalog] called once, before the first connection
 */
/** @typedef {LiveSettings & Receiver} LiveOptions */
/** @typedef {{catalog: string} & Partial<Hello>} Catalog some fields of hello, and a name made from their content */

/** @type {Clock} */
const browserClock = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};

/**
 * The address of the websocket: beside the page, under the same path prefix.
 * @param {string} base
 * @param {string|null} session
 * @param {string|null} [catalog] the name of the one that the page has
 * @returns {string}
 */
export function socketUrl(base, session, catalog = null) {
  const url = new URL("ws", base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.hash = "";
  const token = new URL(base).searchParams.get("token");
  const query = [["session", session], ["token", token], ["catalog", catalog]].filter(([, value]) => value);
  url.search = query.map(([name, value]) => `${name}=${encodeURIComponent(value ?? "")}`).join("&");
  return url.href;
}

export class LiveSource {
  /** @param {LiveOptions} options */
  constructor(options) {
    this.options = options;
    this.clock = options.clock ?? browserClock;
    this.random = options.random ?? Math.random;
    this.session = options.session ?? null;
    /** @type {SourceState} */
    this.state = "closed";
    this.lock = this.madeWith = "";
    /** @type {Timeline|null} */
    this.timeline = null;
    /** @type {Catalog|null} */
    this.catalog = null;
    /** @type {WebSocket|null} */
    this.socket = null;
    /** Whether the handshake of the present socket has succeeded. */
    this.isAccepted = false;
    /** Why the server closes the connection, if it has said so. @type {Closing|null} */
    this.closing = null;
    /** Why no websocket can be opened; "" if it is not known. */
    this.refusal = "";
    this.silenceMs = FIRST_SILENCE_MS;
    this.attempts = 0;
    this.lostAt = 0;
    this.receivedAt = 0;
    /** @type {Timer} */
    this.timer = undefined;
  }

  async open() {
    this.lostAt = this.clock.now();
    this.#setState("connecting", "Connecting…");
    if (this.options.loadCatalog) this.catalog = await this.options.loadCatalog();
    if (this.state === "connecting") this.#connect();
  }

  close() {
    this.#setState("closed", "The connection is closed. Reload the page to open it again.");
    this.#drop(CLOSE_NORMAL);
  }

  /** Connect at once instead of waiting: the network is back, or the page is visible again. */
  retryNow() {
    if (this.state !== "reconnecting" && this.state !== "full") return;
    if (this.socket) return;
    this.#connect();
  }

  /**
   * @param {Command} command
   * @returns {boolean} whether there was a connection to send it on
   */
  send(command) {
    if (this.state !== "open" || !this.socket) return false;
    this.socket.send(encodeCommand(command));
    return true;
  }

  #connect() {
    this.#drop(CLOSE_NORMAL);
    const Socket = this.options.WebSocketClass ?? WebSocket;
    const socket = new Socket(socketUrl(this.options.url, this.session, this.catalog?.catalog), [SUBPROTOCOL]);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.closing = null;
    this.receivedAt = this.clock.now();
    this.isAccepted = false;
    socket.onopen = () => (this.isAccepted = true);
    socket.onmessage = (event) => this.#receive(socket, event.data);
    socket.onclose = () => this.#handleLoss(socket);
    this.#watchSilence();
  }

  #watchSilence() {
    const quiet = this.clock.now() - this.receivedAt;
    if (quiet >= this.silenceMs) {
      this.#handleLoss(this.socket);
      return;
    }
    this.#after(this.silenceMs - quiet, () => this.#watchSilence());
  }

  /**
   * @param {WebSocket} socket
   * @param {unknown} data
   */
  #receive(socket, data) {
    if (socket !== this.socket) return;
    this.receivedAt = this.clock.now();
    try {
      if (data instanceof ArrayBuffer) this.options.onFrame(data);
      else this.#read(decodeMessage(String(data)));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.options.onProblem(`${error.message} Reload the page; if that does not help, restart the server.`);
    }
  }

  /** @param {Event} message */
  #read(message) {
    // The server of another version sends all fields.
    if (message.type === "hello" && message.catalog === this.catalog?.catalog) message = { ...this.catalog, ...message };
    if (message.type === "closing") {
      this.closing = message;
      return;
    }
    if (message.type === "hello") {
      if (message.protocol !== PROTOCOL) {
        this.#rejectServer(`This page speaks protocol ${PROTOCOL}, but the server speaks ${message.protocol}. Reload the page.`);
        return;
      }
      this.session = message.session;
      this.silenceMs = 1000 * message.limits.lost_seconds;
      this.attempts = 0;
      this.refusal = "";
      this.#setState("open", "Connected.");
    } else if (this.state !== "open") {
      this.#rejectServer(`Expected the server to say hello first, but it said ${JSON.stringify(message.type)}. Reload the page.`);
      return;
    }
    this.options.onMessage(message);
  }

  /** @param {string} sentence */
  #rejectServer(sentence) {
    this.#drop(CLOSE_NORMAL);
    this.#setState("incompatible", sentence);
  }

  /** @param {WebSocket|null} socket */
  #handleLoss(socket) {
    if (socket === null || socket !== this.socket) return;
    if (this.state === "open") this.lostAt = this.clock.now();
    this.#drop(CLOSE_NORMAL);
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.attempts) * (0.5 + 0.5 * this.random());
    this.attempts += 1;
    const { reason = "", reaction = "reconnect", watch = null } = this.closing ?? {};
    if (reaction === "end" || reaction === "reload") {
      this.#setState(reaction === "end" ? "closed" : "incompatible", `${reason} Reload the page to begin again.`);
      return;
    }
    if (reaction === "wait") this.#setState("full", `${reason} Trying again…`, watch);
    else this.#setState("reconnecting", this.#lossInWords());
    this.#after(wait, () => this.#connect());
    if (!this.isAccepted) void this.#explain();
  }

  async #explain() {
    this.refusal = (await this.options.explain?.()) ?? "";
    if (this.refusal && this.state === "reconnecting") this.#setState("reconnecting", this.#lossInWords());
  }

  #lossInWords() {
    if (this.refusal) return this.refusal;
    const isLong = this.clock.now() - this.lostAt >= ADVICE_AFTER_MS;
    const known = this.session !== null;
    if (!isLong) return known ? "The connection was lost. Trying again…" : "The server does not answer yet. Trying again…";
    return `The server does not answer. Start it again with “gan1d”; this page ${known ? "continues" : "connects"} by itself.`;
  }

  /** @param {number} code */
  #drop(code) {
    this.clock.clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = null;
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
   * @param {SourceState} state
   * @param {string} sentence
   * @param {string|null} [watch]
   */
  #setState(state, sentence, watch = null) {
    this.state = state;
    this.options.onState(state, sentence, watch);
  }
}
