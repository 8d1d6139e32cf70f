// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { compareLink, differencesOf, runLink } from "../../static/js/map/links.js";
import { readHash } from "../../static/js/state/url.js";
import { resultsWith, run } from "./map-example.js";

const cells = [
  { preset: "default", changes: { "penalty.gamma": 0 } },
  { preset: "default", changes: { "penalty.gamma": 0, "loss.kind": 1 } },
  { preset: "wgan_gp", changes: {} },
  { preset: "default", changes: {} }, { preset: "default", changes: {} }, { preset: "default", changes: {} },
];
const more = { cells, usual: { default: { "penalty.gamma": 3, "loss.kind": 2 }, wgan_gp: {} } };

test("a link holds the settings, the seed and the step of a run", () => {
  const results = resultsWith([[1, [run(12, 3, { steps: 87 })]]], undefined, more);
  const link = runLink(results, 1, results.cells[1][0]);
  assert.equal(link, "#preset=default&penalty.gamma=0.01&loss=hinge&seed=12&at=87");
  assert.deepEqual(readHash(link), { preset: "default", changes: { "penalty.gamma": 0.01, loss: "hinge", seed: 12 }, at: 87 });
});

test("a comparison has what the second cell has otherwise, also where that is what the preset has", () => {
  const { content } = resultsWith([], undefined, more);
  assert.deepEqual(differencesOf(content, 0, 1), { "loss.kind": "hinge" });
  assert.deepEqual(differencesOf(content, 1, 0), { "loss.kind": "minimax" });
  assert.deepEqual(differencesOf(content, 1, 3), { "penalty.gamma": 1, "loss.kind": "minimax" });
  assert.equal(differencesOf(content, 0, 2), null);
});

test("two tiles are compared with a seed that is typical of both, if there is one", () => {
  const first = [run(10, 0), run(11, 1), run(12, 1)];
  const second = [run(10, 0), run(11, 1), run(12, 0)];
  const results = resultsWith([[0, first], [1, second]], undefined, more);
  // The first cell has mostly collapsed, with seeds 11 and 12; the second has mostly converged, with seeds 10 and 12.
  assert.match(String(compareLink(results, 0, 1)), /seed=12&compare=loss:hinge&at=300$/);
  const apart = resultsWith([[0, first], [1, [run(10, 0)]]], undefined, more);
  assert.match(String(compareLink(apart, 0, 1)), /seed=11&compare=loss:hinge&at=300$/, "the first that has collapsed");
  assert.equal(compareLink(results, 0, 2), null, "there is no run");
});
