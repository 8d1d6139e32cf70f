import assert from "node:assert/strict";
import { test } from "node:test";

import { createStore } from "../../static/js/state/store.js";

/** The part of a history with these losses of D, one for each step. */
function lossesOf(values, first = 0) {
  return { stride: 1, steps: first + values.length, first, last: { loss: values }, low: {}, high: {} };
}

function sceneOf(number, run = 1, names = ["loss"]) {
  const layout = names.map((name, index) => ({ name, shape: [], offset: 16 + 4 * index }));
  return { type: "scene", scene: number, run, layout, frame_bytes: 16 + 4 * names.length };
}

function frameOf(scene, step, ...values) {
  const buffer = new ArrayBuffer(16 + 4 * values.length);
  const view = new DataView(buffer);
  [0x47, 0x41, 0x4e, 0x31, 1, 0, scene, 0].forEach((byte, index) => view.setUint8(index, byte));
  view.setBigUint64(8, BigInt(step), true);
  values.forEach((value, index) => view.setFloat32(16 + 4 * index, value, true));
  return buffer;
}

const hello = (more = {}) => ({
  ...sceneOf(1),
  type: "hello",
  config: { a: 1 },
  preset: "default",
  default_preset: "default",
  changed: {},
  limits: { history_length: 4096 },
  playback: { running: false, speed: "frame" },
  status: { state: "ready", sentence: "", step: 0, rate: 0 },
  losses: lossesOf([]),
  trace: { step: [], loss: [] },
  marks: [],
  bookmarks: [],
  diagnosis_marks: [],
  runs: [],
  ...more,
});

function setUp() {
  const sent = [];
  const frames = [];
  const store = createStore({ send: (command) => sent.push(command) > 0, requestFrame: (callback) => frames.push(callback) });
  return { store, sent, frames, paint: () => frames.splice(0).forEach((callback) => callback()) };
}

test("a frame is drawn once, then acknowledged once", () => {
  const { store, sent, frames, paint } = setUp();
  const drawn = [];
  store.onDraw(() => drawn.push([store.frame?.step, sent.length]));
  store.apply(hello());
  paint();
  store.receive(frameOf(1, 5, 0.5));
  assert.equal(store.frame.step, 5);
  assert.equal(frames.length, 1);
  assert.deepEqual(sent, []);
  paint();
  assert.deepEqual(drawn.at(-1), [5, 0]);
  assert.deepEqual(sent, [{ type: "ack" }]);
});

test("two frames in one animation frame are two acknowledgements, and a page that is not painted sends none", () => {
  const { store, sent, paint } = setUp();
  store.apply(hello());
  paint();
  store.receive(frameOf(1, 1, 0));
  store.receive(frameOf(1, 2, 0));
  assert.deepEqual(sent, []);
  paint();
  assert.equal(sent.length, 2);
  assert.equal(store.frame.step, 2);
});

test("at one step per frame every step has its own picture, however slowly the page draws", () => {
  const { store, sent, paint } = setUp();
  const drawn = [];
  store.onDraw(() => drawn.push(store.frame?.step));
  store.apply(hello({ playback: { running: true, speed: "frame" } }));
  paint();
  store.receive(frameOf(1, 1, 0));
  store.receive(frameOf(1, 2, 0));
  paint();
  assert.deepEqual([drawn.at(-1), sent.length], [1, 1]);
  paint();
  assert.deepEqual([drawn.at(-1), sent.length], [2, 2]);
  paint();
  assert.equal(sent.length, 2);
});

test("at any other speed, and in a pause, the newest frame is drawn", () => {
  const { store, sent, paint } = setUp();
  store.apply(hello({ playback: { running: true, speed: "frame" } }));
  paint();
  for (const step of [1, 2]) store.receive(frameOf(1, step, 0));
  store.apply({ type: "status", state: "paused", sentence: "", step: 3, rate: 0, playback: { running: false, speed: "frame" } });
  store.receive(frameOf(1, 3, 0));
  assert.equal(store.frame.step, 3);
  paint();
  assert.equal(sent.length, 3);
});

test("frames of an old scene are dropped, yet acknowledged", () => {
  const { store, sent, paint } = setUp();
  store.apply(hello());
  store.receive(frameOf(1, 1, 0.1));
  store.apply(sceneOf(2));
  store.receive(frameOf(1, 2, 0.2));
  paint();
  assert.equal(store.frame.step, 1);
  assert.equal(sent.length, 2);
});

test("a new scene takes the stage together with its first frame", () => {
  const { store } = setUp();
  store.apply(hello());
  store.receive(frameOf(1, 1, 0.1));
  store.apply(sceneOf(2));
  assert.equal(store.scene.scene, 1);
  store.receive(frameOf(2, 2, 0.2));
  assert.equal(store.scene.scene, 2);
  assert.equal(store.frame.step, 2);
  assert.equal(store.traces.length, 1);
});

test("a new run clears its history and its marks", () => {
  const { store } = setUp();
  store.apply(hello());
  store.receive(frameOf(1, 9, 0.1));
  store.apply({ type: "config", config: { a: 2 }, mark: { step: 9, path: "a", label: "a 1 → 2" } });
  assert.equal(store.marks.length, 1);
  store.apply(sceneOf(2, 2));
  store.apply({ type: "config", config: { a: 3 }, mark: { step: 0, path: "a", label: "a 2 → 3" } });
  store.receive(frameOf(2, 0, 0.3));
  assert.deepEqual([...store.traces.step.slice(0, store.traces.length)], [0]);
  assert.deepEqual(store.marks.map(({ label }) => label), ["a 2 → 3"]);
});

test("the current frame is of the present scene, and of the step that was said where the run stands still", () => {
  const { store } = setUp();
  const say = (running, step) => store.apply({ type: "status", state: "", sentence: "", step, rate: 0, playback: { running, speed: "frame" } });
  store.apply(hello());
  assert.equal(store.current(), null);
  store.receive(frameOf(1, 0, 0.1));
  assert.equal(store.current().step, 0);
  say(false, 1);
  assert.equal(store.current(), null);
  store.receive(frameOf(1, 1, 0.2));
  assert.equal(store.current().step, 1);
  say(true, 9);
  assert.equal(store.current().step, 1, "a run that plays is always a little further");
  store.apply(sceneOf(2, 2));
  assert.equal(store.current(), null);
  store.receive(frameOf(1, 9, 0.3));
  assert.equal(store.current(), null);
  store.receive(frameOf(2, 0, 0.4));
  assert.equal(store.current().step, 0);
});

test("a mark with the path and step of an earlier one takes its place", () => {
  const { store } = setUp();
  store.apply(hello());
  for (const label of ["a 1 → 2", "a 1 → 3"]) store.apply({ type: "config", config: {}, mark: { step: 4, path: "a", label } });
  store.apply({ type: "config", config: {}, mark: { step: 5, path: "a", label: "a 3 → 4" } });
  assert.deepEqual(store.marks.map(({ label }) => label), ["a 1 → 3", "a 3 → 4"]);
});

test("a mark knows how far its drag went, if that was seen", () => {
  const { store } = setUp();
  store.apply(hello());
  const turn = () => store.apply({ type: "config", config: {}, mark: { step: 0, path: "a", label: "a 1 → 2" } });
  store.receive(frameOf(1, 0, 0.1));
  turn();
  assert.equal(store.marks[0].last, 0);
  store.receive(frameOf(1, 8, 0.1));
  turn();
  assert.deepEqual(store.marks.map(({ step, last }) => [step, last]), [[0, 8]]);
  store.apply(sceneOf(2, 2));
  turn();
  store.receive(frameOf(2, 0, 0.3));
  assert.deepEqual(store.marks.map(({ last = 0 }) => last), [0], "of another run");
});

test("traces follow the layout, whatever its scalars are called", () => {
  const { store } = setUp();
  store.apply(hello({ ...sceneOf(1, 1, ["value", "novelty"]), type: "hello", trace: { step: [1, 2], value: [0.5, null] } }));
  store.receive(frameOf(1, 3, 0.25, 8));
  const { series, length } = store.traces;
  assert.deepEqual([...series.value.slice(0, length)], [0.5, NaN, 0.25]);
  assert.deepEqual([...series.novelty.slice(0, length)], [NaN, NaN, 8]);
});

test("many turns of one knob are one message per animation frame", () => {
  const { store, sent, paint } = setUp();
  store.apply(hello());
  paint();
  for (const value of [1, 2, 3]) store.intend("a", value);
  store.intend("b", 4);
  assert.deepEqual(sent, []);
  paint();
  assert.deepEqual(sent, [
    { type: "set", path: "a", value: 3 },
    { type: "set", path: "b", value: 4 },
  ]);
});

test("a command says that a network is reinitialized only if it is", () => {
  const { store, sent, paint } = setUp();
  store.apply(hello());
  store.intend("a", 1, true);
  store.intend("b", 2, false);
  paint();
  assert.deepEqual(sent, [
    { type: "set", path: "a", value: 1, reinitialize: true },
    { type: "set", path: "b", value: 2 },
  ]);
});

test("a command does not overtake what was turned before it", () => {
  const { store, sent, paint } = setUp();
  store.apply(hello());
  store.intend("a", 1);
  store.command({ type: "reset" });
  paint();
  assert.deepEqual(sent.map(({ type }) => type), ["set", "reset"]);
});

test("who may only look turns nothing", () => {
  const { store, sent, paint } = setUp();
  store.apply(hello());
  store.readonly = true;
  store.intend("a", 1);
  paint();
  assert.deepEqual(sent, []);
});

test("after a new hello nothing of the old connection is acknowledged or sent", () => {
  const { store, sent, paint } = setUp();
  store.apply(hello());
  store.receive(frameOf(1, 1, 0));
  store.intend("a", 1);
  store.apply(hello());
  paint();
  assert.deepEqual(sent, []);
});

test("a hover asks for one animation frame, and only if it changed", () => {
  const { store, frames, paint } = setUp();
  store.setHover({ axis: "x", value: 1 });
  store.setHover({ axis: "x", value: 2 });
  assert.equal(frames.length, 1);
  paint();
  store.setHover({ axis: "x", value: 2 });
  assert.equal(frames.length, 0);
});

test("a history of the present run is added, one of another run is not", () => {
  const { store } = setUp();
  const history = (run, losses, more = {}) => ({ type: "history", run, losses, trace: { step: [] }, trace_stride: 5, ...more });
  store.apply(hello({ losses: lossesOf([1, 2]) }));
  store.receive(frameOf(1, 2, 2));
  store.apply(history(1, lossesOf([3, 4], 2)));
  store.apply(history(7, lossesOf([9, 9])));
  assert.deepEqual([...store.losses.series.loss.slice(0, store.losses.length)], [1, 2, 3, 4]);
  store.apply(sceneOf(2, 2));
  store.apply(history(2, lossesOf([8])));
  assert.equal(store.losses.length, 4, "the old picture keeps its history");
  store.receive(frameOf(2, 1, 8));
  assert.deepEqual([...store.losses.series.loss.slice(0, store.losses.length)], [8]);
});

test("axes stand still while a hand holds something, and the bins keep their own", () => {
  const { store } = setUp();
  const axes = (low, high) => ({ x_axis: { low, high: -low }, density_high: high });
  store.apply(hello(axes(-4, 0.5)));
  store.receive(frameOf(1, 1, 0));
  store.freezeAxes();
  store.apply({ ...sceneOf(2), ...axes(-6, 0.3) });
  store.receive(frameOf(2, 2, 0));
  assert.deepEqual(store.scene.x_axis, { low: -4, high: 4 });
  assert.equal(store.scene.density_high, 0.5);
  assert.deepEqual(store.scene.bins, { low: -6, high: 6 });
  assert.equal(store.scene.scene, 2);
  store.setSketch({ x: [0], density: [1] });
  store.unfreezeAxes();
  assert.deepEqual(store.scene.x_axis, { low: -6, high: 6 });
  assert.equal(store.scene.density_high, 0.3);
  assert.equal("bins" in store.scene, false);
  assert.equal(store.sketch, null);
});

const lookingAt = (look, step, more = {}) => ({ type: "looking", look, step, run: 1, last_step: 9, running: false, config: null, spacing: 1, sentence: "", ...more });

/** @param {ArrayBuffer} buffer @param {number} look */
function marked(buffer, look) {
  new DataView(buffer).setUint16(14, look, true);
  return buffer;
}

function lookBack() {
  const made = setUp();
  made.store.apply(hello());
  made.store.receive(frameOf(1, 9, 0.9));
  made.paint();
  made.store.seek(3);
  made.paint();
  made.store.apply(lookingAt(1, 3));
  made.store.receive(marked(frameOf(1, 3, 0.3), 1));
  made.paint();
  return made;
}

test("a step that is sought is looked at, once for each picture", () => {
  const { store, sent, paint } = setUp();
  store.apply(hello());
  store.receive(frameOf(1, 9, 0.9));
  paint();
  sent.length = 0;
  for (const step of [2, 3]) store.seek(step);
  paint();
  assert.deepEqual(sent, [{ type: "look", step: 3, run: null }]);
});

test("an earlier step is shown with its frame, and the history stays as it is", () => {
  const { store, paint } = setUp();
  store.apply(hello());
  store.receive(frameOf(1, 9, 0.9));
  store.apply(lookingAt(1, 3));
  assert.equal(store.looking, null, "until its frame has come");
  store.receive(frameOf(1, 10, 1));
  assert.equal(store.frame.step, 9, "a frame of the present that was on its way is dropped");
  store.receive(marked(frameOf(1, 3, 0.3), 1));
  paint();
  assert.deepEqual([store.frame.step, store.looking.step], [3, 3]);
  assert.equal(store.current().step, 3);
  assert.deepEqual([...store.traces.step.slice(0, store.traces.length)], [9]);
});

test("a frame of an earlier look is dropped, and the present returns with its frame", () => {
  const { store } = lookBack();
  store.apply(lookingAt(2, 5));
  store.receive(marked(frameOf(1, 4, 0.4), 1));
  assert.equal(store.frame.step, 3);
  store.receive(marked(frameOf(1, 5, 0.5), 2));
  assert.equal(store.frame.step, 5);
  store.apply(lookingAt(0, null));
  assert.equal(store.looking.step, 5);
  store.receive(frameOf(1, 9, 0.9));
  assert.deepEqual([store.frame.step, store.looking], [9, null]);
});

test("the scene of an earlier step leaves history and marks as they are", () => {
  const { store } = lookBack();
  store.apply({ type: "config", config: {}, mark: { step: 4, path: "a", label: "a 1 → 2" } });
  store.apply(lookingAt(2, 1));
  store.apply({ ...sceneOf(7), look: 2 });
  store.receive(marked(frameOf(7, 1, 0.1), 2));
  assert.deepEqual([store.scene.scene, store.marks.length, store.traces.length], [7, 1, 1]);
});

for (const command of [{ type: "play" }, { type: "step", count: 1, player: "generator" }]) {
  test(`${command.type} in the past goes on from there`, () => {
    const { store, sent } = lookBack();
    sent.length = 0;
    store.command(command);
    assert.deepEqual(sent, [{ type: "branch", step: 3, run: 1, name: null }, command]);
    assert.equal(store.looking, null);
  });
}

test("a setting that is turned in the past is turned there", () => {
  const { store, sent, paint } = lookBack();
  sent.length = 0;
  store.intend("a", 2);
  paint();
  assert.deepEqual(sent, [{ type: "branch", step: 3, run: 1, name: null }, { type: "set", path: "a", value: 2 }]);
});

test("a reset ends the look back, and a pause does not", () => {
  const { store, sent } = lookBack();
  sent.length = 0;
  store.command({ type: "pause" });
  store.command({ type: "reset" });
  assert.deepEqual(sent, [{ type: "pause" }, { type: "look", step: null, run: null }, { type: "reset" }]);
});

test("a page that looks back returns when another run begins, and has the history of that run", () => {
  const { store, sent, paint } = lookBack();
  sent.length = 0;
  store.apply({ type: "marks", run: 2, marks: [], bookmarks: [{ step: 0, text: "start" }], diagnosis_marks: [] });
  paint();
  assert.deepEqual(sent, [{ type: "look", step: null, run: null }]);
  store.apply({ type: "history", run: 2, losses: lossesOf([8]), trace: { step: [] }, trace_stride: 5 });
  store.apply(lookingAt(0, null, { run: 2 }));
  store.apply(sceneOf(2, 2));
  store.receive(frameOf(2, 1, 8));
  assert.deepEqual([...store.losses.series.loss.slice(0, store.losses.length)], [8]);
  assert.deepEqual(store.bookmarks, [{ step: 0, text: "start" }]);
});

test("the history of a kept run is drawn faint until that run is forgotten", () => {
  const { store } = setUp();
  store.apply(hello());
  store.apply({ type: "run_history", run: 4, losses: lossesOf([5, 6]), trace: { step: [0, 2], loss: [5, 6] }, marks: [], bookmarks: [], diagnosis_marks: [] });
  assert.equal(store.ghost.run, 4);
  assert.deepEqual([...store.ghost.traces.step.slice(0, store.ghost.traces.length)], [0, 2]);
  store.apply({ type: "runs", present: 1, runs: [{ run: 4 }], sentence: "" });
  assert.equal(store.ghost.run, 4);
  store.apply({ type: "runs", present: 1, runs: [{ run: 1 }], sentence: "" });
  assert.equal(store.ghost, null);
});
