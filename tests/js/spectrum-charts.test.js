// @ts-check
/** The charts of a spectrum in every situation, and the numbers of one plain step. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { placesOf, planeChart } from "../../static/js/spectrum/eigenvalue-plane.js";
import { pathChart, shareAt } from "../../static/js/spectrum/path-angle.js";
import { circleChart, stepInWords, stepOf } from "../../static/js/spectrum/plain-step.js";
import { natureOf, pointedInWords } from "../../static/js/spectrum/spectrum-view.js";
import { isAnswer, numbersOf } from "../../static/js/spectrum/spectrum.js";
import { complexWords, drawUnitCircle } from "../../static/js/spectrum/unit-circle.js";
import { theme } from "./drawing.js";
import { fakeContext } from "./fake-context.js";

/** @param {object} [more] @returns {any} */
function found(more = {}) {
  return {
    type: "spectrum", run: 1, step: 700, parameters: 1186, eigenvalues: [[1, 0], [0.1, 0.4], [0.1, -0.4], [-0.02, 0]], discriminator: [[1.1, 0]],
    generator: [[-0.03, 0]], attracting: 3, repelling: 1, flat: 1182, flat_below: 1e-4, largest_real: 1, smallest_real: -0.02, turn: 4, largest_step: 1.18,
    kind: "instability", sentence: "Instability.", own: "", gradients: "", ...more,
  };
}

/** @param {object} [more] @returns {any} */
function path(more = {}) {
  const shares = Array.from({ length: 101 }, (_, i) => -0.25 + i * 0.015);
  return { type: "path_angle", run: 1, start: 20, end: 700, shares, cosines: shares.map((share) => Math.sign(share - 1) * 0.1), norms: shares.map((share) => Math.abs(share - 1) + 0.01), sentence: "It attracts.", ...more };
}

/** @param {object} [more] @returns {any} */
const viewOf = (more = {}) => ({ found: found(), path: path(), isLinear: false, rate: 1, pointed: null, ...more });
/** @param {number} [width] @param {number} [height] @returns {any} */
const contextOf = (width = 600, height = 400) => ({ ctx: fakeContext(), box: { width, height }, theme, store: {}, scene: {}, frame: null });

const nothing = { eigenvalues: [], discriminator: [], generator: [], largest_real: null, smallest_real: null, turn: null, largest_step: null };
/** @type {Record<string, any>} */
const situations = {
  "before it is computed": viewOf({ found: null, path: null }),
  "as it is": viewOf(),
  "with linear scales": viewOf({ isLinear: true }),
  "with one eigenvalue pointed at": viewOf({ pointed: 1 }),
  "at rest": viewOf({ found: found(nothing) }),
  "at rest with linear scales": viewOf({ found: found(nothing), isLinear: true }),
  "without an angle": viewOf({ path: path({ cosines: Array(101).fill(null), norms: Array(101).fill(0) }) }),
};

for (const [name, view] of Object.entries(situations)) {
  for (const chart of [planeChart, circleChart, pathChart].map((make) => make(view))) {
    test(`${chart.id} draws ${name}`, () => {
      for (const [width, height] of [[600, 400], [340, 380], [30, 10]]) {
        const context = contextOf(width, height);
        chart.draw(context);
        assert.equal(context.ctx.open, 0);
      }
      const words = chart.describe(/** @type {any} */ ({}));
      assert.match(words, /^[A-Z].*\.$/s);
      assert.doesNotMatch(words, /undefined|NaN/);
    });
  }
}

test("a place keeps the angle, and each power of ten is a quarter of the way to the middle", () => {
  const [largest, up, down, left] = placesOf(viewOf({ found: found({ eigenvalues: [[1, 0], [0.1, 0.1], [0.1, -0.1], [-0.01, 0]], discriminator: [] }) }), contextOf());
  const [cx, cy] = [300, largest[1]];
  const radius = largest[0] - cx;
  assert.ok(Math.abs(Math.hypot(up[0] - cx, up[1] - cy) / radius - (1 + Math.log10(0.1 * Math.SQRT2) / 4)) < 1e-9);
  assert.ok(Math.abs(up[0] - cx + (up[1] - cy)) < 1e-9, "45° stay 45°");
  assert.ok(Math.abs(down[1] - cy + (up[1] - cy)) < 1e-9);
  assert.ok(Math.abs((cx - left[0]) / radius - 0.5) < 1e-9);
});

test("the middle of the plane is where the server begins to count 0", () => {
  const eigenvalues = [[1, 0], [0.1, 0]];
  const placed = [1e-4, 1e-2].map((flat_below) => placesOf(viewOf({ found: found({ eigenvalues, discriminator: [], flat_below }) }), contextOf()));
  const shares = placed.map(([largest, tenth]) => (tenth[0] - 300) / (largest[0] - 300));
  assert.ok(Math.abs(shares[0] - 3 / 4) < 1e-9);
  assert.ok(Math.abs(shares[1] - 1 / 2) < 1e-9);
});

test("an answer is that of the run and the steps that were requested", () => {
  const spectrum = /** @type {const} */ ({ type: "get_spectrum", step: 700, run: 1 });
  const angle = /** @type {const} */ ({ type: "get_path_angle", start: 20, end: 700, run: 1 });
  const refused = (/** @type {string|null} */ command) => /** @type {any} */ ({ type: "refused", message: "No.", path: null, value: null, command });
  assert.ok(isAnswer(found(), spectrum));
  assert.ok(isAnswer(path(), angle));
  assert.ok(isAnswer(refused("get_spectrum"), spectrum));
  for (const late of [found({ run: 2 }), found({ step: 0 }), path(), refused("get_path_angle"), refused("get_log"), refused(null)]) assert.ok(!isAnswer(late, spectrum));
  for (const late of [path({ run: 2 }), path({ start: 0 }), path({ end: 699 }), found(), refused("get_spectrum")]) assert.ok(!isAnswer(late, angle));
});

test("linear scales hold every eigenvalue", () => {
  const places = placesOf(viewOf({ isLinear: true }), contextOf());
  assert.ok(places.every(([x, y]) => x > 0 && x < 600 && y > 0 && y < 400));
  assert.ok(places[3][0] < places[1][0] && places[1][0] < places[0][0]);
});

test("a plain step multiplies by 1 − ηλ", () => {
  // η = 2: |1 − 2| = 1 on the circle is not inside; |0.8 ∓ 0.8i| = 1.131 and 1.04 are outside.
  assert.deepEqual(stepOf(found(), 2).factors[0], [-1, -0]);
  assert.deepEqual([stepOf(found(), 2).inside, stepOf(found(), 2).outside], [0, 4]);
  assert.equal(stepInWords(found(), 0.5), "3 settle, 1 leave; largest |1 − ηλ| = 1.010");
  assert.equal(stepOf(found(nothing), 1).largest, 0);
});

test("what is far outside the circle is drawn at the end of its axes", () => {
  const place = drawUnitCircle(contextOf(), { cx: 100, cy: 100, side: 128 });
  assert.deepEqual(place([1, 0]), [150, 100]);
  assert.deepEqual(place([0, 1]), [100, 50]);
  assert.deepEqual(place([40, 0]), [164, 100]);
});

test("the eigenvalue or place under the pointer is read", () => {
  assert.equal(pointedInWords(viewOf({ pointed: 1 }), false), "2 of 4: 0.100 + 0.400i, attracts, turns");
  assert.equal(pointedInWords(viewOf({ pointed: 3 }), false), "4 of 4: −0.020, repels");
  assert.equal(pointedInWords(viewOf({ pointed: 100 }), true), "At 125 % of the way: cosine 0.100, length of the gradients 0.260");
  assert.equal(pointedInWords(viewOf({ pointed: 7 }), false), "");
  assert.equal(pointedInWords(viewOf(), true), "");
  assert.equal(shareAt(viewOf(), contextOf(), -50), 0);
  assert.equal(shareAt(viewOf(), contextOf(), 5000), 100);
  assert.equal(natureOf([0, 0]), "stays");
  assert.equal(complexWords([0.5, 0]), "0.500");
});

test("the numbers say when a rotation is pure, and when there is none", () => {
  assert.deepEqual(numbersOf(found()).at(-1), ["largest |Im/Re|", "4.00"]);
  assert.deepEqual(numbersOf(found({ turn: null })).at(-1), ["largest |Im/Re|", "∞"]);
  assert.deepEqual(numbersOf(found(nothing)).at(-1), ["largest |Im/Re|", "–"]);
});
