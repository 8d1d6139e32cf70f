// @ts-check
/** What charts over the whole run share: their step axis, flags of changed settings, and names at the ends of curves. */

import { formatCount } from "../format.js";
import { axisX, bandPath, curve, font, linear, niceCeil, rule, spread, text, ticks, tint, widthOfWords } from "../plot/index.js";
import { momentsOf } from "../state/timeline.js";
import { isNarrow } from "./layout.js";

/** @import {ChartContext, PlotContext} from "./types.js" */
/** @import {Plot} from "../plot/axes.js" */
/** @import {Scale} from "../plot/index.js" */

/** Opacity of the band between the lowest and the highest value of each bucket of steps. */
const BAND = 0.3;
/** Opacity of the curves of another run. */
const GHOST = 0.35;
/** Opacity of the paper over what comes after the present step. */
const FAINT = 0.65;
/** End of the shortest step axis; from here on it grows in 1-2-5 jumps. */
const FIRST_END = 100;

/**
 * The style of a curve of another run: faint, or in the colour of the second run.
 * @param {Pick<ChartContext, "theme"|"store">} context @param {Parameters<typeof curve>[6]} style of the same curve of this run
 */
export function ghostStyle({ theme, store: { ghost } }, style) {
  return ghost?.hue ? { ...style, color: theme[ghost.hue] } : { ...style, alpha: GHOST };
}

/** The last step of the run. @param {Pick<ChartContext, "frame"|"store">} context */
function lastStep({ frame, store: { traces, losses, ghost } }) {
  return Math.max(ghost?.traces.step[ghost.traces.length - 1] ?? 0, frame?.step ?? 0, traces.step[traces.length - 1] ?? 0, losses.step[losses.length - 1] ?? 0);
}

/**
 * The scale of steps: from 0 to the next 1-2-5 number that holds the whole run, or to the end of a run that is over.
 * @param {ChartContext} context @param {Plot} plot
 */
export function stepScale(context, plot) {
  const last = lastStep(context);
  const end = context.store.timeline?.steps.length ? Math.max(1, last) : niceCeil(Math.max(FIRST_END, last));
  return linear(0, end, plot.left, plot.right);
}

/**
 * Where one looks at an earlier step, what comes after it is faint, and a line stands there.
 * @param {PlotContext} chart
 */
export function drawPlayhead(chart) {
  const { ctx, box, theme, plot, x, frame, store: { timeline, looking } } = chart;
  if (!frame || !(looking || timeline?.steps.length)) return;
  const at = x(frame.step);
  ctx.globalAlpha = FAINT;
  ctx.fillStyle = theme.paper;
  ctx.beginPath();
  ctx.rect(at, 0, box.width - at, plot.bottom - 1);
  ctx.fill();
  ctx.globalAlpha = 1;
  rule(chart, "vertical", at, { color: theme.ink, width: theme.line * 0.75 });
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
 * A numbered flag at each changed setting. Its words are shown by the pointer, and all of them are in the chart's label.
 * @param {PlotContext} chart
 */
export function drawMarks(chart) {
  const { ctx, theme, plot, x: steps, store: { marks } } = chart;
  ctx.font = font(theme);
  let free = plot.left - theme.size;
  marks.forEach(({ step }, i) => {
    const x = steps(step);
    if (!Number.isFinite(x) || x > plot.right + 1) return;
    rule(chart, "vertical", x, { color: theme.muted, width: 1, alpha: 0.5 });
    const half = ctx.measureText(String(i + 1)).width / 2;
    if (x - half < free) return;
    text(chart, String(i + 1), x, plot.top - theme.size * 0.3, { color: theme.muted, align: "center" });
    free = x + half + theme.size * 0.3;
  });
  for (const { step } of chart.store.diagnosisMarks) drawMoment(chart, step, "diagnosis");
  for (const { step } of chart.store.bookmarks) drawMoment(chart, step, "bookmark");
}

/**
 * A flag for a bookmark and a dot for a new diagnosis, on the axis.
 * @param {PlotContext} chart @param {number} step @param {"bookmark"|"diagnosis"} kind
 */
function drawMoment({ ctx, theme, plot, x }, step, kind) {
  const at = x(step);
  if (!Number.isFinite(at) || at > plot.right + 1) return;
  ctx.beginPath();
  if (kind === "diagnosis") ctx.arc(at, plot.bottom, theme.size * 0.22, 0, 2 * Math.PI);
  else {
    ctx.moveTo(at, plot.bottom);
    ctx.lineTo(at - theme.size * 0.35, plot.bottom - theme.size * 0.7);
    ctx.lineTo(at + theme.size * 0.35, plot.bottom - theme.size * 0.7);
    ctx.closePath();
  }
  tint(ctx, kind === "diagnosis" ? theme.muted : theme.real, 1);
}

/** All changes in words, for the label of a chart. @param {import("../state/store.js").Store} store */
export function marksInWords({ marks }) {
  const words = marks.map(({ step, label }, i) => `${i + 1}, at step ${step}: ${label}`);
  return words.length ? ` Changes: ${words.join("; ")}.` : "";
}

/** How near to a flag the pointer shows its words, in heights of text. */
const FLAG = 0.7;

/**
 * The step at a pixel: that of a flag near it, else the nearest one of the run.
 * @param {PlotContext} chart @param {number} px @returns {import("./types.js").Hover|null}
 */
export function stepAt(chart, px) {
  const { theme, plot, x, store } = chart;
  if (px < plot.left || px > plot.right + 1) return null;
  const flag = momentsOf(store).findLast(({ step }) => Math.abs(x(step) - px) < FLAG * theme.size);
  const step = flag?.step ?? Math.round(x.invert(px));
  return { axis: "step", value: Math.max(0, Math.min(lastStep(chart), step)) };
}

/**
 * The step under the pointer, the values there, and what was changed.
 * @param {PlotContext} chart @param {(step: number) => string} valuesAt
 */
export function readStep({ store }, valuesAt) {
  const { hover, marks } = store;
  if (hover?.axis !== "step") return "";
  const named = momentsOf(store).flatMap(({ step, text: words, kind }) => (step === hover.value && kind !== "change" ? [words] : []));
  const changes = marks.flatMap(({ step, label }, i) => (step === hover.value ? [`${i + 1} ${label}`] : []));
  return [`step ${formatCount(hover.value)}`, valuesAt(hover.value), ...named, ...changes].filter(Boolean).join("   ");
}

/**
 * A rule at the step under the pointer, with its words above the plot.
 * @param {PlotContext} chart @param {string} words
 */
export function drawStepHover(chart, words) {
  const { ctx, box, theme, plot, x, store: { hover } } = chart;
  if (hover?.axis !== "step" || !words) return;
  rule(chart, "vertical", x(hover.value), { color: theme.ink });
  ctx.font = font(theme);
  const half = widthOfWords(ctx, words) / 2;
  const middle = Math.max(half + 2, Math.min(box.width - half - 2, x(hover.value)));
  ctx.clearRect(middle - half - 4, 0, 2 * half + 8, plot.top - 1);
  text(chart, words, middle, plot.top - theme.size * 0.3, { color: theme.ink, align: "center", halo: false });
}

/**
 * The last value at or before a step; NaN before the first.
 * @param {ArrayLike<number>} steps rising @param {ArrayLike<number>|undefined} values @param {number} length @param {number} step
 */
export function valueAtStep(steps, values, length, step) {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low > 0 && values ? values[low - 1] : NaN;
}

/**
 * Names and present values at the ends of curves, moved apart where curves meet, and to the left at the edge of the canvas.
 * @param {PlotContext} chart @param {{words: string, y: number, color: string, bold?: boolean}[]} labels @param {number} x
 */
export function labelEnds(chart, labels, x) {
  const { ctx, box, theme, plot } = chart;
  for (const { words, y, color, bold = true } of spread(labels, theme.size * 1.15, plot.top, plot.bottom - theme.size * 0.4)) {
    ctx.font = font(theme, { bold });
    const left = Math.min(x + theme.size * 0.5, box.width - widthOfWords(ctx, words));
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
