// @ts-check
/**
 * The second of two runs that are compared, over the charts of the present one: dash-dotted in a colour of its own, and named
 * with a prime where it is farthest from the present run, or above the charts over time.
 */

import { formatFixed, formatReading } from "../format.js";
import { curve, font, linear, NOTE, stairsPath, text, widthOfWords } from "../plot/index.js";
import { curveOf, discriminatorCurves } from "./curves.js";
import { distancesContext, distancesOf } from "./distances.js";
import { dataLayout, discriminatorLayout, generatorLayout, isNarrow, noiseLayout, overviewLayout, readoutsLayout } from "./layout.js";
import { LOSSES, lossesContext } from "./losses.js";
import { selectedMetric } from "./metric-history.js";
import { densityScale } from "./noise.js";

/** @import {ChartContext, Frame, Scene} from "./types.js" */
/** @import {Plot} from "../plot/axes.js" */
/** @typedef {{scene: Scene, frame: Frame}} Second what the second run shows */
/** @typedef {(value: number) => number} Map */

/** A curve is named where it is at least so far from that of the present run, in heights of text. */
const APART = 0.8;
/** Part of the width at either end of a plot where no name begins. */
const MARGIN = 0.06;
/** Length of the piece of a line before its name, in heights of text. */
const SAMPLE = 1.8;

/** @type {Record<string, (context: ChartContext, second: Second) => void>} */
const drawers = {
  noise(context, { scene: { back }, frame }) {
    const { back: ours } = context.scene;
    if (!back || !ours || !context.frame) return;
    const { plot, x } = noiseLayout(context);
    const y = densityScale(context.scene, plot);
    drawCurve(context, plot, back.grid, frame.arrays.back_density, x, y);
    if (!isSameGrid(back, ours)) return;
    nameCurve(context, plot, "F(y)′", { xs: back.grid, ours: context.frame.arrays.back_density, theirs: frame.arrays.back_density, x, y });
  },
  generator(context, { scene, frame }) {
    // Noise and a source are not one axis.
    if (!scene.back !== !context.scene.back) return;
    const { plot, x, y } = generatorLayout(context);
    const count = scene.latent_grid.length;
    scene.curves.forEach((_, k) => {
      const theirs = curveOf(frame.arrays.generator, count, k);
      drawCurve(context, plot, scene.latent_grid, theirs, x, y);
      const ours = context.frame?.arrays.generator;
      if (scene.curves.length === 1 && ours) nameCurve(context, plot, "G′", { xs: scene.latent_grid, ours, theirs, x, y });
    });
  },
  data(context, second) {
    const { plot, densities, x, y } = dataLayout(context);
    const area = { ...plot, bottom: densities.bottom };
    drawDensity(context, second, area, x, y);
    nameDensity(context, second, area, x, y);
  },
  overview(context, second) {
    const { plot, densities, x, y, score } = overviewLayout(context);
    const area = { ...plot, bottom: densities.bottom };
    drawDensity(context, second, area, x, y);
    drawScores(context, second, score.plot, x, score.y);
    // The curve of D lies over both, and is not to cross a name.
    nameDensity(context, second, area, x, y);
  },
  discriminator(context, second) {
    const { plot, x, y } = discriminatorLayout(context);
    drawScores(context, second, plot, x, y);
  },
  readouts(context, second) {
    if (!isSameReadout(context.scene, second.scene)) return;
    const { ctx, theme, scene } = context;
    const { plot, y } = readoutsLayout(context);
    const middle = Math.round((plot.left + plot.right) / 2);
    const share = linear(0, 1, 0, plot.right - middle);
    for (const [masses, side] of /** @type {const} */ ([[second.frame.arrays.real_readout, -1], [second.frame.arrays.fake_readout, 1]])) {
      stairsPath(ctx, masses, scene.readout, y, (part) => middle + side * share(part), true);
      ctx.save();
      ctx.strokeStyle = theme.second;
      ctx.lineWidth = theme.line * 0.75;
      ctx.stroke();
      ctx.restore();
    }
  },
  losses(context, { frame }) {
    nameAbove(lossesContext(context), LOSSES.map(({ name, letter, dash }) => ({
      words: `${letter}′ ${formatFixed(frame.scalars[name])}`,
      dash: dash?.map((length) => context.theme.line * length),
    })));
  },
  distances(context, { scene, frame }) {
    if (selectedMetric(context.store)) return;
    nameAbove(distancesContext(context), distancesOf(scene).map(({ name, short, dash }) => ({
      words: `${short}′ ${formatReading(frame.scalars[name])}`,
      dash: dash?.map((length) => context.theme.line * length),
    })));
  },
};

/**
 * Draw the second run over a chart of the present one.
 * @param {string} id of the chart @param {ChartContext} context @param {Second} second
 */
export function drawSecond(id, context, second) {
  drawers[id]?.(context, second);
}

/** @param {ChartContext} context @param {Second} second @param {Plot} plot @param {Map} x @param {Map} y */
function drawDensity(context, { scene, frame }, plot, x, y) {
  drawCurve(context, plot, scene.grid, frame.arrays.fake_density, x, y);
}

/** @param {ChartContext} context @param {Second} second @param {Plot} plot @param {Map} x @param {Map} y */
function nameDensity(context, { scene, frame }, plot, x, y) {
  const { frame: present } = context;
  if (!present || !isSameGrid(scene, context.scene)) return;
  nameCurve(context, plot, "fake′", { xs: scene.grid, ours: present.arrays.fake_density, theirs: frame.arrays.fake_density, x, y });
}

/** @param {ChartContext} context @param {Second} second @param {Plot} plot @param {import("../plot/index.js").Scale} x @param {Map} y */
function drawScores(context, { scene, frame }, plot, x, y) {
  if (!isSameReadout(context.scene, scene)) return;
  const total = discriminatorCurves(scene);
  for (let k = 0; k < total; k++) {
    const theirs = curveOf(frame.arrays.discriminator, scene.grid.length, k);
    drawCurve(context, plot, scene.grid, theirs, x, y);
    const ours = context.frame?.arrays.discriminator;
    if (total === 1 && ours && isSameGrid(scene, context.scene)) nameCurve(context, plot, "D′", { xs: scene.grid, ours, theirs, x, y });
  }
}

/** @param {Scene} a @param {Scene} b */
function isSameReadout({ readout: a }, { readout: b }) {
  return a.kind === b.kind && a.low === b.low && a.high === b.high;
}

/** @param {Pick<Scene, "grid">} a @param {Pick<Scene, "grid">} b */
function isSameGrid({ grid: a }, { grid: b }) {
  return a.length === b.length && a[0] === b[0] && a[a.length - 1] === b[b.length - 1];
}

/**
 * A dash-dotted curve with a rim of paper, so that it stands clear of hatching and of other curves.
 * @param {ChartContext} context @param {Plot} plot @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys @param {Map} x @param {Map} y
 */
function drawCurve({ ctx, theme }, plot, xs, ys, x, y) {
  const { line } = theme;
  ctx.save();
  ctx.beginPath();
  ctx.rect(plot.left, plot.top - line, plot.right - plot.left, plot.bottom - plot.top + line);
  ctx.clip();
  curve(ctx, xs, ys, xs.length, x, y, { color: theme.paper, width: line * 2.2, alpha: 0.7 });
  curve(ctx, xs, ys, xs.length, x, y, { color: theme.second, width: line, dash: [line * 5, line * 2, line, line * 2] });
  ctx.restore();
}

/**
 * Name a curve where it is farthest from that of the present run, on the side away from it.
 * @param {ChartContext} context @param {Plot} plot @param {string} words
 * @param {{xs: ArrayLike<number>, ours: ArrayLike<number>, theirs: ArrayLike<number>, x: Map, y: Map}} curves
 */
function nameCurve({ ctx, theme, ...context }, plot, words, { xs, ours, theirs, x, y }) {
  const inset = MARGIN * (plot.right - plot.left);
  const inside = (/** @type {number} */ level) => Math.min(plot.bottom, Math.max(plot.top, level));
  let place = -1;
  let widest = APART * theme.size;
  for (let i = 0; i < xs.length; i++) {
    const at = x(xs[i]);
    if (at < plot.left + inset || at > plot.right - inset) continue;
    const gap = Math.abs(inside(y(theirs[i])) - inside(y(ours[i])));
    if (gap > widest) [place, widest] = [i, gap];
  }
  if (place < 0) return;
  const level = inside(y(theirs[place]));
  const isAbove = level < inside(y(ours[place]));
  // Beside a steep curve, above or below a flat one.
  const isSteep = Math.abs(inside(y(theirs[Math.max(0, place - 2)])) - level) > 2 * theme.size || level <= plot.top;
  const side = x(xs[place]) < (plot.left + plot.right) / 2 ? -1 : 1;
  const beside = level + (isSteep ? 0.4 : isAbove ? -0.75 : 0.75) * theme.size;
  const at = Math.min(plot.bottom - theme.size * 0.5, Math.max(plot.top + theme.size * 0.5, beside));
  const align = /** @type {CanvasTextAlign} */ (!isSteep ? "center" : side < 0 ? "right" : "left");
  text({ ...context, ctx, theme }, words, x(xs[place]) + (isSteep ? side * 0.6 * theme.size : 0), at, { color: theme.second, align, baseline: "middle", bold: true });
}

/**
 * The names of the second run's curves with their values, each behind a piece of its line: above the plot, where they cover no
 * curve.
 * @param {import("./types.js").PlotContext} chart @param {{words: string, dash: number[]|undefined}[]} labels in the order of reading
 */
function nameAbove(chart, labels) {
  if (isNarrow(chart)) return;
  const { ctx, theme, plot } = chart;
  const baseline = plot.top - theme.size * NOTE;
  let right = plot.right;
  ctx.font = font(theme, { bold: true });
  for (const { words, dash } of labels.toReversed()) {
    text(chart, words, right, baseline, { color: theme.second, align: "right", bold: true });
    right -= widthOfWords(ctx, words) + theme.size * 0.4;
    ctx.save();
    ctx.beginPath();
    ctx.moveTo(right - theme.size * SAMPLE, baseline - theme.size * 0.35);
    ctx.lineTo(right, baseline - theme.size * 0.35);
    ctx.setLineDash(dash ?? []);
    ctx.strokeStyle = theme.second;
    ctx.lineWidth = theme.line;
    ctx.stroke();
    ctx.restore();
    right -= theme.size * (SAMPLE + 1);
  }
}
