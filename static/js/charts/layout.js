// @ts-check
/**
 * Where plots stand. Charts that share an axis share these margins, so that one x (or z, or value of D) is the same
 * pixel in all charts of a column (or row). Margins count in heights of the tick text.
 */

import { linear, plotOf, ticks, tickStep } from "../plot/index.js";

/** @import {Box, Theme, Scene} from "./types.js" */

/** Noise and G: z runs across. Room at the right for the names of G's curves. */
const Z_SIDES = { left: 2.6, right: 2.6 };
/** So long is the name of a mode that is dragged: "−2.1". The axis is not to move with each tenth. */
const LETTERS = 4;
/** So many names stand one under another; more share rows. */
const COLUMN_OF_NAMES = 8;
/** Data and D: x runs across. Room at the left for the words beside the rugs, at the right for the names of D's curves. */
const X_SIDES = { left: 3.6, right: 2.4 };
/** D and what it says: the value of D runs up. */
const READOUT_ENDS = { top: 1.1, bottom: 1.8 };
const MAP_ENDS = { top: 1.1, bottom: 1.8 };
const TIME_MARGINS = { left: 3.4, top: 1.3, bottom: 1.8 };
/** A chart over time that is narrower than this has no room for words beside it, only for one letter. */
const NARROW = 20;
const LETTER = 2;

/**
 * The same sides for noise and G, wider where G's curves have longer names or more of them.
 * @param {Scene} scene
 */
function zSides({ classes, curves }) {
  const letters = classes.length > 1 ? Math.max(LETTERS, ...classes.map(({ name }) => name.length)) : 0;
  const room = letters > 0 ? 2.3 + 0.6 * letters : curves.length > COLUMN_OF_NAMES ? 4.3 : 0;
  return { left: Z_SIDES.left, right: Math.max(Z_SIDES.right, room) };
}

/** @param {Box} box @param {Theme} theme @param {Scene} scene */
export function noiseFrame(box, theme, scene) {
  const plot = plotOf(box, theme, { ...zSides(scene), ...READOUT_ENDS });
  return { plot, z: linear(scene.z_axis.low, scene.z_axis.high, plot.left, plot.right) };
}

/** @param {Box} box @param {Theme} theme @param {Scene} scene */
export function generatorFrame(box, theme, scene) {
  const plot = plotOf(box, theme, { ...zSides(scene), ...MAP_ENDS });
  return {
    plot,
    z: linear(scene.z_axis.low, scene.z_axis.high, plot.left, plot.right),
    x: linear(scene.x_axis.low, scene.x_axis.high, plot.bottom, plot.top),
  };
}

/**
 * The data chart is two strips on one x: densities above, and under them a row of real and a band of fake samples.
 * @param {Box} box @param {Theme} theme @param {Scene} scene
 */
export function dataFrame(box, theme, scene) {
  const plot = plotOf(box, theme, { ...X_SIDES, ...MAP_ENDS });
  const realRow = Math.min(0.9 * theme.size, plot.height * 0.09);
  const fakeBand = Math.min(2.8 * theme.size, plot.height * 0.2);
  const gap = Math.min(0.35 * theme.size, plot.height * 0.03);
  const fakeTop = plot.bottom - fakeBand;
  const realTop = fakeTop - gap - realRow;
  const floor = realTop - gap;
  return {
    plot,
    gap,
    x: linear(scene.x_axis.low, scene.x_axis.high, plot.left, plot.right),
    density: linear(0, scene.density_high, floor, plot.top),
    densities: { top: plot.top, bottom: floor },
    real: { top: realTop, bottom: realTop + realRow },
    fake: { top: fakeTop, bottom: plot.bottom - gap },
  };
}

/** @param {Box} box @param {Theme} theme @param {Scene} scene */
export function discriminatorFrame(box, theme, scene) {
  const plot = plotOf(box, theme, { ...X_SIDES, ...READOUT_ENDS });
  return {
    plot,
    x: linear(scene.x_axis.low, scene.x_axis.high, plot.left, plot.right),
    y: linear(scene.readout.low, scene.readout.high, plot.bottom, plot.top),
  };
}

/** @param {Box} box @param {Theme} theme @param {Scene} scene */
export function readoutsFrame(box, theme, scene) {
  const plot = plotOf(box, theme, { left: 2, right: 0.8, ...READOUT_ENDS });
  return { plot, y: linear(scene.readout.low, scene.readout.high, plot.bottom, plot.top) };
}

/** @param {Box} box @param {Theme} theme @param {number} right room for words after the curves, in heights of text */
export function timeFrame(box, theme, right) {
  return plotOf(box, theme, { ...TIME_MARGINS, right: isNarrow(box, theme) ? LETTER : right });
}

/**
 * Whether a chart over time keeps its width for the curves: what is said of them then lies over them, or is left out.
 * @param {Box} box @param {Theme} theme
 */
export function isNarrow(box, theme) {
  return box.width < NARROW * theme.size;
}

/**
 * Round ticks, as many as the width has room for; a short number and its air need about two and a half heights of text.
 * @param {import("./types.js").Range} axis @param {number} length @param {Theme} theme
 */
export function roomyTicks(axis, length, theme) {
  return ticks(axis.low, axis.high, Math.max(2, Math.min(8, Math.floor(length / (theme.size * 2.6)))));
}

/** From a number on an axis that runs up to the next, at the least, in heights of text. */
const UP = 1.3;

/**
 * The same for an axis that runs up, where a number needs only its own height and a little air.
 * @param {import("./types.js").Range} axis @param {number} length @param {Theme} theme @param {number} [most]
 */
export function upTicks({ low, high }, length, theme, most = 8) {
  let count = most;
  while (count > 1 && (tickStep(high - low, count) / (high - low)) * length < UP * theme.size) count--;
  return ticks(low, high, count);
}

/** Room for the word at either end of D's axis when it counts scores, in heights of text. */
const WORD = 1.15;

/**
 * The values to write on D's axis: a probability's own three (two where it is low), or round scores that leave its ends to the words.
 * @param {Scene} scene @param {number} height @param {Theme} theme
 */
export function readoutTicks(scene, height, theme) {
  const { low, high, kind } = scene.readout;
  if (kind === "probability") return height < 2 * theme.size * UP ? [0, 1] : [0, 0.5, 1];
  const room = Math.min(0.3, (WORD * theme.size) / Math.max(1, height)) * (high - low);
  const part = (high - low - 2 * room) / (high - low);
  return upTicks({ low: low + room, high: high - room }, height * part, theme, 5);
}

/** @param {number} value */
export function formatReadout(value) {
  return value === 0.5 ? "½" : String(value).replace("-", "\u2212");
}
