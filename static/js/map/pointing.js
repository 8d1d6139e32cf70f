// @ts-check
/** Pointer and keys on a map: tiles are shown, clicked and opened. */

import { setText } from "../dom.js";
import { placeAfter, placeAt, tileAt } from "./geometry.js";

/** @import {MapPicture} from "./picture.js" */
/** @import {MapState} from "./state.js" */

/** @param {Document} page @param {MapState} state @param {MapPicture} picture */
export function mountPointing(page, state, picture) {
  const { canvas } = picture;
  const tip = /** @type {HTMLElement} */ (page.getElementById("map-tip"));
  const spoken = page.getElementById("map-spoken");

  /** @param {PointerEvent|MouseEvent} event */
  const cellUnder = ({ offsetX, offsetY }) => picture.geometry && state.cellAt(placeAt(picture.geometry, offsetX, offsetY));
  /** The tile that was chosen is spoken. */
  const speak = () => state.cursor !== null && setText(spoken, state.wordsOf(state.cursor));

  canvas.addEventListener("click", (event) => {
    const cell = cellUnder(event);
    if (cell === null) return;
    if (cell === state.cursor && state.clicked.at(-1) === cell) state.open(cell);
    else state.click(cell);
    speak();
  });
  canvas.addEventListener("pointermove", (event) => {
    const cell = event.pointerType === "touch" ? null : cellUnder(event);
    showTip(tip, cell, state, picture);
    canvas.style.cursor = cell === null ? "" : "pointer";
    // The panel follows the pointer until a tile is clicked.
    if (cell === null || state.clicked.length > 0 || cell === state.cursor) return;
    state.moveTo(cell);
    speak();
  });
  canvas.addEventListener("pointerleave", () => showTip(tip, null, state, picture));
  // Not for each place on the way of a key that is held.
  canvas.addEventListener("keyup", ({ key }) => key.startsWith("Page") && state.remember());
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !followKey(event.key, state, picture)) return;
    event.preventDefault();
    speak();
  });
}

/** Do what a key stands for. @param {string} key @param {MapState} state @param {MapPicture} picture @returns {boolean} whether it stands for anything */
function followKey(key, state, { geometry }) {
  if (!geometry) return false;
  if (key === "PageUp" || key === "PageDown") {
    if (!state.third()) return false;
    state.turnSlice(state.view.slice + (key === "PageUp" ? 1 : -1));
    return true;
  }
  const now = state.placeOf(state.cursor);
  const place = placeAfter(geometry, now ?? { column: 0, row: 0 }, key);
  // The first key leads to the first tile.
  if (place) state.moveTo(state.cellAt(now ? place : { column: 0, row: 0 }));
  else if (key === "Enter" && state.cursor !== null) state.open(state.cursor);
  else if (key === " " && state.cursor !== null) state.click(state.cursor);
  else return false;
  return true;
}

/** Words at a tile, above it if there is room; none on another slice. @param {HTMLElement} tip @param {number|null} cell @param {MapState} state @param {MapPicture} picture */
function showTip(tip, cell, state, { canvas, geometry }) {
  const place = state.placeOf(cell);
  tip.hidden = !place;
  if (!place || !geometry || cell === null) return;
  setText(tip, state.wordsOf(cell));
  const tile = tileAt(geometry, place.column, place.row);
  const left = Math.min(Math.max(0, tile.x + tile.width / 2 - tip.offsetWidth / 2), canvas.clientWidth - tip.offsetWidth);
  const above = tile.y - tip.offsetHeight - 8;
  tip.style.translate = `${left + canvas.offsetLeft}px ${(above > 0 ? above : tile.y + tile.height + 8) + canvas.offsetTop}px`;
}
