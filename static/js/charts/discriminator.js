// @ts-check
/**
 * D(x): the learned judge, the best possible judge of this moment (dashed), and the gap between the two. A D that is told
 * labels judges each x under each of them.
 */

import {
  axisX, axisY, bandPath, curve, dot, rule, spread, text, tint, valueAt, font, formatTick, formatValue,
} from "../plot/index.js";
import { curveOf, firmness, judgesOf, nameOf, nearestCurve, pointedCurve } from "./curves.js";
import { discriminatorFrame, formatReadout, readoutTicks, roomyTicks } from "./layout.js";
import { hoveredX } from "./hover.js";

/** @import {Frame, Scene, Store, Theme} from "./types.js" */
/** @import {Plot} from "../plot/axes.js" */
/** @import {Scale} from "../plot/index.js" */

/** Curves nearer to each other than this share of the axis cannot be told apart by pointing. */
const SLACK = 0.05;
/** So many gaps can be seen one over another. */
const GAPS = 3;

/** @type {import("./types.js").Chart} */
export const discriminator = {
  id: "discriminator",
  title: "Discriminator D(x)",
  axis: "x",

  describe({ scene, frame }) {
    if (!scene || !frame) return "Discriminator D(x): waiting for the server.";
    const told = scene.classes.map(({ name, centre }, k) => `under the label ${name}, ${judged(scene, frame, k, [centre])}`);
    if (told.length > 0) return `Discriminator D(x), which is told a label, at step ${frame.step}: ${told.join("; ")}.`;
    const centres = scene.modes.map(({ centre }) => centre);
    return `Discriminator D(x) at step ${frame.step}: ${judged(scene, frame, 0, centres, "; ")}.`;
  },

  draw(ctx, box, store, theme) {
    const { scene, frame } = store;
    if (!scene) return;
    const { plot, x, y } = discriminatorFrame(box, theme, scene);
    const values = readoutTicks(scene, plot.height, theme);
    axisY(ctx, plot, y, values, theme, { format: formatReadout });
    axisX(ctx, plot, x, roomyTicks(scene.x_axis, plot.width, theme), theme, { name: "x" });
    nameEnds(ctx, plot, y, scene, theme);
    // Where D cannot tell.
    rule(ctx, "horizontal", y(scene.readout.undecided), plot.left, plot.right, { color: theme.axis, theme, width: 1, alpha: 0.7 });
    if (!frame) return;
    const total = judgesOf(scene);
    const pointed = pointedCurve(store, total);
    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.left, plot.top - theme.line, plot.width, plot.height + 2 * theme.line);
    ctx.clip();
    // The one that is pointed at lies over the others.
    for (let k = 0; k < total; k++) if (k !== pointed) drawJudge(ctx, scene, frame, k, x, y, pointed, theme);
    if (pointed !== undefined) drawJudge(ctx, scene, frame, pointed, x, y, pointed, theme);
    ctx.restore();
    if (total === 1) nameCurves(ctx, scene, frame, plot, x, y, theme);
    else nameJudges(ctx, scene, frame, plot, x, y, pointed, theme);
    drawHover(ctx, store, plot, x, y, theme);
  },

  hoverAt(box, { scene, frame }, theme, px, py) {
    if (!scene) return null;
    const { plot, x, y } = discriminatorFrame(box, theme, scene);
    if (px < plot.left || px > plot.right) return null;
    const value = x.invert(px);
    if (!frame) return { axis: "x", value };
    // Where curves meet, the one is meant whose reals and fakes are there.
    const slack = SLACK * (scene.readout.high - scene.readout.low);
    const isThere = (/** @type {number} */ k) => Number.isFinite(valueAt(scene.grid, idealOf(scene, frame, k), value));
    const handicap = (/** @type {number} */ k) => (isThere(k) ? 0 : slack);
    const curve = nearestCurve(scene.grid, frame.arrays.discriminator, value, y.invert(py), handicap);
    return { axis: "x", value, curve };
  },
};

/** @param {Scene} scene @param {Frame} frame @param {number} k */
function learnedOf(scene, frame, k) {
  return curveOf(frame.arrays.discriminator, scene.grid.length, k);
}

/** @param {Scene} scene @param {Frame} frame @param {number} k */
function idealOf(scene, frame, k) {
  return curveOf(frame.arrays.optimal_discriminator, scene.grid.length, k);
}

/**
 * @param {Scene} scene @param {Frame} frame @param {number} k @param {number[]} centres @param {string} [pause]
 */
function judged(scene, frame, k, centres, pause = ", ") {
  const learned = learnedOf(scene, frame, k);
  const ideal = idealOf(scene, frame, k);
  const parts = centres.map((centre) => `${formatValue(valueAt(scene.grid, learned, centre))} at x ${formatValue(centre, 1)}`);
  const gap = widestGap(learned, ideal);
  if (gap < 0) return parts.join(", ");
  const by = formatValue(Math.abs(learned[gap] - ideal[gap]));
  return `${parts.join(", ")}${pause}farthest from the ideal at x ${formatTick(round1(scene.grid[gap]))}, by ${by}`;
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {Frame} frame @param {number} k
 * @param {Scale} x @param {Scale} y @param {number|undefined} pointed @param {Theme} theme
 */
function drawJudge(ctx, scene, frame, k, x, y, pointed, theme) {
  const { grid } = scene;
  const total = judgesOf(scene);
  const learned = learnedOf(scene, frame, k);
  const ideal = idealOf(scene, frame, k);
  const { part, alpha } = firmness(k, total, pointed);
  if (k === pointed || (pointed === undefined && total <= GAPS)) {
    bandPath(ctx, grid, learned, ideal, x, y);
    tint(ctx, theme.discriminator, 0.1);
  }
  const dash = [theme.line * 2.5, theme.line * 2];
  const color = theme.discriminator;
  const faint = pointed === undefined && total > GAPS ? 0.6 : alpha;
  curve(ctx, grid, ideal, grid.length, x, y, { color: theme.muted, width: theme.line * 0.6, dash, alpha: faint });
  if (total === 1 || pointed !== undefined) {
    curve(ctx, grid, learned, grid.length, x, y, { color, width: theme.line * part, alpha });
    return;
  }
  // What D says under a label matters where that label's reals and fakes are: there is a best D to compare it with.
  curve(ctx, grid, learned, grid.length, x, y, { color, width: theme.line * 0.6, alpha: 0.3 });
  const first = firstFinite(ideal);
  if (first < 0) return;
  ctx.save();
  ctx.beginPath();
  const [left, right] = [x(grid[first]), x(grid[lastFinite(ideal)])];
  const [top, bottom] = [y(scene.readout.high) - theme.line, y(scene.readout.low) + theme.line];
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
  curve(ctx, grid, learned, grid.length, x, y, { color, width: theme.line });
  ctx.restore();
}

/**
 * Which end means what: beside the numbers of a probability, in their place when D gives scores.
 * @param {CanvasRenderingContext2D} ctx @param {Plot} plot
 * @param {Scale} y @param {Scene} scene @param {Theme} theme
 */
function nameEnds(ctx, plot, y, scene, theme) {
  const isProbability = scene.readout.kind === "probability";
  const style = { theme, align: /** @type {const} */ ("right"), baseline: /** @type {const} */ ("middle"), halo: false };
  const right = plot.left - theme.size * (isProbability ? 1.3 : 0.5);
  const inset = isProbability ? 0 : theme.size * 0.35;
  text(ctx, "real", right, y(scene.readout.high) + inset, { ...style, color: theme.realText });
  text(ctx, "fake", right, y(scene.readout.low) - inset, { ...style, color: theme.fakeText });
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {Frame} frame @param {Plot} plot
 * @param {Scale} x @param {Scale} y @param {Theme} theme
 */
function nameCurves(ctx, scene, frame, plot, x, y, theme) {
  const { discriminator: learned, optimal_discriminator: ideal } = frame.arrays;
  const last = lastFinite(ideal);
  const labels = [
    { words: "D", x: plot.right, y: y(learned[learned.length - 1]), color: theme.discriminator, bold: true },
    { words: "D*", x: last < 0 ? plot.right : x(scene.grid[last]), y: last < 0 ? NaN : y(ideal[last]), color: theme.muted, bold: false },
  ];
  // Only names that stand in one column can cover each other.
  const together = Math.abs(labels[0].x - labels[1].x) < theme.size * 2;
  const placed = together ? spread(labels, theme.size * 1.05, plot.top, plot.bottom) : labels;
  if (!together) labels[1].y = besideCurve(labels[1], scene.grid, learned, plot, x, y, theme);
  for (const label of placed) {
    if (!Number.isFinite(label.y)) continue;
    text(ctx, label.words, label.x + theme.size * 0.35, Math.min(plot.bottom, Math.max(plot.top, label.y)), {
      color: label.color, theme, baseline: "middle", bold: label.bold,
    });
  }
}

/**
 * The level of a name inside the plot: its own, or so far above or below D's curve that the name is not taken for D's.
 * @param {{x: number, y: number}} label @param {ArrayLike<number>} grid @param {Float32Array} learned @param {Plot} plot
 * @param {Scale} x @param {Scale} y @param {Theme} theme
 */
function besideCurve(label, grid, learned, plot, x, y, theme) {
  const curve = y(valueAt(grid, learned, x.invert(label.x + theme.size)));
  const clear = theme.size * 0.9;
  if (!(Math.abs(label.y - curve) < clear)) return label.y;
  const [above, below] = [curve - clear, curve + clear];
  return (label.y < curve && above >= plot.top) || below > plot.bottom ? above : below;
}

/**
 * Several curves meet at the ends of the axis: each has its name where it matters, over the mode that its label means.
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {Frame} frame @param {Plot} plot
 * @param {Scale} x @param {Scale} y @param {number|undefined} pointed @param {Theme} theme
 */
function nameJudges(ctx, scene, frame, plot, x, y, pointed, theme) {
  const { classes, grid } = scene;
  for (let k = 0; k < classes.length; k++) {
    const ideal = idealOf(scene, frame, k);
    const last = lastFinite(ideal);
    // Pointed at, the best D has its number above.
    if (last < 0 || pointed !== undefined || classes.length > GAPS) continue;
    text(ctx, "D*", x(grid[last]) + theme.size * 0.35, y(ideal[last]), { color: theme.muted, theme, baseline: "middle" });
  }
  ctx.font = font(theme, { bold: true });
  const { letter, lanes, width } = placesOf(ctx, scene, x, theme);
  // Names that would not find room beside each other are left to the pointer.
  const isCrowd = Math.ceil(classes.length / lanes) * width > plot.width + width;
  for (let lane = 0; lane < lanes; lane++) {
    const labels = classes
      .map(({ centre }, k) => ({ k, y: x(centre), height: y(valueAt(grid, learnedOf(scene, frame, k), centre)) }))
      .filter(({ k, height }) => k % lanes === lane && Number.isFinite(height));
    const placed = spread(labels, width, plot.left, plot.right);
    // Moved apart, they have moved to the right: together they go back, to be as near to their modes as may be.
    const drift = placed.reduce((sum, { k, y: middle }) => sum + middle - x(classes[k].centre), 0) / placed.length;
    for (const { k, y: moved, height } of placed) {
      const middle = Math.max(plot.left, moved - drift);
      if (isCrowd && pointed !== k) continue;
      const isLit = pointed === undefined || pointed === k;
      const above = height - theme.size * 0.9;
      const below = height + theme.size * 0.9;
      const isAbove = lane === 0 ? above > plot.top : below > plot.bottom - theme.size / 2;
      text(ctx, nameOf(letter, scene, k), middle, Math.min(plot.bottom, Math.max(plot.top, isAbove ? above : below)), {
        color: isLit ? theme.discriminator : theme.muted, theme, align: "center", baseline: "middle", bold: isLit,
      });
    }
  }
}

/**
 * How names keep clear of one another: all above the curves, or every other one below, and without the letter if need be.
 * @param {CanvasRenderingContext2D} ctx with the font of the names @param {Scene} scene @param {Scale} x @param {Theme} theme
 */
function placesOf(ctx, scene, x, theme) {
  const { classes } = scene;
  let room = Infinity;
  for (let k = 1; k < classes.length; k++) room = Math.min(room, x(classes[k].centre) - x(classes[k - 1].centre));
  const widthOf = (/** @type {string} */ letter) =>
    Math.max(...classes.map((_, k) => ctx.measureText(nameOf(letter, scene, k)).width)) + theme.size * 0.5;
  const width = widthOf("D");
  if (width <= 2 * room) return { letter: "D", lanes: width <= room ? 1 : 2, width };
  return { letter: "", lanes: 2, width: widthOf("") };
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Store} store @param {Plot} plot @param {Scale} x @param {Scale} y
 * @param {Theme} theme
 */
function drawHover(ctx, store, plot, x, y, theme) {
  const at = hoveredX(store);
  const { scene, frame } = store;
  if (!at || !scene || !frame || at.value < scene.x_axis.low || at.value > scene.x_axis.high) return;
  rule(ctx, "vertical", x(at.value), plot.top, plot.bottom, { color: at.fromNoise ? theme.fake : theme.ink, theme });
  const total = judgesOf(scene);
  const pointed = pointedCurve(store, total);
  for (let k = 0; k < total; k++) {
    if (pointed !== undefined && k !== pointed) continue;
    const learned = valueAt(scene.grid, learnedOf(scene, frame, k), at.value);
    const ideal = valueAt(scene.grid, idealOf(scene, frame, k), at.value);
    dot(ctx, x(at.value), y(ideal), theme.line * 1.4, theme.muted, theme.paper);
    dot(ctx, x(at.value), y(learned), theme.line * 1.8, theme.discriminator, theme.paper);
    if (total > 1 && pointed === undefined) continue;
    const best = Number.isFinite(ideal) ? `   D*  ${formatValue(ideal)}` : "";
    const words = `${nameOf("D", scene, k)}  ${formatValue(learned)}${best}`;
    const inset = Math.max(plot.left + theme.size * 4.5, Math.min(plot.right - theme.size * 4.5, x(at.value)));
    text(ctx, words, inset, plot.top - theme.size * 0.25, { color: theme.ink, theme, align: "center" });
  }
}

/** @param {Float32Array} values */
function firstFinite(values) {
  return values.findIndex(Number.isFinite);
}

/** @param {ArrayLike<number>} values */
function lastFinite(values) {
  for (let i = values.length - 1; i >= 0; i--) if (Number.isFinite(values[i])) return i;
  return -1;
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function widestGap(a, b) {
  let place = -1;
  let widest = -1;
  for (let i = 0; i < a.length; i++) {
    const gap = Math.abs(a[i] - b[i]);
    if (gap > widest) {
      widest = gap;
      place = i;
    }
  }
  return place;
}

/** @param {number} value */
function round1(value) {
  return Math.round(value * 10) / 10;
}
