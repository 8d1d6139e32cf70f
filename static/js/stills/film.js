// @ts-check
/** A film of a run: a sheet for each of its steps, encoded as GIF or as WebM. Nothing is recorded from the screen. */

import { applyPalette, GIFEncoder, quantize } from "../../vendor/gifenc/dist/gifenc.esm.js";
import { pixelPicture } from "./files.js";
import { SHEET } from "./sheet.js";
import { webmOf } from "./webm.js";

/** @import {Theme} from "../charts/types.js" */
/** @import {Sheet, Surface} from "./sheet.js" */
/** @import {Chunk} from "./webm.js" */
/** @typedef {{label: string, sheet: Sheet}} Size */

/** The sheets of a film; a pixel of a film is a CSS pixel. @type {Record<string, Size>} */
export const SIZES = {
  small: {
    label: "640 × 360, large letters",
    sheet: {
      width: 640, height: 360, margin: 14, gap: 8, top: 52, foot: 22,
      head: { title: 24, part: 1.6, lines: 42, most: 1 },
      style: { size: 11, line: 1.6, ratio: 1 },
      rows: [
        { height: 0.55, columns: [0.36, 0.64], cells: ["generator", "data"] },
        { height: 0.45, columns: [0.36, 0.64], cells: ["losses", "discriminator"] },
      ],
    },
  },
  large: {
    label: "1280 × 720, all charts",
    sheet: { ...SHEET, height: 720, gap: 16, style: { size: 13, line: 2, ratio: 1 } },
  },
};

/** Frames per second that both kinds of film can have exactly: a GIF counts hundredths of a second. */
export const RATES = [5, 10, 20, 25, 50];
/** The most frames of a film. */
export const MOST_FRAMES = 1500;

/** Time for which the last frame of a GIF stands before it begins again. */
const REST_MS = 1500;
const COLORS = 256;
/** Pixels from which the colours of a GIF are chosen, at most. */
const SAMPLE = 600_000;
/** Frames from one key frame of a video to the next, and bits for a pixel and a second. */
const KEY_DISTANCE = 60;
const BITS = 6;
/** Frames that may wait for the encoder of a video. */
const QUEUE = 8;
/** @type {{codec: string, name: "V_VP8"|"V_VP9"}[]} */
const CODECS = [{ codec: "vp09.00.40.08", name: "V_VP9" }, { codec: "vp8", name: "V_VP8" }];

/**
 * @typedef {object} Plan
 * @property {Document} page
 * @property {number[]} steps
 * @property {Pick<Sheet, "width"|"height"|"style">} sheet
 * @property {Theme} theme whose colours a GIF keeps as they are
 * @property {(surface: Surface, step: number) => void|Promise<void>} draw draws the sheet of a step
 * @property {number} rate frames per second
 * @property {(share: number) => void} onProgress
 */

/**
 * Draw the frames one after the other on the same canvas.
 * @param {Plan} plan
 */
function painter({ page, sheet, draw }) {
  const { surface } = pixelPicture(page, sheet);
  return {
    canvas: surface.ctx.canvas,
    paint: (/** @type {number} */ step) => draw(surface, step),
    pixels: () => surface.ctx.getImageData(0, 0, sheet.width, sheet.height).data,
  };
}

/**
 * @param {Plan} plan
 * @returns {Promise<Blob>}
 */
export async function gifOf(plan) {
  const { steps, sheet, theme, rate, onProgress } = plan;
  const { paint, pixels } = painter(plan);
  const samples = [];
  for (const step of new Set([steps[0], steps[steps.length >> 1], steps[steps.length - 1]])) {
    await paint(step);
    samples.push(pixels());
  }
  const palette = paletteOf(samples, theme);
  const gif = GIFEncoder();
  /** @type {Uint8Array|null} */
  let before = null;
  for (const [i, step] of steps.entries()) {
    await paint(step);
    const drawn = applyPalette(pixels(), palette);
    const isLast = i === steps.length - 1;
    const delay = 1000 / rate + (isLast ? REST_MS : 0);
    const first = { palette: [...palette, [0, 0, 0]], repeat: 0, delay };
    // What stays the same is transparent in the frames after the first one, which keeps them small.
    if (!before) gif.writeFrame(drawn, sheet.width, sheet.height, first);
    else gif.writeFrame(onlyChanges(drawn, before, palette.length), sheet.width, sheet.height, { delay, transparent: true, transparentIndex: palette.length, dispose: 1 });
    before = drawn;
    onProgress((i + 1) / steps.length);
    await pause();
  }
  gif.finish();
  return new Blob([gif.bytes()], { type: "image/gif" });
}

/**
 * The colours of a film: those of the theme as they are, and others that come near to the rest.
 * @param {Uint8ClampedArray[]} samples RGBA of some frames @param {Theme} theme
 * @returns {number[][]} one fewer than a GIF can have: the last one is for what does not change
 */
export function paletteOf(samples, theme) {
  const exact = Object.values(theme).flatMap((value) => {
    const rgb = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(String(value));
    return rgb ? [rgb.slice(1, 4).map(Number)] : [];
  });
  const every = Math.max(1, Math.ceil(samples.reduce((sum, { length }) => sum + length / 4, 0) / SAMPLE));
  const pixels = samples.flatMap((sample) => [...new Uint32Array(sample.buffer)].filter((_, i) => i % every === 0));
  const colors = quantize(new Uint8ClampedArray(Uint32Array.from(pixels).buffer), COLORS - 1 - exact.length);
  return [...exact, ...colors];
}

/** @param {Uint8Array} drawn @param {Uint8Array} before @param {number} transparent */
export function onlyChanges(drawn, before, transparent) {
  return drawn.map((color, i) => (color === before[i] ? transparent : color));
}

/** Let the page draw its progress, and hear what is pressed. */
function pause() {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Whether this browser can encode videos. */
export function canEncodeVideo() {
  return typeof VideoEncoder !== "undefined";
}

/**
 * @param {Plan} plan
 * @returns {Promise<Blob>}
 */
export async function webmFilmOf(plan) {
  const { steps, sheet: { width, height }, rate, onProgress } = plan;
  const settings = { width, height, framerate: rate, bitrate: width * height * BITS, latencyMode: /** @type {const} */ ("quality") };
  const found = await firstSupported(settings);
  /** @type {Chunk[]} */
  const chunks = [];
  /** @type {Error|null} */
  let failure = null;
  const encoder = new VideoEncoder({
    output(chunk) {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      chunks.push({ data, ms: Math.round(chunk.timestamp / 1000), isKey: chunk.type === "key" });
    },
    error: (error) => (failure = new Error(`This browser could not encode the film: ${error.message}`)),
  });
  encoder.configure({ ...settings, codec: found.codec });
  try {
    const { canvas, paint } = painter(plan);
    for (const [i, step] of steps.entries()) {
      await paint(step);
      const frame = new VideoFrame(canvas, { timestamp: (i * 1e6) / rate, duration: 1e6 / rate });
      if (failure) throw failure;
      encoder.encode(frame, { keyFrame: i % KEY_DISTANCE === 0 });
      frame.close();
      onProgress((i + 1) / steps.length);
      await pause();
      while (encoder.encodeQueueSize > QUEUE && !failure) await new Promise((resolve) => encoder.addEventListener("dequeue", resolve, { once: true }));
    }
    await encoder.flush();
  } finally {
    if (encoder.state !== "closed") encoder.close();
  }
  const file = webmOf(chunks, { codec: found.name, width, height, ms: (1000 * steps.length) / rate });
  return new Blob([/** @type {any} */ (file)], { type: "video/webm" });
}

/** @param {Omit<VideoEncoderConfig, "codec">} settings */
async function firstSupported(settings) {
  for (const each of CODECS) {
    const { supported } = await VideoEncoder.isConfigSupported({ ...settings, codec: each.codec });
    if (supported) return each;
  }
  throw new Error("This browser cannot encode WebM films. A GIF can be made everywhere.");
}
