// @ts-check
/** What the charts of a game share: their context, and how each trajectory is drawn. */

/** @import {ChartContext, Theme} from "../charts/types.js" */
/** @import {GameStore} from "./game-store.js" */
/** @import {Answer} from "./game-run.js" */
/** @typedef {ChartContext & {store: GameStore}} GameContext */

/** Opacity of the steps that have been reached and lie ahead, where one looks back. */
export const AHEAD = 0.15;

/** Colour and dash of each trajectory. @param {Theme} theme @param {number} i */
export function trackStyle(theme, i) {
  return i === 0
    ? { color: theme.labelFirst, dash: undefined, width: theme.line * 1.25 }
    : { color: theme.labelLast, dash: [theme.line * 2.2, theme.line * 1.6], width: theme.line * 1.1 };
}

/** @param {ChartContext} context @returns {GameContext} */
export function gameOf(context) {
  return /** @type {GameContext} */ (context);
}

/** The game of a context that is drawn, so there is an answer. @param {ChartContext} context @returns {Answer} */
export function answerOf(context) {
  return /** @type {Answer} */ (gameOf(context).store.game.answer);
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} size @param {string} color @param {string} rim */
export function diamond(ctx, x, y, size, color, rim) {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return;
  ctx.beginPath();
  ctx.moveTo(x, y - size * 1.25);
  ctx.lineTo(x + size * 1.25, y);
  ctx.lineTo(x, y + size * 1.25);
  ctx.lineTo(x - size * 1.25, y);
  ctx.closePath();
  ctx.fillStyle = color;
  ctx.fill();
  ctx.lineWidth = Math.max(1, size / 3);
  ctx.strokeStyle = rim;
  ctx.stroke();
}
