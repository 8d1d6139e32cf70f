// @ts-check
/** Links to the lab: to a run of a cell, at the step where it was judged, and to two cells that are compared. */

import { isSame } from "../state/config-diff.js";
import { writeHash } from "../state/url.js";

/** @import {Content, Results, Run} from "./results.js" */

/**
 * The link to a run. The preset is named even if it is the usual one, because a server may begin with another.
 * @param {Results} results @param {number} cell @param {Run} run
 * @returns {string} with the “#”
 */
export function runLink(results, cell, run) {
  return link(results, cell, run, {});
}

/**
 * The link to a comparison: both runs have the same seed.
 * @param {Results} results @param {number} here @param {number} there the cell of the second run
 * @returns {string|null} null where a cell has no run yet, or the cells have different presets, which no link can compare
 */
export function compareLink(results, here, there) {
  const [mine, theirs] = [results.cells[here], results.cells[there]];
  const differences = mine.length > 0 && theirs.length > 0 ? differencesOf(results.content, here, there) : null;
  return differences && link(results, here, sharedRun(results, here, there), differences);
}

/**
 * Values of the settings that the second cell has otherwise, by path; null if the cells have different presets.
 * @param {Content} content @param {number} here @param {number} there
 */
export function differencesOf(content, here, there) {
  const [mine, theirs] = [content.cells[here], content.cells[there]];
  if (mine.preset !== theirs.preset) return null;
  const usual = content.usual[mine.preset];
  /** @type {Record<string, unknown>} */
  const differences = {};
  for (const path of Object.keys({ ...theirs.changes, ...mine.changes })) {
    const [before, after] = [mine, theirs].map(({ changes }) => changes[path] ?? usual[path]);
    // A setting that only the first run's kind has goes with its kind.
    if (after !== undefined && !isSame(content.values[before], content.values[after])) differences[path] = content.values[after];
  }
  return differences;
}

/**
 * A run of the first cell for a comparison: with a seed that ended in both cells as most of their runs did, if there is one.
 * @param {Results} results @param {number} here @param {number} there
 */
function sharedRun(results, here, there) {
  const [mine, theirs] = [here, there].map((cell) => {
    const main = results.main(results.cells[cell]);
    return results.cells[cell].filter((run) => results.field(run, "outcome") === main);
  });
  const seeds = new Set(theirs.map((run) => results.field(run, "seed")));
  return mine.find((run) => seeds.has(results.field(run, "seed"))) ?? mine[0];
}

/** @param {Results} results @param {number} cell @param {Run} run @param {Record<string, unknown>} compare */
function link(results, cell, run, compare) {
  const { values, cells } = results.content;
  const { preset, changes } = cells[cell];
  const own = Object.fromEntries(Object.entries(changes).map(([path, place]) => [path, values[place]]));
  const at = Number(results.field(run, "steps"));
  return `#${writeHash({ preset, changes: { ...own, seed: results.field(run, "seed") }, at, compare }, "")}`;
}
