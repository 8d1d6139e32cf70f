// @ts-check
/**
 * The positions of a slider and their values. The values of a linear scale are multiples of its step; those of a
 * logarithmic scale are a ladder of short numbers, a different one at each position.
 */

import { clamp } from "../format.js";

/**
 * Positions run from 0 to `max`, one apart.
 * @typedef {{max: number, toValue: (position: number) => number, toPosition: (value: number) => number}} SliderScale
 */
/** @typedef {Pick<import("../state/schema.js").Control, "low"|"high"|"scale"|"step"|"whole">} Range */

/** 24 numbers per decade, about evenly spaced in their logarithms. */
const DECADE = [1, 1.1, 1.2, 1.3, 1.5, 1.6, 1.8, 2, 2.2, 2.4, 2.7, 3, 3.3, 3.6, 4, 4.3, 4.7, 5, 5.6, 6.2, 6.8, 7.5, 8, 9];
/** Whole numbers double in two steps: 1 2 3 4 6 8 12 16 … */
const OCTAVE = [1, 1.5];
/** The approximate number of positions of a linear slider without a step. */
const LINEAR_POSITIONS = 200;
/** With more positions than this, there is no slider. */
const MOST_POSITIONS = 10_000;

/**
 * @param {Range} range
 * @returns {SliderScale|null} null without bounds, or if the range has too many positions
 */
export function sliderScaleOf(range) {
  const { low, high, scale, whole } = range;
  if (low === null || high === null || !(low < high)) return null;
  return scale === "log" && (low > 0 || whole) ? ladderScale(ladder(low, high, whole)) : linearScale(low, high, strideOf(range));
}

/**
 * The next value of a typed number in one direction: the next rung of its ladder, or one step.
 * @param {Range} range
 * @param {number} value
 * @param {1|-1} direction
 * @returns {number}
 */
export function stepBy(range, value, direction) {
  const { low, high, scale, whole } = range;
  if (scale === "log" && low !== null && high !== null && (low > 0 || whole)) return neighbour(ladder(low, high, whole), value, direction);
  const stride = strideOf(range);
  return clamp(tidy(value + direction * stride, stride), low ?? -Infinity, high ?? Infinity);
}

/**
 * The next width of a layer on the ladder of whole numbers.
 * @param {number} width
 * @param {1|-1} direction
 * @param {number} low
 * @param {number} high
 * @returns {number}
 */
export function nextWidth(width, direction, low, high) {
  return neighbour(ladder(low, high, true), width, direction);
}

/**
 * @param {number} low
 * @param {number} high
 * @param {boolean} whole
 * @returns {number[]} rising, from `low` to `high`
 */
function ladder(low, high, whole) {
  const base = whole ? 2 : 10;
  const rungs = new Set([low]);
  // Whole numbers may begin at 0, which has no logarithm: 0 1 2 3 4 6 …
  for (let power = Math.floor(Math.log(Math.max(low, whole ? 1 : 0)) / Math.log(base)); base ** power <= high; power += 1) {
    for (const lead of whole ? OCTAVE : DECADE) {
      const rung = whole ? Math.floor(lead * base ** power) : Number(`${lead}e${power}`);
      if (rung > low && rung < high) rungs.add(rung);
    }
  }
  return [...rungs, high];
}

/**
 * @param {number[]} rungs
 * @param {number} value
 * @param {1|-1} direction
 */
function neighbour(rungs, value, direction) {
  const next = direction > 0 ? rungs.find((rung) => rung > value) : rungs.findLast((rung) => rung < value);
  return next ?? clamp(value, rungs[0], rungs[rungs.length - 1]);
}

/**
 * @param {number[]} rungs
 * @returns {SliderScale}
 */
function ladderScale(rungs) {
  const max = rungs.length - 1;
  return {
    max,
    toValue: (position) => rungs[clamp(Math.round(position), 0, max)],
    toPosition(value) {
      const above = rungs.findIndex((rung) => rung >= value);
      if (above <= 0) return above === 0 ? 0 : max;
      if (rungs[above] === value || rungs[above - 1] <= 0) return above;
      return above - Math.log(rungs[above] / value) / Math.log(rungs[above] / rungs[above - 1]);
    },
  };
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} stride
 * @returns {SliderScale|null}
 */
function linearScale(low, high, stride) {
  const max = Math.ceil((high - low) / stride - 1e-9);
  if (max > MOST_POSITIONS) return null;
  return {
    max,
    toValue: (position) => (position >= max ? high : tidy(low + position * stride, stride)),
    toPosition: (value) => (clamp(value, low, high) - low) / stride,
  };
}

/** @param {Range} range */
function strideOf({ low, high, step, whole }) {
  if (step !== null) return step;
  if (whole || low === null || high === null) return 1;
  const stride = (high - low) / LINEAR_POSITIONS;
  const power = 10 ** Math.floor(Math.log10(stride));
  return power * (stride >= 5 * power ? 5 : stride >= 2 * power ? 2 : 1);
}

/**
 * Without the rounding error of binary fractions: 0.30000000000000004 is 0.3.
 * @param {number} value
 * @param {number} stride
 */
function tidy(value, stride) {
  const digits = Math.max(0, Math.ceil(-Math.log10(stride)) + 1);
  return Number(value.toFixed(Math.min(12, digits)));
}
