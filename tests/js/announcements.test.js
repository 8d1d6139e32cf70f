import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { installFakeDom } from "./fake-dom.js";

const make = installFakeDom();
const { Voice } = await import("../../static/js/page/announcements.js");

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

function setUp() {
  const parts = { status: make("p"), "status-spoken": make("p"), notice: make("div") };
  const page = { documentElement: make("html"), getElementById: (id) => parts[id] };
  return { voice: new Voice(page), root: page.documentElement, ...parts, spoken: parts["status-spoken"], lines: () => parts.notice.querySelectorAll("p").map((line) => line.textContent) };
}

test("a state is a class on the root and a sentence", () => {
  const { voice, root, status } = setUp();
  voice.say("ready", "Press Play to train.");
  voice.say("running", "Training.");
  assert.ok(root.classList.contains("state-running"));
  assert.ok(!root.classList.contains("state-ready"));
  assert.equal(status.textContent, "Training.");
});

test("the same state is seen at once but speaks at most every five seconds, and the last word is never lost", () => {
  const { voice, status, spoken } = setUp();
  voice.say("running", "Step 1.");
  voice.say("running", "Step 2.");
  voice.say("running", "Step 3.");
  assert.equal(status.textContent, "Step 3.");
  assert.equal(spoken.textContent, "Step 1.");
  mock.timers.tick(5000);
  assert.equal(spoken.textContent, "Step 3.");
});

test("what is wrong stays until it is over", () => {
  const { voice, status, notice, lines } = setUp();
  voice.say("reconnecting", "The connection was lost.");
  mock.timers.tick(60_000);
  assert.equal(notice.hidden, false);
  assert.deepEqual(lines(), ["The connection was lost."]);
  assert.equal(status.textContent, "");
  voice.say("running", "Training.");
  assert.equal(notice.hidden, true);
});

test("what happened is said beside what is wrong, goes by itself, and can be dismissed", () => {
  const { voice, notice, lines } = setUp();
  voice.say("diverged", "Diverged.");
  voice.notice("No such preset.");
  voice.notice("Scale became 4.");
  voice.notice("No such preset.");
  assert.deepEqual(lines(), ["Diverged.", "Scale became 4.", "No such preset."]);
  notice.querySelector("button").fire("click");
  assert.deepEqual(lines(), ["Diverged."]);
  voice.notice("Again.");
  mock.timers.tick(15_000);
  assert.deepEqual(lines(), ["Diverged."]);
});

test("what is wrong is said once, also by a refusal, and goes when it is over", () => {
  const { voice, notice, lines } = setUp();
  voice.notice("Diverged. Press Reset.");
  voice.say("diverged", "Diverged. Press Reset.");
  voice.notice("No such preset.");
  voice.notice("Diverged. Press Reset.");
  assert.deepEqual(lines(), ["Diverged. Press Reset.", "No such preset."]);
  voice.say("ready", "Press Play to train.");
  assert.deepEqual(lines(), ["No such preset."]);
  notice.querySelector("button").fire("click");
  assert.equal(notice.hidden, true);
});
