// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { labelColor } from "../../static/js/charts/curves.js";
import { discriminatorLayout, generatorLayout, noiseLayout } from "../../static/js/charts/layout.js";
import { hoveredX } from "../../static/js/charts/hover.js";
import { BINS, LATENT, box, chart, conditional, contextOf, drawn, filled, makeFrame, makeScene, makeStore, severalCoordinates, spaced, theme } from "./drawing.js";

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
