// @ts-check
/**
 * G(z): the learned map, its running average, and (faint) the two maps that would turn this prior into the target
 * exactly: increasing, and its mirror image.
 */

import { areaPath, axisX, axisY, curve, dot, linear, rule, spread, text, tint, valueAt, formatValue } from "../plot.js";
import { generatorFrame, roomyTicks, upTicks } from "./geometry.js";

/** @import {Store, Theme, Scene} from "./types.js" */

/** Width of the strip at the left edge that shows where on x the target has its mass, in heights of text. */
const STRIP = 1.6;

/** @type {import("./types.js").Chart} */
export const generator = {
  id: "generator",
  title: "Generator G(z)",
  axis: "z",

  describe({ scene, frame }) {
    if (!scene || !frame) return "Generator G(z): waiting for the server.";
    const map = frame.arrays.generator;
    const at = (/** @type {number} */ z) => formatValue(valueAt(scene.latent_grid, map, z), 1);
    const { low, high } = scene.z_axis;
    const [a, b, c] = [low / 2 + high / 2 - (high - low) / 4, (low + high) / 2, (low + high) / 2 + (high - low) / 4];
    const gap = meanDistance(map, scene);
    return (
      `Generator G(z) at step ${frame.step}: G(${formatValue(a, 1)}) is ${at(a)}, G(${formatValue(b, 1)}) is ${at(b)}, ` +
      `G(${formatValue(c, 1)}) is ${at(c)}; on average over the noise ${formatValue(gap)} away from the nearer ideal map.`
    );
  },

  draw(ctx, box, store, theme) {
    const { scene, frame, hover } = store;
    if (!scene) return;
    const { plot, z, x } = generatorFrame(box, theme, scene);
    axisY(ctx, plot, x, upTicks(scene.x_axis, plot.height, theme), theme);
    axisX(ctx, plot, z, roomyTicks(scene.z_axis, plot.width, theme), theme, { name: "z" });
    text(ctx, "x", plot.left, plot.top - theme.size * 0.4, { color: theme.muted, theme, align: "center", halo: false });
    drawTarget(ctx, scene, plot, x, theme);

    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.left, plot.top, plot.width, plot.height);
    ctx.clip();
    const count = scene.latent_grid.length;
    const thin = theme.line / 2;
    const dash = [theme.line * 2, theme.line * 1.5];
    curve(ctx, scene.latent_grid, scene.optimal_map_mirror, count, z, x, { color: theme.axis, width: thin, dash, alpha: 0.55 });
    curve(ctx, scene.latent_grid, scene.optimal_map, count, z, x, { color: theme.muted, width: thin, dash });
    if (frame) {
      curve(ctx, scene.latent_grid, frame.arrays.ema_generator, count, z, x, { color: theme.generator, width: thin });
      curve(ctx, scene.latent_grid, frame.arrays.generator, count, z, x, { color: theme.generator, width: theme.line * 1.25 });
    }
    ctx.restore();

    nameCurves(ctx, scene, frame, plot, x, theme);
    if (hover) drawHover(ctx, store, plot, z, x, theme);
  },

  hoverAt(box, { scene }, theme, px, py) {
    if (!scene) return null;
    const { plot, z, x } = generatorFrame(box, theme, scene);
    if (px >= plot.left) return px <= plot.right ? { axis: "z", value: z.invert(px) } : null;
    return py >= plot.top && py <= plot.bottom ? { axis: "x", value: x.invert(py) } : null;
  },
};

/**
 * The target's density, turned so that its x is this chart's x: where G's curve should spend its noise.
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {import("../plot/axes.js").Plot} plot
 * @param {import("../plot.js").Scale} x @param {Theme} theme
 */
function drawTarget(ctx, scene, plot, x, theme) {
  const across = linear(0, scene.density_high, plot.left, plot.left + STRIP * theme.size * 1.5);
  areaPath(ctx, scene.grid, scene.target_density, x, across, plot.left, true);
  tint(ctx, theme.real, 0.28);
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {import("./types.js").Frame|null} frame
 * @param {import("../plot/axes.js").Plot} plot @param {import("../plot.js").Scale} x @param {Theme} theme
 */
function nameCurves(ctx, scene, frame, plot, x, theme) {
  const end = (/** @type {ArrayLike<number>} */ map) => Math.min(plot.bottom, Math.max(plot.top, x(map[map.length - 1])));
  const labels = [
    { words: "G*", y: end(scene.optimal_map), color: theme.muted, bold: false },
    { words: "G*", y: end(scene.optimal_map_mirror), color: theme.muted, bold: false },
    ...(frame
      ? [
          { words: "G", y: end(frame.arrays.generator), color: theme.generatorText, bold: true },
          { words: "avg", y: end(frame.arrays.ema_generator), color: theme.generatorText, bold: false },
        ]
      : []),
  ];
  for (const label of spread(labels, theme.size * 1.05, plot.top, plot.bottom)) {
    text(ctx, label.words, plot.right + theme.size * 0.35, label.y, {
      color: label.color, theme, baseline: "middle", bold: label.bold,
    });
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Store} store @param {import("../plot/axes.js").Plot} plot
 * @param {import("../plot.js").Scale} z @param {import("../plot.js").Scale} x @param {Theme} theme
 */
function drawHover(ctx, { scene, frame, hover }, plot, z, x, theme) {
  if (!hover || !scene) return;
  if (hover.axis === "x") {
    rule(ctx, "horizontal", x(hover.value), plot.left, plot.right, { color: theme.ink, theme });
    return;
  }
  const reached = frame ? valueAt(scene.latent_grid, frame.arrays.generator, hover.value) : NaN;
  rule(ctx, "vertical", z(hover.value), plot.top, plot.bottom, { color: theme.ink, theme });
  if (!Number.isFinite(reached)) return;
  const level = Math.min(plot.bottom, Math.max(plot.top, x(reached)));
  rule(ctx, "horizontal", level, plot.left, z(hover.value), { color: theme.fake, theme });
  dot(ctx, z(hover.value), level, theme.line * 2, theme.fake, theme.paper);
  const words = `G(${formatValue(hover.value)}) = ${formatValue(reached)}`;
  const inset = Math.max(plot.left + theme.size * 4, Math.min(plot.right - theme.size * 4, z(hover.value)));
  text(ctx, words, inset, plot.top - theme.size * 0.25, { color: theme.ink, theme, align: "center" });
}

/**
 * Mean distance between the learned map and whichever ideal map is nearer, weighted by how likely each z is.
 * @param {ArrayLike<number>} map @param {Scene} scene
 */
function meanDistance(map, scene) {
  let weight = 0;
  let straight = 0;
  let mirrored = 0;
  for (let i = 0; i < map.length; i++) {
    const mass = scene.latent_density[i];
    const a = Math.abs(map[i] - scene.optimal_map[i]);
    const b = Math.abs(map[i] - scene.optimal_map_mirror[i]);
    if (!(mass > 0) || !Number.isFinite(a) || !Number.isFinite(b)) continue;
    weight += mass;
    straight += mass * a;
    mirrored += mass * b;
  }
  return Math.min(straight, mirrored) / weight;
}
