// @ts-check
/** How numbers are written on the page, and read back from text. */

/** Stands for a number that has not been measured yet. */
export const UNKNOWN = "–";

const MINUS = "\u2212";
/** Below this a decimal is mostly zeros, so the exponent form reads faster: 5e-4, but 0.002. */
const SMALLEST_DECIMAL = 1e-3;
const LARGEST_DECIMAL = 1e7;
/** Below this, three decimals would round a measured number to nothing. */
const SMALLEST_READING = 5e-4;
/** From here on, a number with fixed decimals is written with an exponent. */
const LARGEST_FIXED = 1e4;
/** The smallest share that `formatNotableShare` writes. */
const NOTABLE_SHARE = 0.0005;

/**
 * A setting: every digit that matters, in a form that can be typed back (with an ASCII minus).
 * @param {number} value
 * @returns {string}
 */
export function formatSetting(value) {
  if (!Number.isFinite(value)) return UNKNOWN;
  const exact = Number(value.toPrecision(12));
  const size = Math.abs(exact);
  if (exact === 0 || (size >= SMALLEST_DECIMAL && size < LARGEST_DECIMAL)) return String(exact);
  return exact.toExponential().replace("e+", "e");
}

/**
 * A measured number with three digits that mean something, two where it is tiny or huge. The number of decimals depends on
 * its size alone, so that the text does not jitter.
 * @param {number} value
 * @returns {string}
 */
export function formatReading(value) {
  if (!Number.isFinite(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < SMALLEST_READING)) return signed(value, size.toExponential(1).replace("e+", "e"));
  return signed(value, size.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3));
}

/**
 * A number with a fixed number of decimals; large ones by their power of ten.
 * @param {number} value
 * @param {number} [decimals]
 * @returns {string}
 */
export function formatFixed(value, decimals = 2) {
  if (!Number.isFinite(value)) return UNKNOWN;
  const size = Math.abs(value);
  return signed(value, size < LARGEST_FIXED ? size.toFixed(decimals) : size.toExponential(1).replace("e+", "e"));
}

/**
 * A tick of an axis: no trailing zeros, thin spaces between thousands.
 * @param {number} value
 * @returns {string}
 */
export function formatTick(value) {
  const size = Math.abs(Number(value.toPrecision(12)));
  const [whole, part] = (size < 1e-6 && size > 0 ? size.toExponential() : String(size)).split(".");
  const grouped = whole.length > 4 ? grouping(whole, "\u2009") : whole;
  return (value < 0 ? MINUS : "") + grouped + (part ? `.${part}` : "");
}

/** Ticks with a larger size than this many steps are written from a base. */
const MOST_STEPS = 1e4;
const SMALLEST_TICK = 1e-2;
const LARGEST_TICK = 1e5;

/**
 * The ticks of an axis in few characters each, and what they leave out: a tick is (label) times a power of ten, plus a base.
 * @param {number[]} values rising
 * @returns {{labels: string[], note: string}} the note is such as "×10⁻¹²" or "+ 900 000 000"; "" for none
 */
export function tickWords(values) {
  if (values.length === 0) return { labels: [], note: "" };
  const span = values[values.length - 1] - values[0];
  const size = Math.max(...values.map(Math.abs));
  const step = (values.length > 1 ? values[1] - values[0] : size) || 1;
  let base = 0;
  if (size > MOST_STEPS * step) {
    const unit = 10 ** Math.ceil(Math.log10(span));
    base = Math.round((values[0] + span / 2) / unit) * unit;
  }
  const rest = values.map((value) => value - base);
  const largest = Math.max(...rest.map(Math.abs));
  const isPlain = largest === 0 || (largest >= SMALLEST_TICK && largest < LARGEST_TICK);
  const power = isPlain ? 0 : Math.floor(Math.log10(largest));
  const digits = Math.max(1, Math.ceil(Math.log10(Math.max(largest / step, 1))) + 2);
  const labels = rest.map((value) => {
    const isZero = Math.abs(value) < step * 1e-3;
    return formatTick(isZero ? 0 : Number((value / 10 ** power).toPrecision(Math.min(12, digits))));
  });
  const parts = [power === 0 ? "" : `×${powerOfTen(power)}`, base === 0 ? "" : `${base < 0 ? MINUS : "+"} ${formatTick(Math.abs(base))}`];
  return { labels, note: parts.filter(Boolean).join(" ") };
}

/** A power of ten such as 10⁻⁹. @param {number} power */
export function powerOfTen(power) {
  return `10${[...String(power)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("")}`;
}

/**
 * A place on an axis with two digits more than the length of the axis needs.
 * @param {number} value
 * @param {{low: number, high: number}} axis
 * @param {number} [decimals] on an axis of ordinary length near 0
 */
export function formatPosition(value, { low, high }, decimals = 2) {
  const [length, size] = [high - low, Math.max(Math.abs(low), Math.abs(high))];
  if (!Number.isFinite(value) || (length >= 1 && size < LARGEST_FIXED)) return formatFixed(value, decimals);
  const digits = Math.min(15, Math.max(1, Math.ceil(Math.log10(size / length)) + 1 + decimals));
  const exact = Math.abs(Number(value.toPrecision(digits)));
  const isLong = exact !== 0 && (exact < SMALLEST_DECIMAL || exact >= 1e12);
  if (isLong || exact === 0) return (value < 0 && exact > 0 ? MINUS : "") + (exact === 0 ? "0" : exact.toExponential().replace("e+", "e"));
  return formatTick(value < 0 ? -exact : exact);
}

/**
 * A count, its digits in groups of three (with a narrow space, which no locale reads as a decimal mark).
 * @param {number} value
 * @returns {string}
 */
export function formatCount(value) {
  return grouping(String(Math.round(value)), "\u202f");
}

/**
 * A share between 0 and 1 in whole per cent, never "0 %" for something or "100 %" for less than everything.
 * @param {number} share
 * @returns {string}
 */
export function formatShare(share) {
  if (!Number.isFinite(share)) return UNKNOWN;
  const percent = share * 100;
  if (percent > 0 && percent < 0.5) return "<1\u2009%";
  if (percent < 100 && percent > 99.5) return ">99\u2009%";
  return `${Math.round(percent)}\u2009%`;
}

/**
 * A share that is worth a word, as `formatShare` writes it; "" for a share near 0.
 * @param {number} share
 * @returns {string}
 */
export function formatNotableShare(share) {
  return share >= NOTABLE_SHARE ? formatShare(share) : "";
}

/**
 * A number of the frame, by its unit: a share in per cent, all others as `formatReading` writes them.
 * @param {number} value
 * @param {string} [unit]
 * @returns {string}
 */
export function formatMetric(value, unit) {
  return unit === "share" ? formatShare(value) : formatReading(value);
}

/**
 * @param {number} stepsPerSecond
 * @returns {string} "" for a rate that is not known
 */
export function formatRate(stepsPerSecond) {
  if (!Number.isFinite(stepsPerSecond) || stepsPerSecond <= 0) return "";
  const rounded = stepsPerSecond < 10 ? Number(stepsPerSecond.toPrecision(2)) : Math.round(stepsPerSecond);
  return `${rounded < 10 ? rounded : formatCount(rounded)} steps/s`;
}

/**
 * A typed number; NaN if the text is none. Reads what `formatSetting` writes and what people write: .002, 2e-3, a
 * typographic minus.
 * @param {string} text
 * @returns {number}
 */
export function parseNumber(text) {
  const plain = text.trim().replace(MINUS, "-");
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

/**
 * The text of a number's size, with a minus in front if the number is negative and the text is not zero.
 * @param {number} value
 * @param {string} size
 */
function signed(value, size) {
  return value < 0 && Number(size) !== 0 ? MINUS + size : size;
}

/**
 * @param {string} digits
 * @param {string} space between groups of three
 */
function grouping(digits, space) {
  return digits.replace(/\B(?=(\d{3})+$)/g, space);
}
