// @ts-check
/** What charts over the whole run share: their step axis, flags of changed settings, and names at the ends of curves. */

import { axisX, bandPath, curve, font, linear, niceCeil, rule, spread, text, ticks, tint } from "../plot/index.js";
import { isNarrow } from "./layout.js";

/** @import {ChartContext, PlotContext} from "./types.js" */
/** @import {Plot} from "../plot/axes.js" */
/** @import {Scale} from "../plot/index.js" */

/** Opacity of the band between the lowest and the highest value of each bucket of steps. */
const BAND = 0.3;
/** End of the shortest step axis; from here on it grows in 1-2-5 jumps. */
const FIRST_END = 100;

/**
 * The scale of steps: from 0 to the next 1-2-5 number that holds the whole run.
 * @param {ChartContext} context @param {Plot} plot
 */
export function stepScale({ frame, store: { traces, losses } }, plot) {
  const last = Math.max(frame?.step ?? 0, traces.step[traces.length - 1] ?? 0, losses.step[losses.length - 1] ?? 0);
  return linear(0, niceCeil(Math.max(FIRST_END, last)), plot.left, plot.right);
}

/** @param {PlotContext} chart */
export function drawStepAxis(chart) {
  const count = Math.max(1, Math.min(5, Math.floor(chart.plot.width / (chart.theme.size * 6))));
  axisX(chart, chart.x, ticks(0, chart.x.high, count), isNarrow(chart) ? "" : "step");
}

/**
 * A curve of the last value of each bucket, over a band from the lowest to the highest where a bucket has several steps.
 * @param {PlotContext} chart @param {ReturnType<typeof import("../state/history.js").seriesOf>} series
 * @param {(value: number) => number} level @param {Parameters<typeof curve>[6]} style
 */
export function drawSeries({ ctx, x }, series, level, style) {
  if (!series) return;
  const { step, length, last, low, high } = series;
  if (low !== last && step[0] > 1) {
    bandPath(ctx, step.subarray(0, length), high, low, x, level);
    tint(ctx, style.color, BAND * (style.alpha ?? 1));
  }
  curve(ctx, step, last, length, x, level, style);
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
