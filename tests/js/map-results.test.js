// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { numberWords, quantile, tickTexts, valueWords } from "../../static/js/map/results.js";
import { AXES, resultsWith, run } from "./map-example.js";

const VIEW = { order: [0, 1], slice: 0, by: "outcome" };
const mixed = [run(13, 3, { error: null, fitted: null, steps: 87 }), run(10, 1, { error: 0.5, fitted: null }), run(12, 0), run(11, 1, { error: 0.3 })];

test("runs are counted by outcome, whatever their order", () => {
  const results = resultsWith([[4, mixed.slice(0, 2)], [4, mixed.slice(2)]]);
  assert.equal(results.done, 4);
  assert.deepEqual(results.cells[4].map(([seed]) => seed), [10, 11, 12, 13]);
  assert.deepEqual(results.tally(results.cells[4]), [1, 2, 0, 1]);
  assert.equal(results.main(results.cells[4]), 1);
  assert.equal(results.main(results.cells[0]), -1);
  assert.equal(results.endings(results.cells[4]), "Mode collapse 2, Converged 1, Diverged 1");
  assert.equal(results.endings(results.cells[4].slice(0, 1)), "Mode collapse 1, 1 of 4 runs so far");
});

test("a quantile lies on the line between two values, and beyond all numbers where a run has none", () => {
  assert.equal(quantile([1, 2, 4], 0.25), 1.5);
  assert.equal(quantile([7], 0.75), 7);
  assert.equal(quantile([1, Infinity], 0.5), Infinity);
  assert.equal(quantile([Infinity, Infinity], 0.5), Infinity);
  const results = resultsWith([[0, mixed]]);
  // 0.1, 0.3, 0.5, none: quartiles at places 0.75, 1.5 and 2.25.
  const found = results.quartiles(results.cells[0], "error");
  assert.ok(found && Math.abs(found.low - 0.25) < 1e-12 && Math.abs(found.median - 0.4) < 1e-12);
  assert.equal(found?.high, Infinity);
  assert.equal(results.quartiles([], "error"), null);
  assert.equal(results.quartiles(results.cells[0], "fitted")?.median, Infinity, "half of the runs never fitted");
});

test("the run that stands for a cell is the first with its outcome, or the one nearest to the median", () => {
  const results = resultsWith([[0, mixed]]);
  assert.equal(results.typical(results.cells[0], "outcome")[0], 10);
  // The median 0.4 is as far from 0.5 (seed 10) as from 0.3 (seed 11), up to rounding.
  assert.ok([10, 11].includes(Number(results.typical(results.cells[0], "error")[0])));
  assert.equal(results.typical(results.cells[0], "fitted")[0], 10, "the first of those that never fitted");
});

test("cells are found by their places on the axes, and back", () => {
  const results = resultsWith([], AXES);
  // 3 × 2 × 2 cells, the last axis fastest: 2 · 4 + 1 · 2 + 0.
  assert.equal(results.cellAt({ order: [0, 1, 2], slice: 0, by: "outcome" }, 2, 1), 10);
  assert.equal(results.cellAt({ order: [1, 2, 0], slice: 2, by: "outcome" }, 1, 0), 10);
  assert.deepEqual(results.indicesOf(10), [2, 1, 0]);
  assert.equal(results.nameOf(10), "γ 1, loss hinge, batch size 8 samples");
  assert.deepEqual(results.shape({ order: [2, 0, 1], slice: 0, by: "outcome" }), { columns: 2, rows: 3 });
});

test("a line of cells has all of their runs", () => {
  const results = resultsWith([[0, [run(10, 0)]], [1, [run(10, 1)]], [2, [run(10, 3)]]]);
  assert.deepEqual(results.tally(results.runsAlong(VIEW, { column: 0 })), [1, 1, 0, 0]);
  assert.deepEqual(results.tally(results.runsAlong(VIEW, { row: 0 })), [1, 0, 0, 1]);
});

test("the colours of a number go from the smallest median to the largest that is finite", () => {
  const results = resultsWith([[0, [run(10, 0, { error: 0.2 })]], [1, [run(10, 0, { error: 3 })]], [2, [run(10, 3, { error: null })]]]);
  const [error] = results.content.numbers;
  assert.deepEqual(results.range(error), { low: 0.2, high: 3 });
  assert.equal(resultsWith([]).range(error), null);
});

test("values are written like settings, and ticks with the digits that tell them apart", () => {
  assert.equal(valueWords(AXES[2], 1), "16 samples");
  assert.equal(valueWords(AXES[1], 1), "hinge");
  const axis = { ...AXES[0], values: [1e-4, 0.000316228, 0.001], words: [null, null, null] };
  assert.deepEqual(tickTexts(axis), ["1e-4", "3.16e-4", "0.001"]);
  assert.deepEqual(tickTexts({ ...axis, values: [1.0001, 1.0002, 1.0003] }), ["1.0001", "1.0002", "1.0003"]);
  assert.equal(numberWords(Infinity, { name: "fitted", missing: "never" }), "never");
  assert.equal(numberWords(1234, { name: "fitted", missing: "never" }), "1\u202f234");
});
