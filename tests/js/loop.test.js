// @ts-nocheck
import assert from "node:assert/strict";
import { test } from "node:test";

import { installFakeDom } from "./fake-dom.js";

installFakeDom();
const { bookmarksAround, mountLoop } = await import("../../static/js/page/loop.js");

const marks = (...steps) => steps.map((step) => ({ step, text: `S${step}` }));

test("the bookmarks around a step are those that enclose it, or the nearest two", () => {
  const steps = (list, step) => bookmarksAround(list, step)?.map((each) => each.step) ?? null;
  assert.equal(steps(marks(5), 5), null);
  const three = marks(10, 20, 30);
  for (const [at, around] of [[0, [10, 20]], [10, [10, 20]], [19, [10, 20]], [20, [20, 30]], [30, [20, 30]], [99, [20, 30]]]) {
    assert.deepEqual(steps(three, at), around, String(at));
  }
});

/** A page whose steps are shown at once; `recorded`: the steps of a recording. */
function setUp({ speed = "frame", recorded = [], bookmarks = marks(10, 13), shown = 11 } = {}) {
  let time = 0;
  const timers = [];
  const said = [];
  const listeners = [];
  const page = {
    addEventListener: (_, listener) => listeners.push(listener),
    querySelector: () => null,
    documentElement: { classList: { toggle() {} } },
  };
  const seen = [];
  const store = {
    loop: null, endLoop: () => void (store.loop = null), bookmarks, timeline: { steps: recorded, last: 100 }, playback: { running: false, speed }, looking: null, frame: { step: shown },
    shownStep: () => store.frame.step,
    seek(step) {
      seen.push(step);
      store.frame = { step };
      store.looking = recorded.length ? null : { step };
    },
    command: (command) => said.push(command.type),
    invalidate() {},
  };
  const clock = {
    now: () => time,
    setTimeout: (callback, ms) => timers.push(ms),
    clearTimeout() {},
  };
  const children = [];
  const place = { append: (child) => children.push(child) };
  const loop = mountLoop(page, store, { notice: (sentence) => said.push(sentence), beside: place, line: place, clock });
  const escape = () => listeners.forEach((listener) => listener({ key: "Escape", defaultPrevented: false }));
  return { loop, store, seen, said, timers, children, escape, pass: (ms) => (time += ms) };
}

test("the stretch is shown again and again, a step for each picture", () => {
  const { loop, store, seen, children } = setUp();
  loop.toggle();
  assert.deepEqual(store.loop, { from: 10, to: 13 });
  for (let i = 0; i < 6; i++) loop.draw();
  assert.deepEqual(seen, [10, 11, 12, 13, 10, 11, 12]);
  const [button, words] = children;
  assert.equal(words.textContent, "Loop from “S10” (10) to “S13” (13). Escape ends it.");
  assert.equal(button.getAttribute("aria-pressed"), "true");
});

test("a recording shows the steps that it has", () => {
  const { loop, seen } = setUp({ recorded: [0, 4, 8, 12, 16, 20, 24], bookmarks: marks(5, 17), shown: 8 });
  loop.toggle();
  for (let i = 0; i < 4; i++) loop.draw();
  assert.deepEqual(seen, [8, 12, 16, 8, 12]);
});

test("at a speed, the step that is due is shown, and the last one stands as long as another", () => {
  const { loop, seen, timers, pass } = setUp({ speed: 10 });
  loop.toggle();
  loop.draw();
  assert.deepEqual(timers, [100]);
  pass(100);
  loop.draw();
  pass(250);
  loop.draw();
  assert.deepEqual(seen, [10, 11, 13]);
  loop.draw();
  assert.equal(Math.round(timers.at(-1)), 50, "step 13 is over after 400 ms");
  pass(50);
  loop.draw();
  assert.deepEqual(seen, [10, 11, 13, 10]);
});

test("a slow loop waits for each step, and a page that was hidden goes on where it was", () => {
  const { loop, seen, timers, pass } = setUp({ speed: 0.5 });
  loop.toggle();
  loop.draw();
  assert.deepEqual(timers, [2000]);
  pass(2000);
  loop.draw();
  assert.deepEqual(seen, [10, 11]);
  pass(60_000);
  loop.draw();
  assert.deepEqual(seen, [10, 11], "the clock begins again");
  assert.equal(timers.at(-1), 2000);
});

test("Escape, the key L and another step end it", () => {
  const one = setUp();
  one.loop.toggle();
  one.escape();
  assert.equal(one.store.loop, null);
  one.loop.draw();
  assert.deepEqual(one.seen, [10]);
  one.loop.toggle();
  one.loop.toggle();
  assert.equal(one.store.loop, null);
  one.loop.toggle();
  one.store.frame = { step: 50 };
  one.loop.draw();
  assert.equal(one.store.loop, null);
});

test("without two bookmarks a sentence says what is needed", () => {
  const { loop, store, said } = setUp({ bookmarks: marks(5) });
  loop.toggle();
  assert.equal(store.loop, null);
  assert.match(said[0], /^A loop needs two bookmarks\./);
});

test("the sentence names both bookmarks, and their steps alone where the names are long", () => {
  const said = (bookmarks) => {
    const { loop, children } = setUp({ bookmarks });
    loop.toggle();
    return children[1].textContent;
  };
  assert.equal(said(marks(10, 13)), "Loop from “S10” (10) to “S13” (13). Escape ends it.");
  assert.equal(said([{ step: 10, text: "a".repeat(60) }, { step: 13, text: "b".repeat(60) }]), "Loop from step 10 to step 13. Escape ends it.");
});
