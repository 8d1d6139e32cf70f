// @ts-check
/** Noise z: the prior that it comes from, as a density and as what lies in each bin. */

import { areaPath, axisX, curve, linear, rule, stairsPath, text, tint, formatTick, formatValue } from "../plot/index.js";
import { noiseFrame, roomyTicks } from "./layout.js";


/** @type {import("./types.js").Chart} */
export const noise = {
  id: "noise",
  title: "Noise z",
  axis: "z",

  describe({ scene, config }) {
    if (!scene) return "Noise z: waiting for the server.";
    const kind = config?.latent?.kind ?? "known";
    const { low, high } = scene.z_axis;
    return (
      `Noise z: the density of a ${kind} prior, ` +
      `on an axis from ${formatTick(low)} to ${formatTick(high)}${inWords(scene)}.`
    );
  },

  draw(ctx, box, store, theme) {
    const { scene, hover } = store;
    if (!scene) return;
    const { plot, z } = noiseFrame(box, theme, scene);
    const perUnit = scene.z_bins / (scene.z_axis.high - scene.z_axis.low);
    const density = linear(0, highest(scene.latent_density) * 1.35, plot.bottom, plot.top);
    stairsPath(ctx, scene.latent_histogram, scene.z_axis, z, (mass) => Math.max(plot.top, density(mass * perUnit)));
    tint(ctx, theme.ink, 0.18);
    areaPath(ctx, scene.latent_grid, scene.latent_density, z, density, plot.bottom);
    tint(ctx, theme.ink, 0.05);
    const style = { color: theme.muted, width: theme.line * 0.75 };
    curve(ctx, scene.latent_grid, scene.latent_density, scene.latent_grid.length, z, density, style);
    axisX(ctx, plot, z, roomyTicks(scene.z_axis, plot.width, theme), theme, { name: "z" });
    if (hover?.axis === "z") {
      rule(ctx, "vertical", z(hover.value), plot.top, plot.bottom, { color: theme.ink, theme });
      const words = `z ${formatValue(hover.value)}`;
      text(ctx, words, z(hover.value), plot.top - theme.size * 0.25, { color: theme.ink, theme, align: "center" });
    }
    if (scene.latent_dimension > 1) {
      const words = plot.width > theme.size * 14 ? `each of ${scene.latent_dimension} coordinates` : "each zᵢ";
      text(ctx, words, plot.left, plot.top, { color: theme.muted, theme, baseline: "top", halo: false });
    }
  },

  hoverAt(box, { scene }, theme, x) {
    if (!scene) return null;
    const { plot, z } = noiseFrame(box, theme, scene);
    return x >= plot.left && x <= plot.right ? { axis: "z", value: z.invert(x) } : null;
  },
};

/**
 * What else goes into G, or how often.
 * @param {import("./types.js").Scene} scene
 */
function inWords({ latent_dimension: dimension, classes }) {
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
