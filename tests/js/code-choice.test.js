// @ts-check
/** The fakes of one code: where they are in words, and their density over that of all fakes. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { placeInWords } from "../../static/js/page/code-choice.js";
import { chart, drawn, filled, makeFrame, makeScene, makeStore } from "./drawing.js";

/** Two codes: the first at −2, the second with three of four parts at 2. */
function coded() {
  const scene = { ...makeScene(), codes: ["c=1", "c=2"], curves: ["c=1", "c=2"] };
  const frame = makeFrame();
  const near = (/** @type {number} */ x, /** @type {number} */ at) => (Math.abs(x - at) < 0.5 ? 1 : 0);
  frame.arrays.generator = Float32Array.from([-2, 2].flatMap((x) => scene.latent_grid.map(() => x)));
  frame.arrays.code_density = Float32Array.from([...scene.grid.map((x) => near(x, -2)), ...scene.grid.map((x) => 0.25 * near(x, -2) + 0.75 * near(x, 2))]);
  return { scene: /** @type {any} */ (scene), frame };
}

test("the place of a code is the mode that has most of its fakes", () => {
  const { scene, frame } = coded();
  assert.match(placeInWords(scene, frame, 0), /^100\s%\snear −2\.0$/);
  assert.match(placeInWords(scene, frame, 1), /^75\s%\snear 2\.0$/);
  frame.arrays.code_density = filled(512, 0);
  assert.equal(placeInWords(scene, frame, 0), "");
});

test("with one mode, the place of a code is the mean of its fakes", () => {
  const { scene, frame } = coded();
  scene.modes = [{ centre: 0, mass: 1, low: null, high: null }];
  assert.equal(placeInWords(scene, frame, 0), "fakes around −2.0");
  assert.equal(placeInWords(scene, frame, 1), "fakes around 1.0");
});

/** Heights of the last closed path in the data chart. @param {Partial<import("../../static/js/state/store.js").Store>} changes */
function callsOf(changes) {
  const { scene, frame } = coded();
  return drawn(chart("data"), makeStore({ scene, frame, ...changes })).calls.length;
}

test("the data show a code that is chosen, or whose curve is under the pointer", () => {
  const plain = callsOf({ code: null });
  assert.ok(callsOf({ code: 1 }) > plain);
  assert.equal(callsOf({ code: 1 }), callsOf({ code: 0 }));
  assert.ok(callsOf({ hover: { axis: "z", value: 0, curve: 1 } }) > callsOf({ hover: { axis: "z", value: 0 } }));
  assert.equal(callsOf({ code: 5 }), plain);
});
