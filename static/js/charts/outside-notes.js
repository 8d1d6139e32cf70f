// @ts-check
/** What the axes of the data chart cannot show: the shares of real and fake beyond the axis of x, and a peak above that of densities. */

import { formatNotableShare, formatReading } from "../format.js";
import { text } from "../plot/index.js";
import { hoveredX } from "./hover.js";

/** @import {Frame, Scene} from "./types.js" */
/** @import {DataContext} from "./target-editing.js" */

/** The distance between lines of notes inside the plot, in heights of text. */
const NOTE_LINE = 1.2;

/**
 * The share of the reals beyond the axis in a sentence; "" for next to none.
 * @param {Scene} scene
 */
export function beyondInWords({ real_histogram: masses }) {
  const share = formatNotableShare(masses[0] + masses[masses.length - 1]);
  return share ? ` ${share} of the real distribution lies beyond the axis.` : "";
}

/**
 * The shares of the real and of the fake distribution beyond the lower and the upper end of the axis; "" for next to none.
 * @param {Scene} scene @param {Frame["arrays"]} arrays
 */
function sharesOutside({ real_histogram: reals }, { fake_histogram: fakes }) {
  const ends = (/** @type {ArrayLike<number>} */ masses) => [formatNotableShare(masses[0]), formatNotableShare(masses[masses.length - 1])];
  return { real: ends(reals), fake: ends(fakes) };
}

/**
 * The height of the notes at the right end of the plot, in heights of text.
 * @param {Scene} scene @param {Frame["arrays"]} arrays
 */
export function heightOfNotes(scene, arrays) {
  const { real, fake } = sharesOutside(scene, arrays);
  return NOTE_LINE * (real[1] ? 2 : fake[1] ? 1 : 0);
}

/**
 * The shares beyond either end of the axis, and the height of the fake density if it is drawn shortened.
 * @param {DataContext} chart @param {Frame["arrays"]} arrays
 */
export function labelOutside(chart, arrays) {
  const { theme, scene, plot } = chart;
  const { real, fake } = sharesOutside(scene, arrays);
  const second = plot.top + theme.size * NOTE_LINE;
  for (const { words, color, level, shares: [below, above] } of [
    { words: "fake", color: theme.fakeText, level: plot.top, shares: fake },
    { words: "real", color: theme.realText, level: second, shares: real },
  ]) {
    const style = { color, baseline: /** @type {const} */ ("top") };
    if (below) text(chart, `\u25c2 ${below} ${words} below`, plot.left + 2, level, style);
    if (above) text(chart, `${above} ${words} above \u25b8`, plot.right - 2, level, { ...style, align: "right" });
  }
  labelPeak(chart, arrays.fake_density);
}

/**
 * The height of the fake density's peak where that is drawn shortened: above the right end of the plot, where it covers no
 * curve. The words on what is pointed at take its place.
 * @param {DataContext} chart @param {ArrayLike<number>} density
 */
function labelPeak(chart, density) {
  const { theme, plot, y } = chart;
  let peak = 0;
  for (let i = 0; i < density.length; i++) if (density[i] > peak) peak = density[i];
  if (!(peak > y.high) || hoveredX(chart.store)) return;
  const level = plot.top - theme.size * 0.25;
  text(chart, `peak ${formatReading(peak)}`, plot.right - 2, level, { color: theme.fakeText, align: "right", halo: false });
}
