// @ts-check
/** Both losses at every step of the run, with their values at equilibrium and a flag for each changed setting. */

import { formatFixed } from "../format.js";
import { axisY, linear, rule, text } from "../plot/index.js";
import { seriesOf } from "../state/history.js";
import { isNarrow, ticksUp, timePlot } from "./layout.js";
import { clamped, drawMarks, drawPlayhead, drawSeries, drawStepAxis, drawStepHover, ghostStyle, labelEnds, marksInWords, readStep, stepAt, stepScale, valueAtStep } from "./step-axis.js";

/** @import {PlotContext} from "./types.js" */

/** Width of the names of the curves with their values, in heights of text. */
const NAMES = 5;
/** Least height of a plot with more words than the names of its curves, in heights of text. */
const ROWS = 2.5;
/** Margin right of the plot, in heights of text. */
const MARGIN = 7;
/** References closer than this are drawn as one line. */
const SAME = 1e-3;

/** The losses. Those of a second run have one colour, so G's is dashed there. */
export const LOSSES = /** @type {const} */ ([
  { name: "loss_g", player: "generator", letter: "G", dash: [2, 1] },
  { name: "loss_d", player: "discriminator", letter: "D", dash: undefined },
]);

/** @type {import("./types.js").Chart} */
export const losses = {
  id: "losses",
  title: "Losses",

  describe(store) {
    const { scene, frame } = store;
    if (!scene || !frame) return "Losses: waiting for the server.";
    const { loss_d, loss_g } = frame.scalars;
    if (!Number.isFinite(loss_d) && !Number.isFinite(loss_g)) return "Losses: nothing measured yet.";
    const lines = scene.references.map((line) => `${line.series === "loss_d" ? "discriminator" : "generator"} ${line.label}`).join(", ");
    const balance = lines ? `; in balance: ${lines}` : "";
    return `Losses at step ${frame.step}: discriminator ${formatFixed(loss_d)}, generator ${formatFixed(loss_g)}${balance}.${marksInWords(store)}`;
  },

  draw(context) {
    const { theme, frame, store } = context;
    const chart = lossesContext(context);
    const { plot, x, y } = chart;
    axisY(chart, y, ticksUp(y, plot.height, theme, 4));
    drawStepAxis(chart);
    const references = drawReferences(chart);
    drawMarks(chart);
    const level = clamped(y);
    for (const { name, player, dash } of LOSSES) {
      const color = theme[player];
      const pattern = store.ghost?.hue ? dash?.map((length) => theme.line * length) : undefined;
      if (store.ghost) drawSeries(chart, seriesOf(store.ghost, name), level, ghostStyle(chart, { color, dash: pattern, width: theme.line * 0.6 }));
      drawSeries(chart, seriesOf(store, name), level, { color, width: theme.line * 0.6 });
    }
    const hasRows = plot.height > ROWS * theme.size;
    if (!isNarrow(chart) && hasRows) labelExtremes(chart);
    drawPlayhead(chart);
    const end = frame ? x(frame.step) : plot.left;
    const isNear = end > plot.right - theme.size * NAMES;
    const names = namesOf(chart, frame?.scalars ?? {}, level);
    if (!isNear) labelEnds(chart, references, plot.right);
    if (frame) labelEnds(chart, isNear && hasRows ? [...names, ...references] : names, end);
    drawStepHover(chart, losses.read?.(context) ?? "");
  },

  hoverAt: (context, px) => stepAt(lossesContext(context), px),

  read(context) {
    const valueOf = (/** @type {string} */ name, /** @type {number} */ step) => {
      const series = seriesOf(context.store, name);
      return series ? formatFixed(valueAtStep(series.step, series.last, series.length, step)) : "";
    };
    return readStep(lossesContext(context), (step) => `D ${valueOf("loss_d", step)}   G ${valueOf("loss_g", step)}`);
  },
};

/** @param {import("./types.js").ChartContext} context @returns {PlotContext} */
export function lossesContext(context) {
  const plot = timePlot(context, MARGIN);
  const { low, high } = context.scene.loss_axis;
  return { ...context, plot, x: stepScale(context, plot), y: linear(low, high, plot.bottom, plot.top) };
}

/**
 * Both names with their present values, at the ends of the curves.
 * @param {PlotContext} chart @param {Record<string, number>} scalars @param {(value: number) => number} level
 */
function namesOf(chart, { loss_d, loss_g }, level) {
  const { theme } = chart;
  const words = (/** @type {string} */ name, /** @type {number} */ value) => (isNarrow(chart) ? name : `${name} ${formatFixed(value)}`);
  return [
    { words: words("D", loss_d), y: level(loss_d), color: theme.discriminator },
    { words: words("G", loss_g), y: level(loss_g), color: theme.generatorText },
  ];
}

/**
 * The extreme values of curves that leave the axis, at the edge where they are clipped.
 * @param {PlotContext} chart
 */
function labelExtremes(chart) {
  const { theme, plot, y, store } = chart;
  const next = { top: plot.left + theme.size * 0.4, bottom: plot.left + theme.size * 0.4 };
  for (const [name, color] of /** @type {const} */ ([["loss_d", theme.discriminator], ["loss_g", theme.generatorText]])) {
    const series = seriesOf(store, name);
    if (!series) continue;
    let [low, high] = [y.low, y.high];
    for (let i = 0; i < series.length; i++) {
      if (series.low[i] < low) low = series.low[i];
      if (series.high[i] > high) high = series.high[i];
    }
    const top = { edge: /** @type {const} */ ("top"), isBeyond: high > y.high, words: `▴ ${formatFixed(high)}`, y: plot.top };
    const bottom = { edge: /** @type {const} */ ("bottom"), isBeyond: low < y.low, words: `▾ ${formatFixed(low)}`, y: plot.bottom - theme.size * 0.2 };
    for (const { edge, isBeyond, words, y: at } of [top, bottom]) {
      if (!isBeyond) continue;
      text(chart, words, next[edge], at, { color, baseline: edge === "top" ? "top" : "alphabetic" });
      next[edge] += (words.length * 0.6 + 0.8) * theme.size;
    }
  }
}

/**
 * The losses at equilibrium: one line if they are equal for both players, else one for each in its colour. They hold since
 * the loss was chosen.
 * @param {PlotContext} chart @returns {{words: string, y: number, color: string, bold: boolean}[]} their labels
 */
function drawReferences(chart) {
  const { theme, scene, plot, x, y, store } = chart;
  const lines = scene.references.filter(({ value }) => value >= y.low && value <= y.high);
  const isShared = lines.length > 1 && lines.every(({ value }) => Math.abs(value - lines[0].value) < SAME);
  const chosen = store.marks.findLast(({ path }) => path === "loss" || path.startsWith("loss."))?.step ?? 0;
  const from = Math.max(plot.left, x(chosen));
  const labels = (isShared ? lines.slice(0, 1) : lines).map((line) => {
    const isD = isShared || line.series === "loss_d";
    const color = isD ? theme.muted : theme.generatorText;
    rule(chart, "horizontal", y(line.value), { color, dash: [theme.line, theme.line * 1.5], from });
    return { words: `${isShared ? "balance" : isD ? "D at" : "G at"} ${line.label}`, y: y(line.value), color, bold: false };
  });
  return isNarrow(chart) ? [] : labels;
}
