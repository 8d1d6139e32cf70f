// @ts-check
/**
 * Input for a long list of numbers: a text field to paste into, and files, chosen or dropped. The server reads the text.
 * Rows without a number are named, and the text stays until it is used or discarded.
 */

import { describe, NOTHING, readNumbers } from "../connection/read-numbers.js";
import { element, setText } from "../dom.js";
import { formatCount, formatValue } from "../format.js";
import { isSame } from "../state/config-diff.js";

/** @typedef {import("./control.js").ControlView} ControlView */
/** @typedef {import("./control.js").Editor} Editor */
/** @typedef {import("../connection/read-numbers.js").Reading} Reading */

/** Bytes of a file; the server refuses a larger text. */
const LARGEST_FILE = 1_000_000;
/** Pause in typing after which the text is read. */
const TYPING_MS = 250;

/**
 * @param {ControlView} view
 * @returns {Editor}
 */
export function numbersEditor(view) {
  const { control } = view;
  /** The text is the user's own and not yet used. */
  let isOpen = false;
  /** @type {number|undefined} */
  let column;
  /** The text as it was read last. */
  let reading = NOTHING;
  /** Number of texts sent, so that only the answer to the last one counts. */
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
      take();
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
      return takeFile(file);
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
      if (file) takeFile(file).finally(() => void (chooser.value = ""));
    },
  });
  const upload = element("button", { type: "button", onclick: () => chooser.click() }, "Upload CSV");
  const use = element("button", { type: "button", hidden: true, onclick: () => commit(reading.values) });
  const discard = element("button", { type: "button", hidden: true, onclick: giveUp }, "Discard");
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
  const said = element("p", { class: "numbers-said", role: "status" });

  /** The text is the user's own from now on. */
  function open() {
    isOpen = true;
    view.hold();
    clearTimeout(timer);
  }
  /**
   * Let the server read the text, and show what it holds.
   * @returns {Promise<boolean>} whether the answer is that to the present text
   */
  async function read() {
    const turn = (sent += 1);
    try {
      const answer = await readNumbers(area.value, column);
      if (turn !== sent) return false;
      reading = answer;
      const comma = reading.is_decimal_comma
        ? "If the commas are decimal marks, write points, or put semicolons between the numbers."
        : "";
      view.complain([reading.complaint, comma].filter(Boolean).join(" "));
      show();
      return true;
    } catch (error) {
      if (turn === sent) view.complain(/** @type {Error} */ (error).message);
      return false;
    }
  }
  /** Show what the text holds, and what can be done with it. */
  function show() {
    const { values, faults } = reading;
    const isEnough = values.length >= (control.low ?? 0) && values.length <= (control.high ?? Infinity);
    setText(said, describe(reading, (value) => formatValue(Number(value.toPrecision(4))).replace("-", "−")));
    setText(use, faults.length > 0 ? `Use ${formatCount(values.length)} good ones` : "Use this column");
    use.hidden = !(isOpen && isEnough && (faults.length > 0 || reading.columns.length > 0));
    said.classList.toggle("alone", isOpen);
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
  function take() {
    column = undefined;
    isOpen = true;
    return useIfClean();
  }
  /** @param {number[]} values */
  function commit(values) {
    view.held = false;
    view.want(values);
  }
  function giveUp() {
    clearTimeout(timer);
    sent += 1;
    isOpen = false;
    area.value = "";
    reading = NOTHING;
    view.held = false;
    view.complain("");
    view.settle();
  }
  /** @param {File} file */
  async function takeFile(file) {
    const complaint = await unreadable(file);
    if (complaint) {
      view.complain(complaint);
      return;
    }
    area.value = await file.text();
    await take();
  }
  return {
    nodes: [area, element("div", { class: "numbers-actions" }, upload, chooser, said, columnRow, use, discard)],
    show(value) {
      const isKnown = isSame(reading.values, value);
      // A text that is not used yet is not overwritten, even if the server has refused it.
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
 * Why a file cannot be read; "" if it can.
 * @param {File} file
 */
async function unreadable(file) {
  const kilobytes = (/** @type {number} */ bytes) => `${formatCount(bytes / 1000)} kB`;
  if (file.size > LARGEST_FILE) {
    return `Expected a file of at most ${kilobytes(LARGEST_FILE)}, but “${file.name}” has ${kilobytes(file.size)}.`;
  }
  return (await file.text()).includes("\0") ? `Expected a text file such as CSV, but “${file.name}” is none.` : "";
}
