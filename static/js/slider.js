// @ts-check
/** A slider's positions and the values they stand for, on a linear or a logarithmic scale, in numbers a person would choose. */

/**
 * Positions run from 0 to `max`, one apart.
 * @typedef {{max: number, toValue: (position: number) => number, toPosition: (value: number) => number}} Travel
 */
/** @typedef {Pick<import("./schema.js").Control, "low"|"high"|"scale"|"step"|"whole">} Range */

/** Positions on a logarithmic slider, enough for one keystroke to be a small change. */
const LOG_POSITIONS = 300;
/** Positions, about, on a linear slider that was given no step. */
const LINEAR_POSITIONS = 200;
/** Digits of a value picked on a logarithmic slider: 1.3e-3, never 1.2589e-3. */
const DIGITS = 2;
/** More positions than this cannot be told apart by hand. */
const MOST_POSITIONS = 10_000;

/**
 * @param {Range} range
 * @returns {Travel|null} null where a slider makes no sense: without bounds, or over too wide a range
 */
export function travelOf(range) {
  const { low, high, scale } = range;
  if (low === null || high === null || !(low < high)) return null;
  return scale === "log" && low > 0 ? logTravel(low, high, range.whole) : linearTravel(low, high, strideOf(range));
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} stride
 * @returns {Travel|null}
 */
function linearTravel(low, high, stride) {
  const max = Math.ceil((high - low) / stride - 1e-9);
  if (max > MOST_POSITIONS) return null;
  return {
    max,
    toValue: (position) => (position >= max ? high : tidy(low + position * stride, stride)),
    toPosition: (value) => (clamp(value, low, high) - low) / stride,
  };
}

/**
 * @param {number} low
 * @param {number} high
 * @param {boolean} whole
 * @returns {Travel}
 */
function logTravel(low, high, whole) {
  const span = Math.log(high / low);
  return {
    max: LOG_POSITIONS,
    toValue(position) {
      const value = Number((low * Math.exp((span * position) / LOG_POSITIONS)).toPrecision(DIGITS));
      return clamp(whole ? Math.round(value) : value, low, high);
    },
    toPosition: (value) => (LOG_POSITIONS * Math.log(clamp(value, low, high) / low)) / span,
  };
}

/** @param {Range} range */
function strideOf({ low, high, step, whole }) {
  if (step !== null) return step;
  if (whole || low === null || high === null) return 1;
  return roundStep((high - low) / LINEAR_POSITIONS);
}

/**
 * The value one key press away from a typed one: in decades on a logarithmic scale, by the slider's own stride otherwise.
 * @param {Range} range
 * @param {number} value
 * @param {1|-1} direction
 * @returns {number}
 */
export function nudged(range, value, direction) {
  const low = range.low ?? -Infinity;
  const high = range.high ?? Infinity;
  if (range.scale === "log" && value > 0 && !range.whole) {
    return clamp(Number((value * 10 ** (direction / 20)).toPrecision(DIGITS)), low, high);
  }
  const stride = strideOf(range);
  return clamp(tidy(value + direction * stride, stride), low, high);
}

/**
 * The neighbours on the ladder 1 2 3 4 6 8 12 16 24 32 …, in which widths of layers are chosen.
 * @param {number} width
 * @param {1|-1} direction
 * @returns {number}
 */
export function nextWidth(width, direction) {
  const ladder = [1, 2];
  for (let power = 2; power <= 4 * width + 4; power *= 2) ladder.push((power * 3) / 2, power * 2);
  const next = direction > 0 ? ladder.find((rung) => rung > width) : ladder.findLast((rung) => rung < width);
  return next ?? width;
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

/**
 * Without the dust of binary fractions: 0.30000000000000004 is 0.3.
 * @param {number} value
 * @param {number} stride
 */
function tidy(value, stride) {
  const digits = Math.max(0, Math.ceil(-Math.log10(stride)) + 1);
  return Number(value.toFixed(Math.min(12, digits)));
}

/**
 * The nearest of 1, 2, 5 times a power of ten at or below.
 * @param {number} step
 */
function roundStep(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  const lead = step / power;
  return power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
}
