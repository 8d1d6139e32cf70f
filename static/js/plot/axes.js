// @ts-check
/** The plot rectangle inside a canvas, axes, rules, and text that does not overlap other text. */

import { tickWords } from "../format.js";
import { inLanguage } from "../words.js";
import { crisp } from "./marks.js";

/** @import {Box, Theme} from "../charts/types.js" */
/** @import {Context} from "./marks.js" */
/** @import {Scale} from "./scales.js" */
/** @typedef {{left: number, right: number, top: number, bottom: number, width: number, height: number}} Plot in CSS pixels */
/** @typedef {{ctx: Context, theme: Theme}} Surface a canvas and the theme to draw on it with */
/** @typedef {Surface & {plot: Plot}} PlotSurface */

/**
 * The plot rectangle of a canvas, for margins in heights of the tick text.
 * @param {Box} box @param {Theme} theme
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

/** Distance of words above a plot from it, in heights of text; with more, a power of ten would be cut off. */
export const NOTE = 0.15;

/** @param {Theme} theme @param {{bold?: boolean, part?: number}} [style] `part` scales the letters */
export function font(theme, { bold = false, part = 1 } = {}) {
  return `${bold ? "600 " : ""}${theme.size * part}px ${theme.family}`;
}

/**
 * Width of words in the context's font, in the language of the page.
 * @param {Context} ctx @param {string} words
 */
export function widthOfWords(ctx, words) {
  return ctx.measureText(inLanguage(words)).width;
}

/**
 * Text with a halo in the paper's colour, readable over curves.
 * @param {Surface} surface @param {string} words @param {number} x @param {number} y
 * @param {{color: string, align?: CanvasTextAlign, baseline?: CanvasTextBaseline, bold?: boolean, halo?: boolean, part?: number}} style
 */
export function text({ ctx, theme }, words, x, y, style) {
  const shown = inLanguage(words);
  ctx.font = font(theme, style);
  ctx.textAlign = style.align ?? "left";
  ctx.textBaseline = style.baseline ?? "alphabetic";
  if (style.halo ?? true) {
    ctx.lineJoin = "round";
    ctx.lineWidth = theme.size / 3;
    ctx.strokeStyle = theme.paper;
    ctx.strokeText(shown, x, y);
  }
  ctx.fillStyle = style.color;
  ctx.fillText(shown, x, y);
}

/**
 * A straight line along one axis on whole device pixels, from end to end of the plot unless `from` and `to` say otherwise.
 * @param {PlotSurface} surface @param {"horizontal"|"vertical"} direction @param {number} position across the direction
 * @param {{color: string, width?: number, dash?: number[], alpha?: number, from?: number, to?: number}} style
 */
export function rule({ ctx, theme, plot }, direction, position, style) {
  if (!Number.isFinite(position)) return;
  const isHorizontal = direction === "horizontal";
  const { from = isHorizontal ? plot.left : plot.top, to = isHorizontal ? plot.right : plot.bottom } = style;
  const width = style.width ?? Math.max(1, theme.line / 2);
  const at = crisp(position, width, theme.ratio);
  ctx.save();
  ctx.beginPath();
  for (const [verb, end] of /** @type {const} */ ([["moveTo", from], ["lineTo", to]])) {
    if (isHorizontal) ctx[verb](end, at);
    else ctx[verb](at, end);
  }
  ctx.strokeStyle = style.color;
  ctx.lineWidth = width;
  ctx.globalAlpha = style.alpha ?? 1;
  if (style.dash) ctx.setLineDash(style.dash);
  ctx.stroke();
  ctx.restore();
}

/**
 * A horizontal axis below the plot: its line, tick marks and numbers, and its name after the last number. Numbers that have
 * curves behind them need a halo.
 * @param {PlotSurface} surface @param {Scale} scale @param {number[]} values @param {string} name "" for none
 * @param {{halo?: boolean}} [style]
 */
export function axisX(surface, scale, values, name, { halo = false } = {}) {
  const { ctx, theme, plot } = surface;
  const tick = { color: theme.axis, width: 1, from: plot.bottom, to: plot.bottom + theme.size / 4 };
  rule(surface, "horizontal", plot.bottom, { color: theme.axis, width: 1 });
  const below = plot.bottom + theme.size * 1.25;
  const { labels, note } = tickWords(values);
  ctx.font = font(theme);
  const gap = theme.size * 0.5;
  const end = note ? `${name} ${note}` : name;
  // A long name ends at the right edge of the canvas and takes the place of the last numbers.
  const right = note ? ctx.canvas.width / theme.ratio - widthOfWords(ctx, end) : Infinity;
  let clear = -Infinity;
  values.forEach((value, i) => {
    rule(surface, "vertical", scale(value), tick);
    const half = ctx.measureText(labels[i]).width / 2;
    if (scale(value) - half < clear || scale(value) + half + gap > right) return;
    clear = scale(value) + half + gap;
    text(surface, labels[i], scale(value), below, { color: theme.muted, align: "center", halo });
  });
  if (name) text(surface, end, Math.min(right, Math.max(plot.right + theme.size * 0.6, clear)), below, { color: theme.muted, halo: false });
}

/**
 * A vertical axis without a line: pale rules across the plot, and numbers on their left.
 * @param {PlotSurface} surface @param {Scale} scale @param {number[]} values @param {(value: number) => string} [format]
 */
export function axisY(surface, scale, values, format) {
  const { theme, plot } = surface;
  const { labels, note } = format ? { labels: values.map(format), note: "" } : tickWords(values);
  const style = { color: theme.muted, align: /** @type {const} */ ("right"), baseline: /** @type {const} */ ("middle"), halo: false };
  for (const [i, value] of values.entries()) {
    rule(surface, "horizontal", scale(value), { color: theme.rule, width: 1 });
    text(surface, labels[i], plot.left - theme.size * 0.5, scale(value), style);
  }
  if (note) text(surface, note, plot.left + theme.size * 0.6, plot.top - theme.size * NOTE, { color: theme.muted, halo: false });
}

/**
 * Move labels apart so that none covers another, each as near to its own `y` as the others allow.
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
