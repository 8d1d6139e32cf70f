// @ts-check
/**
 * What makes the page a game in a file: its answers stand in the page, and nothing else is shown. It takes the place of `live.js`
 * there.
 */

import { GameRefusal } from "../games/game-run.js";
import { mountGames } from "../games/games.js";

/** @import {Source} from "../connection/source.js" */
/** @import {Address} from "../live.js" */

const LOCK = "This file holds one game, so its settings cannot change. The link of the game, with gan1d, plays it with others.";

/** The file is a game, whatever its address says. @type {Partial<import("../state/url.js").Options>} */
export const GIVEN = { view: "games" };

/** There is no run behind the game. @param {{page: Document}} context @returns {Source} */
export function createSource({ page }) {
  page.documentElement.classList.add("scripted", "one-game");
  const nothing = () => {};
  return { state: "closed", lock: "", madeWith: "", timeline: null, open: nothing, close: nothing, retryNow: nothing, send: () => false };
}

/** @returns {Address} of no run */
export function mountPageAddress() {
  const nothing = () => {};
  return { hash: () => "", link: () => location.href, restore: nothing, schedule: nothing };
}

/** @param {Document} page @param {import("../games/games.js").GamesContext} context */
export function mountPageGames(page, context) {
  const { catalog, answer } = JSON.parse(String(page.getElementById("game-data")?.textContent));
  /** @type {import("../games/games.js").Ask} */
  const ask = async (name, body) => {
    if (name === "games") return catalog;
    if (body?.from || Object.keys(body?.changes ?? {}).length > 0) throw new GameRefusal(LOCK);
    return structuredClone(answer);
  };
  return mountGames(page, { ...context, pageActions: { ...context.pageActions, view() {} }, ask, lock: LOCK });
}

/** A file is in English: it can load no words. */
export const loadLanguage = () => Promise.resolve();
export const loadLanguages = null;
export const loadLearn = null;

/** There is no run to look back at. */
export function mountPageTimeline() {
  const nothing = () => {};
  return { draw: nothing, actions: { bookmark: nothing, loop: nothing } };
}

/** @returns {Promise<{open: () => void}>} */
export async function mountPageShare() {
  return { open() {} };
}
