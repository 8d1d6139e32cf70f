// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { csvOf } from "../../static/js/games/game-share.js";
import { rateWords } from "../../static/js/spectrum/unit-circle.js";
import { GameRefusal } from "../../static/js/games/game-run.js";
import { createGameStore } from "../../static/js/games/game-store.js";

const knob = (/** @type {object} */ more) => ({ "x-knob": { effect: "live", ...more }, type: "number" });
const SCHEMA = {
  properties: {
    rate: knob({ label: "learning rate" }),
    start: { properties: { theta: knob({ effect: "restart" }), psi: knob({ effect: "restart" }) } },
  },
};
const STEPS = 10;

/**
 * A server whose update adds its rate to θ in each step.
 * @param {Partial<import("../../static/js/games/game-store.js").Catalog>} [more]
 */
function setUp(more = {}) {
  /** @type {any[]} */
  const requests = [];
  /** @type {any[]} */
  const events = [];
  /** @type {(() => void)[]} */
  const frames = [];
  const usual = { rate: 1, start: { theta: 0, psi: 2 } };
  /** @param {any} request */
  async function ask(request) {
    requests.push(structuredClone(request));
    const config = structuredClone(request.config ?? usual);
    for (const [path, value] of Object.entries(request.changes ?? {})) {
      if (value === "bad") throw new GameRefusal("Expected a number.", path);
      config[path] = value;
    }
    const from = request.from?.[0] ?? { count: 0, values: [config.start.theta, config.start.psi] };
    const states = Array.from({ length: STEPS + 1 }, (_, i) => [from.values[0] + i * config.rate, from.values[1]]).flat();
    const distances = states.filter((_, i) => i % 2 === 0);
    const track = { label: "Plain", slots: 1, count: from.count, states, distances, conserved: null, eigenvalues: [[1, 0]], rate: 1, near: "", words: "", is_over: false };
    return /** @type {any} */ ({ preset: request.preset, config, changed: request.changes ?? {}, tracks: [track], equilibria: [[0, 0]], plane: 2.5, bound: null, conserved: null });
  }
  const catalog = { schema: SCHEMA, presets: [], default_preset: "one", speeds: [], speed: "frame", glossary: [], version: "0", ...more };
  const store = createGameStore({
    catalog: /** @type {any} */ (catalog), ask, readonly: false,
    requestFrame: (callback) => frames.push(callback),
    listen: (event) => events.push(event),
  });
  store.isAway = false;
  const draw = () => frames.splice(0).forEach((callback) => callback());
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { store, game: store.game, requests, events, draw, settle };
}

test("a preset is loaded with its changes and shown at step 0", async () => {
  const { store, game, requests, settle } = setUp();
  store.command({ type: "load_preset", name: "one", changes: { rate: 2 } });
  await settle();
  assert.deepEqual(requests, [{ preset: "one", changes: { rate: 2 } }]);
  assert.equal(game.step, 0);
  assert.equal(game.last, STEPS);
  assert.deepEqual(store.frame?.scalars, { theta: 0, psi: 2, distance: 0, rate: 1 });
});

test("playing shows one step a picture and pauses at the end", async () => {
  const { store, game, draw, settle } = setUp();
  await game.load("one");
  store.command({ type: "play" });
  draw();
  draw();
  assert.equal(game.step, 2);
  for (let i = 0; i < STEPS; i++) draw();
  assert.equal(game.step, STEPS);
  assert.equal(store.playback?.running, false);
  store.command({ type: "play" });
  await settle();
  draw();
  assert.equal(game.last, 2 * STEPS);
  assert.equal(game.step, STEPS + 1);
});

test("a fixed speed follows the clock", async () => {
  const { game } = setUp();
  let now = 0;
  game.now = () => now;
  game.setSpeed(10);
  await game.load("one");
  game.play();
  for (const [at, step] of [[50, 0], [150, 1], [320, 3], [330, 3]]) {
    now = at;
    game.drawn();
    assert.equal(game.step, step);
  }
});

test("a setting that acts at once goes on from the step that is shown, and leaves a mark", async () => {
  const { store, game, requests, settle } = setUp();
  await game.load("one");
  store.seek(4);
  store.intend("rate", 3);
  await settle();
  assert.deepEqual(requests.at(-1).from, [{ count: 4, values: [4, 2] }]);
  assert.deepEqual(game.tracks[0].theta.slice(0, 7), [0, 1, 2, 3, 4, 7, 10]);
  assert.deepEqual(game.marks, [{ step: 4, path: "rate", label: "learning rate 1 → 3" }]);
  assert.equal(game.step, 4);
  assert.equal(game.tracks[0].states[5].count, 5);
});

test("another start begins the run again", async () => {
  const { store, game, requests, settle } = setUp();
  await game.load("one");
  store.seek(4);
  store.intend("start", { theta: 1, psi: 1 });
  await settle();
  assert.equal(requests.at(-1).from, null);
  assert.equal(game.step, 0);
  assert.equal(game.tracks[0].theta[0], 1);
  assert.deepEqual(game.marks, []);
});

test("changes that come while an answer is on its way are sent together, the last of each path", async () => {
  const { store, game, requests, settle } = setUp();
  await game.load("one");
  for (const rate of [2, 3, 4]) store.intend("rate", rate);
  await settle();
  await settle();
  assert.deepEqual(requests.slice(1).map(({ changes }) => changes), [{ rate: 2 }, { rate: 4 }]);
});

test("a refusal names the setting and changes nothing", async () => {
  const { store, game, events, settle } = setUp();
  await game.load("one");
  store.intend("rate", "bad");
  await settle();
  assert.deepEqual(events.at(-1), { type: "refused", path: "rate", message: "Expected a number." });
  assert.equal(store.config?.rate, 1);
});

test("looking back keeps what was reached, and steps stop at the end", async () => {
  const { store, game } = setUp();
  await game.load("one");
  store.command({ type: "step", count: 7, player: "both" });
  store.seek(3);
  assert.deepEqual([game.step, game.reached], [3, 7]);
  store.command({ type: "step", count: 100, player: "both" });
  assert.equal(game.step, STEPS);
});

test("away, the games take no command", async () => {
  const { store, game } = setUp();
  await game.load("one");
  store.isAway = true;
  assert.equal(store.command({ type: "step", count: 1, player: "both" }), false);
  store.seek(5);
  store.intend("rate", 2);
  assert.equal(game.step, 0);
  assert.equal(game.waiting.size, 0);
});

test("the table has a row for each step", async () => {
  const { store, game } = setUp();
  await game.load("one");
  const rows = csvOf(store).trim().split("\n");
  assert.equal(rows[0], "step,theta,psi,distance,conserved");
  assert.equal(rows[3], "2,2,2,2,");
  assert.equal(rows.length, STEPS + 2);
});

test("a rate has the digits by which it differs from one", () => {
  assert.deepEqual([1.0049876, 0.9, 0.9796, 1].map(rateWords), ["1.0050", "0.90", "0.980", "1"]);
});

test("steps beyond the last one are asked for, as many as are needed", async () => {
  const { store, game, requests, settle } = setUp();
  store.command({ type: "load_preset", name: "one", changes: {} });
  store.command({ type: "step", count: 2 * STEPS + 5 });
  for (let i = 0; i < 8; i++) await settle();
  assert.equal(requests.length, 3);
  assert.deepEqual([game.step, game.last], [2 * STEPS + 5, 3 * STEPS]);
  // The rate is 1, so θ is the number of steps.
  assert.equal(game.at(game.tracks[0])?.theta, 2 * STEPS + 5);
});

test("bookmarks name steps until a run begins anew, and two of them make a loop", async () => {
  const { store, game, settle } = setUp();
  store.command({ type: "load_preset", name: "one", changes: {} });
  await settle();
  store.command({ type: "bookmark", step: 7, text: "later" });
  store.command({ type: "bookmark", step: 3, text: " early " });
  store.command({ type: "bookmark", step: 7, text: "last" });
  assert.deepEqual(store.bookmarks, [{ step: 3, text: "early" }, { step: 7, text: "last" }]);
  store.command({ type: "bookmark", step: 3, text: "" });
  assert.deepEqual(game.bookmarks, [{ step: 7, text: "last" }]);
  store.loop = { from: 3, to: 7 };
  store.endLoop();
  assert.equal(store.loop, null);
  store.command({ type: "reset" });
  await settle();
  assert.deepEqual(store.bookmarks, []);
});
