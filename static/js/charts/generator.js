// @ts-check
/**
 * G(z): the learned map, the map of the averaged generator, and (faint) the two maps that turn this prior exactly into the
 * target: increasing, and mirrored. A conditional generator has a map for each label. With a latent of several dimensions
 * there is a curve along each coordinate, and no single optimal map.
 */

import { formatFixed, formatPosition } from "../format.js";
import { areaPath, axisX, axisY, curve, dot, font, linear, NOTE, rule, text, tint, valueAt, widthOfWords } from "../plot/index.js";
import { axisName, curveName, curveOf, labelColor, lineWeight, nearestCurve, packRows, pointedCurve } from "./curves.js";
import { generatorLayout, ticksAcross, ticksUp } from "./layout.js";
import { idealsOf, meanDistances } from "./optimal-maps.js";

/** @import {Frame, PlotContext, Scene} from "./types.js" */
/** @typedef {PlotContext & {pointed: number|undefined}} GeneratorContext x is the scale of z, y that of G(z) */

/** Width of the strip at the left edge that shows the target density, in heights of text. */
const STRIP = 2.4;
/** More names than this are joined to their curves by lines. */
const FEW = 8;
/** Length of those lines, in heights of text. */
const LEAD = 0.7;
/** The smallest letters, as a part of the usual height. */
const SMALLEST = 0.6;
/** Distance between rows and between columns of names, in heights of text. */
const ROW = 1.05;
const COLUMN = 1.6;
/** The distance between columns if no name has two digits. */
const CLOSE_COLUMN = 1.1;

/** @type {import("./types.js").Chart} */
export const generator = {
  id: "generator",
  title: "Generator G(z)",

  describe({ scene, frame }) {
    if (!scene || !frame) return "Generator G(z): waiting for the server.";
    if (scene.curves.length > 1) return describeSeveral(scene, frame);
    const map = frame.arrays.generator;
    const { low, high } = scene.z_axis;
    const middle = (low + high) / 2;
    const values = [middle - (high - low) / 4, middle, middle + (high - low) / 4].map(
      (z) => `G(${formatFixed(z, 1)}) is ${formatPosition(valueAt(scene.latent_grid, map, z), scene.x_axis, 1)}`,
    );
    return `Generator G(${axisName(scene, "z")}) at step ${frame.step}${alongInWords(scene)}: ${values.join(", ")}${idealInWords(map, scene, 0)}.`;
  },

  draw(context) {
    const { ctx, theme, scene, store } = context;
    const chart = { ...context, ...generatorLayout(context), pointed: pointedCurve(store, scene.curves.length) };
    const { plot, x, y } = chart;
    axisY(chart, y, ticksUp(scene.x_axis, plot.height, theme));
    axisX(chart, x, ticksAcross(scene.z_axis, plot.width, theme), coordinateName(scene));
    text(chart, axisName(scene, "x"), plot.left, plot.top - theme.size * NOTE, { color: theme.muted, align: "center", halo: false });
    drawTarget(chart);

    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.left, plot.top, plot.width, plot.height);
    ctx.clip();
    drawIdeals(chart);
    drawCurves(chart);
    ctx.restore();

    labelCurves(chart);
    if (store.hover?.axis === "z") drawHover(chart, store.hover.value);
    else sayCoordinates(chart);
    if (store.hover?.axis === "x") rule(chart, "horizontal", y(store.hover.value), { color: theme.ink });
  },

  read({ scene, frame, store: { hover } }) {
    if (hover?.axis !== "z" || !frame) return "";
    const k = Math.min(hover.curve ?? 0, scene.curves.length - 1);
    const map = curveOf(frame.arrays.generator, scene.latent_grid.length, k);
    return `${argumentsInWords(scene, k, hover.value)} = ${formatPosition(valueAt(scene.latent_grid, map, hover.value), scene.x_axis)}`;
  },

  hoverAt(context, px, py) {
    const { scene, frame } = context;
    const { plot, x, y } = generatorLayout(context);
    if (px >= plot.left) {
      if (px > plot.right) return null;
      const value = x.invert(px);
      return { axis: "z", value, curve: nearestCurve(scene.latent_grid, frame?.arrays.generator, value, y.invert(py)) };
    }
    return py >= plot.top && py <= plot.bottom ? { axis: "x", value: y.invert(py) } : null;
  },
};

/**
 * The target density, turned on its side, so that its x is this chart's x.
 * @param {GeneratorContext} chart
 */
function drawTarget({ ctx, theme, scene, plot, y }) {
  const across = linear(0, scene.density_high, plot.left, plot.left + STRIP * theme.size);
  areaPath(ctx, scene.grid, scene.target_density, y, across, plot.left, true);
  tint(ctx, theme.real, 0.28);
}

/**
 * The optimal maps: the nearer one of each curve, and for a single curve the other one, faint.
 * @param {GeneratorContext} chart
 */
function drawIdeals({ ctx, theme, scene, frame, x, y, pointed }) {
  const { latent_grid: grid, optimal_maps: { length: total } } = scene;
  const style = { width: theme.line / 2, dash: [theme.line * 2, theme.line * 1.5] };
  for (let k = 0; k < total; k++) {
    const { nearer, other } = idealsOf(scene, frame, k);
    if (total === 1) curve(ctx, grid, other, grid.length, x, y, { ...style, color: theme.axis, alpha: 0.4 });
    curve(ctx, grid, nearer, grid.length, x, y, { ...style, color: theme.muted, alpha: lineWeight(k, total, pointed).alpha });
  }
}

/** @param {GeneratorContext} chart */
function drawCurves({ ctx, theme, scene, frame, x, y, pointed }) {
  if (!frame) return;
  const { latent_grid: grid, curves: { length: total } } = scene;
  if (total === 1) curve(ctx, grid, frame.arrays.ema_generator, grid.length, x, y, { color: theme.generator, width: theme.line / 2 });
  const draw = (/** @type {number} */ k) => {
    const { part, alpha } = lineWeight(k, total, pointed);
    const map = curveOf(frame.arrays.generator, grid.length, k);
    const color = labelColor(theme, scene, k) ?? theme.generator;
    curve(ctx, grid, map, grid.length, x, y, { color, width: theme.line * 1.25 * part, alpha });
  };
  for (let k = 0; k < total; k++) if (k !== pointed) draw(k);
  if (pointed !== undefined) draw(pointed);
}

/** @param {GeneratorContext} chart */
function labelCurves(chart) {
  const { theme, scene, frame, plot, y, pointed } = chart;
  const end = (/** @type {ArrayLike<number>} */ map) => Math.min(plot.bottom, Math.max(plot.top, y(map[map.length - 1])));
  const total = scene.curves.length;
  const ideals = total === 1 && scene.optimal_maps.length === 1 ? [idealsOf(scene, frame, 0).nearer] : [];
  const labels = ideals.map((ideal) => ({ words: "G*", y: end(ideal), color: theme.muted, bold: false }));
  for (let k = 0; frame && k < total; k++) {
    const isLit = pointed === undefined || pointed === k;
    labels.push({
      words: curveName("G", scene, k),
      y: end(curveOf(frame.arrays.generator, scene.latent_grid.length, k)),
      color: isLit ? (labelColor(theme, scene, k) ?? theme.generatorText) : theme.muted,
      bold: isLit && (total <= 3 || scene.classes.length > 1 || pointed === k),
    });
  }
  // The averaged generator is named only where every name has a row of its own.
  if (frame && total === 1 && plot.height > theme.size * ROW * labels.length) {
    labels.push({ words: "avg", y: end(frame.arrays.ema_generator), color: theme.generatorText, bold: false });
  }
  const isCrowd = total > FEW;
  const options = { areShort: scene.classes.length < 2, least: isCrowd ? 2 : 1 };
  const rows = packRows(labels, theme.size * ROW, plot.top, plot.bottom, options);
  // Rows that are closer than a line of text have smaller letters.
  const part = Math.max(SMALLEST, Math.min(1, leastDistance(rows) / theme.size));
  for (const row of rows) {
    row.labels.forEach(({ words, y: level, color, bold }, column) => {
      if (isCrowd) drawLead(chart, level, row.y);
      const left = plot.right + theme.size * (0.35 + (isCrowd ? LEAD : 0) + column * (total > 9 ? COLUMN : CLOSE_COLUMN));
      text(chart, words, left, row.y, { color, baseline: "middle", bold, part });
    });
  }
}

/** The least distance between neighbouring rows. @param {{y: number}[]} rows from top to bottom */
function leastDistance(rows) {
  return Math.min(...rows.slice(1).map(({ y }, i) => y - rows[i].y));
}

/**
 * A line from the end of a curve to the row of its name.
 * @param {GeneratorContext} chart @param {number} level @param {number} row
 */
function drawLead({ ctx, theme, plot }, level, row) {
  ctx.save();
  ctx.beginPath();
  ctx.moveTo(plot.right, level);
  ctx.lineTo(plot.right + theme.size * LEAD, row);
  ctx.strokeStyle = theme.axis;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.restore();
}

/** @param {GeneratorContext} chart @param {number} z */
function drawHover(chart, z) {
  const { ctx, theme, scene, frame, plot, x, y, pointed } = chart;
  const across = x(z);
  rule(chart, "vertical", across, { color: theme.ink });
  const total = scene.curves.length;
  for (let k = 0; frame && k < total; k++) {
    if (pointed !== undefined && k !== pointed) continue;
    const reached = valueAt(scene.latent_grid, curveOf(frame.arrays.generator, scene.latent_grid.length, k), z);
    if (!Number.isFinite(reached)) continue;
    const level = Math.min(plot.bottom, Math.max(plot.top, y(reached)));
    rule(chart, "horizontal", level, { color: theme.fake, to: across });
    dot(ctx, across, level, theme.line * 2, theme.fake, theme.paper);
    if (total > 1 && pointed === undefined) continue;
    const words = `${argumentsInWords(scene, k, z)} = ${formatPosition(reached, scene.x_axis)}`;
    const half = theme.size * 0.27 * words.length;
    const inset = Math.max(plot.left + half, Math.min(plot.right - half, across));
    text(chart, words, inset, plot.top - theme.size * 0.25, { color: theme.ink, align: "center" });
  }
}

/**
 * G with its arguments: G(0.50), G(0.50 | −2), G(z₃ = 0.50).
 * @param {Scene} scene @param {number} k @param {number} z
 */
function argumentsInWords(scene, k, z) {
  const name = scene.classes[k]?.name ?? scene.codes?.[k];
  const label = name ? `\u2009|\u2009${name}` : "";
  return `G(${scene.latent_dimension > 1 ? `${coordinateName(scene, k)} = ` : ""}${formatFixed(z)}${label})`;
}

/**
 * The name of the z axis, or of the coordinate that the k-th curve follows.
 * @param {Scene} scene @param {number} [k]
 */
function coordinateName(scene, k) {
  if (scene.latent_dimension === 1) return axisName(scene, "z");
  if (scene.classes.length > 0 || scene.codes?.length) return "z₁";
  return k === undefined ? "zᵢ" : scene.curves[k];
}

/**
 * Which coordinates the curves follow, where the latent has several dimensions: curves show only a part of that G.
 * @param {GeneratorContext} chart
 */
function sayCoordinates(chart) {
  const { ctx, box, theme, scene, plot } = chart;
  if (scene.latent_dimension === 1) return;
  const long = coordinateName(scene) === "z₁" ? "along z₁, the others 0" : "one zᵢ at a time, the others 0";
  const words = long.length * theme.size * 0.55 < plot.width ? long : "the others 0";
  ctx.font = font(theme);
  // Right-aligned, and clear of the axis name on the left, if need be over the right margin.
  const right = Math.max(plot.right, plot.left + theme.size + widthOfWords(ctx, words));
  text(chart, words, Math.min(box.width, right), plot.top - theme.size * 0.25, { color: theme.muted, align: "right", halo: false });
}

/** @param {Scene} scene */
function alongInWords({ latent_dimension: dimension, classes }) {
  if (dimension === 1) return "";
  return ` along ${classes.length > 0 ? "the first" : "each"} of ${dimension} coordinates, the others at 0`;
}

/** @param {Scene} scene @param {Frame} frame */
function describeSeveral(scene, frame) {
  const { low, high } = scene.z_axis;
  const isConditional = scene.classes.length > 0;
  const parts = scene.curves.map((name, k) => {
    const map = curveOf(frame.arrays.generator, scene.latent_grid.length, k);
    const ends = `from ${formatPosition(map[0], scene.x_axis, 1)} to ${formatPosition(map[map.length - 1], scene.x_axis, 1)}`;
    return `${isConditional ? `for the label ${name}` : name}, ${ends}${idealInWords(map, scene, k)}`;
  });
  return (
    `Generator G(z)${isConditional ? ", conditional on a label," : ""} at step ${frame.step}${alongInWords(scene)}, ` +
    `where z goes from ${formatFixed(low, 1)} to ${formatFixed(high, 1)}: ${parts.join("; ")}.`
  );
}

/** @param {ArrayLike<number>} map @param {Scene} scene @param {number} k */
function idealInWords(map, scene, k) {
  if (!scene.optimal_maps[k]) return "";
  return `; on average over the ${scene.back ? "source" : "noise"} ${formatFixed(Math.min(...Object.values(meanDistances(map, scene, k))))} away from the nearer ideal map`;
}
