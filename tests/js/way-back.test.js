// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { generatorLayout, noiseLayout, overviewLayout } from "../../static/js/charts/layout.js";
import { drawSecond } from "../../static/js/charts/second.js";
import { drawCell } from "../../static/js/stills/sheet.js";
import { drawWayBack } from "../../static/js/charts/way-back.js";
import { BINS, LATENT, box, chart, contextOf, drawn, makeFrame, makeScene, makeStore, spaced, theme } from "./drawing.js";
import { fakeContext } from "./fake-context.js";

/** A translation from a source on −4 to 4: G doubles, F takes a quarter, so that there and back is half. */
function translation() {
  const scene = makeScene();
  const frame = makeFrame();
  const back = {
    grid: spaced(-4 + 4 / BINS, 4 - 4 / BINS, BINS),
    latent_grid: spaced(-5, 5, LATENT),
    x_axis: scene.z_axis,
    z_axis: scene.x_axis,
    target_density: new Array(BINS).fill(0.1),
    density_high: 0.2,
    latent_density: new Array(LATENT).fill(0.1),
    optimal_maps: [scene.latent_grid],
    optimal_maps_mirrored: [scene.latent_grid],
  };
  frame.arrays.generator = Float32Array.from(scene.latent_grid, (x) => 2 * x);
  Object.assign(frame.arrays, {
    back_generator: Float32Array.from(back.latent_grid, (y) => y / 4),
    back_density: new Float32Array(BINS).fill(0.1),
    back_discriminator: Float32Array.from(back.grid, (x) => 0.5 + x / 10),
    back_optimal_discriminator: Float32Array.from(back.grid, (x) => (Math.abs(x) > 3 ? NaN : 0.5)),
    round_trip: Float32Array.from(scene.latent_grid, (x) => x / 2),
  });
  return makeStore({ scene: /** @type {any} */ ({ ...scene, back }), frame });
}

/** @param {string} id @param {import("../../static/js/state/store.js").Store} store */
function drawnBack(id, store) {
  const ctx = fakeContext();
  const context = contextOf(store, box, ctx);
  drawWayBack(id, context);
  assert.equal(ctx.open, 0);
  return { ctx, context };
}

for (const id of ["noise", "generator", "data", "discriminator", "readouts", "losses", "distances", "overview"]) {
  test(`${id} names the axes of a translation, and the way back draws over it`, () => {
    const store = translation();
    const { words } = drawn(chart(id), store);
    if (id === "noise") assert.ok(words.includes("x") && !words.includes("z"));
    if (id === "data" || id === "discriminator") assert.ok(words.includes("y") && !words.includes("x"));
    if (id === "generator") assert.ok(words.includes("x") && words.includes("y"));
    drawnBack(id, store);
  });
}

test("F is drawn over the source, so that it lies on G where it is the inverse", () => {
  const { ctx, context } = drawnBack("generator", translation());
  assert.deepEqual(ctx.words, ["F(G(x))", "F"]);
  const { x, y } = generatorLayout(context);
  const starts = ctx.calls.filter((/** @type {any[]} */ [name]) => name === "moveTo").map((/** @type {any[]} */ call) => call.slice(1));
  const near = (/** @type {number[]} */ [a, b]) => starts.some((/** @type {number[]} */ [c, d]) => Math.hypot(a - c, b - d) < 1e-3);
  assert.ok(near([x(-4), y(-4)]), "the identity, on what both axes share");
  assert.ok(near([x(-1.25), y(-5)]), "F, at F(−5) = −1.25 across and −5 up");
  assert.ok(near([x(-4), y(-2)]), "there and back, F(G(−4)) = −2");
});

test("no names of the way back stand where the pointer has its words", () => {
  const store = translation();
  store.hover = { axis: "z", value: 1 };
  assert.deepEqual(drawnBack("generator", store).ctx.words, []);
});

test("strings lead from G(x) back to F(G(x))", () => {
  const { ctx, context } = drawnBack("overview", translation());
  const { x, z, line, whole } = overviewLayout(context);
  const moves = ctx.calls.filter((/** @type {any[]} */ [name]) => name === "moveTo").slice(0, 40);
  const ends = ctx.calls.filter((/** @type {any[]} */ [name]) => name === "lineTo");
  moves.forEach(([, from, top], /** @type {number} */ i) => {
    assert.equal(top, line);
    assert.equal(ends[i][2], whole.bottom);
    // x(2·s) from the top is z(s / 2) at the bottom.
    assert.ok(Math.abs(x.invert(from) / 4 - z.invert(ends[i][1])) < 1e-2);
  });
});

test("F’s translations stand over the source", () => {
  const { ctx, context } = drawnBack("noise", translation());
  const { x } = noiseLayout(context);
  assert.deepEqual(ctx.words, ["F(y)", "0", "½", "1", "D_X", "D_X*"]);
  assert.ok(ctx.calls.some((/** @type {any[]} */ [name, at]) => name === "moveTo" && Math.abs(at - x(-4 + 4 / BINS)) < 1e-3));
});

test("the discriminator of the source stands on the axis of D, with the optimal one where that is known", () => {
  for (const id of ["noise", "overview"]) {
    const { ctx, context } = drawnBack(id, translation());
    const { plot, x } = id === "noise" ? noiseLayout(context) : { plot: overviewLayout(context).strip, x: overviewLayout(context).z };
    const starts = ctx.calls.filter((/** @type {any[]} */ [name]) => name === "moveTo").map((/** @type {any[]} */ call) => call.slice(1));
    const first = context.scene.back.grid[0];
    const known = context.scene.back.grid.find((/** @type {number} */ place) => place >= -3);
    const level = (/** @type {number} */ value) => plot.bottom - value * (plot.bottom - plot.top);
    const isStart = (/** @type {number} */ place, /** @type {number} */ value) =>
      starts.some((/** @type {number[]} */ [a, b]) => Math.hypot(a - x(place), b - level(value)) < 1e-3);
    assert.ok(isStart(first, 0.5 + first / 10), `${id}: D_X`);
    assert.ok(isStart(known, 0.5), `${id}: D_X*`);
  }
});

test("the pointer on the source reads its discriminator", () => {
  const store = translation();
  store.hover = { axis: "z", value: 1 };
  assert.equal(chart("noise").read?.(contextOf(store)), "x 1.00   D_X 0.60   D_X* 0.50");
  assert.ok(drawnBack("overview", store).ctx.words.includes("D_X 0.60   D_X* 0.50"));
  assert.equal(drawnBack("noise", store).ctx.calls.filter((/** @type {any[]} */ [name]) => name === "arc").length, 2);
  store.hover.value = 3.5;
  assert.equal(chart("noise").read?.(contextOf(store)), "x 3.50   D_X 0.85   D_X* –");
  drawnBack("noise", store);
  drawnBack("overview", store);
});

test("the overview of a translation has a strip below the source, inside of the picture", () => {
  for (const size of [box, { width: 1200, height: 440 }]) {
    const { whole, strip } = overviewLayout(contextOf(translation(), size));
    assert.ok(strip.top > whole.bottom && strip.bottom > strip.top && strip.bottom < size.height);
    assert.ok(whole.bottom < overviewLayout(contextOf(makeStore(), size)).whole.bottom);
  }
});

test("a second run from noise draws no G over that of a translation", () => {
  const store = translation();
  const ctx = fakeContext();
  const other = { scene: /** @type {any} */ (makeScene()), frame: makeFrame() };
  drawSecond("generator", contextOf(store, box, ctx), other);
  assert.deepEqual(ctx.calls, []);
  drawSecond("generator", contextOf(store, box, ctx), { scene: /** @type {any} */ (store.scene), frame: /** @type {any} */ (store.frame) });
  assert.ok(ctx.calls.length > 0);
});

test("a still has the way back, and names the source", () => {
  const wordsOf = (/** @type {import("../../static/js/state/store.js").Store} */ store) => {
    const ctx = fakeContext();
    drawCell({ ctx, chart: (_, draw) => draw(ctx) }, store, theme, "noise", { x: 0, y: 0, width: 400, height: 200 });
    return ctx.words;
  };
  for (const word of ["Source x", "F(y)", "D_X", "D_X*"]) assert.ok(wordsOf(translation()).includes(word), word);
  assert.ok(wordsOf(makeStore()).includes("Noise z") && !wordsOf(makeStore()).includes("D_X"));
});

test("a run from noise has no way back", () => {
  const ctx = fakeContext();
  drawWayBack("generator", contextOf(makeStore(), box, ctx));
  assert.deepEqual(ctx.calls, []);
});
