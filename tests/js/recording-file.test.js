import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeElement } from "./fake-dom.js";

globalThis.document = { createElement: (tag) => new FakeElement(tag) };
const { recordingSection } = await import("../../static/js/page/recording-file.js");

function setUp(respond, answer = { type: "run_log", text: "LOG" }) {
  const listeners = new Set();
  const store = {
    preset: "hinge",
    subscribe: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    command(command) {
      assert.deepEqual(command, { type: "get_log", run: null });
      if (answer) queueMicrotask(() => [...listeners].forEach((listener) => listener(answer)));
      return answer !== null;
    },
  };
  const sent = [];
  const page = { baseURI: "https://h.example/lab/?x#y" };
  const section = recordingSection(page, store, async (url, options) => {
    sent.push([String(url), options]);
    return respond(options);
  });
  const [save, cancel] = section.children[2].children;
  const said = section.children[3];
  return { save, cancel, said, sent, listeners };
}

const settle = () => new Promise((done) => setTimeout(done, 5));

test("the log of the run is posted beside the page, and a refusal of the server is shown", async () => {
  const { save, said, sent, listeners } = setUp(() => ({ ok: false, text: async () => "The server is making another recording.\n" }));
  save.fire("click");
  await settle();
  assert.equal(sent[0][0], "https://h.example/lab/recording?preset=hinge");
  assert.equal(sent[0][1].body, "LOG");
  assert.equal(said.textContent, "The server is making another recording.");
  assert.equal(save.disabled, false);
  assert.equal(listeners.size, 0);
});

test("a refused log and a lost connection are sentences", async () => {
  const refused = setUp(() => assert.fail(), { type: "refused", message: "The log of the run is full there.", command: "get_log" });
  refused.save.fire("click");
  await settle();
  assert.equal(refused.said.textContent, "The log of the run is full there.");
  const other = setUp(() => ({ ok: false, text: async () => "Busy." }), { type: "refused", message: "Expected another step.", command: "look" });
  other.save.fire("click");
  await settle();
  assert.doesNotMatch(other.said.textContent, /another step/);
  other.listeners.forEach((listener) => listener({ type: "run_log", text: "LOG" }));
  await settle();
  assert.equal(other.said.textContent, "Busy.", "the refusal of another command does not end the wait for the log");
  const lost = setUp(() => assert.fail(), null);
  lost.save.fire("click");
  await settle();
  assert.equal(lost.said.textContent, "There is no connection to the server.");
  const silent = setUp(() => Promise.reject(new TypeError("Failed to fetch")));
  silent.save.fire("click");
  await settle();
  assert.equal(silent.said.textContent, "The server does not answer, so no file was made.");
});

test("waiting can be cancelled", async () => {
  const { save, cancel, said, sent } = setUp(({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))));
  save.fire("click");
  await settle();
  assert.equal(save.disabled, true);
  assert.equal(cancel.hidden, false);
  save.fire("click");
  cancel.onclick();
  await settle();
  assert.equal(said.textContent, "Cancelled.");
  assert.equal(cancel.hidden, true);
  assert.equal(sent.length, 1);
});
