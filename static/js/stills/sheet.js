// @ts-check
/**
 * A still: the charts of one step with the preset's title, what differs from it, the numbers and the link, on a sheet of
 * fixed size. It is drawn on any context, so that a PNG and an SVG hold the same picture.
 */

import { charts } from "../charts/index.js";
import { drawWayBack } from "../charts/way-back.js";
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

/**
 * Where everything on a sheet stands, in CSS pixels; heights of rows and widths of columns are shares.
 * @typedef {object} Sheet
 * @property {number} width @property {number} height
 * @property {number} margin @property {number} gap
 * @property {number} top height of the words above the charts
 * @property {number} foot height of the link below them
 * @property {{title: number, part: number, lines: number, most: number}} head baselines of the title and of the first line below it,
 *   size of the title, and the most lines
 * @property {{size: number, line: number, ratio: number}} style height of the text of ticks, width of curves, and device pixels
 *   to a CSS pixel
 * @property {{height: number, columns: number[], cells: string[]}[]} rows
 */

const HEAD = { title: 50, part: 2, lines: 72, most: 2 };
const TWICE = { size: 13, line: 2, ratio: 2 };
const COLUMNS = [0.29, 0.44, 0.27];

/** What a sheet with words above and a link below has, whatever else is on it. */
export const WORDED = { width: 1280, height: 800, margin: 32, gap: 24, top: 104, foot: 42, head: HEAD, style: TWICE };

/** A still. @type {Sheet} */
export const SHEET = {
  ...WORDED,
  rows: [
    { height: 0.46, columns: COLUMNS, cells: ["generator", "data", "numbers"] },
    { height: 0.27, columns: COLUMNS, cells: ["noise", "discriminator", "readouts"] },
    { height: 0.27, columns: [0.5, 0.5], cells: ["losses", "distances"] },
  ],
};

/** @type {Record<string, string>} */
const CAPTIONS = {
  generator: "Generator G",
  data: "Data: real and fake",
  noise: "Noise z",
  discriminator: "Discriminator D",
  readouts: "D's outputs",
  numbers: "How close?",
  losses: "Losses",
};
/** Space for the caption of a chart, in heights of text. */
const CAPTION = 1.7;
/** How much wider bold words are than others. */
const BOLDER = 1.08;

/** @param {number[]} shares @param {number} from @param {number} length @param {number} gap @returns {{start: number, length: number}[]} */
export function divide(shares, from, length, gap) {
  const free = length - gap * (shares.length - 1);
  let start = from;
  return shares.map((share) => {
    const part = { start, length: free * share };
    start += part.length + gap;
    return part;
  });
}

/** The areas of all charts, and of the numbers. @param {Sheet} [sheet] @returns {Record<string, Area>} */
export function areasOf({ width, height, margin, gap, top, foot, rows } = SHEET) {
  const down = divide(rows.map((row) => row.height), top, height - top - foot, gap);
  return Object.fromEntries(rows.flatMap(({ columns, cells }, i) => {
    const across = divide(columns, margin, width - 2 * margin, gap);
    return cells.map((id, j) => [id, { x: across[j].start, y: down[i].start, width: across[j].length, height: down[i].length }]);
  }));
}

/**
 * Draw a sheet of the step that a store shows.
 * @param {Surface} surface @param {Store} store @param {Theme} pageTheme @param {Words} words @param {Sheet} [sheet]
 */
export function drawSheet(surface, store, pageTheme, words, sheet = SHEET) {
  const { ctx } = surface;
  const theme = { ...pageTheme, ...sheet.style };
  const seed = store.config?.seed === undefined ? "" : `   seed ${store.config.seed}`;
  drawHead(ctx, theme, sheet, { ...words, lines: [words.diagnosis, words.settings], aside: `step ${formatCount(frameOf(store).step)}${seed}` });
  for (const [id, area] of Object.entries(areasOf(sheet))) drawCell(surface, store, theme, id, area);
}

/** The frame that is shown. @param {Store} store */
export function frameOf({ frame }) {
  if (!frame) throw new Error("Expected a frame to draw, but there is none yet.");
  return frame;
}

/**
 * A chart, or the numbers, under its caption.
 * @param {Surface} surface @param {Store} store @param {Theme} theme @param {string} id @param {Area} area @param {string} [words] the
 *   caption; by default the chart's
 */
export function drawCell(surface, store, theme, id, area, words = captionOf(id, store)) {
  const { ctx } = surface;
  const { scene } = store;
  const frame = frameOf(store);
  if (!scene) throw new Error("Expected a scene to draw, but there is none yet.");
  // What the pointer shows, and handles that can be dragged, do not belong to the picture.
  const still = { ...store, hover: null, sketch: null, readonly: true, dragTargets: [] };
  const caption = words ?? scene.metrics.find(({ name }) => name === store.selectedMetric)?.label ?? "Distance from fake to real";
  if (caption) text({ ctx, theme }, caption, area.x, area.y + theme.size, { color: theme.ink, bold: true, part: 1.15 });
  const above = caption ? Math.round(CAPTION * theme.size) : 0;
  const box = { ...area, y: area.y + above, height: area.height - above };
  const chart = charts.find((each) => each.id === id);
  if (!chart) drawNumbers(ctx, theme, still, box);
  else {
    surface.chart(box, (inner) => {
      const context = { ctx: inner, box, theme, store: still, scene, frame };
      chart.draw(context);
      drawWayBack(id, context);
      store.overlay?.(id, context);
    });
  }
}

/** The caption of a chart; undefined where the chosen metric has its own. @param {string} id @param {Store} store @returns {string|undefined} */
function captionOf(id, { scene }) {
  return id === "noise" && scene?.back ? "Source x" : CAPTIONS[id];
}

/**
 * The paper, and on it the title, words on its right, lines below it and the link at the foot.
 * @param {Context} ctx @param {Theme} theme @param {Omit<Sheet, "rows">} sheet
 * @param {{title: string, aside: string, lines: string[], link: string}} words
 */
export function drawHead(ctx, theme, { width, height, margin, head }, { title, aside, lines, link }) {
  ctx.beginPath();
  ctx.rect(0, 0, width, height);
  ctx.fillStyle = theme.paper;
  ctx.fill();
  const surface = { ctx, theme };
  const right = width - margin;
  const part = 0.75 * head.part;
  ctx.font = font(theme, { part });
  const space = right - margin - ctx.measureText(aside).width - 2 * theme.size;
  text(surface, shorten(ctx, theme, title, space, head.part * BOLDER), margin, head.title, { color: theme.ink, bold: true, part: head.part });
  text(surface, aside, right, head.title, { color: theme.ink, align: "right", part });
  for (const [i, line] of lines.filter(Boolean).slice(0, head.most).entries()) {
    text(surface, shorten(ctx, theme, line, right - margin), margin, head.lines + 18 * i, { color: theme.muted });
  }
  text(surface, shorten(ctx, theme, link, right - margin, 0.85), margin, height - margin / 2, { color: theme.muted, part: 0.85 });
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
