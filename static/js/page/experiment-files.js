// @ts-check
/** The part of the Share dialog that saves the experiment as programs and files. The server writes those that it can read again. */

import { element, setText } from "../dom.js";
import { csvOf } from "../state/csv.js";
import { download } from "./pictures.js";
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
  "Programs and configuration are of the present settings; the PyTorch program has the same initial weights. Numbers and log are of this run: gan1d replay repeats a log, with all changes.";

/**
 * @param {Document} page
 * @param {Store} store
 * @returns {HTMLElement}
 */
export function experimentFilesSection(page, store) {
  const said = element("p", { class: "share-said", role: "status" });
  const stem = () => `gan1d-${store.preset}-${store.config?.seed ?? 0}`;
  /** @param {string} name @param {string} text */
  function save(name, text) {
    download(page, name, new Blob([text], { type: "text/plain" }));
    setText(said, `${name}: saved.`);
  }
  /** @param {string} suffix @param {() => Promise<string>} text */
  async function saveFromServer(suffix, text) {
    const name = `${stem()}${suffix}`;
    setText(said, `${name}: the server is writing it…`);
    try {
      save(name, await text());
    } catch (error) {
      setText(said, error instanceof Error ? error.message : String(error));
    }
  }
  function saveNumbers() {
    const { scene } = store;
    if (!scene || store.losses.length + store.traces.length === 0) {
      setText(said, "There are no numbers yet.");
      return;
    }
    const names = scene.metrics.map(({ name }) => name);
    save(`${stem()}.csv`, csvOf(store, names, scene.diagnoses.map(({ name }) => name)));
  }
  const buttons = PROGRAMS.map(([format, label, suffix]) =>
    button(label, () => void saveFromServer(suffix, () => exported(format, store.config))),
  );
  const log = button("Log", () => void saveFromServer(".ndjson", () => logOf(store)));
  return element(
    "section",
    { class: "share-files" },
    element("h3", {}, "Experiment as a file"),
    element("div", { class: "share-buttons" }, ...buttons, button("Numbers (CSV)", saveNumbers), log),
    element("p", { class: "control-help-text" }, MEANING),
    said,
  );
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
