// @ts-check
/** The results of a small sweep, for the tests of maps. */

import { Results } from "../../static/js/map/results.js";

const FIELDS = ["seed", "outcome", "steps", "fitted", "error"];
const NUMBERS = [
  { name: "error", label: "Wasserstein-1 / σ", help: "", missing: "diverged", scale: "log", is_better_high: false },
  { name: "fitted", label: "Steps until the fit", help: "", missing: "never", scale: "log", is_better_high: false },
];
const OUTCOMES = [
  { name: "converged", label: "Converged", help: "", letter: "C", of: "" },
  { name: "mode_collapse", label: "Mode collapse", help: "", letter: "M", of: "" },
  { name: "suspected_mode_collapse", label: "Suspected: mode collapse", help: "", letter: "m", of: "mode_collapse" },
  { name: "diverged", label: "Diverged", help: "", letter: "X", of: "" },
];
export const AXES = [
  { path: "penalty.gamma", label: "γ", help: "", unit: "", scale: "log", values: [0.01, 0.1, 1], words: [null, null, null] },
  { path: "loss", label: "loss", help: "", unit: "", scale: "choice", values: ["minimax", "hinge"], words: ["minimax", "hinge"] },
  { path: "batch_size", label: "batch size", help: "", unit: "samples", scale: "linear", values: [8, 16], words: [null, null] },
];

/** @param {any[]} [axes] @param {object} [more] @returns {any} */
export function contentOf(axes = AXES.slice(0, 2), more = {}) {
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  return {
    title: "3 × 2 settings", axes, seeds: 4, first_seed: 10, steps: 300, runs: 4 * count, outcomes: OUTCOMES, numbers: NUMBERS, fields: FIELDS,
    default_preset: "default", values: [0.01, "hinge", "minimax", 1], cells: Array.from({ length: count }, () => ({ preset: "default", changes: {} })), usual: { default: {} }, ...more,
  };
}

/** @param {[number, any[]][]} rows @param {any[]} [axes] @param {object} [more] */
export function resultsWith(rows, axes, more) {
  const results = new Results(contentOf(axes, more));
  results.add(rows);
  return results;
}

/** @param {number} seed @param {number} outcome @param {object} [more] */
export function run(seed, outcome, { steps = 300, fitted = /** @type {number|null} */ (100), error = /** @type {number|null} */ (0.1) } = {}) {
  return [seed, outcome, steps, fitted, error];
}
