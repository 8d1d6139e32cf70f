// @ts-check
/** The shapes that charts read: scenes, frames and histories in the store, themes, and the chart itself. No code. */

/** @import {Plot} from "../plot/axes.js" */
/** @import {Scale} from "../plot/index.js" */
/** @import {Store} from "../state/store.js" */

/** @typedef {{low: number, high: number}} Range */
/** @typedef {{centre: number, mass: number, low: number|null, high: number|null}} Mode */
/**
 * A number of the frame: its meaning, its range (null where it has no end), its value when G has won, and the name of
 * the number that bounds it.
 * @typedef {object} Metric
 * @property {string} name  @property {string} label  @property {string} help  @property {string} unit
 * @property {number|null} low  @property {number|null} high  @property {"linear"|"log"} [scale]
 * @property {number|null} [ideal]  @property {string|null} [ideal_label]  @property {string|null} [bound]
 */
/** @typedef {{metric: string, label: string, average: string|null, headline: boolean}} ScoreboardEntry */

/**
 * @typedef {object} Scene
 * @property {ArrayLike<number>} grid  @property {ArrayLike<number>} latent_grid
 * @property {Range} x_axis  @property {Range} z_axis  @property {Range} loss_axis
 * @property {ArrayLike<number>} target_density  @property {ArrayLike<number>} latent_density
 * @property {string[]} curves name of each curve of G: a label, a coordinate of z, or "" for the only one
 * @property {{name: string, centre: number, weight: number}[]} classes classes of a conditional GAN; empty otherwise
 * @property {number} latent_dimension
 * @property {number} atoms number of fixed z from which all distributions are estimated; 0 where they are exact
 * @property {ArrayLike<number>[]} optimal_maps the optimal map for each curve of G; empty where there is more than one
 * @property {ArrayLike<number>[]} optimal_maps_mirrored
 * @property {Range} [bins] range of the bins while the axes are frozen; otherwise they fill the x axis
 * @property {number} training_points number of training samples; 0 if every batch is fresh
 * @property {number} density_high  @property {Mode[]} modes
 * @property {ArrayLike<number>} real_samples
 * @property {ArrayLike<number>} latent_histogram  @property {ArrayLike<number>} real_histogram
 * @property {number} x_bins  @property {number} z_bins  @property {number} readout_bins
 * @property {{kind: string, low: number, high: number, undecided: number, label: string}} readout
 * @property {{series: string, value: number, label: string}[]} references
 * @property {Metric[]} metrics  @property {ScoreboardEntry[]} scoreboard
 * @property {import("../page/diagnosis.js").Kind[]} [diagnoses] a frame's `diagnosis` is an index into this list
 */

/** @typedef {{step: number, scene: number, scalars: Record<string, number>, arrays: Record<string, Float32Array>}} Frame */
/** @typedef {{axis: "x"|"z", value: number, curve?: number}} Hover the value under the pointer, and the curve nearest to it */

/**
 * Colours as CSS strings, lengths in CSS pixels. `ratio` is device pixels per CSS pixel, `size` the height of tick text.
 * @typedef {object} Theme
 * @property {string} paper  @property {string} ink  @property {string} muted  @property {string} rule  @property {string} axis
 * @property {string} real  @property {string} fake  @property {string} discriminator  @property {string} generator
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
 * @property {(context: ChartContext) => Handle[]} [handles]
 * @property {(context: ChartContext, x: number, y: number) => FreehandTool|null} [freehandAt] null where nothing can be drawn
 */

/** @typedef {{path: string, value: unknown}} SettingChange */
/**
 * A mark that can be dragged: `changeAt` gives the setting that dragging it to a pixel makes.
 * @typedef {{x: number, y: number, shape: "position"|"width"|"weight", changeAt: (x: number, y: number) => SettingChange}} Handle
 */

/** @typedef {{x: number[], density: number[]}} Sketch a curve while it is drawn by hand */
/**
 * Draws a curve by hand: `moveTo` goes on to a pixel and returns the sketch so far, and the setting that it makes if it
 * is a valid one.
 * @typedef {{moveTo: (x: number, y: number) => {change: SettingChange|null, sketch: Sketch}}} FreehandTool
 */

export {};
