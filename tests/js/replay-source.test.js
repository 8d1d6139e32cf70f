import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { LOCK, ReplaySource } from "../../static/js/replay/replay-source.js";

const golden = JSON.parse(readFileSync(new URL("../golden/hello.json", import.meta.url), "utf8"));
const FIELDS = ["loss_d", "diagnosis"];
const LAYOUT = FIELDS.map((name, at) => ({ name, shape: [], offset: 16 + 4 * at, axis: null, origin: 0, factor: 1 }));
const sceneOf = (/** @type {number} */ scene) => ({ scene, layout: LAYOUT, frame_bytes: 24 });

async function deflated(data) {
  const packed = new Blob([data]).stream().pipeThrough(new CompressionStream("deflate"));
  return Buffer.from(await new Response(packed).arrayBuffer()).toString("base64");
}

/** Frames at some steps, whose numbers are all equal to the step. @param {number[]} steps */
function archive(steps) {
  const words = new Uint32Array(Float32Array.from(steps).buffer);
  const mixed = words.map((word, at) => (at ? word ^ words[at - 1] : word));
  const planes = [0, 8, 16, 24].flatMap((shift) => [...mixed].map((word) => (word >>> shift) & 255));
  const values = FIELDS.flatMap(() => [...steps.map(() => 0), ...planes]);
  const fields = FIELDS.map((name) => ({ name, shape: [], quantum: 0, unit: 0, along_frames: 0, along_values: 0 }));
  const header = new TextEncoder().encode(JSON.stringify({ steps, fields }));
  return deflated(new Uint8Array([header.length & 255, header.length >> 8, 0, 0, ...header, ...values]));
}

const diagnosis = (/** @type {string} */ kind, /** @type {number} */ since) => ({ kind, sentence: `${kind} since ${since}`, since });
const CONTENT = {
  gan1d_replay: 1,
  hello: {
    ...golden, ...sceneOf(1), marks: [{ step: 15, path: "batch_size", label: "batch size 256 → 8" }],
    bookmarks: [{ step: 10, text: "Look here" }], diagnosis_marks: [{ step: 5, kind: "learning", label: "Learning" }],
  },
  scenes: [sceneOf(2)],
  configs: [[0, { config: { batch_size: 256 }, changed: {} }], [15, { config: { batch_size: 8 }, changed: { batch_size: 8 } }]],
  diagnoses: [[0, diagnosis("untrained", 0)], [5, diagnosis("learning", 1)], [10, { ...diagnosis("learning", 1), sentence: "more" }]],
  made_with: "The run was made with gan1d 0.2.0.",
};

class FakeClock {
  time = 0;
  timers = [];
  now = () => this.time;
  setTimeout = (callback, ms) => this.timers.push({ callback, at: this.time + ms });
  clearTimeout = (id) => (this.timers = this.timers.filter((_, at) => at !== id - 1));
  tick(ms) {
    const end = this.time + ms;
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.time = next.at;
      this.timers = this.timers.filter((timer) => timer !== next);
      next.callback();
    }
    this.time = end;
  }
}

class FakeStorage {
  kept = new Map();
  getItem = (key) => this.kept.get(key) ?? null;
  setItem = (key, text) => this.kept.set(key, text);
}

async function set(content = CONTENT, frames = null, storage = new FakeStorage()) {
  const clock = new FakeClock();
  const told = { messages: [], states: [], steps: [] };
  const source = new ReplaySource({
    recording: await deflated(new TextEncoder().encode(JSON.stringify(content))),
    frames: frames ?? (await Promise.all([archive([0, 5, 10]), archive([15, 20])])),
    clock,
    storage: () => storage,
    onMessage: (message) => told.messages.push(message),
    onFrame: (buffer) => told.steps.push(Number(new DataView(buffer).getBigUint64(8, true))),
    onState: (state, sentence) => told.states.push([state, sentence]),
  });
  await source.open();
  const last = (/** @type {string} */ type) => told.messages.findLast((message) => message.type === type);
  return { source, clock, told, last };
}

test("a recording opens with hello, all numbers of all frames, and its first frame", async () => {
  const { source, told, last } = await set();
  assert.deepEqual(told.states.map(([state]) => state), ["connecting", "open"]);
  assert.deepEqual(last("hello").trace, { step: [0, 5, 10, 15, 20], loss_d: [0, 5, 10, 15, 20], diagnosis: [0, 5, 10, 15, 20] });
  assert.equal(last("hello").status.state, "ready");
  assert.deepEqual(told.steps, [0]);
  assert.deepEqual(source.timeline, { steps: [0, 5, 10, 15, 20], last: 20 });
  assert.equal(source.madeWith, CONTENT.made_with);
});

test("seeking shows the last frame at or before the step, with its scene, settings and diagnosis", async () => {
  const { source, told, last } = await set();
  source.send({ type: "look", step: 17 });
  assert.equal(told.steps.at(-1), 15);
  assert.equal(last("scene").scene, 2);
  assert.deepEqual(last("config").changed, { batch_size: 8 });
  assert.equal(last("status").step, 15);
  assert.equal(last("status").diagnosis.sentence, "more");
  source.send({ type: "look", step: 7 });
  assert.equal(told.steps.at(-1), 5);
  assert.equal(last("scene").scene, 1);
  assert.deepEqual(last("config").changed, {});
  for (const [step, shown] of [[-3, 0], [1e9, 20], [20, 20], [0, 0]]) {
    source.send({ type: "look", step });
    assert.equal(told.steps.at(-1), shown);
  }
});

test("a scene is sent before its first frame", async () => {
  const { source, told } = await set();
  const order = [];
  source.options.onMessage = ({ type }) => order.push(type);
  source.options.onFrame = () => order.push("frame");
  source.send({ type: "look", step: 15 });
  assert.deepEqual(order, ["config", "scene", "status", "frame"]);
  assert.ok(told);
});

test("every picture is shown in turn, each after the one before was drawn, and the recording stops at its end", async () => {
  const { source, told, last } = await set();
  source.send({ type: "ack" });
  source.send({ type: "play" });
  assert.deepEqual(told.steps, [0, 5]);
  assert.equal(last("status").playback.running, true);
  for (let drawn = 0; drawn < 3; drawn++) source.send({ type: "ack" });
  assert.deepEqual(told.steps, [0, 5, 10, 15, 20]);
  source.send({ type: "ack" });
  assert.equal(last("status").playback.running, false);
  assert.equal(last("status").sentence, "The recording ends at step 20.");
  source.send({ type: "play" });
  assert.equal(told.steps.at(-1), 0);
});

test("a speed in steps a second shows the frame that is due, and skips those that are late", async () => {
  const { source, told, clock } = await set();
  source.send({ type: "ack" });
  source.send({ type: "playback", speed: 10 });
  source.send({ type: "play" });
  clock.tick(499);
  assert.deepEqual(told.steps, [0]);
  clock.tick(2);
  assert.deepEqual(told.steps, [0, 5]);
  clock.tick(350);
  source.send({ type: "ack" });
  clock.tick(700);
  assert.deepEqual(told.steps, [0, 5, 10]);
  source.send({ type: "pause" });
  source.send({ type: "ack" });
  clock.tick(5000);
  assert.deepEqual(told.steps, [0, 5, 10]);
});

test("a page that was hidden goes on where it was", async () => {
  const { source, told, clock } = await set();
  source.send({ type: "ack" });
  source.send({ type: "playback", speed: 10 });
  source.send({ type: "play" });
  clock.tick(510);
  clock.tick(60_000);
  source.send({ type: "ack" });
  assert.deepEqual(told.steps, [0, 5]);
  clock.tick(510);
  assert.deepEqual(told.steps, [0, 5, 10]);
});

test("a step, a reset and a seek stop the recording", async () => {
  const { source, told, last } = await set();
  for (const [command, step] of [[{ type: "step" }, 5], [{ type: "step", count: 2 }, 15], [{ type: "step", count: 99 }, 20], [{ type: "reset" }, 0]]) {
    source.send({ type: "play" });
    source.send({ type: "look", step: told.steps.at(-1) });
    source.send(command);
    assert.equal(told.steps.at(-1), step);
    assert.equal(last("status").playback.running, false);
  }
});

test("what needs a server is refused in one sentence", async () => {
  const { source, told, last } = await set();
  const commands = [
    { type: "set", path: "batch_size", value: 3 }, { type: "load_preset", name: "default" }, { type: "reset", seed: 3 },
    { type: "step", player: "generator" },
  ];
  for (const command of commands) {
    assert.equal(source.send(command), true);
    assert.deepEqual(last("refused"), { type: "refused", message: LOCK, path: command.path ?? null, value: null, command: command.type === "load_preset" ? "load_preset" : null });
  }
  source.send({ type: "get_log", run: null });
  assert.equal(last("refused").command, "get_log");
  assert.deepEqual(told.steps, [0]);
});

test("a field without values has its place in a picture", async () => {
  const scenes = CONTENT.scenes.map((scene) => ({ ...scene, layout: [...scene.layout, { name: "none", shape: [0, 4], offset: 16 }] }));
  const { source, told } = await set({ ...CONTENT, scenes });
  assert.equal(source.state, "open");
  assert.deepEqual(told.steps, [0]);
});

test("a recording of another version, without its parts, or damaged is refused with a sentence", async () => {
  const cases = [
    [{ ...CONTENT, gan1d_replay: 2 }, null, /it has version 2, but this page reads version 1/],
    [{ ...CONTENT, hello: 5 }, null, /its description is damaged/],
    [{ ...CONTENT, hello: { ...CONTENT.hello, bookmarks: 5 } }, null, /its description is damaged/],
    [{ ...CONTENT, diagnoses: "" }, null, /its description is damaged/],
    [{ ...CONTENT, scenes: [{ ...sceneOf(2), frame_bytes: 1e12 }] }, null, /its description is damaged/],
    [{ ...CONTENT, scenes: [{ ...sceneOf(2), layout: [{ ...LAYOUT[0], offset: 22 }] }] }, null, /its description is damaged/],
    [CONTENT, [await archive([0])], /it does not have frames for each of its scenes/],
    [CONTENT, [await archive([5]), await archive([5])], /its steps are not in order/],
    [CONTENT, ["!", "!"], /its data are damaged/],
  ];
  for (const [content, frames, sentence] of cases) {
    const { source, told } = await set(content, frames);
    assert.equal(source.state, "incompatible");
    assert.match(told.states.at(-1)[1], sentence);
    assert.equal(source.send({ type: "play" }), false);
    assert.deepEqual(told.messages, []);
  }
});

test("a viewer's bookmarks are beside those of the recording, and kept for the next time", async () => {
  const storage = new FakeStorage();
  const { source, last } = await set(CONTENT, null, storage);
  source.send({ type: "bookmark", step: 15, text: " Mine " });
  source.send({ type: "bookmark", step: 5, text: "Early" });
  const all = [{ step: 5, text: "Early", own: true }, { step: 10, text: "Look here" }, { step: 15, text: "Mine", own: true }];
  assert.deepEqual(last("marks").bookmarks, all);
  assert.deepEqual(last("marks").marks, CONTENT.hello.marks);
  assert.deepEqual((await set(CONTENT, null, storage)).last("hello").bookmarks, all);
  const other = { ...CONTENT, made_with: "Another run." };
  assert.deepEqual((await set(other, null, storage)).last("hello").bookmarks, CONTENT.hello.bookmarks, "each recording has its own");
  source.send({ type: "bookmark", step: 15, text: "" });
  assert.deepEqual(last("marks").bookmarks, all.slice(0, 2));
});

test("where storage is denied, bookmarks last until the page is closed", async () => {
  const denied = /** @type {any} */ ({ getItem: () => assert.fail("denied"), setItem: () => assert.fail("denied") });
  const { source, last } = await set(CONTENT, null, denied);
  source.send({ type: "bookmark", step: 0, text: "Start" });
  assert.deepEqual(last("marks").bookmarks[0], { step: 0, text: "Start", own: true });
});

test("what others wrote into the storage is not taken for bookmarks", async () => {
  const storage = new FakeStorage();
  const { source } = await set(CONTENT, null, storage);
  source.send({ type: "bookmark", step: 0, text: "Start" });
  const [key] = storage.kept.keys();
  for (const text of ["{", "5", '[[-1,"a"],["0","b"],[1.5,"c"],[2],null,[3,{}]]']) {
    storage.setItem(key, text);
    assert.deepEqual((await set(CONTENT, null, storage)).last("hello").bookmarks, CONTENT.hello.bookmarks, text);
  }
  storage.setItem(key, JSON.stringify([[4, "x".repeat(1000)]]));
  assert.equal((await set(CONTENT, null, storage)).last("hello").bookmarks[0].text.length, golden.limits.bookmark_length);
});
