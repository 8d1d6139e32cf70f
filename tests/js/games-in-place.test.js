// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { gamesInPlace } from "../../static/js/page/games-in-place.js";

/** @param {{running?: boolean, mount?: (entered: unknown[][]) => Promise<any>}} [options] */
function pageWith({ running = false, mount } = {}) {
  /** @type {string[]} */
  const calls = [];
  /** @type {unknown[][]} */
  const entered = [];
  const games = { enter: async (/** @type {unknown[]} */ ...args) => void entered.push(args), leave: () => void calls.push("leave") };
  const store = { isAway: false, lesson: "", playback: { running }, command: (/** @type {{type: string}} */ { type }) => calls.push(type) };
  const place = gamesInPlace(/** @type {any} */ (store), {
    mount: mount ? () => mount(entered) : async () => games,
    isFirst: true,
    onShown: () => void calls.push("shown"),
    onHidden: () => void calls.push("hidden"),
    notice: (sentence) => void calls.push(sentence),
  });
  return { place, store, calls, entered, games };
}

test("the run pauses while the games are shown, and comes back after them", async () => {
  const { place, store, calls, entered, games } = pageWith({ running: true });
  assert.equal(await place.toggle(true), games);
  assert.deepEqual([store.isAway, place.shown], [true, games]);
  assert.deepEqual(entered, [[true, ""]], "the address named the games");
  assert.equal(await place.toggle(false), null);
  assert.deepEqual(calls, ["pause", "shown", "leave", "hidden"]);
  await place.toggle(true);
  assert.deepEqual(entered[1], [false, ""], "the address names the run by now");
});

test("games that load while the reader has gone back to the run are not shown", async () => {
  const { place, store, calls } = pageWith();
  const away = place.toggle(true);
  await Promise.all([place.toggle(false), away]);
  assert.deepEqual([store.isAway, place.shown, calls], [false, null, ["hidden"]]);
});

test("games that cannot be loaded are said, and loaded again the next time", async () => {
  let attempts = 0;
  const { place, calls } = pageWith({ mount: async () => {
    attempts += 1;
    throw new Error("no network");
  } });
  assert.equal(await place.toggle(true), null);
  await place.toggle(false);
  await place.toggle(true);
  assert.equal(attempts, 2);
  assert.deepEqual(calls, ["no network", "hidden", "no network"]);
});
