// @ts-check
/** The value under the pointer, as seen by the charts over x. */

import { valueAt } from "../plot/index.js";
import { curveOf, pointedCurve } from "./curves.js";

/**
 * The x to highlight: the x under the pointer, or G(z) of the z under the pointer. Where G has several curves, it is that
 * of the pointed curve; without one, a z has several x and none is highlighted.
 * @param {import("../state/store.js").Store} store
 * @returns {{value: number, fromNoise: boolean} | null}
 */
export function hoveredX(store) {
  const { scene, frame, hover } = store;
  if (!hover || !scene) return null;
  if (hover.axis === "step") return null;
  if (hover.axis === "x") return { value: hover.value, fromNoise: false };
  const total = scene.curves.length;
  const pointed = total > 1 ? pointedCurve(store, total) : 0;
  if (!frame || pointed === undefined) return null;
  const map = curveOf(frame.arrays.generator, scene.latent_grid.length, pointed);
  const value = valueAt(scene.latent_grid, map, hover.value);
  return Number.isFinite(value) ? { value, fromNoise: true } : null;
}
