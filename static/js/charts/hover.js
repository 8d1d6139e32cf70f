// @ts-check
/** One pointed-at value, seen from the charts whose axis is x. */

import { valueAt } from "../plot.js";

/**
 * The x that is lit: the one pointed at, or where G sends the z that is pointed at.
 * @param {import("./types.js").Store} store
 * @returns {{value: number, fromNoise: boolean} | null}
 */
export function hoveredX({ scene, frame, hover }) {
  if (!hover || !scene) return null;
  if (hover.axis === "x") return { value: hover.value, fromNoise: false };
  if (!frame) return null;
  const value = valueAt(scene.latent_grid, frame.arrays.generator, hover.value);
  return Number.isFinite(value) ? { value, fromNoise: true } : null;
}
