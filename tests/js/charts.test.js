// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { folded, valueAt } from "../../static/js/plot/index.js";
import { labelColor } from "../../static/js/charts/curves.js";
import { lossesContext } from "../../static/js/charts/losses.js";
import { charts as chartsOfLab } from "../../static/js/charts/index.js";
import { dataLayout, discriminatorLayout, generatorLayout, noiseLayout, overviewLayout, readoutsLayout } from "../../static/js/charts/layout.js";
import { hoveredX } from "../../static/js/charts/hover.js";
import { fakeContext } from "./fake-context.js";
import {
  BINS, LATENT, box, chart, charts, conditional, contextOf, drawn, filled, makeFrame, makeScene, makeStore, severalCoordinates, spaced, theme,
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

test("a conditional network has a curve for each label, with its name and its own ideal", () => {
  const store = makeStore(conditional());
  const map = drawn(chart("generator"), store).words;
  assert.ok(map.includes("G\u2009|\u2009\u22122") && map.includes("G\u2009|\u20092"), map.join(" | "));
  assert.ok(!map.includes("G") && !map.includes("avg"), map.join(" | "));
  assert.match(
    chart("generator").describe(store),
    /conditional on a label, at step 1240, where z goes from −4\.0 to 4\.0: for the label −2, from −3\.8 to 0\.3; on average over the noise 0\.25 away from the nearer ideal map; for the label 2, from 0\.3/,
  );
  const names = drawn(chart("discriminator"), store).words;
  assert.ok(names.includes("D\u2009|\u2009\u22122") && names.includes("D\u2009|\u20092"), names.join(" | "));
  assert.match(
    chart("discriminator").describe(store),
    /for the label −2, 0\.25 at x −2\.0, farthest from the ideal at x .*, by 0\.25; for the label 2, 0\.75 at x 2\.0/,
  );
  assert.match(chart("noise").describe(store), /a label goes in with each z, one of −2, 2\.$/);
});

test("along several coordinates G has a curve each, no ideal, and the chart says that the others are 0", () => {
  const store = makeStore(severalCoordinates(3));
  const { words } = drawn(chart("generator"), store);
  for (const name of ["z₁", "z₂", "z₃", "zᵢ", "one zᵢ at a time, the others 0"]) assert.ok(words.includes(name), words.join(" | "));
  assert.ok(!words.includes("G*"));
  assert.match(chart("generator").describe(store), /along each of 3 coordinates, the others at 0, .*: z₁, from 0\.0 to 0\.0; z₂, from 0\.3/);
  assert.doesNotMatch(chart("generator").describe(store), /ideal/);
  assert.ok(drawn(chart("noise"), store).words.includes("each of 3 coordinates"));
  assert.ok(drawn(chart("noise"), store, { width: 120, height: 150 }).words.includes("each zᵢ"));
  assert.match(chart("noise").describe(store), /each z has 3 such coordinates/);
  assert.ok(drawn(chart("discriminator"), store).words.includes("D"));
  const narrow = drawn(chart("generator"), store, { width: 200, height: 150 }).words;
  assert.ok(narrow.includes("the others 0"), narrow.join(" | "));
});

test("sixteen names stand clear of one another, on a low chart as well", () => {
  for (const height of [300, 150, 90]) {
    const ctx = drawn(chart("generator"), makeStore(severalCoordinates(16)), { width: 400, height });
    const names = ctx.calls.filter((/** @type {any[]} */ [call, words]) => call === "fillText" && /^z[₀-₉]+$/.test(words));
    assert.equal(names.length, 16);
    for (const [, words, x, y] of names) {
      assert.ok(y > 0 && y < height, `${words} at ${y}`);
      const close = names.filter((/** @type {any[]} */ other) => Math.abs(other[2] - x) < theme.size && Math.abs(other[3] - y) < theme.size);
      assert.equal(close.length, 1, `${words} at ${x}, ${y} of ${height}`);
    }
  }
});

test("of several curves the nearest to the pointer is highlighted in all charts", () => {
  const store = makeStore(conditional());
  const map = generatorLayout({ box, theme, scene: conditional().scene });
  const hover = chart("generator").hoverAt?.(contextOf(store), map.x(1), map.y(2.4)) ?? null;
  assert.equal(hover?.curve, 1);
  const lit = hoveredX({ ...store, hover });
  assert.ok(lit?.fromNoise && Math.abs(lit.value - 2.75) < 1e-5, String(lit?.value));
  const words = drawn(chart("generator"), { ...store, hover }).words;
  assert.ok(words.includes("G(1.00\u2009|\u20092) = 2.75"), words.join(" | "));
  assert.ok(drawn(chart("discriminator"), { ...store, hover }).words.includes("D\u2009|\u20092  0.75   D*  0.50"));
  const plot = discriminatorLayout({ box, theme, scene: conditional().scene });
  assert.equal(chart("discriminator").hoverAt?.(contextOf(store), plot.x(2), plot.y(0.3))?.curve, 0);
  const { scene, frame } = conditional();
  frame.arrays.discriminator.fill(0.5);
  for (const [place, curve] of [[-2, 0], [2, 1]]) {
    const met = chart("discriminator").hoverAt?.(contextOf(makeStore({ scene, frame })), plot.x(place), plot.y(0.5));
    assert.equal(met?.curve, curve, "where curves meet, the one with samples there");
  }
});

test("hovering a z without a curve highlights no x in the other charts", () => {
  const store = makeStore({ ...conditional(), hover: { axis: "z", value: 1 } });
  assert.equal(hoveredX(store), null);
  const dots = drawn(chart("generator"), store).calls.filter((/** @type {any[]} */ [call]) => call === "arc");
  assert.equal(dots.length, 2);
});

test("longer names have a wider margin, and noise and G keep their axis in common", () => {
  const { scene } = conditional();
  const one = generatorLayout({ box, theme, scene: makeScene() }).plot.right;
  assert.ok(generatorLayout({ box, theme, scene }).plot.right < one);
  assert.equal(noiseLayout({ box, theme, scene }).x(1), generatorLayout({ box, theme, scene }).x(1));
});

test("eight labels stand above D's chart, over their modes, clear of one another, each in its own colour", () => {
  const scene = makeScene();
  scene.classes = spaced(-3.5, 3.5, 8).map((centre) => ({ name: centre.toFixed(2).replace("-", "\u2212"), centre, weight: 1 / 8 }));
  scene.curves = scene.classes.map(({ name }) => name);
  scene.optimal_maps = scene.optimal_maps_mirrored = scene.classes.map(() => scene.latent_grid.map(() => 0));
  const frame = makeFrame();
  frame.arrays.generator = frame.arrays.ema_generator = filled(8 * LATENT, 0);
  frame.arrays.discriminator = frame.arrays.optimal_discriminator = filled(8 * BINS, 0.5);
  for (const [width, decimals] of [[900, 2], [360, 1]]) {
    const size = { width, height: 120 };
    const { plot, x } = discriminatorLayout({ box: size, theme, scene });
    const names = drawn(chart("discriminator"), makeStore({ scene, frame }), size).texts.filter((/** @type {any} */ one) => one.y < plot.top);
    assert.deepEqual(names.map((/** @type {any} */ one) => one.words), scene.classes.map(({ centre }) => centre.toFixed(decimals).replace("-", "\u2212")));
    names.forEach((/** @type {any} */ one, /** @type {number} */ k) => {
      assert.equal(one.x, x(scene.classes[k].centre));
      if (k > 0) assert.ok(one.x - names[k - 1].x > 6 * one.words.length);
    });
  }
  const colors = scene.classes.map((_, k) => labelColor(theme, scene, k));
  assert.equal(new Set(colors).size, 8);
  assert.equal(labelColor(theme, makeScene(), 0), null);
});

/** The lines from z to x on the overview, in pixels. @param {any} ctx @param {{whole: {bottom: number}, line: number}} layout */
const stringsOf = (ctx, { whole, line }) =>
  ctx.calls.flatMap((/** @type {any[]} */ [name, x, y], /** @type {number} */ i) => {
    const [, to, level] = ctx.calls[i + 1] ?? [];
    return name === "moveTo" && y === whole.bottom && level === line ? [[x, to]] : [];
  });

test("on the overview, strings lead equal shares of the noise to what G makes of them", () => {
  const store = makeStore();
  const size = { width: 800, height: 480 };
  const layout = overviewLayout({ box: size, theme, scene: /** @type {any} */ (store.scene) });
  const strings = stringsOf(drawn(chart("overview"), store, size), layout);
  assert.equal(strings.length, 40);
  const scene = makeScene();
  const total = scene.latent_density.reduce((sum, density) => sum + density);
  strings.forEach((/** @type {number[]} */ [from, to], /** @type {number} */ i) => {
    const start = layout.z.invert(from);
    const below = scene.latent_grid.reduce((sum, at, k) => sum + (at < start ? scene.latent_density[k] : 0), 0) / total;
    assert.ok(Math.abs(below - (i + 0.5) / 40) < 0.02, `${start}: ${below}`);
    const reached = valueAt(scene.latent_grid, makeFrame().arrays.generator, start);
    assert.ok(Math.abs(layout.x.invert(to) - reached) < 1e-6, `${layout.x.invert(to)}, not ${reached}`);
  });
});

test("on the overview, labels share the strings, and a latent of several dimensions has none", () => {
  const size = { width: 800, height: 480 };
  for (const [situation, count] of /** @type {const} */ ([[conditional(), 40], [severalCoordinates(8), 0]])) {
    const store = makeStore(situation);
    const layout = overviewLayout({ box: size, theme, scene: /** @type {any} */ (store.scene) });
    const ctx = drawn(chart("overview"), store, size);
    assert.equal(stringsOf(ctx, layout).length, count);
    assert.equal(ctx.words.some((/** @type {string} */ words) => words.includes("8 coordinates")), count === 0);
  }
});

test("a low overview has no strings and no line of z, and no word on another one", () => {
  for (const height of [60, 90, 130, 160, 195, 210, 260, 320]) {
    const store = makeStore();
    const size = { width: 400, height };
    const context = contextOf(store, size);
    const { isLow, whole, line, densities } = overviewLayout(context);
    assert.equal(isLow, height < 180, `${height}`);
    const ctx = drawn(chart("overview"), store, size);
    assert.equal(stringsOf(ctx, { whole, line }).length, isLow ? 0 : 40);
    assert.equal(ctx.words.includes("noise"), !isLow);
    const levels = ["x", "z", "noise", "\u2191 G", "real", "fake"].map((words) => ctx.texts.filter((/** @type {any} */ one) => one.words === words));
    assert.equal(levels[0].length, 1);
    if (height > 60) assert.ok(densities.bottom - densities.top > 1.5 * theme.size, `${height}: ${densities.bottom - densities.top}`);
    const below = ctx.texts.filter((/** @type {any} */ one) => one.y > line - 1 && one.align !== "center").map((/** @type {any} */ one) => one.y);
    assert.ok(below.every((/** @type {number} */ y) => y <= height), `${below}`);
    const names = ctx.texts.filter((/** @type {any} */ one) => one.align === "right" && one.y > line).map((/** @type {any} */ one) => one.y);
    names.sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
    for (let i = 1; i < names.length; i++) assert.ok(names[i] - names[i - 1] > 0.8 * theme.size, `${height}: ${names}`);
    if (!isLow) continue;
    assert.equal(chart("overview").hoverAt?.(context, 200, height - 2)?.axis, "x");
  }
});

test("the overview points at x above its line of x, and at z below", () => {
  const context = contextOf(makeStore(), { width: 800, height: 480 });
  const { whole, line } = overviewLayout(context);
  const middle = (whole.left + whole.right) / 2;
  assert.deepEqual(chart("overview").hoverAt?.(context, middle, line - 5), { axis: "x", value: 0 });
  assert.deepEqual(chart("overview").hoverAt?.(context, middle, line + 5), { axis: "z", value: 0, curve: 0 });
  assert.equal(chart("overview").hoverAt?.(context, whole.left - 5, line), null);
});

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

test("on the overview, the numbers of x have a halo, because strings run behind them", () => {
  const { calls } = drawn(chart("overview"), makeStore(), { width: 800, height: 480 });
  const haloed = calls.filter((/** @type {any[]} */ [name]) => name === "strokeText").map((/** @type {any[]} */ [, words]) => words);
  for (const words of ["\u22122", "2"]) assert.ok(haloed.includes(words), haloed.join(" | "));
});

test("on the overview, a part that is lit has its colour, and the rest is quiet", () => {
  const size = { width: 800, height: 480 };
  /** @param {string[]|null} lit */
  const colorsOf = (lit) => {
    const store = makeStore();
    store.lit = lit && new Set(lit);
    const ctx = fakeContext();
    /** @type {Set<string>} */
    const used = new Set();
    const watched = new Proxy(ctx, {
      set: (target, name, value) => {
        if (name === "strokeStyle" || name === "fillStyle") used.add(String(value));
        return Reflect.set(target, name, value);
      },
    });
    chart("overview").draw(contextOf(store, size, watched));
    return used;
  };
  const quiet = (/** @type {string} */ color) => `color-mix(in srgb, ${color} 16%, ${theme.paper})`;
  for (const color of [theme.real, theme.fake, theme.generator, theme.discriminator]) assert.ok(colorsOf(null).has(color), color);
  const ofReal = colorsOf(["real"]);
  assert.ok(ofReal.has(theme.real) && !ofReal.has(quiet(theme.real)));
  for (const color of [theme.fake, theme.generator, theme.discriminator]) assert.ok(!ofReal.has(color) && ofReal.has(quiet(color)), color);
  const ofGradient = colorsOf(["gradient"]);
  assert.ok(ofGradient.has(theme.fake) && ofGradient.has(quiet(theme.fake)));
});
