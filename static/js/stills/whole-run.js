// @ts-check
/** Pictures of a whole run as files: each step is found, and drawn or read, before the next one. */

import { columnOf, drawDensityMap, MAP_SHEET } from "./density-map.js";
import { makeCanvas, PICTURES } from "./files.js";
import { drawPanel, drawStripHead, panelsOf, stripSheet } from "./strip.js";

/** @import {Theme} from "../charts/types.js" */
/** @import {Steps} from "./steps.js" */
/** @import {Words} from "./sheet.js" */
/**
 * @typedef {object} Work
 * @property {Document} page
 * @property {Steps} run
 * @property {number[]} steps
 * @property {Words} words
 * @property {Theme} theme
 * @property {"png"|"svg"} format
 * @property {(share: number) => void} onProgress
 */

/** @param {Work} work @returns {Promise<Blob>} */
export async function stripOf({ page, run, steps, words, theme, format, onProgress }) {
  const { surface, file } = PICTURES[format](page, stripSheet(steps.length));
  drawStripHead(surface, theme, words, steps, run.store.config?.seed);
  const panels = panelsOf(steps.length);
  for (const [i, step] of steps.entries()) {
    drawPanel(surface, await run.show(step), theme, panels[i]);
    onProgress((i + 1) / steps.length);
  }
  return file(words.title);
}

/** @param {Work} work @returns {Promise<Blob>} */
export async function densityMapOf({ page, run, steps, words, theme, format, onProgress }) {
  const { surface, file } = PICTURES[format](page, MAP_SHEET);
  const columns = [];
  for (const [i, step] of steps.entries()) {
    columns.push(columnOf(await run.show(step)));
    onProgress((i + 1) / steps.length);
  }
  drawDensityMap(surface, columns, run.store, theme, words, (width, height) => makeCanvas(page, width, height));
  return file(words.title);
}
