// @ts-check
/** Numbers in a text, read by the server: the command line and the page have the same reader. */

import { formatCount, formatSetting } from "../format.js";

/** @typedef {{row: number, column: number|null, got: string}} Fault a cell without a valid number; both count from 1 */
/**
 * @typedef {object} Reading as `gan1d.number_file.Reading`
 * @property {number[]} values valid numbers, in the order of the text
 * @property {Fault[]} faults
 * @property {string[]} columns names of the columns of a table; empty for a list
 * @property {number} column the column that was read, from 0
 * @property {string} header name above a single column, "" if it has none
 * @property {boolean} is_decimal_comma whether the commas seem to be decimal marks
 * @property {string} complaint error messages; "" for none
 */

/** @type {Reading} */
export const NOTHING = { values: [], faults: [], columns: [], column: 0, header: "", is_decimal_comma: false, complaint: "" };

/**
 * @param {string|Blob} text
 * @param {number} [column] column of a table, from 0; by default the first with mostly numbers
 * @param {typeof globalThis.fetch} [fetch]
 * @returns {Promise<Reading>} rejected with an Error whose message is a sentence for the user
 */
export async function readNumbers(text, column, fetch = globalThis.fetch) {
  const query = column === undefined ? "" : `?column=${column + 1}`;
  /** @type {Response} */
  let response;
  try {
    response = await fetch(`numbers${query}`, { method: "POST", body: text });
  } catch {
    throw new Error("The server cannot be reached, so the numbers cannot be read.");
  }
  if (!response.ok) throw new Error((await response.text()).trim() || `The server refused the text (${response.status}).`);
  return response.json();
}

/**
 * A summary of a reading, in one sentence.
 * @param {Reading} reading
 */
export function describe({ values, faults, columns, column, header }) {
  if (values.length + faults.length === 0) return "";
  const format = (/** @type {number} */ value) => formatSetting(Number(value.toPrecision(4))).replace("-", "−");
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const isOne = values.length === 1;
  const range = isOne ? `: ${format(low)}` : values.length > 0 ? `, from ${format(low)} to ${format(high)}` : "";
  const name = columns[column] ?? header;
  const bad = faults.length === 0 ? "" : `; ${formatCount(faults.length)} invalid ${faults.length === 1 ? "row" : "rows"}`;
  return `${formatCount(values.length)} ${isOne ? "number" : "numbers"}${name ? ` under “${name}”` : ""}${range}${bad}.`;
}
