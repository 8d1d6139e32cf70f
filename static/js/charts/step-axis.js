// @ts-check
/** What charts over the whole run share: their step axis, flags of changed settings, and names at the ends of curves. */

import { axisX, font, linear, niceCeil, rule, spread, text, ticks } from "../plot/index.js";
import { isNarrow } from "./layout.js";

/** @import {ChartContext, PlotContext} from "./types.js" */
/** @import {Plot} from "../plot/axes.js" */
/** @import {Scale} from "../plot/index.js" */

/** End of the shortest step axis; from here on it grows in 1-2-5 jumps. */
const FIRST_END = 100;

/**
 * The scale of steps: from 0 to the next 1-2-5 number that holds the whole run.
 * @param {ChartContext} context @param {Plot} plot
 */
export function stepScale({ frame, store: { traces } }, plot) {
  const last = Math.max(frame?.step ?? 0, traces.length ? traces.step[traces.length - 1] : 0);
  return linear(0, niceCeil(Math.max(FIRST_END, last)), plot.left, plot.right);
}

/** @param {PlotContext} chart */
export function drawStepAxis(chart) {
  const count = Math.max(1, Math.min(5, Math.floor(chart.plot.width / (chart.theme.size * 6))));
  axisX(chart, chart.x, ticks(0, chart.x.high, count), isNarrow(chart) ? "" : "step");
}

/**
 * A vertical rule at each changed setting, with words above it while there is space, the latest change first.
 * @param {PlotContext} chart @param {number} [end] where the words have to end; without it there are none
 */
export function drawMarks(chart, end) {
  const { ctx, theme, plot, x: steps, store: { marks } } = chart;
  let free = Infinity;
  ctx.font = font(theme);
  for (let i = marks.length - 1; i >= 0; i--) {
    const x = steps(marks[i].step);
    if (!Number.isFinite(x) || x > plot.right + 1) continue;
    rule(chart, "vertical", x, { color: theme.muted, width: 1, alpha: 0.5 });
    if (end === undefined) continue;
    const width = ctx.measureText(marks[i].label).width;
    const left = Math.min(x, end - width);
    if (left + width > free - theme.size || left < plot.left - 1) continue;
    text(chart, marks[i].label, left, plot.top - theme.size * 0.45, { color: theme.muted });
    free = left;
  }
}

/**
 * Names and present values at the ends of curves, moved apart where curves meet, and to the left at the edge of the canvas.
 * @param {PlotContext} chart @param {{words: string, y: number, color: string, bold?: boolean}[]} labels @param {number} x
 */
export function labelEnds(chart, labels, x) {
  const { ctx, box, theme, plot } = chart;
  for (const { words, y, color, bold = true } of spread(labels, theme.size * 1.15, plot.top, plot.bottom - theme.size * 0.4)) {
    ctx.font = font(theme, { bold });
    const left = Math.min(x + theme.size * 0.5, box.width - ctx.measureText(words).width);
    text(chart, words, left, y, { color, bold, baseline: "middle" });
  }
}

/**
 * A scale that draws values beyond the axis at its edge.
 * @param {Scale} scale @returns {(value: number) => number}
 */
export function clamped(scale) {
  return (value) => scale(Math.min(scale.high, Math.max(scale.low, value)));
}
