// @ts-check
/** What each message of a server changes in the state of the page. */

import { RunHistory } from "./history.js";

/** @import {Scene} from "../charts/types.js" */
/** @import {BookmarkEntry, DiagnosisMark, Event} from "../connection/wire.js" */
/** @import {Part} from "./history.js" */
/** @import {Mark, Store} from "./store.js" */

/**
 * A new scene takes effect together with its first frame, so that the charts never show old curves over a new target, and
 * never become empty while a setting is dragged.
 * @typedef {{scene: Scene, marks: AllMarks|null, history: Part[]|null}} PendingScene null keeps the present ones
 * @typedef {{marks: Mark[], bookmarks: BookmarkEntry[], diagnosis_marks: DiagnosisMark[]}} AllMarks
 * @typedef {{scene: PendingScene|null}} Pending
 */

/**
 * Show a scene, and the marks and the history that came with it.
 * @param {Store} store
 * @param {RunHistory} log
 * @param {PendingScene} pendingScene
 */
export function commitScene(store, log, { scene, marks, history }) {
  store.scene = scene;
  if (marks) takeMarks(store, marks);
  if (!history || !store.hello) return;
  log.allocate(store.hello.limits.history_length);
  for (const part of history) log.add(part);
}

/**
 * Change the state as a message says.
 * @param {Store} store
 * @param {RunHistory} log
 * @param {Event} message
 * @param {Pending} pending
 */
export function applyMessage(store, log, message, pending) {
  switch (message.type) {
    case "hello": {
      store.hello = message;
      store.config = message.config;
      store.preset = message.preset ?? message.default_preset;
      store.changed = message.changed;
      store.link = message.link;
      store.playback = message.playback;
      store.status = message.status;
      const history = [{ losses: message.losses, trace: message.trace, trace_stride: 1 }];
      store.runs = message.runs;
      store.run = message.run;
      store.ghost = store.comparing = store.second = null;
      const pendingScene = { scene: message, marks: message, history };
      if (store.frame) pending.scene = pendingScene;
      else commitScene(store, log, pendingScene);
      return;
    }
    case "scene": {
      const present = pending.scene ?? { scene: store.scene, marks: null, history: null };
      // The scene of an earlier step belongs to the same history.
      const isNewRun = !message.look && message.run !== store.run;
      if (isNewRun) store.run = message.run;
      pending.scene = { scene: message, marks: isNewRun ? NO_MARKS : present.marks, history: isNewRun ? [] : present.history };
      return;
    }
    case "marks": {
      const isNewRun = message.run !== store.run;
      store.run = message.run;
      if (pending.scene?.marks) pending.scene.marks = message;
      else takeMarks(store, message);
      // A page that looks back gets no scene of the run that has begun.
      if (isNewRun && store.hello) log.allocate(store.hello.limits.history_length);
      return;
    }
    case "runs":
      store.runs = message.runs;
      if (!message.runs.some(({ run }) => run === store.ghost?.run)) store.ghost = null;
      return;
    case "run_history": {
      if (!store.hello) return;
      const kept = Object.assign(new RunHistory(), { run: message.run });
      kept.allocate(store.hello.limits.history_length);
      kept.add({ losses: message.losses, trace: message.trace, trace_stride: 1 });
      store.ghost = kept;
      return;
    }
    case "comparing":
      if (message.look) store.comparingPast = message;
      else store.comparing = message.run === null ? null : message;
      return;
    case "second_scene":
      store.secondScene = message;
      return;
    case "history": {
      const { scene } = pending;
      if (message.run !== store.run) return;
      if (scene?.history) scene.history.push(message);
      else log.add(message);
      return;
    }
    case "config":
      store.config = message.config;
      store.preset = message.preset ?? store.preset;
      store.changed = message.changed;
      store.link = message.link;
      if (message.mark) addMark(store, pending, message.mark);
      return;
    case "status":
      store.status = message;
      store.playback = message.playback;
  }
}

/** @type {AllMarks} */
const NO_MARKS = Object.freeze({ marks: [], bookmarks: [], diagnosis_marks: [] });

/** @param {Store} store @param {AllMarks} all */
function takeMarks(store, { marks, bookmarks, diagnosis_marks: diagnosisMarks }) {
  Object.assign(store, { marks, bookmarks, diagnosisMarks });
}

/**
 * Add a mark in place of an earlier one with the same path and step, so that a drag leaves one mark.
 * @param {Store} store
 * @param {Pending} pending
 * @param {Mark} mark
 */
function addMark(store, pending, mark) {
  const others = (/** @type {Mark[]} */ marks) => marks.filter((old) => old.path !== mark.path || old.step !== mark.step);
  const waiting = pending.scene?.marks;
  if (pending.scene && waiting) pending.scene.marks = { ...waiting, marks: [...others(waiting.marks), mark] };
  else store.marks = [...others(store.marks), { ...mark, last: Math.max(mark.step, store.frame?.step ?? 0) }];
}
