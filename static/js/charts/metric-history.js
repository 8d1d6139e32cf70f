// @ts-check
/** One metric over the whole run: its curve, the averaged generator's (thin), its bound (dashed), and its ideal (dotted). */

import { formatMetric, formatTick } from "../format.js";
import { axisY, decades, linear, logarithmic, rule, ticks } from "../plot/index.js";
import { seriesOf } from "../state/history.js";
import { ticksUp, timePlot } from "./layout.js";
import { clamped, drawMarks, drawPlayhead, drawSeries, drawStepAxis, ghostStyle, labelEnds, stepScale } from "./step-axis.js";

/** @import {ChartContext, Metric, PlotContext} from "./types.js" */
/** @import {Plot} from "../plot/axes.js" */
/** @import {Store} from "../state/store.js" */

/** A logarithmic axis ends at this share of the highest value; lower values are drawn at its end. */
const DEPTH = 1e-5;
/** Margin right of the plot for the words at the ends of the curves, in heights of text. */
const MARGIN = 10;

/**
 * The metric selected on the scoreboard, if this scene has it.
 * @param {Store} store @returns {Metric|undefined}
 */
export function selectedMetric({ scene, selectedMetric: name }) {
  return name ? scene?.metrics.find((metric) => metric.name === name) : undefined;
}

/** @param {Metric} metric @param {Store} store */
export function describeHistory(metric, store) {
  const { scene, frame } = store;
  if (!frame) return `${metric.label}: waiting for the server.`;
  const now = formatMetric(frame.scalars[metric.name] ?? NaN, metric.unit);
  const parts = [`${metric.label} over the whole run: ${now} at step ${frame.step}`];
  const series = seriesOf(store, metric.name);
  const first = series?.length ? formatMetric(series.last[0], metric.unit) : "";
  if (series && first && first !== "–") parts.push(`${first} at step ${series.step[0]}`);
  const bound = scene?.metrics.find(({ name }) => name === metric.bound);
  if (bound) parts.push(`${bound.label} ${formatMetric(frame.scalars[bound.name] ?? NaN, bound.unit)}`);
  if (metric.ideal_label) parts.push(metric.ideal_label);
  return `${parts.join("; ")}.`;
}

/** The plot and the axes of a metric. @param {ChartContext} context @param {Metric} metric @returns {PlotContext} */
export function historyContext(context, metric) {
  const plot = timePlot(context, MARGIN);
  return { ...context, plot, x: stepScale(context, plot), y: scaleOf(metric, context, plot) };
}

/** @param {ChartContext} context @param {Metric} metric */
export function drawHistory(context, metric) {
  const { theme, scene, frame, store } = context;
  const chart = historyContext(context, metric);
  const { plot, y } = chart;
  if (metric.scale === "log") axisY(chart, y, decadeTicks(chart), formatDecade);
  else axisY(chart, y, ticksUp(y, plot.height, theme, 4), metric.unit === "share" ? (value) => formatMetric(value, "share") : formatTick);
  drawStepAxis(chart);
  drawMarks(chart);
  const level = clamped(y);
  const draw = (/** @type {string} */ name, /** @type {{color: string, width: number, dash?: number[], alpha?: number}} */ style) =>
    drawSeries(chart, seriesOf(store, name), level, style);
  draw(`ema_${metric.name}`, { color: theme.ink, width: 1, alpha: 0.5 });
  if (metric.bound) draw(metric.bound, { color: theme.muted, width: theme.line * 0.75, dash: [theme.line * 2.5, theme.line * 1.5] });
  if (store.ghost) drawSeries(chart, seriesOf(store.ghost, metric.name), level, ghostStyle(chart, { color: theme.ink, width: theme.line * 0.75 }));
  draw(metric.name, { color: theme.ink, width: theme.line * 0.75 });
  drawPlayhead(chart);
  const ideal = drawIdeal(chart, metric);
  // The ideal's label stands right of the plot. Once the label of the curve comes that far, they are spread together.
  const end = frame ? chart.x(frame.step) : plot.left;
  const isNear = end > plot.right - theme.size * MARGIN;
  if (!frame || !isNear) labelEnds(chart, ideal, plot.right);
  if (!frame) return;
  const now = frame.scalars[metric.name] ?? NaN;
  const ends = [{ words: formatMetric(now, metric.unit), y: level(now), color: theme.ink, bold: true }];
  const bound = scene.metrics.find(({ name }) => name === metric.bound);
  if (bound) {
    const best = frame.scalars[bound.name] ?? NaN;
    ends.push({ words: `${bound.label} ${formatMetric(best, bound.unit)}`, y: level(best), color: theme.muted, bold: false });
  }
  labelEnds(chart, isNear ? [...ends, ...ideal] : ends, end);
}

/**
 * The powers of ten on the y axis, or every second, third, … where their numbers would overlap.
 * @param {PlotContext} chart
 */
export function decadeTicks({ theme, plot, y }) {
  const all = decades(y.low, y.high);
  const every = Math.ceil((theme.size * 1.4) / (plot.height / Math.max(1, all.length - 1)));
  return all.filter((_, i) => i % every === 0);
}

/** Small powers of ten by their exponent, which is shorter. @param {number} value */
function formatDecade(value) {
  return value < 1e-3 ? value.toExponential().replace("-", "\u2212") : formatTick(value);
}

/** @param {PlotContext} chart @param {Metric} metric */
function drawIdeal(chart, { ideal, ideal_label: words }) {
  const { theme, y } = chart;
  if (typeof ideal !== "number" || !words || ideal < y.low || ideal > y.high) return [];
  rule(chart, "horizontal", y(ideal), { color: theme.muted, dash: [theme.line, theme.line * 1.5] });
  return [{ words, y: y(ideal), color: theme.muted, bold: false }];
}

/**
 * An axis with both ends known is fixed; any other holds the run so far, its ideal and its bound.
 * @param {Metric} metric @param {ChartContext} context @param {Plot} plot
 */
function scaleOf(metric, { frame, store }, plot) {
  const { low, high, scale, ideal } = metric;
  if (scale !== "log" && typeof low === "number" && typeof high === "number") return linear(low, high, plot.bottom, plot.top);
  const span = { low: Infinity, high: -Infinity };
  const take = (/** @type {number|null|undefined} */ value) => {
    if (typeof value !== "number" || !Number.isFinite(value) || (scale === "log" && value <= 0)) return;
    span.low = Math.min(span.low, value);
    span.high = Math.max(span.high, value);
  };
  for (const name of [metric.name, metric.bound ?? ""]) {
    const series = seriesOf(store, name);
    for (let i = 0; series && i < series.length; i++) {
      take(series.low[i]);
      take(series.high[i]);
    }
    take(frame?.scalars[name]);
  }
  if (scale !== "log") take(ideal);
  if (!(span.high >= span.low)) Object.assign(span, scale === "log" ? { low: 1e-3, high: 1 } : { low: 0, high: 1 });
  if (scale !== "log") return rounded(span, plot);
  const top = 10 ** Math.ceil(Math.log10(span.high) + 1e-9);
  const floor = 10 ** Math.floor(Math.log10(Math.max(span.low, top * DEPTH)) + 1e-9);
  return logarithmic(Math.min(floor, top / 10), top, plot.bottom, plot.top);
}

/**
 * A linear scale with round ends, so that the axis seldom moves.
 * @param {{low: number, high: number}} span @param {Plot} plot
 */
function rounded({ low, high }, plot) {
  const [first, second] = ticks(0, Math.max(high - low, 1e-3), 4);
  const step = second - first;
  return linear(Math.floor(low / step) * step, Math.ceil(high / step + 1e-9) * step, plot.bottom, plot.top);
}
