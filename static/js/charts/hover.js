// @ts-check
/** One pointed-at value, seen from the charts whose axis is x. */

import { valueAt } from "../plot/index.js";
import { curveOf, pointedCurve } from "./curves.js";

/**
 * The x that is lit: the one pointed at, or where G sends the z that is pointed at. Where G has several curves it is the
 * pointed-at one's; without one, a z leads to many x, and none of them is lit.
 * @param {import("./types.js").Store} store
 * @returns {{value: number, fromNoise: boolean} | null}
 */
export function hoveredX(store) {
  const { scene, frame, hover } = store;
  if (!hover || !scene) return null;
  if (hover.axis === "x") return { value: hover.value, fromNoise: false };
  const total = scene.curves.length;
  const pointed = total > 1 ? pointedCurve(store, total) : 0;
  if (!frame || pointed === undefined) return null;
  const map = curveOf(frame.arrays.generator, scene.latent_grid.length, pointed);
  const value = valueAt(scene.latent_grid, map, hover.value);
  return Number.isFinite(value) ? { value, fromNoise: true } : null;
}
