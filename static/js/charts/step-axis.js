// @ts-check
/** What the charts of the whole run share: their step axis, the flags of changed knobs, and names at the ends of lines. */

import { axisX, font, linear, niceCeil, rule, spread, text, ticks, formatTick } from "../plot/index.js";
import { isNarrow } from "./layout.js";

/** @import {Box, Store, Theme} from "./types.js" */
/** @import {Plot} from "../plot/axes.js" */
/** @import {Scale} from "../plot/index.js" */

/** The shortest step axis; from here its right end moves in 1-2-5 jumps. */
const FIRST_END = 100;

/**
 * The step axis: from 0 to the next 1-2-5 number that holds the whole run.
 * @param {Store} store @param {Plot} plot
 */
export function stepScale({ frame, traces }, plot) {
  const last = Math.max(frame?.step ?? 0, traces.length ? traces.step[traces.length - 1] : 0);
  return linear(0, niceCeil(Math.max(FIRST_END, last)), plot.left, plot.right);
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Box} box @param {Plot} plot @param {Scale} steps @param {Theme} theme
 */
export function drawStepAxis(ctx, box, plot, steps, theme) {
  const room = Math.max(1, Math.min(5, Math.floor(plot.width / (theme.size * 6))));
  axisX(ctx, plot, steps, ticks(0, steps.high, room), theme, { name: isNarrow(box, theme) ? "" : "step", format: formatTick });
}

/**
 * A thin mast at each changed knob; its words stand above while there is room, the latest change first.
 * @param {CanvasRenderingContext2D} ctx @param {Store} store @param {Plot} plot @param {Scale} steps @param {Theme} theme
 * @param {number} [end] where the words have to end; without it there are none
 */
export function drawMarks(ctx, { marks }, plot, steps, theme, end) {
  let free = Infinity;
  ctx.font = font(theme);
  for (let i = marks.length - 1; i >= 0; i--) {
    const x = steps(marks[i].step);
    if (!Number.isFinite(x) || x > plot.right + 1) continue;
    rule(ctx, "vertical", x, plot.top, plot.bottom, { color: theme.muted, theme, width: 1, alpha: 0.5 });
    if (end === undefined) continue;
    const width = ctx.measureText(marks[i].label).width;
    const left = Math.min(x, end - width);
    if (left + width > free - theme.size || left < plot.left - 1) continue;
    text(ctx, marks[i].label, left, plot.top - theme.size * 0.45, { color: theme.muted, theme });
    free = left;
  }
}

/**
 * Names and present values at the ends of lines, moved apart where lines meet, and back where the box ends.
 * @param {CanvasRenderingContext2D} ctx @param {Box} box @param {{words: string, y: number, color: string, bold?: boolean}[]} labels
 * @param {number} x @param {Plot} plot @param {Theme} theme
 */
export function nameEnds(ctx, box, labels, x, plot, theme) {
  for (const label of spread(labels, theme.size * 1.15, plot.top, plot.bottom - theme.size * 0.4)) {
    const style = { color: label.color, theme, baseline: /** @type {const} */ ("middle"), bold: label.bold ?? true };
    ctx.font = font(theme, style);
    const left = Math.min(x + theme.size * 0.5, box.width - ctx.measureText(label.words).width);
    text(ctx, label.words, left, label.y, style);
  }
}

/**
 * A scale that keeps what leaves the axis at its edge, where it can still be seen.
 * @param {Scale} scale @returns {(value: number) => number}
 */
export function clamped(scale) {
  return (value) => scale(Math.min(scale.high, Math.max(scale.low, value)));
}
