// @ts-check
/** What D says of real samples and of generated ones: two exact histograms back to back on D's own axis. */

import { axisY, hatch, linear, rule, stairsPath, text, tint, formatValue, remarkShare } from "../plot/index.js";
import { formatReadout, readoutsFrame, readoutTicks } from "./layout.js";

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
 * @param {CanvasRenderingContext2D} ctx @param {ArrayLike<number>} masses @param {import("./types.js").Range} axis
 * @param {import("../plot/index.js").Scale} y @param {(share: number) => number} across @param {Theme} theme
 * @param {"real"|"fake"} who @param {import("../plot/axes.js").Plot} plot
 */
function drawSide(ctx, masses, axis, y, across, theme, who, plot) {
  stairsPath(ctx, masses, axis, y, across, true);
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
  const beyond = (/** @type {ArrayLike<number>} */ masses) => remarkShare(masses[0] + masses[masses.length - 1]);
  const parts = [[beyond(real), "real"], [beyond(fake), "fake"]].filter(([share]) => share);
  return parts.length ? `; beyond the axis: ${parts.map(([share, who]) => `${share} of the ${who} ones`).join(", ")}` : "";
}

/**
 * What share of the verdicts lies beyond either end of the axis: said, not lost.
 * @param {CanvasRenderingContext2D} ctx @param {Record<string, ArrayLike<number>>} arrays
 * @param {import("../plot/axes.js").Plot} plot @param {number} middle @param {Theme} theme
 */
function sayOutside(ctx, { real_readout: real, fake_readout: fake }, plot, middle, theme) {
  const gap = theme.size * 0.4;
  const sides = [
    { masses: real, x: middle - gap, align: /** @type {const} */ ("right"), color: theme.realText },
    { masses: fake, x: middle + gap, align: /** @type {const} */ ("left"), color: theme.fakeText },
  ];
  for (const { masses, x, align, color } of sides) {
    const above = remarkShare(masses[masses.length - 1]);
    const below = remarkShare(masses[0]);
    if (above) text(ctx, `${above} ▴`, x, plot.top, { color, theme, align, baseline: "top" });
    if (below) text(ctx, `${below} ▾`, x, plot.bottom - theme.size * 0.2, { color, theme, align });
  }
}

/**
 * The middle of a histogram to within half a bin; what fell outside counts at the ends.
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
