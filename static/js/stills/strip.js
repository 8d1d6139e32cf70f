// @ts-check
/** A strip: the data and the discriminator of several steps side by side, on one sheet. */

import { formatCount } from "../format.js";
import { diagnosisOf } from "../page/diagnosis.js";
import { font, text } from "../plot/index.js";
import { divide, drawCell, drawHead, frameOf, shorten, WORDED } from "./sheet.js";

/** @import {Theme} from "../charts/types.js" */
/** @import {Store} from "../state/store.js" */
/** @import {Area, Surface, Words} from "./sheet.js" */

/** Heights in CSS pixels. */
const CAPTION = 24;
const DATA = 220;
const DISCRIMINATOR = 130;
const ROW = CAPTION + DATA + DISCRIMINATOR;
/** The most panels in a row. */
const ACROSS = 4;

/** How many panels stand in a row, so that rows are full or nearly so. @param {number} count */
function columnsFor(count) {
  return Math.ceil(count / Math.ceil(count / ACROSS));
}

/** @param {number} count of panels */
export function stripSheet(count) {
  const rows = Math.ceil(count / columnsFor(count));
  return { ...WORDED, height: WORDED.top + rows * ROW + (rows - 1) * WORDED.gap + WORDED.foot };
}

/** The places of the panels, row by row. @param {number} count @returns {Area[]} */
export function panelsOf(count) {
  const { width, margin, gap, top } = WORDED;
  const columns = divide(new Array(columnsFor(count)).fill(1 / columnsFor(count)), margin, width - 2 * margin, gap);
  return Array.from({ length: count }, (_, i) => {
    const { start, length } = columns[i % columns.length];
    return { x: start, y: top + Math.floor(i / columns.length) * (ROW + gap), width: length, height: ROW };
  });
}

/**
 * @param {Surface} surface @param {Theme} pageTheme @param {Words} words @param {number[]} steps @param {number|undefined} seed
 */
export function drawStripHead({ ctx }, pageTheme, { title, settings, link }, steps, seed) {
  const sheet = stripSheet(steps.length);
  const range = `steps ${formatCount(steps[0])} to ${formatCount(steps[steps.length - 1])}`;
  const aside = seed === undefined ? range : `${range}   seed ${seed}`;
  drawHead(ctx, { ...pageTheme, ...sheet.style }, sheet, { title, aside, lines: [settings], link });
}

/** The step that a store shows, in its panel. @param {Surface} surface @param {Store} store @param {Theme} pageTheme @param {Area} area */
export function drawPanel(surface, store, pageTheme, { x, y, width }) {
  const theme = { ...pageTheme, ...WORDED.style };
  const on = { ctx: surface.ctx, theme };
  const caption = `step ${formatCount(frameOf(store).step)}`;
  text(on, caption, x, y + theme.size, { color: theme.ink, bold: true, part: 1.15 });
  surface.ctx.font = font(theme, { bold: true, part: 1.15 });
  const free = width - surface.ctx.measureText(caption).width - 2 * theme.size;
  const label = diagnosisOf(store)?.kind.label ?? "";
  text(on, shorten(surface.ctx, theme, label, free), x + width, y + theme.size, { color: theme.muted, align: "right" });
  drawCell(surface, store, theme, "data", { x, y: y + CAPTION, width, height: DATA }, "");
  drawCell(surface, store, theme, "discriminator", { x, y: y + CAPTION + DATA, width, height: DISCRIMINATOR }, "");
}
