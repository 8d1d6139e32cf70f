// @ts-check
/** Numbers in a text, read by the server: the command line and the page have the same reader. */

import { formatCount, formatSetting } from "../format.js";

/** @typedef {{row: number, column: number|null, got: string}} Fault a cell without a valid number; both count from 1 */
/**
 * @typedef {object} Reading as `gan1d.server.numbers.answer`
 * @property {number[]} values valid numbers in the order of the text, or the sample; empty where there are too many
 * @property {number} count count of the valid numbers in the text
 * @property {number|null} low the smallest of them
 * @property {number|null} high the largest of them
 * @property {Fault[]} faults the first cells without a valid number
 * @property {number} fault_count count of such cells
 * @property {string[]} columns names of the columns, if there are several
 * @property {number} column the column that was read, from 0
 * @property {string} header name of the only column, "" if it has none
 * @property {string} decimal the decimal mark that was used
 * @property {string} question why the decimal mark is unclear; "" if it is clear
 * @property {string} complaint error messages; "" for none
 */
/** @typedef {{column?: number, decimal?: "."|",", sample?: number}} ReadOptions column from 0; `sample` is a seed */

/** @type {Reading} */
export const NOTHING = {
  values: [],
  count: 0,
  low: null,
  high: null,
  faults: [],
  fault_count: 0,
  columns: [],
  column: 0,
  header: "",
  decimal: ".",
  question: "",
  complaint: "",
};

/**
 * The reading of numbers that are known.
 * @param {number[]} values
 * @returns {Reading}
 */
export function readingOf(values) {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return { ...NOTHING, values, count: values.length, low, high };
}

/**
 * @param {string|Blob} text
 * @param {ReadOptions} [options]
 * @param {(share: number) => void} [onProgress] called with the share of the text that was sent
 * @returns {Promise<Reading>} rejected with an Error whose message is a sentence for the user
 */
export function readNumbers(text, { column, decimal, sample } = {}, onProgress) {
  const query = new URLSearchParams();
  if (column !== undefined) query.set("column", String(column + 1));
  if (decimal !== undefined) query.set("decimal", decimal);
  if (sample !== undefined) query.set("sample", String(sample));
  return new Promise((resolve, reject) => {
    // Unlike fetch, this reports how much of a large file was sent.
    const request = new XMLHttpRequest();
    request.open("POST", query.size > 0 ? `numbers?${query}` : "numbers");
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded / Math.max(total, 1));
    request.onerror = () => reject(new Error("The server cannot be reached, so the numbers cannot be read."));
    request.onload = () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText));
      else reject(new Error(request.responseText.trim() || `The server refused the text (${request.status}).`));
    };
    request.send(text);
  });
}

/**
 * A summary of a reading, in one sentence.
 * @param {Reading} reading
 */
export function describe({ count, low, high, fault_count: faults, columns, column, header }) {
  if (count + faults === 0) return "";
  // A whole number is written in full, so that no end of the range is beyond the numbers.
  const shown = (/** @type {number} */ value) => (Number.isInteger(value) ? value : Number(value.toPrecision(6)));
  const format = (/** @type {number|null} */ value) => formatSetting(shown(value ?? 0)).replace("-", "−");
  const range = count === 1 ? `: ${format(low)}` : count > 0 ? `, from ${format(low)} to ${format(high)}` : "";
  const name = columns[column] ?? header;
  const bad = faults === 0 ? "" : `; ${formatCount(faults)} invalid ${faults === 1 ? "row" : "rows"}`;
  return `${formatCount(count)} ${count === 1 ? "number" : "numbers"}${name ? ` under “${name}”` : ""}${range}${bad}.`;
}
