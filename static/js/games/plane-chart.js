// @ts-check
/** The plane of θ and ψ: the field, the equilibria, and the trajectories up to the step that is shown. */

import { formatCount, formatReading, formatSetting, formatTick } from "../format.js";
import { axisX, dot, linear, plotOf, rule, text, ticks } from "../plot/index.js";
import { AHEAD, answerOf, diamond, gameOf, trackStyle } from "./chart-parts.js";

/** @import {Chart, ChartContext} from "../charts/types.js" */
/** @import {GameStore} from "./game-store.js" */
/** @import {GameContext} from "./chart-parts.js" */
/** @import {Track} from "./game-run.js" */

/** Steps behind the head of a trajectory in full ink. */
const TRAIL = 40;
/** Opacity of the steps before those. */
const FAINT = 0.4;
/** Largest length of an arrow of the field, as a part of the distance to the next one. */
const ARROW = 0.72;

/** θ and ψ have the same scale, so that a circle is round. @param {ChartContext} context */
function planeLayout(context) {
  const { box, theme } = context;
  const plot = plotOf(box, theme, { left: 2.6, right: 0.4, top: 0.3, bottom: 1.9 });
  const { plane } = answerOf(context);
  const perUnit = Math.min(plot.width, plot.height) / (2 * plane);
  const [wide, high] = [plot.width / perUnit / 2, plot.height / perUnit / 2];
  return { plot, perUnit, x: linear(-wide, wide, plot.left, plot.right), y: linear(-high, high, plot.bottom, plot.top) };
}

/** @type {Chart} */
export const plane = {
  id: "game-plane",
  title: "The plane of θ and ψ",

  describe(store) {
    const { game } = /** @type {GameStore} */ (store);
    const places = game.tracks.map((track) => {
      const at = game.at(track);
      return at ? `${track.label} at θ ${formatReading(at.theta)}, ψ ${formatReading(at.psi)}.` : `${track.label} has ended.`;
    });
    return `The plane of θ, G's number, and ψ, D's number, with the directions in which they move. Step ${formatCount(game.step)}: ${places.join(" ")} The arrow keys move the start.`;
  },

  draw(context) {
    const chart = { ...gameOf(context), ...planeLayout(context) };
    const { ctx, theme, plot, x, y } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.left, plot.top, plot.width, plot.height);
    ctx.clip();
    drawField(chart);
    rule(chart, "vertical", x(0), { color: theme.axis, width: 1 });
    rule(chart, "horizontal", y(0), { color: theme.axis, width: 1 });
    drawBound(chart);
    drawConserved(chart);
    drawEquilibria(chart);
    const { game } = chart.store;
    for (let i = game.tracks.length - 1; i >= 0; i--) drawTrack(chart, game.tracks[i], i);
    ctx.restore();
    drawStart(chart);
    axisX(chart, x, ticks(x.low, x.high, Math.max(2, Math.round(plot.width / (theme.size * 5)))).filter(isInside(x)), "");
    for (const value of ticks(y.low, y.high, 5).filter(isInside(y))) {
      text(chart, formatTick(value), plot.left - theme.size * 0.5, y(value), { color: theme.muted, align: "right", baseline: "middle", halo: false });
    }
    text(chart, "θ  (G)", plot.right, plot.bottom - theme.size * 0.5, { color: theme.muted, align: "right", bold: true });
    text(chart, "ψ  (D)", x(0) + theme.size * 0.5, plot.top + theme.size * 1.1, { color: theme.muted, bold: true });
  },

  // Nothing is read under the pointer, but without this there are no handles.
  hoverAt: () => null,

  handles(context) {
    const { x, y } = planeLayout(context);
    const { store } = gameOf(context);
    const { config, plane: most } = answerOf(context);
    if (store.readonly) return [];
    const bounded = (/** @type {number} */ value) => Math.round(Math.max(-most, Math.min(most, value)) * 100) / 100;
    const changeAt = (/** @type {number} */ px, /** @type {number} */ py) => ({ path: "start", value: { theta: bounded(x.invert(px)), psi: bounded(y.invert(py)) } });
    return [{ x: x(config.start.theta), y: y(config.start.psi), shape: "point", changeAt }];
  },
};

/** Whether a tick is not at the very end, where its label would be cut. @param {import("../plot/index.js").Scale} scale */
function isInside(scale) {
  const margin = 0.03 * (scale.high - scale.low);
  return (/** @type {number} */ value) => value > scale.low + margin && value < scale.high - margin;
}

/** @typedef {GameContext & ReturnType<typeof planeLayout>} Plane */

/** Arrows on a grid: their direction is the field's, their length grows with the field's, the longer the slower. @param {Plane} chart */
function drawField(chart) {
  const { ctx, theme, plot, x, y, perUnit } = chart;
  const { field } = answerOf(chart);
  const spacing = field.theta[1] - field.theta[0];
  const every = Math.max(1, Math.round((theme.size * 3.1) / (spacing * perUnit)));
  const most = ARROW * every * spacing * perUnit;
  const head = Math.min(theme.size * 0.42, most * 0.4);
  ctx.beginPath();
  for (const [row, psi] of field.psi.entries()) {
    if (Math.round(psi / spacing) % every !== 0) continue;
    for (const [column, theta] of field.theta.entries()) {
      const [px, py] = [x(theta), y(psi)];
      if (Math.round(theta / spacing) % every !== 0 || px < plot.left || px > plot.right || py < plot.top || py > plot.bottom) continue;
      const place = row * field.theta.length + column;
      arrow(ctx, px, py, field.across[place], -field.up[place], most, head);
    }
  }
  ctx.strokeStyle = theme.axis;
  ctx.lineWidth = Math.max(1, theme.line * 0.45);
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.globalAlpha = 0.85;
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.lineCap = "butt";
}

/** @param {CanvasRenderingContext2D} ctx @param {number} px @param {number} py the middle @param {number} dx @param {number} dy @param {number} most @param {number} head */
function arrow(ctx, px, py, dx, dy, most, head) {
  const size = Math.hypot(dx, dy);
  if (!(size > 1e-9)) return;
  const length = most * Math.tanh(0.35 + size * 0.9);
  const [ux, uy] = [dx / size, dy / size];
  const [tx, ty] = [px + (ux * length) / 2, py + (uy * length) / 2];
  ctx.moveTo(px - (ux * length) / 2, py - (uy * length) / 2);
  ctx.lineTo(tx, ty);
  ctx.moveTo(tx - head * (ux - 0.55 * uy), ty - head * (uy + 0.55 * ux));
  ctx.lineTo(tx, ty);
  ctx.lineTo(tx - head * (ux + 0.55 * uy), ty - head * (uy - 0.55 * ux));
}

/** The band in which D's number is kept. @param {Plane} chart */
function drawBound(chart) {
  const { theme, y } = chart;
  const { bound } = answerOf(chart);
  if (bound === null) return;
  for (const side of [-bound, bound]) rule(chart, "horizontal", y(side), { color: theme.muted, dash: [6, 5], width: 1.5 });
  text(chart, `ψ within ±${formatSetting(bound)}`, chart.plot.left + theme.size * 0.5, y(bound) - theme.size * 0.4, { color: theme.muted });
}

/** The curve that the flow of infinitely small steps would follow from the start. @param {Plane} chart */
function drawConserved(chart) {
  const { ctx, theme, x, y } = chart;
  const { conserved } = answerOf(chart);
  if (!conserved) return;
  const [theta, psi] = conserved.curve;
  ctx.save();
  ctx.beginPath();
  theta.forEach((value, i) => {
    const other = psi[i];
    if (value !== null && other !== null) ctx.lineTo(x(value), y(other));
  });
  ctx.setLineDash([1, theme.line * 1.6]);
  ctx.lineWidth = theme.line * 0.7;
  ctx.strokeStyle = theme.muted;
  ctx.stroke();
  ctx.restore();
}

/** @param {Plane} chart */
function drawEquilibria(chart) {
  const { ctx, theme, x, y } = chart;
  for (const [theta, psi] of answerOf(chart).equilibria) {
    const [px, py, size] = [x(theta), y(psi), theme.size * 0.42];
    ctx.beginPath();
    ctx.moveTo(px - size, py - size);
    ctx.lineTo(px + size, py + size);
    ctx.moveTo(px - size, py + size);
    ctx.lineTo(px + size, py - size);
    ctx.lineWidth = theme.line * 1.2;
    ctx.strokeStyle = theme.ink;
    ctx.stroke();
  }
}

/**
 * A trajectory up to the step that is shown: the last steps in full ink with their corners, older ones faint, and the head.
 * @param {Plane} chart @param {Track} track @param {number} i
 */
function drawTrack(chart, track, i) {
  const { ctx, theme, x, y, store: { game } } = chart;
  const style = trackStyle(theme, i);
  const shown = Math.min(game.step - track.from, track.theta.length - 1);
  const reached = Math.min(game.reached - track.from, track.theta.length - 1);
  if (shown < 0) return;
  const path = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ alpha) => {
    ctx.beginPath();
    for (let k = Math.max(0, from); k <= to; k++) ctx.lineTo(x(track.theta[k]), y(track.psi[k]));
    ctx.globalAlpha = alpha;
    ctx.stroke();
  };
  ctx.save();
  ctx.strokeStyle = style.color;
  ctx.lineWidth = style.width;
  ctx.lineJoin = "round";
  if (style.dash) ctx.setLineDash(style.dash);
  if (reached > shown) path(shown, reached, AHEAD);
  const recent = Math.max(0, shown - TRAIL);
  path(0, recent, FAINT);
  const bands = 4;
  for (let band = 0; band < bands; band++) {
    const from = recent + Math.floor(((shown - recent) * band) / bands);
    path(from, recent + Math.floor(((shown - recent) * (band + 1)) / bands), FAINT + ((1 - FAINT) * (band + 1)) / bands);
  }
  ctx.restore();
  const [px, py] = [x(track.theta[shown]), y(track.psi[shown])];
  if (i === 0) dot(ctx, px, py, theme.size * 0.5, style.color, theme.paper);
  else diamond(ctx, px, py, theme.size * 0.55, style.color, theme.paper);
}

/** The ring by which the start is dragged. @param {Plane} chart */
function drawStart(chart) {
  const { ctx, theme, x, y, store } = chart;
  const { start } = answerOf(chart).config;
  const [px, py] = [x(start.theta), y(start.psi)];
  ctx.beginPath();
  ctx.arc(px, py, theme.size * 0.85, 0, 2 * Math.PI);
  ctx.lineWidth = theme.line * 0.8;
  ctx.strokeStyle = theme.ink;
  ctx.stroke();
  if (store.game.step > 0) return;
  const words = store.readonly ? "start" : "start: drag it";
  const isRight = px < chart.plot.right - theme.size * 9;
  text(chart, words, px + (isRight ? 1.3 : -1.3) * theme.size, py + theme.size * 0.35, { color: theme.ink, align: isRight ? "left" : "right" });
}
