// @ts-check
/**
 * The way back of a translation, over the charts of the way there: F's translations beside the source, with the discriminator D_X
 * that tells them apart, F beside G, of which it should be the inverse, there and back beside the identity, and strings that
 * lead back. Below the strings of the stage stands the source as in the lab.
 */

import { formatFixed } from "../format.js";
import { areaPath, axisY, curve, dot, font, hatch, linear, NOTE, rule, text, tint, valueAt, widthOfWords } from "../plot/index.js";
import { drawCurves } from "./discriminator.js";
import { formatReadout, generatorLayout, noiseLayout, overviewLayout, readoutTicks } from "./layout.js";
import { densityScale } from "./noise.js";
import { latentsOf } from "./overview.js";

/** @import {ChartContext, Frame, Scene} from "./types.js" */
/** @import {Plot} from "../plot/axes.js" */
/** @import {Scale} from "../plot/index.js" */
/** @typedef {{xs: ArrayLike<number>, ys: ArrayLike<number>, name: string, color: string, width: number, dash: number[]}} Line */
/** @typedef {ChartContext & {frame: Frame, back: NonNullable<Scene["back"]>, arrays: Frame["arrays"]}} Context */

/** Length of the piece of a line before its name, and the gap between names, in heights of text. */
const SAMPLE = 1.6;
const GAP = 0.8;
/** The discriminator of the source. */
const JUDGE = "D_X";

/** @type {Record<string, (context: Context) => void>} */
const drawers = {
  noise(context) {
    const { plot, x } = noiseLayout(context);
    drawTranslations(context, plot, x);
    drawJudge(context, plot, x);
  },
  generator(context) {
    const { ctx, theme, scene, store } = context;
    const { plot, x, y } = generatorLayout(context);
    const lines = linesOf(context);
    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.left, plot.top, plot.width, plot.height);
    ctx.clip();
    const ends = [Math.max(scene.z_axis.low, scene.x_axis.low), Math.min(scene.z_axis.high, scene.x_axis.high)];
    if (ends[0] < ends[1]) curve(ctx, ends, ends, 2, x, y, { color: theme.axis, width: 1, dash: [1, 3] });
    for (const line of lines) curve(ctx, line.xs, line.ys, line.xs.length, x, y, line);
    ctx.restore();
    if (store.hover?.axis !== "z") nameAbove(context, plot, lines);
  },
  overview(context) {
    const { ctx, theme, scene, arrays } = context;
    const { whole, x, z, line, strip } = overviewLayout(context);
    ctx.save();
    ctx.beginPath();
    ctx.rect(whole.left - theme.size / 2, line, whole.width + theme.size, whole.bottom - line);
    ctx.clip();
    ctx.beginPath();
    for (const start of latentsOf(scene)) {
      const reached = x(valueAt(scene.latent_grid, arrays.generator, start));
      const returned = z(valueAt(scene.latent_grid, arrays.round_trip, start));
      if (!Number.isFinite(reached) || !Number.isFinite(returned)) continue;
      ctx.moveTo(reached, line);
      ctx.lineTo(returned, whole.bottom);
    }
    ctx.setLineDash([theme.line * 2, theme.line * 2]);
    ctx.lineWidth = theme.line * 0.4;
    ctx.globalAlpha = 0.7;
    ctx.strokeStyle = theme.fake;
    ctx.stroke();
    ctx.restore();
    drawStrip(context, strip, z);
  },
};

/**
 * The density of F's translations on the axis of the source.
 * @param {Context} context @param {Plot} plot @param {Scale} x
 */
function drawTranslations({ ctx, theme, scene, back, arrays }, plot, x) {
  const density = densityScale(scene, plot);
  ctx.save();
  ctx.beginPath();
  ctx.rect(plot.left, plot.top, plot.width, plot.height);
  ctx.clip();
  areaPath(ctx, back.grid, arrays.back_density, x, density, plot.bottom);
  hatch(ctx, { x: plot.left, y: plot.top, width: plot.width, height: plot.height }, {
    color: theme.fake, alpha: 0.55, gap: theme.size * 0.5, width: Math.max(1, theme.line / 2),
  });
  const style = { color: theme.fake, width: theme.line, dash: [theme.line * 3, theme.line * 1.5] };
  curve(ctx, back.grid, arrays.back_density, back.grid.length, x, density, style);
  ctx.restore();
  text({ ctx, theme }, "F(y)", plot.left + theme.size * 0.3, plot.top, { color: theme.fakeText, baseline: "top", bold: true });
}

/**
 * The discriminator of the source and the optimal one, with their axis on the left, and their values at the pointer as dots.
 * @param {Context} context @param {Plot} plot @param {Scale} x
 */
function drawJudge(context, plot, x) {
  const { theme, scene, store: { hover }, frame, back, arrays } = context;
  const y = linear(scene.readout.low, scene.readout.high, plot.bottom, plot.top);
  const chart = {
    ...context, plot, x, y, name: JUDGE, isGapDrawn: false,
    scene: { ...scene, ...back },
    frame: { ...frame, arrays: { discriminator: arrays.back_discriminator, optimal_discriminator: arrays.back_optimal_discriminator } },
  };
  // Rules across the plot would lie over the densities.
  axisY({ ...chart, plot: { ...plot, right: plot.left } }, y, readoutTicks(scene, plot.height, theme), formatReadout);
  rule(chart, "horizontal", y(scene.readout.threshold), { color: theme.axis, width: 1, alpha: 0.7 });
  drawCurves(chart);
  if (hover?.axis !== "z") return;
  const { learned, best } = judgedAt(context, hover.value);
  dot(context.ctx, x(hover.value), y(best), theme.line * 1.4, theme.muted, theme.paper);
  dot(context.ctx, x(hover.value), y(learned), theme.line * 1.8, theme.discriminator, theme.paper);
}

/** @param {Context} context @param {number} place */
function judgedAt({ back: { grid }, arrays }, place) {
  return { learned: valueAt(grid, arrays.back_discriminator, place), best: valueAt(grid, arrays.back_optimal_discriminator, place) };
}

/**
 * The source below the strings that come from it.
 * @param {Context} context @param {Plot} plot @param {Scale} x
 */
function drawStrip(context, plot, x) {
  const { ctx, theme, scene, store: { hover } } = context;
  const { latent_grid: grid, latent_density: values } = scene;
  const density = densityScale(scene, plot);
  areaPath(ctx, grid, values, x, density, plot.bottom);
  tint(ctx, theme.ink, 0.12);
  curve(ctx, grid, values, grid.length, x, density, { color: theme.muted, width: theme.line * 0.75 });
  rule({ ctx, theme, plot }, "horizontal", plot.bottom, { color: theme.axis, width: 1 });
  drawTranslations(context, plot, x);
  if (hover?.axis === "z") rule({ ctx, theme, plot }, "vertical", x(hover.value), { color: theme.ink });
  drawJudge(context, plot, x);
  if (hover?.axis !== "z") return;
  const { learned, best } = judgedAt(context, hover.value);
  const words = `${JUDGE} ${formatFixed(learned)}   ${JUDGE}* ${formatFixed(best)}`;
  ctx.font = font(theme);
  const half = widthOfWords(ctx, words) / 2;
  const middle = Math.max(plot.left + half, Math.min(plot.right - half, x(hover.value)));
  text({ ctx, theme }, words, middle, plot.top - theme.size * 0.25, { color: theme.ink, align: "center" });
}

/**
 * F as a curve over the source, from right to left, and both ways one after the other.
 * @param {Context} context @returns {Line[]}
 */
function linesOf({ theme, scene, back, arrays }) {
  const { line } = theme;
  return [
    { xs: arrays.back_generator, ys: back.latent_grid, name: "F", color: theme.fake, width: line, dash: [line * 3, line * 1.5] },
    { xs: scene.latent_grid, ys: arrays.round_trip, name: "F(G(x))", color: theme.muted, width: line, dash: [line, line] },
  ];
}

/**
 * The names of the lines behind a piece of each, above the plot.
 * @param {Context} context @param {import("../plot/axes.js").Plot} plot @param {Line[]} lines
 */
function nameAbove({ ctx, theme }, plot, lines) {
  const baseline = plot.top - theme.size * NOTE;
  let right = plot.right;
  for (const { name, color, width, dash } of lines.toReversed()) {
    const textColor = color === theme.fake ? theme.fakeText : color;
    text({ ctx, theme }, name, right, baseline, { color: textColor, align: "right", halo: false });
    right -= widthOfWords(ctx, name) + theme.size * 0.3;
    ctx.save();
    ctx.beginPath();
    ctx.moveTo(right - theme.size * SAMPLE, baseline - theme.size * 0.35);
    ctx.lineTo(right, baseline - theme.size * 0.35);
    ctx.setLineDash(dash);
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.stroke();
    ctx.restore();
    right -= theme.size * (SAMPLE + GAP);
  }
}

/**
 * Draw the way back over a chart of the way there.
 * @param {string} id of the chart @param {ChartContext} context
 */
export function drawWayBack(id, context) {
  const { scene: { back }, frame } = context;
  if (back && frame) drawers[id]?.({ ...context, frame, back, arrays: frame.arrays });
}
