// @ts-check
/** How far fake is from real over the whole run, in two measures, and (thin) the same for the averaged generator; or the number that was asked for. */

import { formatReading } from "../format.js";
import { axisY, curve, decades, logarithmic } from "../plot/index.js";
import { timeFrame } from "./layout.js";
import { describeHistory, drawHistory, metricAsked } from "./metric-history.js";
import { clamped, drawMarks, drawStepAxis, nameEnds, stepScale } from "./step-axis.js";


/** The lowest distance drawn: below it, 256 samples could not tell fake from real. */
const LOWEST = 1e-3;
/**
 * The measures in the order of their names, with the name that stands at the line's end. The last is to the training points
 * alone, where they are fixed: it falls while the first does not, where they are learned by heart.
 */
const MEASURES = /** @type {const} */ ([
  { name: "wasserstein1", short: "W₁", color: "ink", dash: null },
  { name: "jensen_shannon", short: "JS", color: "muted", dash: [2.5, 1.5] },
  { name: "points_wasserstein1", short: "points", color: "realText", dash: [0.75, 1.25] },
]);

/** @type {import("./types.js").Chart} */
export const distances = {
  id: "distances",
  title: "Distance between real and fake",
  axis: null,

  describe(store) {
    const { scene, frame } = store;
    const asked = metricAsked(store);
    if (asked) return describeHistory(asked, store);
    if (!scene || !frame) return "Distance between real and fake: waiting for the server.";
    const parts = measured(scene).map(({ name }) => `${labelOf(scene, name)} ${formatReading(frame.scalars[name])}`);
    return `Distance between real and fake at step ${frame.step}: ${parts.join(", ")}.`;
  },

  draw(ctx, box, store, theme) {
    const { scene, frame, traces } = store;
    if (!scene) return;
    const asked = metricAsked(store);
    if (asked) {
      drawHistory(ctx, box, asked, store, theme);
      return;
    }
    const shown = measured(scene);
    const plot = timeFrame(box, theme, shown.length < MEASURES.length ? 5 : 6.6);
    const steps = stepScale(store, plot);
    const y = logarithmic(LOWEST, highestOf(scene), plot.bottom, plot.top);
    const all = decades(y.low, y.high);
    // Numbers nearer than their own height would run into each other: then every other power of ten is enough.
    const every = Math.ceil(theme.size * 1.4 / (plot.height / Math.max(1, all.length - 1)));
    axisY(ctx, plot, y, all.filter((_, i) => i % every === 0), theme);
    drawStepAxis(ctx, box, plot, steps, theme);
    drawMarks(ctx, store, plot, steps, theme);
    const level = clamped(y);
    const ends = [];
    for (const { name, short, color: role, dash: pattern } of shown) {
      const color = theme[role];
      const dash = pattern?.map((length) => theme.line * length);
      const average = traces.series[`ema_${name}`];
      const values = traces.series[name];
      if (average) curve(ctx, traces.step, average, traces.length, steps, level, { color, width: 1, alpha: 0.5, dash });
      if (values) curve(ctx, traces.step, values, traces.length, steps, level, { color, width: theme.line * 0.75, dash });
      if (frame) ends.push({ words: `${short} ${formatReading(frame.scalars[name])}`, y: level(frame.scalars[name]), color });
    }
    if (frame) nameEnds(ctx, box, ends, steps(frame.step), plot, theme);
  },
};

/**
 * Without fixed points there is no distance to them.
 * @param {import("./types.js").Scene} scene
 */
function measured(scene) {
  return MEASURES.filter(({ name }) => name !== "points_wasserstein1" || scene.training_points > 0);
}

/**
 * The power of ten that holds the longest distance on this axis: from one end of x to the other.
 * @param {import("./types.js").Scene} scene
 */
function highestOf(scene) {
  return 10 ** Math.ceil(Math.log10(Math.max(1, scene.x_axis.high - scene.x_axis.low)) - 1e-9);
}

/** @param {import("./types.js").Scene} scene @param {string} name */
function labelOf(scene, name) {
  return scene.metrics.find((metric) => metric.name === name)?.label ?? name;
}
