// @ts-check
/** What D says of the fixed real and fake samples: two histograms back to back on D's own axis. */

import { axisY, hatch, linear, rule, stairsPath, text, tint, formatValue } from "../plot.js";
import { formatReadout, readoutsFrame, readoutTicks } from "./geometry.js";

/** @import {Theme} from "./types.js" */

/** @type {import("./types.js").Chart} */
export const readouts = {
  id: "readouts",
  title: "What D says",
  axis: null,

  describe({ scene, frame }) {
    if (!scene || !frame) return "What D says of real and fake samples: waiting for the server.";
    const real = median(frame.arrays.real_readout, scene.readout);
    const fake = median(frame.arrays.fake_readout, scene.readout);
    return (
      `What D says at step ${frame.step}: half of the real samples get more than about ${formatValue(real)}, ` +
      `half of the fake ones more than about ${formatValue(fake)}${outsideWords(frame.arrays)}.`
    );
  },

  draw(ctx, box, store, theme) {
    const { scene, frame } = store;
    if (!scene) return;
    const { plot, y } = readoutsFrame(box, theme, scene);
    const middle = Math.round((plot.left + plot.right) / 2);
    axisY(ctx, plot, y, readoutTicks(scene, plot.height, theme), theme, { format: formatReadout });
    const share = linear(0, 1, 0, plot.right - middle);
    if (frame) {
      drawSide(ctx, frame.arrays.real_readout, scene.readout, y, (s) => middle - share(s), theme, "real", plot);
      drawSide(ctx, frame.arrays.fake_readout, scene.readout, y, (s) => middle + share(s), theme, "fake", plot);
    }
    rule(ctx, "horizontal", y(scene.readout.undecided), plot.left, plot.right, { color: theme.axis, theme, width: 1, alpha: 0.7 });
    if (frame) sayOutside(ctx, frame.arrays, plot, middle, theme);
    rule(ctx, "vertical", middle, plot.top, plot.bottom, { color: theme.muted, theme, width: theme.line * 0.75 });
    const below = plot.bottom + theme.size * 1.25;
    if (plot.width > theme.size * 14) {
      const edge = { color: theme.muted, theme, halo: false };
      text(ctx, "all", plot.left, below, edge);
      text(ctx, "all", plot.right, below, { ...edge, align: "right" });
    }
    text(ctx, "real", (plot.left + middle) / 2, below, { color: theme.realText, theme, align: "center", halo: false });
    text(ctx, "fake", (plot.right + middle) / 2, below, { color: theme.fakeText, theme, align: "center", halo: false });
  },
};

/**
 * @param {CanvasRenderingContext2D} ctx @param {ArrayLike<number>} counts @param {import("./types.js").Range} axis
 * @param {import("../plot.js").Scale} y @param {(share: number) => number} across @param {Theme} theme
 * @param {"real"|"fake"} who @param {import("../plot/axes.js").Plot} plot
 */
function drawSide(ctx, counts, axis, y, across, theme, who, plot) {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  if (!(total > 0)) return;
  stairsPath(ctx, counts, axis, y, (count) => across(count / total), true);
  ctx.closePath();
  tint(ctx, theme[who], who === "real" ? 0.55 : 0.12);
  ctx.save();
  ctx.strokeStyle = theme[who];
  ctx.lineWidth = Math.max(1, theme.line / 2);
  ctx.stroke();
  ctx.restore();
  if (who === "fake") {
    const area = { x: plot.left, y: plot.top, width: plot.width, height: plot.height };
    hatch(ctx, area, { color: theme.fake, alpha: 0.9, gap: theme.size * 0.4, width: Math.max(1, theme.line / 2) });
  }
}

/** @param {Record<string, ArrayLike<number>>} arrays */
function outsideWords({ real_readout: real, fake_readout: fake }) {
  const beyond = (/** @type {ArrayLike<number>} */ counts) => counts[0] + counts[counts.length - 1];
  return beyond(real) + beyond(fake) > 0 ? `; beyond the axis: ${beyond(real)} real, ${beyond(fake)} fake` : "";
}

/**
 * How many verdicts lie beyond either end of the axis: said, not lost.
 * @param {CanvasRenderingContext2D} ctx @param {Record<string, ArrayLike<number>>} arrays
 * @param {import("../plot/axes.js").Plot} plot @param {number} middle @param {Theme} theme
 */
function sayOutside(ctx, { real_readout: real, fake_readout: fake }, plot, middle, theme) {
  const gap = theme.size * 0.4;
  const sides = [
    { counts: real, x: middle - gap, align: /** @type {const} */ ("right"), color: theme.realText },
    { counts: fake, x: middle + gap, align: /** @type {const} */ ("left"), color: theme.fakeText },
  ];
  for (const { counts, x, align, color } of sides) {
    const above = counts[counts.length - 1];
    const below = counts[0];
    if (above > 0) text(ctx, `${above} ▴`, x, plot.top, { color, theme, align, baseline: "top" });
    if (below > 0) text(ctx, `${below} ▾`, x, plot.bottom - theme.size * 0.2, { color, theme, align });
  }
}

/**
 * The middle of a histogram to within half a bin; what fell outside counts at the ends.
 * @param {ArrayLike<number>} counts @param {import("./types.js").Range} axis
 */
function median(counts, axis) {
  const bins = counts.length - 2;
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  let passed = 0;
  for (let i = 0; i < counts.length; i++) {
    passed += counts[i];
    if (passed * 2 < total) continue;
    const bin = Math.min(bins - 1, Math.max(0, i - 1));
    return axis.low + ((bin + 0.5) / bins) * (axis.high - axis.low);
  }
  return NaN;
}
