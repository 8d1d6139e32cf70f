// @ts-check
/** Stills as files: a PNG with two device pixels to a CSS pixel, and an SVG whose text is text. */

import { drawSheet, SHEET } from "./sheet.js";
import { SvgContext } from "./svg-context.js";
import { wordsOf } from "./words.js";

/** @import {Theme} from "../charts/types.js" */
/** @import {Store} from "../state/store.js" */
/** @typedef {Parameters<typeof wordsOf>[1]} Experiment the link, and whether settings differ from the preset */
/** @typedef {CanvasRenderingContext2D} Context */

const RATIO = 2;

/**
 * @param {Document} page @param {number} width in CSS pixels @param {number} height
 * @returns {Context}
 */
function makeCanvas(page, width, height) {
  const canvas = page.createElement("canvas");
  canvas.width = Math.round(RATIO * width);
  canvas.height = Math.round(RATIO * height);
  const ctx = canvas.getContext("2d");
  if (!ctx) throw new Error("This browser has no memory left for a picture.");
  ctx.scale(RATIO, RATIO);
  return ctx;
}

/**
 * @param {Document} page @param {Store} store @param {Theme} theme @param {Experiment} experiment
 * @returns {Promise<Blob>}
 */
export async function stillAsPng(page, store, theme, experiment) {
  const ctx = makeCanvas(page, SHEET.width, SHEET.height);
  drawSheet({
    ctx,
    chart({ x, y, width, height }, draw) {
      const inner = makeCanvas(page, width, height);
      draw(inner);
      ctx.drawImage(inner.canvas, x, y, width, height);
    },
  }, store, theme, wordsOf(store, experiment));
  return new Promise((resolve, reject) => {
    ctx.canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("This browser could not make the picture."))), "image/png");
  });
}

/** @param {Document} page @param {Store} store @param {Theme} theme @param {Experiment} experiment @returns {Blob} */
export function stillAsSvg(page, store, theme, experiment) {
  const words = wordsOf(store, experiment);
  const svg = new SvgContext(SHEET.width, SHEET.height, makeCanvas(page, 1, 1));
  const ctx = /** @type {Context} */ (/** @type {unknown} */ (svg));
  drawSheet({
    ctx,
    chart({ x, y, width, height }, draw) {
      svg.save();
      svg.translate(x, y);
      svg.beginPath();
      svg.rect(0, 0, width, height);
      svg.clip();
      const sheet = svg.canvas;
      svg.canvas = { width: RATIO * width, height: RATIO * height };
      draw(ctx);
      svg.canvas = sheet;
      svg.restore();
    },
  }, store, theme, words);
  return new Blob([svg.document(words.title)], { type: "image/svg+xml" });
}
