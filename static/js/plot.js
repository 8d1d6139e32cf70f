// @ts-check
/** Everything a chart is drawn with, in one import: scales and ticks, then marks, then axes and text. */

export * from "./plot/scales.js";
export * from "./plot/marks.js";
export * from "./plot/axes.js";
