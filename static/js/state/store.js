// @ts-check
/**
 * What the page knows, and the one animation loop. Messages arrive whenever they like and change fields; pixels change
 * in one animation frame, from those fields, and only then are the drawn frames acknowledged. A page that is not painted
 * (a hidden tab, another slide) acknowledges nothing, so the server sends it nothing: that is the whole flow control.
 */

import { decodeFrame, isStale } from "../connection/protocol.js";
import { TraceLog } from "./history.js";

/** @typedef {import("../connection/protocol.js").Scene} Scene */
/** @typedef {import("../connection/protocol.js").Frame} Frame */
/** @typedef {import("../connection/protocol.js").Command} Command */
/** @typedef {import("./history.js").Traces} Traces */
/** @typedef {{step: number, path: string, label: string, last?: number}} Mark a change, and the last step of its drag if it was seen */
/** @typedef {import("../charts/types.js").Hover} Hover */
/** @typedef {{x: number[], density: number[]}} Ink what a hand is drawing */
/** @typedef {{state: string, sentence: string, step: number, rate: number, playback: Playback, diagnosis?: Finding}} Status */
/** @typedef {{kind: string, sentence: string, since: number}} Finding */
/** @typedef {{running: boolean, speed: number|string}} Playback */
/** @typedef {{name: string, former_names: string[], group: string, title: string, watch: string, config: Record<string, any>}} Preset */
/** @typedef {{type: string, [field: string]: any}} Message */

/**
 * Read-only for charts, except through its methods.
 * @typedef {object} Store
 * @property {Message|null} hello the server's first message: schema, presets, speeds, role
 * @property {Scene|null} scene
 * @property {Record<string, any>|null} config
 * @property {string} preset the preset that the present config is compared with
 * @property {Playback|null} playback
 * @property {Status|null} status
 * @property {Frame|null} frame
 * @property {Traces} traces
 * @property {Mark[]} marks
 * @property {Hover|null} hover
 * @property {string|null} asked name of the number whose history is drawn instead of the distances
 * @property {import("../charts/target-editing.js").Grip[]} grips what of the present config can be turned in the chart of the data
 * @property {Ink|null} ink
 * @property {boolean} readonly whether settings may not be changed from this page
 * @property {(path: string, value: unknown, reinitialize?: boolean) => void} intend ask for a new value, and maybe that a
 *   network rebuilt for it begins afresh; at most one message per path per frame
 * @property {(hover: Hover|null) => void} setHover
 * @property {(name: string|null) => void} ask
 * @property {() => Frame|null} current the frame, unless something newer was said: a scene whose first frame is still to
 *   come, or another step of a run that stands still
 * @property {() => void} hold axes stand still until `letGo`: a hand is on something, and the ground must not move
 * @property {() => void} letGo
 * @property {(ink: Ink) => void} setInk
 * @property {() => void} invalidate ask for one animation frame
 * @property {(command: Command) => boolean} command send now, after the intended changes; false if there is no connection
 * @property {(message: Message) => void} apply
 * @property {(buffer: ArrayBuffer) => void} receive
 * @property {(draw: () => void) => void} onDraw
 * @property {(listener: (message: Message) => void) => void} subscribe hear every text message after it was applied
 */

/**
 * @typedef {object} Surroundings
 * @property {(command: Command) => boolean} send
 * @property {(callback: () => void) => void} requestFrame
 */

/**
 * @param {Surroundings} surroundings
 * @returns {Store}
 */
export function createStore({ send, requestFrame }) {
  const log = new TraceLog();
  /** @type {Map<string, {value: unknown, reinitialize?: true}>} */
  const intents = new Map();
  /** @type {(() => void)[]} */
  const drawers = [];
  /** @type {((message: Message) => void)[]} */
  const listeners = [];
  /** @type {Coming} */
  const coming = { act: null };
  /** The axes as they were when a hand took hold. @type {Pick<Scene, "x_axis"|"density_high">|null} */
  let held = null;
  /** @type {Scene|null} */
  let actual = null;
  let scheduled = false;
  let unacknowledged = 0;

  /** A scene that has just come on keeps the axes that a hand holds. */
  function settle() {
    if (!held || store.scene === actual || !store.scene || "bins" in store.scene) return;
    actual = store.scene;
    store.scene = { ...actual, ...held, bins: actual.x_axis };
  }

  function flush() {
    for (const [path, intent] of intents) send({ type: "set", path, ...intent });
    intents.clear();
  }

  function animate() {
    scheduled = false;
    flush();
    for (const draw of drawers) draw();
    for (; unacknowledged > 0; unacknowledged -= 1) send({ type: "ack" });
  }

  /** @type {Store} */
  const store = {
    hello: null,
    scene: null,
    config: null,
    preset: "default",
    playback: null,
    status: null,
    frame: null,
    traces: log.traces,
    marks: [],
    hover: null,
    asked: null,
    grips: [],
    ink: null,
    readonly: false,

    intend(path, value, reinitialize = false) {
      if (store.readonly) return;
      intents.set(path, reinitialize ? { value, reinitialize } : { value });
      store.invalidate();
    },
    setHover(hover) {
      const last = store.hover;
      if (hover?.axis === last?.axis && hover?.value === last?.value && hover?.curve === last?.curve) return;
      store.hover = hover;
      store.invalidate();
    },
    ask(name) {
      store.asked = name;
      store.invalidate();
    },
    current() {
      const { frame, status, playback } = store;
      const isLate = coming.act !== null || (!playback?.running && frame?.step !== status?.step);
      return isLate ? null : frame;
    },
    hold() {
      if (!store.scene) return;
      held = { x_axis: store.scene.x_axis, density_high: store.scene.density_high };
      actual = store.scene;
    },
    letGo() {
      if (held && actual) store.scene = actual;
      held = null;
      store.ink = null;
      store.invalidate();
    },
    setInk(ink) {
      store.ink = ink;
      store.invalidate();
    },
    invalidate() {
      if (scheduled) return;
      scheduled = true;
      requestFrame(animate);
    },
    command(command) {
      flush();
      return send(command);
    },
    apply(message) {
      if (message.type === "hello") {
        unacknowledged = 0;
        intents.clear();
      }
      applyMessage(store, log, message, coming);
      settle();
      for (const listener of listeners) listener(message);
      store.invalidate();
    },
    receive(buffer) {
      const scene = coming.act?.scene ?? store.scene;
      if (!scene) return;
      unacknowledged += 1;
      store.invalidate();
      if (isStale(buffer, scene)) return;
      const frame = decodeFrame(buffer, scene);
      if (coming.act) raise(store, log, coming.act);
      coming.act = null;
      settle();
      store.frame = frame;
      log.append(frame.step, frame.scalars);
    },
    onDraw(draw) {
      drawers.push(draw);
    },
    subscribe(listener) {
      listeners.push(listener);
    },
  };
  return store;
}

/**
 * A new scene waits in the wings until its first frame is there: old curves over a new target would be a lie, and an
 * empty stage in between would flicker at every drag.
 * @typedef {{scene: Scene, marks: Mark[]|null, history: Record<string, (number|null)[]>|null}} Act
 * @typedef {{act: Act|null}} Coming
 */

/**
 * @param {Store} store
 * @param {TraceLog} log
 * @param {Act} act
 */
function raise(store, log, act) {
  store.scene = act.scene;
  if (act.marks) store.marks = act.marks;
  if (act.history) log.load(act.history);
}

/**
 * @param {Store} store
 * @param {TraceLog} log
 * @param {Message} message
 * @param {Coming} coming
 */
function applyMessage(store, log, message, coming) {
  switch (message.type) {
    case "hello": {
      store.hello = message;
      store.config = message.config;
      store.preset = message.preset ?? "default";
      store.playback = message.playback;
      store.status = message.status;
      const act = { scene: /** @type {any} */ (message), marks: message.marks ?? [], history: message.trace ?? {} };
      if (store.frame) coming.act = act;
      else raise(store, log, act);
      return;
    }
    case "scene": {
      const scene = /** @type {Scene & Message} */ (message);
      const present = coming.act ?? { scene: store.scene, marks: null, history: null };
      const isNewRun = scene.run !== present.scene?.run;
      coming.act = { scene, marks: isNewRun ? [] : present.marks, history: isNewRun ? {} : present.history };
      return;
    }
    case "config":
      store.config = message.config;
      store.preset = message.preset ?? store.preset;
      if (message.mark) addMark(store, coming, message.mark);
      return;
    case "status":
      store.status = /** @type {any} */ (message);
      store.playback = message.playback;
  }
}

/**
 * One with the path and step of an earlier mark takes its place: a drag leaves one mark, not fifty.
 * @param {Store} store
 * @param {Coming} coming
 * @param {Mark} mark
 */
function addMark(store, coming, mark) {
  const others = (/** @type {Mark[]} */ marks) => marks.filter((old) => old.path !== mark.path || old.step !== mark.step);
  if (coming.act?.marks) coming.act.marks = [...others(coming.act.marks), mark];
  else store.marks = [...others(store.marks), { ...mark, last: Math.max(mark.step, store.frame?.step ?? 0) }];
}
