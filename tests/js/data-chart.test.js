// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { folded } from "../../static/js/plot/index.js";
import { dataLayout, overviewLayout } from "../../static/js/charts/layout.js";
import { box, chart, contextOf, drawn, makeFrame, makeScene, makeStore, theme } from "./drawing.js";

test("the shares of the fakes outside the axis are written", () => {
  const { words } = drawn(chart("data"), makeStore());
  assert.ok(words.includes("\u25c2 <1\u2009% fake below"));
  assert.ok(words.includes("2\u2009% fake above \u25b8"));
});

test("the height of a peak stands above the plot, and what lies beyond the right end in rows inside", () => {
  const frame = makeFrame();
  frame.arrays.fake_density = frame.arrays.fake_density.map((value) => 5 * value);
  const scene = makeScene();
  scene.real_histogram[scene.real_histogram.length - 1] = 0.02;
  const changes = { .../** @type {any} */ ({ scene }), frame };
  for (const [id, layout] of /** @type {const} */ ([["data", dataLayout], ["overview", overviewLayout]])) {
    const { plot } = layout({ box, theme, scene: /** @type {any} */ (scene) });
    const { texts } = drawn(chart(id), makeStore(changes));
    const [peak, fake, real] = ["peak", "fake above", "real above"].map((words) => texts.find((/** @type {any} */ each) => each.words.includes(words)));
    assert.ok(peak.y < plot.top && peak.baseline === "alphabetic", `${id}: ${peak.y} above ${plot.top}`);
    assert.ok(fake.y >= plot.top && real.y - fake.y > theme.size, `${id}: ${fake.y}, ${real.y}`);
    const pointed = drawn(chart(id), makeStore({ ...changes, hover: { axis: "x", value: 4 } })).words;
    assert.ok(!pointed.some((/** @type {string} */ words) => words.startsWith("peak")), pointed.join(" | "));
  }
});

test("the height of a peak that is drawn shortened is written, and the whole peak is drawn", () => {
  const frame = makeFrame();
  frame.arrays.fake_density[100] = 3.14;
  assert.ok(drawn(chart("data"), makeStore({ frame })).words.includes("peak 3.14"));
});

test("the whole of a high density is drawn: the higher, the farther up, and never beyond the plot", () => {
  const y = folded(1, 200, 0);
  const levels = [0, 0.5, 1, 1.01, 2, 5, 20, 30, 1e9].map(y);
  for (let i = 1; i < 8; i++) assert.ok(levels[i] < levels[i - 1]);
  assert.ok(levels.every((level) => level >= 0 && level <= 200));
  assert.ok(Math.abs((y(1.001) - y(1)) / (y(1) - y(0.999)) - 1) < 0.05);
  for (const value of [0.2, 1, 1.5, 12]) assert.ok(Math.abs(y.invert(y(value)) - value) < 1e-9);
});

test("the words say collapse when one of two modes is left", () => {
  const frame = makeFrame(0.03);
  frame.scalars.mode_coverage = 0.5;
  const sentence = chart("data").describe(makeStore({ frame }));
  assert.match(sentence, /covers 1 of 2 modes/);
  assert.match(sentence, /3\u2009% near −2\.0 \(target 50\u2009%\)/);
  assert.match(chart("data").describe(makeStore()), /covers 2 of 2 modes/);
});

test("without drag targets there are no handles", () => {
  assert.deepEqual(chart("data").handles?.(contextOf(makeStore())), []);
});

test("training samples are counted beside their row and in the description, and their distance is drawn", () => {
  const scene = { ...makeScene(), training_points: 5, real_samples: [-2, -1, 0, 1, 2] };
  const store = makeStore({ scene });
  assert.ok(drawn(chart("data"), store).words.includes("5 real"));
  assert.match(chart("data").describe(store), /The real samples are 5 fixed training samples\./);
  assert.match(chart("distances").describe(store), /points/);
  assert.doesNotMatch(chart("distances").describe(makeStore()), /points/);
});

test("a sketch is drawn over everything, without handles", () => {
  const ctx = drawn(chart("data"), makeStore({ sketch: { x: [-1, 0, 1], density: [0.1, 0.3, 0.1] } }));
  const { x, y } = dataLayout({ box, theme, scene: makeScene() });
  const dots = ctx.calls.filter((/** @type {any[]} */ [call]) => call === "arc").map((/** @type {any[]} */ [, px, py]) => [px, py]);
  assert.deepEqual(dots, [[x(-1), y(0.1)], [x(0), y(0.3)], [x(1), y(0.1)]]);
});
