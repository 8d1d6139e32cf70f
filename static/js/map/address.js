// @ts-check
/** The view of a map in its address: `#by=error&order=1,0&slice=2&cell=17`, so that a reload and a link show the same. */

/** @import {Content, View} from "./results.js" */

/** @param {View} view @param {number|null} cell the tile whose runs are listed @returns {string} without the “#”; "" for the usual view */
export function writeView({ by, order, slice }, cell) {
  const isUsual = order.every((axis, place) => axis === place);
  const parts = { by: by === "outcome" ? "" : by, order: isUsual ? "" : order.join(","), slice: slice ? String(slice) : "", cell: cell === null ? "" : String(cell) };
  return Object.entries(parts).filter(([, text]) => text).map((pair) => pair.join("=")).join("&");
}

/**
 * What an address says; what a sweep does not have is left out.
 * @param {string} hash with or without the “#” @param {Content} content
 * @returns {{view: View, cell: number|null}}
 */
export function readView(hash, content) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const usual = content.axes.map((_, axis) => axis);
  const order = (query.get("order") ?? "").split(",").map(Number);
  const isOrder = [...order].sort().join() === usual.join();
  const by = query.get("by") ?? "";
  const chosen = isOrder ? order : usual;
  const view = {
    by: content.numbers.some(({ name }) => name === by) ? by : "outcome",
    order: chosen,
    slice: below(query.get("slice"), content.axes[chosen[2]]?.values.length ?? 0) ?? 0,
  };
  return { view, cell: below(query.get("cell"), content.cells.length) };
}

/** A whole number below a limit; null for anything else. @param {string|null} text @param {number} limit */
function below(text, limit) {
  return text !== null && /^\d{1,6}$/.test(text) && Number(text) < limit ? Number(text) : null;
}
