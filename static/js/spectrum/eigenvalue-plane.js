// @ts-check
/** The chart of the eigenvalues in the complex plane. */

import { formatCount, formatTick } from "../format.js";
import { axisX, decades, linear, plotOf, rule, text, ticks } from "../plot/index.js";
import { eigenvalue, powerWords } from "./spectrum-view.js";
import { complexWords } from "./unit-circle.js";

/** @import {Chart, ChartContext} from "../charts/types.js" */
/** @import {SpectrumFound} from "../connection/wire.js" */
/** @import {SpectrumView} from "./spectrum-view.js" */

/** The eigenvalues in the plane. @param {SpectrumView} view @returns {Chart} */
export function planeChart(view) {
  return {
    id: "spectrum-plane",
    title: "Eigenvalues of the game",
    describe: () => (view.found ? planeInWords(view.found) : "Eigenvalues of the game, before they are computed."),
    draw(context) {
      const { found } = view;
      if (!found) return;
      const { place, plot } = view.isLinear ? drawLinear(context, found) : drawPolar(context, found);
      drawOwn(context, found, place);
      drawGame(context, found, place, view.pointed);
      drawKey(context, found, plot.bottom);
    },
  };
}

/** Where the eigenvalues are, in pixels. @param {SpectrumView} view @param {ChartContext} context */
export function placesOf(view, context) {
  const { found } = view;
  if (!found) return [];
  const place = view.isLinear ? linearPlace(context, found) : polarPlace(context, found);
  return found.eigenvalues.map(place);
}

/** @param {SpectrumFound} found */
function planeInWords({ parameters, attracting, repelling, flat, eigenvalues, sentence }) {
  const largest = eigenvalues.slice(0, 5).map(complexWords).join(", ");
  return `Eigenvalues of the game in the complex plane: of ${formatCount(parameters)}, ${attracting} attract, at the right, ${repelling} repel, at the left, and ${flat} are flat. The largest: ${largest || "none"}. ${sentence}`;
}

/** Heights of the key below the plane, in those of the text. */
const KEY = 1.9;

/** @param {ChartContext} context @param {SpectrumFound} found */
function polarLayout({ box, theme }, found) {
  const side = Math.min(box.width - theme.size, box.height - theme.size * KEY);
  const [cx, cy] = [box.width / 2, (box.height - theme.size * KEY) / 2];
  const most = Math.max(...[found.eigenvalues, found.discriminator, found.generator].map((list) => (list.length ? Math.hypot(...list[0]) : 0)), 1e-300);
  const radius = Math.max(1, side / 2 - theme.size * 0.7);
  // What is smaller counts as 0.
  const powers = -Math.log10(found.flat_below);
  const out = (/** @type {number} */ size) => radius * Math.max(0, 1 + Math.log10(size / most) / powers);
  const plot = { left: cx - radius, right: cx + radius, top: cy - radius, bottom: cy + side / 2, width: 2 * radius, height: 2 * radius };
  return { cx, cy, most, radius, out, plot };
}

/** Angles as they are, distances from 0 by powers of ten. @param {ChartContext} context @param {SpectrumFound} found */
function polarPlace(context, found) {
  const { cx, cy, out } = polarLayout(context, found);
  return (/** @type {number[]} */ [re, im]) => {
    const size = Math.hypot(re, im);
    const far = size > 0 ? out(size) / size : 0;
    return [cx + re * far, cy - im * far];
  };
}

/** @param {ChartContext} context @param {SpectrumFound} found */
function drawPolar(context, found) {
  const { ctx, theme } = context;
  const layout = polarLayout(context, found);
  const { cx, cy, radius, most, out, plot } = layout;
  const surface = { ctx, theme, plot };
  ctx.beginPath();
  ctx.arc(cx, cy, radius, -Math.PI / 2, Math.PI / 2);
  ctx.globalAlpha = 0.07;
  ctx.fillStyle = theme.ink;
  ctx.fill();
  ctx.globalAlpha = 1;
  const rings = decades(most * found.flat_below, most);
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.axis;
  ctx.globalAlpha = 0.6;
  for (const size of rings) {
    ctx.beginPath();
    ctx.arc(cx, cy, out(size), 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  rule(surface, "horizontal", cy, { color: theme.axis, width: 1 });
  rule(surface, "vertical", cx, { color: theme.ink, width: theme.line * 0.75, to: cy + radius });
  for (const size of rings) {
    const at = out(size);
    if (at > theme.size * 2.4) text(surface, powerWords(size), cx - at * Math.SQRT1_2, cy + at * Math.SQRT1_2, { color: theme.muted, align: "center", baseline: "middle" });
  }
  nameSides(context, cx - radius, cx + radius, cy - radius + theme.size * 0.9);
  return { place: polarPlace(context, found), plot };
}

/** Name the sides of the vertical axis, in the corners. @param {ChartContext} context @param {number} left @param {number} right @param {number} y */
function nameSides(context, left, right, y) {
  text(context, "repel", left, y, { color: context.theme.ink, bold: true });
  text(context, "attract", right, y, { color: context.theme.ink, align: "right", bold: true });
}

/** @param {ChartContext} context @param {SpectrumFound} found */
function linearLayout({ box, theme }, found) {
  const plot = plotOf(box, theme, { left: 3.4, right: 2.4, top: 0.4, bottom: KEY + 1.7 });
  const all = [...found.eigenvalues, ...found.discriminator, ...found.generator];
  const [low, high] = [Math.min(0, ...all.map(([re]) => re)), Math.max(0, ...all.map(([re]) => re))];
  const tallest = Math.max(...all.map(([, im]) => Math.abs(im)), (high - low) * 1e-3, 1e-300);
  const margin = (high - low || 1) * 0.06;
  return { plot, x: linear(low - margin, high + margin, plot.left, plot.right), y: linear(-tallest * 1.15, tallest * 1.15, plot.bottom, plot.top) };
}

/** @param {ChartContext} context @param {SpectrumFound} found */
function linearPlace(context, found) {
  const { x, y } = linearLayout(context, found);
  return (/** @type {number[]} */ [re, im]) => [x(re), y(im)];
}

/** @param {ChartContext} context @param {SpectrumFound} found */
function drawLinear(context, found) {
  const { ctx, theme } = context;
  const { plot, x, y } = linearLayout(context, found);
  const chart = { ...context, plot };
  ctx.globalAlpha = 0.07;
  ctx.fillStyle = theme.ink;
  ctx.fillRect(x(0), plot.top, plot.right - x(0), plot.height);
  ctx.globalAlpha = 1;
  rule(chart, "horizontal", y(0), { color: theme.axis, width: 1 });
  rule(chart, "vertical", x(0), { color: theme.ink, width: theme.line * 0.75 });
  axisX(chart, x, ticks(x.low, x.high, Math.max(2, Math.round(plot.width / (theme.size * 6)))), "Re");
  for (const value of ticks(y.low, y.high, 5)) {
    text(chart, formatTick(value), plot.left - theme.size * 0.4, y(value), { color: theme.muted, align: "right", baseline: "middle", halo: false });
  }
  text(chart, "Im", x(0) + theme.size * 0.4, plot.top + theme.size * 0.9, { color: theme.muted });
  nameSides(context, plot.left + theme.size * 0.5, plot.right - theme.size * 0.5, plot.top + theme.size * 1.2);
  return { place: linearPlace(context, found), plot: { ...plot, bottom: plot.bottom + theme.size * 1.7 } };
}

/** @typedef {(value: number[]) => number[]} Place */

/** Those of each player alone: faint strokes, D's above the real axis and G's below. @param {ChartContext} context @param {SpectrumFound} found @param {Place} place */
function drawOwn({ ctx, theme }, found, place) {
  for (const [list, color, side] of /** @type {const} */ ([[found.discriminator, theme.discriminator, -1], [found.generator, theme.generatorText, 1]])) {
    ctx.beginPath();
    for (const value of list) {
      const [x, y] = place(value);
      ctx.moveTo(x, y + side * theme.size * 0.35);
      ctx.lineTo(x, y + side * theme.size * 1.05);
    }
    ctx.lineWidth = Math.max(1, theme.line * 0.5);
    ctx.strokeStyle = color;
    ctx.globalAlpha = 0.7;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/** @param {ChartContext} context @param {SpectrumFound} found @param {Place} place @param {number|null} pointed */
function drawGame({ ctx, theme }, found, place, pointed) {
  for (const value of found.eigenvalues) {
    const [x, y] = place(value);
    eigenvalue(ctx, x, y, theme);
  }
  const read = pointed === null ? undefined : found.eigenvalues[pointed];
  if (!read) return;
  const [x, y] = place(read);
  ctx.beginPath();
  ctx.arc(x, y, theme.size * 0.6, 0, 2 * Math.PI);
  ctx.lineWidth = theme.line * 0.8;
  ctx.strokeStyle = theme.ink;
  ctx.stroke();
}

/** @param {ChartContext} context @param {SpectrumFound} found @param {number} top */
function drawKey({ ctx, box, theme }, { flat }, top) {
  const surface = { ctx, theme };
  const y = Math.min(top + theme.size * 1.3, box.height - theme.size * 0.4);
  const parts = /** @type {const} */ ([["dot", "both players", theme.labelFirst], ["stroke", "D alone", theme.discriminator], ["stroke", "G alone", theme.generatorText]]);
  const rest = flat ? `${formatCount(flat)} flat at 0` : "";
  const gap = theme.size;
  ctx.font = `${theme.size}px ${theme.family}`;
  const widths = parts.map(([, words]) => ctx.measureText(words).width + theme.size * 0.9 + gap);
  const needed = widths.reduce((sum, width) => sum + width, 0);
  const last = ctx.measureText(rest).width;
  const isWide = needed + last <= box.width;
  let x = Math.max(0, (box.width - (isWide ? needed + last : needed - gap)) / 2);
  parts.forEach(([shape, words, color], i) => {
    if (shape === "dot") eigenvalue(ctx, x + theme.size * 0.3, y - theme.size * 0.35, theme);
    else {
      ctx.fillStyle = color;
      ctx.fillRect(x + theme.size * 0.3, y - theme.size * 0.75, Math.max(1.5, theme.line * 0.5), theme.size * 0.75);
    }
    text(surface, words, x + theme.size * 0.9, y, { color: theme.muted, halo: false });
    x += widths[i];
  });
  if (isWide) text(surface, rest, x, y, { color: theme.muted, halo: false });
}
