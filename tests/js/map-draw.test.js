// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { drawMap, drawMarks, layOut, shortened } from "../../static/js/map/draw.js";
import { fakeContext } from "./fake-context.js";
import { AXES, resultsWith, run } from "./map-example.js";

const theme = { paper: "#ffffff", ink: "#000000", muted: "#444444", rule: "#eeeeee", axis: "#999999", missing: "#222222", outcomes: ["#1b91a5", "#e23e65", "#f0a0b0", "#2a0715"], family: "sans", size: 12, ratio: 1 };
const full = [run(10, 0), run(11, 1, { error: 0.5, fitted: null }), run(12, 2), run(13, 3, { error: null, fitted: null })];

/** @param {any} results @param {object} [view] @param {object} [box] @param {object} [marks] */
function drawn(results, view = {}, box = { width: 800, height: 500 }, marks = {}) {
  const ctx = fakeContext();
  const context = { ctx, theme, results, view: { order: results.content.axes.map((/** @type {any} */ _, /** @type {number} */ axis) => axis), slice: 0, by: "outcome", ...view } };
  const geometry = layOut(context, /** @type {any} */ (box));
  drawMap(context, geometry);
  drawMarks(context, geometry, { cursor: null, before: null, ...marks });
  return ctx;
}

test("every view of every shape is drawn without a NaN", () => {
  for (const count of [1, 2, 3]) {
    for (const rows of [[], [[0, full]], [[0, full], [1, full.slice(0, 1)]]]) {
      for (const by of ["outcome", "error", "fitted"]) {
        for (const box of [{ width: 800, height: 500 }, { width: 200, height: 90 }]) {
          const ctx = drawn(resultsWith(/** @type {any} */ (rows), AXES.slice(0, count)), { by }, box, { cursor: { column: 0, row: 0 }, before: { column: 1, row: 0 } });
          assert.equal(ctx.open, 0);
        }
      }
    }
  }
});

test("a tile has the letter of its most frequent outcome, and axes their names and scales", () => {
  const words = drawn(resultsWith([[0, full.slice(1, 2)]])).words;
  assert.ok(words.includes("M"));
  assert.ok(words.includes("γ (log) →"));
  assert.ok(words.includes("↓ loss"), "words are read from above");
  assert.deepEqual(words.filter((/** @type {string} */ text) => ["0.01", "0.1", "1"].includes(text)), ["0.01", "0.1", "1"]);
});

test("by a number, a tile has the median in digits, or the word for none", () => {
  const words = drawn(resultsWith([[0, [run(10, 0, { error: 0.25 })]], [1, [run(10, 3, { error: null })]]]), { by: "error" }).words;
  assert.ok(words.includes("0.250"));
  assert.ok(words.includes("diverged"));
});

test("the third axis chooses the cells", () => {
  const results = resultsWith([[1, full.slice(1, 2)]], AXES);
  assert.ok(!drawn(results).words.includes("M"));
  assert.ok(drawn(results, { slice: 1 }).words.includes("M"));
});

test("words that do not fit are shortened", () => {
  const ctx = fakeContext();
  assert.equal(shortened(ctx, "non saturating", 84), "non saturating");
  assert.equal(shortened(ctx, "non saturating", 40), "non s…");
});
