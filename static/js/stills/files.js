// @ts-check
/** Pictures as files: a PNG with two device pixels to a CSS pixel, and an SVG whose text is text. */

import { drawSheet, SHEET } from "./sheet.js";
import { SvgContext } from "./svg-context.js";
import { secondInWords, wordsOf } from "./words.js";

/** @import {Theme} from "../charts/types.js" */
/** @import {Store} from "../state/store.js" */
/** @import {Sheet, Surface} from "./sheet.js" */
/** @typedef {Parameters<typeof wordsOf>[1]} Experiment the link, and whether settings differ from the preset */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {Pick<Sheet, "width"|"height"|"style">} Size */
/** @typedef {{surface: Surface, file: (title: string) => Promise<Blob>}} Picture a surface, and the file that holds what was drawn on it */

/**
 * @param {Document} page @param {number} width in device pixels @param {number} height
 * @returns {Context}
 */
export function makeCanvas(page, width, height) {
  const canvas = page.createElement("canvas");
  canvas.width = Math.round(width);
  canvas.height = Math.round(height);
  const ctx = canvas.getContext("2d", { willReadFrequently: true });
  if (!ctx) throw new Error("This browser has no memory left for a picture.");
  return ctx;
}

/**
 * @param {Document} page @param {Size} size
 * @returns {Picture} of pixels
 */
export function pixelPicture(page, { width, height, style: { ratio } }) {
  const scaled = (/** @type {number} */ across, /** @type {number} */ down) => {
    const made = makeCanvas(page, ratio * across, ratio * down);
    made.scale(ratio, ratio);
    return made;
  };
  const ctx = scaled(width, height);
  /** Canvases of charts, by their place. @type {Map<string, Context>} */
  const charts = new Map();
  return {
    surface: {
      ctx,
      chart(area, draw) {
        const place = Object.values(area).join();
        const inner = charts.get(place) ?? scaled(area.width, area.height);
        charts.set(place, inner);
        inner.clearRect(0, 0, area.width, area.height);
        draw(inner);
        ctx.drawImage(inner.canvas, area.x, area.y, area.width, area.height);
      },
    },
    file: () => new Promise((resolve, reject) => {
      ctx.canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("This browser could not make the picture."))), "image/png");
    }),
  };
}

/**
 * @param {Document} page @param {Size} size
 * @returns {Picture} of lines and text
 */
function vectorPicture(page, { width, height, style: { ratio } }) {
  const svg = new SvgContext(width, height, makeCanvas(page, 1, 1));
  const ctx = /** @type {Context} */ (/** @type {unknown} */ (svg));
  return {
    surface: {
      ctx,
      chart(area, draw) {
        svg.save();
        svg.translate(area.x, area.y);
        svg.beginPath();
        svg.rect(0, 0, area.width, area.height);
        svg.clip();
        const sheet = svg.canvas;
        svg.canvas = { width: ratio * area.width, height: ratio * area.height };
        draw(ctx);
        svg.canvas = sheet;
        svg.restore();
      },
    },
    file: async (title) => new Blob([svg.document(title)], { type: "image/svg+xml" }),
  };
}

/** What draws a kind of picture. */
export const PICTURES = { png: pixelPicture, svg: vectorPicture };

/**
 * A picture of the step that the page shows.
 * @param {Document} page @param {keyof typeof PICTURES} kind @param {Store} store @param {Theme} theme @param {Experiment} experiment
 * @returns {Promise<Blob>}
 */
export function stillOf(page, kind, store, theme, experiment) {
  const { surface, file } = PICTURES[kind](page, SHEET);
  const words = wordsOf(store, experiment);
  words.settings = [words.settings, secondInWords(store)].filter(Boolean).join("  ·  ");
  drawSheet(surface, store, theme, words);
  return file(words.title);
}
