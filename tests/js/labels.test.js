// @ts-check
/** Words in charts: none over another, whatever the numbers and the room. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { box, chart, drawn, makeFrame, makeStore } from "./drawing.js";

/**
 * Where a text that was drawn begins and ends, as the fake context measures it: each letter is six pixels wide.
 * @param {any} ctx @param {RegExp} words
 */
function extent(ctx, words) {
  const found = ctx.texts.find((/** @type {any} */ one) => words.test(one.words));
  assert.ok(found, `${words} among ${ctx.words}`);
  const width = 6 * found.words.length;
  const part = { left: 0, start: 0, center: 0.5, right: 1, end: 1 }[/** @type {"left"} */ (found.align)];
  return { left: found.x - part * width, right: found.x + (1 - part) * width, y: found.y };
}

for (const [lossD, lossG] of [[0.68, 0.71], [-0.09, -0.97], [-0.09, -5.07], [471.19, 0], [-123.45, -123.45], [-1.2e29, 3.4e10], [NaN, NaN]]) {
  test(`losses of ${lossD} and ${lossG} stand beside each other, and a flag's words end before them`, () => {
    const frame = makeFrame();
    Object.assign(frame.scalars, { loss_d: lossD, loss_g: lossG });
    const marks = [{ step: 1990, path: "batch_size", label: "batch 64 → 256" }];
    const ctx = drawn(chart("losses"), makeStore({ frame, marks }));
    const [flag, d, g] = [extent(ctx, /^batch/), extent(ctx, /^D ./), extent(ctx, /^G ./)];
    assert.ok(flag.right <= d.left, `flag ends at ${flag.right}, D begins at ${d.left}`);
    assert.ok(d.right + 6 <= g.left, `D ends at ${d.right}, G begins at ${g.left}`);
    assert.ok(g.right <= box.width);
  });
}
