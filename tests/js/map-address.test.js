// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { readView, writeView } from "../../static/js/map/address.js";
import { AXES, contentOf } from "./map-example.js";

const content = contentOf(AXES);

test("a view is found again in its address", () => {
  for (const view of [{ by: "outcome", order: [0, 1, 2], slice: 0 }, { by: "error", order: [2, 0, 1], slice: 1 }, { by: "fitted", order: [1, 2, 0], slice: 2 }]) {
    for (const cell of [null, 0, 11]) assert.deepEqual(readView(`#${writeView(view, cell)}`, content), { view, cell, refused: [] });
  }
  assert.equal(writeView({ by: "outcome", order: [0, 1, 2], slice: 0 }, null), "");
  assert.equal(writeView({ by: "error", order: [1, 0], slice: 0 }, 3), "by=error&order=1,0&cell=3");
});

test("what a sweep does not have is left out and named", () => {
  const usual = { view: { by: "outcome", order: [0, 1, 2], slice: 0 }, cell: null };
  for (const hash of ["", "#by=beauty", "#order=0,1", "#order=2,2,1", "#slice=9&cell=12", "#cell=-1&slice=x", "#preset=default"]) {
    assert.deepEqual(readView(hash, content), { ...usual, refused: hash.slice(1).split("&").filter(Boolean) }, hash);
  }
  assert.equal(readView("#slice=1", contentOf(AXES.slice(0, 2))).view.slice, 0);
});
