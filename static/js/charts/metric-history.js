// @ts-check
/** One number over the whole run: its curve, the averaged generator's (thin), what it cannot pass (dashed), and its ideal (dotted). */

import { formatMetric } from "../format.js";
import { axisY, curve, decades, linear, logarithmic, rule, ticks, formatTick } from "../plot/index.js";
import { timeFrame, upTicks } from "./layout.js";
import { clamped, drawMarks, drawStepAxis, nameEnds, stepScale } from "./step-axis.js";

/** @import {Metric, Store, Theme} from "./types.js" */
/** @import {Plot} from "../plot/axes.js" */

/** Powers of ten below the highest value; what is lower lies on the floor. */
const DEPTH = 1e-5;
/** Room right of the plot for the words at the ends of the lines, in heights of text. */
const ROOM = 10;

/**
 * The number that was asked for, if this scene has it.
 * @param {Store} store @returns {Metric|undefined}
 */
export function metricAsked({ scene, asked }) {
  return asked ? scene?.metrics.find(({ name }) => name === asked) : undefined;
}

/** @param {Metric} metric @param {Store} store */
export function describeHistory(metric, { scene, frame, traces }) {
  if (!frame) return `${metric.label}: waiting for the server.`;
  const now = formatMetric(frame.scalars[metric.name] ?? NaN, metric.unit);
  const parts = [`${metric.label} over the whole run: ${now} at step ${frame.step}`];
  const values = traces.series[metric.name];
  const first = traces.length && values ? formatMetric(values[0], metric.unit) : "";
  if (first && first !== "–") parts.push(`${first} at step ${traces.step[0]}`);
  const bound = scene?.metrics.find(({ name }) => name === metric.bound);
  if (bound) parts.push(`${bound.label} ${formatMetric(frame.scalars[bound.name] ?? NaN, bound.unit)}`);
  if (metric.ideal_label) parts.push(metric.ideal_label);
  return `${parts.join("; ")}.`;
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {import("./types.js").Box} box @param {Metric} metric
 * @param {Store} store @param {Theme} theme
 */
export function drawHistory(ctx, box, metric, store, theme) {
  const { frame, traces } = store;
  const plot = timeFrame(box, theme, ROOM);
  const steps = stepScale(store, plot);
  const y = scaleOf(metric, store, plot);
  const format = metric.unit === "share" ? (/** @type {number} */ v) => formatMetric(v, metric.unit) : formatTick;
  if (metric.scale === "log") drawDecades(ctx, plot, y, theme);
  else axisY(ctx, plot, y, upTicks(y, plot.height, theme, 4), theme, { format });
  drawStepAxis(ctx, box, plot, steps, theme);
  drawMarks(ctx, store, plot, steps, theme);
  const level = clamped(y);
  const draw = (/** @type {string} */ name, /** @type {{color: string, width: number, dash?: number[], alpha?: number}} */ style) => {
    const values = traces.series[name];
    if (values) curve(ctx, traces.step, values, traces.length, steps, level, style);
  };
  const dash = [theme.line * 2.5, theme.line * 1.5];
  draw(`ema_${metric.name}`, { color: theme.ink, width: 1, alpha: 0.5 });
  if (metric.bound) draw(metric.bound, { color: theme.muted, width: theme.line * 0.75, dash });
  draw(metric.name, { color: theme.ink, width: theme.line * 0.75 });
  const ideal = drawIdeal(ctx, metric, plot, y, theme);
  // The words of the level stand right of the plot; where a curve's own words have come that far, all keep clear of each other.
  const end = frame ? steps(frame.step) : plot.left;
  const isNear = end > plot.right - theme.size * ROOM;
  if (!frame || !isNear) nameEnds(ctx, box, ideal, plot.right, plot, theme);
  if (!frame) return;
  const now = frame.scalars[metric.name] ?? NaN;
  const ends = [{ words: formatMetric(now, metric.unit), y: level(now), color: theme.ink, bold: true }];
  const bound = store.scene?.metrics.find(({ name }) => name === metric.bound);
  if (bound) {
    const best = frame.scalars[bound.name] ?? NaN;
    ends.push({ words: `${bound.label} ${formatMetric(best, bound.unit)}`, y: level(best), color: theme.muted, bold: false });
  }
  nameEnds(ctx, box, isNear ? [...ends, ...ideal] : ends, end, plot, theme);
}

/**
 * Powers of ten, as many as have room; small ones by their exponent, which is shorter.
 * @param {CanvasRenderingContext2D} ctx @param {Plot} plot @param {import("../plot/index.js").Scale} y @param {Theme} theme
 */
function drawDecades(ctx, plot, y, theme) {
  const all = decades(y.low, y.high);
  const every = Math.ceil((theme.size * 1.4) / (plot.height / Math.max(1, all.length - 1)));
  const format = (/** @type {number} */ value) => (value < 1e-3 ? value.toExponential().replace("-", "\u2212") : formatTick(value));
  axisY(ctx, plot, y, all.filter((_, i) => i % every === 0), theme, { format });
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Metric} metric @param {Plot} plot
 * @param {import("../plot/index.js").Scale} y @param {Theme} theme
 */
function drawIdeal(ctx, metric, plot, y, theme) {
  const { ideal, ideal_label: words } = metric;
  if (typeof ideal !== "number" || !words || ideal < y.low || ideal > y.high) return [];
  rule(ctx, "horizontal", y(ideal), plot.left, plot.right, { color: theme.muted, theme, dash: [theme.line, theme.line * 1.5] });
  return [{ words, y: y(ideal), color: theme.muted, bold: false }];
}

/**
 * An axis with both ends known stands still; any other holds the run so far, its ideal and its bound.
 * @param {Metric} metric @param {Store} store @param {Plot} plot
 */
function scaleOf(metric, { traces, frame }, plot) {
  const { low, high, scale, ideal } = metric;
  if (scale !== "log" && typeof low === "number" && typeof high === "number") return linear(low, high, plot.bottom, plot.top);
  const span = { low: Infinity, high: -Infinity };
  const take = (/** @type {number|null|undefined} */ value) => {
    if (typeof value !== "number" || !Number.isFinite(value) || (scale === "log" && value <= 0)) return;
    span.low = Math.min(span.low, value);
    span.high = Math.max(span.high, value);
  };
  for (const name of [metric.name, metric.bound ?? ""]) {
    const values = traces.series[name];
    for (let i = 0; values && i < traces.length; i++) take(values[i]);
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
 * Ends on round numbers, so that the axis seldom moves.
 * @param {{low: number, high: number}} span @param {Plot} plot
 */
function rounded({ low, high }, plot) {
  const [first, second] = ticks(0, Math.max(high - low, 1e-3), 4);
  const step = second - first;
  return linear(Math.floor(low / step) * step, Math.ceil(high / step + 1e-9) * step, plot.bottom, plot.top);
}
