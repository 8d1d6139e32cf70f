// @ts-check
/** What the charts of a spectrum show, and what they draw and say alike. */

import { formatReading, formatTick, powerOfTen } from "../format.js";
import { complexWords } from "./unit-circle.js";

/** @import {Theme} from "../charts/types.js" */
/** @import {PathAngleFound, SpectrumFound} from "../connection/wire.js" */

/**
 * @typedef {object} SpectrumView what the charts show
 * @property {SpectrumFound|null} found
 * @property {PathAngleFound|null} path
 * @property {boolean} isLinear whether the distance from 0 has a linear scale
 * @property {number} rate step size of plain gradient descent
 * @property {number|null} pointed the eigenvalue, or the place on the path, that is read
 */

/** One of many dots, of which those below others can be seen. @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {Theme} theme */
export function eigenvalue(ctx, x, y, theme) {
  ctx.beginPath();
  ctx.arc(x, y, theme.size * 0.24, 0, 2 * Math.PI);
  ctx.fillStyle = theme.labelFirst;
  ctx.globalAlpha = 0.65;
  ctx.fill();
  ctx.globalAlpha = 1;
}

/** A power of ten as a label. @param {number} size */
export function powerWords(size) {
  return size >= 0.01 && size <= 1000 ? formatTick(size) : powerOfTen(Math.round(Math.log10(size)));
}

/** What is pointed at, in words; "" for nothing. @param {SpectrumView} view @param {boolean} isPath */
export function pointedInWords({ found, path, pointed }, isPath) {
  if (pointed === null) return "";
  if (isPath) {
    if (!path || !(pointed in path.shares)) return "";
    return `At ${Math.round(path.shares[pointed] * 100)} % of the way: cosine ${formatReading(path.cosines[pointed] ?? NaN)}, length of the gradients ${formatReading(path.norms[pointed])}`;
  }
  const value = found?.eigenvalues[pointed];
  return value && found ? `${pointed + 1} of ${found.eigenvalues.length}: ${complexWords(value)}, ${natureOf(value)}` : "";
}

/** What an eigenvalue does. @param {number[]} value */
export function natureOf([re, im]) {
  const side = re > 0 ? "attracts" : re < 0 ? "repels" : "stays";
  return Math.abs(im) > Math.abs(re) ? `${side}, turns` : side;
}
