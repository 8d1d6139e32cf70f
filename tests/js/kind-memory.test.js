import assert from "node:assert/strict";
import { test } from "node:test";

import { KindMemory } from "../../static/js/state/kind-memory.js";

const mixture = (...positions) => ({ kind: "mixture", modes: positions.map((position) => ({ position })) });
const samples = (...values) => ({ kind: "samples", values });

/** Note a row of configs with this target, each as [target, changed paths, preset]. */
function after(...configs) {
  const memory = new KindMemory();
  for (const [target, changed = [], preset = "default"] of configs) {
    memory.note({ seed: 0, target, loss: { kind: "hinge" } }, Object.fromEntries(changed.map((path) => [path, 1])), preset);
  }
  return memory;
}

test("a kind that is chosen again has its last settings", () => {
  const memory = after([mixture(1, 2)], [samples(4, 5)], [samples(7, 8, 9)], [mixture(3)]);
  assert.deepEqual(memory.recall("target", "samples"), samples(7, 8, 9));
  assert.equal(memory.recall("target", "mixture"), "mixture", "the present kind is left as it is");
  assert.equal(memory.recall("target", "drawn"), "drawn", "a kind that was never chosen has its default settings");
  assert.equal(memory.recall("loss", "wasserstein"), "wasserstein");
});

test("own numbers survive presets, which have numbers of their own", () => {
  const own = [samples(7, 8, 9), ["target.values"], "default"];
  const memory = after([mixture(1)], own, [samples(1, 2), [], "old_faithful"], [mixture(5), [], "textbook"]);
  assert.deepEqual(memory.recall("target", "samples"), samples(7, 8, 9));
});

test("settings of a preset that is left for another one are not the user's", () => {
  const memory = after([samples(1, 2), [], "old_faithful"], [mixture(5), [], "textbook"]);
  assert.equal(memory.recall("target", "samples"), "samples");
});

test("a preset's modes come back after a look at another kind", () => {
  const memory = after([mixture(1), ["target.modes"]], [mixture(5, 6), [], "textbook"], [samples(1), ["target.kind"], "textbook"]);
  assert.deepEqual(memory.recall("target", "mixture"), mixture(5, 6));
});
