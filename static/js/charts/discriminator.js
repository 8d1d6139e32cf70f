// @ts-check
/**
 * D(x): the learned discriminator, the optimal one against the present generator (dashed), and the gap between them. A
 * conditional discriminator has one curve for each label.
 */

import { formatFixed, formatPosition } from "../format.js";
import { axisX, axisY, bandPath, curve, dot, rule, text, tint, valueAt } from "../plot/index.js";
import { axisName, curveName, discriminatorCurves, FEW_LABELS, idealCurve, labelColor, learnedCurve, lineWeight, nearestCurve, pointedCurve } from "./curves.js";
import { labelCurve, labelCurves } from "./discriminator-names.js";
import { hoveredX } from "./hover.js";
import { discriminatorLayout, formatReadout, readoutTicks, ticksAcross } from "./layout.js";

/** @import {Frame, PlotContext, Scene} from "./types.js" */
/** @import {DrawnContext} from "./discriminator-names.js" */

/** Curves closer than this share of the axis cannot be told apart by pointing. */
const SLACK = 0.05;
/** Width of "real" or "fake" with its distance from the end of the plot, in heights of text. */
const WORD = 2.4;

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
    const best = valueAt(scene.grid, idealCurve({ scene, frame }, k), hovered.value);
    const learned = valueAt(scene.grid, learnedCurve({ scene, frame }, k), hovered.value);
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
    const handicap = (/** @type {number} */ k) => (Number.isFinite(valueAt(scene.grid, idealCurve({ scene, frame }, k), value)) ? 0 : slack);
    return { axis: "x", value, curve: nearestCurve(scene.grid, frame.arrays.discriminator, value, y.invert(py), handicap) };
  },
};

/**
 * @param {{scene: Scene, frame: Frame}} chart @param {number} k @param {number[]} centres @param {string} [pause]
 */
function describeCurve(chart, k, centres, pause = ", ") {
  const { grid } = chart.scene;
  const learned = learnedCurve(chart, k);
  const ideal = idealCurve(chart, k);
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
  const learned = learnedCurve(chart, k);
  const ideal = idealCurve(chart, k);
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
  return Array.from({ length: discriminatorCurves(scene) }, (_, k) => learnedCurve({ scene, frame }, k)).some((values) =>
    [0, 0.5, 1].some((part) => Math.abs(y(valueAt(scene.grid, values, x.invert(left + part * WORD * theme.size))) - level) < theme.size),
  );
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
    const learned = valueAt(scene.grid, learnedCurve(chart, k), hovered.value);
    const ideal = valueAt(scene.grid, idealCurve(chart, k), hovered.value);
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
