// @ts-check
/**
 * One sample on its way through both networks: circles are units, the darker the higher their activation, and empty where it is
 * negative; lines are weights, dashed where they are negative. While gradients go back, the ring around a unit is ∂L/∂s.
 */

import { formatReading } from "../format.js";
import { text } from "../plot/index.js";

/** @import {ChartContext} from "../charts/types.js" */
/** @import {TracedPass, TracedSample} from "../connection/wire.js" */
/** @import {Weight} from "./phases.js" */
/** @typedef {{x: number, y: number, value: number, gradient: number, words: string}} Unit */
/** @typedef {{units: Unit[], weights: number[][]|null, hidden: number, color: string}} Column `weights` lead to it */

/** Lines that are drawn between two layers, the heaviest. */
const LINES = 60;

/** @param {TracedSample|null} sample */
export function networksInWords(sample) {
  if (!sample) return "Both networks: no sample is followed.";
  const made = sample.generator ? `G turns ${formatReading(sample.generator.inputs[0])} into ${formatReading(sample.generator.output)}. ` : "";
  return `One sample in both networks, in standardized units. ${made}D scores ${formatReading(sample.discriminator.inputs[0])} with ${formatReading(sample.discriminator.output)}.`;
}

/**
 * @param {ChartContext} chart @param {TracedSample} sample
 * @param {{x: string, isBackward: boolean, weight: Weight|null}} shown `x`: the position of the sample; `weight`: one that is lit
 */
export function drawNetworks(chart, sample, { x, isBackward, weight }) {
  const columns = columnsOf(chart, sample, x);
  for (const [i, column] of columns.entries()) if (i > 0) drawLines(chart, columns[i - 1], column);
  if (weight) drawWeight(chart, columns, sample, weight);
  for (const column of columns) drawUnits(chart, column, isBackward);
  drawNames(chart, sample, columns);
}

/** @param {ChartContext} chart @param {TracedSample} sample @param {string} position @returns {Column[]} */
function columnsOf({ box, theme }, { generator, discriminator }, position) {
  /** @type {Column[]} */
  const columns = [];
  if (generator) columns.push(...layersOf(generator, theme.generator, generator.inputs.map((value) => unit(value, generator.inputs.length > 1 ? "" : `z ${formatReading(value)}`))));
  const inputs = discriminator.inputs.map((value, i) => unit(value, i > 0 ? "" : `x ${position}`));
  if (generator) columns.pop();
  columns.push(...layersOf(discriminator, theme.discriminator, inputs, generator?.weights.at(-1) ?? null));
  const { top, bottom } = { top: theme.size * 1.9, bottom: box.height - theme.size * 2 };
  const left = theme.size * 4;
  const step = (box.width - 2 * left) / Math.max(1, columns.length - 1);
  for (const [i, { units }] of columns.entries()) {
    const gap = (bottom - top) / Math.max(1, units.length);
    for (const [k, one] of units.entries()) {
      one.x = left + i * step;
      one.y = top + (k + 0.5) * gap;
    }
  }
  return columns;
}

/** @param {number} value @param {string} [words] @param {number|null} [gradient] @returns {Unit} */
function unit(value, words = "", gradient = NaN) {
  return { x: 0, y: 0, value, gradient: gradient ?? NaN, words };
}

/**
 * @param {TracedPass} pass @param {string} color @param {Unit[]} inputs @param {number[][]|null} [before] the weights that lead to
 *   the inputs
 * @returns {Column[]}
 */
function layersOf({ layers, sizes, output, output_gradient: gradient, weights }, color, inputs, before = null) {
  return [
    { units: inputs, weights: before, hidden: 0, color },
    ...layers.map(({ h, gradient: slopes }, i) => ({
      units: h.map((value, k) => unit(value, "", slopes[k])),
      weights: weights[i],
      hidden: sizes[i + 1] - h.length,
      color,
    })),
    { units: [unit(output, `s ${formatReading(output)}`, gradient)], weights: weights[weights.length - 1], hidden: 0, color },
  ];
}

/** @param {ChartContext} chart @param {Column} from @param {Column} to */
function drawLines({ ctx, theme }, from, to) {
  if (!to.weights) return;
  const lines = from.units.flatMap((start, i) => to.units.map((end, k) => ({ start, end, weight: to.weights?.[i]?.[k] ?? 0 })));
  lines.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const heaviest = Math.abs(lines[0]?.weight ?? 0) || 1;
  ctx.save();
  ctx.strokeStyle = to.color;
  for (const { start, end, weight } of lines.slice(0, LINES)) {
    const share = Math.abs(weight) / heaviest;
    ctx.globalAlpha = 0.1 + 0.6 * share;
    ctx.lineWidth = theme.line * (0.2 + 0.8 * share);
    ctx.setLineDash(weight < 0 ? [theme.line * 2, theme.line * 1.5] : []);
    ctx.beginPath();
    ctx.moveTo(start.x, start.y);
    ctx.lineTo(end.x, end.y);
    ctx.stroke();
  }
  ctx.restore();
}

/** @param {ChartContext} chart @param {Column[]} columns @param {TracedSample} sample @param {Weight} weight */
function drawWeight({ ctx, theme }, columns, { generator }, { player, layer, from, to }) {
  const before = player === "discriminator" && generator ? generator.layers.length + 1 : 0;
  const start = columns[before + layer]?.units[from];
  const end = columns[before + layer + 1]?.units[to];
  if (!start || !end) return;
  ctx.beginPath();
  ctx.moveTo(start.x, start.y);
  ctx.lineTo(end.x, end.y);
  ctx.strokeStyle = theme.labelFirst;
  ctx.lineWidth = theme.line * 2;
  ctx.stroke();
}

/** @param {ChartContext} chart @param {Column} column @param {boolean} isBackward */
function drawUnits(chart, { units, color }, isBackward) {
  const { ctx, theme } = chart;
  const gap = units.length > 1 ? units[1].y - units[0].y : theme.size * 2;
  const radius = Math.min(theme.size * 0.62, gap * 0.42);
  const highest = Math.max(...units.map(({ value }) => Math.abs(value))) || 1;
  const steepest = Math.max(...units.map(({ gradient }) => Math.abs(gradient))) || 1;
  for (const { x, y, value, gradient, words } of units) {
    ctx.save();
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = theme.paper;
    ctx.fill();
    ctx.globalAlpha = Math.abs(value) / highest;
    ctx.fillStyle = color;
    if (value > 0) ctx.fill();
    ctx.globalAlpha = 1;
    ctx.strokeStyle = color;
    ctx.lineWidth = theme.line * 0.5;
    ctx.stroke();
    if (isBackward && Number.isFinite(gradient)) {
      ctx.beginPath();
      ctx.arc(x, y, radius + theme.line, 0, 2 * Math.PI);
      ctx.globalAlpha = Math.abs(gradient) / steepest;
      ctx.strokeStyle = theme.labelFirst;
      ctx.lineWidth = theme.line * 1.5;
      ctx.stroke();
    }
    ctx.restore();
    if (words) text(chart, words, x, y - radius - theme.size * 0.6, { color: theme.ink, align: "center", bold: true });
  }
}

/** @param {ChartContext} chart @param {TracedSample} sample @param {Column[]} columns */
function drawNames(chart, { generator, discriminator }, columns) {
  const { theme, box } = chart;
  const bottom = box.height - theme.size * 0.4;
  const middle = (/** @type {Column[]} */ some) => (some[0].units[0].x + some[some.length - 1].units[0].x) / 2;
  const split = generator ? generator.layers.length + 1 : 0;
  if (generator) text(chart, "G", middle(columns.slice(0, split + 1)), bottom, { color: theme.generatorText, align: "center", bold: true });
  text(chart, "D", middle(columns.slice(split)), bottom, { color: theme.ink, align: "center", bold: true });
  if (discriminator.layers.length === 0) text(chart, "D is not shown: it scores after a lookahead", box.width - theme.size, theme.size, { color: theme.muted, align: "right" });
  for (const { units, hidden } of columns) {
    if (hidden > 0) text(chart, `+ ${hidden}`, units[0].x, units[units.length - 1].y + theme.size * 1.1, { color: theme.muted, align: "center" });
  }
}
