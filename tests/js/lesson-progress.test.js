// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { csvOf, readProgress } from "../../static/js/learn/progress.js";

/** A storage that remembers in memory. */
function storageOf(/** @type {Record<string, string>} */ kept = {}) {
  return {
    kept,
    getItem: (/** @type {string} */ key) => kept[key] ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void (kept[key] = value),
  };
}

const ANSWER = { when: "2026-01-02T03:04:05Z", lesson: "one", page: 2, question: "one-2", answer: 1, right: 1 };

test("a browser remembers the page, what was seen, and the answers", () => {
  const storage = storageOf();
  const progress = readProgress(storage);
  progress.visit({ lesson: "one", page: 2 });
  progress.finish("one/2/waiting", 125);
  progress.answer(ANSWER);
  progress.answer({ ...ANSWER, lesson: "after", answer: 0 });
  const later = readProgress(storage);
  assert.deepEqual(later.place(), { lesson: "one", page: 2 });
  assert.equal(later.doneAt("one/2/waiting"), 125);
  assert.equal(later.doneAt("one/2/task"), undefined);
  assert.equal(later.answerTo("one-2")?.answer, 0);
  assert.equal(later.answerTo("one-2", "one")?.answer, 1);
});

test("without storage, with a full one or a broken text, lessons begin anew", () => {
  const full = { getItem: () => "{broken", setItem: () => assert.fail("full") };
  for (const storage of [null, full]) {
    const progress = readProgress(storage);
    assert.equal(progress.place(), null);
    assert.doesNotThrow(() => progress.visit({ lesson: "one", page: 1 }));
    assert.deepEqual(progress.place(), { lesson: "one", page: 1 });
  }
});

test("the table counts answers from one", () => {
  const rows = csvOf([ANSWER, { ...ANSWER, answer: 0 }]).split("\n");
  assert.deepEqual(rows, [
    "when,lesson,page,question,answer,right_answer,is_right",
    "2026-01-02T03:04:05Z,one,2,one-2,2,2,1",
    "2026-01-02T03:04:05Z,one,2,one-2,1,2,0",
    "",
  ]);
});
