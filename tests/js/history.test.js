// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { RunHistory, seriesOf } from "../../static/js/state/history.js";

/** @param {number} length */
function historyOf(length) {
  const history = new RunHistory();
  history.allocate(length);
  return history;
}

/**
 * Buckets as the server makes them of the losses of steps 1, 2, …: those with the steps after `from`.
 * @param {number[]} values @param {number} stride @param {number} [from]
 */
function partOf(values, stride, from = 0) {
  const first = Math.floor(from / stride);
  /** @type {number[][]} */
  const buckets = [];
  for (let start = first * stride; start < values.length; start += stride) buckets.push(values.slice(start, start + stride));
  const group = (/** @type {(bucket: number[]) => number} */ choose) => ({ loss_d: buckets.map(choose) });
  const isPlain = stride === 1;
  return {
    losses: {
      stride,
      steps: values.length,
      first,
      last: group((bucket) => bucket[bucket.length - 1]),
      low: isPlain ? {} : group((bucket) => Math.min(...bucket)),
      high: isPlain ? {} : group((bucket) => Math.max(...bucket)),
    },
    trace: { step: [] },
    trace_stride: 5,
  };
}

/** @param {RunHistory} history */
function lossesOf({ losses }) {
  const shown = (/** @type {ArrayLike<number>} */ values) => Array.from(values).slice(0, losses.length);
  return { step: shown(losses.step), last: shown(losses.series.loss_d), low: shown(losses.low.loss_d), high: shown(losses.high.loss_d) };
}

/** @param {RunHistory} history */
const measuredSteps = ({ traces }) => [...traces.step.slice(0, traces.length)];

const NOISE = Array.from({ length: 61 }, (_, i) => Math.fround(Math.sin(7 * i)));

for (const pieces of [[61], [1, 2, 3, 17, 38, 61], [16, 17, 32, 33, 61], Array.from(NOISE, (_, i) => i + 1)]) {
  test(`a history that came in ${pieces.length} pieces is the one that comes in hello`, () => {
    const [inPieces, whole] = [historyOf(16), historyOf(16)];
    let from = 0;
    let stride = 1;
    for (const until of pieces) {
      while (until > 16 * stride) stride *= 2;
      inPieces.add(partOf(NOISE.slice(0, until), stride, from));
      from = until;
    }
    whole.add(partOf(NOISE, 4));
    assert.deepEqual(lossesOf(inPieces), lossesOf(whole));
    assert.deepEqual(lossesOf(whole).step.slice(-3), [56, 60, 61]);
  });
}

test("a loss that is not known has no extremes, and takes none from its neighbour", () => {
  const history = historyOf(4);
  const { losses, ...rest } = partOf([0, 0, 3, 1], 1);
  history.add({ ...rest, losses: { ...losses, last: { loss_d: /** @type {any} */ ([null, null, null, 1]) } } });
  history.add(partOf([NaN, NaN, NaN, 1, 5, 6], 2, 4));
  assert.deepEqual(lossesOf(history).low, [NaN, 1, 5]);
  assert.deepEqual(lossesOf(history).high, [NaN, 1, 6]);
});

test("frames after the last message extend the history until the next one", () => {
  const history = historyOf(16);
  history.add(partOf([1, 2], 1));
  history.addFrame(2, { loss_d: 2 });
  for (const step of [3, 4, 5]) history.addFrame(step, { loss_d: step, wasserstein1: 1 / step });
  assert.deepEqual(lossesOf(history).last, [1, 2, 3, 4, 5]);
  assert.deepEqual(measuredSteps(history), [5], "the newest one alone: measurements are at fixed steps");
  history.addFrame(4, { loss_d: 40 });
  assert.deepEqual(lossesOf(history).last, [1, 2, 3, 40]);
  history.add(partOf([1, 2, 3, 4.5], 1, 2));
  assert.deepEqual(lossesOf(history).last, [1, 2, 3, 4.5]);
});

test("measurements that the server has dropped go", () => {
  const history = historyOf(16);
  const part = (/** @type {number[]} */ step, /** @type {number} */ stride) => ({
    ...partOf([], 1),
    trace: { step, wasserstein1: step.map((at) => at / 2) },
    trace_stride: stride,
  });
  history.add(part([0, 5, 10, 25], 5));
  history.add(part([25, 50, 75], 5));
  assert.deepEqual(measuredSteps(history), [0, 5, 10, 25, 50, 75]);
  history.add(part([75, 100], 50));
  assert.deepEqual(measuredSteps(history), [0, 50, 75, 100], "75 comes from the server");
  assert.deepEqual([...history.traces.series.wasserstein1.slice(0, 4)], [0, 25, 37.5, 50]);
});

test("a new run has an empty history", () => {
  const history = historyOf(16);
  history.add(partOf(NOISE, 4));
  history.addFrame(62, { loss_d: 1 });
  history.allocate(16);
  assert.deepEqual([history.losses.length, history.traces.length], [0, 0]);
  history.add(partOf([7], 1));
  assert.deepEqual(lossesOf(history).last, [7]);
});

test("a history never grows beyond its room", () => {
  const history = historyOf(16);
  for (let step = 1; step < 2000; step += 1) history.addFrame(step, { loss_d: 0 });
  history.add(partOf(NOISE, 4));
  for (let step = 62; step < 2000; step += 1) history.addFrame(step, { loss_d: step });
  assert.ok(history.losses.length <= history.losses.step.length);
});

test("losses are looked up among every step, and all other numbers among the measurements", () => {
  const history = historyOf(16);
  history.add({ ...partOf([3, 4], 1), trace: { step: [0], wasserstein1: [9], loss_d: [1] } });
  assert.equal(seriesOf(history, "loss_d")?.length, 2);
  const measured = seriesOf(history, "wasserstein1");
  assert.deepEqual([measured?.length, measured?.last[0], measured?.low === measured?.last], [1, 9, true]);
  assert.equal(seriesOf(history, "unknown"), null);
});
