// @ts-check
/**
 * Numbers in a text: pasted, typed or from a CSV file. One number a row, a list, or a table of which one column counts.
 * The same rules, and the same sentences, as `gan1d/rows.py`.
 *
 * Between numbers stands a tab, else a semicolon, else a comma, else a space: the first of these that occurs. Where it is a
 * tab or a semicolon, a comma may be the decimal mark. A first row without any number is a header. Empty rows do not count.
 */

import { formatValue, parseNumber } from "../format.js";

/** @typedef {{row: number, column: number|null, got: string}} Fault a place where a number should stand; both count from 1 */
/**
 * @typedef {object} Reading
 * @property {number[]} values what could be read, in the order of the text
 * @property {Fault[]} faults
 * @property {string[]} columns their names if it is a table; else none
 * @property {number} column which of them was read, from 0
 * @property {string} header the name over a single column, "" if it has none
 * @property {boolean} isDecimalComma whether it looks as if its commas were decimal marks
 */
/** @typedef {{low: number|null, high: number|null}} Bounds */

const SEPARATORS = ["\t", ";", ","];
/** So many faults are named one by one. */
const NAMED = 3;

/**
 * @param {string} text
 * @param {Bounds} bounds of a number
 * @param {number} [wanted] column of a table, from 0; the first with mostly numbers if it is not said
 * @returns {Reading}
 */
export function readRows(text, bounds, wanted) {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/).map((line, index) => ({ line, row: index + 1 }));
  const full = lines.filter(({ line }) => line.trim() !== "");
  const separator = SEPARATORS.find((mark) => full.some(({ line }) => line.includes(mark))) ?? " ";
  const rows = full.map(({ line, row }) => ({ row, cells: cellsOf(line, separator) }));
  const number = (/** @type {string} */ cell) => numberIn(cell, separator, bounds);
  const first = rows[0]?.cells ?? [];
  const hasHeader = rows.length > 1 && first.every((cell) => Number.isNaN(numberIn(cell, separator, { low: null, high: null })));
  const body = hasHeader ? rows.slice(1) : rows;
  const width = first.length;
  const isTable = width > 1 && (hasHeader || (rows.length > 1 && rows.every(({ cells }) => cells.length === width)));
  const none = { columns: [], column: 0, header: hasHeader ? first[0] : "", isDecimalComma: false };
  if (!isTable) {
    const places = body.flatMap(({ row, cells }) =>
      cells.map((cell, index) => ({ row, column: cells.length > 1 ? index + 1 : null, cell })).filter(({ cell }) => cell !== ""),
    );
    return { ...none, ...sorted(places, number) };
  }
  const columns = first.map((cell, index) => (hasHeader && cell ? cell : `column ${index + 1}`));
  const share = (/** @type {number} */ index) => body.filter(({ cells }) => !Number.isNaN(number(cells[index] ?? ""))).length;
  const mostly = columns.findIndex((_, index) => share(index) > body.length / 2);
  const column = wanted !== undefined && wanted < width ? wanted : Math.max(0, mostly);
  const places = body.map(({ row, cells }) => ({ row, column: null, cell: cells[column] ?? "" }));
  const isDecimalComma = separator === "," && width === 2 && !hasHeader && full.every(({ line }) => /^\s*[+\-−]?\d+,\d+\s*$/.test(line));
  return { ...none, header: "", columns, column, isDecimalComma, ...sorted(places, number) };
}

/**
 * @param {{row: number, column: number|null, cell: string}[]} places
 * @param {(cell: string) => number} number
 */
function sorted(places, number) {
  const read = places.map((place) => ({ ...place, value: number(place.cell) }));
  return {
    values: read.filter(({ value }) => !Number.isNaN(value)).map(({ value }) => value),
    faults: read.filter(({ value }) => Number.isNaN(value)).map(({ row, column, cell }) => ({ row, column, got: cell })),
  };
}

/**
 * The cells of one row; a separator inside of double quotes is none.
 * @param {string} line
 * @param {string} separator " " for any white space
 * @returns {string[]}
 */
function cellsOf(line, separator) {
  if (separator === " ") return line.trim().split(/\s+/);
  const cells = [""];
  let isQuoted = false;
  for (const letter of line) {
    if (letter === '"') isQuoted = !isQuoted;
    else if (letter === separator && !isQuoted) cells.push("");
    else cells[cells.length - 1] += letter;
  }
  return cells.map((cell) => cell.trim());
}

/**
 * @param {string} cell
 * @param {string} separator
 * @param {Bounds} bounds
 * @returns {number} NaN if it is none, or out of bounds
 */
function numberIn(cell, separator, { low, high }) {
  const plain = separator === ";" || separator === "\t" ? cell.replace(/^([^.,]*),([^.,]*)$/, "$1.$2") : cell;
  const value = parseNumber(plain);
  return value >= (low ?? -Infinity) && value <= (high ?? Infinity) && Number.isFinite(value) ? value : NaN;
}

/**
 * What is wrong, in sentences; "" if nothing is.
 * @param {Reading} reading
 * @param {Bounds} bounds of a number
 * @param {Bounds} count how many there may be
 * @returns {string}
 */
export function complaint({ values, faults }, bounds, count) {
  const parts = faults.slice(0, NAMED).map((fault) => faultSentence(fault, bounds));
  if (faults.length > NAMED) parts.push(`And ${faults.length - NAMED} more.`);
  const { low, high } = count;
  if (faults.length === 0 && low !== null && values.length < low) parts.push(`Expected ${low} numbers or more, but got ${values.length}.`);
  if (high !== null && values.length > high) parts.push(`Expected ${high} numbers or fewer, but got ${values.length}.`);
  return parts.join(" ");
}

/**
 * @param {Fault} fault
 * @param {Bounds} bounds
 */
function faultSentence({ row, column, got }, { low, high }) {
  const isNumber = !Number.isNaN(parseNumber(got));
  const expected = isNumber ? `a number from ${formatValue(low ?? -Infinity)} to ${formatValue(high ?? Infinity)}` : "a number";
  const where = column === null ? `row ${row}` : `row ${row}, column ${column}`;
  return `Expected ${expected} in ${where}, but got ${got === "" ? "nothing" : `“${shortened(got)}”`}.`;
}

/** @param {string} text */
function shortened(text) {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
