// @ts-check
/** Draws a phase of a step over the stage: all else is dimmed, and the samples of the batch stand where they are. */

import { formatCount } from "../format.js";
import { drawCurves } from "../charts/discriminator.js";
import { dot, niceCeil, text, valueAt } from "../plot/index.js";
import { placeOf } from "./phases.js";

/** @import {OverviewContext} from "../charts/overview.js" */
/** @import {TracedUpdate} from "../connection/wire.js" */
/** @import {Phase} from "./phases.js" */
/** @typedef {{x: number, score: number, isReal: boolean, place: number}} Mark a sample in pixels */

const DIM = 0.8;
/** Length of the longest arrow, in heights of the tick text. */
const LONGEST = 3;
/** Arrows in a picture, and rows for those along x. */
const ARROWS = 36;
const ROWS = 3;

/**
 * @param {OverviewContext} chart @param {Phase} phase @param {TracedUpdate} update @param {number} sample the one that is followed
 * @param {import("./terms.js").Lit|null} [only] the marks of a term of the formula, alone
 */
export function drawPhase(chart, phase, update, sample, only = null) {
  const { ctx, box, theme, frame } = chart;
  const lit = new Set(only ? [only.mark] : phase.lit);
  dim(chart);
  const score = { ...chart, ...chart.score };
  if (frame && phase.lit.includes("scores")) drawCurves({ ...score, frame, isGapDrawn: false });
  ctx.save();
  ctx.beginPath();
  ctx.rect(chart.whole.left - theme.size, 0, chart.whole.width + 2 * theme.size, box.height);
  ctx.clip();
  const marks = marksOf(chart, update);
  const followed = placeOf(update, phase.of, sample);
  const fakes = marks.filter(({ isReal }) => !isReal);
  if (lit.has("strings")) drawStrings(chart, update, fakes, sample);
  if (lit.has("latents")) drawLatents(chart, update, sample);
  if (lit.has("reals")) drawTicks(chart, marks.filter(({ isReal }) => isReal), followed);
  if (lit.has("fakes")) drawTicks(chart, fakes, placeOf(update, "fakes", sample));
  if (lit.has("costs")) drawCosts(chart, update, marks, followed);
  if (lit.has("scores")) drawScores(chart, marks.filter(({ isReal }) => isReal === (only?.isReal ?? isReal)), update, phase, sample);
  if (lit.has("pulls")) drawPulls(chart, update, marks, followed);
  if (lit.has("arrows")) drawArrows(chart, fakes, update.sample_gradients[0] ?? [], sample);
  ctx.restore();
  if (lit.has("moves")) drawMoves(chart, update, marks, followed);
}

/**
 * The marks that may stand at a height of the picture, the most particular one first.
 * @param {Pick<OverviewContext, "whole"|"real"|"fake"|"line">} layout @param {number} y @returns {import("./phases.js").Mark[]}
 */
export function marksAt({ whole, real, fake, line }, y) {
  if (y > (line + whole.bottom) / 2) return ["latents"];
  if (y > line) return ["strings"];
  if (y > fake.top) return ["arrows", "moves", "fakes"];
  if (y > real.top) return ["reals", "fakes"];
  return ["pulls", "moves", "costs", "scores"];
}

/** @param {OverviewContext} chart */
function dim({ ctx, box, theme }) {
  ctx.save();
  ctx.globalAlpha = DIM;
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, box.width, box.height);
  ctx.restore();
}

/** @param {OverviewContext} chart @param {TracedUpdate} update @returns {Mark[]} */
function marksOf({ x, score, scene, frame }, { player, samples, scores, outputs }) {
  const reals = player === "discriminator" ? scores.length / 2 : 0;
  // A critic's scores have no fixed zero; on the page they lie on its curve.
  const level = (/** @type {number} */ place) => outputs[place] ?? (frame ? valueAt(scene.grid, frame.arrays.discriminator, samples[0][place]) : NaN);
  return scores.map((_, place) => ({ x: x(samples[0][place]), score: score.y(level(place)), isReal: place < reals, place }));
}

/** @param {OverviewContext} chart @param {Mark} mark */
function colorOf({ theme }, { isReal }) {
  return isReal ? theme.real : theme.fake;
}

/** @param {OverviewContext} chart @param {TracedUpdate} update @param {number} sample */
function drawLatents({ ctx, theme, z, whole }, { latents }, sample) {
  if (latents.length > 1) return;
  ctx.globalAlpha = 0.55;
  for (const latent of latents[0]) dot(ctx, z(latent), whole.bottom, theme.line * 0.9, theme.generator, theme.paper);
  ctx.globalAlpha = 1;
  dot(ctx, z(latents[0][sample]), whole.bottom, theme.line * 2.6, theme.generator, theme.paper);
}

/** @param {OverviewContext} chart @param {TracedUpdate} update @param {Mark[]} fakes @param {number} sample */
function drawStrings({ ctx, theme, z, whole, line }, { latents }, fakes, sample) {
  if (latents.length > 1) return;
  ctx.strokeStyle = theme.generator;
  const string = (/** @type {number} */ i, /** @type {number} */ width, /** @type {number} */ alpha) => {
    if (!fakes[i]) return;
    ctx.globalAlpha = alpha;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(z(latents[0][i]), whole.bottom);
    ctx.lineTo(fakes[i].x, line);
    ctx.stroke();
  };
  latents[0].forEach((_, i) => string(i, theme.line * 0.4, 0.35));
  string(sample, theme.line * 1.5, 1);
  ctx.globalAlpha = 1;
}

/** @param {OverviewContext} chart @param {Mark[]} marks @param {number} followed */
function drawTicks(chart, marks, followed) {
  const { ctx, theme, line } = chart;
  const height = theme.size * 1.1;
  for (const mark of marks) {
    const isFollowed = mark.place === followed;
    ctx.globalAlpha = isFollowed ? 1 : 0.5;
    ctx.strokeStyle = colorOf(chart, mark);
    ctx.lineWidth = theme.line * (isFollowed ? 1.6 : 0.6);
    ctx.beginPath();
    const foot = mark.isReal ? line - height : line;
    ctx.moveTo(mark.x, foot);
    ctx.lineTo(mark.x, foot - height);
    ctx.stroke();
    if (isFollowed) dot(ctx, mark.x, foot, theme.line * 1.8, colorOf(chart, mark), theme.paper);
  }
  ctx.globalAlpha = 1;
}

/** @param {OverviewContext} chart @param {Mark[]} marks @param {TracedUpdate} update @param {Phase} phase @param {number} sample */
function drawScores(chart, marks, update, phase, sample) {
  const { ctx, theme } = chart;
  const followed = new Set([placeOf(update, phase.of, sample), placeOf(update, "fakes", sample)]);
  ctx.globalAlpha = 0.6;
  for (const mark of marks) if (!followed.has(mark.place)) dot(ctx, mark.x, mark.score, theme.line, colorOf(chart, mark), theme.paper);
  ctx.globalAlpha = 1;
  for (const mark of marks) if (followed.has(mark.place)) dot(ctx, mark.x, mark.score, theme.line * 2.4, colorOf(chart, mark), theme.paper);
}

/** A line from each output to the one at which a sample costs least. @param {OverviewContext} chart @param {TracedUpdate} update @param {Mark[]} marks @param {number} followed */
function drawCosts(chart, { player }, marks, followed) {
  const { ctx, theme, scene, score } = chart;
  if (scene.readout.kind !== "probability") return;
  for (const mark of marks) {
    const best = mark.isReal || player === "generator" ? scene.readout.high : scene.readout.low;
    ctx.globalAlpha = mark.place === followed ? 1 : 0.3;
    ctx.strokeStyle = colorOf(chart, mark);
    ctx.lineWidth = theme.line * (mark.place === followed ? 1.4 : 0.5);
    ctx.beginPath();
    ctx.moveTo(mark.x, mark.score);
    ctx.lineTo(mark.x, score.y(best));
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/** @param {OverviewContext} chart @param {TracedUpdate} update @param {Mark[]} marks @param {number} followed */
function drawPulls(chart, { score_gradients: gradients }, marks, followed) {
  const { theme, score } = chart;
  const longest = Math.max(...gradients.map(Math.abs));
  const up = Math.sign(score.y(0) - score.y(1));
  for (const i of few(marks, followed)) {
    const mark = marks[i];
    const length = (-gradients[mark.place] / longest) * LONGEST * theme.size;
    if (Math.abs(length) > 1) arrow(chart, mark.x, mark.score, mark.x, mark.score - up * length, colorOf(chart, mark));
  }
}

/** Where each fake would cost G less. @param {OverviewContext} chart @param {Mark[]} fakes @param {number[]} slopes @param {number} followed */
function drawArrows(chart, fakes, slopes, followed) {
  const { theme } = chart;
  const longest = Math.max(...slopes.map(Math.abs));
  for (const [row, i] of few(fakes, followed).entries()) {
    const length = (-slopes[i] / longest) * LONGEST * theme.size;
    drawAlong(chart, fakes[i].x, length, row, i === followed ? theme.ink : theme.fake);
  }
}

/** Where the update moves its outputs, many times as far as it does. @param {OverviewContext} chart @param {TracedUpdate} update @param {Mark[]} marks @param {number} followed */
function drawMoves(chart, update, marks, followed) {
  const { theme, whole, x, score } = chart;
  const isOfD = update.player === "discriminator";
  const after = isOfD ? update.outputs_after.map(score.y) : (update.samples_after[0] ?? []).map(x);
  if (after.length === 0) return;
  const moves = marks.map((mark, i) => after[i] - (isOfD ? mark.score : mark.x));
  const longest = Math.max(...moves.map(Math.abs));
  const times = longest > 0 ? Math.max(1, niceCeil((LONGEST * theme.size) / longest) / 2) : 1;
  for (const [row, i] of few(marks, followed).entries()) {
    const mark = marks[i];
    const length = moves[i] * times;
    if (!isOfD) drawAlong(chart, mark.x, length, row, i === followed ? theme.ink : theme.generator);
    else if (Math.abs(length) > 1) arrow(chart, mark.x, mark.score, mark.x, mark.score + length, colorOf(chart, mark));
  }
  const words = times > 1 ? `arrows: moves × ${formatCount(Math.round(times))}` : "arrows: moves";
  text(chart, words, whole.right, chart.real.bottom, { color: theme.muted, align: "right" });
}

/** Some marks, evenly among all in the order of x, and the one that is followed: arrows of all would hide each other. @param {Mark[]} marks @param {number} followed */
function few(marks, followed) {
  const order = marks.map((_, i) => i).sort((a, b) => marks[a].x - marks[b].x);
  const stride = Math.max(1, Math.ceil(order.length / ARROWS));
  return order.filter((i, rank) => rank % stride === 0 || i === followed);
}

/** An arrow along x in one of the rows above the axis. @param {OverviewContext} chart @param {number} from @param {number} length @param {number} row @param {string} color */
function drawAlong(chart, from, length, row, color) {
  const y = chart.line - chart.theme.size * (0.35 + 0.55 * (row % ROWS));
  if (Math.abs(length) > 1) arrow(chart, from, y, from + length, y, color);
}

/** @param {OverviewContext} chart @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 @param {string} color */
function arrow({ ctx, theme }, x0, y0, x1, y1, color) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const head = Math.min(theme.size * 0.45, length);
  const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.moveTo(x1 - head * (dx + 0.6 * dy), y1 - head * (dy - 0.6 * dx));
  ctx.lineTo(x1, y1);
  ctx.lineTo(x1 - head * (dx - 0.6 * dy), y1 - head * (dy + 0.6 * dx));
  ctx.strokeStyle = color;
  ctx.lineWidth = theme.line * 0.6;
  ctx.stroke();
}
