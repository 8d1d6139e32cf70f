// @ts-check
/** Both losses over the whole run, with the level at which the game is in balance and a flag for each changed knob. */

import { axisY, curve, font, linear, rule, text, formatValue } from "../plot/index.js";
import { isNarrow, timeFrame, upTicks } from "./layout.js";
import { clamped, drawMarks, drawStepAxis, nameEnds, stepScale } from "./step-axis.js";

/** @import {Box, Store, Theme} from "./types.js" */

/** Room right of the plot for the one-letter names of the curves, in heights of text; the words for balance stand after it. */
const NAME_ROOM = 1.5;
/** Right of the plot, in heights of text. */
const MARGIN = 8.6;
/** Two references nearer than this are one line on the screen. */
const SAME = 1e-3;

/** @type {import("./types.js").Chart} */
export const losses = {
  id: "losses",
  title: "Losses",
  axis: null,

  describe({ scene, frame }) {
    if (!scene || !frame) return "Losses: waiting for the server.";
    const { loss_d, loss_g } = frame.scalars;
    if (!Number.isFinite(loss_d) && !Number.isFinite(loss_g)) return "Losses: nothing measured yet.";
    const lines = scene.references.map((line) => `${line.series === "loss_d" ? "discriminator" : "generator"} ${line.label}`).join(", ");
    return (
      `Losses at step ${frame.step}: discriminator ${formatValue(loss_d)}, generator ${formatValue(loss_g)}` +
      (lines ? `; in balance: ${lines}.` : ".")
    );
  },

  draw(ctx, box, store, theme) {
    const { scene, frame, traces } = store;
    if (!scene) return;
    const plot = timeFrame(box, theme, MARGIN);
    const steps = stepScale(store, plot);
    const y = linear(scene.loss_axis.low, scene.loss_axis.high, plot.bottom, plot.top);
    axisY(ctx, plot, y, upTicks(y, plot.height, theme, 4), theme);
    drawStepAxis(ctx, box, plot, steps, theme);
    drawReferences(ctx, box, store, plot, y, theme);
    const values = frame ? placeValues(ctx, box, frame.scalars, plot, theme) : [];
    const free = Math.min(plot.right + theme.size, ...values.map(({ left }) => left - theme.size));
    drawMarks(ctx, store, plot, steps, theme, free);
    const level = clamped(y);
    const series = traces.series;
    if (traces.length && series.loss_g) {
      curve(ctx, traces.step, series.loss_g, traces.length, steps, level, { color: theme.generator, width: theme.line * 0.6 });
    }
    if (traces.length && series.loss_d) {
      curve(ctx, traces.step, series.loss_d, traces.length, steps, level, { color: theme.discriminator, width: theme.line * 0.6 });
    }
    const drawn = [
      { values: series.loss_d, color: theme.discriminator },
      { values: series.loss_g, color: theme.generatorText },
    ];
    if (!isNarrow(box, theme)) sayBeyond(ctx, drawn, traces, plot, y, theme);
    if (!frame) return;
    const { loss_d, loss_g } = frame.scalars;
    const ends = [
      { words: "D", y: level(loss_d), color: theme.discriminator },
      { words: "G", y: level(loss_g), color: theme.generatorText },
    ];
    nameEnds(ctx, box, ends, steps(frame.step), plot, theme);
    for (const { words, left, color } of values) text(ctx, words, left, plot.top - theme.size * 0.45, { color, theme });
  },
};

/**
 * How far the curves went beyond the axis, at the edge where they are clipped.
 * @param {CanvasRenderingContext2D} ctx @param {{values: ArrayLike<number>|undefined, color: string}[]} curves
 * @param {import("./types.js").Traces} traces @param {import("../plot/axes.js").Plot} plot
 * @param {import("../plot/index.js").Scale} y @param {Theme} theme
 */
function sayBeyond(ctx, curves, traces, plot, y, theme) {
  const next = { top: plot.left + theme.size * 0.4, bottom: plot.left + theme.size * 0.4 };
  for (const { values, color } of curves) {
    if (!values) continue;
    let [low, high] = [y.low, y.high];
    for (let i = 0; i < traces.length; i++) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
    }
    for (const [edge, beyond, words] of /** @type {const} */ ([["top", high > y.high, `▴ ${formatValue(high)}`], ["bottom", low < y.low, `▾ ${formatValue(low)}`]])) {
      if (!beyond) continue;
      text(ctx, words, next[edge], edge === "top" ? plot.top : plot.bottom - theme.size * 0.2, {
        color, theme, baseline: edge === "top" ? "top" : "alphabetic",
      });
      next[edge] += (words.length * 0.6 + 0.8) * theme.size;
    }
  }
}

/**
 * Present values, in the corner that no curve reaches: D's where the margin begins, G's where it ends. Two long ones need
 * more than the margin: then D's begins as far left of G's as it must, and flags end before it.
 * @param {CanvasRenderingContext2D} ctx @param {Box} box @param {Record<string, number>} scalars
 * @param {import("../plot/axes.js").Plot} plot @param {Theme} theme
 */
function placeValues(ctx, box, { loss_d, loss_g }, plot, theme) {
  ctx.font = font(theme);
  const [d, g] = [`D ${formatValue(loss_d)}`, `G ${formatValue(loss_g)}`];
  const leftG = box.width - theme.size * 0.1 - ctx.measureText(g).width;
  const leftD = Math.min(plot.right + theme.size * NAME_ROOM, leftG - theme.size - ctx.measureText(d).width);
  return [
    { words: d, left: leftD, color: theme.discriminator },
    { words: g, left: leftG, color: theme.generatorText },
  ];
}

/**
 * Where balance lies: one line when it is the same for both players, else one for each in its colour.
 * @param {CanvasRenderingContext2D} ctx @param {Box} box @param {Store} store @param {import("../plot/axes.js").Plot} plot
 * @param {import("../plot/index.js").Scale} y @param {Theme} theme
 */
function drawReferences(ctx, box, { scene }, plot, y, theme) {
  const lines = (scene?.references ?? []).filter(({ value }) => value >= y.low && value <= y.high);
  const shared = lines.length > 1 && lines.every(({ value }) => Math.abs(value - lines[0].value) < SAME);
  const labels = (shared ? lines.slice(0, 1) : lines).map((line) => {
    const isD = shared || line.series === "loss_d";
    const color = isD ? theme.muted : theme.generatorText;
    const dash = [theme.line, theme.line * 1.5];
    rule(ctx, "horizontal", y(line.value), plot.left, plot.right, { color, theme, dash });
    return { words: `${shared ? "balance" : isD ? "D at" : "G at"} ${line.label}`, y: y(line.value), color, bold: false };
  });
  if (isNarrow(box, theme)) return;
  nameEnds(ctx, box, labels, plot.right + theme.size * (NAME_ROOM - 0.5), plot, theme);
}
