// @ts-check
/** D(x): the learned judge, the best possible judge of this moment (dashed), and the gap between the two. */

import { axisX, axisY, bandPath, curve, dot, rule, spread, text, tint, valueAt, formatTick, formatValue } from "../plot.js";
import { discriminatorFrame, formatReadout, readoutTicks, roomyTicks } from "./geometry.js";
import { hoveredX } from "./hover.js";

/** @import {Theme} from "./types.js" */

/** @type {import("./types.js").Chart} */
export const discriminator = {
  id: "discriminator",
  title: "Discriminator D(x)",
  axis: "x",

  describe({ scene, frame }) {
    if (!scene || !frame) return "Discriminator D(x): waiting for the server.";
    const values = frame.arrays.discriminator;
    const parts = scene.modes.map(
      (mode) => `${formatValue(valueAt(scene.grid, values, mode.centre))} at x ${formatValue(mode.centre, 1)}`,
    );
    const gap = widestGap(values, frame.arrays.optimal_discriminator);
    const distance = gap < 0 ? "" : `; farthest from the ideal at x ${formatTick(round1(scene.grid[gap]))}, by ${
      formatValue(Math.abs(values[gap] - frame.arrays.optimal_discriminator[gap]))}`;
    return `Discriminator D(x) at step ${frame.step}: ${parts.join(", ")}${distance}.`;
  },

  draw(ctx, box, store, theme) {
    const { scene, frame } = store;
    if (!scene) return;
    const { plot, x, y } = discriminatorFrame(box, theme, scene);
    const values = readoutTicks(scene, plot.height, theme);
    axisY(ctx, plot, y, values, theme, { format: formatReadout });
    axisX(ctx, plot, x, roomyTicks(scene.x_axis, plot.width, theme), theme, { name: "x" });
    nameEnds(ctx, plot, y, scene, theme);
    // Where D cannot tell.
    rule(ctx, "horizontal", y(scene.readout.undecided), plot.left, plot.right, { color: theme.axis, theme, width: 1, alpha: 0.7 });
    if (!frame) return;
    const count = scene.grid.length;
    const learned = frame.arrays.discriminator;
    const ideal = frame.arrays.optimal_discriminator;
    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.left, plot.top - theme.line, plot.width, plot.height + 2 * theme.line);
    ctx.clip();
    bandPath(ctx, scene.grid, learned, ideal, x, y);
    tint(ctx, theme.discriminator, 0.1);
    const dash = [theme.line * 2.5, theme.line * 2];
    curve(ctx, scene.grid, ideal, count, x, y, { color: theme.muted, width: theme.line * 0.6, dash });
    curve(ctx, scene.grid, learned, count, x, y, { color: theme.discriminator, width: theme.line });
    ctx.restore();
    nameCurves(ctx, scene.grid, learned, ideal, plot, x, y, theme);
    drawHover(ctx, store, plot, x, y, theme);
  },

  hoverAt(box, { scene }, theme, px) {
    if (!scene) return null;
    const { plot, x } = discriminatorFrame(box, theme, scene);
    return px >= plot.left && px <= plot.right ? { axis: "x", value: x.invert(px) } : null;
  },
};

/**
 * Which end means what: beside the numbers of a probability, in their place when D gives scores.
 * @param {CanvasRenderingContext2D} ctx @param {import("../plot/axes.js").Plot} plot
 * @param {import("../plot.js").Scale} y @param {import("./types.js").Scene} scene @param {Theme} theme
 */
function nameEnds(ctx, plot, y, scene, theme) {
  const isProbability = scene.readout.kind === "probability";
  const style = { theme, align: /** @type {const} */ ("right"), baseline: /** @type {const} */ ("middle"), halo: false };
  const right = plot.left - theme.size * (isProbability ? 1.3 : 0.5);
  const inset = isProbability ? 0 : theme.size * 0.35;
  text(ctx, "real", right, y(scene.readout.high) + inset, { ...style, color: theme.realText });
  text(ctx, "fake", right, y(scene.readout.low) - inset, { ...style, color: theme.fakeText });
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {ArrayLike<number>} grid @param {ArrayLike<number>} learned
 * @param {ArrayLike<number>} ideal @param {import("../plot/axes.js").Plot} plot
 * @param {import("../plot.js").Scale} x @param {import("../plot.js").Scale} y @param {Theme} theme
 */
function nameCurves(ctx, grid, learned, ideal, plot, x, y, theme) {
  const last = lastFinite(ideal);
  const labels = [
    { words: "D", x: plot.right, y: y(learned[learned.length - 1]), color: theme.discriminator, bold: true },
    { words: "D*", x: last < 0 ? plot.right : x(grid[last]), y: last < 0 ? NaN : y(ideal[last]), color: theme.muted, bold: false },
  ];
  // Only names that stand in one column can cover each other.
  const together = Math.abs(labels[0].x - labels[1].x) < theme.size * 2;
  const placed = together ? spread(labels, theme.size * 1.05, plot.top, plot.bottom) : labels;
  for (const label of placed) {
    if (!Number.isFinite(label.y)) continue;
    text(ctx, label.words, label.x + theme.size * 0.35, Math.min(plot.bottom, Math.max(plot.top, label.y)), {
      color: label.color, theme, baseline: "middle", bold: label.bold,
    });
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {import("./types.js").Store} store @param {import("../plot/axes.js").Plot} plot
 * @param {import("../plot.js").Scale} x @param {import("../plot.js").Scale} y @param {Theme} theme
 */
function drawHover(ctx, store, plot, x, y, theme) {
  const at = hoveredX(store);
  const { scene, frame } = store;
  if (!at || !scene || !frame || at.value < scene.x_axis.low || at.value > scene.x_axis.high) return;
  const learned = valueAt(scene.grid, frame.arrays.discriminator, at.value);
  const ideal = valueAt(scene.grid, frame.arrays.optimal_discriminator, at.value);
  rule(ctx, "vertical", x(at.value), plot.top, plot.bottom, { color: at.fromNoise ? theme.fake : theme.ink, theme });
  dot(ctx, x(at.value), y(ideal), theme.line * 1.4, theme.muted, theme.paper);
  dot(ctx, x(at.value), y(learned), theme.line * 1.8, theme.discriminator, theme.paper);
  const words = `D ${formatValue(learned)}` + (Number.isFinite(ideal) ? `   D* ${formatValue(ideal)}` : "");
  const inset = Math.max(plot.left + theme.size * 4.5, Math.min(plot.right - theme.size * 4.5, x(at.value)));
  text(ctx, words, inset, plot.top - theme.size * 0.25, { color: theme.ink, theme, align: "center" });
}

/** @param {ArrayLike<number>} values */
function lastFinite(values) {
  for (let i = values.length - 1; i >= 0; i--) if (Number.isFinite(values[i])) return i;
  return -1;
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function widestGap(a, b) {
  let place = -1;
  let widest = -1;
  for (let i = 0; i < a.length; i++) {
    const gap = Math.abs(a[i] - b[i]);
    if (gap > widest) {
      widest = gap;
      place = i;
    }
  }
  return place;
}

/** @param {number} value */
function round1(value) {
  return Math.round(value * 10) / 10;
}
