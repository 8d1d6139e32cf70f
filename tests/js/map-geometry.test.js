// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { columnBand, geometryOf, placeAfter, placeAt, rowBand, tileAt } from "../../static/js/map/geometry.js";

const SHAPES = [[1, 1], [5, 1], [1, 5], [12, 12], [100, 100], [3, 40], [1000, 1], [1, 1000]];
const BOXES = [{ width: 900, height: 600 }, { width: 360, height: 400 }, { width: 300, height: 120 }];

test("tiles lie within the box, do not overlap, and are found again by their middle", () => {
  for (const [columns, rows] of SHAPES) {
    for (const box of BOXES) {
      for (const isRising of [true, false]) {
        const geometry = geometryOf(box, { columns, rows, size: 12, left: 60, isRising });
        const last = tileAt(geometry, columns - 1, isRising ? 0 : rows - 1);
        const what = `${columns} × ${rows} in ${box.width} × ${box.height}`;
        if (columns < box.width - 120) assert.ok(last.x + last.width <= box.width, what);
        if (rows < box.height - 120) assert.ok(last.y + last.height <= box.height, what);
        if (geometry.across < 2 || geometry.up < 2) continue;
        for (const [column, row] of [[0, 0], [columns - 1, rows - 1], [columns >> 1, rows >> 1]]) {
          const tile = tileAt(geometry, column, row);
          assert.deepEqual(placeAt(geometry, tile.x + tile.width / 2, tile.y + tile.height / 2), { column, row }, what);
        }
        if (columns > 1) assert.ok(tileAt(geometry, 0, 0).x + tileAt(geometry, 0, 0).width <= tileAt(geometry, 1, 0).x, what);
      }
    }
  }
});

const plane = geometryOf(BOXES[0], { columns: 4, rows: 3, size: 12, left: 60, isRising: true });

test("numbers rise, and the marginals lie outside of the tiles", () => {
  assert.ok(tileAt(plane, 0, 2).y < tileAt(plane, 0, 0).y);
  assert.ok(columnBand(plane, 0).y + columnBand(plane, 0).height < tileAt(plane, 0, 2).y);
  assert.ok(rowBand(plane, 0).x >= tileAt(plane, 3, 0).x + tileAt(plane, 3, 0).width);
  assert.equal(placeAt(plane, 5, 5), null);
});

test("arrows go to the next tile on the picture, and stop at the edges", () => {
  const from = { column: 1, row: 1 };
  assert.deepEqual(placeAfter(plane, from, "ArrowUp"), { column: 1, row: 2 });
  assert.deepEqual(placeAfter({ ...plane, isRising: false }, from, "ArrowUp"), { column: 1, row: 0 });
  assert.deepEqual(placeAfter(plane, { column: 3, row: 0 }, "ArrowRight"), { column: 3, row: 0 });
  assert.deepEqual(placeAfter(plane, from, "End"), { column: 3, row: 1 });
  assert.equal(placeAfter(plane, from, "a"), null);
});
