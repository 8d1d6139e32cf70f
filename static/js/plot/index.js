// @ts-check
/** What charts are drawn with, in one import: scales and ticks, marks, axes and text. */

export * from "./scales.js";
export * from "./marks.js";
export * from "./axes.js";
