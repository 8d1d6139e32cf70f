// @ts-check
/** The part of the Share dialog that saves the experiment as programs and files. The server writes those that it can read again. */

import { element, setText } from "../dom.js";
import { csvOf } from "../state/csv.js";
import { download } from "../download.js";
import { logOf } from "./recording-file.js";

/** @import {Store} from "../state/store.js" */

/** Name on the server, label, and end of the file's name. */
const PROGRAMS = /** @type {const} */ ([
  ["python", "Python", ".py"],
  ["pytorch", "PyTorch", "-pytorch.py"],
  ["notebook", "Notebook", ".ipynb"],
  ["json", "Configuration", ".json"],
]);

const MEANING =
  "Programs and configuration are of the present settings; the PyTorch program has the same initial weights. Numbers and log are of this run: gan1d replay repeats a log, with all changes, and so does this page where its file is dropped.";

const OF_RECORDING =
  "The configuration is that of the shown step, and gan1d run --config reads it. The numbers are those of each picture, exact, and the losses between with four digits.";

/**
 * @param {Document} page
 * @param {Store} store
 * @returns {HTMLElement}
 */
export function experimentFilesSection(page, store) {
  return filesSection(page, store, MEANING, ({ stem, save, say }, numbers) => {
    /** @param {string} suffix @param {() => Promise<string>} text */
    async function saveFromServer(suffix, text) {
      const name = `${stem()}${suffix}`;
      say(`${name}: the server is writing it…`);
      try {
        save(name, await text());
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
      }
    }
    const programs = PROGRAMS.map(([format, label, suffix]) =>
      button(label, () => void saveFromServer(suffix, () => exported(format, store.config))),
    );
    return [...programs, numbers, button("Log", () => void saveFromServer(".ndjson", () => logOf(store)))];
  });
}

/**
 * The part of the Share dialog of a recording that saves what it holds: all numbers, and the settings of the shown step.
 * @param {Document} page
 * @param {Store} store
 * @returns {HTMLElement}
 */
export function recordedFilesSection(page, store) {
  return filesSection(page, store, OF_RECORDING, ({ stem, save }, numbers) => [
    button("Configuration", () => save(`${stem()}.json`, `${JSON.stringify(store.config, null, 2)}\n`)),
    numbers,
  ]);
}

/**
 * Saves files with the same beginning of their names, and says what was saved.
 * @typedef {{stem: () => string, save: (name: string, text: string) => void, say: (sentence: string) => void}} Saver
 */

/**
 * @param {Document} page @param {Store} store @param {string} meaning of the files, in words
 * @param {(saver: Saver, numbers: HTMLElement) => HTMLElement[]} buttonsOf the buttons, among them that of the numbers
 * @returns {HTMLElement}
 */
function filesSection(page, store, meaning, buttonsOf) {
  const said = element("p", { class: "share-said", role: "status" });
  /** @type {Saver} */
  const saver = {
    stem: () => `gan1d-${store.preset}-${store.config?.seed ?? 0}`,
    save(name, text) {
      download(page, name, new Blob([text], { type: "text/plain" }));
      saver.say(`${name}: saved.`);
    },
    say: (sentence) => setText(said, sentence),
  };
  const numbers = button("Numbers (CSV)", () => saveNumbers(store, saver));
  return element(
    "section",
    { class: "share-files" },
    element("h3", {}, "Experiment as a file"),
    element("div", { class: "share-buttons" }, ...buttonsOf(saver, numbers)),
    element("p", { class: "control-help-text" }, meaning),
    said,
  );
}

/**
 * Save the history as a table.
 * @param {Store} store @param {Saver} saver
 */
function saveNumbers(store, { stem, save, say }) {
  const { scene } = store;
  if (!scene || store.losses.length + store.traces.length === 0) say("There are no numbers yet.");
  else save(`${stem()}.csv`, csvOf(store, scene.metrics.map(({ name }) => name), scene.diagnoses.map(({ name }) => name)));
}

/** @param {string} label @param {() => void} onclick */
function button(label, onclick) {
  return element("button", { type: "button", onclick }, label);
}

/**
 * The text of a file that the server writes.
 * @param {string} format
 * @param {unknown} config
 * @returns {Promise<string>} rejected with an Error whose message is a sentence for the user
 */
async function exported(format, config) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(`export?as=${format}`, { method: "POST", body: JSON.stringify(config) });
  } catch {
    throw new Error("The server cannot be reached, so it cannot write the file.");
  }
  const text = await response.text();
  if (!response.ok) throw new Error(text.trim() || `The server refused the settings (${response.status}).`);
  return text;
}
