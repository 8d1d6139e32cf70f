// @ts-check
/** The names of D's curves and of the optimal ones: of a single curve at its end, of several each over the mode of its label. */

import { formatFixed } from "../format.js";
import { font, spread, text, valueAt, widthOfWords } from "../plot/index.js";
import { curveName, FEW_LABELS, idealCurve, labelColor, learnedCurve } from "./curves.js";
import { hoveredX } from "./hover.js";
import { heightOfNotes } from "./outside-notes.js";

/** @import {Frame, PlotContext} from "./types.js" */
/**
 * With the curves to draw, and the name of the network; "D" by default.
 * @typedef {PlotContext & {frame: Frame, total: number, pointed: number|undefined, isGapDrawn?: boolean, name?: string}} DrawnContext
 */

/** Width of the notes in the corner of the overview, in heights of text. */
const CORNER = 10;

/** Name a single curve and the optimal one, each at its end. @param {DrawnContext} chart */
export function labelCurve(chart) {
  const { theme, scene, frame, plot, x, y, name = "D" } = chart;
  const { discriminator: learned, optimal_discriminator: ideal } = frame.arrays;
  const last = ideal.findLastIndex(Number.isFinite);
  const labels = [
    { words: name, x: plot.right, y: y(learned[learned.length - 1]), color: theme.discriminator, bold: true },
    { words: `${name}*`, x: last < 0 ? plot.right : x(scene.grid[last]), y: last < 0 ? NaN : y(ideal[last]), color: theme.muted, bold: false },
  ];
  // Only labels in the same column can overlap.
  const isOneColumn = Math.abs(labels[0].x - labels[1].x) < theme.size * 2;
  const placed = isOneColumn ? spread(labels, theme.size * 1.05, plot.top, plot.bottom) : labels;
  if (!isOneColumn) labels[1].y = besideCurve(chart, labels[1], learned);
  // In the overview, what lies beyond the axis is noted in the corner of the plot.
  const isInCorner = name === "D" && chart.isGapDrawn === false && labels[1].x > plot.right - theme.size * CORNER;
  const notes = isInCorner ? heightOfNotes(scene, frame.arrays) : 0;
  // Above the plot stand the words on what is pointed at, or on the peak of the density.
  const top = plot.top + theme.size * (notes > 0 ? notes + 0.6 : hoveredX(chart.store) ? 0.9 : isInCorner ? 0.5 : 0);
  for (const { words, x: left, y: level, color, bold } of placed) {
    if (!Number.isFinite(level)) continue;
    text(chart, words, left + theme.size * 0.35, Math.min(plot.bottom, Math.max(words === name ? plot.top : top, level)), { color, bold, baseline: "middle" });
  }
}

/**
 * The level of D*'s label inside the plot: its own, or so far above or below D's curve that it does not seem to name D.
 * @param {DrawnContext} chart @param {{x: number, y: number}} label @param {Float32Array|Float64Array} learned
 */
function besideCurve({ theme, scene, plot, x, y }, label, learned) {
  const level = y(valueAt(scene.grid, learned, x.invert(label.x + theme.size)));
  const clear = theme.size * 0.9;
  if (!(Math.abs(label.y - level) < clear)) return label.y;
  const [above, below] = [level - clear, level + clear];
  return (label.y < level && above >= plot.top) || below > plot.bottom ? above : below;
}

/**
 * The names of several curves, which meet at the ends of the axis: each over the mode of its label.
 * @param {DrawnContext} chart
 */
export function labelCurves(chart) {
  const { ctx, theme, scene, plot, x, y, pointed } = chart;
  const { classes, grid } = scene;
  if (classes.length > FEW_LABELS) {
    nameManyCurves(chart);
    return;
  }
  for (let k = 0; k < classes.length; k++) {
    const ideal = idealCurve(chart, k);
    const last = ideal.findLastIndex(Number.isFinite);
    // For the pointed curve, D* is written above the plot.
    if (last < 0 || pointed !== undefined) continue;
    text(chart, "D*", x(grid[last]) + theme.size * 0.35, y(ideal[last]), { color: theme.muted, baseline: "middle" });
  }
  ctx.font = font(theme, { bold: true });
  const { letter, lanes, width } = lanesOf(chart);
  // Names that do not fit beside each other are shown for the pointed curve alone.
  const isCrowd = Math.ceil(classes.length / lanes) * width > plot.width + width;
  for (let lane = 0; lane < lanes; lane++) {
    const labels = classes
      .map(({ centre }, k) => ({ k, y: x(centre), height: y(valueAt(grid, learnedCurve(chart, k), centre)) }))
      .filter(({ k, height }) => k % lanes === lane && Number.isFinite(height));
    const placed = spread(labels, width, plot.left, plot.right);
    // `spread` moves labels to the right; their mean moves back, so that they are as near to their modes as possible.
    const drift = placed.reduce((sum, { k, y: middle }) => sum + middle - x(classes[k].centre), 0) / placed.length;
    for (const { k, y: moved, height } of placed) {
      const middle = Math.max(plot.left, moved - drift);
      if (isCrowd && pointed !== k) continue;
      const isLit = pointed === undefined || pointed === k;
      const above = height - theme.size * 0.9;
      const below = height + theme.size * 0.9;
      const isAbove = lane === 0 ? above > plot.top : below > plot.bottom - theme.size / 2;
      const level = Math.min(plot.bottom, Math.max(plot.top, isAbove ? above : below));
      const color = isLit ? theme.discriminator : theme.muted;
      text(chart, curveName(letter, scene, k), middle, level, { color, align: "center", baseline: "middle", bold: isLit });
    }
  }
}

/**
 * The names of many labels above the plot, each over its mode, in the colour of its curve; the row is also that of the
 * values under the pointer. Names that would touch are left out.
 * @param {DrawnContext} chart
 */
function nameManyCurves(chart) {
  const { ctx, theme, scene, plot, x, pointed } = chart;
  if (hoveredX(chart.store)) return;
  ctx.font = font(theme, { bold: true });
  const widest = Math.max(...scene.classes.map(({ name }) => widthOfWords(ctx, name)));
  const isTight = scene.classes.some(({ centre }, k) => k > 0 && x(centre) - x(scene.classes[k - 1].centre) < widest + theme.size * 0.3);
  let free = plot.left - theme.size * 2;
  for (const [k, { name: full, centre }] of scene.classes.entries()) {
    const name = isTight ? formatFixed(centre, 1) : full;
    const half = widthOfWords(ctx, name) / 2;
    if (x(centre) - half < free) continue;
    const color = pointed === undefined || pointed === k ? (labelColor(theme, scene, k) ?? theme.discriminator) : theme.muted;
    text(chart, name, x(centre), plot.top - theme.size * 0.3, { color, align: "center", bold: true, halo: false });
    free = x(centre) + half + theme.size * 0.3;
  }
}

/**
 * Lanes for the names of curves: one above the curves, or a second one below, and without the letter where that is too wide.
 * @param {DrawnContext} chart with the font of the names set on `ctx`
 */
function lanesOf({ ctx, theme, scene, x }) {
  const { classes } = scene;
  let distance = Infinity;
  for (let k = 1; k < classes.length; k++) distance = Math.min(distance, x(classes[k].centre) - x(classes[k - 1].centre));
  const widthOf = (/** @type {string} */ letter) =>
    Math.max(...classes.map((_, k) => widthOfWords(ctx, curveName(letter, scene, k)))) + theme.size * 0.5;
  const width = widthOf("D");
  if (width <= 2 * distance) return { letter: "D", lanes: width <= distance ? 1 : 2, width };
  return { letter: "", lanes: 2, width: widthOf("") };
}
