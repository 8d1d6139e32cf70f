// @ts-check
/**
 * Two distances from fake to real over the whole run, for the generator and (thin) the averaged generator; or the history
 * of the metric that is selected on the scoreboard.
 */

import { formatMetric, formatReading, formatTick, powerOfTen } from "../format.js";
import { axisY, curve, logarithmic, NOTE, text } from "../plot/index.js";
import { timePlot } from "./layout.js";
import { decadeTicks, describeHistory, drawHistory, historyContext, selectedMetric } from "./metric-history.js";
import { clamped, drawMarks, drawPlayhead, drawStepAxis, drawStepHover, ghostStyle, labelEnds, readStep, stepAt, stepScale, valueAtStep } from "./step-axis.js";

/** @import {PlotContext, Scene} from "./types.js" */

/** The lowest distance drawn: below it, 256 samples could not tell fake from real. */
const LOWEST = 1e-3;
/** On an x axis whose length is between these, distances on x and JS share a scale as they are. */
const ORDINARY_LENGTHS = { low: 0.1, high: 1e4 };
/**
 * The distances, with the name at the end of each curve. The last is the distance to the training samples, where they are
 * fixed: under memorization it falls while the first does not.
 */
const DISTANCES = /** @type {const} */ ([
  { name: "wasserstein1", short: "W₁", color: "ink", dash: null, isOnX: true },
  { name: "jensen_shannon", short: "JS", color: "muted", dash: [2.5, 1.5], isOnX: false },
  { name: "points_wasserstein1", short: "training", color: "realText", dash: [0.75, 1.25], isOnX: true },
]);

/** @type {import("./types.js").Chart} */
export const distances = {
  id: "distances",
  title: "Distance between real and fake",

  describe(store) {
    const { scene, frame } = store;
    const metric = selectedMetric(store);
    if (metric) return describeHistory(metric, store);
    if (!scene || !frame) return "Distance between real and fake: waiting for the server.";
    const labelOf = (/** @type {string} */ name) => scene.metrics.find((one) => one.name === name)?.label ?? name;
    const parts = distancesOf(scene).map(({ name }) => `${labelOf(name)} ${formatReading(frame.scalars[name])}`);
    return `Distance between real and fake at step ${frame.step}: ${parts.join(", ")}.`;
  },

  draw(context) {
    const { ctx, theme, scene, frame, store } = context;
    const metric = selectedMetric(store);
    if (metric) {
      drawHistory(context, metric);
      drawStepHover(distancesContext(context), distances.read?.(context) ?? "");
      return;
    }
    const { traces, ghost } = store;
    const shown = distancesOf(scene);
    const chart = distancesContext(context);
    const { plot, y } = chart;
    axisY(chart, y, decadeTicks(chart), formatTick);
    drawStepAxis(chart);
    drawMarks(chart);
    const power = powerOf(scene);
    if (power !== 0) text(chart, `W₁ ×${powerOfTen(power)}`, plot.left, plot.top - theme.size * NOTE, { color: theme.muted, halo: false });
    const levelOf = clamped(y);
    const ends = [];
    for (const { name, short, color: role, dash: pattern, isOnX } of shown) {
      const level = (/** @type {number} */ value) => levelOf(isOnX ? value / 10 ** power : value);
      const color = theme[role];
      const dash = pattern?.map((length) => theme.line * length);
      const draw = (/** @type {ArrayLike<number>|undefined} */ values, /** @type {{width: number, alpha?: number}} */ style) => {
        if (values) curve(ctx, traces.step, values, traces.length, chart.x, level, { color, dash, ...style });
      };
      // Another run lies below this one, which it would cover where both are alike.
      if (ghost) curve(ctx, ghost.traces.step, ghost.traces.series[name] ?? [], ghost.traces.length, chart.x, level, ghostStyle(chart, { color, dash, width: theme.line * 0.75 }));
      draw(traces.series[`ema_${name}`], { width: 1, alpha: 0.5 });
      draw(traces.series[name], { width: theme.line * 0.75 });
      if (frame) ends.push({ words: `${short} ${formatReading(frame.scalars[name])}`, y: level(frame.scalars[name]), color });
    }
    drawPlayhead(chart);
    if (frame) labelEnds(chart, ends, chart.x(frame.step));
    drawStepHover(chart, distances.read?.(context) ?? "");
  },

  hoverAt: (context, px) => stepAt(distancesContext(context), px),

  read(context) {
    const { scene, store, store: { traces } } = context;
    const metric = selectedMetric(store);
    const valueOf = (/** @type {string} */ name, /** @type {number} */ step) => valueAtStep(traces.step, traces.series[name], traces.length, step);
    return readStep(distancesContext(context), (step) =>
      metric
        ? formatMetric(valueOf(metric.name, step), metric.unit)
        : distancesOf(scene).map(({ name, short }) => `${short} ${formatReading(valueOf(name, step))}`).join("   "),
    );
  },
};

/** @param {import("./types.js").ChartContext} context @returns {PlotContext} with the axes of the distances, or of the selected metric */
export function distancesContext(context) {
  const metric = selectedMetric(context.store);
  if (metric) return historyContext(context, metric);
  const plot = timePlot(context, distancesOf(context.scene).length < DISTANCES.length ? 6.4 : 8);
  const y = logarithmic(LOWEST, highestOf(context.scene), plot.bottom, plot.top);
  return { ...context, plot, x: stepScale(context, plot), y };
}

/** The distances that this scene has. @param {Scene} scene */
export function distancesOf(scene) {
  return DISTANCES.filter(({ name }) => name !== "points_wasserstein1" || scene.training_points > 0);
}

/**
 * The power of ten in which distances on x are drawn: 0 on an ordinary axis, else that of its length.
 * @param {Scene} scene
 */
function powerOf({ x_axis: { low, high } }) {
  const length = high - low;
  return length >= ORDINARY_LENGTHS.low && length <= ORDINARY_LENGTHS.high ? 0 : Math.floor(Math.log10(length));
}

/** The power of ten above the longest distance on the x axis: from end to end. @param {Scene} scene */
function highestOf(scene) {
  const length = (scene.x_axis.high - scene.x_axis.low) / 10 ** powerOf(scene);
  return 10 ** Math.ceil(Math.log10(Math.max(1, length)) - 1e-9);
}
