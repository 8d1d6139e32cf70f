// @ts-check
/** Noise z: the density of the prior, and its mass in each bin. */

import { formatFixed, formatTick } from "../format.js";
import { areaPath, axisX, curve, font, linear, rule, stairsPath, text, tint, valueAt, widthOfWords } from "../plot/index.js";
import { axisName } from "./curves.js";
import { noiseLayout, ticksAcross } from "./layout.js";

/** @type {import("./types.js").Chart} */
export const noise = {
  id: "noise",
  title: "Noise z",

  describe({ scene, config }) {
    if (!scene) return "Noise z: waiting for the server.";
    const { low, high } = scene.z_axis;
    if (scene.back) return `Source x: its density, that of F’s translations, and their discriminator D_X, on an axis from ${formatTick(low)} to ${formatTick(high)}.`;
    const kind = config?.latent?.kind ?? "known";
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
    const density = densityScale(scene, plot);
    stairsPath(ctx, scene.latent_histogram, scene.z_axis, z, (mass) => Math.max(plot.top, density(mass * perUnit)));
    tint(ctx, theme.ink, 0.18);
    areaPath(ctx, scene.latent_grid, scene.latent_density, z, density, plot.bottom);
    tint(ctx, theme.ink, 0.05);
    const style = { color: theme.muted, width: theme.line * 0.75 };
    curve(ctx, scene.latent_grid, scene.latent_density, scene.latent_grid.length, z, density, style);
    axisX(chart, z, ticksAcross(scene.z_axis, plot.width, theme), axisName(scene, "z"));
    if (hover?.axis === "z") {
      rule(chart, "vertical", z(hover.value), { color: theme.ink });
      const words = noise.read?.(context) ?? "";
      ctx.font = font(theme);
      const half = widthOfWords(ctx, words) / 2;
      const middle = Math.max(half, Math.min(context.box.width - half, z(hover.value)));
      text(chart, words, middle, plot.top - theme.size * 0.25, { color: theme.ink, align: "center" });
    }
    if (scene.latent_dimension > 1) {
      const words = plot.width > theme.size * 14 ? `each of ${scene.latent_dimension} coordinates` : "each zᵢ";
      text(chart, words, plot.left, plot.top, { color: theme.muted, baseline: "top", halo: false });
    }
  },

  read({ scene, frame, store: { hover } }) {
    if (hover?.axis !== "z") return "";
    const { value } = hover;
    const place = `${axisName(scene, "z")} ${formatFixed(value)}`;
    if (!scene.back || !frame) return place;
    const { back_discriminator: learned, back_optimal_discriminator: best } = frame.arrays;
    return `${place}   D_X ${formatFixed(valueAt(scene.back.grid, learned, value))}   D_X* ${formatFixed(valueAt(scene.back.grid, best, value))}`;
  },

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

/** Height of the plot with room for the prior under its highest point. */
const HEADROOM = 1.35;

/** The scale of densities on the axis of the prior, or of the source. @param {import("./types.js").Scene} scene @param {{top: number, bottom: number}} plot */
export function densityScale({ latent_density: values }, { top, bottom }) {
  return linear(0, highest(values) * HEADROOM, bottom, top);
}

/** The largest value, or 1 if none is above 0. @param {ArrayLike<number>} values */
function highest(values) {
  let top = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > top) top = values[i];
  return top || 1;
}
