// @ts-check
/** The shapes that charts read: what the server's messages become in the store, and what a theme is. No code. */

/** @typedef {{low: number, high: number}} Range */
/** @typedef {{centre: number, mass: number, low: number|null, high: number|null}} Basin */
/**
 * A number of the frame: what it means, its range (null where it has no end), where it stands when G has won, and the
 * name of the number that it cannot pass.
 * @typedef {object} Metric
 * @property {string} name  @property {string} label  @property {string} [help]  @property {string} [unit]
 * @property {number|null} low  @property {number|null} high  @property {"linear"|"log"} [scale]
 * @property {number|null} [ideal]  @property {string|null} [ideal_label]  @property {string|null} [bound]
 */

/**
 * @typedef {object} Scene
 * @property {ArrayLike<number>} grid  @property {ArrayLike<number>} latent_grid
 * @property {Range} x_axis  @property {Range} z_axis  @property {Range} loss_axis
 * @property {ArrayLike<number>} target_density  @property {ArrayLike<number>} latent_density
 * @property {string[]} curves what sets each curve of G apart: a label, a coordinate of z, or "" for the only one
 * @property {{name: string, centre: number, weight: number}[]} classes what labels tell apart; none if none are told
 * @property {number} latent_dimension
 * @property {number} atoms how many fixed z all distributions are estimated from; 0 where they are exact
 * @property {ArrayLike<number>[]} optimal_maps the perfect one for each curve of G; none where too many are perfect
 * @property {ArrayLike<number>[]} optimal_maps_mirrored
 * @property {Range} [bins] where the bins lie while a hand holds the axes; else they fill the x axis
 * @property {number} training_points how many there are; 0 if every batch is fresh
 * @property {number} density_high  @property {Basin[]} modes
 * @property {ArrayLike<number>} real_samples
 * @property {ArrayLike<number>} latent_histogram  @property {ArrayLike<number>} real_histogram
 * @property {number} x_bins  @property {number} z_bins  @property {number} readout_bins
 * @property {{kind: string, low: number, high: number, undecided: number, label: string}} readout
 * @property {{series: string, value: number, label: string}[]} references
 * @property {Metric[]} metrics
 * @property {import("../page/diagnosis.js").Kind[]} [diagnoses] a frame's `diagnosis` is a place in this list
 */

/** @typedef {{step: number, scene: number, scalars: Record<string, number>, arrays: Record<string, Float32Array>}} Frame */
/** @typedef {{length: number, step: ArrayLike<number>, series: Record<string, ArrayLike<number>>}} Traces */
/** @typedef {{step: number, path: string|null, label: string}} Mark */
/** @typedef {{axis: "x"|"z", value: number, curve?: number}} Hover a place on an axis, and which of several curves is meant */

/**
 * @typedef {object} Store
 * @property {Scene|null} scene  @property {any} config  @property {any} playback  @property {any} status
 * @property {import("./target-editing.js").Grip[]} [grips]  @property {{x: number[], density: number[]}|null} [ink]
 * @property {boolean} [readonly]
 * @property {Frame|null} frame  @property {Traces} traces  @property {Mark[]} marks  @property {Hover|null} hover
 * @property {string|null} [asked]
 * @property {(path: string, value: unknown) => void} intend
 * @property {(hover: Hover|null) => void} setHover
 * @property {() => void} invalidate
 */

/**
 * Colours as CSS strings, lengths in CSS pixels. `ratio` is device pixels per CSS pixel, `size` the tick text's height.
 * @typedef {object} Theme
 * @property {string} paper  @property {string} ink  @property {string} muted  @property {string} rule  @property {string} axis
 * @property {string} real  @property {string} fake  @property {string} discriminator  @property {string} generator
 * @property {string} realText  @property {string} fakeText  @property {string} generatorText
 * @property {string} family  @property {number} size  @property {number} line  @property {number} ratio
 */

/** @typedef {{width: number, height: number}} Box */

/**
 * @typedef {object} Chart
 * @property {string} id  @property {string} title  @property {"x"|"z"|null} axis
 * @property {(store: Store) => string} describe
 * @property {(ctx: CanvasRenderingContext2D, box: Box, store: Store, theme: Theme) => void} draw
 * @property {(box: Box, store: Store, theme: Theme, x: number, y: number) => Hover|null} [hoverAt]
 * @property {(box: Box, store: Store, theme: Theme) => Handle[]} [handles]
 * @property {(box: Box, store: Store, theme: Theme, x: number, y: number) => Pen|null} [pen] what drawing from there does
 */

/**
 * Something that can be dragged: `aim(x, y)` gives the setting that dragging to that pixel means.
 * @typedef {{path: string, value: unknown}} Turn
 * @typedef {{x: number, y: number, shape: "place"|"reach"|"share", aim: (x: number, y: number) => Turn}} Handle
 */

/**
 * Draws a curve: `to(x, y)` goes on to that pixel, and gives the setting that the curve is now, if it is one, and its ink.
 * @typedef {{to: (x: number, y: number) => {turn: Turn|null, ink: {x: number[], density: number[]}}}} Pen
 */

export {};
