// @ts-check
/** D's outputs on real samples and on fake ones: two exact histograms back to back on D's own axis. */

import { formatFixed, formatNotableShare } from "../format.js";
import { axisY, hatch, linear, rule, stairsPath, text, tint } from "../plot/index.js";
import { formatReadout, readoutsLayout, readoutTicks } from "./layout.js";

/** @import {ChartContext} from "./types.js" */
/** @import {Plot} from "../plot/axes.js" */
/** @import {Scale} from "../plot/index.js" */

/** @type {import("./types.js").Chart} */
export const readouts = {
  id: "readouts",
  title: "D's outputs",

  describe({ scene, frame }) {
    if (!scene || !frame) return "D's outputs on real and fake samples: waiting for the server.";
    const real = median(frame.arrays.real_readout, scene.readout);
    const fake = median(frame.arrays.fake_readout, scene.readout);
    return (
      `D's outputs at step ${frame.step}: the median over real samples is about ${formatFixed(real)}, ` +
      `over fake ones about ${formatFixed(fake)}${outsideInWords(frame.arrays)}.`
    );
  },

  draw(context) {
    const { theme, scene, frame } = context;
    const chart = { ...context, ...readoutsLayout(context) };
    const { plot, y } = chart;
    const middle = Math.round((plot.left + plot.right) / 2);
    axisY(chart, y, readoutTicks(scene, plot.height, theme), formatReadout);
    const share = linear(0, 1, 0, plot.right - middle);
    if (frame) {
      drawSide(chart, frame.arrays.real_readout, "real", (s) => middle - share(s));
      drawSide(chart, frame.arrays.fake_readout, "fake", (s) => middle + share(s));
    }
    rule(chart, "horizontal", y(scene.readout.threshold), { color: theme.axis, width: 1, alpha: 0.7 });
    if (frame) labelOutside(chart, frame.arrays, middle);
    rule(chart, "vertical", middle, { color: theme.muted, width: theme.line * 0.75 });
    const below = plot.bottom + theme.size * 1.25;
    if (plot.width > theme.size * 14) {
      text(chart, "all", plot.left, below, { color: theme.muted, halo: false });
      text(chart, "all", plot.right, below, { color: theme.muted, halo: false, align: "right" });
    }
    text(chart, "real", (plot.left + middle) / 2, below, { color: theme.realText, align: "center", halo: false });
    text(chart, "fake", (plot.right + middle) / 2, below, { color: theme.fakeText, align: "center", halo: false });
  },
};

/**
 * @param {ChartContext & {plot: Plot, y: Scale}} chart @param {ArrayLike<number>} masses @param {"real"|"fake"} kind
 * @param {(share: number) => number} across
 */
function drawSide({ ctx, theme, scene, plot, y }, masses, kind, across) {
  stairsPath(ctx, masses, scene.readout, y, across, true);
  ctx.closePath();
  tint(ctx, theme[kind], kind === "real" ? 0.55 : 0.12);
  ctx.save();
  ctx.strokeStyle = theme[kind];
  ctx.lineWidth = Math.max(1, theme.line / 2);
  ctx.stroke();
  ctx.restore();
  if (kind === "fake") {
    const area = { x: plot.left, y: plot.top, width: plot.width, height: plot.height };
    hatch(ctx, area, { color: theme.fake, alpha: 0.9, gap: theme.size * 0.4, width: Math.max(1, theme.line / 2) });
  }
}

/** @param {Record<string, ArrayLike<number>>} arrays */
function outsideInWords({ real_readout: real, fake_readout: fake }) {
  const outside = (/** @type {ArrayLike<number>} */ masses) => formatNotableShare(masses[0] + masses[masses.length - 1]);
  const parts = [[outside(real), "real"], [outside(fake), "fake"]].filter(([share]) => share);
  return parts.length ? `; beyond the axis: ${parts.map(([share, kind]) => `${share} of the ${kind} ones`).join(", ")}` : "";
}

/**
 * The shares of D's outputs beyond either end of the axis.
 * @param {ChartContext & {plot: Plot}} chart @param {Record<string, ArrayLike<number>>} arrays @param {number} middle
 */
function labelOutside(chart, { real_readout: real, fake_readout: fake }, middle) {
  const { theme, plot } = chart;
  const gap = theme.size * 0.4;
  const sides = [
    { masses: real, x: middle - gap, align: /** @type {const} */ ("right"), color: theme.realText },
    { masses: fake, x: middle + gap, align: /** @type {const} */ ("left"), color: theme.fakeText },
  ];
  for (const { masses, x, align, color } of sides) {
    const above = formatNotableShare(masses[masses.length - 1]);
    const below = formatNotableShare(masses[0]);
    if (above) text(chart, `${above} ▴`, x, plot.top, { color, align, baseline: "top" });
    if (below) text(chart, `${below} ▾`, x, plot.bottom - theme.size * 0.2, { color, align });
  }
}

/**
 * The median of a histogram to within half a bin; masses beyond the axis count at its ends.
 * @param {ArrayLike<number>} masses summing to 1 @param {import("./types.js").Range} axis
 */
function median(masses, axis) {
  const bins = masses.length - 2;
  let passed = 0;
  for (let i = 0; i < masses.length; i++) {
    passed += masses[i];
    if (passed < 0.5) continue;
    const bin = Math.min(bins - 1, Math.max(0, i - 1));
    return axis.low + ((bin + 0.5) / bins) * (axis.high - axis.low);
  }
  return NaN;
}
