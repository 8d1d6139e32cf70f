// @ts-check
/**
 * Numbers in a text, read by the server: one reader for the command line and the page.
 */

import { formatCount } from "../format.js";

/** @typedef {{row: number, column: number|null, got: string}} Fault a cell without a valid number; both count from 1 */
/**
 * @typedef {object} Reading see `gan1d.number_file.Reading`
 * @property {number[]} values valid numbers, in the order of the text
 * @property {Fault[]} faults
 * @property {string[]} columns names of the columns of a table; empty for a list
 * @property {number} column the column that was read, from 0
 * @property {string} header name above a single column, "" if it has none
 * @property {boolean} is_decimal_comma the commas look like decimal marks
 * @property {string} complaint sentences on everything that is wrong; "" if nothing is
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
 * The content of a text in one sentence.
 * @param {Reading} reading
 * @param {(value: number) => string} format
 */
export function describe({ values, faults, columns, column, header }, format) {
  if (values.length + faults.length === 0) return "";
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const isOne = values.length === 1;
  const range = isOne ? `: ${format(low)}` : values.length > 0 ? `, from ${format(low)} to ${format(high)}` : "";
  const name = columns[column] ?? header;
  const bad = faults.length === 0 ? "" : `; ${formatCount(faults.length)} ${faults.length === 1 ? "row is" : "rows are"} not`;
  return `${formatCount(values.length)} ${isOne ? "number" : "numbers"}${name ? ` under “${name}”` : ""}${range}${bad}.`;
}
