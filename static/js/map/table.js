// @ts-check
/** The map as a table: a row for each tile of the present view, with the outcomes, or with a number and its quartiles. */

import { element } from "../dom.js";
import { numberWords, valueWords } from "./results.js";

/** @import {Results, View} from "./results.js" */

/** @param {Results} results @param {View} view */
export function tableOf(results, view) {
  const { axes, outcomes } = results.content;
  const number = results.number(view.by);
  const all = results.tally(results.all());
  const ended = outcomes.map((_, outcome) => outcome).filter((outcome) => all[outcome] > 0);
  const heads = [...axes.map(({ label }) => label), "runs", ...(number ? ["lower quartile", `median of ${number.label}`, "upper quartile"] : ended.map((outcome) => outcomes[outcome].label))];
  const { columns, rows } = results.shape(view);
  const lines = Array.from({ length: columns * rows }, (_, place) => {
    const cell = results.cellAt(view, place % columns, Math.floor(place / columns));
    const runs = results.cells[cell];
    const names = results.indicesOf(cell).map((index, axis) => element("th", { scope: "row" }, valueWords(axes[axis], index)));
    const found = number && results.quartiles(runs, number.name);
    const counts = results.tally(runs);
    const values = number ? (found ? [found.low, found.median, found.high].map((value) => numberWords(value, number)) : ["", "", ""]) : ended.map((outcome) => String(counts[outcome]));
    return element("tr", {}, ...names, ...[String(runs.length), ...values].map((text) => element("td", {}, text)));
  });
  return element("table", {}, element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))), element("tbody", {}, ...lines));
}
