// @ts-check
/** Beside the map: what its colours mean, and the runs of one tile with their links. */

import { element, setText } from "../dom.js";
import { formatCount, formatShare } from "../format.js";
import { inkOn, RAMP } from "./colors.js";
import { compareLink, runLink } from "./links.js";
import { numberWords, valueWords } from "./results.js";

/** @import {Results, Run, View} from "./results.js" */
/** @import {MapTheme} from "./colors.js" */

/** Most runs of a tile that are listed. */
const MOST_RUNS = 64;

/**
 * @param {Document} page @param {Results} results @param {View} view @param {MapTheme} theme
 * @param {number|null} cell whose runs are counted besides
 */
export function drawLegend(page, results, view, theme, cell) {
  const number = results.number(view.by);
  setText(page.getElementById("map-legend-title"), number ? number.label : "How the runs ended");
  const box = /** @type {HTMLElement} */ (page.getElementById("map-legend"));
  box.replaceChildren(...(number ? rampLegend(results, number, theme) : outcomeLegend(results, theme, cell)));
}

/** @param {Results} results @param {MapTheme} theme @param {number|null} cell */
function outcomeLegend(results, theme, cell) {
  const counts = results.tally(results.all());
  const here = cell === null ? null : results.tally(results.cells[cell]);
  const rows = results.content.outcomes.flatMap(({ label, help, letter }, outcome) =>
    counts[outcome] === 0 ? [] : [element("tr", { title: help }, element("th", { scope: "row" }, swatch(letter, theme.outcomes[outcome]), label), element("td", { class: "map-share" }, formatShare(counts[outcome] / results.done)), element("td", {}, here ? String(here[outcome] || "") : ""))]);
  const heads = ["all", here ? "this tile" : ""].map((words) => element("th", { scope: "col" }, words));
  const table = element("table", {}, element("thead", {}, element("tr", {}, element("td"), ...heads)), element("tbody", {}, ...rows));
  const isPlane = results.content.axes.length > 1;
  const edges = isPlane ? " Above the columns and beside the rows: all runs of each." : "";
  return [table, element("p", { class: "map-hint" }, `Tile: the most frequent; its foot: the share of each.${edges}`)];
}

/** @param {Results} results @param {import("./results.js").MapNumber} number @param {MapTheme} theme */
function rampLegend(results, number, theme) {
  const range = results.range(number);
  const ends = range ? (number.is_better_high ? [range.low, range.high] : [range.high, range.low]) : [];
  const isLogarithmic = range !== null && number.scale === "log" && range.low > 0;
  const isMissing = results.cells.some((runs) => (results.quartiles(runs, number.name)?.median ?? 0) === Infinity);
  const missing = isMissing ? [element("p", { class: "map-missing" }, swatch("", theme.missing), element("span", {}, `${number.missing}: at least half of the runs`))] : [];
  return [
    element("p", {}, number.help),
    element("div", { class: "map-ramp", style: `background: linear-gradient(to right, ${RAMP.join(", ")})` }),
    element("p", { class: "map-ends" }, ...ends.map((end) => element("span", {}, numberWords(end, number)))),
    ...missing,
    element("p", { class: "map-hint" }, isLogarithmic ? "Tile: median; its foot: lower and upper quartile; logarithmic." : "Tile: median; its foot: lower and upper quartile."),
  ];
}

/** @param {string} letter @param {string} color */
function swatch(letter, color) {
  return element("span", { class: "map-swatch", "aria-hidden": "true", style: `background: ${color}; color: ${inkOn(color)}` }, letter);
}

/**
 * The runs of a tile.
 * @param {Document} page @param {Results} results @param {MapTheme} theme
 * @param {{cell: number|null, before: number|null, by: string, lab: string}} shown `before`: the cell that was clicked before;
 *   `lab`: address of the page that opens runs
 */
export function drawCell(page, results, theme, { cell, before, by, lab }) {
  const box = /** @type {HTMLElement} */ (page.getElementById("map-cell"));
  if (cell === null) return box.replaceChildren(element("p", { class: "map-hint" }, "Point at a tile, or move with the arrow keys."));
  const runs = results.cells[cell];
  const { axes } = results.content;
  const names = results.indicesOf(cell).flatMap((index, axis) => [element("dt", {}, axes[axis].label), element("dd", {}, valueWords(axes[axis], index))]);
  const parts = [element("dl", { class: "map-settings" }, ...names)];
  if (runs.length === 0) return box.replaceChildren(...parts, element("p", { class: "map-hint" }, "No run has ended yet."));
  const open = element("a", { class: "map-open button primary", href: lab + runLink(results, cell, results.typical(runs, by)), target: "gan1d-lab" }, "Open a typical run");
  box.replaceChildren(...parts, ...(results.number(by) ? [endings(results, runs, theme)] : []), open, ...comparison(results, cell, before, lab), ...runList(results, cell, theme, lab), numbers(results, runs));
}

/** How the runs ended, with bars. @param {Results} results @param {Run[]} runs @param {MapTheme} theme */
function endings(results, runs, theme) {
  const counts = results.tally(runs);
  const rows = results.content.outcomes.flatMap(({ label, letter }, outcome) =>
    counts[outcome] === 0 ? [] : [element("li", {}, swatch(letter, theme.outcomes[outcome]), element("span", {}, label), element("span", { class: "map-share" }, `${counts[outcome]} / ${runs.length}`))]);
  return element("ul", { class: "map-endings" }, ...rows);
}

/** Medians and quartiles. @param {Results} results @param {Run[]} runs */
function numbers(results, runs) {
  const rows = results.content.numbers.map((number) => {
    const found = /** @type {import("./results.js").Quartiles} */ (results.quartiles(runs, number.name));
    const [low, median, high] = [found.low, found.median, found.high].map((value) => numberWords(value, number));
    return element("tr", { title: number.help }, element("th", { scope: "row" }, number.label), element("td", {}, median), element("td", { class: "map-quartiles" }, low === high ? "" : `${low} – ${high}`));
  });
  return element("table", { class: "map-numbers" }, element("thead", {}, element("tr", {}, element("td"), element("th", { scope: "col" }, "median"), element("th", { scope: "col" }, "quartiles"))), element("tbody", {}, ...rows));
}

/** The link to both tiles that were clicked. @param {Results} results @param {number} cell @param {number|null} before @param {string} lab */
function comparison(results, cell, before, lab) {
  if (before === null || before === cell || results.cells[before].length === 0) return [];
  const link = compareLink(results, cell, before);
  const name = results.nameOf(before);
  if (link === null) return [element("p", { class: "map-hint" }, `Runs of two presets cannot be compared by a link: ${name} is opened by itself.`)];
  return [element("a", { class: "map-compare button", href: lab + link, target: "gan1d-lab", title: `Compare with ${name}` }, "Compare"), element("p", { class: "map-hint" }, `Compare: with the tile clicked before, ${name}`)];
}

/** A link to each run. @param {Results} results @param {number} cell @param {MapTheme} theme @param {string} lab */
function runList(results, cell, theme, lab) {
  const { outcomes } = results.content;
  const runs = results.cells[cell];
  const links = runs.slice(0, MOST_RUNS).map((run) => {
    const outcome = Number(results.field(run, "outcome"));
    const color = theme.outcomes[outcome];
    const words = `Seed ${results.field(run, "seed")}: ${outcomes[outcome].label} at step ${formatCount(Number(results.field(run, "steps")))}`;
    return element("li", {}, element("a", { href: lab + runLink(results, cell, run), target: "gan1d-lab", title: words, "aria-label": words, style: `background: ${color}; color: ${inkOn(color)}` }, outcomes[outcome].letter));
  });
  const more = runs.length > MOST_RUNS ? [element("p", { class: "map-hint" }, `The first ${MOST_RUNS} of ${formatCount(runs.length)} runs.`)] : [];
  return [element("h3", {}, "Runs by seed"), element("ol", { class: "map-runs" }, ...links), ...more];
}
