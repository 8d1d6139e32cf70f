// @ts-check
/**
 * The plot rectangle and scales of each chart. Charts that share an axis share these margins, so that one x (or z, or
 * value of D) is the same pixel in all charts of a column (or row). Margins are in heights of the tick text.
 */

import { folded, linear, plotOf, ticks, tickStep } from "../plot/index.js";

/** @import {Box, Range, Theme, Scene} from "./types.js" */
/** @typedef {{box: Box, theme: Theme, scene: Scene}} Layout what a plot rectangle depends on */
/** @typedef {{box: Box, theme: Theme}} BoxTheme */

/** Charts of noise and G: z runs across. Space on the right for the names of G's curves. */
const Z_SIDES = { left: 2.6, right: 2.6 };
/** Letters reserved for a class name such as "−2.1", so that the axis does not move with each tenth of a drag. */
const CLASS_LETTERS = 4;
/** More names of curves than this share rows. */
const COLUMN_OF_NAMES = 8;
/** Charts of data and D: x runs across. Space on the left for the labels of the rugs, on the right for D's curves. */
const X_SIDES = { left: 3.6, right: 2.4 };
/** Densities above this share of the axis' end are drawn shortened, so that no peak is cut off. */
const FOLD = 0.75;
/** Charts of D and its outputs: the value of D runs up. */
const READOUT_ENDS = { top: 1.1, bottom: 1.8 };
const MAP_ENDS = { top: 1.1, bottom: 1.8 };
const TIME_MARGINS = { left: 3.8, top: 1.3, bottom: 1.8 };
/** A chart over time that is narrower than this has space for one letter beside its curves, not for words. */
const NARROW = 20;
const LETTER = 2;

/**
 * The left and right margins of the charts over z: wider where G's curves have longer names, or more of them.
 * @param {Scene} scene
 */
function zSides({ classes, curves }) {
  const letters = classes.length > 1 ? Math.max(CLASS_LETTERS, ...classes.map(({ name }) => name.length)) : 0;
  const names = letters > 0 ? 2.3 + 0.6 * letters : curves.length > COLUMN_OF_NAMES ? 4.3 : 0;
  return { left: Z_SIDES.left, right: Math.max(Z_SIDES.right, names) };
}

/** @param {Layout} layout */
export function noiseLayout({ box, theme, scene }) {
  const plot = plotOf(box, theme, { ...zSides(scene), ...READOUT_ENDS });
  return { plot, x: linear(scene.z_axis.low, scene.z_axis.high, plot.left, plot.right) };
}

/** z runs across and G(z) runs up. @param {Layout} layout */
export function generatorLayout({ box, theme, scene }) {
  const plot = plotOf(box, theme, { ...zSides(scene), ...MAP_ENDS });
  return {
    plot,
    x: linear(scene.z_axis.low, scene.z_axis.high, plot.left, plot.right),
    y: linear(scene.x_axis.low, scene.x_axis.high, plot.bottom, plot.top),
  };
}

/**
 * Two strips over one x: densities above, and below them a row of real and a band of fake samples.
 * @param {Layout} layout
 */
export function dataLayout({ box, theme, scene }) {
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
    y: folded(scene.density_high * FOLD, floor, plot.top),
    densities: { top: plot.top, bottom: floor },
    real: { top: realTop, bottom: realTop + realRow },
    fake: { top: fakeTop, bottom: plot.bottom - gap },
  };
}

/** Space on the left for the words that say what each row is, on the right for D's name. */
const OVERVIEW_MARGINS = { left: 5, right: 2.4, top: 1.1, bottom: 2.6 };
/**
 * In a translation, a strip below the numbers of the source: its distance from the line of the source, its height in heights of
 * text and as the largest share of the whole, and the space below it.
 */
const BACK_STRIP = { gap: 2.2, height: 5.5, share: 0.22, below: 0.4 };
/** Share of the height of the overview for densities and D. */
const OVER_X = 0.5;

/** Less room than this between the lines of x and of z, in heights of text, has no strings and no line of z. */
const LEAST_STRINGS = 2.3;

/**
 * Everything over one x: densities and D above, samples below them on the line of x, and the line of z at the bottom. On a low
 * chart the line of x is the bottom.
 * @param {Layout} layout
 */
export function overviewLayout({ box, theme, scene }) {
  const strip = Math.min(BACK_STRIP.height, (BACK_STRIP.share * box.height) / theme.size);
  const bottom = scene.back ? BACK_STRIP.gap + strip + BACK_STRIP.below : OVERVIEW_MARGINS.bottom;
  const high = plotOf(box, theme, { ...OVERVIEW_MARGINS, bottom });
  const gap = 0.35 * theme.size;
  const reals = 0.9 * theme.size;
  const fakes = Math.min(2.4 * theme.size, 0.1 * high.height) - 0.2 * gap;
  // From the floor of the densities to the line of x.
  const samples = 2 * gap + reals + 1.2 * gap + fakes + gap;
  const isLow = !scene.back && (1 - OVER_X) * high.height - samples < LEAST_STRINGS * theme.size;
  const whole = isLow ? plotOf(box, theme, { ...OVERVIEW_MARGINS, bottom: MAP_ENDS.bottom }) : high;
  const x = linear(scene.x_axis.low, scene.x_axis.high, whole.left, whole.right);
  const floor = isLow ? Math.max(whole.top + 1, whole.bottom - samples) : whole.top + OVER_X * whole.height;
  const first = floor + 2 * gap;
  const real = { top: first, bottom: first + reals };
  const fake = { top: real.bottom + 1.2 * gap, bottom: real.bottom + 1.2 * gap + fakes };
  const line = fake.bottom + gap;
  return {
    whole, gap, x, real, fake, line, isLow,
    plot: { ...whole, bottom: line, height: line - whole.top },
    y: folded(scene.density_high * FOLD, floor, whole.top),
    densities: { top: whole.top, bottom: floor },
    score: {
      plot: { ...whole, bottom: floor, height: floor - whole.top },
      y: linear(scene.readout.low, scene.readout.high, floor, whole.top),
    },
    z: linear(scene.z_axis.low, scene.z_axis.high, whole.left, whole.right),
    strip: { ...whole, top: whole.bottom + BACK_STRIP.gap * theme.size, bottom: whole.bottom + (BACK_STRIP.gap + strip) * theme.size, height: strip * theme.size },
  };
}

/** @param {Layout} layout */
export function discriminatorLayout({ box, theme, scene }) {
  const plot = plotOf(box, theme, { ...X_SIDES, ...READOUT_ENDS });
  return {
    plot,
    x: linear(scene.x_axis.low, scene.x_axis.high, plot.left, plot.right),
    y: linear(scene.readout.low, scene.readout.high, plot.bottom, plot.top),
  };
}

/** @param {Layout} layout */
export function readoutsLayout({ box, theme, scene }) {
  const plot = plotOf(box, theme, { left: 2, right: 0.8, ...READOUT_ENDS });
  return { plot, y: linear(scene.readout.low, scene.readout.high, plot.bottom, plot.top) };
}

/** @param {BoxTheme} layout @param {number} right margin for words after the curves, in heights of text */
export function timePlot({ box, theme }, right) {
  return plotOf(box, theme, { ...TIME_MARGINS, right: isNarrow({ box, theme }) ? LETTER : right });
}

/**
 * Whether a chart over time needs its width for the curves; words then lie over them, or are left out.
 * @param {BoxTheme} layout
 */
export function isNarrow({ box, theme }) {
  return box.width < NARROW * theme.size;
}

/**
 * Round ticks for an axis that runs across, as many as fit: a short number with its gap is about 2.6 heights of text wide.
 * @param {Range} axis @param {number} length @param {Theme} theme
 */
export function ticksAcross(axis, length, theme) {
  return ticks(axis.low, axis.high, Math.max(2, Math.min(8, Math.floor(length / (theme.size * 2.6)))));
}

/** Least distance between the numbers of an axis that runs up, in heights of text. */
const TICK_DISTANCE = 1.3;

/**
 * Round ticks for an axis that runs up, as many as fit.
 * @param {Range} axis @param {number} length @param {Theme} theme @param {number} [most]
 */
export function ticksUp({ low, high }, length, theme, most = 8) {
  let count = most;
  while (count > 1 && (tickStep(high - low, count) / (high - low)) * length < TICK_DISTANCE * theme.size) count--;
  return ticks(low, high, count);
}

/**
 * The ticks of D's axis: 0, ½ and 1 for a probability (0 and 1 on a low chart), or round scores.
 * @param {Scene} scene @param {number} height @param {Theme} theme
 */
export function readoutTicks(scene, height, theme) {
  const { low, high, kind } = scene.readout;
  if (kind === "probability") return height < 2 * theme.size * TICK_DISTANCE ? [0, 1] : [0, 0.5, 1];
  return ticksUp({ low, high }, height, theme, 5);
}

/** @param {number} value */
export function formatReadout(value) {
  return value === 0.5 ? "½" : String(value).replace("-", "\u2212");
}
