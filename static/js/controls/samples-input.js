// @ts-check
/**
 * A long list of numbers: a field to paste into, and files, chosen or dropped. What is not a number is named by its row,
 * and nothing is lost: the text stays until it is used or given up.
 */

import { isSame } from "../state/config-diff.js";
import { element, setText } from "../dom.js";
import { formatCount, formatValue } from "../format.js";
import { complaint, readRows } from "./parse-numbers.js";

/** @typedef {import("./control.js").ControlView} ControlView */
/** @typedef {import("./control.js").Editor} Editor */

/** A file larger than this holds more numbers than a list may. */
const LARGEST_FILE = 1_000_000;

/**
 * @param {ControlView} view
 * @returns {Editor}
 */
export function numbersEditor(view) {
  const { control } = view;
  const [bounds] = control.items;
  /** Whether the text is the reader's own, of which the server does not know yet. */
  let isOpen = false;
  /** @type {number|undefined} */
  let column;
  const area = element("textarea", {
    class: "numbers-text",
    id: view.id,
    name: control.path,
    rows: 4,
    spellcheck: "false",
    autocomplete: "off",
    placeholder: "Paste numbers, or drop a CSV file here",
    ...view.described,
    oninput() {
      column = undefined;
      open();
    },
    /** A browser inserts thousands of lines one by one; all at once takes no time. @param {ClipboardEvent} event */
    onpaste(event) {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      event.preventDefault();
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      column = undefined;
      isOpen = true;
      useIfClean();
    },
    onchange: useIfClean,
    /** @param {DragEvent} event */
    ondragover(event) {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    },
    /** @param {DragEvent} event */
    ondrop(event) {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      take(file);
    },
  });
  const chooser = element("input", {
    type: "file",
    hidden: true,
    accept: ".csv,.tsv,.txt,text/*",
    "aria-label": `Upload ${control.label}`,
    onchange() {
      const file = chooser.files?.[0];
      // The same file may be chosen again.
      if (file) take(file).finally(() => void (chooser.value = ""));
    },
  });
  const upload = element("button", { type: "button", onclick: () => chooser.click() }, "Upload CSV");
  const use = element("button", { type: "button", hidden: true, onclick: () => commit(read().values) });
  const discard = element("button", { type: "button", hidden: true, onclick: giveUp }, "Discard");
  const columns = element("select", {
    class: "control-input",
    "aria-label": "Column to read",
    onchange() {
      column = Number(columns.value);
      open();
    },
  });
  const columnRow = element("span", { class: "numbers-column", hidden: true }, element("span", {}, "column"), columns);
  const said = element("p", { class: "numbers-said", role: "status" });

  function read() {
    return readRows(area.value, bounds, column);
  }
  /** The text is the reader's now: say what is wrong with it. */
  function open() {
    isOpen = true;
    view.hold();
    const reading = describeText();
    view.complain([complaint(reading, bounds, control), commaWords(reading)].filter(Boolean).join(" "));
    return reading;
  }
  /** Say what the text holds, and offer what can be done with it. */
  function describeText() {
    const reading = read();
    const { values, faults } = reading;
    const isEnough = values.length >= (control.low ?? 0) && values.length <= (control.high ?? Infinity);
    setText(said, describe(reading));
    const needsWord = isOpen && isEnough && (faults.length > 0 || reading.columns.length > 0);
    setText(use, faults.length > 0 ? `Use ${formatCount(values.length)} good ones` : "Use this column");
    use.hidden = !needsWord;
    said.classList.toggle("alone", isOpen);
    discard.hidden = !isOpen;
    upload.hidden = isOpen;
    columnRow.hidden = !isOpen || reading.columns.length === 0;
    if (!columnRow.hidden) showColumns(reading);
    return reading;
  }
  /** @param {import("./parse-numbers.js").Reading} reading */
  function showColumns(reading) {
    columns.replaceChildren(...reading.columns.map((name, index) => element("option", { value: index }, name)));
    columns.value = String(reading.column);
  }
  function useIfClean() {
    if (!isOpen) return;
    const reading = open();
    if (reading.columns.length === 0 && complaint(reading, bounds, control) === "") commit(reading.values);
  }
  /** @param {number[]} values */
  function commit(values) {
    view.held = false;
    view.want(values);
  }
  function giveUp() {
    isOpen = false;
    area.value = "";
    view.held = false;
    view.complain("");
    view.settle();
  }
  /** @param {File} file */
  async function take(file) {
    if (file.size > LARGEST_FILE) {
      view.complain(`Expected a file of at most ${formatCount(LARGEST_FILE / 1000)} kB, but “${file.name}” has ${formatCount(file.size / 1000)} kB.`);
      return;
    }
    const text = await file.text();
    if (text.includes("\0")) {
      view.complain(`Expected a text file such as CSV, but “${file.name}” is none.`);
      return;
    }
    area.value = text;
    column = undefined;
    isOpen = true;
    useIfClean();
  }
  return {
    nodes: [area, element("div", { class: "numbers-actions" }, upload, chooser, said, columnRow, use, discard)],
    show(value) {
      const isKnown = isSame(read().values, value);
      // What the reader has not used yet is not overwritten, even if the server has refused it.
      if (isOpen && !isKnown) return;
      isOpen = false;
      if (!isKnown) area.value = value.join(", ");
      if (!isKnown) column = undefined;
      describeText();
    },
  };
}

/** @param {import("./parse-numbers.js").Reading} reading */
function describe({ values, faults, columns, column, header }) {
  if (values.length + faults.length === 0) return "";
  const [low, high] = ends(values);
  const short = (/** @type {number} */ value) => formatValue(Number(value.toPrecision(4))).replace("-", "−");
  const isOne = values.length === 1;
  const range = isOne ? `: ${short(low)}` : values.length > 0 ? `, from ${short(low)} to ${short(high)}` : "";
  const name = columns[column] ?? header;
  const bad = faults.length === 0 ? "" : `; ${formatCount(faults.length)} ${faults.length === 1 ? "row is" : "rows are"} not`;
  return `${formatCount(values.length)} ${isOne ? "number" : "numbers"}${name ? ` under “${name}”` : ""}${range}${bad}.`;
}

/** @param {number[]} values @returns {[number, number]} */
function ends(values) {
  return [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
}

/** @param {import("./parse-numbers.js").Reading} reading */
function commaWords({ isDecimalComma }) {
  return isDecimalComma ? "If the commas are decimal marks, write points, or put semicolons between the numbers." : "";
}
