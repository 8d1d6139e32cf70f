// @ts-check
/** What a map shows and what is chosen on it: the results, the view, the tile that keys and pointer follow, and clicked tiles. */

import { inLanguage } from "../words.js";
import { readView, writeView } from "./address.js";
import { runLink } from "./links.js";
import { Results, numberWords } from "./results.js";

/** @import {Axis, Content, MapNumber, Row, Run, View} from "./results.js" */
/** @typedef {import("./draw.js").Place} Place */

export class MapState {
  /** @param {{lab: string, onChange: () => void, onView: (hash: string) => void}} context `lab`: address of the page that opens runs;
   *   `onView`: called with the view as the address has it, after each choice but a tile on the way of the pointer */
  constructor({ lab, onChange, onView }) {
    this.lab = lab;
    this.onChange = onChange;
    this.onView = onView;
    /** @type {Results|null} */
    this.results = null;
    /** @type {View} */
    this.view = { order: [0], slice: 0, by: "outcome" };
    /** The cell that the panel shows. @type {number|null} */
    this.cursor = null;
    /** The last two cells that were clicked, the newest last. @type {number[]} */
    this.clicked = [];
  }

  /**
   * Begin with a sweep, in the view of an address.
   * @param {Content} content @param {string} hash
   * @returns {string[]} parts of the address that the sweep does not have
   */
  begin(content, hash) {
    const { view, cell, refused } = readView(hash, content);
    this.results = new Results(content);
    this.view = view;
    this.cursor = cell;
    this.clicked = cell === null ? [] : [cell];
    this.onChange();
    return refused;
  }

  /** Add finished runs. @param {Row[]} rows */
  add(rows) {
    this.results?.add(rows);
    this.onChange();
  }

  /** Whether all runs have ended. */
  isDone() {
    return this.results !== null && this.results.done >= this.results.content.runs;
  }

  /** The cell that was clicked before the one that the panel shows; null without one. */
  before() {
    return this.clicked.findLast((cell) => cell !== this.cursor) ?? null;
  }

  /** The axis with the slider; undefined without a third one. @returns {Axis|undefined} */
  third() {
    return this.results?.content.axes[this.view.order[2]];
  }

  /** The place of a cell in the view; null on another slice. @param {number|null} cell @returns {Place|null} */
  placeOf(cell) {
    if (cell === null || !this.results) return null;
    const indices = this.results.indicesOf(cell);
    const [column, row = 0, slice = this.view.slice] = this.view.order.map((axis) => indices[axis]);
    return slice === this.view.slice ? { column, row } : null;
  }

  /** The cell at a place of the view; null for no place. @param {Place|null} place */
  cellAt(place) {
    return place && this.results ? this.results.cellAt(this.view, place.column, place.row) : null;
  }

  /** @param {number|null} cell */
  moveTo(cell) {
    this.cursor = cell;
    this.onChange();
  }

  /** @param {number} cell */
  click(cell) {
    this.clicked = [...this.clicked.filter((one) => one !== cell), cell].slice(-2);
    this.moveTo(cell);
    this.remember();
  }

  /** Open the run that stands for a cell. @param {number} cell */
  open(cell) {
    const runs = this.results?.cells[cell];
    if (this.results && runs?.length) window.open(this.lab + runLink(this.results, cell, this.results.typical(runs, this.view.by)), "gan1d-lab");
  }

  /** Colour by a number or by "outcome". @param {string} by */
  colorBy(by) {
    this.view = { ...this.view, by };
    this.remember();
    this.onChange();
  }

  /** Show another place on the third axis, if there is one; the cursor goes with it. @param {number} slice */
  turnSlice(slice) {
    const place = this.placeOf(this.cursor);
    const last = (this.third()?.values.length ?? 1) - 1;
    this.view = { ...this.view, slice: Math.min(last, Math.max(0, slice)) };
    this.moveTo(place ? this.cellAt(place) : this.cursor);
  }

  /** Let the second axis run across, the third one up, and the first one have the slider. */
  turnAxes() {
    this.view = { ...this.view, order: [...this.view.order.slice(1), this.view.order[0]], slice: 0 };
    this.remember();
    this.onChange();
  }

  /** Hand the view on to the address, which browsers limit, so not for each tile on the way of the pointer. */
  remember() {
    this.onView(writeView(this.view, this.clicked.at(-1) ?? null));
  }

  /** The map in words, for screen readers. */
  describe() {
    if (!this.results) return "";
    const { axes } = this.results.content;
    const names = this.view.order.slice(0, 2).map((axis) => axes[axis].label).join(" by ");
    const number = this.results.number(this.view.by);
    return `Map of ${names}, coloured by ${number ? `the median of ${number.label}` : "outcome"}. All runs: ${this.results.endings(this.results.all())}.`;
  }

  /** The words of a cell, for its tip and for screen readers. @param {number} cell */
  wordsOf(cell) {
    if (!this.results) return "";
    const runs = this.results.cells[cell];
    const number = this.results.number(this.view.by);
    return [this.results.nameOf(cell), ...(number && runs.length > 0 ? [this.#numberOf(runs, number)] : []), this.results.endings(runs)].join(". ");
  }

  /** A number's median with its quartiles, where they differ. @param {Run[]} runs not empty @param {MapNumber} number */
  #numberOf(runs, number) {
    const { low, median, high } = /** @type {import("./results.js").Quartiles} */ (this.results?.quartiles(runs, number.name));
    const [from, middle, to] = [low, median, high].map((value) => numberWords(value, number));
    return `${inLanguage(number.label)} ${middle}${low === high ? "" : ` (${from} – ${to})`}`;
  }
}
