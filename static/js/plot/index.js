// @ts-check
/** Everything a chart is drawn with, in one import: scales and ticks, then marks, then axes and text. */

export * from "./scales.js";
export * from "./marks.js";
export * from "./axes.js";
