import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { installFakeDom } from "./fake-dom.js";

const make = installFakeDom();
const { Announcer } = await import("../../static/js/page/announcements.js");

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

function setUp() {
  const parts = { status: make("p"), "status-spoken": make("p"), notice: make("div") };
  const page = { documentElement: make("html"), getElementById: (id) => parts[id] };
  return { announcer: new Announcer(page), root: page.documentElement, ...parts, spoken: parts["status-spoken"], lines: () => parts.notice.querySelectorAll("p").map((line) => line.textContent) };
}

test("a state is a class on the root and a sentence", () => {
  const { announcer, root, status } = setUp();
  announcer.setState("ready", "Press Play to train.");
  announcer.setState("running", "Training.");
  assert.ok(root.classList.contains("state-running"));
  assert.ok(!root.classList.contains("state-ready"));
  assert.equal(status.textContent, "Training.");
});

test("a page that only watches says so, and does not ask for what it cannot do", () => {
  const { announcer, status } = setUp();
  const ready = { state: "ready", sentence: "Press Play to train." };
  announcer.setStatus(ready, false);
  assert.equal(status.textContent, "Press Play to train.");
  announcer.setStatus(ready, true);
  assert.equal(status.textContent, "Watching. The run has not begun.");
  announcer.setStatus({ state: "paused", sentence: "Paused at step 3." }, true);
  assert.equal(status.textContent, "Watching. Paused at step 3.");
});

test("the same state is seen at once but speaks at most every five seconds, and the last word is never lost", () => {
  const { announcer, status, spoken } = setUp();
  announcer.setState("running", "Step 1.");
  announcer.setState("running", "Step 2.");
  announcer.setState("running", "Step 3.");
  assert.equal(status.textContent, "Step 3.");
  assert.equal(spoken.textContent, "Step 1.");
  mock.timers.tick(5000);
  assert.equal(spoken.textContent, "Step 3.");
});

test("what is wrong stays until it is over", () => {
  const { announcer, status, notice, lines } = setUp();
  announcer.setState("reconnecting", "The connection was lost.");
  mock.timers.tick(60_000);
  assert.equal(notice.hidden, false);
  assert.deepEqual(lines(), ["The connection was lost."]);
  assert.equal(status.textContent, "");
  announcer.setState("running", "Training.");
  assert.equal(notice.hidden, true);
});

test("what happened is said beside what is wrong, goes by itself, and can be dismissed", () => {
  const { announcer, notice, lines } = setUp();
  announcer.setState("failed", "Failed.");
  announcer.notice("No such preset.");
  announcer.notice("Scale became 4.");
  announcer.notice("No such preset.");
  assert.deepEqual(lines(), ["Failed.", "Scale became 4.", "No such preset."]);
  notice.querySelector("button").fire("click");
  assert.deepEqual(lines(), ["Failed."]);
  announcer.notice("Again.");
  mock.timers.tick(15_000);
  assert.deepEqual(lines(), ["Failed."]);
});

test("what is wrong is said once, also by a refusal, and goes when it is over", () => {
  const { announcer, notice, lines } = setUp();
  announcer.notice("Failed. Press Reset.");
  announcer.setState("failed", "Failed. Press Reset.");
  announcer.notice("No such preset.");
  announcer.notice("Failed. Press Reset.");
  assert.deepEqual(lines(), ["Failed. Press Reset.", "No such preset."]);
  announcer.setState("ready", "Press Play to train.");
  assert.deepEqual(lines(), ["No such preset."]);
  notice.querySelector("button").fire("click");
  assert.equal(notice.hidden, true);
});

test("a divergence is a notice on a slide only: the page says it with its diagnosis", () => {
  const { announcer, root, notice, lines } = setUp();
  announcer.setState("diverged", "Diverged. Press Reset.");
  announcer.notice("Diverged. Press Reset.");
  assert.equal(notice.hidden, true);
  root.classList.toggle("embed", true);
  announcer.setState("diverged", "Diverged. Press Reset.");
  assert.deepEqual(lines(), ["Diverged. Press Reset."]);
});

test("the step of a running run is spoken now and then", () => {
  const { announcer, spoken } = setUp();
  let now = 20_000;
  mock.method(performance, "now", () => now);
  announcer.setState("running", "Training.");
  announcer.tellStep(60);
  mock.timers.tick(5000);
  assert.equal(spoken.textContent, "Step 60.");
  now += 9000;
  announcer.tellStep(600);
  mock.timers.tick(5000);
  assert.equal(spoken.textContent, "Step 60.");
  now += 1000;
  announcer.tellStep(1660);
  mock.timers.tick(5000);
  assert.equal(spoken.textContent, "Step 1\u202f660.");
  mock.restoreAll();
});
