// @ts-check
/**
 * Several curves of one network. One that is told labels has a curve for each of them, and a generator of several
 * coordinates has one along each; in a frame they lie one behind the other.
 */

import { spread, valueAt } from "../plot/index.js";

/** @import {Scene, Store} from "./types.js" */

/** How many curves D has: one for each label. @param {Scene} scene */
export function judgesOf(scene) {
  return Math.max(1, scene.classes.length);
}

/**
 * The k-th of several curves, as a view on all of them.
 * @param {Float32Array} values @param {number} count points of each curve @param {number} k
 */
export function curveOf(values, count, k) {
  return values.subarray(k * count, (k + 1) * count);
}

/**
 * The name of a curve: the network's letter, with one label of several ("G | −2"), or the coordinate that G's runs along.
 * @param {string} letter @param {Scene} scene @param {number} k
 */
export function nameOf(letter, scene, k) {
  if (scene.classes.length > 1) return `${letter}\u2009|\u2009${scene.classes[k].name}`;
  return letter === "G" && scene.curves.length > 1 ? scene.curves[k] : letter;
}

/**
 * The curve of several that is nearest at one place to a level; undefined where there is only one.
 * @param {ArrayLike<number>} xs @param {Float32Array|undefined} values @param {number} x @param {number} level
 * @param {(k: number) => number} [handicap] how much nearer than others a curve has to be
 * @returns {number|undefined}
 */
export function nearestCurve(xs, values, x, level, handicap = () => 0) {
  const total = values ? values.length / xs.length : 0;
  if (!values || total < 2) return undefined;
  let nearest;
  let least = Infinity;
  for (let k = 0; k < total; k++) {
    const distance = Math.abs(valueAt(xs, curveOf(values, xs.length, k), x) - level) + handicap(k);
    if (distance >= least || Number.isNaN(distance)) continue;
    least = distance;
    nearest = k;
  }
  return nearest;
}

/**
 * Which of so many curves is pointed at; undefined if none is, or if there is only one.
 * @param {Store} store @param {number} total
 */
export function pointedCurve({ hover }, total) {
  return total > 1 && hover?.curve !== undefined && hover.curve < total ? hover.curve : undefined;
}

/**
 * How firmly a curve is drawn: as ever if it is alone, lighter among many, bold or faint where one is pointed at.
 * @param {number} k @param {number} total @param {number|undefined} pointed
 * @returns {{part: number, alpha: number}} of the width of a line
 */
export function firmness(k, total, pointed) {
  if (pointed !== undefined) return k === pointed ? { part: 1.35, alpha: 1 } : { part: 0.6, alpha: 0.45 };
  return { part: total > 8 ? 0.6 : total > 3 ? 0.8 : 1, alpha: 1 };
}

/**
 * Names beside the ends of curves, none over another. Where there are more names than rows, neighbours share a row, if
 * they are short enough for that; else rows move together.
 * @template {{y: number}} Label
 * @param {Label[]} labels @param {number} gap @param {number} low @param {number} high
 * @param {{areShort: boolean, least: number}} how and how many share a row in any case, to be nearer to their curves
 * @returns {{y: number, labels: Label[]}[]}
 */
export function inRows(labels, gap, low, high, { areShort, least }) {
  const sorted = labels.filter(({ y }) => Number.isFinite(y)).sort((a, b) => a.y - b.y);
  const each = areShort ? Math.max(least, Math.ceil(sorted.length / Math.max(1, Math.floor((high - low) / gap) + 1))) : 1;
  const rows = [];
  for (let i = 0; i < sorted.length; i += each) {
    const row = sorted.slice(i, i + each);
    rows.push({ y: row.reduce((sum, { y }) => sum + y, 0) / row.length, labels: row });
  }
  return spread(rows, Math.min(gap, (high - low) / Math.max(1, rows.length - 1)), low, high);
}
