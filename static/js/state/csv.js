// @ts-check
/** The history of a run as a table. */

/** @import {Losses, Traces} from "./history.js" */

/** Significant digits that the server sends. */
const DIGITS = 6;

/**
 * A CSV table with a row for each step that the history has: losses at the last step of each bucket, and all scalars at the
 * steps at which they were measured. Other cells are empty.
 * @param {{losses: Losses, traces: Traces}} history
 * @param {string[]} names of the scalars, in the order of the columns
 * @param {string[]} kinds names of the diagnoses, which the column `diagnosis` counts
 */
export function csvOf({ losses, traces }, names, kinds) {
  /** @type {Map<number, string[]>} */
  const rows = new Map();
  for (const { step, length, series } of [traces, losses]) {
    for (let index = 0; index < length; index += 1) {
      const row = rows.get(step[index]) ?? names.map(() => "");
      names.forEach((name, column) => {
        if (name in series) row[column] = cell(series[name][index], name === "diagnosis" ? kinds : null) || row[column];
      });
      rows.set(step[index], row);
    }
  }
  const lines = [...rows].sort(([a], [b]) => a - b).map(([step, row]) => [step, ...row].join(","));
  return `${[["step", ...names].join(","), ...lines].join("\n")}\n`;
}

/** @param {number} value @param {string[]|null} kinds */
function cell(value, kinds) {
  if (!Number.isFinite(value)) return "";
  return kinds ? (kinds[value] ?? "") : String(Number(value.toPrecision(DIGITS)));
}
