// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { lossesContext } from "../../static/js/charts/losses.js";
import { charts as chartsOfLab } from "../../static/js/charts/index.js";
import { dataLayout, discriminatorLayout, generatorLayout, noiseLayout, readoutsLayout } from "../../static/js/charts/layout.js";
import { hoveredX } from "../../static/js/charts/hover.js";
import {
  BINS, LATENT, box, chart, charts, conditional, contextOf, drawn, makeFrame, makeScene, makeStore, severalCoordinates, theme,
} from "./drawing.js";

const none = { length: 0, step: new Float64Array(8), series: {} };
const empty = {
  traces: none,
  losses: { ...none, series: { loss_d: new Float32Array(8) }, low: { loss_d: new Float32Array(8) }, high: { loss_d: new Float32Array(8) } },
};
/** @type {Record<string, () => import("../../static/js/state/store.js").Store>} */
const situations = {
  "before anything has come": () => makeStore({ scene: null, config: null, frame: null, ...empty, marks: [] }),
  "with a scene and no frame": () => makeStore({ frame: null, ...empty }),
  "in an ordinary run": () => makeStore(),
  "with an x pointed at": () => makeStore({ hover: { axis: "x", value: 1.5 } }),
  "with an x beyond the axis pointed at": () => makeStore({ hover: { axis: "x", value: 50 } }),
  "with a z pointed at": () => makeStore({ hover: { axis: "z", value: -0.5 } }),
  "at step 0, before any loss": () => {
    const frame = makeFrame();
    frame.step = 0;
    frame.scalars.loss_d = frame.scalars.loss_g = NaN;
    return makeStore({ frame, ...empty, marks: [] });
  },
  "with every number lost": () => {
    const frame = makeFrame();
    for (const values of Object.values(frame.arrays)) values.fill(NaN);
    for (const name of Object.keys(frame.scalars)) frame.scalars[name] = NaN;
    return makeStore({ frame, hover: { axis: "z", value: 0 } });
  },
  "with values far beyond every axis": () => {
    const frame = makeFrame();
    frame.arrays.generator.fill(1e30);
    frame.arrays.fake_samples.fill(-1e30);
    frame.arrays.fake_push.fill(1e30);
    frame.scalars.loss_d = 1e30;
    return makeStore({ frame });
  },
  "with labels": () => makeStore(conditional()),
  "with labels, a z pointed at": () => makeStore({ ...conditional(), hover: { axis: "z", value: 1 } }),
  "with labels, one of them pointed at": () => makeStore({ ...conditional(), hover: { axis: "z", value: 1, curve: 1 } }),
  "with a curve pointed at that is no more": () => makeStore({ hover: { axis: "x", value: 1, curve: 5 } }),
  "with labels, before a frame": () => makeStore({ scene: conditional().scene, frame: null }),
  "with a single label": () => {
    const { scene, frame } = conditional();
    scene.classes = scene.classes.slice(0, 1);
    scene.curves = scene.curves.slice(0, 1);
    scene.optimal_maps = scene.optimal_maps.slice(0, 1);
    scene.optimal_maps_mirrored = scene.optimal_maps_mirrored.slice(0, 1);
    for (const name of ["generator", "ema_generator"]) frame.arrays[name] = frame.arrays[name].subarray(0, LATENT);
    for (const name of ["discriminator", "optimal_discriminator"]) frame.arrays[name] = frame.arrays[name].subarray(0, BINS);
    return makeStore({ scene, frame });
  },
  "with labels, and every number lost": () => {
    const { scene, frame } = conditional();
    for (const values of Object.values(frame.arrays)) values.fill(NaN);
    return makeStore({ scene, frame, hover: { axis: "z", value: 1, curve: 1 } });
  },
  "with sixteen coordinates": () => makeStore(severalCoordinates(16)),
  "with sixteen coordinates, one of them pointed at": () => makeStore({ ...severalCoordinates(16), hover: { axis: "z", value: 0, curve: 15 } }),
  "with labels and coordinates": () => {
    const { scene, frame } = conditional();
    return makeStore({ scene: { ...scene, latent_dimension: 3, atoms: 4078, optimal_maps: [], optimal_maps_mirrored: [] }, frame });
  },
  "on a target without modes to drag": () => makeStore({ config: { latent: { kind: "uniform" }, target: { kind: "uniform" } } }),
};

for (const [situation, make] of Object.entries(situations)) {
  for (const one of charts) {
    test(`${one.id} draws ${situation}`, () => {
      drawn(one, make());
    });
  }
}

for (const selectedMetric of ["share", "pull", "value", "best", "wasserstein1", "nothing of this name"]) {
  for (const [situation, make] of Object.entries(situations)) {
    test(`the history of ${selectedMetric} draws ${situation}`, () => {
      drawn(chart("distances"), { ...make(), selectedMetric });
    });
  }
}

test("the selected metric takes the place of the distances, in the description as well", () => {
  const store = makeStore({ selectedMetric: "value" });
  const { words } = drawn(chart("distances"), store);
  assert.ok(words.includes("best possible \u22121.10"), words.join(" | "));
  assert.ok(words.includes("floor"));
  assert.equal(
    chart("distances").describe(store),
    "V over the whole run: \u22121.30 at step 1240; \u22121.30 at step 1; best possible \u22121.10; floor.",
  );
  const usual = makeStore({ selectedMetric: "nothing of this name" });
  assert.equal(chart("distances").describe(usual), chart("distances").describe(makeStore()));
});

test("the axis of a share is fixed at 0 to 100 %, that of a metric without bounds holds the run", () => {
  const share = drawn(chart("distances"), makeStore({ selectedMetric: "share" })).words;
  for (const tick of ["0\u2009%", "100\u2009%", "75\u2009%", "ideal 50 %"]) assert.ok(share.includes(tick), share.join(" | "));
  const value = drawn(chart("distances"), makeStore({ selectedMetric: "value" })).words;
  assert.ok(!value.includes("\u22123"), value.join(" | "));
});

test("D's axis says which end is real, and and its numbers keep clear of the words", () => {
  const scene = { ...makeScene(), readout: { kind: "score", low: -2, high: 2, threshold: 0, label: "D(x)" } };
  const { words } = drawn(chart("discriminator"), makeStore({ scene }), { width: 400, height: 110 });
  for (const word of ["real", "fake", "0", "1", "\u22121"]) assert.ok(words.includes(word), words.join(" | "));
});

test("the shares of D's outputs beyond its axis are written", () => {
  const frame = makeFrame();
  frame.arrays.real_readout = Float32Array.of(0.002, ...new Array(20).fill(0.0474), 0.05);
  const store = makeStore({ frame });
  const { words } = drawn(chart("readouts"), store);
  assert.ok(words.includes("5\u2009% ▴") && words.includes("<1\u2009% ▾"), words.join(" | "));
  assert.match(chart("readouts").describe(store), /beyond the axis: 5\u2009% of the real ones\./);
  assert.ok(!drawn(chart("readouts"), makeStore()).words.some((/** @type {string} */ word) => /[▴▾]/.test(word)));
});

test("the extremes of losses beyond their axis are written", () => {
  const store = makeStore();
  store.losses.high.loss_g = Float32Array.from(store.losses.high.loss_g, (value, i) => (i === 7 ? 9.5 : value));
  const { words } = drawn(chart("losses"), store);
  assert.ok(words.includes("▴ 9.50"), words.join(" | "));
  assert.ok(!drawn(chart("losses"), makeStore()).words.some((/** @type {string} */ word) => word.startsWith("▴")));
});

test("charts survive a canvas too small for their margins", () => {
  for (const one of charts) drawn(one, makeStore({ hover: { axis: "x", value: 1 } }), { width: 20, height: 10 });
});

test("the charts are in the order in which data flows", () => {
  const order = ["noise", "generator", "data", "discriminator", "readouts", "losses", "distances"];
  assert.deepEqual(chartsOfLab.map(({ id }) => id), order);
});

test("charts of a column share their axis pixel for pixel, and D and its outputs share theirs", () => {
  const scene = makeScene();
  const tall = { width: 400, height: 300 };
  assert.equal(dataLayout({ box: tall, theme, scene }).x(1.7), discriminatorLayout({ box, theme, scene }).x(1.7));
  assert.equal(generatorLayout({ box: tall, theme, scene }).x(1.7), noiseLayout({ box, theme, scene }).x(1.7));
  const narrow = { width: 150, height: box.height };
  assert.equal(discriminatorLayout({ box, theme, scene }).y(0.3), readoutsLayout({ box: narrow, theme, scene }).y(0.3));
});

test("axes do not move with the data", () => {
  const calm = drawn(chart("data"), makeStore()).words.filter((/** @type {string} */ word) => /^[−\d.]+$/.test(word));
  const frame = makeFrame();
  frame.arrays.fake_density.fill(9);
  const wild = drawn(chart("data"), makeStore({ frame })).words.filter((/** @type {string} */ word) => /^[−\d.]+$/.test(word));
  assert.deepEqual(wild, calm);
});

test("one balance line when both players have the same, two when they differ", () => {
  const balance = (/** @type {string[]} */ words) => words.filter((word) => /balance|^[DG] at/.test(word));
  assert.deepEqual(balance(drawn(chart("losses"), makeStore()).words), ["balance ln 2"]);
  const scene = makeScene();
  scene.references[1] = { series: "loss_g", value: 1.2, label: "1.200" };
  assert.deepEqual(balance(drawn(chart("losses"), makeStore({ scene })).words).sort(), ["D at ln 2", "G at 1.200"]);
});

test("flags of changed settings have numbers that do not touch, and the pointer and the label have their words", () => {
  const marks = Array.from({ length: 30 }, (_, i) => ({ step: 600 + i, path: "seed", label: `change ${i} of a long name` }));
  const store = makeStore({ marks });
  const { words } = drawn(chart("losses"), store);
  assert.ok(words.includes("1"));
  assert.ok(!words.includes("7"));
  assert.match(chart("losses").describe(store), /Changes: 1, at step 600: change 0 of a long name; 2, at step 601/);
  const context = contextOf(store);
  const flag = chart("losses").hoverAt?.(context, 0.3 * box.width, 50);
  assert.equal(flag?.axis, "step");
  store.hover = { axis: "step", value: 629 };
  const spoken = chart("losses").read?.(contextOf(store)) ?? "";
  assert.match(spoken, /^step 629 {3}D 0\.\d\d {3}G 0\.\d\d {3}30 change 29 of a long name$/);
  assert.ok(drawn(chart("losses"), store).words.includes(spoken));
  assert.match(chart("distances").read?.(contextOf(store)) ?? "", /^step 629 {3}W₁ 0\.\d+ {3}JS 0\.\d+ {3}30 change/);
});

test("the line of balance begins where the loss was chosen, and not where something else was", () => {
  /** @param {any[]} marks */
  const begins = (marks) => {
    const store = makeStore({ marks });
    const context = contextOf(store);
    const { x, y } = lossesContext(context);
    const level = y(Math.LN2);
    const { calls } = drawn(chart("losses"), store);
    const starts = calls.filter((/** @type {any[]} */ [call, , py], /** @type {number} */ i) => {
      const [next, , end] = calls[i + 1] ?? [];
      return call === "moveTo" && next === "lineTo" && py === end && Math.abs(py - level) < 1;
    });
    assert.equal(starts.length, 1);
    return x.invert(starts[0][1]);
  };
  assert.ok(Math.abs(begins([]) - 0) < 5);
  assert.ok(Math.abs(begins([{ step: 800, path: "loss", label: "loss" }]) - 800) < 5);
  assert.ok(Math.abs(begins([{ step: 300, path: "loss.clip", label: "clip" }, { step: 800, path: "penalty", label: "penalty" }]) - 300) < 5);
});

test("the ideal map nearer to G is the strong one with the name, and a tie changes nothing", () => {
  const namedAt = (/** @type {number} */ slope, scene = makeScene()) => {
    const frame = makeFrame();
    frame.arrays.generator = Float32Array.from(scene.latent_grid, (z) => slope * Math.sign(z));
    const { texts } = drawn(chart("generator"), makeStore({ scene, frame }));
    const names = texts.filter((/** @type {any} */ one) => one.words === "G*");
    assert.equal(names.length, 1);
    return names[0].y;
  };
  assert.ok(namedAt(2) < namedAt(-2));
  const scene = makeScene();
  const falling = namedAt(-1, scene);
  assert.ok(Math.abs(namedAt(0.05, scene) - falling) < 20);
  assert.ok(namedAt(1, scene) < falling - 40);
});

test("the words give the numbers that are drawn", () => {
  assert.equal(
    chart("distances").describe(makeStore()),
    "Distance between real and fake at step 1240: distance 0.410, JS 0.012.",
  );
  assert.match(chart("losses").describe(makeStore()), /discriminator 0\.68, generator 0\.71; in balance: discriminator ln 2/);
  assert.match(chart("readouts").describe(makeStore()), /median over real samples is about 0\.72, over fake ones about 0\.23/);
  assert.match(chart("discriminator").describe(makeStore()), /0\.40 at x −2\.0, 0\.60 at x 2\.0; farthest from the ideal/);
  assert.match(chart("generator").describe(makeStore()), /G\(0\.0\) is 0\.0/);
  assert.match(chart("noise").describe(makeStore()), /density of a normal prior/);
});

test("hovering a z highlights the x of G(z)", () => {
  const lit = hoveredX(makeStore({ hover: { axis: "z", value: 4 } }));
  assert.ok(lit?.fromNoise && Math.abs(lit.value - 2) < 0.01);
  assert.deepEqual(hoveredX(makeStore({ hover: { axis: "x", value: 1 } })), { value: 1, fromNoise: false });
  assert.equal(hoveredX(makeStore({ hover: { axis: "z", value: 9 } })), null);
});

test("pointing reads the axis back", () => {
  const store = makeStore();
  const { x } = dataLayout({ box, theme, scene: makeScene() });
  const hover = chart("data").hoverAt?.(contextOf(store), x(1.25), 50);
  assert.equal(hover?.axis, "x");
  assert.ok(Math.abs((hover?.value ?? NaN) - 1.25) < 1e-9);
  assert.equal(chart("data").hoverAt?.(contextOf(store), 1, 50), null);
});
