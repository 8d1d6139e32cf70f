// @ts-check
/** Both losses at every step of the run, with their values at equilibrium and a flag for each changed setting. */

import { formatFixed } from "../format.js";
import { axisY, font, linear, rule, text } from "../plot/index.js";
import { seriesOf } from "../state/history.js";
import { isNarrow, ticksUp, timePlot } from "./layout.js";
import { clamped, drawMarks, drawSeries, drawStepAxis, labelEnds, stepScale } from "./step-axis.js";

/** @import {PlotContext} from "./types.js" */

/** Space right of the plot for the one-letter names of the curves, in heights of text; the words for balance follow it. */
const NAME_WIDTH = 1.5;
/** Margin right of the plot, in heights of text. */
const MARGIN = 8.6;
/** References closer than this are drawn as one line. */
const SAME = 1e-3;

/** @type {import("./types.js").Chart} */
export const losses = {
  id: "losses",
  title: "Losses",

  describe({ scene, frame }) {
    if (!scene || !frame) return "Losses: waiting for the server.";
    const { loss_d, loss_g } = frame.scalars;
    if (!Number.isFinite(loss_d) && !Number.isFinite(loss_g)) return "Losses: nothing measured yet.";
    const lines = scene.references.map((line) => `${line.series === "loss_d" ? "discriminator" : "generator"} ${line.label}`).join(", ");
    const balance = lines ? `; in balance: ${lines}` : "";
    return `Losses at step ${frame.step}: discriminator ${formatFixed(loss_d)}, generator ${formatFixed(loss_g)}${balance}.`;
  },

  draw(context) {
    const { theme, scene, frame, store } = context;
    const plot = timePlot(context, MARGIN);
    const y = linear(scene.loss_axis.low, scene.loss_axis.high, plot.bottom, plot.top);
    const chart = { ...context, plot, x: stepScale(context, plot), y };
    axisY(chart, y, ticksUp(y, plot.height, theme, 4));
    drawStepAxis(chart);
    drawReferences(chart);
    const values = frame ? placeValues(chart, frame.scalars) : [];
    drawMarks(chart, Math.min(plot.right + theme.size, ...values.map(({ left }) => left - theme.size)));
    const level = clamped(y);
    for (const [name, color] of /** @type {const} */ ([["loss_g", theme.generator], ["loss_d", theme.discriminator]])) {
      drawSeries(chart, seriesOf(store, name), level, { color, width: theme.line * 0.6 });
    }
    if (!isNarrow(chart)) labelExtremes(chart);
    if (!frame) return;
    const ends = [
      { words: "D", y: level(frame.scalars.loss_d), color: theme.discriminator },
      { words: "G", y: level(frame.scalars.loss_g), color: theme.generatorText },
    ];
    labelEnds(chart, ends, chart.x(frame.step));
    for (const { words, left, color } of values) text(chart, words, left, plot.top - theme.size * 0.45, { color });
  },
};

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
 * Positions of the present values above the right margin: D's at its left end, G's at its right end. If both are too long
 * for the margin, D's begins farther left, and the flags end before it.
 * @param {PlotContext} chart @param {Record<string, number>} scalars
 */
function placeValues({ ctx, box, theme, plot }, { loss_d, loss_g }) {
  ctx.font = font(theme);
  const [d, g] = [`D ${formatFixed(loss_d)}`, `G ${formatFixed(loss_g)}`];
  const leftG = box.width - theme.size * 0.1 - ctx.measureText(g).width;
  const leftD = Math.min(plot.right + theme.size * NAME_WIDTH, leftG - theme.size - ctx.measureText(d).width);
  return [
    { words: d, left: leftD, color: theme.discriminator },
    { words: g, left: leftG, color: theme.generatorText },
  ];
}

/**
 * The losses at equilibrium: one line if they are equal for both players, else one for each in its colour.
 * @param {PlotContext} chart
 */
function drawReferences(chart) {
  const { theme, scene, plot, y } = chart;
  const lines = scene.references.filter(({ value }) => value >= y.low && value <= y.high);
  const isShared = lines.length > 1 && lines.every(({ value }) => Math.abs(value - lines[0].value) < SAME);
  const labels = (isShared ? lines.slice(0, 1) : lines).map((line) => {
    const isD = isShared || line.series === "loss_d";
    const color = isD ? theme.muted : theme.generatorText;
    rule(chart, "horizontal", y(line.value), { color, dash: [theme.line, theme.line * 1.5] });
    return { words: `${isShared ? "balance" : isD ? "D at" : "G at"} ${line.label}`, y: y(line.value), color, bold: false };
  });
  if (!isNarrow(chart)) labelEnds(chart, labels, plot.right + theme.size * (NAME_WIDTH - 0.5));
}
