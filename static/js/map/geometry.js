// @ts-check
/** Where the tiles of a map lie, which one is under a pointer, and which one an arrow key leads to. */

/** @import {Axis} from "./results.js" */
/** @typedef {{x: number, y: number, width: number, height: number}} Rectangle in CSS pixels */
/**
 * `pitch` is the distance of two tiles, `gap` the space between them; `band` is the thickness of the marginals, 0 for none.
 * @typedef {{left: number, top: number, across: number, up: number, gap: number, band: number, columns: number, rows: number,
 *   isRising: boolean}} Geometry
 */

/** Largest width of a tile, in heights, and largest height, in widths; a single row fills the map. */
const WIDEST = 1.9;
const TALLEST = 1.25;
/** Largest height of a tile, in heights of text, and that of a single row, which has tall bars. */
const LARGEST = 16;
const LARGEST_ALONE = 26;
/** Thickness of the marginals, in heights of text. */
const BAND = 2.2;

/**
 * @param {{width: number, height: number}} box
 * @param {{columns: number, rows: number, size: number, left: number, isRising: boolean}} options `size`: height of the text;
 *   `left`: width of the words of the rows; `isRising`: whether rows begin below
 * @returns {Geometry}
 */
export function geometryOf(box, { columns, rows, size, left, isRising }) {
  const band = columns * rows > 1 ? BAND * size : 0;
  const above = 1.7 * size + (columns > 1 && rows > 1 ? band + size * 0.6 : 0);
  const below = 3.2 * size;
  const right = columns > 1 && rows > 1 ? band + size * 0.6 : 0;
  const room = { width: Math.max(columns, box.width - left - right - 2), height: Math.max(rows, box.height - above - below) };
  let across = room.width / columns;
  let up = Math.min(room.height / rows, (rows > 1 ? LARGEST : LARGEST_ALONE) * size);
  if (rows > 1) across = Math.min(across, WIDEST * up);
  if (rows > 1) up = Math.min(up, TALLEST * Math.max(across, 3 * size));
  const smallest = Math.min(across, up);
  return { left, top: above, across, up, gap: smallest > 20 ? 2 : smallest > 6 ? 1 : 0, band, columns, rows, isRising };
}

/** @param {Geometry} geometry @param {number} column @param {number} row @returns {Rectangle} */
export function tileAt({ left, top, across, up, gap, rows, isRising }, column, row) {
  const line = isRising ? rows - 1 - row : row;
  const [x, y] = [Math.round(left + column * across), Math.round(top + line * up)];
  return { x, y, width: Math.max(1, Math.round(left + (column + 1) * across) - x - gap), height: Math.max(1, Math.round(top + (line + 1) * up) - y - gap) };
}

/** The marginal of a column, above it. @param {Geometry} geometry @param {number} column @returns {Rectangle} */
export function columnBand(geometry, column) {
  const { x, width } = tileAt(geometry, column, 0);
  return { x, width, y: geometry.top - geometry.band - geometry.band * 0.25, height: geometry.band };
}

/** The marginal of a row, to the right of it. @param {Geometry} geometry @param {number} row @returns {Rectangle} */
export function rowBand(geometry, row) {
  const { y, height } = tileAt(geometry, 0, row);
  return { x: Math.round(geometry.left + geometry.columns * geometry.across + geometry.band * 0.2), width: geometry.band, y, height };
}

/** The tile at a point; null beside the tiles. @param {Geometry} geometry @param {number} x @param {number} y */
export function placeAt({ left, top, across, up, columns, rows, isRising }, x, y) {
  const [column, line] = [Math.floor((x - left) / across), Math.floor((y - top) / up)];
  if (column < 0 || line < 0 || column >= columns || line >= rows) return null;
  return { column, row: isRising ? rows - 1 - line : line };
}

/** The tile to which a key leads; null for other keys. @param {Geometry} geometry @param {{column: number, row: number}} from @param {string} key */
export function placeAfter({ columns, rows, isRising }, { column, row }, key) {
  const rise = isRising ? 1 : -1;
  /** @type {Record<string, [number, number]>} */
  const moves = {
    ArrowLeft: [column - 1, row], ArrowRight: [column + 1, row], ArrowUp: [column, row + rise], ArrowDown: [column, row - rise],
    Home: [0, row], End: [columns - 1, row],
  };
  if (!(key in moves)) return null;
  const [x, y] = moves[key];
  return { column: Math.min(columns - 1, Math.max(0, x)), row: Math.min(rows - 1, Math.max(0, y)) };
}

/** Whether an axis rises from below: numbers do, words are read from above. @param {Axis|undefined} axis */
export function risesUp(axis) {
  return axis !== undefined && axis.scale !== "choice";
}
