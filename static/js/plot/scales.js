// @ts-check
/** Scales, ticks and the way numbers are written on an axis. */

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
 * A map in equal steps per factor of ten; both bounds must be positive. What is not positive sits at the low end.
 * @param {number} low @param {number} high @param {number} from @param {number} to
 * @returns {Scale}
 */
export function logarithmic(low, high, from, to) {
  const inner = linear(Math.log10(low), Math.log10(high), from, to);
  const scale = (/** @type {number} */ value) => inner(Math.log10(Math.max(value, low)));
  return Object.assign(scale, { invert: (/** @type {number} */ p) => 10 ** inner.invert(p), low, high });
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

/** @param {number} value */
function tidy(value) {
  return value === 0 ? 0 : Number(value.toPrecision(12));
}

/**
 * A tick as a person writes it: true minus sign, no trailing zeros, thin spaces between thousands.
 * @param {number} value
 */
export function formatTick(value) {
  const size = Math.abs(tidy(value));
  const [whole, part] = (size < 1e-6 && size > 0 ? size.toExponential() : String(size)).split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u2009") : whole;
  return (value < 0 ? "\u2212" : "") + grouped + (part ? `.${part}` : "");
}

/** From here on a number is told by its power of ten. */
const LONGEST = 1e4;

/**
 * A measured number with the digits that mean something: three, or fewer when it is small.
 * @param {number} value @param {number} [decimals]
 */
export function formatValue(value, decimals = 2) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text = size < LONGEST ? size.toFixed(decimals) : size.toExponential(1).replace("e+", "e");
  return (value < 0 && Number(text) !== 0 ? "\u2212" : "") + text;
}

/**
 * A share of one as whole per cent, never "0 %" for something or "100 %" for less than everything.
 * @param {number} share
 */
export function formatShare(share) {
  if (!Number.isFinite(share)) return "–";
  const percent = share * 100;
  if (percent > 0 && percent < 0.5) return "<1\u2009%";
  if (percent < 100 && percent > 99.5) return ">99\u2009%";
  return `${Math.round(percent)}\u2009%`;
}

/** The least share that is worth a word. */
const WORTH_SAYING = 0.0005;

/**
 * The same for a share that is only said where there is one: empty if there is next to nothing.
 * @param {number} share
 */
export function remarkShare(share) {
  return share >= WORTH_SAYING ? formatShare(share) : "";
}
