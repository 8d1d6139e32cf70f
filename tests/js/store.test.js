import assert from "node:assert/strict";
import { test } from "node:test";

import { frameOf, hello, lossesOf, sceneOf, setUp } from "./store-fakes.js";

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
