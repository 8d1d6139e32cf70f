// Editing the target: the settings that handles and freehand drawing make, with the schema that the server sends.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { dataLayout } from "../../static/js/charts/layout.js";
import { drawableTarget, dragTargetsOf, freehandAt, handlesOf } from "../../static/js/charts/target-editing.js";
import { controlsOf } from "../../static/js/state/schema.js";

const hello = JSON.parse(readFileSync(new URL("../golden/hello.json", import.meta.url), "utf8"));
const theme = { size: 12, line: 2, ratio: 1 };
const box = { width: 460, height: 240 };

/** A page that shows this target under the density 0.2 everywhere from −5 to 5. */
function makeStore(target, more = {}) {
  const config = { ...hello.config, target };
  const grid = Array.from({ length: 200 }, (_, i) => -5 + (i + 0.5) / 20);
  const scene = { x_axis: { low: -5, high: 5 }, density_high: 0.5, grid, target_density: grid.map(() => 0.2), ...more };
  return { config, scene, dragTargets: dragTargetsOf(controlsOf(hello.schema, config), config) };
}
const setUp = (target, more) => {
  const store = makeStore(target, more);
  const at = { store, theme, scene: store.scene, ...dataLayout({ box, theme, scene: store.scene }) };
  return { at, handles: handlesOf(at) };
};
const mixture = (...modes) => ({ kind: "gaussian_mixture", modes: modes.map(([position, width, weight]) => ({ position, width, weight })) });

test("a mode has handles for its position, its width and, beside other modes, its weight", () => {
  const { handles, at } = setUp(mixture([-2, 0.5, 0.5], [2, 1, 0.5]));
  assert.deepEqual(handles.map(({ shape }) => shape), ["position", "width", "weight", "position", "width", "weight"]);
  assert.deepEqual(handles.map(({ x }) => Math.round(x)), [-2, -1.5, -2, 2, 3, 2].map((x) => Math.round(at.x(x))));
  assert.equal(handles[0].y, at.densities.bottom);
  assert.equal(handles[1].y, at.y(0.2));
});

test("the only mode has no handle for its weight", () => {
  assert.deepEqual(setUp(mixture([0, 1, 1])).handles.map(({ shape }) => shape), ["position", "width"]);
});

test("positions are dragged to tenths, widths to their step, and neither beyond its bounds", () => {
  const { handles: [position, width], at } = setUp(mixture([-2, 0.5, 0.5], [2, 1, 0.5]));
  assert.deepEqual(position.changeAt(at.x(-1.234), 0), { path: "target.modes.0.position", value: -1.2 });
  assert.deepEqual(width.changeAt(at.x(-1.26), 0), { path: "target.modes.0.width", value: 0.75 });
  assert.equal(width.changeAt(at.x(-4), 0).value, 0.05);
});

test("a raised peak takes weight from the others, which keep their ratios", () => {
  const { handles, at } = setUp(mixture([-2, 0.5, 0.5], [0, 0.5, 0.25], [2, 0.5, 0.25]));
  // The first holds half of 0.2; at 0.28 it would hold 0.7, which leaves 0.15 for each of the others.
  const { path, value } = handles[2].changeAt(0, at.y(0.28));
  assert.equal(path, "target.modes");
  assert.deepEqual(value.map(({ weight }) => weight), [0.7, 0.15, 0.15]);
  assert.deepEqual(value.map(({ position, width }) => [position, width]), [[-2, 0.5], [0, 0.5], [2, 0.5]]);
  assert.ok(handles[2].changeAt(0, at.plot.bottom).value[0].weight >= 0.01);
  assert.ok(handles[2].changeAt(0, -1000).value[1].weight >= 0.01);
});

test("other targets have the same kinds of handles", () => {
  const shapes = (target) => setUp(target).handles.map(({ shape, changeAt }) => `${shape} ${changeAt(0, 0).path.replace("target.", "")}`);
  assert.deepEqual(shapes({ kind: "laplace", position: 0, scale: 1 }), ["position position", "width scale"]);
  assert.deepEqual(shapes({ kind: "triangular", peak: 0, rise: 1, fall: 2 }), ["position peak", "width fall", "width rise"]);
  const { handles, at } = setUp({ kind: "triangular", peak: 0, rise: 1, fall: 2 });
  assert.deepEqual(handles[2].changeAt(at.x(-1.5), 0), { path: "target.rise", value: 1.5 });
});

const drawn = { kind: "drawn", centre: 0, half_width: 4, heights: [0, 0.5, 1, 1, 1, 1, 1, 0.5, 0] };

test("only a curve can be drawn", () => {
  assert.equal(drawableTarget(makeStore(drawn)).adjustments.curve.path, "target.heights");
  assert.equal(drawableTarget(makeStore(mixture([0, 1, 1]))), undefined);
  const { at } = setUp(mixture([0, 1, 1]));
  assert.equal(freehandAt(at, at.x(0), at.y(0.1)), null);
});

test("a tool is taken only where densities are", () => {
  const { at } = setUp(drawn);
  assert.ok(freehandAt(at, at.x(0), at.y(0.1)));
  assert.equal(freehandAt(at, at.x(0), at.fake.bottom), null);
  for (const [side, away] of [[at.plot.left, -1], [at.plot.right, 1]]) {
    assert.ok(freehandAt(at, side + away * at.gap, at.y(0.1)));
    assert.equal(freehandAt(at, side + away * (at.gap + 1), at.y(0.1)), null);
  }
});

test("a stroke sets every height that it passes, to the scale of the picture, made to fit", () => {
  const { at } = setUp(drawn);
  // The area is 6, so the heights of 1 are densities of 1/6; drawn at 1/3 over x from 0 to 2, they are twice the others.
  const tool = freehandAt(at, at.x(0), at.y(1 / 3));
  tool.moveTo(at.x(0), at.y(1 / 3));
  const { change, sketch } = tool.moveTo(at.x(2), at.y(1 / 3));
  assert.equal(change.path, "target.heights");
  assert.deepEqual(change.value, [0, 0.25, 0.5, 0.5, 1, 1, 1, 0.25, 0]);
  assert.deepEqual(sketch.x, [-4, -3, -2, -1, 0, 1, 2, 3, 4]);
  assert.ok(Math.abs(sketch.density[5] - 1 / 3) < 1e-9);
});

test("a stroke below the axis draws nothing there, and a density of nothing is not sent", () => {
  const { at } = setUp(drawn);
  const tool = freehandAt(at, at.x(-4), at.y(0));
  tool.moveTo(at.x(-4), at.y(0));
  const { change, sketch } = tool.moveTo(at.x(4), at.plot.bottom);
  assert.equal(change, null);
  assert.deepEqual(sketch.density, Array(9).fill(0));
});

test("a dot between two places goes to the nearer one", () => {
  const { at } = setUp(drawn);
  const tool = freehandAt(at, at.x(0.4), at.y(1 / 3));
  const { change } = tool.moveTo(at.x(0.4), at.y(1 / 3));
  assert.deepEqual(change.value, [0, 0.25, 0.5, 0.5, 1, 0.5, 0.5, 0.25, 0]);
});

test("a slope is drawn straight between two places of a fast pen", () => {
  const { at } = setUp(drawn);
  const tool = freehandAt(at, at.x(-4), at.y(0));
  tool.moveTo(at.x(-4), at.y(0));
  const { change } = tool.moveTo(at.x(4), at.y(0.4));
  assert.deepEqual(change.value, [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]);
});
