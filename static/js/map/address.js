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
 * What an address says.
 * @param {string} hash with or without the “#” @param {Content} content
 * @returns {{view: View, cell: number|null, refused: string[]}} `refused`: parts that the sweep does not have, which are left out
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
  const cell = below(query.get("cell"), content.cells.length);
  /** @type {Record<string, string|null>} */
  const understood = { by: view.by, order: view.order.join(","), slice: String(view.slice), cell: cell === null ? null : String(cell) };
  const refused = [...query].filter(([name, text]) => understood[name] !== text).map((pair) => pair.join("="));
  return { view, cell, refused };
}

/** A whole number below a limit; null for anything else. @param {string|null} text @param {number} limit */
function below(text, limit) {
  return text !== null && /^\d{1,6}$/.test(text) && Number(text) < limit ? Number(text) : null;
}
