// @ts-check
/** A list of rows, such as the modes of a mixture: a table of number fields, a button that adds a row, and one per row that removes it. */

import { element } from "../dom.js";
import { button } from "./layers-input.js";
import { numberField } from "./number-input.js";
import { clamp, formatSetting } from "../format.js";

/** @typedef {import("./control.js").ControlView} ControlView */
/** @typedef {import("./control.js").Editor} Editor */
/** @typedef {import("../state/schema.js").Control} Control */
/** @typedef {Record<string, any>} Row */

/**
 * @param {ControlView} view
 * @returns {Editor}
 */
export function tableEditor(view) {
  const { control } = view;
  const columns = control.items;
  /** @type {Row[]} */
  let rows = [];
  const head = element(
    "tr",
    {},
    ...columns.map((column) => element("th", { scope: "col", title: column.help }, column.label)),
    element("td"),
  );
  const body = element("tbody");
  const add = button("+ mode", "Add a mode", () => {
    change([...rows, newRow(rows, columns)]);
    // The button keeps the focus, so the new row has to be scrolled into view.
    list.scrollTop = list.scrollHeight;
  });
  const table = element("table", { class: "modes", "aria-label": control.label }, element("thead", {}, head), body);
  const list = element("div", { class: "modes-list" }, table);

  /** @param {Row[]} next */
  function change(next) {
    show(next);
    view.submit(next);
  }
  /**
   * @param {number} index
   * @param {string} key
   * @param {number} value
   */
  function changeCell(index, key, value) {
    const next = rows.with(index, { ...rows[index], [key]: value });
    show(next);
    view.submit(next, `${control.path}.${index}.${key}`, value);
  }
  /** @param {Row[]} next */
  function show(next) {
    const isSameLength = next.length === rows.length;
    rows = [...next];
    if (!isSameLength) body.replaceChildren(...rows.map(line));
    const fields = body.querySelectorAll("input");
    rows.forEach((row, index) => {
      columns.forEach(({ path }, column) => {
        fields[index * columns.length + column].value = formatSetting(row[path]);
      });
    });
    add.disabled = rows.length >= (control.high ?? Infinity);
    for (const remove of body.querySelectorAll("button")) remove.disabled = rows.length <= (control.low ?? 0);
  }
  /**
   * @param {Row} _row
   * @param {number} index
   */
  function line(_row, index) {
    const cells = columns.map((column) =>
      element(
        "td",
        {},
        numberField(view, {
          name: `${control.path}.${index}.${column.path}`,
          label: `${column.label} of mode ${index + 1}`,
          range: column,
          commit: (value) => changeCell(index, column.path, value),
        }),
      ),
    );
    const remove = button("×", `Remove mode ${index + 1}`, () => change(rows.toSpliced(index, 1)));
    return element("tr", {}, ...cells, element("td", {}, remove));
  }
  // The button is drawn above the table, so it comes first in the order of Tab, too.
  return { nodes: [add, list], show };
}

/**
 * A new row: a copy of the last one, with its first number in the middle of the widest gap between the rows.
 * @param {Row[]} rows
 * @param {Control[]} columns
 * @returns {Row}
 */
function newRow(rows, columns) {
  const last = rows.at(-1);
  const [first] = columns;
  if (!last) return Object.fromEntries(columns.map(({ path, default: value }) => [path, value]));
  const low = first.low ?? -Infinity;
  const high = first.high ?? Infinity;
  const positions = rows.map((row) => Number(row[first.path])).sort((a, b) => a - b);
  const gaps = positions.slice(1).map((next, index) => ({ width: next - positions[index], middle: (next + positions[index]) / 2 }));
  const widest = gaps.sort((a, b) => b.width - a.width)[0];
  const position = widest ? widest.middle : positions[0] + 1;
  return { ...last, [first.path]: clamp(Number(position.toFixed(2)), low, high) };
}
