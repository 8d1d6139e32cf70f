// @ts-check
/**
 * The whole page takes a dropped file: the log of a run is repeated, settings begin a run, any other file is read as numbers to
 * imitate, and the browser never opens it in place of the page.
 */

import { element } from "../dom.js";

const BEGINNING = '{"gan1d_log"';
/** The server refuses longer messages, in bytes. */
const LONGEST_MESSAGE = 2 ** 20;

/** Whether a file is the log of a run. @param {Blob} file */
export async function isLog(file) {
  return (await file.slice(0, BEGINNING.length).text()) === BEGINNING;
}

/**
 * Begin a new run of a log.
 * @param {Blob} file @param {(command: import("../connection/wire.js").LoadLog) => unknown} send
 * @returns {Promise<string>} why it cannot, or ""
 */
export async function repeatLog(file, send) {
  /** @type {import("../connection/wire.js").LoadLog} */
  const command = { type: "load_log", text: await file.text() };
  if (new Blob([JSON.stringify(command)]).size > LONGEST_MESSAGE) return "The log is too long for this page. “gan1d record --log” makes a recording of it.";
  send(command);
  return "";
}

/**
 * The settings in a file, as *Share* and `gan1d export --as json` write them; null if it holds something else.
 * @param {Blob} file
 * @returns {Promise<Record<string, unknown>|null>}
 */
export async function settingsOf(file) {
  if (file.size > LONGEST_MESSAGE || !(await file.slice(0, 100).text()).trimStart().startsWith("{")) return null;
  try {
    const values = JSON.parse(await file.text());
    return "generator" in values && "discriminator" in values ? values : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * @param {Document} page
 * @param {(file: File) => Promise<string>} take reads a file; returns why it cannot, or ""
 * @param {(sentence: string) => void} notice
 */
export function mountFileDrop(page, take, notice) {
  const hint = element("p", { class: "drop-hint", hidden: true }, "Drop numbers to make them the real data, settings to begin a run with them, or the log of a run to repeat it");
  page.body.append(hint);
  /** Elements that the file was dragged into and not out of. */
  let depth = 0;

  const hasFile = (/** @type {DragEvent} */ event) => Boolean(event.dataTransfer?.types.includes("Files"));
  /** @param {number} next */
  function show(next) {
    depth = Math.max(0, next);
    hint.hidden = depth === 0;
  }
  page.addEventListener("dragenter", (event) => hasFile(event) && show(depth + 1));
  page.addEventListener("dragleave", (event) => hasFile(event) && show(depth - 1));
  page.addEventListener("dragover", (event) => {
    if (hasFile(event)) event.preventDefault();
  });
  page.addEventListener("drop", async (event) => {
    show(0);
    if (!hasFile(event)) return;
    event.preventDefault();
    const [file, ...more] = event.dataTransfer?.files ?? [];
    const refusal = more.length > 0 ? `Expected one file, but got ${more.length + 1}.` : file ? await take(file) : "";
    if (refusal) notice(refusal);
  });
}
