// @ts-check
/** Scenes, frames and stores to draw charts from, and a chart drawn on a context that records its calls. */

import assert from "node:assert/strict";

import { charts as chartsOfLab } from "../../static/js/charts/index.js";
import { overview } from "../../static/js/charts/overview.js";
import { fakeContext } from "./fake-context.js";

/** Those of the lab, and that of the stage. */
export const charts = [...chartsOfLab, overview];

/** @type {import("../../static/js/charts/types.js").Theme} */
export const theme = {
  paper: "#fff", ink: "#111", muted: "#555", rule: "#eee", axis: "#aaa", real: "#07b", fake: "#b60", discriminator: "#000",
  generator: "#777", second: "#087", labelFirst: "#505", labelLast: "#a3c", realText: "#058", fakeText: "#740", generatorText: "#555", family: "sans-serif", size: 12, line: 2, ratio: 1,
};
export const box = { width: 400, height: 200 };
export const BINS = 256;
export const LATENT = 201;

const bump = (/** @type {number} */ x, /** @type {number} */ at) => Math.exp(-2 * (x - at) ** 2) * 0.8;
export const spaced = (/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ count) =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
export const filled = (/** @type {number} */ count, /** @type {number} */ value) => new Float32Array(count).fill(value);

/** A target of two equal bumps at −2 and 2 under a normal prior. */
export function makeScene() {
  const grid = spaced(-5 + 5 / BINS, 5 - 5 / BINS, BINS);
  const latentGrid = spaced(-4, 4, LATENT);
  return {
    grid,
    latent_grid: latentGrid,
    x_axis: { low: -5, high: 5 },
    z_axis: { low: -4, high: 4 },
    loss_axis: { low: 0, high: 2 },
    target_density: grid.map((x) => (bump(x, -2) + bump(x, 2)) / 2),
    latent_density: latentGrid.map((z) => bump(z, 0) / 2),
    latent_dimension: 1,
    atoms: 0,
    curves: [""],
    classes: /** @type {{name: string, centre: number, weight: number}[]} */ ([]),
    optimal_maps: [latentGrid.map((z) => 2 * Math.sign(z))],
    optimal_maps_mirrored: [latentGrid.map((z) => -2 * Math.sign(z))],
    density_high: 0.64,
    modes: [
      { centre: -2, mass: 0.5, low: null, high: 0 },
      { centre: 2, mass: 0.5, low: 0, high: null },
    ],
    real_samples: spaced(-3, 3, 64),
    latent_histogram: [0.01, ...new Array(35).fill(0.028), 0.01],
    real_histogram: [0, ...new Array(50).fill(0.0196), 0.02],
    x_bins: 50,
    z_bins: 35,
    readout_bins: 20,
    readout: { kind: "probability", low: 0, high: 1, threshold: 0.5, label: "D(x)" },
    references: [
      { series: "loss_d", value: Math.LN2, label: "ln 2" },
      { series: "loss_g", value: Math.LN2, label: "ln 2" },
    ],
    metrics: [
      { name: "wasserstein1", label: "distance", low: 0, high: null, unit: "x" },
      { name: "jensen_shannon", label: "JS", low: 0, high: Math.LN2, unit: "nat" },
      { name: "share", label: "held", low: 0, high: 1, unit: "share", scale: /** @type {const} */ ("linear"), ideal: 0.5, ideal_label: "ideal 50 %", bound: null },
      { name: "pull", label: "pull", low: 0, high: null, unit: "", scale: /** @type {const} */ ("log"), ideal: null, ideal_label: null, bound: null },
      { name: "value", label: "V", low: null, high: null, unit: "", scale: /** @type {const} */ ("linear"), ideal: -1.4, ideal_label: "floor", bound: "best" },
      { name: "best", label: "best possible", low: null, high: null, unit: "", scale: /** @type {const} */ ("linear"), ideal: null, ideal_label: null, bound: null },
    ],
  };
}

/** @param {number} [masses] share of the fakes in the left mode */
export function makeFrame(masses = 0.5) {
  const scene = makeScene();
  const map = Float32Array.from(scene.latent_grid, (z) => 2 * Math.tanh(3 * z));
  return {
    step: 1240,
    scene: 1,
    /** @type {Record<string, number>} */
    scalars: { loss_d: 0.68, loss_g: 0.71, wasserstein1: 0.41, jensen_shannon: 0.012, ema_wasserstein1: 0.3, ema_jensen_shannon: 0.01, mode_coverage: 1, share: 0.75, pull: 0.02, value: -1.3, best: -1.1 },
    /** @type {Record<string, Float32Array>} */
    arrays: {
      generator: map,
      ema_generator: map,
      discriminator: Float32Array.from(scene.grid, (x) => 0.5 + 0.1 * Math.tanh(x)),
      optimal_discriminator: Float32Array.from(scene.grid, (x) => (Math.abs(x) > 4 ? NaN : 0.5)),
      fake_density: Float32Array.from(scene.grid, (x) => (bump(x, -1.8) + bump(x, 2.1)) / 2),
      ema_density: filled(BINS, 0.1),
      mode_masses: Float32Array.of(masses, 1 - masses),
      ema_mode_masses: Float32Array.of(0.5, 0.5),
      fake_samples: Float32Array.from(spaced(-3, 6, 64)),
      fake_push: Float32Array.from(spaced(-2, 2, 64)),
      fake_histogram: Float32Array.of(0.004, ...new Array(50).fill(0.0195), 0.017),
      real_readout: Float32Array.of(0, ...new Array(14).fill(0), 1, 0, 0, 0, 0, 0, 0),
      fake_readout: Float32Array.of(0, 0, 0, 0, 0, 1, ...new Array(15).fill(0), 0),
    },
  };
}

/** @param {Record<string, Float32Array>} series */
function pick({ loss_d, loss_g }) {
  return { loss_d, loss_g };
}

/** @param {Partial<import("../../static/js/state/store.js").Store>} [changes] */
export function makeStore(changes = {}) {
  const step = Float64Array.from(spaced(1, 1240, 1240));
  const names = ["loss_d", "loss_g", "wasserstein1", "jensen_shannon", "ema_wasserstein1", "ema_jensen_shannon"];
  /** @type {Record<string, Float32Array>} */
  const series = {};
  for (const name of names) series[name] = Float32Array.from(step, (s) => 0.6 + Math.sin(s) / 10);
  series.share = Float32Array.from(step, (s) => (s % 2 ? 0.7 : 0.8));
  series.pull = Float32Array.from(step, (s) => 10 / s);
  series.value = Float32Array.from(step, () => -1.3);
  series.best = Float32Array.from(step, (s) => -1.1 + 1 / s);
  const losses = { length: 1240, step, series: pick(series), low: pick(series), high: pick(series) };
  /** @type {import("../../static/js/state/store.js").Store} */
  const store = {
    scene: makeScene(),
    config: {
      latent: { kind: "normal" },
      target: { kind: "gaussian_mixture", modes: [{ position: -2, width: 0.5, weight: 1 }, { position: 2, width: 0.5, weight: 1 }] },
    },
    playback: { running: false, speed: "frame" },
    status: null,
    frame: makeFrame(),
    traces: { length: 1240, step, series },
    losses,
    marks: [{ step: 400, path: "generator.optimizer.learning_rate", label: "lr_G 2e-3 → 8e-3" }],
    hover: null,
    selectedMetric: null,
    dragTargets: [],
    sketch: null,
    readonly: false,
    timeline: null,
    looking: null,
    bookmarks: [],
    diagnosisMarks: [],
    runs: [],
    run: 1,
    ghost: null,
    intend() {},
    setHover() {},
    invalidate() {},
    ...changes,
  };
  return store;
}

/** @param {string} id */
export function chart(id) {
  const found = charts.find((one) => one.id === id);
  assert.ok(found, id);
  return found;
}

/**
 * What `page/canvases.js` gives a chart; null before the first scene.
 * @param {import("../../static/js/state/store.js").Store} store
 * @returns {any}
 */
export function contextOf(store, size = box, ctx = fakeContext()) {
  return store.scene && { ctx, box: size, theme, store, scene: store.scene, frame: store.frame };
}

/** @param {import("../../static/js/charts/types.js").Chart} one @param {import("../../static/js/state/store.js").Store} store */
export function drawn(one, store, size = box) {
  const ctx = fakeContext();
  const context = contextOf(store, size, ctx);
  if (context) one.draw(context);
  assert.equal(ctx.open, 0, `${one.id} leaves a save without its restore`);
  assert.doesNotMatch(one.describe(store), /undefined|NaN|Infinity|null/, one.id);
  return ctx;
}

/** A scene and a frame of a conditional GAN with the labels −2 and 2, each of which G maps to its mode. */
export function conditional() {
  const scene = makeScene();
  scene.classes = [
    { name: "\u22122", centre: -2, weight: 0.5 },
    { name: "2", centre: 2, weight: 0.5 },
  ];
  scene.curves = scene.classes.map(({ name }) => name);
  scene.optimal_maps = scene.classes.map(({ centre }) => scene.latent_grid.map((z) => centre + z / 2));
  scene.optimal_maps_mirrored = scene.classes.map(({ centre }) => scene.latent_grid.map((z) => centre - z / 2));
  const frame = makeFrame();
  const map = scene.optimal_maps.map((ideal) => ideal.map((x) => x + 0.25));
  frame.arrays.generator = frame.arrays.ema_generator = Float32Array.from(map.flat());
  frame.arrays.discriminator = Float32Array.from([...filled(BINS, 0.25), ...filled(BINS, 0.75)]);
  frame.arrays.optimal_discriminator = Float32Array.from(
    scene.classes.flatMap(({ centre }) => scene.grid.map((x) => (Math.abs(x - centre) < 2 ? 0.5 : NaN))),
  );
  return { scene, frame };
}

/**
 * A scene and a frame of a G of several coordinates, whose k-th curve is flat at k.
 * @param {number} dimension
 */
export function severalCoordinates(dimension) {
  const scene = makeScene();
  scene.latent_dimension = dimension;
  scene.atoms = 8191;
  scene.curves = Array.from({ length: dimension }, (_, k) => `z${String(k + 1).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)])}`);
  scene.optimal_maps = scene.optimal_maps_mirrored = [];
  const frame = makeFrame();
  frame.arrays.generator = frame.arrays.ema_generator = Float32Array.from(scene.curves.flatMap((_, k) => [...filled(LATENT, k / 4)]));
  return { scene, frame };
}
