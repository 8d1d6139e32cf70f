// @ts-check
/** Noise z: the density of the prior, and its mass in each bin. */

import { formatFixed, formatTick } from "../format.js";
import { areaPath, axisX, curve, linear, rule, stairsPath, text, tint } from "../plot/index.js";
import { noiseLayout, ticksAcross } from "./layout.js";

/** @type {import("./types.js").Chart} */
export const noise = {
  id: "noise",
  title: "Noise z",

  describe({ scene, config }) {
    if (!scene) return "Noise z: waiting for the server.";
    const kind = config?.latent?.kind ?? "known";
    const { low, high } = scene.z_axis;
    return (
      `Noise z: the density of a ${kind} prior, ` +
      `on an axis from ${formatTick(low)} to ${formatTick(high)}${inputsInWords(scene)}.`
    );
  },

  draw(context) {
    const { ctx, theme, scene, store: { hover } } = context;
    const chart = { ...context, ...noiseLayout(context) };
    const { plot, x: z } = chart;
    const perUnit = scene.z_bins / (scene.z_axis.high - scene.z_axis.low);
    const density = linear(0, highest(scene.latent_density) * 1.35, plot.bottom, plot.top);
    stairsPath(ctx, scene.latent_histogram, scene.z_axis, z, (mass) => Math.max(plot.top, density(mass * perUnit)));
    tint(ctx, theme.ink, 0.18);
    areaPath(ctx, scene.latent_grid, scene.latent_density, z, density, plot.bottom);
    tint(ctx, theme.ink, 0.05);
    const style = { color: theme.muted, width: theme.line * 0.75 };
    curve(ctx, scene.latent_grid, scene.latent_density, scene.latent_grid.length, z, density, style);
    axisX(chart, z, ticksAcross(scene.z_axis, plot.width, theme), "z");
    if (hover?.axis === "z") {
      rule(chart, "vertical", z(hover.value), { color: theme.ink });
      text(chart, noise.read?.(context) ?? "", z(hover.value), plot.top - theme.size * 0.25, { color: theme.ink, align: "center" });
    }
    if (scene.latent_dimension > 1) {
      const words = plot.width > theme.size * 14 ? `each of ${scene.latent_dimension} coordinates` : "each zᵢ";
      text(chart, words, plot.left, plot.top, { color: theme.muted, baseline: "top", halo: false });
    }
  },

  read: ({ store: { hover } }) => (hover?.axis === "z" ? `z ${formatFixed(hover.value)}` : ""),

  hoverAt(context, px) {
    const { plot, x: z } = noiseLayout(context);
    return px >= plot.left && px <= plot.right ? { axis: "z", value: z.invert(px) } : null;
  },
};

/**
 * G's inputs beyond a single number: further coordinates of z, and a label.
 * @param {import("./types.js").Scene} scene
 */
function inputsInWords({ latent_dimension: dimension, classes }) {
  const each = dimension > 1 ? `; each z has ${dimension} such coordinates` : "";
  const labels = classes.map(({ name }) => name).join(", ");
  return each + (labels ? `; a label goes in with each z, one of ${labels}` : "");
}

/** @param {ArrayLike<number>} values */
function highest(values) {
  let top = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > top) top = values[i];
  return top || 1;
}
