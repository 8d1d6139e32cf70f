// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { valueAt } from "../../static/js/plot/index.js";
import { overviewLayout } from "../../static/js/charts/layout.js";
import { fakeContext } from "./fake-context.js";
import { chart, conditional, contextOf, drawn, makeFrame, makeScene, makeStore, severalCoordinates, theme } from "./drawing.js";

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
