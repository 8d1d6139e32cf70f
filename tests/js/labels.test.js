// @ts-check
/** Words in charts: none over another, whatever the numbers and the room. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { dataLayout, discriminatorLayout } from "../../static/js/charts/layout.js";
import { box, chart, charts, conditional, drawn, makeFrame, makeScene, makeStore, severalCoordinates, theme } from "./drawing.js";

/**
 * Where a text that was drawn begins and ends, as the fake context measures it: each letter is six pixels wide.
 * @param {any} ctx @param {RegExp} words
 */
function extent(ctx, words) {
  const found = ctx.texts.find((/** @type {any} */ one) => words.test(one.words));
  assert.ok(found, `${words} among ${ctx.words}`);
  return extentOf(found);
}

/** @param {any} found */
function extentOf(found) {
  const width = (6 * found.words.length * parseFloat(found.font.replace("600 ", ""))) / theme.size;
  const part = { left: 0, start: 0, center: 0.5, right: 1, end: 1 }[/** @type {"left"} */ (found.align)];
  return { left: found.x - part * width, right: found.x + (1 - part) * width, y: found.y };
}

for (const [lossD, lossG] of [[0.68, 0.71], [-0.09, -0.97], [-0.09, -5.07], [471.19, 0], [-123.45, -123.45], [-1.2e29, 3.4e10], [NaN, NaN]]) {
  test(`the names of losses of ${lossD} and ${lossG} stand at their curves, clear of each other and of the words for balance`, () => {
    for (const step of [40, 1240, 2000]) {
      const frame = makeFrame();
      frame.step = step;
      Object.assign(frame.scalars, { loss_d: lossD, loss_g: lossG });
      const { texts } = drawn(chart("losses"), makeStore({ frame, marks: [] }));
      const labels = texts.filter((/** @type {any} */ one) => /^(balance|[DG] )/.test(one.words)).map(extentOf);
      assert.equal(labels.length, Number.isFinite(lossD) ? 3 : 1);
      for (const [i, one] of labels.entries()) {
        assert.ok(one.left >= 0 && one.right <= box.width);
        for (const other of labels.slice(i + 1)) {
          assert.ok(Math.abs(one.y - other.y) >= theme.size || one.right <= other.left || other.right <= one.left);
        }
      }
    }
  });
}

for (const height of [60, 70, 80, 90, 110, 140, 200]) {
  test(`numbers on an axis that runs up keep clear of each other on a chart ${height} high`, () => {
    const scene = makeScene();
    const scores = { ...scene, readout: { kind: "score", low: -7, high: 7, threshold: 0, label: "score" } };
    for (const [id, changes] of /** @type {const} */ ([
      ["losses", {}], ["generator", {}], ["discriminator", {}], ["readouts", {}], ["distances", {}],
      ["discriminator", { scene: scores }], ["readouts", { scene: scores }],
      ["distances", { selectedMetric: "share" }], ["distances", { selectedMetric: "value" }], ["distances", { selectedMetric: "pull" }],
    ])) {
      const ctx = drawn(chart(id), makeStore(changes), { width: 400, height });
      const numbers = ctx.texts.filter((/** @type {any} */ one) => one.align === "right" && one.baseline === "middle" && /^[\d\u2212\u00bd]/.test(one.words));
      const levels = numbers.map((/** @type {any} */ one) => one.y).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
      assert.ok(levels.length > 0, id);
      for (let i = 1; i < levels.length; i++) assert.ok(levels[i] - levels[i - 1] >= theme.size, `${id} ${JSON.stringify(changes).slice(0, 40)}: ${levels}`);
    }
  });
}

test("a narrow chart over time keeps its width for the curves, and its words inside", () => {
  const frame = makeFrame();
  const size = { width: 130, height: 100 };
  for (const [id, changes] of /** @type {const} */ ([["losses", {}], ["distances", {}], ["distances", { selectedMetric: "value" }]])) {
    const ctx = drawn(chart(id), makeStore({ frame, ...changes }), size);
    for (const one of ctx.texts) assert.ok(extentOf(one).right <= size.width + 1, `${id}: ${one.words}`);
    const axis = ctx.calls.filter((/** @type {any[]} */ [call]) => call === "lineTo").map((/** @type {any[]} */ [, x]) => x);
    assert.ok(Math.max(...axis) > size.width - 3 * theme.size, id);
  }
});

for (const [situation, changes, narrowest = 220] of /** @type {[string, any, number?][]} */ ([
  ["an ordinary run", {}], ["labels", conditional()], ["eight coordinates", severalCoordinates(8)], ["sixteen coordinates", severalCoordinates(16), 360],
  ["a share", { selectedMetric: "share" }], ["a value", { selectedMetric: "value" }], ["a pull", { selectedMetric: "pull" }],
])) {
  test(`with ${situation}, no word leaves its chart at the left or at the right`, () => {
    for (const size of [{ width: 600, height: 220 }, { width: 360, height: 160 }, { width: 220, height: 120 }]) {
      for (const one of size.width < narrowest ? [] : charts) {
        for (const words of drawn(one, makeStore({ ...changes, marks: [] }), size).texts) {
          const { left, right } = extentOf(words);
          assert.ok(left >= -1 && right <= size.width + 1, `${one.id} of ${size.width}: ${words.words} from ${left} to ${right}`);
        }
      }
    }
  });
}

test("on a small chart of G all names of coordinates are inside, and the words above keep clear of the name of the axis", () => {
  const size = { width: 130, height: 90 };
  const ctx = drawn(chart("generator"), makeStore(severalCoordinates(8)), size);
  for (const one of ctx.texts) assert.ok(extentOf(one).right <= size.width + 1, one.words);
  assert.ok(extent(ctx, /^x$/).right <= extent(ctx, /the others 0/).left);
});

const drawing = [{ adjustments: { curve: { path: "target.heights" }, position: { path: "target.centre" }, width: { path: "target.half_width" } } }];

for (const [where, at] of /** @type {const} */ ([["in the middle", [0.2]], ["at the left", [-2]], ["in two places", [-1, 1]], ["nowhere", []]])) {
  test(`the hint to draw keeps clear of fakes that are high ${where}`, () => {
    const scene = makeScene();
    const frame = makeFrame();
    const high = (/** @type {number} */ x) => at.some((place) => Math.abs(x - place) < 0.2);
    frame.arrays.fake_density = Float32Array.from(scene.grid, (x) => (high(x) ? 3 : 0));
    const store = /** @type {any} */ (makeStore({ scene, frame, dragTargets: /** @type {any} */ (drawing) }));
    store.config = { target: { kind: "drawn", centre: 0, half_width: 4, heights: [0, 1, 0] } };
    const size = { width: 500, height: 200 };
    const ctx = drawn(chart("data"), store, size);
    const { plot, x } = dataLayout({ box: size, theme, scene });
    const words = extent(ctx, /^draw the density here/);
    for (const place of at) assert.ok(words.right < x(place - 0.2) || words.left > x(place + 0.2), `${words.left} to ${words.right}`);
    assert.ok(words.left >= plot.left && words.right <= plot.right);
    if (where === "nowhere") assert.equal((words.left + words.right) / 2, (plot.left + plot.right) / 2);
  });
}

for (const level of [0, 0.25, 0.5, 1]) {
  test(`the name of D* keeps clear of the curve of D where both are ${level}`, () => {
    const scene = makeScene();
    const frame = makeFrame();
    frame.arrays.discriminator = Float32Array.from(scene.grid, () => level);
    frame.arrays.optimal_discriminator = Float32Array.from(scene.grid, (x) => (x > 2 ? NaN : level));
    const { plot, y } = discriminatorLayout({ box, theme, scene });
    const name = extent(drawn(chart("discriminator"), makeStore({ scene, frame })), /^D\*$/);
    assert.ok(Math.abs(name.y - y(level)) > 0.8 * theme.size);
    assert.ok(name.y >= plot.top - theme.size && name.y <= plot.bottom);
  });
}

test("eight labels on a small chart: G's are small enough for their rows, D's are those that have room", () => {
  const { scene, frame } = conditional();
  scene.classes = Array.from({ length: 8 }, (_, k) => ({ name: `${k - 4}.25`, centre: k - 4, weight: 1 / 8 }));
  scene.curves = scene.classes.map(({ name }) => name);
  scene.optimal_maps = [];
  frame.arrays.generator = Float32Array.from(scene.classes.flatMap(({ centre }) => scene.latent_grid.map(() => centre / 10)));
  frame.arrays.discriminator = Float32Array.from(scene.classes.flatMap(() => scene.grid.map(() => 0.5)));
  frame.arrays.optimal_discriminator = frame.arrays.discriminator;
  const size = { width: 160, height: 100 };
  const names = drawn(chart("generator"), makeStore({ scene, frame }), size).texts.filter((/** @type {any} */ one) => /^G/.test(one.words));
  assert.equal(names.length, 8);
  const rows = names.map((/** @type {any} */ one) => one.y);
  const letters = parseFloat(names[0].font.replace("600 ", ""));
  assert.ok(letters < theme.size);
  for (let i = 1; i < rows.length; i++) assert.ok(rows[i] - rows[i - 1] >= letters - 0.01, `${rows} in letters of ${letters}`);
  const { plot } = discriminatorLayout({ box: size, theme, scene });
  const ofD = drawn(chart("discriminator"), makeStore({ scene, frame }), size).texts.filter((/** @type {any} */ one) => one.y < plot.top);
  for (let i = 1; i < ofD.length; i++) assert.ok(extentOf(ofD[i]).left > extentOf(ofD[i - 1]).right);
});

/** @param {number} low @param {number} high */
function onAxis(low, high) {
  const scene = makeScene();
  scene.x_axis = { low, high };
  return scene;
}

for (const [low, high, words] of /** @type {[number, number, string[]][]} */ ([
  [-5, 5, ["0.001", "0.01", "0.1", "1", "10"]],
  [-9, 9, ["0.001", "0.01", "0.1", "1", "10", "100"]],
  [-4e-9, 4e-9, ["W₁ ×10⁻⁹", "0.001", "0.01", "0.1", "1", "10"]],
  [4.5e6, 5.5e6, ["W₁ ×10⁶", "0.001", "0.01", "0.1", "1"]],
])) {
  test(`the axis of distances names its powers of ten where x goes from ${low} to ${high}`, () => {
    const { texts } = drawn(chart("distances"), makeStore({ scene: /** @type {any} */ (onAxis(low, high)), frame: null }), { width: 400, height: 300 });
    const found = texts.filter((/** @type {any} */ one) => /^W₁ ×/.test(one.words) || one.align === "right").map((/** @type {any} */ one) => one.words);
    assert.deepEqual([...found].sort(), [...words].sort());
  });
}

test("distances on x are drawn in the power of ten that the axis names", () => {
  const heights = [1, 1e-9].map((unit) => {
    const frame = makeFrame();
    frame.scalars.wasserstein1 = 0.5 * unit;
    const { texts } = drawn(chart("distances"), makeStore({ scene: /** @type {any} */ (onAxis(-5 * unit, 4.9 * unit)), frame }), { width: 400, height: 300 });
    return texts.find((/** @type {any} */ one) => one.words.startsWith("W₁ ") && !one.words.includes("×"));
  });
  assert.equal(heights[1].words, "W₁ 5.0e-10");
  assert.ok(Math.abs(heights[0].y - heights[1].y) < 1);
});
