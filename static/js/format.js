// @ts-check
/** Numbers as a person writes them: one way for the whole page, and back again. */

/** Stands where nothing was measured yet. */
export const UNKNOWN = "–";

/** Below this a decimal is mostly zeros, so the exponent form reads faster: 5e-4, but 0.002. */
const SMALLEST_DECIMAL = 1e-3;
const LARGEST_DECIMAL = 1e7;

/**
 * A setting, with every digit that matters and in a form that can be typed back.
 * @param {number} value
 * @returns {string}
 */
export function formatValue(value) {
  if (!Number.isFinite(value)) return UNKNOWN;
  const exact = Number(value.toPrecision(12));
  const size = Math.abs(exact);
  if (exact === 0 || (size >= SMALLEST_DECIMAL && size < LARGEST_DECIMAL)) return String(exact);
  return exact.toExponential().replace("e+", "e");
}

/**
 * A measured number with the digits that mean something, always equally many decimals for its size, so that it
 * does not jitter.
 * @param {number} value
 * @returns {string}
 */
export function formatReading(value) {
  if (!Number.isFinite(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size >= 1e5) return value.toExponential(1).replace("e+", "e").replace("-", "−");
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/**
 * A count, its digits in groups of three (with a narrow space, which no locale reads as a decimal mark).
 * @param {number} value
 * @returns {string}
 */
export function formatCount(value) {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/**
 * A share between 0 and 1, in per cent.
 * @param {number} share
 * @returns {string}
 */
export function formatShare(share) {
  return Number.isFinite(share) ? `${Math.round(100 * share)} %` : UNKNOWN;
}

/**
 * A number of the frame, by its unit: a share in per cent, anything else with the digits that mean something.
 * @param {number} value
 * @param {string} [unit]
 * @returns {string}
 */
export function formatMetric(value, unit) {
  return unit === "share" ? formatShare(value) : formatReading(value);
}

/**
 * @param {number} stepsPerSecond
 * @returns {string}
 */
export function formatRate(stepsPerSecond) {
  if (!Number.isFinite(stepsPerSecond) || stepsPerSecond <= 0) return "";
  const rounded = stepsPerSecond < 10 ? Number(stepsPerSecond.toPrecision(2)) : Math.round(stepsPerSecond);
  return `${rounded < 10 ? rounded : formatCount(rounded)} steps/s`;
}

/**
 * What was typed, as a number; NaN if it is none. Takes what `formatValue` writes and what people write: .002, 2e-3,
 * a typographic minus.
 * @param {string} text
 * @returns {number}
 */
export function parseNumber(text) {
  const plain = text.trim().replace("−", "-");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}

/**
 * A wire name as words: "leaky_relu" becomes "leaky relu".
 * @param {string} name
 * @returns {string}
 */
export function words(name) {
  return name.replaceAll("_", " ");
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}
