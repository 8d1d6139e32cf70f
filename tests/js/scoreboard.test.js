// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { placesOf } from "../../static/js/page/scoreboard.js";

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
