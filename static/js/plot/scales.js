// @ts-check
/** Scales from values to pixels, and the round values at which an axis has ticks. */

/**
 * @typedef {((value: number) => number) & {invert: (position: number) => number, low: number, high: number}} Scale
 */

/**
 * A straight map from [low, high] to [from, to].
 * @param {number} low @param {number} high @param {number} from @param {number} to
 * @returns {Scale}
 */
export function linear(low, high, from, to) {
  const slope = (to - from) / (high - low || 1);
  const scale = (/** @type {number} */ value) => from + (value - low) * slope;
  return Object.assign(scale, { invert: (/** @type {number} */ p) => low + (p - from) / (slope || 1), low, high });
}

/**
 * A scale on which each factor of ten has the same length. Both bounds must be positive; values below `low` are drawn at the low end.
 * @param {number} low @param {number} high @param {number} from @param {number} to
 * @returns {Scale}
 */
export function logarithmic(low, high, from, to) {
  const inner = linear(Math.log10(low), Math.log10(high), from, to);
  const scale = (/** @type {number} */ value) => inner(Math.log10(Math.max(value, low)));
  return Object.assign(scale, { invert: (/** @type {number} */ p) => 10 ** inner.invert(p), low, high });
}

/** The share of the length that is straight, and how fast the rest shortens, as a share of `fold`. */
const STRAIGHT = 0.76;
const KNEE = 0.045;

/**
 * A scale from 0 that is straight up to `fold`, its `high`, and logarithmic above, with no kink between: about 30 times
 * `fold` is at the end, and nothing is beyond it.
 * @param {number} fold @param {number} from @param {number} to
 * @returns {Scale}
 */
export function folded(fold, from, to) {
  const bend = from + (to - from) * STRAIGHT;
  const slope = (bend - from) / (fold || 1);
  const knee = KNEE * (fold || 1);
  const towards = Math.sign(to - from);
  const scale = (/** @type {number} */ value) => {
    if (!(value > fold)) return from + slope * value;
    const position = bend + slope * knee * Math.log1p((value - fold) / knee);
    return towards > 0 ? Math.min(to, position) : Math.max(to, position);
  };
  const invert = (/** @type {number} */ position) =>
    (position - bend) * towards > 0 ? fold + knee * Math.expm1((position - bend) / (slope * knee)) : (position - from) / (slope || 1);
  return Object.assign(scale, { invert, low: 0, high: fold });
}

/**
 * The 1-2-5 step that cuts `span` into at most `count` parts.
 * @param {number} span @param {number} count
 */
export function tickStep(span, count) {
  if (!(span > 0) || !(count > 0) || !Number.isFinite(span)) return 1;
  return niceCeil((span / count) * (1 - 1e-9));
}

/**
 * The smallest 1, 2 or 5 times a power of ten that is not below `value`.
 * @param {number} value
 */
export function niceCeil(value) {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const slack = 1 + 1e-12;
  for (const factor of [1, 2, 5]) if (value <= factor * power * slack) return factor * power;
  return 10 * power;
}

/**
 * Round values within [low, high], at most `count` steps apart from end to end.
 * @param {number} low @param {number} high @param {number} [count]
 * @returns {number[]}
 */
export function ticks(low, high, count = 5) {
  if (!(high > low)) return Number.isFinite(low) && low === high ? [low] : [];
  const step = tickStep(high - low, count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const values = [];
  // Multiplying an integer keeps 0.3 from becoming 0.30000000000000004 by repeated addition.
  for (let i = first; i <= last; i++) values.push(tidy(i * step));
  return values;
}

/**
 * Powers of ten within [low, high].
 * @param {number} low @param {number} high
 * @returns {number[]}
 */
export function decades(low, high) {
  const values = [];
  const first = Math.ceil(Math.log10(low) - 1e-9);
  for (let power = first; power <= Math.log10(high) + 1e-9; power++) values.push(tidy(10 ** power));
  return values;
}

/** Without the rounding error of binary fractions. @param {number} value */
function tidy(value) {
  return value === 0 ? 0 : Number(value.toPrecision(15));
}
