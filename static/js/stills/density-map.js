// @ts-check
/**
 * The whole run in one picture: steps run across, x runs up, and the darker a point, the denser G's samples at this x in that
 * step. Beside it stand the densities of the target and of G at the last step, above it the named steps.
 */

import { axisName } from "../charts/curves.js";
import { formatCount, formatTick } from "../format.js";
import { axisX, axisY, font, linear, niceCeil, plotOf, rule, text, ticks, tint } from "../plot/index.js";
import { momentsOf } from "../state/timeline.js";
import { drawHead, shorten, WORDED } from "./sheet.js";

/** @import {Scene, Theme} from "../charts/types.js" */
/** @import {Store} from "../state/store.js" */
/** @import {Plot} from "../plot/axes.js" */
/** @import {Scale} from "../plot/index.js" */
/** @import {Surface, Words} from "./sheet.js" */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {{step: number, scene: Scene, density: ArrayLike<number>}} Column the density of G at one step */
/** @typedef {{from: number, to: number, centres: number[]}} Stretch steps with the same modes, the last one excluded */
/** @typedef {{width: number, height: number, data: Uint8ClampedArray}} Pixels in RGBA, row by row from the top */

export const MAP_SHEET = { ...WORDED, height: 720 };
/** In CSS pixels. */
const BESIDE = 190;
const LEGEND = { width: 150, height: 10 };
/** Heights of the two rows of names of steps above the map, and the space for both, in heights of text. */
const ROWS = [1.7, 0.45];
const NAMES = 3.4;
/** Space for the words on the right of the map, in heights of text. */
const RIGHT = 4.2;
/** How many times the target's peak has the fullest colour, at least. */
const FULL = 2;
/** The longest name of a step, in CSS pixels. */
const LONGEST_NAME = 300;
/** Low densities are to be seen: the colour follows this power of them. */
const GAMMA = 0.6;
/** Colours between no density and a full one. */
const SHADES = 256;

/** The column of the step that a store shows. @param {Store} store @returns {Column} */
export function columnOf({ frame, scene }) {
  if (!frame || !scene) throw new Error("Expected a frame to draw, but there is none yet.");
  return { step: frame.step, scene, density: Float32Array.from(frame.arrays.fake_density) };
}

/**
 * The pixels of the map: each takes the nearest step, and the density there between the points of its grid.
 * @param {Column[]} columns in the order of their steps
 * @param {{width: number, height: number, x: Scale, step: Scale, high: number}} place scales from values to pixels; `high`: the density of
 *   the fullest colour
 * @param {ArrayLike<number>} shades RGBA of `SHADES` colours
 * @returns {Pixels}
 */
export function pixelsOf(columns, { width, height, x, step, high }, shades) {
  const data = new Uint8ClampedArray(4 * width * height);
  let at = 0;
  for (let across = 0; across < width; across++) {
    const wanted = step.invert(across + 0.5);
    while (at + 1 < columns.length && columns[at + 1].step - wanted <= wanted - columns[at].step) at++;
    const { scene: { grid, x_axis: axis }, density } = columns[at];
    const spacing = (grid[grid.length - 1] - grid[0]) / (grid.length - 1);
    for (let down = 0; down < height; down++) {
      const value = x.invert(down + 0.5);
      const place = Math.min(Math.max((value - grid[0]) / spacing, 0), grid.length - 1);
      const below = Math.floor(place);
      const above = Math.min(below + 1, grid.length - 1);
      const found = density[below] + (place - below) * (density[above] - density[below]);
      const share = value < axis.low || value > axis.high ? 0 : Math.min(1, Math.max(0, found / high)) ** GAMMA;
      const shade = 4 * Math.round(share * (SHADES - 1));
      // Where there is nothing, the paper shows.
      if (shade) for (let channel = 0; channel < 4; channel++) data[4 * (down * width + across) + channel] = shades[shade + channel];
    }
  }
  return { width, height, data };
}

/** The density of the fullest colour: a round number, some times the target's peak. @param {Column[]} columns */
export function fullDensity(columns) {
  return niceCeil(FULL * Math.max(...columns.map(({ scene }) => scene.target_density.reduce((peak, value) => Math.max(peak, value), 0))));
}

/** Steps in which the target has the same modes. @param {Column[]} columns @returns {Stretch[]} */
export function stretchesOf(columns) {
  /** @type {Stretch[]} */
  const stretches = [];
  for (const { step, scene } of columns) {
    const centres = scene.modes.map(({ centre }) => centre);
    const last = stretches.at(-1);
    if (last) last.to = step;
    if (!last || centres.join() !== last.centres.join()) stretches.push({ from: step, to: step, centres });
  }
  return stretches;
}

/**
 * @param {Surface} surface @param {Column[]} columns @param {Store} store the run, for its named steps
 * @param {Theme} pageTheme @param {Words} words @param {(width: number, height: number) => Context} makeCanvas
 */
export function drawDensityMap(surface, columns, store, pageTheme, words, makeCanvas) {
  const theme = { ...pageTheme, ...MAP_SHEET.style };
  const { ctx } = surface;
  const { width, height, margin, gap, top, foot } = MAP_SHEET;
  const [first, last] = [columns[0], columns[columns.length - 1]];
  const range = `steps ${formatCount(first.step)} to ${formatCount(last.step)}`;
  const aside = store.config?.seed === undefined ? range : `${range}   seed ${store.config.seed}`;
  drawHead(ctx, theme, MAP_SHEET, { title: words.title, aside, lines: [words.settings], link: words.link });
  text({ ctx, theme }, "Where G's samples lie, step by step", margin, top + theme.size - 4, { color: theme.ink, bold: true, part: 1.15 });

  const axis = { low: Math.min(...columns.map(({ scene }) => scene.x_axis.low)), high: Math.max(...columns.map(({ scene }) => scene.x_axis.high)) };
  const high = fullDensity(columns);
  const shades = shadesOf(theme, makeCanvas);
  drawLegend(ctx, theme, shades, high, { right: width - margin, top: top - 8 }, makeCanvas);
  const down = top + 1.4 * theme.size;
  const box = { width: width - 2 * margin - BESIDE - gap, height: height - down - foot };
  const ends = { top: NAMES, bottom: 1.9 };
  surface.chart({ x: margin, y: down, ...box }, (inner) => {
    const plot = plotOf(box, theme, { left: 3.2, right: RIGHT, ...ends });
    const chart = { ctx: inner, theme, plot };
    const x = linear(axis.low, axis.high, plot.bottom, plot.top);
    const step = linear(first.step, Math.max(last.step, first.step + 1), plot.left, plot.right);
    const { ratio } = theme;
    const size = { width: Math.round(plot.width * ratio), height: Math.round(plot.height * ratio) };
    const inPixels = { ...size, x: linear(axis.low, axis.high, size.height, 0), step: linear(step.low, step.high, 0, size.width), high };
    paste(inner, pixelsOf(columns, inPixels, shades), plot, makeCanvas);
    drawValues(chart, x, axis, axisName(last.scene, "x"));
    axisX(chart, step, ticks(step.low, step.high, 8), "step");
    drawModes(chart, x, step, stretchesOf(columns));
    nameSteps(chart, step, store);
  });
  const beside = { width: BESIDE, height: box.height };
  surface.chart({ x: width - margin - BESIDE, y: down, ...beside }, (inner) => {
    const plot = plotOf(beside, theme, { left: 0.3, right: 0.3, ...ends });
    drawBeside({ ctx: inner, theme, plot }, last, linear(axis.low, axis.high, plot.bottom, plot.top));
  });
}

/** Colours from the paper over that of the fakes to the ink. @param {Theme} theme @param {(width: number, height: number) => Context} makeCanvas */
function shadesOf({ paper, fake, ink }, makeCanvas) {
  const ctx = makeCanvas(SHADES, 1);
  const gradient = ctx.createLinearGradient(0, 0, SHADES, 0);
  for (const [at, color] of /** @type {const} */ ([[0, paper], [0.62, fake], [1, ink]])) gradient.addColorStop(at, color);
  ctx.fillStyle = gradient;
  ctx.fillRect(0, 0, SHADES, 1);
  return ctx.getImageData(0, 0, SHADES, 1).data;
}

/**
 * @param {Context} ctx @param {Pixels} pixels @param {{left: number, top: number, width: number, height: number}} place
 * @param {(width: number, height: number) => Context} makeCanvas
 */
function paste(ctx, { width, height, data }, place, makeCanvas) {
  const picture = makeCanvas(width, height);
  picture.putImageData(new ImageData(/** @type {any} */ (data), width, height), 0, 0);
  ctx.drawImage(picture.canvas, place.left, place.top, place.width, place.height);
}

/**
 * What the colours mean.
 * @param {Context} ctx @param {Theme} theme @param {ArrayLike<number>} shades @param {number} high @param {{right: number, top: number}} place
 * @param {(width: number, height: number) => Context} makeCanvas
 */
function drawLegend(ctx, theme, shades, high, { right, top }, makeCanvas) {
  const words = `${formatTick(high)} or more`;
  ctx.font = font(theme);
  const left = right - ctx.measureText(words).width - 0.6 * theme.size - LEGEND.width;
  const data = new Uint8ClampedArray(4 * SHADES);
  for (let i = 0; i < SHADES; i++) {
    const shade = 4 * Math.round((i / (SHADES - 1)) ** GAMMA * (SHADES - 1));
    for (let channel = 0; channel < 4; channel++) data[4 * i + channel] = shades[shade + channel];
  }
  const style = { color: theme.muted, baseline: /** @type {const} */ ("middle") };
  const middle = top + theme.size;
  paste(ctx, { width: SHADES, height: 1, data }, { left, top: middle - LEGEND.height / 2, ...LEGEND }, makeCanvas);
  text({ ctx, theme }, "density  0", left - 0.6 * theme.size, middle, { ...style, align: "right" });
  text({ ctx, theme }, words, right, middle, { ...style, align: "right" });
}

/** @param {{ctx: Context, theme: Theme, plot: Plot}} chart @param {Scale} x @param {{low: number, high: number}} axis @param {string} name */
function drawValues(chart, x, axis, name) {
  const { theme, plot } = chart;
  const values = ticks(axis.low, axis.high, 8);
  // Rules across would be read as data: the axis has ticks.
  axisY({ ...chart, theme: { ...theme, rule: theme.paper }, plot: { ...plot, right: plot.left } }, x, values);
  rule(chart, "vertical", plot.left, { color: theme.axis, width: 1 });
  text(chart, name, plot.left - theme.size * 0.5, plot.top - theme.size * 0.5, { color: theme.muted, align: "right", halo: false });
}

/** @param {{ctx: Context, theme: Theme, plot: Plot}} chart @param {Scale} x @param {Scale} step @param {Stretch[]} stretches */
function drawModes(chart, x, step, stretches) {
  const { theme, plot } = chart;
  for (const { from, to, centres } of stretches) {
    for (const centre of centres) {
      rule(chart, "horizontal", x(centre), { color: theme.real, dash: [2, 4], width: 1, from: step(from), to: step(to) });
    }
  }
  const centres = stretches.at(-1)?.centres ?? [];
  if (centres.length) text(chart, centres.length === 1 ? "mode" : "modes", plot.right + theme.size * 0.4, x(Math.max(...centres)), { color: theme.realText, baseline: "middle" });
}

/**
 * Bookmarks, new diagnoses and changed settings, with as many names as have room in two rows. The line of a name in the upper row
 * crosses none in the lower one.
 * @param {{ctx: Context, theme: Theme, plot: Plot}} chart @param {Scale} step @param {Store} store
 */
function nameSteps(chart, step, store) {
  const { ctx, theme, plot } = chart;
  const free = ROWS.map(() => plot.left - 1);
  for (const { step: at, text: name } of momentsOf(store)) {
    if (at < step.low || at > step.high) continue;
    const x = step(at);
    const row = free.findIndex((_, i) => free.slice(i).every((end) => x >= end));
    const words = row < 0 ? "" : shorten(ctx, theme, name, Math.min(LONGEST_NAME, plot.right + 3 * theme.size - x));
    const isNamed = words.length >= Math.min(4, name.length) && row >= 0;
    rule(chart, "vertical", x, { color: theme.muted, width: 1, alpha: 0.5, from: plot.top - (isNamed ? theme.size * (ROWS[row] + 0.6) : 0) });
    if (!isNamed) continue;
    text(chart, words, x + theme.size * 0.3, plot.top - theme.size * ROWS[row], { color: theme.ink, halo: false });
    free[row] = x + ctx.measureText(words).width + theme.size;
  }
}

/**
 * The densities of the target and of G at the last step, along x, which runs up.
 * @param {{ctx: Context, theme: Theme, plot: Plot}} chart @param {Column} column @param {Scale} x
 */
function drawBeside(chart, { step, scene, density }, x) {
  const { ctx, theme, plot } = chart;
  let peak = 0;
  for (let i = 0; i < scene.grid.length; i++) peak = Math.max(peak, scene.target_density[i], Math.min(density[i], 1.5 * scene.density_high));
  const across = linear(0, peak || 1, plot.left, plot.right);
  const inside = (/** @type {number} */ value) => across(Math.min(value, peak));
  rule(chart, "vertical", plot.left, { color: theme.axis, width: 1 });
  sidewaysPath(ctx, scene.grid, scene.target_density, x, inside);
  tint(ctx, theme.real, 0.2);
  sidewaysPath(ctx, scene.grid, scene.target_density, x, inside);
  stroke(ctx, theme.real, theme.line, []);
  sidewaysPath(ctx, scene.grid, density, x, inside);
  stroke(ctx, theme.fake, theme.line, [6, 3]);
  text(chart, "target", plot.left + theme.size * 0.5, plot.top - theme.size * 0.45, { color: theme.realText, halo: false });
  text(chart, `G at step ${formatCount(step)}`, plot.left + theme.size * 4.8, plot.top - theme.size * 0.45, { color: theme.fakeText, halo: false });
}

/**
 * A density along x, which runs up.
 * @param {Context} ctx @param {number[]} grid @param {ArrayLike<number>} density @param {Scale} x @param {(value: number) => number} across
 */
function sidewaysPath(ctx, grid, density, x, across) {
  ctx.beginPath();
  ctx.moveTo(across(0), x(grid[0]));
  for (let i = 0; i < grid.length; i++) ctx.lineTo(across(density[i]), x(grid[i]));
  ctx.lineTo(across(0), x(grid[grid.length - 1]));
}

/** @param {Context} ctx @param {string} color @param {number} width @param {number[]} dash */
function stroke(ctx, color, width, dash) {
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.restore();
}
