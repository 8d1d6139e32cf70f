// @ts-check
/** Reading a chart of the spectrum: the eigenvalue, or the place on the path, under the pointer or by the arrow keys. */

/** @import {SpectrumView} from "./spectrum-view.js" */

/** Distance from the pointer within which an eigenvalue is read, in CSS pixels. */
const REACH = 40;

/**
 * Keep `view.pointed` at what is read.
 * @param {HTMLCanvasElement} canvas
 * @param {SpectrumView} view
 * @param {object} reading
 * @param {(x: number, y: number) => number|null} reading.indexAt what is under the pointer; null for nothing
 * @param {() => number} reading.count how much there is to read
 * @param {() => void} reading.changed
 */
export function readAt(canvas, view, { indexAt, count, changed }) {
  const point = (/** @type {number|null} */ index) => {
    if (index === view.pointed) return;
    view.pointed = index;
    changed();
  };
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => point(indexAt(offsetX, offsetY)));
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("blur", () => point(null));
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const total = count();
    if (!move || !total) return;
    event.preventDefault();
    point(Math.max(0, Math.min(total - 1, (view.pointed ?? (move > 0 ? -1 : total)) + move)));
  });
}

/** Index of the place nearest to a point, if it is near. @param {number[][]} places @param {number} x @param {number} y @returns {number|null} */
export function nearestIndex(places, x, y) {
  const distances = places.map(([px, py]) => Math.hypot(px - x, py - y));
  const nearest = distances.indexOf(Math.min(...distances));
  return distances[nearest] < REACH ? nearest : null;
}
