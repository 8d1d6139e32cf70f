// @ts-check
/** The distance of each trajectory to the equilibrium over the steps: the timeline of a game. */

import { formatCount, formatReading, formatTick } from "../format.js";
import { drawMarks, drawStepHover, readStep } from "../charts/step-axis.js";
import { axisX, crisp, curve, decades, dot, font, linear, logarithmic, niceCeil, plotOf, rule, spread, text, ticks } from "../plot/index.js";
import { AHEAD, gameOf, trackStyle } from "./chart-parts.js";

/** @import {Chart, ChartContext} from "../charts/types.js" */
/** @import {GameStore} from "./game-store.js" */
/** @import {GameContext} from "./chart-parts.js" */
/** @import {Track} from "./game-run.js" */

/** Smallest distance that is drawn. */
const SMALLEST = 1e-12;

/** @param {ChartContext} context */
function distanceLayout(context) {
  const { box, theme } = context;
  const { game } = gameOf(context).store;
  // Names of updates beside their curves, where there is room for them.
  const named = 5.2 + 0.52 * Math.max(0, ...game.tracks.map(({ label }) => label.length));
  const isNamed = game.tracks.length > 1 && named < box.width / theme.size / 3;
  const right = isNamed ? named : 5.2;
  const plot = plotOf(box, theme, { left: 3.4, right, top: 1.3, bottom: 1.9 });
  const values = game.tracks.flatMap(({ distances }) => distances.filter((value) => value !== null && value > SMALLEST));
  const [low, high] = [Math.min(1, ...values.map(Number)), Math.max(1, ...values.map(Number))];
  const [bottom, top] = [10 ** Math.floor(Math.log10(low) + 1e-9), 10 ** Math.ceil(Math.log10(high) - 1e-9)];
  return { plot, isNamed, x: linear(0, Math.max(10, niceEnd(game.last)), plot.left, plot.right), y: logarithmic(bottom === top ? bottom / 10 : bottom, top, plot.bottom, plot.top) };
}

/** The end of the axis of steps: the run's own end if that is a round number. @param {number} last */
function niceEnd(last) {
  return last % 50 === 0 ? last : niceCeil(last);
}

/** @type {Chart} */
export const gameDistances = {
  id: "game-distances",
  title: "Distance to the equilibrium over the steps",

  describe(store) {
    const { game } = /** @type {GameStore} */ (store);
    const words = game.tracks.map((track) => `${track.label} ${formatReading(game.at(track)?.distance ?? NaN)}`);
    const marks = game.marks.map(({ step, label }, i) => `${i + 1}, at step ${step}: ${label}`);
    return `Distance to the equilibrium at step ${formatCount(game.step)} of ${formatCount(game.last)}, on a logarithmic axis: ${words.join(", ")}.${marks.length ? ` Changes: ${marks.join("; ")}.` : ""}`;
  },

  draw(context) {
    const chart = { ...gameOf(context), ...distanceLayout(context) };
    const { ctx, theme, plot, x, y, store: { game } } = chart;
    const powers = decades(y.low, y.high);
    const every = Math.max(1, Math.ceil((powers.length * theme.size * 1.3) / plot.height));
    powers.filter((_, i) => (powers.length - 1 - i) % every === 0).forEach((value) => {
      rule(chart, "horizontal", y(value), { color: theme.rule, width: 1 });
      text(chart, formatPower(value), plot.left - theme.size * 0.5, y(value), { color: theme.muted, align: "right", baseline: "middle", halo: false });
    });
    const count = Math.max(1, Math.min(5, Math.floor(plot.width / (theme.size * 6))));
    axisX(chart, x, ticks(0, x.high, count), "step");
    for (let i = game.tracks.length - 1; i >= 0; i--) drawDistance(chart, game.tracks[i], i);
    drawMarks(/** @type {any} */ (chart));
    rule(chart, "vertical", x(game.step), { color: theme.ink, width: theme.line * 0.75 });
    ctx.beginPath();
    const at = crisp(x(game.step), 1, theme.ratio);
    ctx.moveTo(at - theme.size * 0.45, plot.top - theme.size * 0.55);
    ctx.lineTo(at + theme.size * 0.45, plot.top - theme.size * 0.55);
    ctx.lineTo(at, plot.top + theme.size * 0.1);
    ctx.fillStyle = theme.ink;
    ctx.fill();
    drawEnds(chart);
    drawStepHover(/** @type {any} */ (chart), gameDistances.read?.(context) ?? "");
  },

  hoverAt(context, px) {
    const { plot, x } = distanceLayout(context);
    if (px < plot.left - 4 || px > plot.right + 4) return null;
    return { axis: "step", value: Math.max(0, Math.min(gameOf(context).store.game.last, Math.round(x.invert(px)))) };
  },

  read(context) {
    const { store } = gameOf(context);
    return readStep(/** @type {any} */ (context), (step) => store.game.tracks.map((track) => {
      const at = step <= store.game.reached ? store.game.at(track, step) : null;
      return at ? `${store.game.tracks.length > 1 ? `${track.label} ` : "distance "}${formatReading(at.distance)}` : "";
    }).filter(Boolean).join("   "));
  },
};

/** @param {number} value */
function formatPower(value) {
  return value >= 0.01 && value <= 1000 ? formatTick(value) : `10${[...String(Math.round(Math.log10(value)))].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("")}`;
}

/** @typedef {GameContext & ReturnType<typeof distanceLayout>} Distances */

/** @param {Distances} chart @param {Track} track @param {number} i */
function drawDistance(chart, track, i) {
  const { ctx, theme, x, y, store: { game } } = chart;
  const style = trackStyle(theme, i);
  const steps = track.distances.map((_, k) => k + track.from);
  const values = track.distances.map((value) => value ?? NaN);
  const shown = Math.min(game.step - track.from, steps.length - 1) + 1;
  const reached = Math.min(game.reached - track.from, steps.length - 1) + 1;
  curve(ctx, steps, values, Math.max(0, reached), x, y, { ...style, alpha: AHEAD * 2 });
  curve(ctx, steps, values, Math.max(0, shown), x, y, style);
}

/** The present distances at the right, moved apart. @param {Distances} chart */
function drawEnds(chart) {
  const { ctx, theme, plot, x, y, isNamed, store: { game } } = chart;
  const rows = game.tracks.flatMap((track, i) => {
    const at = game.at(track) ?? game.at(track, track.from + track.theta.length - 1);
    if (!at) return [];
    const place = x(Math.min(game.step, track.from + track.theta.length - 1));
    dot(ctx, place, y(at.distance), theme.size * 0.34, trackStyle(theme, i).color, theme.paper);
    const name = isNamed ? `${track.label} ` : "";
    return [{ words: `${name}${formatReading(at.distance)}`, y: y(at.distance), color: trackStyle(theme, i).color }];
  });
  ctx.font = font(theme, { bold: true });
  for (const { words, y: at, color } of spread(rows, theme.size * 1.2, plot.top + theme.size * 0.4, plot.bottom - theme.size * 0.5)) {
    text(chart, words, plot.right + theme.size * 0.6, at, { color, bold: true, baseline: "middle" });
  }
}
