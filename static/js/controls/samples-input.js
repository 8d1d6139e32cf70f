// @ts-check
/**
 * Input for a long list of numbers: a text field to paste into, and files, chosen or dropped. The server reads the text.
 * Rows without a number are named, and the text stays until it is used or discarded.
 */

import { describe, NOTHING, readNumbers } from "../connection/read-numbers.js";
import { element, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { isSame } from "../state/config-diff.js";

/** @typedef {import("./control.js").ControlView} ControlView */
/** @typedef {import("./control.js").Editor} Editor */
/** @typedef {import("../connection/read-numbers.js").Reading} Reading */

/** The largest file that is read, in bytes; the server rejects a larger text. */
const LARGEST_FILE = 1_000_000;
/** Pause in typing after which the text is read. */
const TYPING_MS = 250;

/**
 * @param {ControlView} view
 * @returns {Editor}
 */
export function samplesEditor(view) {
  const { control } = view;
  /** Whether the text was changed and not used yet. */
  let isOpen = false;
  /** @type {number|undefined} */
  let column;
  /** The latest reading of the text. */
  let reading = NOTHING;
  /** Number of texts sent. Only the answer to the last one is used. */
  let sent = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
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
      timer = setTimeout(read, TYPING_MS);
    },
    /** A browser inserts thousands of lines one by one; setting the text at once takes no time. @param {ClipboardEvent} event */
    onpaste(event) {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      event.preventDefault();
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      useText();
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
      return readFile(file);
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
      if (file) readFile(file).finally(() => void (chooser.value = ""));
    },
  });
  const upload = element("button", { type: "button", onclick: () => chooser.click() }, "Upload CSV");
  const use = element("button", { type: "button", hidden: true, onclick: () => commit(reading.values) });
  const discard = element("button", { type: "button", hidden: true, onclick: discardText }, "Discard");
  const columns = element("select", {
    class: "control-input",
    "aria-label": "Column to read",
    onchange() {
      column = Number(columns.value);
      open();
      return read();
    },
  });
  const columnRow = element("span", { class: "numbers-column", hidden: true }, element("span", {}, "column"), columns);
  const summary = element("p", { class: "numbers-said", role: "status" });

  /** Mark the text as changed. */
  function open() {
    isOpen = true;
    view.startEditing();
    clearTimeout(timer);
  }
  /**
   * Send the text to the server and show its reading.
   * @returns {Promise<boolean>} whether the reading is of the present text
   */
  async function read() {
    const request = (sent += 1);
    try {
      const answer = await readNumbers(area.value, column);
      if (request !== sent) return false;
      reading = answer;
      const comma = reading.is_decimal_comma
        ? "If the commas are decimal marks, write points, or put semicolons between the numbers."
        : "";
      view.showError([reading.complaint, comma].filter(Boolean).join(" "));
      show();
      return true;
    } catch (error) {
      if (request === sent) view.showError(/** @type {Error} */ (error).message);
      return false;
    }
  }
  /** Show a summary of the reading, and the buttons for it. */
  function show() {
    const { values, faults } = reading;
    const isEnough = values.length >= (control.low ?? 0) && values.length <= (control.high ?? Infinity);
    setText(summary, describe(reading));
    setText(use, faults.length > 0 ? `Use the ${formatCount(values.length)} valid numbers` : "Use this column");
    use.hidden = !(isOpen && isEnough && (faults.length > 0 || reading.columns.length > 0));
    summary.classList.toggle("alone", isOpen);
    discard.hidden = !isOpen;
    upload.hidden = isOpen;
    columnRow.hidden = !isOpen || reading.columns.length === 0;
    if (columnRow.hidden) return;
    columns.replaceChildren(...reading.columns.map((name, index) => element("option", { value: index }, name)));
    columns.value = String(reading.column);
  }
  async function useIfClean() {
    if (!isOpen) return;
    open();
    if ((await read()) && reading.columns.length === 0 && reading.complaint === "") commit(reading.values);
  }
  /** Use the text of a paste or a file. */
  function useText() {
    column = undefined;
    isOpen = true;
    return useIfClean();
  }
  /** @param {number[]} values */
  function commit(values) {
    view.isEditing = false;
    view.submit(values);
  }
  function discardText() {
    clearTimeout(timer);
    sent += 1;
    isOpen = false;
    area.value = "";
    reading = NOTHING;
    view.isEditing = false;
    view.showError("");
    view.showServerValue();
  }
  /** @param {File} file */
  async function readFile(file) {
    const problem = await problemOf(file);
    if (problem) {
      view.showError(problem);
      return;
    }
    area.value = await file.text();
    await useText();
  }
  return {
    nodes: [area, element("div", { class: "numbers-actions" }, upload, chooser, summary, columnRow, use, discard)],
    show(value) {
      const isKnown = isSame(reading.values, value);
      // A text that is not used yet is not overwritten, even if the server has rejected it.
      if (isOpen && !isKnown) return;
      isOpen = false;
      if (!isKnown) {
        area.value = value.join(", ");
        column = undefined;
        reading = { ...NOTHING, values: value };
      }
      show();
    },
  };
}

/**
 * The reason why a file cannot be read; "" for none.
 * @param {File} file
 */
async function problemOf(file) {
  const kilobytes = (/** @type {number} */ bytes) => `${formatCount(bytes / 1000)} kB`;
  if (file.size > LARGEST_FILE) {
    return `Expected a file of at most ${kilobytes(LARGEST_FILE)}, but “${file.name}” has ${kilobytes(file.size)}.`;
  }
  return (await file.text()).includes("\0") ? `Expected a text file such as CSV, but “${file.name}” is not a text file.` : "";
}
