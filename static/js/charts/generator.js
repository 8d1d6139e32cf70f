// @ts-check
/**
 * G(z): the learned map, its running average, and (faint) the two maps that would turn this prior into the target
 * exactly: increasing, and its mirror image. A G that is told labels has a map for each of them, and one of several
 * coordinates has one along each, for which there is no single perfect one.
 */

import { areaPath, axisX, axisY, curve, dot, font, linear, rule, text, tint, valueAt, formatValue } from "../plot/index.js";
import { curveOf, firmness, inRows, nameOf, nearestCurve, pointedCurve } from "./curves.js";
import { generatorFrame, roomyTicks, upTicks } from "./layout.js";

/** @import {Box, Store, Theme, Scene, Frame} from "./types.js" */
/** @import {Plot} from "../plot/axes.js" */
/** @import {Scale} from "../plot/index.js" */

/** Width of the strip at the left edge that shows where on x the target has its mass, in heights of text. */
const STRIP = 1.6;
/** More names than this are a crowd, and stand at the ends of lines. */
const FEW = 8;
/** Length of the lines from the ends of a crowd to its names, in heights of text. */
const LEAD = 0.7;
/** Letters are never smaller than this part of a text's height. */
const SMALLEST = 0.6;
/** Between names, down and across, in heights of text. */
const ROW = 1.05;
const COLUMN = 1.6;
/** The same where no name has two digits. */
const CLOSE_COLUMN = 1.1;

/** @type {import("./types.js").Chart} */
export const generator = {
  id: "generator",
  title: "Generator G(z)",
  axis: "z",

  describe({ scene, frame }) {
    if (!scene || !frame) return "Generator G(z): waiting for the server.";
    if (scene.curves.length > 1) return describeSeveral(scene, frame);
    const map = frame.arrays.generator;
    const at = (/** @type {number} */ z) => formatValue(valueAt(scene.latent_grid, map, z), 1);
    const { low, high } = scene.z_axis;
    const [a, b, c] = [low / 2 + high / 2 - (high - low) / 4, (low + high) / 2, (low + high) / 2 + (high - low) / 4];
    return (
      `Generator G(z) at step ${frame.step}${alongWords(scene)}: G(${formatValue(a, 1)}) is ${at(a)}, ` +
      `G(${formatValue(b, 1)}) is ${at(b)}, G(${formatValue(c, 1)}) is ${at(c)}${idealWords(map, scene, 0)}.`
    );
  },

  draw(ctx, box, store, theme) {
    const { scene, frame } = store;
    if (!scene) return;
    const { plot, z, x } = generatorFrame(box, theme, scene);
    axisY(ctx, plot, x, upTicks(scene.x_axis, plot.height, theme), theme);
    axisX(ctx, plot, z, roomyTicks(scene.z_axis, plot.width, theme), theme, { name: coordinate(scene) });
    text(ctx, "x", plot.left, plot.top - theme.size * 0.4, { color: theme.muted, theme, align: "center", halo: false });
    drawTarget(ctx, scene, plot, x, theme);

    const pointed = pointedCurve(store, scene.curves.length);
    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.left, plot.top, plot.width, plot.height);
    ctx.clip();
    drawIdeals(ctx, scene, z, x, pointed, theme);
    if (frame) drawCurves(ctx, scene, frame, z, x, pointed, theme);
    ctx.restore();

    nameCurves(ctx, scene, frame, plot, x, pointed, theme);
    if (store.hover?.axis === "z") drawHover(ctx, store, plot, z, x, pointed, theme);
    else sayAlong(ctx, box, scene, plot, theme);
    if (store.hover?.axis === "x") {
      rule(ctx, "horizontal", x(store.hover.value), plot.left, plot.right, { color: theme.ink, theme });
    }
  },

  hoverAt(box, { scene, frame }, theme, px, py) {
    if (!scene) return null;
    const { plot, z, x } = generatorFrame(box, theme, scene);
    if (px >= plot.left) {
      if (px > plot.right) return null;
      const value = z.invert(px);
      return { axis: "z", value, curve: nearestCurve(scene.latent_grid, frame?.arrays.generator, value, x.invert(py)) };
    }
    return py >= plot.top && py <= plot.bottom ? { axis: "x", value: x.invert(py) } : null;
  },
};

/**
 * The target's density, turned so that its x is this chart's x: where G's curve should spend its noise.
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {Plot} plot
 * @param {Scale} x @param {Theme} theme
 */
function drawTarget(ctx, scene, plot, x, theme) {
  const across = linear(0, scene.density_high, plot.left, plot.left + STRIP * theme.size * 1.5);
  areaPath(ctx, scene.grid, scene.target_density, x, across, plot.left, true);
  tint(ctx, theme.real, 0.28);
}

/**
 * Of several curves only the increasing ideals: their mirror images are as good, but twice as many dashes are not.
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {Scale} z @param {Scale} x
 * @param {number|undefined} pointed @param {Theme} theme
 */
function drawIdeals(ctx, scene, z, x, pointed, theme) {
  const { latent_grid: grid, optimal_maps: ideals, optimal_maps_mirrored: mirrored } = scene;
  const dash = [theme.line * 2, theme.line * 1.5];
  const style = { width: theme.line / 2, dash };
  if (mirrored.length === 1) curve(ctx, grid, mirrored[0], grid.length, z, x, { ...style, color: theme.axis, alpha: 0.55 });
  for (let k = 0; k < ideals.length; k++) {
    const { alpha } = firmness(k, ideals.length, pointed);
    curve(ctx, grid, ideals[k], grid.length, z, x, { ...style, color: theme.muted, alpha });
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {Frame} frame @param {Scale} z @param {Scale} x
 * @param {number|undefined} pointed @param {Theme} theme
 */
function drawCurves(ctx, scene, frame, z, x, pointed, theme) {
  const { latent_grid: grid, curves } = scene;
  const total = curves.length;
  const color = theme.generator;
  // Averages of several would be as many lines again.
  if (total === 1) curve(ctx, grid, frame.arrays.ema_generator, grid.length, z, x, { color, width: theme.line / 2 });
  const draw = (/** @type {number} */ k) => {
    const { part, alpha } = firmness(k, total, pointed);
    const map = curveOf(frame.arrays.generator, grid.length, k);
    curve(ctx, grid, map, grid.length, z, x, { color, width: theme.line * 1.25 * part, alpha });
  };
  for (let k = 0; k < total; k++) if (k !== pointed) draw(k);
  if (pointed !== undefined) draw(pointed);
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {Frame|null} frame @param {Plot} plot @param {Scale} x
 * @param {number|undefined} pointed @param {Theme} theme
 */
function nameCurves(ctx, scene, frame, plot, x, pointed, theme) {
  const end = (/** @type {ArrayLike<number>} */ map) => Math.min(plot.bottom, Math.max(plot.top, x(map[map.length - 1])));
  const total = scene.curves.length;
  const ideals = total === 1 ? [...scene.optimal_maps, ...scene.optimal_maps_mirrored] : [];
  const labels = ideals.map((ideal) => ({ words: "G*", y: end(ideal), color: theme.muted, bold: false }));
  for (let k = 0; frame && k < total; k++) {
    const isLit = pointed === undefined || pointed === k;
    labels.push({
      words: nameOf("G", scene, k),
      y: end(curveOf(frame.arrays.generator, scene.latent_grid.length, k)),
      color: isLit ? theme.generatorText : theme.muted,
      bold: isLit && (total <= 3 || scene.classes.length > 1 || pointed === k),
    });
  }
  // Where not all names have a row, the least told is left out.
  if (frame && total === 1 && plot.height > theme.size * ROW * labels.length) {
    labels.push({ words: "avg", y: end(frame.arrays.ema_generator), color: theme.generatorText, bold: false });
  }
  const isCrowd = total > FEW;
  const how = { areShort: scene.classes.length < 2, least: isCrowd ? 2 : 1 };
  const rows = inRows(labels, theme.size * ROW, plot.top, plot.bottom, how);
  // Rows that had to move together take smaller letters.
  const part = Math.max(SMALLEST, Math.min(1, nearest(rows) / theme.size));
  for (const row of rows) {
    row.labels.forEach(({ words, y, color, bold }, column) => {
      if (isCrowd) lead(ctx, plot.right, y, theme.size * LEAD, row.y, theme);
      const left = plot.right + theme.size * (0.35 + (isCrowd ? LEAD : 0) + column * (total > 9 ? COLUMN : CLOSE_COLUMN));
      text(ctx, words, left, row.y, { color, theme, baseline: "middle", bold, part });
    });
  }
}

/**
 * The least distance from one row to the next.
 * @param {{y: number}[]} rows from the uppermost down
 */
function nearest(rows) {
  return Math.min(...rows.slice(1).map(({ y }, i) => y - rows[i].y));
}

/**
 * From the end of a curve to the row of its name.
 * @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} length @param {number} row
 * @param {Theme} theme
 */
function lead(ctx, x, y, length, row, theme) {
  ctx.save();
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + length, row);
  ctx.strokeStyle = theme.axis;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.restore();
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Store} store @param {Plot} plot @param {Scale} z @param {Scale} x
 * @param {number|undefined} pointed @param {Theme} theme
 */
function drawHover(ctx, { scene, frame, hover }, plot, z, x, pointed, theme) {
  if (!hover || !scene) return;
  const across = z(hover.value);
  rule(ctx, "vertical", across, plot.top, plot.bottom, { color: theme.ink, theme });
  const total = scene.curves.length;
  for (let k = 0; frame && k < total; k++) {
    if (pointed !== undefined && k !== pointed) continue;
    const reached = valueAt(scene.latent_grid, curveOf(frame.arrays.generator, scene.latent_grid.length, k), hover.value);
    if (!Number.isFinite(reached)) continue;
    const level = Math.min(plot.bottom, Math.max(plot.top, x(reached)));
    rule(ctx, "horizontal", level, plot.left, across, { color: theme.fake, theme });
    dot(ctx, across, level, theme.line * 2, theme.fake, theme.paper);
    if (total > 1 && pointed === undefined) continue;
    const words = `${asked(scene, k, hover.value)} = ${formatValue(reached)}`;
    const half = theme.size * 0.27 * words.length;
    const inset = Math.max(plot.left + half, Math.min(plot.right - half, across));
    text(ctx, words, inset, plot.top - theme.size * 0.25, { color: theme.ink, theme, align: "center" });
  }
}

/**
 * G asked for one x: G(0.50), G(0.50 | −2), G(z₃ = 0.50).
 * @param {Scene} scene @param {number} k @param {number} value
 */
function asked(scene, k, value) {
  const label = scene.classes.length > 0 ? `\u2009|\u2009${scene.classes[k].name}` : "";
  return `G(${scene.latent_dimension > 1 ? `${coordinate(scene, k)} = ` : ""}${formatValue(value)}${label})`;
}

/**
 * What the axis counts, or what the k-th curve runs along.
 * @param {Scene} scene @param {number} [k]
 */
function coordinate(scene, k) {
  if (scene.latent_dimension === 1) return "z";
  if (scene.classes.length > 0) return "z₁";
  return k === undefined ? "zᵢ" : scene.curves[k];
}

/**
 * Curves through a space show a part of G only, and the chart says which.
 * @param {CanvasRenderingContext2D} ctx @param {Box} box @param {Scene} scene @param {Plot} plot @param {Theme} theme
 */
function sayAlong(ctx, box, scene, plot, theme) {
  if (scene.latent_dimension === 1) return;
  const long = scene.classes.length > 0 ? "along z₁, the others 0" : "one zᵢ at a time, the others 0";
  const words = long.length * theme.size * 0.55 < plot.width ? long : "the others 0";
  ctx.font = font(theme);
  // Clear of the axis's name at the left, if need be over the margin at the right.
  const right = Math.max(plot.right, plot.left + theme.size + ctx.measureText(words).width);
  const style = { color: theme.muted, theme, align: /** @type {const} */ ("right"), halo: false };
  text(ctx, words, Math.min(box.width, right), plot.top - theme.size * 0.25, style);
}

/** @param {Scene} scene */
function alongWords({ latent_dimension: dimension, classes }) {
  if (dimension === 1) return "";
  return ` along ${classes.length > 0 ? "the first" : "each"} of ${dimension} coordinates, the others at 0`;
}

/** @param {Scene} scene @param {Frame} frame */
function describeSeveral(scene, frame) {
  const { low, high } = scene.z_axis;
  const parts = scene.curves.map((name, k) => {
    const map = curveOf(frame.arrays.generator, scene.latent_grid.length, k);
    const from = formatValue(map[0], 1);
    const to = formatValue(map[map.length - 1], 1);
    return `${scene.classes.length > 0 ? `asked for ${name}` : name}, from ${from} to ${to}${idealWords(map, scene, k)}`;
  });
  const told = scene.classes.length > 0 ? ", which is told a label" : "";
  return (
    `Generator G(z)${told}, at step ${frame.step}${alongWords(scene)}, where z goes from ${formatValue(low, 1)} to ` +
    `${formatValue(high, 1)}: ${parts.join("; ")}.`
  );
}

/** @param {ArrayLike<number>} map @param {Scene} scene @param {number} k */
function idealWords(map, scene, k) {
  if (!scene.optimal_maps[k]) return "";
  return `; on average over the noise ${formatValue(meanDistance(map, scene, k))} away from the nearer ideal map`;
}

/**
 * Mean distance between a learned map and whichever of its ideals is nearer, weighted by how likely each z is.
 * @param {ArrayLike<number>} map @param {Scene} scene @param {number} k
 */
function meanDistance(map, scene, k) {
  let weight = 0;
  let straight = 0;
  let mirrored = 0;
  for (let i = 0; i < map.length; i++) {
    const mass = scene.latent_density[i];
    const a = Math.abs(map[i] - scene.optimal_maps[k][i]);
    const b = Math.abs(map[i] - scene.optimal_maps_mirrored[k][i]);
    if (!(mass > 0) || !Number.isFinite(a) || !Number.isFinite(b)) continue;
    weight += mass;
    straight += mass * a;
    mirrored += mass * b;
  }
  return Math.min(straight, mirrored) / weight;
}
