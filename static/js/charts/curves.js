// @ts-check
/**
 * Several curves of one network: a conditional network has one for each label, and a generator with a latent of several
 * dimensions has one along each coordinate. A frame holds them one after the other.
 */

import { spread, valueAt } from "../plot/index.js";

/** @import {Frame, Scene} from "./types.js" */
/** @import {Store} from "../state/store.js" */

/**
 * The name of an axis: in a translation x is the source and y the target.
 * @param {Scene} scene @param {"x"|"z"} axis
 */
export function axisName(scene, axis) {
  return scene.back ? (axis === "z" ? "x" : "y") : axis;
}

/** The number of D's curves: one for each label. @param {Scene} scene */
export function discriminatorCurves(scene) {
  return Math.max(1, scene.classes.length);
}

/**
 * The k-th of several curves, as a view on all of them.
 * @param {Float32Array|Float64Array} values @param {number} count points of each curve @param {number} k
 */
export function curveOf(values, count, k) {
  return values.subarray(k * count, (k + 1) * count);
}

/** The k-th learned curve of D. @param {{scene: Scene, frame: Frame}} chart @param {number} k */
export function learnedCurve({ scene, frame }, k) {
  return curveOf(frame.arrays.discriminator, scene.grid.length, k);
}

/** The optimal curve against the same generator as the k-th learned one. @param {{scene: Scene, frame: Frame}} chart @param {number} k */
export function idealCurve({ scene, frame }, k) {
  return curveOf(frame.arrays.optimal_discriminator, scene.grid.length, k);
}

/**
 * The name of a curve: the network's letter, with the label if there are several ("G | −2"), or the coordinate of z.
 * @param {string} letter @param {Scene} scene @param {number} k
 */
export function curveName(letter, scene, k) {
  if (scene.classes.length > 1) return `${letter}\u2009|\u2009${scene.classes[k].name}`;
  return letter === "G" && scene.curves.length > 1 ? scene.curves[k] : letter;
}

/** Up to this many labels, names stand at the curves, which have their network's colour. */
export const FEW_LABELS = 3;

/**
 * The colour of the k-th of many labels, the same for both networks, in the order of x; null for few labels or none.
 * @param {import("./types.js").Theme} theme @param {Scene} scene @param {number} k
 */
export function labelColor(theme, { classes }, k) {
  if (classes.length <= FEW_LABELS) return null;
  return `color-mix(in oklab, ${theme.labelLast} ${Math.round((100 * k) / (classes.length - 1))}%, ${theme.labelFirst})`;
}

/**
 * The index of the curve that at `x` is nearest to `level`; undefined where there is only one.
 * @param {ArrayLike<number>} xs @param {Float32Array|Float64Array|undefined} values @param {number} x @param {number} level
 * @param {(k: number) => number} [handicap] added to the distance of a curve
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
 * The index of the curve under the pointer, or of the code that was chosen; undefined if there is none, or only one curve.
 * @param {Pick<Store, "hover"|"code">} store @param {number} total
 */
export function pointedCurve({ hover, code }, total) {
  const k = hover?.curve ?? code ?? total;
  return total > 1 && k < total ? k : undefined;
}

/**
 * Width factor and opacity of a curve: thinner among many, bold under the pointer and faint beside it.
 * @param {number} k @param {number} total @param {number|undefined} pointed
 * @returns {{part: number, alpha: number}} `part` of the line width
 */
export function lineWeight(k, total, pointed) {
  if (pointed !== undefined) return k === pointed ? { part: 1.35, alpha: 1 } : { part: 0.6, alpha: 0.45 };
  return { part: total > 8 ? 0.6 : total > 3 ? 0.8 : 1, alpha: 1 };
}

/**
 * Arrange the names at the ends of curves in rows that do not overlap. Short names share a row where there are more names
 * than rows; otherwise rows move closer together.
 * @template {{y: number}} Label
 * @param {Label[]} labels @param {number} gap @param {number} low @param {number} high
 * @param {{areShort: boolean, least: number}} options `least` names share a row in any case, to be nearer to their curves
 * @returns {{y: number, labels: Label[]}[]}
 */
export function packRows(labels, gap, low, high, { areShort, least }) {
  const sorted = labels.filter(({ y }) => Number.isFinite(y)).sort((a, b) => a.y - b.y);
  const each = areShort ? Math.max(least, Math.ceil(sorted.length / Math.max(1, Math.floor((high - low) / gap) + 1))) : 1;
  const rows = [];
  for (let i = 0; i < sorted.length; i += each) {
    const row = sorted.slice(i, i + each);
    rows.push({ y: row.reduce((sum, { y }) => sum + y, 0) / row.length, labels: row });
  }
  return spread(rows, Math.min(gap, (high - low) / Math.max(1, rows.length - 1)), low, high);
}
