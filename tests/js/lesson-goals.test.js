// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { Goals } from "../../static/js/learn/goals.js";
import { readProgress } from "../../static/js/learn/progress.js";

const PLACE = { lesson: "one", page: 2 };
const PAGE = {
  title: "", text: "",
  waiting: { words: "", goal: { nearer: 0.5 }, by: 30 },
  task: { text: "", waiting: { words: "", goal: { farther: 2 }, by: 30 } },
};

/** Goals with what they send. @param {{name: string, met_at: number|null}|null} goal as the server says it */
function goalsWith(goal = null) {
  /** @type {[string, unknown][]} */
  const sent = [];
  const store = { hello: {}, plays: true, status: { goal }, command: (/** @type {any} */ command) => sent.push([command.name, command.goal]) };
  const goals = new Goals(/** @type {any} */ (store), readProgress(null));
  goals.open(PLACE, PAGE);
  return { goals, store, sent };
}

/** Games at a step, at some distance from the equilibrium. @param {number} step @param {number} distance */
const gamesAt = (step, distance) => /** @type {any} */ ({ store: { game: { step, isAsking: false, tracks: [{}], at: () => ({ distance }) } } });

test("the server is asked for the goal of the text, then for that of the task, then for none", () => {
  const { goals, store, sent } = goalsWith();
  goals.await();
  goals.check(null);
  assert.deepEqual(sent, [["one/2/waiting", { nearer: 0.5 }]]);
  store.status.goal = { name: "one/2/waiting", met_at: 12 };
  goals.check(null);
  store.status.goal = { name: "one/2/task", met_at: 20 };
  goals.check(null);
  assert.deepEqual(sent.slice(1), [["one/2/task", { farther: 2 }], ["", null]]);
  assert.deepEqual([goals.doneAt("waiting"), goals.doneAt("task")], [12, 20]);
});

test("a goal of another page is not that of this one", () => {
  const { goals } = goalsWith({ name: "one/1/waiting", met_at: 12 });
  goals.await();
  goals.check(null);
  assert.equal(goals.doneAt("waiting"), undefined);
});

test("a game meets a goal at the step that is shown, in time", () => {
  const { goals } = goalsWith();
  goals.await();
  goals.check(gamesAt(31, 0.4));
  goals.check(gamesAt(20, 0.6));
  assert.equal(goals.doneAt("waiting"), undefined);
  goals.check(gamesAt(30, 0.4));
  goals.check(gamesAt(30, 2));
  assert.deepEqual([goals.doneAt("waiting"), goals.doneAt("task")], [30, undefined]);
});

test("a page that is left waits for nothing", () => {
  const { goals, store, sent } = goalsWith();
  goals.await();
  goals.end();
  store.status.goal = { name: "one/2/waiting", met_at: 12 };
  goals.check(null);
  assert.deepEqual(sent.at(-1), ["", null]);
  assert.equal(goals.doneAt("waiting"), undefined);
});
