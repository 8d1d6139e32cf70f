// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { MapState } from "../../static/js/map/state.js";
import { AXES, contentOf, run } from "./map-example.js";

/** A map of 3 × 2 × 2 cells, the last axis fastest, and the addresses that it wrote. @param {string} [hash] */
function begun(hash = "") {
  /** @type {string[]} */
  const views = [];
  const seen = { changes: 0 };
  const state = new MapState({ lab: "lab/", onChange: () => seen.changes++, onView: (view) => views.push(view) });
  state.begin(contentOf(AXES), hash);
  return { state, views, seen };
}

test("a map begins in the view of its address, and each change is told", () => {
  const { state, seen } = begun("#by=error&order=1,2,0&slice=2&cell=11");
  assert.deepEqual(state.view, { by: "error", order: [1, 2, 0], slice: 2 });
  assert.deepEqual([state.cursor, state.clicked], [11, [11]]);
  assert.equal(state.third()?.label, "γ");
  assert.equal(seen.changes, 1);
  state.add([[11, [run(10, 0)]]]);
  assert.equal(seen.changes, 2);
  assert.equal(state.isDone(), false);
});

test("cells have places in the view, and none on another slice", () => {
  const { state } = begun("#order=1,2,0&slice=2");
  // Cell 11 is γ 1, hinge, 16 samples; across runs the loss, up the batch.
  assert.deepEqual(state.placeOf(11), { column: 1, row: 1 });
  assert.equal(state.cellAt({ column: 1, row: 1 }), 11);
  assert.equal(state.placeOf(3), null, "γ 0.01");
  assert.deepEqual([state.placeOf(null), state.cellAt(null)], [null, null]);
});

test("the last two cells that were clicked are kept, and the view is remembered with the last one", () => {
  const { state, views } = begun();
  for (const cell of [4, 6, 4, 8]) state.click(cell);
  assert.deepEqual([state.clicked, state.cursor, state.before()], [[4, 8], 8, 4]);
  state.moveTo(4);
  assert.equal(state.before(), 8, "not the one that is shown");
  assert.deepEqual(views, ["cell=4", "cell=6", "cell=4", "cell=8"]);
  state.colorBy("fitted");
  state.turnAxes();
  assert.deepEqual(views.slice(-2), ["by=fitted&cell=8", "by=fitted&order=1,2,0&cell=8"]);
});

test("the slider stays on its axis and takes the cursor along", () => {
  const { state } = begun();
  state.moveTo(2);
  state.turnSlice(7);
  assert.deepEqual([state.view.slice, state.cursor], [1, 3]);
  state.turnSlice(-1);
  assert.deepEqual([state.view.slice, state.cursor], [0, 2]);
});

test("the map and a cell are described in words", () => {
  const { state } = begun("#by=error");
  state.add([[2, [run(10, 0, { error: 0.1 }), run(11, 1, { error: 0.3 })]]]);
  assert.equal(state.describe(), "Map of γ by loss, coloured by the median of Wasserstein-1 / σ. All runs: Converged 1, Mode collapse 1, 2 of 4 runs so far.");
  // Between 0.1 and 0.3 the quartiles are 0.15 and 0.25.
  assert.equal(state.wordsOf(2), "γ 0.01, loss hinge, batch size 8 samples. Wasserstein-1 / σ 0.200 (0.150 – 0.250). Converged 1, Mode collapse 1, 2 of 4 runs so far");
});
