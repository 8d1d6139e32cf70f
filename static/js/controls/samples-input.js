// @ts-check
/**
 * Input for a long list of numbers: a text field to paste into, and files, chosen or dropped. The server reads the text.
 * Rows without a number are named, and the text stays until it is used or discarded.
 */

import { describe, NOTHING, readingOf, readNumbers } from "../connection/read-numbers.js";
import { element, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { isSame } from "../state/config-diff.js";

/** @typedef {import("./control.js").ControlView} ControlView */
/** @typedef {import("./control.js").Editor} Editor */
/** @typedef {import("../connection/read-numbers.js").Reading} Reading */

/** The largest file that is read, in bytes; the server rejects a larger text. */
const LARGEST_FILE = 2 ** 28;
/** The largest file whose text is shown. */
const LARGEST_SHOWN = 200_000;
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
  /** How the text is to be read. @type {import("../connection/read-numbers.js").ReadOptions} */
  let options = {};
  /** A file that is read instead of the text field, which shows its text or its name. @type {File|undefined} */
  let file;
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
      forget();
      open();
      timer = setTimeout(read, TYPING_MS);
    },
    /** A browser inserts thousands of lines one by one; setting the text at once takes no time. @param {ClipboardEvent} event */
    onpaste(event) {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      event.preventDefault();
      if (text.length > LARGEST_SHOWN) return readFile(withinText(text));
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      forget();
      isOpen = true;
      return useIfClean();
    },
    onchange: useIfClean,
  });
  const chooser = element("input", {
    type: "file",
    hidden: true,
    accept: ".csv,.tsv,.txt,.json,.dat,text/*,application/json",
    "aria-label": `Upload ${control.label}`,
    onchange() {
      const chosen = chooser.files?.[0];
      // The same file may be chosen again.
      if (chosen) readFile(chosen).finally(() => void (chooser.value = ""));
    },
  });
  const upload = element("button", { type: "button", onclick: () => chooser.click() }, "Upload CSV");
  const use = element("button", { type: "button", hidden: true, onclick: () => commit(reading.values) });
  const discard = element("button", { type: "button", hidden: true, onclick: discardText }, "Discard");
  const columns = element("select", {
    class: "control-input",
    "aria-label": "Column to read",
    onchange() {
      return readWith({ column: Number(columns.value) });
    },
  });
  const draw = element("button", { type: "button", hidden: true, onclick: drawSample }, "");
  const marks = /** @type {const} */ ([".", ","]).map((decimal) =>
    element("button", { type: "button", onclick: () => readWith({ decimal }) }, decimal === "." ? "decimal point" : "decimal comma"),
  );
  const markRow = element("span", { class: "numbers-column", hidden: true }, ...marks);
  const progress = element("progress", { max: 1, value: 0, hidden: true, "aria-label": "Reading the file" });
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
      const answer = await readNumbers(file ?? area.value, options, (share) => {
        progress.hidden = file === undefined || file.size <= LARGEST_SHOWN || request !== sent;
        progress.value = share;
      });
      if (request !== sent) return false;
      reading = answer;
      view.showError([reading.question, reading.complaint].filter(Boolean).join(" "));
      show();
      return true;
    } catch (error) {
      if (request === sent) view.showError(/** @type {Error} */ (error).message);
      return false;
    } finally {
      if (request === sent) progress.hidden = true;
    }
  }
  /** Show a summary of the reading, and the buttons for it. */
  function show() {
    const { values, count, fault_count: faults, question } = reading;
    const most = control.high ?? Infinity;
    const isEnough = count >= (control.low ?? 0) && count <= most;
    setText(summary, describe(reading));
    setText(use, faults > 0 ? `Use the ${formatCount(values.length)} valid numbers` : "Use this column");
    use.hidden = !(isOpen && isEnough && !question && (faults > 0 || reading.columns.length > 0));
    setText(draw, `Draw ${formatCount(most)} of them`);
    draw.hidden = !(isOpen && count > most && !question);
    markRow.hidden = !isOpen || !question;
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
    if ((await read()) && isClean()) commit(reading.values);
  }
  function isClean() {
    return reading.columns.length === 0 && reading.complaint === "" && reading.question === "";
  }
  /** @param {import("../connection/read-numbers.js").ReadOptions} more */
  async function readWith(more) {
    options = { ...options, ...more };
    open();
    await read();
  }
  async function drawSample() {
    options = { ...options, sample: view.context.seed?.() ?? 0 };
    if ((await read()) && reading.values.length > 0) commit(reading.values);
  }
  /** The text is another one: nothing is known about it. */
  function forget() {
    options = {};
    file = undefined;
    area.readOnly = false;
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
    forget();
    area.value = "";
    progress.hidden = true;
    reading = NOTHING;
    view.isEditing = false;
    view.showError("");
    view.showServerValue();
  }
  /** The text of the field with a long text in place of the selection: too long for a field, so it is read like a file. @param {string} text */
  function withinText(text) {
    const typed = area.readOnly ? "" : area.value;
    return new File([typed.slice(0, area.selectionStart), text, typed.slice(area.selectionEnd)], "pasted text");
  }
  /** @param {File} chosen */
  async function readFile(chosen) {
    if (chosen.size > LARGEST_FILE) {
      const megabytes = (/** @type {number} */ bytes) => `${formatCount(Math.round(bytes / 2 ** 20))} MB`;
      view.showError(`Expected a file of at most ${megabytes(LARGEST_FILE)}, but “${chosen.name}” has ${megabytes(chosen.size)}.`);
      return;
    }
    // The server knows more encodings than the text field can show.
    const text = chosen.size <= LARGEST_SHOWN ? await chosen.text() : "\0";
    const isShown = !/[\0\ufffd]/.test(text);
    forget();
    area.value = isShown ? text : `(${chosen.name})`;
    area.readOnly = !isShown;
    file = chosen;
    isOpen = true;
    await useIfClean();
  }
  return {
    readFile,
    isUnfinished: () => isOpen,
    nodes: [area, element("div", { class: "numbers-actions" }, upload, chooser, progress, summary, columnRow, markRow, use, draw, discard)],
    show(value) {
      const isKnown = isSame(reading.values, value);
      // A text that is not used yet is not overwritten, even if the server has rejected it.
      if (isOpen && !isKnown) return;
      isOpen = false;
      if (!isKnown) {
        forget();
        area.value = value.join(", ");
        reading = readingOf(value);
      }
      show();
    },
  };
}
