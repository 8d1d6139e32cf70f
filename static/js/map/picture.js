// @ts-check
/** The picture of a map and what stands beside it, drawn at most once a frame, and each part only where it has changed. */

import { setText } from "../dom.js";
import { formatCount, formatShare } from "../format.js";
import { readTheme } from "./colors.js";
import { drawMap, drawMarks, layOut } from "./draw.js";
import { drawCell, drawLegend } from "./panel.js";
import { tableOf } from "./table.js";

/** @import {MapTheme} from "./colors.js" */
/** @import {Geometry} from "./geometry.js" */
/** @import {Results} from "./results.js" */
/** @import {MapState} from "./state.js" */

export class MapPicture {
  /** @param {Document} page @param {MapState} state */
  constructor(page, state) {
    this.page = page;
    this.state = state;
    this.canvas = /** @type {HTMLCanvasElement} */ (page.getElementById("map"));
    this.table = /** @type {HTMLDetailsElement} */ (page.querySelector(".map-table"));
    /** Where the tiles lie; null before the first picture. @type {Geometry|null} */
    this.geometry = null;
    /** @type {MapTheme|null} */
    this.theme = null;
    /** The tiles, which stay while another one is chosen. */
    this.tiles = /** @type {CanvasRenderingContext2D} */ (page.createElement("canvas").getContext("2d"));
    /** What parts of the page were built of, by name. @type {Map<string, unknown[]>} */
    this.built = new Map();
    this.isScheduled = false;
    this.fontsLoaded = 0;
    this.table.addEventListener("toggle", () => this.schedule());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.readTheme());
    new ResizeObserver(() => this.schedule()).observe(this.canvas);
    // Letters on a canvas do not change by themselves when a font has come.
    document.fonts?.addEventListener("loadingdone", () => {
      this.fontsLoaded++;
      this.schedule();
    });
  }

  /** Draw in the next frame. */
  schedule() {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      if (this.state.results) this.#draw(this.state.results);
    });
  }

  /** Draw in the colours that the page has now. */
  readTheme() {
    this.theme = null;
    this.schedule();
  }

  /** Build a part only where what it shows has changed. @param {string} name @param {unknown[]} of @param {() => void} build */
  #buildIfChanged(name, of, build) {
    if (this.built.get(name)?.every((one, place) => one === of[place])) return;
    this.built.set(name, of);
    build();
  }

  /** @param {Results} results */
  #draw(results) {
    const { page, state, table } = this;
    const { view, cursor, lab } = state;
    const theme = (this.theme ??= readTheme(page.body, results.content.outcomes));
    const before = state.before();
    this.#drawCanvas(results, theme);
    this.#buildIfChanged("legend", [results, results.done, view.by, theme, cursor], () => drawLegend(page, results, view, theme, cursor));
    this.#buildIfChanged("cell", [results, results.done, view.by, theme, cursor, before], () => drawCell(page, results, theme, { cell: cursor, before, by: view.by, lab }));
    if (table.open) this.#buildIfChanged("table", [results, results.done, view], () => page.getElementById("map-table")?.replaceChildren(tableOf(results, view)));
    this.#drawProgress(results);
  }

  /** @param {Results} results @param {MapTheme} theme */
  #drawCanvas(results, theme) {
    const { canvas, state, tiles } = this;
    const box = { width: canvas.clientWidth, height: canvas.clientHeight };
    const [width, height] = [box.width, box.height].map((length) => Math.round(length * theme.ratio));
    this.#buildIfChanged("tiles", [results, results.done, state.view, theme, width, height, this.fontsLoaded], () => {
      Object.assign(tiles.canvas, { width, height });
      tiles.setTransform(theme.ratio, 0, 0, theme.ratio, 0, 0);
      const context = { ctx: tiles, theme, results, view: state.view };
      this.geometry = layOut(context, box);
      drawMap(context, this.geometry);
      canvas.setAttribute("aria-label", state.describe());
    });
    if (!this.geometry) return;
    Object.assign(canvas, { width, height });
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    if (width > 0 && height > 0) ctx.drawImage(tiles.canvas, 0, 0);
    ctx.setTransform(theme.ratio, 0, 0, theme.ratio, 0, 0);
    drawMarks({ ctx, theme, results, view: state.view }, this.geometry, { cursor: state.placeOf(state.cursor), before: state.placeOf(state.before()) });
  }

  /** @param {Results} results */
  #drawProgress({ content, done }) {
    const progress = /** @type {HTMLElement} */ (this.page.getElementById("map-progress"));
    const isDone = done >= content.runs;
    setText(progress, isDone ? `${formatCount(content.runs)} runs.` : `${formatCount(done)} of ${formatCount(content.runs)} runs have ended: ${formatShare(done / content.runs)}.`);
    progress.style.setProperty("--done", String(done / content.runs));
    progress.classList.toggle("is-done", isDone);
  }
}
