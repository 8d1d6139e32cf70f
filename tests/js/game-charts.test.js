// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { gameDistances } from "../../static/js/games/distance-chart.js";
import { spectrum } from "../../static/js/games/eigenvalue-chart.js";
import { gameCharts } from "../../static/js/games/game-charts.js";
import { plane } from "../../static/js/games/plane-chart.js";
import { theme } from "./drawing.js";
import { fakeContext } from "./fake-context.js";

const STEPS = 40;
const box = { width: 800, height: 500 };

/** A circle that grows. @param {object} [more] */
function track(more = {}) {
  const angles = Array.from({ length: STEPS + 1 }, (_, i) => i / 8);
  const radius = angles.map((_, i) => 1.02 ** i);
  return {
    from: 0, label: "Simultaneous", near: "spirals out", words: "", isOver: false, rate: 1.005, states: [],
    theta: angles.map((angle, i) => radius[i] * Math.cos(angle)), psi: angles.map((angle, i) => radius[i] * Math.sin(angle)),
    distances: radius, conserved: radius, eigenvalues: [[1, 0.1], [1, -0.1]], ...more,
  };
}

/** @param {object} [game] @param {object} [answer] @param {object} [store] */
function contextOf(game = {}, answer = {}, store = {}) {
  const grid = { theta: [-0.5, -0.25, 0, 0.25, 0.5], psi: [-0.5, -0.25, 0, 0.25, 0.5] };
  const field = { ...grid, across: grid.psi.flatMap((psi) => grid.theta.map(() => -psi)), up: grid.psi.flatMap(() => grid.theta) };
  const tracks = [track()];
  const fields = {
    tracks, step: 10, reached: 20, last: STEPS, marks: [], running: false,
    answer: { config: { start: { theta: 1, psi: 0 } }, equilibria: [[0, 0]], plane: 2.5, bound: null, field, conserved: null, ...answer },
    at(/** @type {any} */ one, step = fields.step) {
      const place = step - one.from;
      if (place < 0 || place >= one.theta.length) return null;
      return { theta: one.theta[place], psi: one.psi[place], distance: one.distances[place] ?? NaN, conserved: null };
    },
    ...game,
  };
  const ctx = fakeContext();
  ctx.canvas = { width: 800, height: 500 };
  const whole = { game: fields, hover: null, marks: fields.marks, bookmarks: [], diagnosisMarks: [], readonly: false, config: fields.answer.config, ...store };
  return /** @type {any} */ ({ ctx, box, theme, store: whole, scene: {}, frame: { step: fields.step } });
}

const infinite = track({ distances: [1, ...Array(STEPS).fill(null)] });
/** @type {Record<string, () => any>} */
const situations = {
  "at the start": () => contextOf({ step: 0, reached: 0 }),
  "in the middle, looking back": () => contextOf(),
  "with two updates": () => contextOf({ tracks: [track(), track({ label: "Alternating", rate: 1 })] }),
  "with a second update that begins later": () => contextOf({ step: 3, tracks: [track(), track({ from: 8 })] }),
  "with a second update that has ended": () => contextOf({ step: 30, reached: 30, tracks: [track(), track({ theta: [1, 2], psi: [1, 2], distances: [1, 2] })] }),
  "without eigenvalues": () => contextOf({ tracks: [track({ eigenvalues: [], rate: null })] }),
  "with eigenvalues far outside": () => contextOf({ tracks: [track({ eigenvalues: [[9, 0], [-9, 0]], rate: 9 })] }),
  "with a bound and a level": () => contextOf({}, { bound: 1, conserved: { label: "θ² + ψ²", level: 1, curve: [[1, 0, null], [0, 1, 0]] } }),
  "with marks": () => contextOf({ marks: [{ step: 4, label: "γ 0 → 1", path: "game.gamma" }] }),
  "with a step pointed at": () => contextOf({}, {}, { hover: { axis: "step", value: 7 } }),
  "with distances that are not finite": () => contextOf({ tracks: [infinite] }),
  "at the equilibrium": () => contextOf({ tracks: [track({ distances: Array(STEPS + 1).fill(0) })] }),
};

for (const [name, make] of Object.entries(situations)) {
  for (const chart of gameCharts) {
    test(`${chart.id} draws ${name}`, () => {
      const context = make();
      chart.draw(context);
      assert.equal(context.ctx.open, 0);
      assert.match(chart.describe(context.store), /^[A-Z].*\.$/s);
      assert.doesNotMatch(chart.describe(context.store), /undefined|NaN/);
    });
  }
}

test("θ and ψ have the same scale, and the start is dragged within its bounds", () => {
  const context = contextOf();
  const [handle] = plane.handles?.(context) ?? [];
  const right = /** @type {any} */ (handle.changeAt(handle.x + 50, handle.y).value);
  const up = /** @type {any} */ (handle.changeAt(handle.x, handle.y - 50).value);
  assert.ok(Math.abs(right.theta - 1 - up.psi) < 0.02);
  assert.deepEqual(handle.changeAt(1e5, -1e5), { path: "start", value: { theta: 2.5, psi: 2.5 } });
  assert.deepEqual(plane.handles?.(contextOf({}, {}, { readonly: true })), []);
});

test("the timeline finds the step under the pointer, from end to end", () => {
  const context = contextOf();
  const steps = [50, 400, 690].map((x) => gameDistances.hoverAt?.(context, x, 100)?.value);
  assert.ok(steps.every((step) => step === undefined || (step >= 0 && step <= STEPS)));
  assert.equal(gameDistances.hoverAt?.(context, 799, 100), null);
});

test("the words of the eigenvalues say what is inside the circle", () => {
  const words = spectrum.describe(contextOf().store);
  assert.match(words, /inside it, the distance shrinks/);
  assert.match(words, /1\.00 \+ 0\.100i/);
  assert.match(spectrum.describe(situations["without eigenvalues"]().store), /no derivative at the equilibrium/);
});
