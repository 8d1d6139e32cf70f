import assert from "node:assert/strict";
import { test } from "node:test";

import { frameOf, hello, lossesOf, sceneOf, setUp } from "./store-fakes.js";

const lookingAt = (look, step, more = {}) => ({ type: "looking", look, step, run: 1, last_step: 9, running: false, config: null, spacing: 1, sentence: "", ...more });

/** @param {ArrayBuffer} buffer @param {number} look */
function marked(buffer, look) {
  new DataView(buffer).setUint16(14, look, true);
  return buffer;
}

function lookBack() {
  const made = setUp();
  made.store.apply(hello());
  made.store.receive(frameOf(1, 9, 0.9));
  made.paint();
  made.store.seek(3);
  made.paint();
  made.store.apply(lookingAt(1, 3));
  made.store.receive(marked(frameOf(1, 3, 0.3), 1));
  made.paint();
  return made;
}

test("a step that is sought is looked at, once for each picture", () => {
  const { store, sent, paint } = setUp();
  store.apply(hello());
  store.receive(frameOf(1, 9, 0.9));
  paint();
  sent.length = 0;
  for (const step of [2, 3]) store.seek(step);
  paint();
  assert.deepEqual(sent, [{ type: "look", step: 3, run: null }]);
});

test("an earlier step is shown with its frame, and the history stays as it is", () => {
  const { store, paint } = setUp();
  store.apply(hello());
  store.receive(frameOf(1, 9, 0.9));
  store.apply(lookingAt(1, 3));
  assert.equal(store.looking, null, "until its frame has come");
  store.receive(frameOf(1, 10, 1));
  assert.equal(store.frame.step, 9, "a frame of the present that was on its way is dropped");
  store.receive(marked(frameOf(1, 3, 0.3), 1));
  paint();
  assert.deepEqual([store.frame.step, store.looking.step], [3, 3]);
  assert.equal(store.current().step, 3);
  assert.deepEqual([...store.traces.step.slice(0, store.traces.length)], [9]);
});

test("a frame of an earlier look is dropped, and the present returns with its frame", () => {
  const { store } = lookBack();
  store.apply(lookingAt(2, 5));
  store.receive(marked(frameOf(1, 4, 0.4), 1));
  assert.equal(store.frame.step, 3);
  store.receive(marked(frameOf(1, 5, 0.5), 2));
  assert.equal(store.frame.step, 5);
  store.apply(lookingAt(0, null));
  assert.equal(store.looking.step, 5);
  store.receive(frameOf(1, 9, 0.9));
  assert.deepEqual([store.frame.step, store.looking], [9, null]);
});

test("the scene of an earlier step leaves history and marks as they are", () => {
  const { store } = lookBack();
  store.apply({ type: "config", config: {}, mark: { step: 4, path: "a", label: "a 1 → 2" } });
  store.apply(lookingAt(2, 1));
  store.apply({ ...sceneOf(7), look: 2 });
  store.receive(marked(frameOf(7, 1, 0.1), 2));
  assert.deepEqual([store.scene.scene, store.marks.length, store.traces.length], [7, 1, 1]);
});

for (const command of [{ type: "play" }, { type: "step", count: 1, player: "generator" }]) {
  test(`${command.type} in the past goes on from there`, () => {
    const { store, sent } = lookBack();
    sent.length = 0;
    store.command(command);
    assert.deepEqual(sent, [{ type: "branch", step: 3, run: 1, name: null }, command]);
    assert.equal(store.looking, null);
  });
}

test("a setting that is turned in the past is turned there", () => {
  const { store, sent, paint } = lookBack();
  sent.length = 0;
  store.intend("a", 2);
  paint();
  assert.deepEqual(sent, [{ type: "branch", step: 3, run: 1, name: null }, { type: "set", path: "a", value: 2 }]);
});

test("a reset ends the look back, and a pause does not", () => {
  const { store, sent } = lookBack();
  sent.length = 0;
  store.command({ type: "pause" });
  store.command({ type: "reset" });
  assert.deepEqual(sent, [{ type: "pause" }, { type: "look", step: null, run: null }, { type: "reset" }]);
});

test("a page that looks back returns when another run begins, and has the history of that run", () => {
  const { store, sent, paint } = lookBack();
  sent.length = 0;
  store.apply({ type: "marks", run: 2, marks: [], bookmarks: [{ step: 0, text: "start" }], diagnosis_marks: [] });
  paint();
  assert.deepEqual(sent, [{ type: "look", step: null, run: null }]);
  store.apply({ type: "history", run: 2, losses: lossesOf([8]), trace: { step: [] }, trace_stride: 5 });
  store.apply(lookingAt(0, null, { run: 2 }));
  store.apply(sceneOf(2, 2));
  store.receive(frameOf(2, 1, 8));
  assert.deepEqual([...store.losses.series.loss.slice(0, store.losses.length)], [8]);
  assert.deepEqual(store.bookmarks, [{ step: 0, text: "start" }]);
});

test("the history of a kept run is drawn faint until that run is forgotten", () => {
  const { store } = setUp();
  store.apply(hello());
  store.apply({ type: "run_history", run: 4, losses: lossesOf([5, 6]), trace: { step: [0, 2], loss: [5, 6] }, marks: [], bookmarks: [], diagnosis_marks: [] });
  assert.equal(store.ghost.run, 4);
  assert.deepEqual([...store.ghost.traces.step.slice(0, store.ghost.traces.length)], [0, 2]);
  store.apply({ type: "runs", present: 1, runs: [{ run: 4 }], sentence: "" });
  assert.equal(store.ghost.run, 4);
  store.apply({ type: "runs", present: 1, runs: [{ run: 1 }], sentence: "" });
  assert.equal(store.ghost, null);
});
