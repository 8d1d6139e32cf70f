import assert from "node:assert/strict";
import { beforeEach, afterEach, mock, test } from "node:test";

import { mountAutoplay } from "../../static/js/embed/autoplay.js";

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

/** A page whose sight a test decides: `see(size, isVisible)`, with undefined for a browser that cannot say. */
function setUp(autoplay, { connected = true } = {}) {
  const sent = [];
  let running = false;
  let requests = 0;
  let callback = () => {};
  globalThis.IntersectionObserver = class {
    constructor(given) {
      callback = given;
    }
    observe() {}
  };
  const mounted = mountAutoplay({ documentElement: {} }, {
    autoplay,
    isRunning: () => running,
    command: ({ type }) => {
      sent.push(type);
      running = type === "play";
      return true;
    },
    requestSlide: () => (requests += 1),
  });
  if (connected) mounted.onConnected();
  return {
    ...mounted,
    sent,
    requests: () => requests,
    see: (size, isVisible) => callback([{ intersectionRect: { width: size, height: size }, isVisible }]),
    press: (type) => (running = type === "play"),
  };
}

test("autoplay waits for sight and for the server", () => {
  const page = setUp("visible", { connected: false });
  page.see(500, true);
  mock.timers.tick(300);
  assert.deepEqual(page.sent, []);
  page.onConnected();
  assert.deepEqual(page.sent, ["play"]);
});

test("a place in the window is not sight: the deck is given time, and nothing starts by itself", () => {
  const page = setUp("visible");
  page.see(500, false);
  mock.timers.tick(10_000);
  assert.equal(page.requests(), 1);
  assert.deepEqual(page.sent, []);
  page.onSlide(true);
  assert.deepEqual(page.sent, ["play"]);
});

test("a browser that cannot say what is visible goes by the place, after the deck had its time", () => {
  const page = setUp("visible");
  page.see(500, undefined);
  mock.timers.tick(500);
  assert.deepEqual([page.sent, page.requests()], [[], 1]);
  mock.timers.tick(500);
  assert.deepEqual(page.sent, ["play"]);
});

test("with autoplay=slide, only the deck starts", () => {
  for (const isVisible of [true, undefined]) {
    const page = setUp("slide");
    page.see(500, isVisible);
    mock.timers.tick(10_000);
    assert.deepEqual([page.sent, page.requests()], [[], 1]);
    page.onSlide(true);
    assert.deepEqual(page.sent, ["play"]);
  }
});

test("with autoplay=always, sight does not matter, but a slide still pauses", () => {
  const page = setUp("always", { connected: false });
  page.onConnected();
  page.onSlide(false);
  page.onSlide(true);
  assert.deepEqual(page.sent, ["play", "pause", "play"]);
});

test("what goes out of sight pauses, and continues when it comes back", () => {
  const page = setUp("visible");
  for (const sight of [[500, true], [0, false], [500, true], [500, false]]) {
    page.see(...sight);
    mock.timers.tick(300);
  }
  assert.deepEqual(page.sent, ["play", "pause", "play", "pause"]);
});

test("what only passes by does not start", () => {
  const page = setUp("visible");
  page.see(500, true);
  mock.timers.tick(299);
  page.see(500, false);
  mock.timers.tick(10_000);
  assert.deepEqual(page.sent, []);
});

test("a frame without size is not shown, whatever its slide says", () => {
  const page = setUp("visible");
  page.see(0, false);
  page.onSlide(true);
  assert.deepEqual(page.sent, []);
  page.see(500, false);
  assert.deepEqual(page.sent, ["play"]);
});

test("once a deck has spoken, it decides", () => {
  const page = setUp("visible");
  page.onSlide(false);
  page.see(500, true);
  assert.deepEqual(page.sent, []);
  page.onSlide(true);
  page.see(500, false);
  page.onSlide(true);
  assert.deepEqual(page.sent, ["play"]);
});

test("a slide that goes pauses, and continues when it comes back", () => {
  const page = setUp("visible");
  page.see(500, false);
  page.onSlide(true);
  page.onSlide(false);
  page.onSlide(false);
  page.onSlide(true);
  assert.deepEqual(page.sent, ["play", "pause", "play"]);
});

test("a run that was paused by hand stays paused when its slide comes back", () => {
  const page = setUp("visible");
  page.see(500, false);
  page.onSlide(true);
  page.press("pause");
  page.onSlide(false);
  page.onSlide(true);
  assert.deepEqual(page.sent, ["play"]);
});

test("without autoplay a slide only continues what was running", () => {
  const page = setUp("off");
  page.onSlide(true);
  page.onSlide(false);
  page.onSlide(true);
  assert.deepEqual(page.sent, []);
  page.press("play");
  page.onSlide(false);
  page.onSlide(true);
  assert.deepEqual(page.sent, ["pause", "play"]);
});

test("a slide that came and went before the server answered stays still", () => {
  const page = setUp("visible", { connected: false });
  page.see(500, false);
  page.onSlide(true);
  page.onSlide(false);
  page.onConnected();
  assert.deepEqual(page.sent, []);
});
