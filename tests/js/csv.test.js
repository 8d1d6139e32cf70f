// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { csvOf } from "../../static/js/state/csv.js";

/** @param {number[]} step @param {Record<string, number[]>} series */
function part(step, series) {
  const room = (/** @type {number[]} */ values) => Float32Array.from([...values, 99]);
  const values = Object.fromEntries(Object.entries(series).map(([name, list]) => [name, room(list)]));
  return { length: step.length, step: Float64Array.from([...step, 99]), series: values };
}

const NAMES = ["loss_d", "wasserstein1", "diagnosis"];
const KINDS = ["learning", "converged"];

test("a row for each step: losses where a bucket ends, all numbers where they were measured", () => {
  const losses = { ...part([1, 2, 3], { loss_d: [0.5, 0.25, 0.123456789] }), low: {}, high: {} };
  const traces = part([0, 2], { loss_d: [NaN, 0.25], wasserstein1: [1.5, 1e-9], diagnosis: [0, 1] });
  assert.equal(
    csvOf({ losses, traces }, NAMES, KINDS),
    "step,loss_d,wasserstein1,diagnosis\n0,,1.5,learning\n1,0.5,,\n2,0.25,1e-9,converged\n3,0.123457,,\n",
  );
});

test("a measurement between the ends of two buckets has a row of its own", () => {
  const losses = { ...part([4, 8], { loss_d: [0.5, 0.25] }), low: {}, high: {} };
  const traces = part([5], { loss_d: [0.375], wasserstein1: [2], diagnosis: [NaN] });
  assert.equal(csvOf({ losses, traces }, NAMES, KINDS), "step,loss_d,wasserstein1,diagnosis\n4,0.5,,\n5,0.375,2,\n8,0.25,,\n");
});

test("a run without a step is a table without a row", () => {
  assert.equal(csvOf({ losses: { ...part([], {}), low: {}, high: {} }, traces: part([], {}) }, NAMES, KINDS), "step,loss_d,wasserstein1,diagnosis\n");
});
