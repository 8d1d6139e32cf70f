// @ts-check
/**
 * D(x): the learned discriminator, the optimal one against the present generator (dashed), and the gap between them. A
 * conditional discriminator has one curve for each label.
 */

import { formatFixed, formatPosition } from "../format.js";
import { axisX, axisY, bandPath, curve, dot, font, rule, spread, text, tint, valueAt, widthOfWords } from "../plot/index.js";
import { axisName, curveName, curveOf, discriminatorCurves, FEW_LABELS, labelColor, lineWeight, nearestCurve, pointedCurve } from "./curves.js";
import { heightOfNotes } from "./data.js";
import { hoveredX } from "./hover.js";
import { discriminatorLayout, formatReadout, readoutTicks, ticksAcross } from "./layout.js";

/** @import {Frame, PlotContext, Scene} from "./types.js" */
/**
 * With the curves to draw, and the name of the network; "D" by default.
 * @typedef {PlotContext & {frame: Frame, total: number, pointed: number|undefined, isGapDrawn?: boolean, name?: string}} DrawnContext
 */

/** Curves closer than this share of the axis cannot be told apart by pointing. */
const SLACK = 0.05;
/** Width of "real" or "fake" with its distance from the end of the plot, in heights of text. */
const WORD = 2.4;
/** Width of the notes in the corner of the overview, in heights of text. */
const CORNER = 10;

/** @type {import("./types.js").Chart} */
export const discriminator = {
  id: "discriminator",
  title: "Discriminator D(x)",

  describe({ scene, frame }) {
    if (!scene || !frame) return "Discriminator D(x): waiting for the server.";
    if (scene.classes.length > 0) {
      const parts = scene.classes.map(({ name, centre }, k) => `for the label ${name}, ${describeCurve({ scene, frame }, k, [centre])}`);
      return `Discriminator D(x), conditional on a label, at step ${frame.step}: ${parts.join("; ")}.`;
    }
    const centres = scene.modes.map(({ centre }) => centre);
    return `Discriminator D(${axisName(scene, "x")}) at step ${frame.step}: ${describeCurve({ scene, frame }, 0, centres, "; ")}.`;
  },

  draw(context) {
    const { theme, scene, frame } = context;
    const chart = { ...context, ...discriminatorLayout(context) };
    const { plot, x } = chart;
    axisX(chart, x, ticksAcross(scene.x_axis, plot.width, theme), axisName(scene, "x"));
    drawScoreAxis(chart);
    if (!frame) return;
    const drawn = drawCurves({ ...chart, frame });
    if (drawn.total > 1) labelCurves(drawn);
    drawHover(drawn);
  },

  read({ scene, frame, store }) {
    const hovered = hoveredX(store);
    if (!hovered || !frame) return "";
    const k = pointedCurve(store, discriminatorCurves(scene)) ?? 0;
    const best = valueAt(scene.grid, idealOf({ scene, frame }, k), hovered.value);
    const learned = valueAt(scene.grid, learnedOf({ scene, frame }, k), hovered.value);
    return `${axisName(scene, "x")} ${formatPosition(hovered.value, scene.x_axis)}   ${curveName("D", scene, k)} ${formatFixed(learned)}   D* ${formatFixed(best)}`;
  },

  hoverAt(context, px, py) {
    const { scene, frame } = context;
    const { plot, x, y } = discriminatorLayout(context);
    if (px < plot.left || px > plot.right) return null;
    const value = x.invert(px);
    if (!frame) return { axis: "x", value };
    // Where curves meet, the pointer means a curve that has samples there.
    const slack = SLACK * (scene.readout.high - scene.readout.low);
    const handicap = (/** @type {number} */ k) => (Number.isFinite(valueAt(scene.grid, idealOf({ scene, frame }, k), value)) ? 0 : slack);
    return { axis: "x", value, curve: nearestCurve(scene.grid, frame.arrays.discriminator, value, y.invert(py), handicap) };
  },
};

/** @param {{scene: Scene, frame: Frame}} chart @param {number} k */
function learnedOf({ scene, frame }, k) {
  return curveOf(frame.arrays.discriminator, scene.grid.length, k);
}

/** @param {{scene: Scene, frame: Frame}} chart @param {number} k */
function idealOf({ scene, frame }, k) {
  return curveOf(frame.arrays.optimal_discriminator, scene.grid.length, k);
}

/**
 * @param {{scene: Scene, frame: Frame}} chart @param {number} k @param {number[]} centres @param {string} [pause]
 */
function describeCurve(chart, k, centres, pause = ", ") {
  const { grid } = chart.scene;
  const learned = learnedOf(chart, k);
  const ideal = idealOf(chart, k);
  const at = `at ${axisName(chart.scene, "x")}`;
  const parts = centres.map((centre) => `${formatFixed(valueAt(grid, learned, centre))} ${at} ${formatPosition(centre, chart.scene.x_axis, 1)}`);
  const gap = widestGap(learned, ideal);
  if (gap < 0) return parts.join(", ");
  const by = formatFixed(Math.abs(learned[gap] - ideal[gap]));
  return `${parts.join(", ")}${pause}farthest from the ideal ${at} ${formatPosition(grid[gap], chart.scene.x_axis, 1)}, by ${by}`;
}

/**
 * The axis of D's values, the names of its ends, and the line at which D does not tell real from fake.
 * @param {PlotContext} chart
 */
export function drawScoreAxis(chart) {
  const { theme, scene, plot, y } = chart;
  axisY(chart, y, readoutTicks(scene, plot.height, theme), formatReadout);
  if (scene.readout.kind === "probability" || !chart.frame) nameAxisEnds(chart);
  rule(chart, "horizontal", y(scene.readout.threshold), { color: theme.axis, width: 1, alpha: 0.7 });
}

/**
 * D's curves with the optimal ones; a single curve is named at its end.
 * @param {PlotContext & {frame: Frame, isGapDrawn?: boolean, name?: string}} chart @returns {DrawnContext}
 */
export function drawCurves(chart) {
  const { ctx, theme, scene, store, plot } = chart;
  const total = discriminatorCurves(scene);
  const pointed = pointedCurve(store, total);
  const drawn = { ...chart, total, pointed };
  ctx.save();
  ctx.beginPath();
  ctx.rect(plot.left, plot.top - theme.line, plot.width, plot.height + 2 * theme.line);
  ctx.clip();
  // The pointed curve is drawn last, over the others.
  for (let k = 0; k < total; k++) if (k !== pointed) drawCurve(drawn, k);
  if (pointed !== undefined) drawCurve(drawn, pointed);
  ctx.restore();
  if (scene.readout.kind !== "probability") nameAxisEnds(chart);
  if (total === 1) labelCurve(drawn);
  return drawn;
}

/** @param {DrawnContext} chart @param {number} k */
function drawCurve(chart, k) {
  const { ctx, theme, scene, x, y, total, pointed } = chart;
  const { grid } = scene;
  const learned = learnedOf(chart, k);
  const ideal = idealOf(chart, k);
  const { part, alpha } = lineWeight(k, total, pointed);
  if ((chart.isGapDrawn ?? true) && (k === pointed || (pointed === undefined && total <= FEW_LABELS))) {
    bandPath(ctx, grid, learned, ideal, x, y);
    tint(ctx, theme.discriminator, 0.1);
  }
  const dash = [theme.line * 2.5, theme.line * 2];
  const color = labelColor(theme, scene, k) ?? theme.discriminator;
  const faint = pointed === undefined && total > FEW_LABELS ? 0.6 : alpha;
  curve(ctx, grid, ideal, grid.length, x, y, { color: theme.muted, width: theme.line * 0.6, dash, alpha: faint });
  if (total === 1 || pointed !== undefined) {
    curve(ctx, grid, learned, grid.length, x, y, { color, width: theme.line * part, alpha });
    return;
  }
  // D for a label matters where that label has samples, which is where D* is defined.
  curve(ctx, grid, learned, grid.length, x, y, { color, width: theme.line * 0.6, alpha: 0.3 });
  const first = ideal.findIndex(Number.isFinite);
  if (first < 0) return;
  ctx.save();
  ctx.beginPath();
  const [left, right] = [x(grid[first]), x(grid[ideal.findLastIndex(Number.isFinite)])];
  const [top, bottom] = [y(scene.readout.high) - theme.line, y(scene.readout.low) + theme.line];
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
  curve(ctx, grid, learned, grid.length, x, y, { color, width: theme.line });
  ctx.restore();
}

/**
 * The words "real" and "fake" at the ends of D's axis: beside the numbers of a probability; for scores inside the plot, at the
 * end where D's curves leave room.
 * @param {PlotContext} chart
 */
function nameAxisEnds(chart) {
  const { theme, plot, y, scene: { readout } } = chart;
  const isProbability = readout.kind === "probability";
  const inset = isProbability ? 0 : theme.size * 0.6;
  const ends = /** @type {const} */ ([["real", y(readout.high) + inset, theme.realText], ["fake", y(readout.low) - inset, theme.fakeText]]);
  for (const [words, level, color] of ends) {
    const isAtRight = !isProbability && isTaken(chart, level, plot.left) && !isTaken(chart, level, plot.right - theme.size * WORD);
    const at = isProbability ? plot.left - theme.size * 1.3 : isAtRight ? plot.right - theme.size * 0.3 : plot.left + theme.size * 0.3;
    text(chart, words, at, level, { align: isProbability || isAtRight ? "right" : "left", baseline: "middle", halo: !isProbability, color });
  }
}

/** Whether a curve of D would touch a word. @param {PlotContext} chart @param {number} level @param {number} left */
function isTaken({ theme, scene, frame, x, y }, level, left) {
  if (!frame) return false;
  return Array.from({ length: discriminatorCurves(scene) }, (_, k) => learnedOf({ scene, frame }, k)).some((values) =>
    [0, 0.5, 1].some((part) => Math.abs(y(valueAt(scene.grid, values, x.invert(left + part * WORD * theme.size))) - level) < theme.size),
  );
}

/** @param {DrawnContext} chart */
function labelCurve(chart) {
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
function labelCurves(chart) {
  const { ctx, theme, scene, plot, x, y, pointed } = chart;
  const { classes, grid } = scene;
  if (classes.length > FEW_LABELS) {
    nameManyCurves(chart);
    return;
  }
  for (let k = 0; k < classes.length; k++) {
    const ideal = idealOf(chart, k);
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
      .map(({ centre }, k) => ({ k, y: x(centre), height: y(valueAt(grid, learnedOf(chart, k), centre)) }))
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

/** @param {DrawnContext} chart */
function drawHover(chart) {
  const { ctx, theme, scene, store, plot, x, y, total, pointed } = chart;
  const hovered = hoveredX(store);
  if (!hovered || hovered.value < scene.x_axis.low || hovered.value > scene.x_axis.high) return;
  const px = x(hovered.value);
  rule(chart, "vertical", px, { color: hovered.fromNoise ? theme.fake : theme.ink });
  for (let k = 0; k < total; k++) {
    if (pointed !== undefined && k !== pointed) continue;
    const learned = valueAt(scene.grid, learnedOf(chart, k), hovered.value);
    const ideal = valueAt(scene.grid, idealOf(chart, k), hovered.value);
    dot(ctx, px, y(ideal), theme.line * 1.4, theme.muted, theme.paper);
    dot(ctx, px, y(learned), theme.line * 1.8, theme.discriminator, theme.paper);
    if (total > 1 && pointed === undefined) continue;
    const best = Number.isFinite(ideal) ? `   D*  ${formatFixed(ideal)}` : "";
    const words = `${curveName("D", scene, k)}  ${formatFixed(learned)}${best}`;
    const inset = Math.max(plot.left + theme.size * 4.5, Math.min(plot.right - theme.size * 4.5, px));
    text(chart, words, inset, plot.top - theme.size * 0.25, { color: theme.ink, align: "center" });
  }
}

/** The index of the widest gap between two curves; -1 if they are nowhere both defined. @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function widestGap(a, b) {
  let index = -1;
  let widest = -1;
  for (let i = 0; i < a.length; i++) {
    const gap = Math.abs(a[i] - b[i]);
    if (gap > widest) {
      widest = gap;
      index = i;
    }
  }
  return index;
}
