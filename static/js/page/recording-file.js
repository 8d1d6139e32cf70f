// @ts-check
/** The part of the Share dialog that saves the run as a replay file: the server repeats the run from its log. */

import { element, setText } from "../dom.js";
import { download } from "../download.js";

/** @typedef {import("../state/store.js").Store} Store */

const WHAT =
  "One HTML file that plays this run without a server: exact everywhere, because it holds what was seen. Curves are rounded to less than 1/4,000 of their axis.";

/** The server does not answer the page's request for the log after this time. */
const LOG_MS = 10_000;

/**
 * @param {Document} page
 * @param {Store} store
 * @param {typeof fetch} [request]
 * @returns {HTMLElement}
 */
export function recordingSection(page, store, request = fetch) {
  const said = element("p", { class: "share-said", role: "status" });
  const save = element("button", { type: "button", onclick: () => void make() }, "Replay file");
  const cancel = element("button", { type: "button", hidden: true }, "Cancel");
  let isWaiting = false;

  async function make() {
    if (isWaiting) return;
    const ending = new AbortController();
    cancel.onclick = () => ending.abort();
    begin(true, "The server repeats the run to see it again. This takes up to a minute for 3,000 steps.");
    try {
      const log = await logOf(store);
      const response = await request(new URL(`recording?preset=${encodeURIComponent(store.preset)}`, page.baseURI), {
        method: "POST",
        body: log,
        signal: ending.signal,
      });
      if (!response.ok) throw new Error((await response.text()).trim());
      const name = /filename="([\w.-]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "gan1d-run.html";
      const file = await response.blob();
      download(page, name, file);
      begin(false, `${name}: saved, ${(file.size / 1e6).toFixed(2)} MB.`);
    } catch (error) {
      const words = error instanceof TypeError ? "The server does not answer, so no file was made." : String(/** @type {any} */ (error).message ?? error);
      begin(false, ending.signal.aborted ? "Cancelled." : words);
    }
  }

  /** @param {boolean} waits @param {string} sentence */
  function begin(waits, sentence) {
    isWaiting = waits;
    save.disabled = waits;
    cancel.hidden = !waits;
    setText(said, sentence);
  }

  return element(
    "section",
    { class: "share-files" },
    element("h3", {}, "Recording"),
    element("p", { class: "control-help-text" }, WHAT),
    element("div", { class: "share-buttons" }, save, cancel),
    said,
  );
}

/**
 * The log of the run, as the server gives it.
 * @param {Store} store
 * @returns {Promise<string>}
 */
export function logOf(store) {
  return new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ sentence) => reject(new Error(sentence));
    const timer = setTimeout(() => fail("The server did not send the log of the run."), LOG_MS);
    const stop = store.subscribe((message) => {
      if (message.type !== "run_log" && !(message.type === "refused" && message.command === "get_log")) return;
      stop();
      clearTimeout(timer);
      if (message.type === "run_log") resolve(message.text);
      else fail(message.message);
    });
    if (!store.command({ type: "get_log", run: null })) fail("There is no connection to the server.");
  });
}
