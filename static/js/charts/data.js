// @ts-check
/**
 * Real and fake on one x: exact densities and what lies in each bin, a row of real samples, and a band of
 * fake ones each with an arrow for where the generator's loss pushes it.
 */

import {
  areaPath, arrowPath, axisX, axisY, curve, dot, hatch, rule, spread, stairsPath, text, tint, valueAt, ticks,
  formatShare, formatValue, remarkShare,
} from "../plot/index.js";
import { formatCount } from "../format.js";
import { dataFrame, roomyTicks } from "./layout.js";
import { hoveredX } from "./hover.js";
import { handlesOf, invite, penAt } from "./target-editing.js";

/** @import {Store, Theme, Scene, Frame, Handle} from "./types.js" */
/** @typedef {ReturnType<typeof dataFrame>} DataFrame */
/** @typedef {CanvasRenderingContext2D} Context */

/** A mode counts as found when it holds at least half of the mass it should hold. */
const FOUND = 0.5;
/** Fake samples stand in at most this many rows, so that neighbours do not hide each other's arrows. */
const ROWS = 8;
/** The push at which an arrow has half of its full length; the length is fixed, not scaled to the largest of the moment. */
const HALF_PUSH = 0.5;
/** Full length of an arrow, as a share of the axis. */
const REACH = 0.06;

/** @type {import("./types.js").Chart} */
export const data = {
  id: "data",
  title: "Real and fake on x",
  axis: "x",

  describe({ scene, frame }) {
    if (!scene || !frame) return "Real and fake on x: waiting for the server.";
    const masses = frame.arrays.mode_masses;
    const found = scene.modes.filter((mode, i) => masses[i] >= FOUND * mode.mass).length;
    const words = scene.modes.map(
      (mode, i) => `${formatShare(masses[i])} near ${formatValue(mode.centre, 1)} (target ${formatShare(mode.mass)})`,
    );
    const total = scene.modes.length;
    const reach = total === 1 ? (found ? "reaches the one mode" : "misses the one mode") : `reaches ${found} of ${total} modes`;
    const points = scene.training_points;
    const fixed = points > 0 ? ` Real samples are ${formatCount(points)} fixed ${points === 1 ? "point" : "points"}.` : "";
    return `Real and fake on x at step ${frame.step}: the fake distribution ${reach}: ${words.join(", ")}.${fixed}`;
  },

  draw(ctx, box, store, theme) {
    const { scene, frame } = store;
    if (!scene) return;
    const at = dataFrame(box, theme, scene);
    drawAxes(ctx, scene, at, theme);
    ctx.save();
    ctx.beginPath();
    ctx.rect(at.plot.left, at.plot.top - theme.line, at.plot.width, at.plot.height + theme.line);
    ctx.clip();
    drawReal(ctx, scene, at, theme);
    if (frame) drawFake(ctx, scene, frame, at, theme);
    ctx.restore();
    rule(ctx, "horizontal", at.densities.bottom, at.plot.left, at.plot.right, { color: theme.axis, theme, width: 1 });
    drawRugs(ctx, scene, frame, at, theme);
    nameParts(ctx, scene, frame, at, theme);
    invite(ctx, store, at, theme);
    drawInk(ctx, store, at, theme);
    if (!store.ink) for (const handle of handlesOf(store, at)) drawHandle(ctx, handle, theme);
    drawHover(ctx, store, at, theme);
  },

  hoverAt(box, { scene }, theme, px) {
    if (!scene) return null;
    const { plot, x } = dataFrame(box, theme, scene);
    return px >= plot.left && px <= plot.right ? { axis: "x", value: x.invert(px) } : null;
  },

  handles(box, store, theme) {
    return store.scene ? handlesOf(store, dataFrame(box, theme, store.scene)) : [];
  },

  pen(box, store, theme, px, py) {
    return store.scene ? penAt(store, dataFrame(box, theme, store.scene), px, py) : null;
  },
};

/** @param {Context} ctx @param {Scene} scene @param {DataFrame} at @param {Theme} theme */
function drawAxes(ctx, scene, at, theme) {
  const height = at.densities.bottom - at.densities.top;
  const values = ticks(0, scene.density_high, Math.max(1, Math.min(4, Math.floor(height / (theme.size * 2.5)))));
  axisY(ctx, at.plot, at.density, values.slice(1), theme);
  axisX(ctx, at.plot, at.x, roomyTicks(scene.x_axis, at.plot.width, theme), theme, { name: "x" });
}

/** @param {Context} ctx @param {Scene} scene @param {DataFrame} at @param {Theme} theme */
function drawReal(ctx, scene, at, theme) {
  const { bins, perUnit } = binsOf(scene);
  areaPath(ctx, scene.grid, scene.target_density, at.x, at.density, at.densities.bottom);
  tint(ctx, theme.real, 0.2);
  stairsPath(ctx, scene.real_histogram, bins, at.x, (mass) => at.density(mass * perUnit));
  strokePath(ctx, theme.real, 1, 0.35);
  const style = { color: theme.real, width: theme.line };
  curve(ctx, scene.grid, scene.target_density, scene.grid.length, at.x, at.density, style);
}

/** @param {Context} ctx @param {Scene} scene @param {Frame} frame @param {DataFrame} at @param {Theme} theme */
function drawFake(ctx, scene, frame, at, theme) {
  const { plot, densities } = at;
  const { bins, perUnit } = binsOf(scene);
  areaPath(ctx, scene.grid, frame.arrays.fake_density, at.x, at.density, densities.bottom);
  hatch(
    ctx,
    { x: plot.left, y: densities.top, width: plot.width, height: densities.bottom - densities.top },
    { color: theme.fake, alpha: 0.55, gap: theme.size * 0.5, width: Math.max(1, theme.line / 2) },
  );
  stairsPath(ctx, frame.arrays.fake_histogram, bins, at.x, (mass) => at.density(mass * perUnit));
  strokePath(ctx, theme.fake, 1, 0.45);
  const dash = [theme.line * 3, theme.line * 1.5];
  const style = { color: theme.fake, width: theme.line, dash };
  curve(ctx, scene.grid, frame.arrays.fake_density, scene.grid.length, at.x, at.density, style);
}

/**
 * Where the bins of the histograms lie, and what a mass of 1 in one of them is as a density.
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

/** @param {Context} ctx @param {Scene} scene @param {Frame|null} frame @param {DataFrame} at @param {Theme} theme */
function drawRugs(ctx, scene, frame, at, theme) {
  const inside = (/** @type {number} */ v) => v >= scene.x_axis.low && v <= scene.x_axis.high;
  ctx.beginPath();
  for (let i = 0; i < scene.real_samples.length; i++) {
    if (!inside(scene.real_samples[i])) continue;
    const x = at.x(scene.real_samples[i]);
    ctx.moveTo(x, at.real.top);
    ctx.lineTo(x, at.real.bottom);
  }
  // Fixed points are the same for ever, and stand firmer than a sample of many.
  const isFixed = scene.training_points > 0;
  strokePath(ctx, theme.real, isFixed ? theme.line : Math.max(1, theme.line / 2), isFixed ? 1 : 0.75);
  if (!frame) return;
  const samples = frame.arrays.fake_samples;
  const pushes = frame.arrays.fake_push;
  const height = at.fake.bottom - at.fake.top;
  const radius = Math.max(1, theme.line * 0.7);
  const rows = Math.max(3, Math.min(ROWS, Math.floor(height / (radius * 2.5)) + 1));
  const rowOf = (/** @type {number} */ i) => at.fake.top + ((i % rows) * height) / (rows - 1);
  ctx.beginPath();
  for (let i = 0; i < samples.length; i++) {
    if (!inside(samples[i])) continue;
    const push = pushes?.[i] ?? NaN;
    const length = (REACH * at.plot.width * push) / (Math.abs(push) + HALF_PUSH);
    if (Math.abs(length) > radius * 2) arrowPath(ctx, at.x(samples[i]), rowOf(i), length, theme.size * 0.28);
  }
  strokePath(ctx, theme.fake, Math.max(1, theme.line / 2), 0.7);
  ctx.beginPath();
  for (let i = 0; i < samples.length; i++) {
    if (inside(samples[i])) ctx.rect(at.x(samples[i]) - radius, rowOf(i) - radius, 2 * radius, 2 * radius);
  }
  tint(ctx, theme.fake, 1);
}

/** @param {Context} ctx @param {Scene} scene @param {Frame|null} frame @param {DataFrame} at @param {Theme} theme */
function nameParts(ctx, scene, frame, at, theme) {
  const left = at.plot.left - theme.size * 0.5;
  const rows = [
    { words: countedReal(scene.training_points), y: (at.real.top + at.real.bottom) / 2, color: theme.realText },
    { words: "fake", y: frame ? (at.fake.top + at.fake.bottom) / 2 : NaN, color: theme.fakeText },
  ];
  for (const { words, y, color } of spread(rows, theme.size * 1.05, at.plot.top, at.plot.bottom)) {
    text(ctx, words, left, y, { theme, color, align: "right", baseline: "middle", halo: false });
  }
  if (!frame) return;
  const masses = frame.arrays.fake_histogram;
  const outside = { theme, color: theme.fakeText, baseline: /** @type {const} */ ("top") };
  const top = at.plot.top;
  const below = remarkShare(masses[0]);
  const above = remarkShare(masses[masses.length - 1]);
  if (below) text(ctx, `\u25c2 ${below} fake below`, at.plot.left + 2, top, outside);
  if (above) text(ctx, `${above} fake above \u25b8`, at.plot.right - 2, top, { ...outside, align: "right" });
  namePeak(ctx, scene, frame.arrays.fake_density, at, theme);
}

/** So many training points as there is room to say. @param {number} points */
function countedReal(points) {
  return points > 0 && points < 1000 ? `${points} real` : "real";
}

/**
 * How high the fake density rises where it leaves the chart, beside the stretch that is cut off.
 * @param {Context} ctx @param {Scene} scene @param {ArrayLike<number>} density @param {DataFrame} at @param {Theme} theme
 */
function namePeak(ctx, scene, density, at, theme) {
  let peak = 0;
  for (let i = 1; i < density.length; i++) if (density[i] > density[peak]) peak = i;
  if (!(density[peak] > scene.density_high)) return;
  let left = peak;
  let right = peak;
  while (left > 0 && density[left - 1] > scene.density_high) left--;
  while (right < density.length - 1 && density[right + 1] > scene.density_high) right++;
  const beside = theme.size * 0.4;
  const fits = at.x(scene.grid[right]) + theme.size * 3 < at.plot.right;
  const x = fits ? at.x(scene.grid[right]) + beside : at.x(scene.grid[left]) - beside;
  text(ctx, `\u25b4 ${formatValue(density[peak], 1)}`, x, at.plot.top, {
    theme, color: theme.fakeText, align: fits ? "left" : "right", baseline: "top",
  });
}

/**
 * A ring is moved along x, an upright bar is a flank, a level one a peak: each looks like the way it can be dragged.
 * @param {Context} ctx @param {Handle} handle @param {Theme} theme
 */
function drawHandle(ctx, { x, y, shape }, theme) {
  ctx.beginPath();
  if (shape === "place") ctx.arc(x, y, theme.size * 0.36, 0, 2 * Math.PI);
  else {
    const long = theme.size * 0.42;
    const short = theme.size * 0.19;
    const [width, height] = shape === "reach" ? [short, long] : [long, short];
    ctx.roundRect(x - width, y - height, 2 * width, 2 * height, short);
  }
  ctx.fillStyle = theme.paper;
  ctx.fill();
  strokePath(ctx, theme.real, theme.line * (shape === "place" ? 0.9 : 0.75), 1);
}

/** @param {Context} ctx @param {Store} store @param {DataFrame} at @param {Theme} theme */
function drawInk(ctx, { ink }, at, theme) {
  if (!ink) return;
  curve(ctx, ink.x, ink.density, ink.x.length, at.x, at.density, { color: theme.real, width: theme.line * 1.5 });
  ctx.beginPath();
  for (let i = 0; i < ink.x.length; i++) {
    const [x, y] = [at.x(ink.x[i]), at.density(ink.density[i])];
    ctx.moveTo(x + theme.line, y);
    ctx.arc(x, y, theme.line, 0, 2 * Math.PI);
  }
  tint(ctx, theme.real, 1);
}

/** @param {Context} ctx @param {Store} store @param {DataFrame} at @param {Theme} theme */
function drawHover(ctx, store, at, theme) {
  const hovered = hoveredX(store);
  const { scene, frame } = store;
  if (!hovered || !scene || hovered.value < scene.x_axis.low || hovered.value > scene.x_axis.high) return;
  const x = at.x(hovered.value);
  rule(ctx, "vertical", x, at.plot.top, at.plot.bottom, { color: hovered.fromNoise ? theme.fake : theme.ink, theme });
  const real = valueAt(scene.grid, scene.target_density, hovered.value);
  const fake = frame ? valueAt(scene.grid, frame.arrays.fake_density, hovered.value) : NaN;
  dot(ctx, x, at.density(real), theme.line * 1.6, theme.real, theme.paper);
  dot(ctx, x, at.density(fake), theme.line * 1.6, theme.fake, theme.paper);
  const words = `x ${formatValue(hovered.value)}   real ${formatValue(real)}   fake ${formatValue(fake)}`;
  const half = theme.size * 7;
  const inset = Math.max(at.plot.left + half, Math.min(at.plot.right - half, x));
  text(ctx, words, inset, at.plot.top - theme.size * 0.25, { color: theme.ink, theme, align: "center" });
}
