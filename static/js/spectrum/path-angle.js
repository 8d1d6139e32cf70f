// @ts-check
/** The chart of the path angle: cosine and length of the gradients along the line between two steps. */

import { formatCount, formatTick } from "../format.js";
import { curve, decades, dot, linear, logarithmic, niceCeil, plotOf, rule, text, ticks } from "../plot/index.js";
import { powerWords } from "./spectrum-view.js";

/** @import {Chart, ChartContext} from "../charts/types.js" */
/** @import {PathAngleFound} from "../connection/wire.js" */
/** @import {SpectrumView} from "./spectrum-view.js" */

/** @param {ChartContext} context @param {PathAngleFound} path */
function pathLayout({ box, theme }, { shares, cosines, norms }) {
  const plot = plotOf(box, theme, { left: 4.2, right: 0.8, top: 1.6, bottom: 1.6 });
  const x = linear(shares[0], shares[shares.length - 1], plot.left, plot.right);
  const split = plot.top + plot.height * 0.6;
  const gap = theme.size * 0.9;
  const most = Math.min(1, niceCeil(Math.max(...cosines.map((value) => Math.abs(value ?? 0)), 1e-6)));
  const sizes = norms.filter((value) => value > 0);
  const [low, high] = sizes.length ? [Math.min(...sizes), Math.max(...sizes)] : [0.1, 1];
  const [from, to] = [10 ** Math.floor(Math.log10(low) + 1e-9), 10 ** Math.ceil(Math.log10(high) - 1e-9)];
  return { plot, x, split, gap, cosine: linear(-most, most, split - gap, plot.top), norm: logarithmic(from === to ? from / 10 : from, to, plot.bottom, split + gap) };
}

/** @param {SpectrumView} view @returns {Chart} */
export function pathChart(view) {
  return {
    id: "path-angle",
    title: "Path angle",
    describe: () => (view.path ? `Cosine of the angle between gradients and path, and length of the gradients, from step ${formatCount(view.path.start)} to step ${formatCount(view.path.end)}. ${view.path.sentence}` : "The path angle, before it is computed."),
    draw(context) {
      const { path } = view;
      if (!path) return;
      const { ctx, theme } = context;
      const layout = pathLayout(context, path);
      const { plot, x, split, gap, cosine, norm } = layout;
      const chart = { ...context, plot };
      const label = (/** @type {string} */ words, /** @type {number} */ y) => text(chart, words, plot.left - theme.size * 0.5, y, { color: theme.muted, align: "right", baseline: "middle", halo: false });
      for (const value of ticks(cosine.low, cosine.high, 4)) {
        rule(chart, "horizontal", cosine(value), { color: value === 0 ? theme.axis : theme.rule, width: 1 });
        label(formatTick(value), cosine(value));
      }
      const powers = decades(norm.low, norm.high);
      const every = Math.max(1, Math.ceil((powers.length * theme.size * 1.4) / (plot.bottom - split - gap)));
      for (const value of powers.filter((_, i) => i % every === 0)) {
        rule(chart, "horizontal", norm(value), { color: theme.rule, width: 1 });
        label(powerWords(value), norm(value));
      }
      for (const [share, step] of [[0, path.start], [1, path.end]]) {
        rule(chart, "vertical", x(share), { color: theme.ink, width: theme.line * 0.5, dash: share === 0 ? [4, 4] : undefined });
        text(chart, `step ${formatCount(step)}`, x(share), plot.bottom + theme.size * 1.25, { color: theme.ink, align: "center", bold: share === 1, halo: false });
      }
      const ys = path.cosines.map((value) => value ?? NaN);
      curve(ctx, path.shares, ys, ys.length, x, cosine, { color: theme.labelFirst, width: theme.line });
      curve(ctx, path.shares, path.norms, path.norms.length, x, norm, { color: theme.muted, width: theme.line });
      text(chart, "cos of the angle", plot.left, plot.top - theme.size * 0.6, { color: theme.labelFirst, bold: true });
      text(chart, "length of the gradients", plot.left, split + theme.size * 0.45, { color: theme.muted, bold: true });
      drawPointed(chart, layout, path, view.pointed);
    },
  };
}

/** @param {ChartContext & {plot: any}} chart @param {ReturnType<typeof pathLayout>} layout @param {PathAngleFound} path @param {number|null} pointed */
function drawPointed(chart, { x, cosine, norm }, path, pointed) {
  if (pointed === null || !(pointed in path.shares)) return;
  const { ctx, theme } = chart;
  const at = x(path.shares[pointed]);
  rule(chart, "vertical", at, { color: theme.muted, width: 1 });
  dot(ctx, at, cosine(path.cosines[pointed] ?? NaN), theme.size * 0.3, theme.labelFirst, theme.paper);
  dot(ctx, at, norm(path.norms[pointed]), theme.size * 0.3, theme.muted, theme.paper);
}

/** The place on the path nearest to a pixel. @param {SpectrumView} view @param {ChartContext} context @param {number} px */
export function shareAt({ path }, context, px) {
  if (!path) return null;
  const { x } = pathLayout(context, path);
  const place = Math.round(((x.invert(px) - path.shares[0]) / (path.shares[path.shares.length - 1] - path.shares[0])) * (path.shares.length - 1));
  return Math.max(0, Math.min(path.shares.length - 1, place));
}
