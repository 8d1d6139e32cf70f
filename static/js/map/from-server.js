// @ts-check
/** A map from a server: it asks for what is new until all runs have ended. */

import { translatePage } from "../language/page-language.js";
import { readOptions } from "../state/url.js";
import { mountMap } from "./map.js";

/** Milliseconds between two questions, and after one without an answer. */
const PAUSE = 1000;
const PATIENCE = 3000;
const SILENT = "The server does not answer. What the map has stays; it goes on when gan1d map runs again.";

// A token and a language of the address are needed there, too.
const query = new URLSearchParams(location.search);
query.set("view", "lab");
const map = mountMap(document, { lab: `./?${query}` });
let [generation, rows] = ["", 0];

/** Ask for what is new. @returns {Promise<number>} milliseconds until the next question; infinite for none */
async function look() {
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(new URL(`map/results?generation=${generation}&rows=${rows}`, document.baseURI), { cache: "no-store" });
  } catch {
    map.notice(SILENT);
    return PATIENCE;
  }
  if (!answer.ok) {
    map.notice((await answer.text()).trim());
    // A server without a map gets none.
    return answer.status === 404 ? Infinity : PATIENCE;
  }
  const found = await answer.json();
  map.notice("");
  if (found.content) {
    map.begin(found.content);
    rows = 0;
  }
  generation = found.generation;
  rows += found.rows.length;
  map.add(found.rows);
  return found.more ? 0 : PAUSE;
}

async function follow() {
  const pause = await look();
  if (pause === Infinity) return;
  // What has ended may be swept anew, which is seen when somebody comes back to the page.
  if (!map.isDone() || pause !== PAUSE) setTimeout(follow, pause);
  else addEventListener("focus", follow, { once: true });
}

/** Load the words of the reader's language before the first picture. */
async function begin() {
  try {
    map.offerLanguages(await translatePage(document, readOptions(location.search).lang));
  } catch {
    // Then it is in English, and says why in the place of the results.
    map.notice(SILENT);
  }
  await follow();
}

void begin();
