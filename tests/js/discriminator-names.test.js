// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { discriminatorLayout, overviewLayout } from "../../static/js/charts/layout.js";
import { box, chart, drawn, makeFrame, makeScene, makeStore, theme } from "./drawing.js";

/** Where a chart writes a word. @param {any} ctx @param {string} word */
const placeOf = ({ calls }, word) => calls.filter((/** @type {any[]} */ [name, words]) => name === "fillText" && words === word).map((/** @type {any[]} */ [, , x, y]) => [x, y])[0];

test("the ends of an axis of scores are named where D leaves room", () => {
  const scene = { ...makeScene(), readout: { kind: "score", low: -3, high: 3, threshold: 0, label: "score" } };
  const { plot } = discriminatorLayout({ box, theme, scene: /** @type {any} */ (scene) });
  const isLeft = (/** @type {(part: number) => number} */ scoreAt) => {
    const frame = makeFrame();
    frame.arrays.discriminator = Float32Array.from(scene.grid, (_, i) => scoreAt(i / scene.grid.length));
    const ctx = drawn(chart("discriminator"), makeStore({ scene, frame }));
    return ["real", "fake"].map((word) => placeOf(ctx, word)[0] < (plot.left + plot.right) / 2);
  };
  assert.deepEqual(isLeft(() => 0), [true, true]);
  assert.deepEqual(isLeft((part) => 3 - 6 * part), [false, true], "D is high at the left and low at the right");
  assert.deepEqual(isLeft((part) => 6 * part - 3), [true, false]);
  assert.deepEqual(isLeft(() => 2.5), [true, true], "where neither end is free, the word stands at the left");
});

test("the name of D* makes room for the words on what is pointed at, for the peak's and for what lies beyond the axis", () => {
  const heightOf = (/** @type {string} */ id, /** @type {object} */ more, end = 3.5) => {
    const frame = makeFrame();
    frame.arrays.optimal_discriminator = Float32Array.from(makeScene().grid, (x) => (x > end ? NaN : 1));
    return placeOf(drawn(chart(id), makeStore({ frame, ...more })), "D*")[1];
  };
  const pointed = { hover: { axis: "x", value: 0 } };
  assert.ok(heightOf("discriminator", pointed) >= heightOf("discriminator", {}) + theme.size * 0.9);
  const { top } = overviewLayout({ box, theme, scene: /** @type {any} */ (makeScene()) }).whole;
  const beyond = makeFrame().arrays.fake_histogram;
  assert.ok(beyond[beyond.length - 1] > 0.01);
  assert.ok(heightOf("overview", {}) >= top + theme.size * 1.7, "below the share of the fakes beyond the axis");
  assert.equal(heightOf("overview", {}, -3), top, "far from the corner nothing is in its way");
});

test("in a corner without notes, D* stands at the end of its curve, below the height of the peak", () => {
  const frame = makeFrame();
  frame.arrays.fake_density = frame.arrays.fake_density.map((value) => 5 * value);
  frame.arrays.fake_histogram[frame.arrays.fake_histogram.length - 1] = 0;
  frame.arrays.optimal_discriminator = Float32Array.from(makeScene().grid, (x) => (x > 3.5 ? NaN : 1));
  const scene = makeScene();
  scene.real_histogram[scene.real_histogram.length - 1] = 0;
  const { texts } = drawn(chart("overview"), makeStore({ .../** @type {any} */ ({ scene }), frame }));
  const { whole } = overviewLayout({ box, theme, scene: /** @type {any} */ (scene) });
  const [peak, best] = ["peak", "D*"].map((words) => texts.find((/** @type {any} */ one) => one.words.startsWith(words)));
  assert.ok(best.y - theme.size * 0.4 >= peak.y && best.y <= whole.top + theme.size * 0.5, `${peak.y}, ${best.y}`);
});
