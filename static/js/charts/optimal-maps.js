// @ts-check
/** The two maps that turn a prior exactly into the target, increasing and mirrored, and which of them a learned map is nearer to. */

import { curveOf } from "./curves.js";

/** @import {Frame, Scene} from "./types.js" */

/** The other optimal map becomes the nearer one when its distance is below this share of the present one's. */
const CLEARLY = 0.85;
/** For each scene and curve, whether the mirrored map is the nearer one. @type {WeakMap<Scene, boolean[]>} */
const mirrored = new WeakMap();

/**
 * The two optimal maps of a curve, the nearer one first. They change places only where the other one is clearly nearer.
 * @param {Scene} scene @param {Frame|null} frame @param {number} k
 */
export function idealsOf(scene, frame, k) {
  const pair = { nearer: scene.optimal_maps[k], other: scene.optimal_maps_mirrored[k] };
  if (!frame || !pair.other) return pair;
  const distance = meanDistances(curveOf(frame.arrays.generator, scene.latent_grid.length, k), scene, k);
  const known = mirrored.get(scene) ?? [];
  const was = known[k] ?? distance.mirrored < distance.straight;
  known[k] = was ? !(distance.straight < CLEARLY * distance.mirrored) : distance.mirrored < CLEARLY * distance.straight;
  mirrored.set(scene, known);
  return known[k] ? { nearer: pair.other, other: pair.nearer } : pair;
}

/**
 * The mean distances between a learned map and its two optimal maps, weighted by the density of z.
 * @param {ArrayLike<number>} map @param {Scene} scene @param {number} k
 */
export function meanDistances(map, scene, k) {
  let weight = 0;
  let straight = 0;
  let reversed = 0;
  for (let i = 0; i < map.length; i++) {
    const mass = scene.latent_density[i];
    const a = Math.abs(map[i] - scene.optimal_maps[k][i]);
    const b = Math.abs(map[i] - scene.optimal_maps_mirrored[k][i]);
    if (!(mass > 0) || !Number.isFinite(a) || !Number.isFinite(b)) continue;
    weight += mass;
    straight += mass * a;
    reversed += mass * b;
  }
  return { straight: straight / weight, mirrored: reversed / weight };
}
