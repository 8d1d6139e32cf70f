// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { firstStep, momentsOf, stepAfter, stepBefore } from "../../static/js/state/timeline.js";

const live = { steps: [], last: 9, bookmarks: [] };
const recorded = { steps: [5, 10, 20], last: 20, bookmarks: [] };

test("in a live run every whole step up to the last one can be sought", () => {
  assert.deepEqual([firstStep(live), stepBefore(live, 0), stepBefore(live, 4), stepAfter(live, 8), stepAfter(live, 9)], [0, undefined, 3, 9, undefined]);
});

test("in a recording only its steps can", () => {
  assert.deepEqual(
    [firstStep(recorded), stepBefore(recorded, 5), stepBefore(recorded, 12), stepAfter(recorded, 5), stepAfter(recorded, 20)],
    [5, undefined, 10, 10, undefined],
  );
});

test("named steps stand in the order of their steps", () => {
  const moments = momentsOf({
    bookmarks: [{ step: 30, text: "lost" }],
    diagnosisMarks: [{ step: 20, kind: "collapsed", label: "Mode collapse" }],
    marks: [{ step: 10, path: "a", label: "a 1 → 2" }],
  });
  assert.deepEqual(moments.map(({ step, text, kind }) => [step, text, kind]), [
    [10, "a 1 → 2", "change"],
    [20, "Mode collapse", "diagnosis"],
    [30, "lost", "bookmark"],
  ]);
});
