// @ts-check
/** The shapes that charts read: scenes, frames and histories in the store, themes, and the chart itself. No code. */

/** @import {Plot} from "../plot/axes.js" */
/** @import {Scale} from "../plot/index.js" */
/** @import {Store} from "../state/store.js" */

/** @typedef {import("../connection/wire.js").Range} Range */
/** @typedef {import("../connection/wire.js").Metric} Metric */
/** @typedef {import("../connection/wire.js").ScoreboardEntry} ScoreboardEntry */
/**
 * The scene; `bins` is the range of the histograms' bins while the axes are frozen, otherwise they fill the x axis.
 * @typedef {import("../connection/wire.js").SceneFields & {bins?: Range}} Scene
 */

/** @typedef {{step: number, scene: number, scalars: Record<string, number>, arrays: Record<string, Float32Array|Float64Array>}} Frame */
/** @typedef {{axis: "x"|"z"|"step", value: number, curve?: number}} Hover the value under the pointer, and the curve nearest to it */

/**
 * Colours as CSS strings, lengths in CSS pixels. `ratio` is device pixels per CSS pixel, `size` the height of tick text.
 * @typedef {object} Theme
 * @property {string} paper  @property {string} ink  @property {string} muted  @property {string} rule  @property {string} axis
 * @property {string} real  @property {string} fake  @property {string} discriminator  @property {string} generator
 * @property {string} second  @property {string} labelFirst  @property {string} labelLast
 * @property {string} realText  @property {string} fakeText  @property {string} generatorText
 * @property {string} family  @property {number} size  @property {number} line  @property {number} ratio
 */

/** @typedef {{width: number, height: number}} Box size of a canvas in CSS pixels */

/**
 * What a chart is drawn with. `page/canvases.js` makes one for each canvas; a chart adds its plot and scales.
 * @typedef {object} ChartContext
 * @property {CanvasRenderingContext2D} ctx
 * @property {Box} box
 * @property {Theme} theme
 * @property {Store} store
 * @property {Scene} scene
 * @property {Frame|null} frame null before the first frame
 */
/** @typedef {ChartContext & {plot: Plot, x: Scale, y: Scale}} PlotContext */

/**
 * @typedef {object} Chart
 * @property {string} id
 * @property {string} title
 * @property {(store: Store) => string} describe the chart in words, for screen readers
 * @property {(context: ChartContext) => void} draw
 * @property {(context: ChartContext, x: number, y: number) => Hover|null} [hoverAt]
 * @property {(context: ChartContext) => string} [read] the values under the pointer, in words
 * @property {(context: ChartContext) => Handle[]} [handles]
 * @property {(context: ChartContext, x: number, y: number) => FreehandTool|null} [freehandAt] null where nothing can be drawn
 */

/** @typedef {{path: string, value: unknown}} SettingChange */
/**
 * A mark that can be dragged: `changeAt` gives the setting that dragging it to a pixel makes.
 * @typedef {{x: number, y: number, shape: "position"|"width"|"weight"|"point", changeAt: (x: number, y: number) => SettingChange}} Handle
 */

/** @typedef {{x: number[], density: number[]}} Sketch a curve while it is drawn by hand */
/**
 * Draws a curve by hand: `moveTo` goes on to a pixel and returns the sketch so far, and the setting that it makes if it
 * is a valid one.
 * @typedef {{moveTo: (x: number, y: number) => {change: SettingChange|null, sketch: Sketch}}} FreehandTool
 */

export {};
