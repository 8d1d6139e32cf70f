// @ts-check
/** Draws a map: a tile for each cell, the shares of rows and columns, and the axes. Nothing is drawn between two cells. */

import { inkOn, mixed, numberColor } from "./colors.js";
import { columnBand, geometryOf, risesUp, rowBand, tileAt } from "./geometry.js";
import { axisTitle, largest, numberWords, tickTexts } from "./results.js";

/** @import {Results, Run, View} from "./results.js" */
/** @import {Geometry, Rectangle} from "./geometry.js" */
/** @import {MapTheme} from "./colors.js" */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {{ctx: Context, theme: MapTheme, results: Results, view: View}} MapContext */
/** @typedef {{column: number, row: number}} Place */

/** Smallest sides of a tile with a bar, and with a letter or a number, in CSS pixels. */
const LEAST = { bar: 14, letter: 15 };
/** Height of the bar, as a part of the tile, and of the upright bar of a single row. */
const BAR = 0.22;
const BAR_ALONE = 0.72;
/** The longest words of a row, as a part of the map's width. */
const WORDS = 0.28;

/** The geometry of a map in a box. @param {MapContext} context @param {{width: number, height: number}} box @returns {Geometry} */
export function layOut(context, box) {
  const { ctx, theme, results, view } = context;
  const axis = results.content.axes[view.order[1]];
  ctx.font = font(theme);
  const widths = axis ? tickTexts(axis).map((words) => ctx.measureText(words).width) : [0];
  const left = Math.min(WORDS * box.width, Math.max(...widths) + theme.size);
  return geometryOf(box, { ...results.shape(view), size: theme.size, left: Math.max(left, theme.size), isRising: risesUp(axis) });
}

/**
 * The tiles that are chosen.
 * @param {MapContext} context @param {Geometry} geometry
 * @param {{cursor: Place|null, before: Place|null}} marks the tile that keys and the panel follow, and the one clicked before
 */
export function drawMarks(context, geometry, { cursor, before }) {
  if (before) ring(context, tileAt(geometry, before.column, before.row), [4, 3]);
  if (cursor) ring(context, tileAt(geometry, cursor.column, cursor.row), []);
}

/** @param {MapContext} context @param {Geometry} geometry */
export function drawMap(context, geometry) {
  const { results, view } = context;
  const number = results.number(view.by);
  const range = number ? results.range(number) : null;
  const painter = { ...context, number, range };
  for (let column = 0; column < geometry.columns; column++) {
    for (let row = 0; row < geometry.rows; row++) {
      drawTile({ ...painter, isAlone: geometry.rows === 1 }, tileAt(geometry, column, row), results.cells[results.cellAt(view, column, row)]);
    }
  }
  if (geometry.columns > 1 && geometry.rows > 1) drawBands(painter, geometry);
  drawColumns(context, geometry);
  drawRows(context, geometry);
}

/** `isAlone`: whether there is one row of tiles @typedef {MapContext & {isAlone?: boolean, number: ReturnType<Results["number"]>, range: ReturnType<Results["range"]>}} Painter */

/** @param {Painter} painter @param {Rectangle} tile @param {Run[]} runs */
function drawTile(painter, tile, runs) {
  const { ctx, theme, results } = painter;
  if (runs.length === 0) return outline(painter, tile);
  const isBarred = tile.height >= LEAST.bar && tile.width >= LEAST.bar;
  const isUpright = painter.isAlone === true && !painter.number;
  const bar = isBarred ? Math.max(3, Math.round(isUpright ? tile.height * BAR_ALONE : Math.min(tile.height, tile.width * 1.2) * BAR)) : 0;
  const body = { ...tile, height: tile.height - bar - (bar && 1) };
  const foot = { ...tile, y: tile.y + tile.height - bar, height: bar };
  if (painter.number) drawNumber({ ...painter, number: painter.number }, body, foot, runs);
  else {
    const counts = results.tally(runs);
    const main = largest(counts);
    fill(ctx, body, theme.outcomes[main]);
    const side = Math.min(body.width, body.height);
    const size = Math.min(side * 0.6, Math.max(1.5 * theme.size, side * 0.22));
    const style = { theme, color: inkOn(theme.outcomes[main]), size, bold: true };
    if (side >= LEAST.letter) write(ctx, results.content.outcomes[main].letter, middle(body), style);
    if (bar) drawShares(painter, foot, counts, results.content.seeds, isUpright);
  }
}

/**
 * The median as colour and, where there is room, in digits; the quartiles as the two halves of the bar.
 * @param {Painter & {number: import("./results.js").MapNumber}} painter @param {Rectangle} body @param {Rectangle} foot @param {Run[]} runs
 */
function drawNumber(painter, body, foot, runs) {
  const { ctx, theme, results, number, range } = painter;
  const found = results.quartiles(runs, number.name);
  if (!found) return;
  const color = numberColor(found.median, number, range, theme);
  const words = numberWords(found.median, number);
  ctx.font = font(theme);
  const isWorded = body.height > theme.size * 1.1 && ctx.measureText(words).width < body.width - 4;
  paint(painter, body, found.median, isWorded);
  if (isWorded) write(ctx, words, middle(body), { theme, color: inkOn(color) });
  if (foot.height === 0) return;
  const half = Math.floor(foot.width / 2);
  paint(painter, { ...foot, width: half }, found.low);
  paint(painter, { ...foot, x: foot.x + half, width: foot.width - half }, found.high);
}

/**
 * An area in the colour of a number, crossed out where there is none.
 * @param {Painter & {number: import("./results.js").MapNumber}} painter @param {Rectangle} area @param {number} value
 * @param {boolean} [isWorded] whether words on it say so
 */
function paint({ ctx, theme, number, range }, area, value, isWorded = false) {
  fill(ctx, area, numberColor(value, number, range, theme));
  if (Number.isFinite(value) || isWorded) return;
  ctx.beginPath();
  ctx.moveTo(area.x, area.y + area.height);
  ctx.lineTo(area.x + area.width, area.y);
  ctx.strokeStyle = mixed(theme.ink, theme.missing, 0.35);
  ctx.lineWidth = 1;
  ctx.stroke();
}

/**
 * A bar of the shares of all outcomes; what has not ended is left empty.
 * @param {MapContext} context @param {Rectangle} bar @param {number[]} counts @param {number} total @param {boolean} isUpright
 */
function drawShares({ ctx, theme }, bar, counts, total, isUpright) {
  outline({ ctx, theme }, bar);
  let done = 0;
  counts.forEach((count, outcome) => {
    if (count === 0) return;
    const [from, to] = [done / total, (done + count) / total];
    done += count;
    const part = isUpright
      ? { ...bar, y: bar.y + bar.height * (1 - to), height: bar.height * (to - from) }
      : { ...bar, x: bar.x + bar.width * from, width: bar.width * (to - from) };
    fill(ctx, part, theme.outcomes[outcome]);
  });
}

/** The shares, or the medians, of all runs of a column or a row. @param {Painter} painter @param {Geometry} geometry */
function drawBands(painter, geometry) {
  const { results, view } = painter;
  for (let column = 0; column < geometry.columns; column++) drawBand(painter, columnBand(geometry, column), results.runsAlong(view, { column }), geometry.rows, true);
  for (let row = 0; row < geometry.rows; row++) drawBand(painter, rowBand(geometry, row), results.runsAlong(view, { row }), geometry.columns, false);
}

/** @param {Painter} painter @param {Rectangle} band @param {Run[]} runs @param {number} cells @param {boolean} isUpright */
function drawBand(painter, band, runs, cells, isUpright) {
  const { results, number } = painter;
  const found = number && results.quartiles(runs, number.name);
  if (number && found) return paint({ ...painter, number }, band, found.median);
  drawShares(painter, band, results.tally(runs), cells * results.content.seeds, isUpright);
}

/** The values below the columns, and the name of their axis. @param {MapContext} context @param {Geometry} geometry */
function drawColumns({ ctx, theme, results, view }, geometry) {
  const axis = results.content.axes[view.order[0]];
  const bottom = geometry.top + geometry.rows * geometry.up;
  const isWorded = axis.words.some((words) => words !== null);
  ctx.font = font(theme);
  const words = tickTexts(axis);
  const widest = Math.max(...words.map((text) => ctx.measureText(text).width)) + theme.size * 0.6;
  const every = isWorded && geometry.across > 3 * theme.size ? 1 : Math.max(1, Math.ceil(widest / geometry.across));
  words.forEach((text, column) => {
    if (column % every !== 0) return;
    const tile = tileAt(geometry, column, 0);
    const shown = isWorded && every === 1 ? shortened(ctx, text, geometry.across - 4) : text;
    write(ctx, shown, { x: tile.x + tile.width / 2, y: bottom + theme.size * 0.85 }, { theme, color: theme.muted });
  });
  const end = geometry.left + geometry.columns * geometry.across;
  write(ctx, `${axisTitle(axis)} →`, { x: end, y: bottom + theme.size * 2.4 }, { theme, color: theme.ink, align: "right" });
}

/** The values beside the rows, and the name of their axis. @param {MapContext} context @param {Geometry} geometry */
function drawRows({ ctx, theme, results, view }, geometry) {
  const axis = results.content.axes[view.order[1]];
  if (!axis) return;
  const every = Math.max(1, Math.ceil((theme.size * 1.25) / geometry.up));
  ctx.font = font(theme);
  tickTexts(axis).forEach((text, row) => {
    if (row % every !== 0) return;
    const tile = tileAt(geometry, 0, row);
    const words = shortened(ctx, text, geometry.left - theme.size * 0.5);
    write(ctx, words, { x: geometry.left - theme.size * 0.5, y: tile.y + tile.height / 2 }, { theme, color: theme.muted, align: "right" });
  });
  write(ctx, `${geometry.isRising ? "↑" : "↓"} ${axisTitle(axis)}`, { x: 0, y: theme.size * 0.75 }, { theme, color: theme.ink, align: "left" });
}

/** Words that fit a width, with an ellipsis. @param {Context} ctx @param {string} words @param {number} width */
export function shortened(ctx, words, width) {
  if (ctx.measureText(words).width <= width) return words;
  let length = words.length - 1;
  while (length > 1 && ctx.measureText(`${words.slice(0, length)}…`).width > width) length--;
  return `${words.slice(0, length).trimEnd()}…`;
}

/** @param {MapContext} context @param {Rectangle} tile @param {number[]} dash */
function ring({ ctx, theme }, tile, dash) {
  for (const [color, width, pattern] of /** @type {[string, number, number[]][]} */ ([[theme.paper, 5, []], [theme.ink, 2.5, dash]])) {
    ctx.beginPath();
    ctx.rect(tile.x - 1, tile.y - 1, tile.width + 2, tile.height + 2);
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.setLineDash(pattern);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

/** The edge of what is empty. @param {Pick<MapContext, "ctx"|"theme">} context @param {Rectangle} area */
function outline({ ctx, theme }, { x, y, width, height }) {
  ctx.beginPath();
  ctx.rect(x + 0.5, y + 0.5, Math.max(0.5, width - 1), Math.max(0.5, height - 1));
  ctx.strokeStyle = theme.rule;
  ctx.lineWidth = 1;
  ctx.stroke();
}

/** @param {Context} ctx @param {Rectangle} area @param {string} color */
export function fill(ctx, { x, y, width, height }, color) {
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.fillStyle = color;
  ctx.fill();
}

/** @param {Context} ctx @param {string} words @param {{x: number, y: number}} at its middle, or an end @param {{theme: MapTheme, color: string, size?: number, bold?: boolean, align?: CanvasTextAlign}} style */
export function write(ctx, words, { x, y }, { theme, color, size = theme.size, bold = false, align = "center" }) {
  ctx.font = font(theme, size, bold);
  ctx.textAlign = align;
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = color;
  // Half of the height of a capital letter below the middle.
  ctx.fillText(words, x, y + size * 0.36);
}

/** @param {MapTheme} theme @param {number} [size] @param {boolean} [bold] */
function font(theme, size = theme.size, bold = false) {
  return `${bold ? "600 " : ""}${size}px ${theme.family}`;
}

/** @param {Rectangle} area */
function middle({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}
