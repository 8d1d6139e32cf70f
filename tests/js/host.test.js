import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { commandFor, Host, moveFor, readHostMessage, stateOf, StateReporter } from "../../static/js/embed/host.js";

test("slides are understood in each of their dialects", () => {
  for (const data of ["slide:start", '"slide:start"', '{"event":"slide:start"}', { event: "slide:start" }, { type: "slide:start" }]) {
    assert.deepEqual(readHostMessage(data), { kind: "slide", isShown: true });
  }
  assert.deepEqual(readHostMessage("slide:stop"), { kind: "slide", isShown: false });
});

test("requests come as objects or as JSON", () => {
  const request = { gan1d: 1, do: "play" };
  assert.deepEqual(readHostMessage(request), { kind: "request", request });
  assert.deepEqual(readHostMessage(JSON.stringify(request)), { kind: "request", request });
});

test("what is not meant for us is passed over, what is wrong is explained", () => {
  for (const data of [null, 7, "hello", "{broken", { namespace: "reveal" }, '{"method":"right"}', { gan1d: 1, event: "ready" }]) {
    assert.equal(readHostMessage(data), null);
  }
  assert.match(readHostMessage({ gan1d: 1, do: "dance" }).sentence, /one of play, pause, .* but got "dance"/);
  assert.match(readHostMessage({ gan1d: 2, do: "play" }).sentence, /"gan1d": 1, but got 2/);
});

test("each request is one command", () => {
  const cases = [
    [{ do: "play" }, { type: "play" }],
    [{ do: "pause" }, { type: "pause" }],
    [{ do: "reset" }, { type: "reset" }],
    [{ do: "reset", seed: 4 }, { type: "reset", seed: 4 }],
    [{ do: "step" }, { type: "step" }],
    [{ do: "step", count: 5 }, { type: "step", count: 5 }],
    [{ do: "step", count: 2, player: "generator" }, { type: "step", count: 2, player: "generator" }],
    [{ do: "set", path: "seed", value: 3 }, { type: "set", path: "seed", value: 3 }],
    [{ do: "set", path: "widths", value: [3], reinitialize: true }, { type: "set", path: "widths", value: [3], reinitialize: true }],
    [{ do: "set", path: "widths", value: [3], afresh: true }, { type: "set", path: "widths", value: [3], reinitialize: true }],
    [{ do: "preset", name: "collapse" }, { type: "load_preset", name: "collapse" }],
    [{ do: "state" }, null],
  ];
  for (const [request, command] of cases) assert.deepEqual(commandFor(request), command);
});

const press = (key, more = {}) => ({ key, target: { tagName: "BODY" }, ...more });

test("keys that no control used move the slides", () => {
  assert.deepEqual(JSON.parse(moveFor(press("ArrowRight"))), { method: "right", args: [] });
  assert.deepEqual(JSON.parse(moveFor(press("PageDown"))), { method: "next", args: [] });
  assert.deepEqual(JSON.parse(moveFor(press("Escape"))), { method: "toggleOverview", args: [] });
  assert.equal(moveFor(press("ArrowRight", { target: { tagName: "INPUT", type: "range" } })), null);
  assert.equal(moveFor(press("ArrowRight", { defaultPrevented: true })), null);
  assert.equal(moveFor(press("x")), null);
});

function fakeWindow() {
  const told = [];
  const listeners = [];
  const parent = { postMessage: (message, origin) => told.push([message, origin]) };
  const window = { parent, addEventListener: (_, listener) => listeners.push(listener) };
  return { window, told, say: (data, source = parent) => listeners.forEach((listener) => listener({ data, source })) };
}

test("only the parent is listened to, and it is answered in its own form", () => {
  const { window, told, say } = fakeWindow();
  const host = new Host(window);
  const heard = [];
  host.listen((message) => heard.push(message));
  say({ gan1d: 1, do: "play" }, {});
  assert.deepEqual(heard, []);
  host.send("ready", { version: "1" });
  assert.deepEqual(told.pop(), [{ gan1d: 1, event: "ready", version: "1" }, "*"]);
  say('{"gan1d":1,"do":"play"}');
  assert.equal(heard.length, 1);
  host.send("state", { step: 3 });
  assert.deepEqual(told.pop(), ['{"gan1d":1,"event":"state","step":3}', "*"]);
});

test("a page of its own sends nothing", () => {
  const window = { addEventListener() {} };
  window.parent = window;
  const host = new Host(window);
  host.send("ready", {});
  host.forward(press("ArrowRight"));
  assert.equal(host.isFramed, false);
});

test("a state is that of the current frame, and before any of the step that was said", () => {
  const store = { status: null, playback: null, preset: "default", changed: {}, current: () => null };
  const before = { state: "connecting", running: false, speed: null, step: 0, preset: "default", changes: {}, metrics: {} };
  assert.deepEqual(stateOf(store), before);
  assert.equal(stateOf(store, 7).step, 7);
  const later = { ...store, status: { state: "running" }, playback: { running: true, speed: 60 }, current: () => ({ step: 9, scalars: { loss_d: 1 } }) };
  assert.deepEqual(stateOf(later, 7), { ...before, state: "running", running: true, speed: 60, step: 9, metrics: { loss_d: 1 } });
});

test("a state waits for its picture, but not for long", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let frame = null;
  let told = 0;
  const reporter = new StateReporter({ current: () => frame }, () => (told += 1));
  reporter.schedule();
  reporter.schedule();
  reporter.onFrame();
  assert.equal(told, 0, "a picture of an earlier step");
  frame = {};
  reporter.onFrame();
  reporter.onFrame();
  assert.equal(told, 1, "once, whatever was said meanwhile");
  reporter.schedule();
  mock.timers.tick(1000);
  assert.equal(told, 2, "no picture comes");
  reporter.schedule();
  reporter.report();
  mock.timers.tick(1000);
  assert.equal(told, 3, "a request is answered at once");
  mock.timers.reset();
});
