// @ts-check
/**
 * The run of a game on the page: its trajectories, the step that is shown, and playing along them. The server computes a
 * whole run in one answer; a changed setting is another request, which goes on from the step that is shown. A run is one class, because the answer changes all of it.
 */

import { formatCount, formatSetting } from "../format.js";
import { controlsOf, settingAt } from "../state/schema.js";

/** @typedef {{count: number, values: number[]}} State what an update has at a step: its point, then what it remembers */
/**
 * @typedef {object} Track a trajectory
 * @property {number} from the step at which it begins
 * @property {string} label
 * @property {number[]} theta  @property {number[]} psi
 * @property {(number|null)[]} distances to the nearest equilibrium
 * @property {(number|null)[]|null} conserved what the flow keeps, at each step
 * @property {State[]} states
 * @property {[number, number][]} eigenvalues of a step at the equilibrium, the largest modulus first
 * @property {number|null} rate modulus of the first one; null if a step has no derivative there
 * @property {string} near the motion near the equilibrium  @property {string} words what the distances show
 * @property {boolean} isOver whether its numbers got too large
 */
/**
 * @typedef {object} Answer of `POST game`
 * @property {string} preset  @property {Record<string, any>} config  @property {Record<string, unknown>} changed
 * @property {any[]} tracks  @property {[number, number][]} equilibria  @property {number} plane  @property {number|null} bound
 * @property {{theta: number[], psi: number[], across: number[], up: number[]}} field
 * @property {{label: string, level: number, curve: (number|null)[][]}|null} conserved
 */
/** @typedef {{type: "config"|"step"|"status"} | {type: "refused", path: string, message: string}} GameEvent */
/** @typedef {(request: object) => Promise<Answer>} Ask throws a `GameRefusal` */

/** A request that the server has refused, with its sentence. */
export class GameRefusal extends Error {
  /** @param {string} sentence @param {string} [path] of the setting */
  constructor(sentence, path = "") {
    super(sentence);
    this.path = path;
  }
}

/** A picture that is not drawn for this long stops the clock of a playing game: its page is hidden. */
const STALL_MS = 400;

export class GameRun {
  /**
   * @param {{ask: Ask, schema: Record<string, any>, speed: number|string, say: (event: GameEvent) => void, now?: () => number}} context
   */
  constructor({ ask, schema, speed, say, now = () => performance.now() }) {
    this.ask = ask;
    this.schema = schema;
    this.say = say;
    this.now = now;
    this.speed = speed;
    /** The last answer. @type {Answer|null} */
    this.answer = null;
    this.preset = "";
    /** @type {Track[]} */
    this.tracks = [];
    this.step = 0;
    /** The last step that was shown. */
    this.reached = 0;
    this.running = false;
    /** Changes of settings during the run. @type {{step: number, label: string, path: string}[]} */
    this.marks = [];
    /** Changes that wait for an answer, by path. @type {Map<string, unknown>} */
    this.waiting = new Map();
    this.isAsking = false;
    this.isLoading = false;
    /** Steps to make as soon as a preset has come. */
    this.stepsAfter = 0;
    /** Named steps. @type {{step: number, text: string}[]} */
    this.bookmarks = [];
    this.began = { at: 0, step: 0 };
    this.drawnAt = 0;
  }

  /** The last step of the trajectories. */
  get last() {
    return this.tracks.reduce((last, { from, theta }) => Math.max(last, from + theta.length - 1), 0);
  }

  /**
   * Begin a preset, with changes.
   * @param {string} preset @param {Record<string, unknown>} [changes]
   */
  async load(preset, changes = {}) {
    this.waiting.clear();
    // What is to be played before there is anything begins with the first answer.
    this.running &&= !this.answer;
    this.isLoading = true;
    await this.#request({ preset, changes }, 0);
    this.isLoading = false;
    const count = this.stepsAfter;
    this.stepsAfter = 0;
    if (count > 0) await this.#goTo(count);
  }

  /** Change a setting, together with all others that are changed before the answer. @param {string} path @param {unknown} value */
  change(path, value) {
    this.waiting.set(path, value);
    if (!this.isAsking) void this.#sendChanges();
  }

  play() {
    if (this.running) return;
    this.running = true;
    this.#restartClock();
    if (this.step >= this.last) void this.#goFurther();
    this.say({ type: "status" });
  }

  pause() {
    if (!this.running) return;
    this.running = false;
    this.say({ type: "status" });
  }

  reset() {
    this.running = false;
    this.marks = [];
    this.reached = 0;
    if (this.answer) void this.#request({ preset: this.preset, config: this.answer.config }, 0);
  }

  /** Make steps, and stand still. @param {number} count */
  makeSteps(count) {
    this.running = false;
    if (this.isLoading || !this.answer) this.stepsAfter = count;
    else void this.#goTo(this.step + count);
  }

  /** Name a step; "" takes the name away. @param {number} step @param {string} text */
  bookmark(step, text) {
    const others = this.bookmarks.filter((each) => each.step !== step);
    const name = text.trim();
    this.bookmarks = (name ? [...others, { step, text: name }] : others).sort((a, b) => a.step - b.step);
    this.say({ type: "status" });
  }

  /** Stand still at a step. @param {number} step */
  look(step) {
    this.running = false;
    this.#show(step);
    this.say({ type: "status" });
  }

  /** @param {number|string} speed */
  setSpeed(speed) {
    this.speed = speed;
    this.#restartClock();
    this.say({ type: "status" });
  }

  /** A picture was drawn: go on to the step that is due. @returns {boolean} whether the next picture is wanted */
  drawn() {
    const now = this.now();
    if (now - this.drawnAt > STALL_MS) this.#restartClock();
    this.drawnAt = now;
    if (!this.running) return false;
    const due = typeof this.speed === "number" ? this.began.step + Math.floor(((now - this.began.at) / 1000) * this.speed) : this.step + 1;
    if (due > this.step) this.#show(Math.min(due, this.last));
    if (this.step < this.last || this.isAsking) return true;
    this.pause();
    return false;
  }

  /** The values of a track at the step that is shown; null before it begins and after it has ended. @param {Track} track */
  at(track, step = this.step) {
    const place = step - track.from;
    if (place < 0 || place >= track.theta.length) return null;
    return { theta: track.theta[place], psi: track.psi[place], distance: track.distances[place] ?? NaN, conserved: track.conserved?.[place] ?? null };
  }

  /** The state of the run in a sentence. */
  get sentence() {
    const over = this.tracks.find(({ isOver }) => isOver);
    if (this.running) return "Playing.";
    if (this.step === 0) return "Press Play.";
    if (over && this.step >= this.last) return `The numbers of ${over.label} got too large at step ${formatCount(this.last)}. Press Reset.`;
    return `Paused at step ${formatCount(this.step)}.`;
  }

  #restartClock() {
    this.began = { at: this.now(), step: this.step };
    this.drawnAt = this.now();
  }

  /** @param {number} step */
  #show(step) {
    this.step = Math.max(0, Math.min(this.last, step));
    this.reached = Math.max(this.reached, this.step);
    this.say({ type: "step" });
  }

  /** Stand still at a step; where there are fewer, ask for more. @param {number} step */
  async #goTo(step) {
    for (let before = -1; step > this.last && this.last > before;) {
      before = this.last;
      this.look(before);
      await this.#goFurther();
    }
    this.look(step);
  }

  /** Ask for more steps behind the last one. */
  async #goFurther() {
    if (!this.answer || this.isAsking || this.tracks.some(({ isOver }) => isOver)) return;
    await this.#request({ preset: this.preset, config: this.answer.config, from: this.#statesAt(this.step) }, this.step);
  }

  async #sendChanges() {
    if (!this.answer) return;
    const changes = Object.fromEntries(this.waiting);
    this.waiting.clear();
    const { config } = this.answer;
    const controls = controlsOf(this.schema, config);
    const restarts = Object.keys(changes).some((path) => controls.some((control) => isWithin(control.path, path) && control.effect === "restart"));
    const isStart = this.step === 0 || restarts;
    const request = { preset: this.preset, config, changes, from: isStart ? null : this.#statesAt(this.step) };
    const step = isStart ? 0 : this.step;
    const done = await this.#request(request, step);
    if (done && !isStart) for (const path of Object.keys(changes)) this.#mark(step, path, config);
    if (this.waiting.size > 0) void this.#sendChanges();
  }

  /** @param {object} request @param {number} step the step at which the answer begins @returns {Promise<boolean>} whether there is one */
  async #request(request, step) {
    this.isAsking = true;
    try {
      this.#take(await this.ask(request), step);
      return true;
    } catch (error) {
      if (!(error instanceof GameRefusal)) throw error;
      this.say({ type: "refused", path: error.path, message: error.message });
      return false;
    } finally {
      this.isAsking = false;
    }
  }

  /** Put the trajectories of an answer behind the steps that stay. @param {Answer} answer @param {number} step */
  #take(answer, step) {
    const before = this.tracks;
    this.answer = answer;
    this.preset = answer.preset;
    this.tracks = answer.tracks.map((raw, i) => joined(step > 0 ? before[i] : undefined, trackOf(raw, step), step));
    if (step === 0) {
      this.marks = [];
      this.bookmarks = [];
      this.step = this.reached = 0;
      this.#restartClock();
    }
    this.reached = Math.max(step, Math.min(this.reached, this.step));
    this.say({ type: "config" });
  }

  /** @param {number} step @returns {State[]} */
  #statesAt(step) {
    return this.tracks.flatMap(({ from, states }) => states[Math.min(step - from, states.length - 1)] ?? []);
  }

  /** @param {number} step @param {string} path @param {Record<string, any>} before the config before the change */
  #mark(step, path, before) {
    const { config } = /** @type {Answer} */ (this.answer);
    const control = controlsOf(this.schema, config).find((each) => each.path === path);
    const [old, now] = [before, config].map((each) => valueInWords(settingAt(each, path), control));
    const first = this.marks.find((mark) => mark.step === step && mark.path === path);
    const label = `${control?.label ?? path} ${first ? first.label.split(" → ")[0].split(" ").at(-1) : old} → ${now}`;
    this.marks = [...this.marks.filter((mark) => mark !== first && mark.step <= step), { step, path, label }];
    this.say({ type: "step" });
  }
}

/** @param {any} value @param {import("../state/schema.js").Control} [control] */
function valueInWords(value, control) {
  const kind = value?.kind ?? value;
  const option = control?.options.find((each) => each.value === kind);
  return option?.label ?? (typeof kind === "number" ? formatSetting(kind) : String(kind));
}

/** @param {string} path @param {string} above */
function isWithin(path, above) {
  return path === above || path.startsWith(`${above}.`);
}

/** @param {any} raw of an answer @param {number} from @returns {Track} */
function trackOf(raw, from) {
  const size = 2 * raw.slots;
  /** @type {State[]} */
  const states = [];
  for (let i = 0; i * size < raw.states.length; i++) states.push({ count: raw.count + i, values: raw.states.slice(i * size, (i + 1) * size) });
  return {
    ...raw, from, states, isOver: raw.is_over,
    theta: states.map(({ values }) => values[0]),
    psi: states.map(({ values }) => values[1]),
  };
}

/** A track up to a step, and from there on another one. @param {Track|undefined} before @param {Track} after @param {number} step @returns {Track} */
function joined(before, after, step) {
  const kept = before ? step - before.from : 0;
  if (!before || kept <= 0) return after;
  const join = (/** @type {any[]|null} */ a, /** @type {any[]|null} */ b) => (a && b ? [...a.slice(0, kept), ...b] : b);
  return {
    ...after,
    from: before.from,
    theta: join(before.theta, after.theta) ?? [],
    psi: join(before.psi, after.psi) ?? [],
    distances: join(before.distances, after.distances) ?? [],
    conserved: join(before.conserved, after.conserved),
    states: join(before.states, after.states) ?? [],
  };
}
