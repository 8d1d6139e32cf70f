// Two runs that are compared: what of the second one reaches the store, the address and the charts.

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawSecond } from "../../static/js/charts/second.js";
import { isSecond, lookOf } from "../../static/js/connection/protocol.js";
import { listed } from "../../static/js/page/compare.js";
import { createStore } from "../../static/js/state/store.js";
import { readHash, writeHash } from "../../static/js/state/url.js";
import { fakeContext } from "./fake-context.js";
import { box, chart, charts, makeFrame, makeScene, makeStore, theme } from "./drawing.js";

function frameOf(step, mark) {
  const buffer = new ArrayBuffer(16);
  const view = new DataView(buffer);
  [0x47, 0x41, 0x4e, 0x31, 1, 0, 1, 0].forEach((byte, index) => view.setUint8(index, byte));
  view.setUint32(8, step, true);
  view.setUint16(14, mark, true);
  return buffer;
}

const scene = { type: "scene", scene: 1, run: 1, look: 0, layout: [], frame_bytes: 16 };
const hello = {
  ...scene, type: "hello", config: {}, preset: "default", default_preset: "default", changed: {}, limits: { history_length: 64 },
  playback: { running: true, speed: "frame" }, status: { state: "running", sentence: "", step: 0, rate: 0 },
  losses: { stride: 1, steps: 0, first: 0, last: {}, low: {}, high: {} }, trace: {}, marks: [], bookmarks: [], diagnosis_marks: [], runs: [],
};

function setUp() {
  const sent = [];
  const frames = [];
  const store = createStore({ send: (command) => sent.push(command.type) > 0, requestFrame: (callback) => frames.push(callback) });
  store.apply(hello);
  return { store, sent, paint: () => frames.splice(0).forEach((callback) => callback()) };
}

test("the mark of a second run stands beside the number of the look", () => {
  assert.deepEqual([lookOf(frameOf(3, 0x8007)), isSecond(frameOf(3, 0x8007))], [7, true]);
  assert.deepEqual([lookOf(frameOf(3, 7)), isSecond(frameOf(3, 7))], [7, false]);
});

test("a frame of the second run takes no place of the present one, and is acknowledged, too", () => {
  const { store, sent, paint } = setUp();
  store.receive(frameOf(5, 0));
  store.receive(frameOf(5, 0x8000));
  assert.equal(store.frame.step, 5);
  assert.equal(lookOf(store.second), 0);
  paint();
  assert.deepEqual(sent, ["ack", "ack"]);
});

test("where each step is drawn, pairs wait together", () => {
  const { store, paint } = setUp();
  const steps = () => [store.frame.step, new DataView(store.second).getUint32(8, true)];
  for (const step of [5, 6, 7]) {
    store.receive(frameOf(step, 0));
    store.receive(frameOf(step, 0x8000));
  }
  for (const step of [5, 6, 7]) {
    assert.deepEqual(steps(), [step, step]);
    paint();
  }
});

test("a comparison is kept until it ends, and that of a look apart from it", () => {
  const { store } = setUp();
  const event = { type: "comparing", run: 2, look: 0, changes: { rate: 1 }, shared_steps: 0, differences: [] };
  store.apply(event);
  store.apply({ ...event, look: 3, changes: {} });
  assert.deepEqual([store.comparing.changes, store.comparingPast.look], [{ rate: 1 }, 3]);
  store.apply({ ...event, run: null });
  assert.equal(store.comparing, null);
});

test("a link carries the second run", () => {
  const compare = { "generator.optimizer.learning_rate": 0.008, "loss.kind": "hinge", "generator.hidden": [8, 8] };
  const hash = writeHash({ preset: null, changes: { seed: 3 }, at: 700, compare, from: 300 }, "default");
  assert.equal(hash, "seed=3&compare=generator.optimizer.learning_rate:0.008&compare=loss:hinge&compare=generator.hidden:[8,8]&from=300&at=700");
  const { "loss.kind": loss, ...rest } = compare;
  assert.deepEqual(readHash(hash), { preset: null, changes: { seed: 3 }, at: 700, compare: { ...rest, loss }, from: 300 });
  const { notices, ...read } = readHash("compare=x");
  assert.deepEqual(read, { preset: null, changes: {} });
  assert.match(notices?.[0] ?? "", /^Expected compare in the address to be a setting with its value/);
});

test("settings that differ are listed for this run and for the other", () => {
  const one = { path: "a", label: "G learning rate", here: "0.002", there: "0.008" };
  assert.deepEqual(listed([]), ["the same settings", "the same settings"]);
  assert.deepEqual(listed([one]), ["G learning rate 0.002", "0.008"]);
  assert.deepEqual(listed([one, { ...one, label: "γ", there: "" }]), ["G learning rate 0.002, γ 0.002", "G learning rate 0.008"]);
  const other = { path: "b", label: "penalty", here: "none", there: "r1" };
  assert.deepEqual(listed([other, { path: "c", label: "γ", here: "", there: "0.3" }]), ["penalty none", "penalty r1, γ 0.3"]);
  assert.match(listed(Array(6).fill(one))[0], /, 2 more$/);
});

/** What a chart writes and how many lines it strokes, with a second run over it. */
function drawn(id, second) {
  const context = { ctx: fakeContext(), box, theme, scene: makeScene(), frame: makeFrame(), store: makeStore() };
  drawSecond(id, context, second);
  const { calls } = context.ctx;
  return { words: calls.filter(([name]) => name === "fillText").map(([, word]) => word), strokes: calls.filter(([name]) => name === "stroke").length };
}

test("every chart of curves shows the second run, named where it is apart", () => {
  const other = makeFrame();
  other.arrays.generator = other.arrays.generator.map((x) => x - 2);
  other.arrays.discriminator = other.arrays.discriminator.map(() => 0.9);
  other.arrays.fake_density = other.arrays.fake_density.map((_, i) => (i > 100 && i < 110 ? 0.6 : 0));
  const second = { scene: makeScene(), frame: other };
  assert.deepEqual(drawn("generator", second).words, ["G′"]);
  assert.deepEqual(drawn("data", second).words, ["fake′"]);
  assert.deepEqual(drawn("discriminator", second).words, ["D′"]);
  assert.deepEqual(drawn("overview", second).words, ["D′", "fake′"], "no curve is drawn over a name");
  assert.deepEqual(drawn("losses", second).words, ["D′ 0.68", "G′ 0.71"], "from the right");
  assert.deepEqual(drawn("distances", second).words, ["JS′ 0.012", "W₁′ 0.410"]);
  assert.ok(drawn("readouts", second).strokes >= 2);
  for (const { id } of charts) drawn(id, { scene: makeScene(), frame: makeFrame() });
});

test("the name of the fakes on the stage comes after all curves", () => {
  const other = makeFrame();
  other.arrays.fake_density = other.arrays.fake_density.map((_, i) => (i > 100 && i < 110 ? 0.6 : 0));
  const ctx = fakeContext();
  drawSecond("overview", { ctx, box, theme, scene: makeScene(), frame: makeFrame(), store: makeStore() }, { scene: makeScene(), frame: other });
  const named = ctx.calls.findIndex(([name, words]) => name === "fillText" && words === "fake′");
  assert.ok(named > 0);
  assert.equal(ctx.calls.slice(named).some(([name]) => name === "stroke"), false);
});

test("over the run, this run lies over the second one", () => {
  for (const id of ["losses", "distances"]) {
    const store = makeStore();
    store.ghost = { run: 2, traces: store.traces, losses: store.losses, hue: "second" };
    const colors = [];
    const ctx = fakeContext();
    ctx.stroke = () => colors.push(ctx.strokeStyle);
    chart(id).draw({ ctx, box, theme, store, scene: store.scene, frame: store.frame });
    const own = id === "losses" ? theme.discriminator : theme.ink;
    assert.ok(colors.indexOf(theme.second) >= 0, id);
    assert.ok(colors.indexOf(theme.second) < colors.indexOf(own), id);
  }
});

test("two curves that are the same have one name, and outputs of another kind are not drawn", () => {
  assert.deepEqual(drawn("generator", { scene: makeScene(), frame: makeFrame() }).words, []);
  const scores = { ...makeScene(), readout: { kind: "score", low: -3, high: 3, threshold: 0, label: "score" } };
  for (const id of ["discriminator", "readouts"]) assert.equal(drawn(id, { scene: scores, frame: makeFrame() }).strokes, 0);
});
