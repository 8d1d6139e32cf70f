// @ts-check
/**
 * A still: the charts of one step with the preset's title, what differs from it, the numbers and the link, on a sheet of
 * fixed size. It is drawn on any context, so that a PNG and an SVG hold the same picture.
 */

import { charts } from "../charts/index.js";
import { formatCount, formatMetric, formatPosition, formatShare } from "../format.js";
import { font, text } from "../plot/index.js";

/** @import {Theme} from "../charts/types.js" */
/** @import {Store} from "../state/store.js" */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {{x: number, y: number, width: number, height: number}} Area */

/**
 * The words on a sheet.
 * @typedef {object} Words
 * @property {string} title
 * @property {string} settings what differs from the preset; "" for nothing
 * @property {string} diagnosis
 * @property {string} link
 */

/**
 * Where a sheet is drawn: its own context for text, and a context for each chart whose origin is the chart's corner.
 * @typedef {object} Surface
 * @property {Context} ctx
 * @property {(area: Area, draw: (ctx: Context) => void) => void} chart
 */

/** Size of a sheet in CSS pixels. */
export const SHEET = { width: 1280, height: 800 };
const MARGIN = 32;
const GAP = 24;
/** Height of the text of ticks, width of curves, and device pixels to a CSS pixel. */
const STYLE = { size: 13, line: 2, ratio: 2 };
const CAPTION = 22;
const TOP = 104;
const FOOT = 30;

/** The columns and rows of the charts: shares of the width and of the height. */
const COLUMNS = [0.29, 0.44, 0.27];
const ROWS = [0.46, 0.27, 0.27];
/** @type {Record<string, {column: number, row: number, caption: string}>} */
const PLACES = {
  generator: { column: 0, row: 0, caption: "Generator G" },
  data: { column: 1, row: 0, caption: "Data: real and fake" },
  noise: { column: 0, row: 1, caption: "Noise z" },
  discriminator: { column: 1, row: 1, caption: "Discriminator D" },
  readouts: { column: 2, row: 1, caption: "D's outputs" },
};

/** @param {number[]} shares @param {number} from @param {number} length @returns {{start: number, length: number}[]} */
function divide(shares, from, length) {
  const free = length - GAP * (shares.length - 1);
  let start = from;
  return shares.map((share) => {
    const part = { start, length: free * share };
    start += part.length + GAP;
    return part;
  });
}

/** The areas of all charts, and of the numbers. @returns {Record<string, {area: Area, caption: string}>} */
export function areasOf() {
  const columns = divide(COLUMNS, MARGIN, SHEET.width - 2 * MARGIN);
  const rows = divide(ROWS, TOP, SHEET.height - TOP - FOOT - GAP / 2);
  const halves = divide([0.5, 0.5], MARGIN, SHEET.width - 2 * MARGIN);
  const place = (/** @type {{start: number, length: number}} */ across, /** @type {{start: number, length: number}} */ down) => ({
    x: across.start, y: down.start, width: across.length, height: down.length,
  });
  return {
    ...Object.fromEntries(
      Object.entries(PLACES).map(([id, { column, row, caption }]) => [id, { area: place(columns[column], rows[row]), caption }]),
    ),
    numbers: { area: place(columns[2], rows[0]), caption: "How close?" },
    losses: { area: place(halves[0], rows[2]), caption: "Losses" },
    distances: { area: place(halves[1], rows[2]), caption: "" },
  };
}

/**
 * Draw a sheet of the step that the page shows.
 * @param {Surface} surface @param {Store} store @param {Theme} pageTheme @param {Words} words
 */
export function drawSheet(surface, store, pageTheme, words) {
  const { scene, frame } = store;
  if (!scene || !frame) throw new Error("Expected a frame to draw, but there is none yet.");
  const { ctx } = surface;
  const theme = { ...pageTheme, ...STYLE };
  // What the pointer shows, and handles that can be dragged, do not belong to the picture.
  const still = { ...store, hover: null, sketch: null, readonly: true, dragTargets: [] };
  ctx.beginPath();
  ctx.rect(0, 0, SHEET.width, SHEET.height);
  ctx.fillStyle = theme.paper;
  ctx.fill();
  drawWords(ctx, theme, store, words);
  for (const [id, { area, caption }] of Object.entries(areasOf())) {
    const chart = charts.find((each) => each.id === id);
    const title = caption || (scene.metrics.find(({ name }) => name === store.selectedMetric)?.label ?? "Distance from fake to real");
    text({ ctx, theme }, title, area.x, area.y + theme.size, { color: theme.ink, bold: true, part: 1.15 });
    const box = { ...area, y: area.y + CAPTION, height: area.height - CAPTION };
    if (!chart) drawNumbers(ctx, theme, still, box);
    else surface.chart(box, (inner) => chart.draw({ ctx: inner, box, theme, store: still, scene, frame }));
  }
}

/** @param {Context} ctx @param {Theme} theme @param {Store} store @param {Words} words */
function drawWords(ctx, theme, { frame, config }, { title, settings, diagnosis, link }) {
  const surface = { ctx, theme };
  const right = SHEET.width - MARGIN;
  text(surface, title, MARGIN, 50, { color: theme.ink, bold: true, part: 2 });
  const seed = config?.seed === undefined ? "" : `   seed ${config.seed}`;
  text(surface, `step ${formatCount(frame?.step ?? 0)}${seed}`, right, 50, { color: theme.ink, align: "right", part: 1.5 });
  const lines = [diagnosis, settings].filter(Boolean);
  for (const [i, line] of lines.entries()) {
    text(surface, shorten(ctx, theme, line, right - MARGIN), MARGIN, 72 + 18 * i, { color: theme.muted });
  }
  text(surface, shorten(ctx, theme, link, right - MARGIN, 0.85), MARGIN, SHEET.height - 16, { color: theme.muted, part: 0.85 });
}

/**
 * Words cut to a width, with an ellipsis where something is missing.
 * @param {Context} ctx @param {Theme} theme @param {string} words @param {number} width @param {number} [part]
 */
export function shorten(ctx, theme, words, width, part = 1) {
  ctx.font = font(theme, { part });
  if (ctx.measureText(words).width <= width) return words;
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ctx.measureText(`${words.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return `${words.slice(0, low).trimEnd()}…`;
}

/**
 * The numbers of the scoreboard, and the share of the fakes in each mode, as many as fit.
 * @param {Context} ctx @param {Theme} theme @param {Store} store @param {Area} area
 */
function drawNumbers(ctx, theme, { scene, frame }, area) {
  if (!scene || !frame) return;
  const metrics = new Map(scene.metrics.map((metric) => [metric.name, metric]));
  const rows = scene.scoreboard.flatMap(({ metric: name, label, headline }) => {
    const value = formatMetric(frame.scalars[name] ?? NaN, metrics.get(name)?.unit);
    return [{ label, value, isLarge: headline }];
  });
  for (const [i, { centre, mass }] of scene.modes.entries()) {
    const place = formatPosition(centre, scene.x_axis, 1);
    const value = `${formatShare(frame.arrays.mode_masses[i])} (target ${formatShare(mass)})`;
    rows.push({ label: `fakes near ${place}`, value, isLarge: false });
  }
  let y = area.y;
  for (const { label, value, isLarge } of rows) {
    const part = isLarge ? 1.25 : 1;
    y += theme.size * (isLarge ? 1.9 : 1.55);
    if (y > area.y + area.height) break;
    text({ ctx, theme }, label, area.x, y, { color: theme.muted, part });
    text({ ctx, theme }, value, area.x + area.width, y, { color: theme.ink, align: "right", bold: isLarge, part });
  }
}
