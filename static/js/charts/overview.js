// @ts-check
/**
 * The whole GAN over one x, after Figure 1 of Goodfellow et al. 2014 (arXiv 1406.2661): at the bottom the line of noise,
 * with a string from each z up to its x = G(z), so that crowded strings are the density of the fakes; on the line of x the
 * samples and the gradient on each fake; above it the densities of real and fake, and D(x) with the optimal one (dashed).
 */

import { formatFixed, formatPosition } from "../format.js";
import { axisX, dot, font, text, valueAt, widthOfWords } from "../plot/index.js";
import { axisName, curveOf, labelColor } from "./curves.js";
import { data, drawDistributions, drawHover } from "./data.js";
import { discriminator, drawCurves, drawScoreAxis } from "./discriminator.js";
import { hoveredX } from "./hover.js";
import { overviewLayout, ticksAcross } from "./layout.js";
import { freehandAt, handlesOf } from "./target-editing.js";

/** @import {ChartContext, Frame, Hover, Scene, Theme} from "./types.js" */
/** @typedef {ChartContext & ReturnType<typeof overviewLayout> & {samplesTheme?: Theme, curvesTheme?: Theme}} OverviewContext */

/** Strings in all; with several labels they share these. */
const STRINGS = 40;
/** Latents that divide the prior into equal shares, one in the middle of each. @type {WeakMap<Scene, number[]>} */
const latents = new WeakMap();

/** @type {import("./types.js").Chart} */
export const overview = {
  id: "overview",
  title: "Noise, fakes, real data and D over one x",

  describe: (store) => `${data.describe(store)} ${discriminator.describe(store)}`,

  draw(context) {
    const { frame } = context;
    const chart = litContext(contextOf(context));
    const score = { ...chart, ...chart.score };
    drawScoreAxis(score);
    drawDistributions(chart);
    if (frame) drawCurves({ ...score, theme: chart.curvesTheme ?? chart.theme, frame, isGapDrawn: false });
    if (frame && !chart.isLow) drawStrings(chart, frame);
    drawLines(chart);
    context.store.slow?.draw(chart);
    drawPointed(chart);
  },

  hoverAt(context, px, py) {
    const { whole, x, z, line, isLow } = overviewLayout(context);
    if (px < whole.left || px > whole.right) return null;
    return py < line || isLow ? { axis: "x", value: x.invert(px) } : hoverNoise(context, z.invert(px));
  },

  read(context) {
    const { store: { hover }, scene, frame } = context;
    const at = hoveredX(context.store);
    if (!hover || !at || !frame) return "";
    const z = axisName(scene, "z");
    const source = hover.axis === "z" ? `${z} ${formatFixed(hover.value)}   G(${z}) ${formatPosition(at.value, scene.x_axis)}   ` : "";
    const score = valueAt(scene.grid, frame.arrays.discriminator, at.value);
    const words = data.read?.(context) ?? "";
    return scene.classes.length > 1 ? source + words : `${source}${words}   D ${formatFixed(score)}`;
  },

  handles: (context) => handlesOf(contextOf(context)),

  freehandAt: (context, px, py) => freehandAt(contextOf(context), px, py),
};

/** @param {ChartContext} context @returns {OverviewContext} */
function contextOf(context) {
  return { ...context, ...overviewLayout(context) };
}

/** Colours of each part that a page of a lesson can light. @type {Record<string, (keyof Theme)[]>} */
const LIGHTS = {
  generator: ["generator", "generatorText"],
  real: ["real", "realText"],
  fake: ["fake", "fakeText"],
  discriminator: ["discriminator"],
};

/**
 * The context with quiet colours for what is not lit, if anything is. The samples and the curves have themes of their own,
 * because the gradient, which is the arrows of the fakes, and the optimal D can be lit alone.
 * @param {OverviewContext} chart @returns {OverviewContext}
 */
function litContext(chart) {
  const { theme, store: { lit } } = chart;
  if (!lit) return chart;
  const quiet = { ...theme };
  for (const [part, names] of Object.entries(LIGHTS)) {
    for (const name of lit.has(part) ? [] : names) Object.assign(quiet, { [name]: mix(theme[name], theme.paper) });
  }
  const { fake, fakeText } = lit.has("gradient") ? theme : quiet;
  const muted = lit.has("optimal") ? theme.muted : mix(theme.muted, theme.paper);
  return { ...chart, theme: quiet, samplesTheme: { ...quiet, fake, fakeText }, curvesTheme: { ...quiet, muted } };
}

/** A colour that is nearly that of the paper. @param {string|number} color @param {string} paper */
function mix(color, paper) {
  return `color-mix(in srgb, ${color} 16%, ${paper})`;
}

/** @param {ChartContext} context @param {number} value @returns {Hover} */
function hoverNoise({ scene }, value) {
  return scene.curves.length > 1 ? { axis: "z", value } : { axis: "z", value, curve: 0 };
}

/**
 * A string from each latent to the x that G makes of it; with labels, some for each. A latent of several dimensions has no
 * place on one line, which is said instead.
 * @param {OverviewContext} chart @param {Frame} frame
 */
function drawStrings(chart, frame) {
  const { ctx, theme, scene, x, z, line, whole } = chart;
  if (scene.latent_dimension > 1) {
    const words = `each z has ${scene.latent_dimension} coordinates, so it has no place on one line`;
    ctx.font = font(theme);
    const part = Math.min(1, whole.width / widthOfWords(ctx, words));
    text(chart, words, (whole.left + whole.right) / 2, (line + whole.bottom) / 2 + theme.size, { color: theme.muted, align: "center", part });
    return;
  }
  const total = scene.curves.length;
  const starts = latentsOf(scene);
  ctx.save();
  ctx.beginPath();
  ctx.rect(whole.left - theme.size / 2, line, whole.width + theme.size, whole.bottom - line);
  ctx.clip();
  ctx.lineWidth = theme.line * 0.45;
  ctx.globalAlpha = 0.9;
  for (let k = 0; k < total; k++) {
    const map = curveOf(frame.arrays.generator, scene.latent_grid.length, k);
    ctx.beginPath();
    for (let i = k; i < starts.length; i += total) {
      const reached = x(valueAt(scene.latent_grid, map, starts[i]));
      if (!Number.isFinite(reached)) continue;
      ctx.moveTo(z(starts[i]), whole.bottom);
      ctx.lineTo(reached, line);
    }
    ctx.strokeStyle = labelColor(theme, scene, k) ?? theme.generator;
    ctx.stroke();
  }
  ctx.restore();
}

/** The mass below the middle of the i-th of all shares. @param {number} i */
function middleShare(i) {
  return (i + 0.5) / STRINGS;
}

/** The latents at which the strings begin. @param {Scene} scene */
export function latentsOf(scene) {
  const known = latents.get(scene);
  if (known) return known;
  const { latent_grid: grid, latent_density: density } = scene;
  let total = 0;
  for (let i = 0; i < density.length; i++) total += density[i];
  /** @type {number[]} */
  const starts = [];
  let passed = 0;
  for (let i = 0; i < density.length; i++) {
    passed += density[i];
    for (let due = middleShare(starts.length) * total; passed >= due && starts.length < STRINGS; due = middleShare(starts.length) * total) {
      // Within a cell of the grid, the density is taken as constant.
      starts.push(grid[i] + (0.5 - (passed - due) / density[i]) * (grid[1] - grid[0]));
    }
  }
  latents.set(scene, starts);
  return starts;
}

/**
 * The lines of x and of z with their numbers, and what goes from one to the other.
 * @param {OverviewContext} chart
 */
function drawLines(chart) {
  const { theme, scene, plot, whole, x, z, line } = chart;
  axisX(chart, x, ticksAcross(scene.x_axis, plot.width, theme), axisName(scene, "x"), { halo: true });
  if (chart.isLow) return;
  axisX({ ...chart, plot: whole }, z, ticksAcross(scene.z_axis, plot.width, theme), scene.latent_dimension > 1 ? "zᵢ" : axisName(scene, "z"));
  const style = { align: /** @type {const} */ ("right"), baseline: /** @type {const} */ ("middle"), halo: false };
  const left = plot.left - theme.size * 0.5;
  const start = scene.back ? "source" : "noise";
  chart.ctx.font = font(theme);
  // A pixel is left free, as letters can begin a little before their place.
  const part = Math.min(1, (left - 1) / widthOfWords(chart.ctx, start));
  text(chart, start, left, whole.bottom, { ...style, part, color: theme.muted });
  text(chart, scene.back ? "↑ G  ↓ F" : "↑ G", left, (line + whole.bottom) / 2 + theme.size * 0.2, { ...style, color: theme.generatorText, bold: true });
}

/** The string under the pointer, or the x with its values. @param {OverviewContext} chart */
function drawPointed(chart) {
  const { ctx, theme, scene, frame, store, whole, x, z, score } = chart;
  const at = hoveredX(store);
  if (store.hover?.axis === "z" && !chart.isLow) {
    const from = z(store.hover.value);
    if (at) drawString(chart, from, x(at.value));
    dot(ctx, from, whole.bottom, theme.line * 1.8, theme.generator, theme.paper);
  }
  const words = overview.read?.(chart) ?? "";
  drawHover(chart, words, theme.size * 0.27 * words.length);
  if (!at || !frame || scene.classes.length > 1) return;
  const height = score.y(valueAt(scene.grid, frame.arrays.discriminator, at.value));
  dot(ctx, x(at.value), height, theme.line * 1.8, theme.discriminator, theme.paper);
}

/** @param {OverviewContext} chart @param {number} from @param {number} to */
function drawString({ ctx, theme, whole, line }, from, to) {
  ctx.beginPath();
  ctx.moveTo(from, whole.bottom);
  ctx.lineTo(to, line);
  ctx.lineWidth = theme.line * 1.25;
  ctx.strokeStyle = theme.generator;
  ctx.stroke();
}
