// @ts-check
/**
 * Real and fake on one x: exact densities and histograms, a row of real samples, and a band of fake samples, each with an
 * arrow in the direction in which the generator's loss falls.
 */

import { formatCount, formatPosition, formatReading, formatShare } from "../format.js";
import { areaPath, arrowPath, axisX, axisY, curve, dot, hatch, rule, spread, stairsPath, text, ticks, tint, valueAt } from "../plot/index.js";
import { axisName, curveOf, pointedCurve } from "./curves.js";
import { hoveredX } from "./hover.js";
import { dataLayout, ticksAcross } from "./layout.js";
import { beyondInWords, labelOutside } from "./outside-notes.js";
import { drawHint, freehandAt, handlesOf } from "./target-editing.js";

/** @import {Frame, Handle, Scene} from "./types.js" */
/** @import {DataContext} from "./target-editing.js" */
/** @typedef {CanvasRenderingContext2D} Context */

/** Fake samples stand in at most this many rows, so that neighbours do not hide each other's arrows. */
const ROWS = 8;
/** The gradient at which an arrow has half of its full length. Lengths do not depend on the other arrows. */
const HALF_GRADIENT = 0.5;
/** Full length of an arrow, as a share of the axis. */
const REACH = 0.06;

/** @type {import("./types.js").Chart} */
export const data = {
  id: "data",
  title: "Real and fake on x",

  describe({ scene, frame }) {
    if (!scene || !frame) return "Real and fake on x: waiting for the server.";
    const masses = frame.arrays.mode_masses;
    const parts = scene.modes.map(
      (mode, i) => `${formatShare(masses[i])} near ${formatPosition(mode.centre, scene.x_axis, 1)} (target ${formatShare(mode.mass)})`,
    );
    const total = scene.modes.length;
    const covered = Math.round(frame.scalars.mode_coverage * total);
    const known = Number.isFinite(covered) ? `covers ${covered} of ${total} ${total === 1 ? "mode" : "modes"}: ` : "";
    const count = scene.training_points;
    const fixed = count > 0 ? ` The real samples are ${formatCount(count)} fixed training ${count === 1 ? "sample" : "samples"}.` : "";
    return `Real and fake on ${axisName(scene, "x")} at step ${frame.step}: the fake distribution ${known}${parts.join(", ")}.${fixed}${beyondInWords(scene)}`;
  },

  draw(context) {
    const chart = contextOf(context);
    drawAxes(chart);
    drawDistributions(chart);
    drawHover(chart, data.read?.(chart) ?? "", chart.theme.size * 7);
  },

  hoverAt(context, px) {
    const { plot, x } = dataLayout(context);
    return px >= plot.left && px <= plot.right ? { axis: "x", value: x.invert(px) } : null;
  },

  read({ scene, frame, store }) {
    const hovered = hoveredX(store);
    if (!hovered) return "";
    const real = valueAt(scene.grid, scene.target_density, hovered.value);
    const fake = frame ? valueAt(scene.grid, frame.arrays.fake_density, hovered.value) : NaN;
    return `${axisName(scene, "x")} ${formatPosition(hovered.value, scene.x_axis)}   real ${formatReading(real)}   fake ${formatReading(fake)}`;
  },

  handles: (context) => handlesOf(contextOf(context)),

  freehandAt: (context, px, py) => freehandAt(contextOf(context), px, py),
};

/** @param {import("./types.js").ChartContext} context @returns {DataContext} */
function contextOf(context) {
  return { ...context, ...dataLayout(context) };
}

/**
 * Real and fake without the axes: their densities, their samples in rows below, and the handles that edit the target.
 * @param {DataContext} chart
 */
export function drawDistributions(chart) {
  const { ctx, theme, frame, store, plot, densities } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(plot.left, plot.top - theme.line, plot.width, plot.height + theme.line);
  ctx.clip();
  drawReal(chart);
  if (frame) drawFake(chart, frame.arrays);
  if (frame) drawCode(chart, frame.arrays.code_density);
  ctx.restore();
  rule(chart, "horizontal", densities.bottom, { color: theme.axis, width: 1 });
  drawRealSamples(chart);
  if (frame) drawFakeSamples({ ...chart, theme: chart.samplesTheme ?? theme }, frame.arrays);
  nameRows(chart);
  if (frame) labelOutside(chart, frame.arrays);
  drawHint(chart);
  drawSketch(chart);
  if (!store.sketch) for (const handle of handlesOf(chart)) drawHandle(chart, handle);
}

/** @param {DataContext} chart */
function drawAxes(chart) {
  const { theme, scene, plot, densities, x, y } = chart;
  const height = densities.bottom - densities.top;
  const values = ticks(0, y.high, Math.max(1, Math.min(4, Math.floor(height / (theme.size * 2.5)))));
  axisY(chart, y, values.slice(1));
  // Above this line heights are shortened.
  rule(chart, "horizontal", y(y.high), { color: theme.axis, width: 1, dash: [1, 3] });
  axisX(chart, x, ticksAcross(scene.x_axis, plot.width, theme), axisName(scene, "x"));
}

/** @param {DataContext} chart */
function drawReal({ ctx, theme, scene, densities, x, y }) {
  const { bins, perUnit } = binsOf(scene);
  areaPath(ctx, scene.grid, scene.target_density, x, y, densities.bottom);
  tint(ctx, theme.real, 0.2);
  stairsPath(ctx, scene.real_histogram, bins, x, (mass) => y(mass * perUnit));
  strokePath(ctx, theme.real, 1, 0.35);
  curve(ctx, scene.grid, scene.target_density, scene.grid.length, x, y, { color: theme.real, width: theme.line });
}

/** @param {DataContext} chart @param {Frame["arrays"]} arrays */
function drawFake({ ctx, theme, scene, plot, densities, x, y }, { fake_density: density, fake_histogram: histogram }) {
  const { bins, perUnit } = binsOf(scene);
  areaPath(ctx, scene.grid, density, x, y, densities.bottom);
  hatch(
    ctx,
    { x: plot.left, y: densities.top, width: plot.width, height: densities.bottom - densities.top },
    { color: theme.fake, alpha: 0.55, gap: theme.size * 0.5, width: Math.max(1, theme.line / 2) },
  );
  stairsPath(ctx, histogram, bins, x, (mass) => y(mass * perUnit));
  strokePath(ctx, theme.fake, 1, 0.45);
  const style = { color: theme.fake, width: theme.line, dash: [theme.line * 3, theme.line * 1.5] };
  curve(ctx, scene.grid, density, scene.grid.length, x, y, style);
}

/**
 * The fakes with the code whose curve is lit, as high as if each code were equally frequent.
 * @param {DataContext} chart @param {Float32Array|Float64Array|undefined} densities of all shown values, one after the other
 */
function drawCode({ ctx, theme, scene, store, densities: { bottom }, x, y }, densities) {
  const total = scene.codes?.length ?? 0;
  const k = pointedCurve(store, total);
  if (k === undefined || !densities) return;
  const density = curveOf(densities, scene.grid.length, k).map((value) => value / total);
  areaPath(ctx, scene.grid, density, x, y, bottom);
  tint(ctx, theme.fake, 0.4);
  curve(ctx, scene.grid, density, scene.grid.length, x, y, { color: theme.fakeText, width: theme.line });
}

/**
 * The range of the histograms' bins, and the density of a mass of 1 in one of them.
 * @param {Scene} scene
 */
function binsOf(scene) {
  const bins = scene.bins ?? scene.x_axis;
  return { bins, perUnit: scene.x_bins / (bins.high - bins.low) };
}

/** @param {Context} ctx @param {string} color @param {number} width @param {number} alpha */
function strokePath(ctx, color, width, alpha) {
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.globalAlpha = alpha;
  ctx.stroke();
  ctx.restore();
}

/** @param {Scene} scene @param {number} value */
function isOnAxis({ x_axis: { low, high } }, value) {
  return value >= low && value <= high;
}

/** @param {DataContext} chart */
function drawRealSamples({ ctx, theme, scene, real, x }) {
  ctx.beginPath();
  for (let i = 0; i < scene.real_samples.length; i++) {
    if (!isOnAxis(scene, scene.real_samples[i])) continue;
    const px = x(scene.real_samples[i]);
    ctx.moveTo(px, real.top);
    ctx.lineTo(px, real.bottom);
  }
  // Training samples never change, so they are drawn bolder than a batch of many.
  const isFixed = scene.training_points > 0;
  strokePath(ctx, theme.real, isFixed ? theme.line : Math.max(1, theme.line / 2), isFixed ? 1 : 0.75);
}

/** @param {DataContext} chart @param {Frame["arrays"]} arrays */
function drawFakeSamples({ ctx, theme, scene, plot, fake, x }, { fake_samples: samples, fake_push: pushes }) {
  const height = fake.bottom - fake.top;
  const radius = Math.max(1, theme.line * 0.7);
  const rows = Math.max(3, Math.min(ROWS, Math.floor(height / (radius * 2.5)) + 1));
  const rowOf = (/** @type {number} */ i) => fake.top + ((i % rows) * height) / (rows - 1);
  ctx.beginPath();
  for (let i = 0; i < samples.length; i++) {
    if (!isOnAxis(scene, samples[i])) continue;
    const push = pushes?.[i] ?? NaN;
    const length = (REACH * plot.width * push) / (Math.abs(push) + HALF_GRADIENT);
    if (Math.abs(length) > radius * 2) arrowPath(ctx, x(samples[i]), rowOf(i), length, theme.size * 0.28);
  }
  strokePath(ctx, theme.fake, Math.max(1, theme.line / 2), 0.7);
  ctx.beginPath();
  for (let i = 0; i < samples.length; i++) {
    if (isOnAxis(scene, samples[i])) ctx.rect(x(samples[i]) - radius, rowOf(i) - radius, 2 * radius, 2 * radius);
  }
  tint(ctx, theme.fake, 1);
}

/** @param {DataContext} chart */
function nameRows(chart) {
  const { theme, scene, frame, plot, real, fake } = chart;
  const count = scene.training_points;
  const rows = [
    { words: count > 0 && count < 1000 ? `${count} real` : "real", y: (real.top + real.bottom) / 2, color: theme.realText },
    { words: "fake", y: frame ? (fake.top + fake.bottom) / 2 : NaN, color: theme.fakeText },
  ];
  for (const { words, y, color } of spread(rows, theme.size * 1.05, plot.top, plot.bottom)) {
    text(chart, words, plot.left - theme.size * 0.5, y, { color, align: "right", baseline: "middle", halo: false });
  }
}

/**
 * A ring moves along x, an upright bar sets a width, a level bar a weight: the shape shows the direction of the drag.
 * @param {DataContext} chart @param {Handle} handle
 */
function drawHandle({ ctx, theme }, { x, y, shape }) {
  ctx.beginPath();
  if (shape === "position") ctx.arc(x, y, theme.size * 0.36, 0, 2 * Math.PI);
  else {
    const long = theme.size * 0.42;
    const short = theme.size * 0.19;
    const [width, height] = shape === "width" ? [short, long] : [long, short];
    ctx.roundRect(x - width, y - height, 2 * width, 2 * height, short);
  }
  ctx.fillStyle = theme.paper;
  ctx.fill();
  strokePath(ctx, theme.real, theme.line * (shape === "position" ? 0.9 : 0.75), 1);
}

/** @param {DataContext} chart */
function drawSketch({ ctx, theme, store: { sketch }, x, y }) {
  if (!sketch) return;
  curve(ctx, sketch.x, sketch.density, sketch.x.length, x, y, { color: theme.real, width: theme.line * 1.5 });
  ctx.beginPath();
  for (let i = 0; i < sketch.x.length; i++) {
    const [px, py] = [x(sketch.x[i]), y(sketch.density[i])];
    ctx.moveTo(px + theme.line, py);
    ctx.arc(px, py, theme.line, 0, 2 * Math.PI);
  }
  tint(ctx, theme.real, 1);
}

/**
 * The x under the pointer, with both densities there and its values in words.
 * @param {DataContext} chart @param {string} words @param {number} half of the width that the words may need
 */
export function drawHover(chart, words, half) {
  const { ctx, theme, scene, frame, store, plot, x, y } = chart;
  const hovered = hoveredX(store);
  if (!hovered || !isOnAxis(scene, hovered.value)) return;
  const px = x(hovered.value);
  rule(chart, "vertical", px, { color: hovered.fromNoise ? theme.fake : theme.ink });
  const real = valueAt(scene.grid, scene.target_density, hovered.value);
  const fake = frame ? valueAt(scene.grid, frame.arrays.fake_density, hovered.value) : NaN;
  dot(ctx, px, y(real), theme.line * 1.6, theme.real, theme.paper);
  dot(ctx, px, y(fake), theme.line * 1.6, theme.fake, theme.paper);
  const inset = Math.max(plot.left + half, Math.min(plot.right - half, px));
  text(chart, words, inset, plot.top - theme.size * 0.25, { color: theme.ink, align: "center" });
}
