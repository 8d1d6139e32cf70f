// @ts-check
/** The frame of a chart: where its plot stands, its axes, and text that keeps clear of other text. */

import { crisp } from "./marks.js";
import { formatTick } from "./scales.js";

/** @import {Theme} from "../charts/types.js" */
/** @import {Context} from "./marks.js" */
/** @import {Scale} from "./scales.js" */
/** @typedef {{left: number, right: number, top: number, bottom: number, width: number, height: number}} Plot */

/**
 * The plot's rectangle inside its canvas, from margins in units of the tick text's height.
 * @param {import("../charts/types.js").Box} box @param {Theme} theme
 * @param {{left: number, right: number, top: number, bottom: number}} margins
 * @returns {Plot}
 */
export function plotOf(box, theme, margins) {
  const snap = (/** @type {number} */ v) => Math.round(v * theme.ratio) / theme.ratio;
  const left = snap(margins.left * theme.size);
  const top = snap(margins.top * theme.size);
  const right = Math.max(left + 1, snap(box.width - margins.right * theme.size));
  const bottom = Math.max(top + 1, snap(box.height - margins.bottom * theme.size));
  return { left, right, top, bottom, width: right - left, height: bottom - top };
}

/** @param {Theme} theme @param {{bold?: boolean, part?: number}} [how] */
export function font(theme, how = {}) {
  return `${how.bold ? "600 " : ""}${theme.size * (how.part ?? 1)}px ${theme.family}`;
}

/**
 * Text with its own paper behind every letter, readable over curves.
 * @param {Context} ctx @param {string} words @param {number} x @param {number} y
 * @param {{color: string, theme: Theme, align?: CanvasTextAlign, baseline?: CanvasTextBaseline, bold?: boolean, halo?: boolean, part?: number}} style
 */
export function text(ctx, words, x, y, style) {
  const { theme } = style;
  ctx.font = font(theme, style);
  ctx.textAlign = style.align ?? "left";
  ctx.textBaseline = style.baseline ?? "alphabetic";
  if (style.halo ?? true) {
    ctx.lineJoin = "round";
    ctx.lineWidth = theme.size / 3;
    ctx.strokeStyle = theme.paper;
    ctx.strokeText(words, x, y);
  }
  ctx.fillStyle = style.color;
  ctx.fillText(words, x, y);
}

/**
 * A hairline from one end of the plot to the other, on whole device pixels.
 * @param {Context} ctx @param {"horizontal"|"vertical"} way @param {number} at @param {number} from @param {number} to
 * @param {{color: string, theme: Theme, width?: number, dash?: number[], alpha?: number}} style
 */
export function rule(ctx, way, at, from, to, style) {
  if (!Number.isFinite(at)) return;
  const width = style.width ?? Math.max(1, style.theme.line / 2);
  const position = crisp(at, width, style.theme.ratio);
  ctx.save();
  ctx.beginPath();
  if (way === "horizontal") {
    ctx.moveTo(from, position);
    ctx.lineTo(to, position);
  } else {
    ctx.moveTo(position, from);
    ctx.lineTo(position, to);
  }
  ctx.strokeStyle = style.color;
  ctx.lineWidth = width;
  ctx.globalAlpha = style.alpha ?? 1;
  if (style.dash) ctx.setLineDash(style.dash);
  ctx.stroke();
  ctx.restore();
}

/**
 * A horizontal axis: its line, short marks and numbers under it, and its name after the last number.
 * @param {Context} ctx @param {Plot} plot @param {Scale} scale @param {number[]} values @param {Theme} theme
 * @param {{at?: number, line?: boolean, name?: string, format?: (v: number) => string}} [how]
 */
export function axisX(ctx, plot, scale, values, theme, how = {}) {
  const at = how.at ?? plot.bottom;
  const format = how.format ?? formatTick;
  if (how.line ?? true) rule(ctx, "horizontal", at, plot.left, plot.right, { color: theme.axis, theme, width: 1 });
  const below = at + theme.size * 1.25;
  for (const value of values) {
    const x = scale(value);
    rule(ctx, "vertical", x, at, at + theme.size / 4, { color: theme.axis, theme, width: 1 });
    text(ctx, format(value), x, below, { color: theme.muted, theme, align: "center", halo: false });
  }
  if (!how.name) return;
  const last = values.length ? scale(values[values.length - 1]) : plot.left;
  const clear = last + (values.length ? ctx.measureText(format(values[values.length - 1])).width / 2 : 0);
  const x = Math.max(plot.right + theme.size * 0.6, clear + theme.size * 0.5);
  text(ctx, how.name, x, below, { color: theme.muted, theme, halo: false });
}

/**
 * A vertical axis without a line: pale rules across the plot and numbers left of it.
 * @param {Context} ctx @param {Plot} plot @param {Scale} scale @param {number[]} values @param {Theme} theme
 * @param {{format?: (v: number) => string, rules?: boolean}} [how]
 */
export function axisY(ctx, plot, scale, values, theme, how = {}) {
  const format = how.format ?? formatTick;
  for (const value of values) {
    const y = scale(value);
    if (how.rules ?? true) rule(ctx, "horizontal", y, plot.left, plot.right, { color: theme.rule, theme, width: 1 });
    const left = plot.left - theme.size * 0.5;
    text(ctx, format(value), left, y, { color: theme.muted, theme, align: "right", baseline: "middle", halo: false });
  }
}

/**
 * Moves labels apart so that none covers another, each as near to where it wants to be as the rest allow.
 * Changes `y` in place; labels whose `y` is not finite are left out.
 * @template {{y: number}} Label
 * @param {Label[]} labels @param {number} gap @param {number} low @param {number} high
 * @returns {Label[]}
 */
export function spread(labels, gap, low, high) {
  const placed = labels.filter((label) => Number.isFinite(label.y)).sort((a, b) => a.y - b.y);
  for (let i = 0; i < placed.length; i++) {
    const floor = i ? placed[i - 1].y + gap : low;
    placed[i].y = Math.max(placed[i].y, floor);
  }
  for (let i = placed.length - 1; i >= 0; i--) {
    const ceiling = i < placed.length - 1 ? placed[i + 1].y - gap : high;
    placed[i].y = Math.min(placed[i].y, ceiling);
  }
  return placed;
}
