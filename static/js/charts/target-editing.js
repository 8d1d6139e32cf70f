// @ts-check
/**
 * Editing the target in the data chart: handles for the position, width and weight of a mode, and freehand drawing of a
 * density. The schema says which setting each drag changes; this module knows no target by name.
 */

import { clamp } from "../format.js";
import { font, text, valueAt, widthOfWords } from "../plot/index.js";
import { settingAt } from "../state/schema.js";

/** @import {ChartContext, Handle, FreehandTool, Theme} from "./types.js" */
/** @import {Control, Drag} from "../state/schema.js" */
/** @import {Store} from "../state/store.js" */
/** @typedef {ReturnType<typeof import("./layout.js").dataLayout>} DataLayout */
/** @typedef {ChartContext & DataLayout & {samplesTheme?: Theme}} DataContext `samplesTheme`: that of the samples, if it is another one */

/**
 * An object of the config, such as a mode, whose settings can be changed by dragging in the data chart.
 * @typedef {object} DragTarget
 * @property {string} path of the object
 * @property {string|null} list path of the list that holds the object
 * @property {Partial<Record<Exclude<Drag, "">, Control>>} adjustments the settings, by the kind of drag that changes them
 */

/**
 * @param {Control[]} controls
 * @param {Record<string, any>} config
 * @returns {DragTarget[]}
 */
export function dragTargetsOf(controls, config) {
  /** @type {Map<string, DragTarget>} */
  const targets = new Map();
  /** @param {Control} control @param {string} path @param {string|null} list */
  function add(control, path, list) {
    if (!control.drag) return;
    const object = path.slice(0, path.lastIndexOf("."));
    const target = targets.get(object) ?? { path: object, list, adjustments: {} };
    target.adjustments[control.drag] = { ...control, path };
    targets.set(object, target);
  }
  for (const control of controls) {
    add(control, control.path, null);
    if (control.kind !== "modes") continue;
    const rows = settingAt(config, control.path) ?? [];
    for (let index = 0; index < rows.length; index++) {
      for (const item of control.items) add(item, `${control.path}.${index}.${item.path}`, control.path);
    }
  }
  return [...targets.values()];
}

/** Positions are dragged in tenths of a unit. */
const POSITION_STEP = 0.1;
/** Weights and heights are dragged in hundredths. */
const WEIGHT_STEP = 0.01;
/** The largest weight of a dragged mode: the other modes keep the rest. */
const LARGEST_WEIGHT = 0.95;

/**
 * @param {DataContext} chart
 * @returns {Handle[]}
 */
export function handlesOf(chart) {
  const { store: { config, dragTargets }, x, densities } = chart;
  if (!config) return [];
  return dragTargets.flatMap(({ list, adjustments }) => {
    const { position, width, width_left: widthLeft, weight } = adjustments;
    const centre = position && settingAt(config, position.path);
    if (!position || typeof centre !== "number") return [];
    /** @type {Handle[]} */
    const handles = [{
      x: x(centre), y: densities.bottom, shape: "position",
      changeAt: (px) => ({ path: position.path, value: rounded(x.invert(px), position, POSITION_STEP) }),
    }];
    if (width) handles.push(widthHandle(chart, centre, width, 1));
    if (widthLeft) handles.push(widthHandle(chart, centre, widthLeft, -1));
    if (weight && list && settingAt(config, list).length > 1) handles.push(weightHandle(chart, centre, weight, list));
    return handles;
  });
}

/**
 * A handle on the density, one width beside the centre.
 * @param {DataContext} chart @param {number} centre @param {Control} width @param {1|-1} side
 * @returns {Handle}
 */
function widthHandle(chart, centre, width, side) {
  const { x, store } = chart;
  const end = centre + side * settingAt(store.config, width.path);
  return {
    x: x(end), y: heightAt(chart, end), shape: "width",
    changeAt: (px) => ({ path: width.path, value: rounded(side * (x.invert(px) - centre), width, width.step ?? POSITION_STEP) }),
  };
}

/**
 * A handle on the peak. Raising it takes weight from the other modes, whose ratios stay.
 * @param {DataContext} chart @param {number} centre @param {Control} control @param {string} list
 * @returns {Handle}
 */
function weightHandle(chart, centre, control, list) {
  const { x, y, scene, store } = chart;
  const rows = /** @type {Record<string, number>[]} */ (settingAt(store.config, list));
  const [index, key] = control.path.slice(list.length + 1).split(".");
  const total = rows.reduce((sum, row) => sum + row[key], 0);
  const own = rows[Number(index)][key] / total;
  const density = valueAt(scene.grid, scene.target_density, centre);
  return {
    x: x(centre), y: heightAt(chart, centre), shape: "weight",
    changeAt(_, py) {
      const weight = clamp((own * y.invert(py)) / density, WEIGHT_STEP, LARGEST_WEIGHT);
      const value = rows.map((row, i) => {
        const part = i === Number(index) ? weight : (row[key] / total / (1 - own)) * (1 - weight);
        return { ...row, [key]: rounded(part, control, WEIGHT_STEP) };
      });
      return { path: list, value };
    },
  };
}

/** The pixel of the target density at `position`, within the plot. @param {DataContext} chart @param {number} position */
function heightAt({ scene, y, densities }, position) {
  const density = valueAt(scene.grid, scene.target_density, position);
  return clamp(y(Number.isFinite(density) ? density : 0), densities.top, densities.bottom);
}

/** @param {number} value @param {Control} range @param {number} step */
function rounded(value, { low, high }, step) {
  const near = Number((Math.round(value / step) * step).toFixed(6));
  return clamp(near, low ?? -Infinity, high ?? Infinity);
}

/**
 * The target whose density can be drawn, if there is one.
 * @param {Pick<Store, "dragTargets">} store
 * @returns {DragTarget|undefined}
 */
export function drawableTarget({ dragTargets }) {
  return dragTargets.find(({ adjustments }) => adjustments.curve && adjustments.position && adjustments.width);
}

/**
 * Say that the density can be drawn: in the middle of the plot, or as near to it as the fake density leaves free.
 * @param {DataContext} chart
 */
export function drawHint(chart) {
  const { ctx, theme, plot, store } = chart;
  if (store.sketch || store.readonly || !drawableTarget(store)) return;
  const words = "draw the density here";
  ctx.font = font(theme);
  const half = widthOfWords(ctx, words) / 2;
  const middle = (plot.left + plot.right) / 2;
  let x = middle;
  // Positions farther and farther from the middle, alternately on the left and on the right.
  for (let away = 0; away < plot.width / 2 - half; away += theme.size / 4) {
    const free = [middle - away, middle + away].find((centre) => isFree(chart, centre - half, centre + half));
    if (free === undefined) continue;
    x = free;
    break;
  }
  text(chart, words, x, plot.top, { color: theme.muted, align: "center", baseline: "top" });
}

/**
 * Whether, between two pixels, the fake density stays below the first line of text.
 * @param {DataContext} chart @param {number} left @param {number} right
 */
function isFree({ scene, frame, theme, plot, x, y }, left, right) {
  if (!frame) return true;
  const floor = plot.top + theme.size * 1.5;
  const beside = theme.size * 0.4;
  const density = frame.arrays.fake_density;
  for (let i = 0; i < density.length; i++) {
    const px = x(scene.grid[i]);
    if (y(density[i]) < floor && px > left - beside && px < right + beside) return false;
  }
  return true;
}

/**
 * The tool for drawing a density from a pixel on; null where none can be drawn. Only relative heights matter, so the curve
 * is drawn to the present scale and normalized by its highest value.
 * @param {DataContext} chart @param {number} px @param {number} py
 * @returns {FreehandTool|null}
 */
export function freehandAt({ store, plot, gap, x, y, densities }, px, py) {
  const { curve, position, width } = drawableTarget(store)?.adjustments ?? {};
  const isInside =
    px >= plot.left - gap && px <= plot.right + gap && py >= plot.top - gap && py <= densities.bottom + gap;
  if (!curve || !position || !width || !isInside) return null;
  const heights = /** @type {number[]} */ (settingAt(store.config, curve.path));
  const [centre, half] = [position, width].map(({ path }) => settingAt(store.config, path));
  const step = (2 * half) / (heights.length - 1);
  const knots = heights.map((_, i) => centre - half + i * step);
  const area = heights.reduce((sum, height, i) => sum + height * (i === 0 || i === heights.length - 1 ? step / 2 : step), 0);
  const density = heights.map((height) => height / area);
  let last = { x: x.invert(px), density: clamp(y.invert(py), 0, y.high) };
  return {
    moveTo(nextX, nextY) {
      const next = { x: x.invert(nextX), density: clamp(y.invert(nextY), 0, y.high) };
      drawStroke(knots, density, last, next);
      last = next;
      const highest = Math.max(...density);
      const change = highest > 0 ? { path: curve.path, value: density.map((d) => Number((d / highest).toFixed(3))) } : null;
      return { change, sketch: { x: knots, density: [...density] } };
    },
  };
}

/**
 * Set the density at every knot between two points of a stroke, and at the knot nearest to its end.
 * @param {number[]} knots @param {number[]} density changed in place
 * @param {{x: number, density: number}} from @param {{x: number, density: number}} to
 */
function drawStroke(knots, density, from, to) {
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
