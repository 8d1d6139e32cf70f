// @ts-check
/**
 * The state of the page, and its only animation loop. Messages change fields at any time. Pixels change in one animation
 * frame, from those fields, and only then are the drawn frames acknowledged. A page that is not painted (a hidden tab,
 * another slide) acknowledges nothing, so the server sends it nothing: that is the whole flow control.
 */

import { decodeFrame, isSecond, isStale, lookOf } from "../connection/protocol.js";
import { FrozenAxes } from "./frozen-axes.js";
import { RunHistory } from "./history.js";
import { applyMessage, commitScene } from "./apply-message.js";

/** @import {Frame, Hover, Scene, Sketch} from "../charts/types.js" */
/** @import {BookmarkEntry, Command, Comparing, DiagnosisMark, Event, Hello, Looking, Mark as WireMark, PlaybackState, RunEntry, RunStatus, SceneFields} from "../connection/wire.js" */
/** @import {Timeline} from "../connection/source.js" */
/** @import {Losses, Traces} from "./history.js" */
/** @import {Pending} from "./apply-message.js" */
/** @typedef {WireMark & {last?: number}} Mark a change; `last` is the last step of its drag that was seen */

/** @typedef {{run: number, traces: Traces, losses: Losses, hue?: "second"}} KeptHistory the history of a kept run; `hue`: the role of the colour in which it is drawn */

/**
 * Charts only read it; everything else changes it through its methods.
 * @typedef {object} Store
 * @property {Hello|null} hello the server's first message: schema, presets, speeds, role
 * @property {Scene|null} scene
 * @property {Record<string, any>|null} config
 * @property {string} preset the preset with which the config is compared
 * @property {Record<string, unknown>} changed values of the config that differ from the preset, by path
 * @property {Record<string, unknown>|null} link changes of the default config for a link; null where `preset` and `changed` are them
 * @property {PlaybackState|null} playback
 * @property {RunStatus|null} status
 * @property {Frame|null} frame
 * @property {Traces} traces measurements at fixed steps
 * @property {Losses} losses losses and gradient norms of every step
 * @property {Mark[]} marks
 * @property {Hover|null} hover
 * @property {number|null} code index of the value of the code whose fakes are lit; null for all
 * @property {string|null} selectedMetric name of the metric whose history is drawn instead of the distances
 * @property {import("../charts/target-editing.js").DragTarget[]} dragTargets the parts of the config that can be dragged
 * @property {Sketch|null} sketch
 * @property {boolean} readonly whether this page may not change settings
 * @property {boolean} isAway whether something else is shown, on which the bar and the keys act
 * @property {boolean} plays whether this page may play, step and set the speed
 * @property {Timeline|null} timeline the steps that can be sought; null if none can
 * @property {Looking|null} looking the earlier step of a live run that is shown; null for the present one
 * @property {{from: number, to: number}|null} loop the steps that are shown again and again; null for none
 * @property {() => void} endLoop stand still at the step that is shown
 * @property {BookmarkEntry[]} bookmarks
 * @property {DiagnosisMark[]} diagnosisMarks changes of the diagnosis
 * @property {RunEntry[]} runs all runs that the session keeps
 * @property {number} run number of the present run
 * @property {KeptHistory|null} ghost the history of a kept run, drawn faint
 * @property {Comparing|null} comparing the second run that is compared with the present one; null for none
 * @property {Comparing|null} comparingPast the same at the earlier step that was looked at last
 * @property {SceneFields|null} secondScene what frames of the second run are drawn against
 * @property {ArrayBuffer|null} second the last frame of the second run, as it came
 * @property {((id: string, context: import("../charts/types.js").ChartContext) => void)|null} overlay draws the second run over a chart
 * @property {Set<string>|null} lit parts of the stage that are lit; null for all
 * @property {string} lesson the address of the lesson's page that is read, as after “#”; "" for none
 * @property {() => number} shownStep the step that is shown, or that is on its way
 * @property {(step: number|null) => void} seek show the run as it was at a step, in the next animation frame; null for the present one
 * @property {(path: string, value: unknown, reinitialize?: boolean) => void} intend send a new value in the next animation
 *   frame, at most one message per path; `reinitialize`: a network that is rebuilt for it starts with new weights
 * @property {(hover: Hover|null) => void} setHover
 * @property {(name: string|null) => void} selectMetric
 * @property {() => Frame|null} current the frame; null if a newer scene, or another step of a paused run, was announced
 * @property {{draw: (chart: import("../charts/overview.js").OverviewContext) => void}|null} slow a phase of a step that is drawn over the stage
 * @property {() => void} freezeAxes keep the axes as they are during a drag, until `unfreezeAxes`
 * @property {() => void} unfreezeAxes
 * @property {(sketch: Sketch) => void} setSketch
 * @property {() => void} invalidate request one animation frame
 * @property {(command: Command) => boolean} command send now, after the intended changes; false if there is no connection
 * @property {(message: Event) => void} apply
 * @property {(buffer: ArrayBuffer) => void} receive
 * @property {(draw: () => void) => void} onDraw
 * @property {(listener: (message: Event) => void) => () => void} subscribe call `listener` with each text message after it was
 *   applied, until the returned function is called
 */

/**
 * @typedef {object} Environment
 * @property {(command: Command) => boolean} send
 * @property {(callback: () => void) => void} requestFrame
 */

/**
 * @param {Environment} environment
 * @returns {Store}
 */
export function createStore({ send, requestFrame }) {
  const log = new RunHistory();
  /** @type {Map<string, {value: unknown, reinitialize?: true}>} */
  const intents = new Map();
  /** @type {(() => void)[]} */
  const drawers = [];
  /** @type {((message: Event) => void)[]} */
  const listeners = [];
  /** @type {Pending} */
  const pending = { scene: null };
  const axes = new FrozenAxes();
  let scheduled = false;
  let unacknowledged = 0;
  let isDrawn = true;
  /** The step to be looked at, null for the present one; undefined if there is none. @type {number|null|undefined} */
  let sought;
  /** The step that was sought last, until its frame is shown; undefined if there is none. @type {number|null|undefined} */
  let wanted;
  /** The look whose frame is on its way; undefined if there is none. @type {Looking|null|undefined} */
  let awaited;
  /** Frames that wait until those before them are drawn. @type {ArrayBuffer[]} */
  const waiting = [];

  /** Show a frame in the next animation frame. @param {ArrayBuffer} buffer */
  function show(buffer) {
    const scene = pending.scene?.scene ?? store.scene;
    if (!scene) return;
    unacknowledged += 1;
    store.invalidate();
    if (isSecond(buffer)) {
      store.second = buffer;
      return;
    }
    const look = awaited === undefined ? store.looking : awaited;
    if (isStale(buffer, scene) || lookOf(buffer) !== (look?.look ?? 0)) return;
    const frame = decodeFrame(buffer, scene);
    store.looking = look;
    // A recording answers at once, with the nearest step that it has.
    if (store.timeline?.steps.length || wanted === (look?.step ?? null)) wanted = undefined;
    awaited = undefined;
    if (pending.scene) commitScene(store, log, pending.scene);
    pending.scene = null;
    axes.keep(store);
    store.frame = frame;
    isDrawn = false;
    if (!look) log.addFrame(frame.step, frame.scalars);
  }

  /** Make the step that is looked at the present one: what is done in the past begins a new run. */
  function goOn() {
    const { looking } = store;
    if (!looking || looking.step === null) return;
    send({ type: "branch", step: looking.step, run: looking.run, name: null });
    store.looking = null;
    awaited = wanted = undefined;
  }

  function flush() {
    if (sought !== undefined) send({ type: "look", step: sought, run: null });
    sought = undefined;
    if (intents.size) goOn();
    for (const [path, intent] of intents) send({ type: "set", path, ...intent });
    intents.clear();
  }

  function animate() {
    scheduled = false;
    flush();
    for (const draw of drawers) draw();
    for (; unacknowledged > 0; unacknowledged -= 1) send({ type: "ack" });
    isDrawn = true;
    const next = waiting.shift();
    if (next) show(next);
    if (waiting[0] && isSecond(waiting[0])) show(/** @type {ArrayBuffer} */ (waiting.shift()));
  }

  /** @type {Store} */
  const store = {
    hello: null,
    scene: null,
    config: null,
    preset: "",
    changed: {},
    link: null,
    playback: null,
    status: null,
    frame: null,
    traces: log.traces,
    losses: log.losses,
    marks: [],
    hover: null,
    code: null,
    selectedMetric: null,
    dragTargets: [],
    sketch: null,
    readonly: false,
    plays: true,
    isAway: false,
    timeline: null,
    looking: null,
    loop: null,
    bookmarks: [],
    diagnosisMarks: [],
    runs: [],
    run: 0,
    ghost: null,
    comparing: null,
    comparingPast: null,
    secondScene: null,
    second: null,
    overlay: null,
    slow: null,
    lit: null,
    lesson: "",

    intend(path, value, reinitialize = false) {
      if (store.readonly || store.isAway) return;
      intents.set(path, reinitialize ? { value, reinitialize } : { value });
      store.invalidate();
    },
    shownStep: () => wanted ?? store.frame?.step ?? 0,
    seek(step) {
      if (store.isAway) return;
      sought = wanted = step;
      store.invalidate();
    },
    setHover(hover) {
      const last = store.hover;
      if (hover?.axis === last?.axis && hover?.value === last?.value && hover?.curve === last?.curve) return;
      store.hover = hover;
      store.invalidate();
    },
    selectMetric(name) {
      store.selectedMetric = name;
      store.invalidate();
    },
    current() {
      const { frame, status, playback } = store;
      if (store.looking) return frame;
      const isLate = pending.scene !== null || (!playback?.running && frame?.step !== status?.step);
      return isLate ? null : frame;
    },
    freezeAxes: () => axes.freeze(store),
    unfreezeAxes() {
      axes.unfreeze(store);
      store.sketch = null;
      store.invalidate();
    },
    setSketch(sketch) {
      store.sketch = sketch;
      store.invalidate();
    },
    endLoop() {
      if (!store.loop) return;
      store.loop = null;
      store.invalidate();
    },
    invalidate() {
      if (scheduled) return;
      scheduled = true;
      requestFrame(animate);
    },
    command(command) {
      if (store.isAway) return false;
      if (command.type !== "bookmark") store.loop = null;
      flush();
      if (command.type === "play" || command.type === "step") goOn();
      else if (store.looking && (command.type === "reset" || command.type === "load_preset")) send({ type: "look", step: null, run: null });
      return send(command);
    },
    apply(message) {
      if (message.type === "hello") {
        unacknowledged = waiting.length = 0;
        intents.clear();
        store.looking = store.loop = null;
        awaited = sought = wanted = undefined;
      }
      // What was sought does not come.
      if (message.type === "refused" && !message.path) wanted = undefined;
      if (message.type === "looking") awaited = message.step === null ? null : message;
      applyMessage(store, log, message, pending);
      if (message.type === "marks" && store.looking && message.run !== store.looking.run) store.seek(null);
      axes.keep(store);
      for (const listener of [...listeners]) listener(message);
      store.invalidate();
    },
    receive(buffer) {
      const isStepwise = store.playback?.running && store.playback.speed === "frame";
      if (isSecond(buffer) ? waiting.length : isStepwise && !isDrawn && !pending.scene) {
        // One step per picture: a page that draws slowly shows every step.
        waiting.push(buffer);
        return;
      }
      unacknowledged += waiting.length;
      waiting.length = 0;
      show(buffer);
    },
    onDraw(draw) {
      drawers.push(draw);
    },
    subscribe(listener) {
      listeners.push(listener);
      return () => void listeners.splice(listeners.indexOf(listener), 1);
    },
  };
  return store;
}
