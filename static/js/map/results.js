// @ts-check
/** The results of a sweep as a map shows them: the runs of each cell, how they ended, medians with quartiles, and all of it in words. */

import { formatCount, formatReading, formatSetting } from "../format.js";
import { inLanguage } from "../words.js";

/** @typedef {{path: string, label: string, help: string, unit: string, scale: string, values: unknown[], words: (string|null)[]}} Axis */
/** @typedef {{name: string, label: string, help: string, letter: string, of: string}} Outcome */
/** @typedef {{name: string, label: string, help: string, missing: string, scale: string, is_better_high: boolean}} MapNumber */
/** @typedef {{preset: string, changes: Record<string, number>}} Cell places of values, by path */
/**
 * What a map shows but the runs; `gan1d/maps/content.py` writes it.
 * @typedef {{title: string, axes: Axis[], seeds: number, first_seed: number, steps: number, runs: number, outcomes: Outcome[],
 *   numbers: MapNumber[], fields: string[], default_preset: string, values: unknown[], cells: Cell[],
 *   usual: Record<string, Record<string, number>>}} Content
 */
/** @typedef {(number|null)[]} Run its fields, in the order of the content's list */
/** @typedef {[cell: number, runs: Run[]]} Row */
/**
 * Which cells are shown and what of them: `order` has the axis that runs across, the one that runs up and the one with a slider,
 * `slice` is the place on the last one, and `by` the name of a number, or "outcome".
 * @typedef {{order: number[], slice: number, by: string}} View
 */
/** @typedef {{low: number, median: number, high: number}} Quartiles infinite where runs have no number */

export class Results {
  /** @param {Content} content */
  constructor(content) {
    this.content = content;
    /** @type {Run[][]} */
    this.cells = content.cells.map(() => []);
    this.done = 0;
    /** What was counted of a list of runs, which is never changed. @type {WeakMap<Run[], Record<string, any>>} */
    this.counted = new WeakMap();
    /** All runs, and those of columns and rows, since the last ones were added. @type {Map<string, Run[]>} */
    this.lines = new Map();
  }

  /**
   * A value that is computed once for a list of runs.
   * @template Value
   * @param {Run[]} runs @param {string} name @param {() => Value} compute
   * @returns {Value}
   */
  #once(runs, name, compute) {
    const known = this.counted.get(runs) ?? {};
    this.counted.set(runs, known);
    return (known[name] ??= compute());
  }

  /** @param {string} name @param {() => Run[]} gather @returns {Run[]} */
  #line(name, gather) {
    const runs = this.lines.get(name) ?? gather();
    this.lines.set(name, runs);
    return runs;
  }

  /** All runs. */
  all() {
    return this.#line("all", () => this.cells.flat());
  }

  /** @param {Row[]} rows finished runs */
  add(rows) {
    const seed = this.#place("seed");
    for (const [cell, runs] of rows) {
      this.cells[cell] = [...this.cells[cell], ...runs].sort((a, b) => Number(a[seed]) - Number(b[seed]));
      this.done += runs.length;
    }
    this.lines.clear();
  }

  /** @param {string} name */
  #place(name) {
    return this.content.fields.indexOf(name);
  }

  /** A field of a run. @param {Run} run @param {string} name */
  field(run, name) {
    return run[this.#place(name)];
  }

  /** How many runs ended with each outcome. @param {Run[]} runs @returns {number[]} */
  tally(runs) {
    return this.#once(runs, "tally", () => {
      const [counts, place] = [this.content.outcomes.map(() => 0), this.#place("outcome")];
      for (const run of runs) counts[Number(run[place])]++;
      return counts;
    });
  }

  /** The most frequent outcome; -1 without runs. @param {Run[]} runs */
  main(runs) {
    return runs.length === 0 ? -1 : largest(this.tally(runs));
  }

  /** Median and quartiles of a number; null without runs. @param {Run[]} runs @param {string} name @returns {Quartiles|null} */
  quartiles(runs, name) {
    if (runs.length === 0) return null;
    return this.#once(runs, name, () => {
      const place = this.#place(name);
      const sorted = runs.map((run) => run[place] ?? Infinity).sort((a, b) => a - b);
      return { low: quantile(sorted, 0.25), median: quantile(sorted, 0.5), high: quantile(sorted, 0.75) };
    });
  }

  /**
   * The run that stands for a cell: the first one with the most frequent outcome or, by a number, the one nearest to the median.
   * @param {Run[]} runs not empty @param {string} by
   */
  typical(runs, by) {
    if (by === "outcome") {
      const main = this.main(runs);
      return /** @type {Run} */ (runs.find((run) => this.field(run, "outcome") === main));
    }
    const { median } = /** @type {Quartiles} */ (this.quartiles(runs, by));
    const distances = runs.map((run) => {
      const value = this.field(run, by) ?? Infinity;
      return value === median ? 0 : Math.abs(value - median);
    });
    return runs[distances.indexOf(Math.min(...distances))];
  }

  /** The description of a number. @param {string} by @returns {MapNumber|undefined} undefined for the outcome */
  number(by) {
    return this.content.numbers.find(({ name }) => name === by);
  }

  /** The ends of the medians of all cells, by which a number is coloured; null without a finite one. @param {MapNumber} number */
  range({ name }) {
    const medians = this.cells.map((runs) => this.quartiles(runs, name)?.median ?? Infinity).filter(Number.isFinite);
    return medians.length === 0 ? null : { low: Math.min(...medians), high: Math.max(...medians) };
  }

  /** Columns and rows of a view. @param {View} view */
  shape({ order }) {
    const { axes } = this.content;
    return { columns: axes[order[0]].values.length, rows: order.length > 1 ? axes[order[1]].values.length : 1 };
  }

  /** The number of a cell. @param {View} view @param {number} column @param {number} row from the first value on */
  cellAt({ order, slice }, column, row) {
    const place = [column, row, slice];
    const indices = this.content.axes.map((_, axis) => place[order.indexOf(axis)]);
    return indices.reduce((cell, index, axis) => cell * this.content.axes[axis].values.length + index, 0);
  }

  /** The place of a cell on each axis. @param {number} cell @returns {number[]} */
  indicesOf(cell) {
    /** @type {number[]} */
    const indices = [];
    for (const { values } of [...this.content.axes].reverse()) {
      indices.unshift(cell % values.length);
      cell = Math.floor(cell / values.length);
    }
    return indices;
  }

  /** All runs of a column or of a row. @param {View} view @param {{column?: number, row?: number}} line */
  runsAlong(view, { column, row }) {
    const { columns, rows } = this.shape(view);
    const length = column === undefined ? columns : rows;
    return this.#line(`${view.order} ${view.slice} ${column} ${row}`, () =>
      Array.from({ length }, (_, place) => this.cells[this.cellAt(view, column ?? place, row ?? place)]).flat());
  }

  /** The settings of a cell in words, such as "G learning rate 0.01, γ 0.1". @param {number} cell */
  nameOf(cell) {
    return this.indicesOf(cell).map((index, axis) => `${inLanguage(this.content.axes[axis].label)} ${valueWords(this.content.axes[axis], index)}`).join(", ");
  }

  /** How the runs of a cell ended, in words. @param {Run[]} runs */
  endings(runs) {
    if (runs.length === 0) return inLanguage("no run has ended yet");
    const counts = this.tally(runs);
    const ranked = counts.map((count, outcome) => ({ count, outcome })).filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
    const unfinished = runs.length < this.content.seeds ? `, ${inLanguage(`${runs.length} of ${this.content.seeds} runs so far`)}` : "";
    return ranked.map(({ count, outcome }) => `${inLanguage(this.content.outcomes[outcome].label)} ${count}`).join(", ") + unfinished;
  }
}

/** The place of the largest number, the first of several. @param {number[]} values */
export function largest(values) {
  return values.indexOf(Math.max(...values));
}

/** The value below which a share of sorted values lies, on straight lines between them. @param {number[]} sorted @param {number} share */
export function quantile(sorted, share) {
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === high ? low : low + (high - low) * (place - Math.floor(place));
}

/** A value on an axis with its unit, in as few characters as at its tick. @param {Axis} axis @param {number} index */
export function valueWords(axis, index) {
  const text = tickTexts(axis)[index];
  return axis.unit && axis.words[index] === null ? `${text} ${inLanguage(axis.unit)}` : text;
}

/**
 * The values on an axis in few characters: numbers with as many digits as tell them apart, at least three.
 * @param {Axis} axis
 */
export function tickTexts(axis) {
  const { values, words } = axis;
  const numbers = values.filter((_, index) => words[index] === null).map(Number);
  let digits = 3;
  while (digits < 12 && new Set(numbers.map((value) => value.toPrecision(digits))).size < new Set(numbers).size) digits++;
  return values.map((value, index) => {
    const word = words[index];
    return word === null ? formatSetting(Number(Number(value).toPrecision(digits))) : inLanguage(word);
  });
}

/** A number of a run, or the word for none. @param {number} value @param {MapNumber} number */
export function numberWords(value, { name, missing }) {
  if (!Number.isFinite(value)) return inLanguage(missing);
  return name === "fitted" ? formatCount(value) : name === "covered" ? String(Number(value.toFixed(1))) : formatReading(value);
}

/** The name of an axis with its scale. @param {Axis} axis */
export function axisTitle({ label, scale, unit }) {
  return `${inLanguage(label)}${unit ? ` in ${inLanguage(unit)}` : ""}${scale === "log" ? " (log)" : ""}`;
}
