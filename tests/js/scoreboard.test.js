// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { placesOf, runningMean } from "../../static/js/page/scoreboard.js";

/** @type {[number[], number, number, string[], string][]} */
const CASES = [
  [[-2, 2], -5, 5, ["−2", "2"], ""],
  [[-2.0457, 1.9], -5, 5, ["−2.05", "1.9"], ""],
  [[-5.25, -3.75, -2.25, -0.75, 0.75, 2.25], -8, 8, ["−5.3", "−3.8", "−2.3", "−0.8", "0.8", "2.3"], ""],
  [[-2.05e-9, 1.9e-9], -5e-9, 5e-9, ["−2", "1.9"], "×10⁻⁹"],
  [[4_798_319.7, 5_197_254.5], 4.5e6, 5.5e6, ["4.798", "5.197"], "×10⁶"],
  [[999_997.96, 1_000_002], 999_995, 1_000_005, ["−2", "2"], "+ 1\u2009000\u2009000"],
  [[0.1234, 0.1236], 0.12, 0.13, ["0.1234", "0.1236"], ""],
];

for (const [centres, low, high, labels, note] of CASES) {
  test(`modes at ${centres.join(", ")} have short and different places`, () => {
    assert.deepEqual(placesOf(centres, { low, high }), { labels, note });
  });
}

test("a running mean forgets its past by a factor of e in 25 steps, however many of them are seen", () => {
  // From 0 to 1: 1 − e^(−n/25) after n steps.
  for (const stride of [1, 5, 25]) {
    const mean = runningMean();
    mean(0, 100);
    let value = NaN;
    for (let step = 100 + stride; step <= 125; step += stride) value = mean(1, step);
    assert.ok(Math.abs(value - (1 - Math.exp(-1))) < 1e-9, `${value} with a stride of ${stride}`);
  }
});

test("a share that jumps around chance is calm, and the same step counts once", () => {
  const mean = runningMean();
  mean(0.5, 0);
  let last = 0.5;
  for (let step = 1; step <= 50; step++) {
    const value = mean(step % 2 ? 0.7 : 0.3, step);
    assert.equal(mean(step % 2 ? 0.7 : 0.3, step), value);
    assert.ok(Math.abs(value - last) < 0.01, `${last} to ${value}`);
    last = value;
  }
});

test("a run that begins again has no mean of the last one, and a number that was not known spoils none", () => {
  const mean = runningMean();
  mean(0.9, 400);
  assert.ok(Math.abs(mean(0.2, 0) - 0.2) < 1e-9);
  assert.ok(Number.isNaN(mean(NaN, 1)));
  assert.equal(mean(0.4, 2), 0.4);
});
