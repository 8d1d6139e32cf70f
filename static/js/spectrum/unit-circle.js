// @ts-check
/** The unit circle of a discrete update with its axes, and eigenvalues beside it: inside, distances shrink. */

import { formatReading } from "../format.js";
import { rule, text } from "../plot/index.js";

/** @import {Theme} from "../charts/types.js" */

/** End of the axes. */
const CIRCLE = 1.28;

/**
 * @param {{ctx: CanvasRenderingContext2D, theme: Theme}} surface
 * @param {{cx: number, cy: number, side: number}} square its middle and its length
 * @returns {(value: number[]) => [number, number]} where an eigenvalue, real and imaginary part, is drawn; one beyond the axes at their end
 */
export function drawUnitCircle({ ctx, theme }, { cx, cy, side }) {
  const scale = side / 2 / CIRCLE;
  const plot = { left: cx - side / 2, right: cx + side / 2, top: cy - side / 2, bottom: cy + side / 2, width: side, height: side };
  const surface = { ctx, theme, plot };
  rule(surface, "horizontal", cy, { color: theme.axis, width: 1 });
  rule(surface, "vertical", cx, { color: theme.axis, width: 1 });
  ctx.beginPath();
  ctx.arc(cx, cy, scale, 0, 2 * Math.PI);
  ctx.globalAlpha = 0.07;
  ctx.fillStyle = theme.ink;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = theme.line * 0.75;
  ctx.strokeStyle = theme.ink;
  ctx.stroke();
  text(surface, "settles", cx, cy + scale * 0.55, { color: theme.muted, align: "center", halo: false });
  text(surface, "1", cx + scale + theme.size * 0.7, cy + theme.size * 1.1, { color: theme.muted });
  text(surface, "i", cx + theme.size * 0.4, cy - scale - theme.size * 0.25, { color: theme.muted });
  return ([re, im]) => {
    const far = Math.max(1, Math.hypot(re, im) / CIRCLE);
    return [cx + (scale * re) / far, cy - (scale * im) / far];
  };
}

/** @param {number[]} value real and imaginary part */
export function complexWords([re, im]) {
  if (Math.abs(im) < 1e-9) return formatReading(re);
  return `${formatReading(re)} ${im < 0 ? "−" : "+"} ${formatReading(Math.abs(im))}i`;
}

/** A rate with so many decimals that it differs from 1 in two digits. @param {number} rate */
export function rateWords(rate) {
  const difference = Math.abs(rate - 1);
  if (difference < 1e-9) return "1";
  return rate.toFixed(Math.max(2, Math.ceil(-Math.log10(difference)) + 1));
}
