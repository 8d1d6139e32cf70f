// @ts-check
/**
 * The target in the hand: handles that move a mode, pull its flank or lift its peak, and a pen that draws a density. Which
 * setting is which is said by the schema; no target is known by name.
 */

import { font, text, valueAt as valueOn } from "../plot/index.js";
import { valueAt } from "../state/schema.js";
import { clamp } from "../format.js";

/** @import {Store, Scene, Handle, Pen, Theme} from "./types.js" */
/** @typedef {ReturnType<typeof import("./layout.js").dataFrame>} DataFrame */
/** @typedef {import("../state/schema.js").Drag} Drag */
/** @typedef {import("../state/schema.js").Control} Control */

/**
 * What of the config a hand can turn in the chart of the data. All of one object belong together: the place of a mode, its
 * flank and its peak.
 * @typedef {object} Grip
 * @property {string} path of the object
 * @property {string|null} list path of the list that it is in
 * @property {Partial<Record<Exclude<Drag, "">, Control>>} turns what can be done with it; each control's path is its own
 */

/**
 * @param {Control[]} controls
 * @param {Record<string, any>} config
 * @returns {Grip[]}
 */
export function gripsOf(controls, config) {
  /** @type {Map<string, Grip>} */
  const grips = new Map();
  /** @param {Control} control @param {string} path @param {string|null} list */
  function add(control, path, list) {
    if (!control.drag) return;
    const object = path.slice(0, path.lastIndexOf("."));
    const grip = grips.get(object) ?? { path: object, list, turns: {} };
    grip.turns[control.drag] = { ...control, path };
    grips.set(object, grip);
  }
  for (const control of controls) {
    add(control, control.path, null);
    if (control.kind !== "modes") continue;
    const rows = valueAt(config, control.path) ?? [];
    for (let index = 0; index < rows.length; index++) {
      for (const item of control.items) add(item, `${control.path}.${index}.${item.path}`, control.path);
    }
  }
  return [...grips.values()];
}

/** A tenth of a unit is as fine as a hand can mean a place. */
const PLACE_STEP = 0.1;
/** And a hundredth, a share or a height. */
const SHARE_STEP = 0.01;
/** A mode's share cannot be dragged beyond this: the others have to have some. */
const LARGEST_SHARE = 0.95;

/**
 * @param {Store} store
 * @param {DataFrame} at
 * @returns {Handle[]}
 */
export function handlesOf({ scene, config, grips = [] }, at) {
  if (!scene || !config) return [];
  return grips.flatMap((grip) => {
    const { place, reach, reach_left: reachLeft, share } = grip.turns;
    const centre = place && valueAt(config, place.path);
    if (!place || typeof centre !== "number") return [];
    /** @type {Handle[]} */
    const handles = [{
      x: at.x(centre), y: at.densities.bottom, shape: "place",
      aim: (x) => ({ path: place.path, value: rounded(at.x.invert(x), place, PLACE_STEP) }),
    }];
    if (reach) handles.push(flank(scene, config, at, centre, reach, 1));
    if (reachLeft) handles.push(flank(scene, config, at, centre, reachLeft, -1));
    if (share && grip.list && valueAt(config, grip.list).length > 1) handles.push(peak(scene, config, at, centre, share, grip.list));
    return handles;
  });
}

/**
 * At one width beside the place, on the curve.
 * @param {Scene} scene @param {any} config @param {DataFrame} at @param {number} centre @param {Control} reach @param {1|-1} side
 * @returns {Handle}
 */
function flank(scene, config, at, centre, reach, side) {
  const end = centre + side * valueAt(config, reach.path);
  return {
    x: at.x(end), y: heightAt(scene, at, end), shape: "reach",
    aim: (x) => ({ path: reach.path, value: rounded(side * (at.x.invert(x) - centre), reach, reach.step ?? PLACE_STEP) }),
  };
}

/**
 * On the peak: lifted, it takes its share from the others, which keep their ratios.
 * @param {Scene} scene @param {any} config @param {DataFrame} at @param {number} centre @param {Control} share
 * @param {string} list
 * @returns {Handle}
 */
function peak(scene, config, at, centre, share, list) {
  const rows = /** @type {Record<string, number>[]} */ (valueAt(config, list));
  const [index, key] = share.path.slice(list.length + 1).split(".");
  const total = rows.reduce((sum, row) => sum + row[key], 0);
  const own = rows[Number(index)][key] / total;
  const density = valueOn(scene.grid, scene.target_density, centre);
  const others = 1 - own;
  return {
    x: at.x(centre), y: heightAt(scene, at, centre), shape: "share",
    aim(_, y) {
      const wanted = clamp((own * at.density.invert(y)) / density, SHARE_STEP, LARGEST_SHARE);
      const value = rows.map((row, i) => {
        const part = i === Number(index) ? wanted : (row[key] / total / others) * (1 - wanted);
        return { ...row, [key]: rounded(part, share, SHARE_STEP) };
      });
      return { path: list, value };
    },
  };
}

/** @param {Scene} scene @param {DataFrame} at @param {number} x */
function heightAt(scene, at, x) {
  const density = valueOn(scene.grid, scene.target_density, x);
  return clamp(at.density(Number.isFinite(density) ? density : 0), at.densities.top, at.densities.bottom);
}

/** @param {number} value @param {Control} range @param {number} step */
function rounded(value, { low, high }, step) {
  const near = Number((Math.round(value / step) * step).toFixed(6));
  return clamp(near, low ?? -Infinity, high ?? Infinity);
}

/**
 * The grip whose curve can be drawn, if there is one.
 * @param {Store} store
 * @returns {Grip|undefined}
 */
export function drawnGrip({ grips = [] }) {
  return grips.find(({ turns }) => turns.curve && turns.place && turns.reach);
}

/**
 * Says that the target is drawn by hand: in the middle, or as near to it as fakes leave room that reach up there.
 * @param {CanvasRenderingContext2D} ctx @param {Store} store @param {DataFrame} at @param {Theme} theme
 */
export function invite(ctx, store, at, theme) {
  if (!store.scene || store.ink || store.readonly || !drawnGrip(store)) return;
  const { plot } = at;
  const words = "draw the density here";
  ctx.font = font(theme);
  const half = ctx.measureText(words).width / 2;
  const middle = (plot.left + plot.right) / 2;
  let x = middle;
  // To either side by turns, and farther each time.
  for (let away = 0; away < plot.width / 2 - half; away += theme.size / 4) {
    const free = [middle - away, middle + away].find((place) => isFree(store, at, place - half, place + half, theme));
    if (free === undefined) continue;
    x = free;
    break;
  }
  text(ctx, words, x, plot.top, { theme, color: theme.muted, align: "center", baseline: "top" });
}

/**
 * Whether no fakes reach up to the first line of text between two pixels, nor a peak's height, which stands right of it.
 * @param {Store} store @param {DataFrame} at @param {number} left @param {number} right @param {Theme} theme
 */
function isFree({ scene, frame }, at, left, right, theme) {
  if (!scene || !frame) return true;
  const floor = at.plot.top + theme.size * 1.5;
  const beside = theme.size * 0.4;
  const density = frame.arrays.fake_density;
  for (let i = 0; i < density.length; i++) {
    const x = at.x(scene.grid[i]);
    const end = density[i] > scene.density_high ? x + theme.size * 3 : x;
    if (at.density(density[i]) < floor && end > left - beside && x < right + beside) return false;
  }
  return true;
}

/**
 * A pen put down at a pixel, if a curve can be drawn there. Heights are relative, so the curve is drawn to the scale of
 * this moment, and made to fit its bounds afterwards.
 * @param {Store} store @param {DataFrame} at @param {number} x @param {number} y
 * @returns {Pen|null}
 */
export function penAt(store, at, x, y) {
  const { curve, place, reach } = drawnGrip(store)?.turns ?? {};
  const inside = x >= at.plot.left && x <= at.plot.right && y >= at.plot.top - at.gap && y <= at.densities.bottom + at.gap;
  if (!curve || !place || !reach || !inside) return null;
  const heights = /** @type {number[]} */ (valueAt(store.config, curve.path));
  const [centre, half] = [place, reach].map(({ path }) => valueAt(store.config, path));
  const step = (2 * half) / (heights.length - 1);
  const knots = heights.map((_, i) => centre - half + i * step);
  const area = heights.reduce((sum, height, i) => sum + height * (i === 0 || i === heights.length - 1 ? step / 2 : step), 0);
  const density = heights.map((height) => height / area);
  let last = { x: at.x.invert(x), density: at.density.invert(y) };
  return {
    to(nextX, nextY) {
      const next = { x: at.x.invert(nextX), density: Math.max(0, at.density.invert(nextY)) };
      stroke(knots, density, last, next);
      last = next;
      const highest = Math.max(...density);
      const turn = highest > 0 ? { path: curve.path, value: density.map((d) => Number((d / highest).toFixed(3))) } : null;
      return { turn, ink: { x: knots, density: [...density] } };
    },
  };
}

/**
 * Heights between two points of the pen, and the one nearest to where it is now.
 * @param {number[]} knots @param {number[]} density changed in place
 * @param {{x: number, density: number}} from @param {{x: number, density: number}} to
 */
function stroke(knots, density, from, to) {
  const step = knots[1] - knots[0];
  const low = Math.min(from.x, to.x);
  const high = Math.max(from.x, to.x);
  for (let i = 0; i < knots.length; i++) {
    if (Math.abs(knots[i] - to.x) <= step / 2) density[i] = to.density;
    else if (knots[i] >= low && knots[i] <= high) {
      density[i] = from.density + ((to.density - from.density) * (knots[i] - from.x)) / (to.x - from.x);
    }
  }
}
