// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  areaPath, bandPath, crisp, curve, decades, linear, logarithmic, niceCeil, spread,
  stairsPath, ticks, tickStep, valueAt,
} from "../../static/js/plot/index.js";
import { fakeContext } from "./fake-context.js";

test("a linear scale maps ends to ends and back", () => {
  const scale = linear(-5, 5, 100, 300);
  assert.equal(scale(-5), 100);
  assert.equal(scale(0), 200);
  assert.equal(scale(5), 300);
  assert.equal(scale.invert(250), 2.5);
});

test("a linear scale may run backwards, and survives an empty range", () => {
  assert.equal(linear(0, 1, 200, 100)(0.25), 175);
  assert.ok(Number.isFinite(linear(3, 3, 0, 100)(3)));
});

test("a logarithmic scale gives each factor of ten the same length", () => {
  const scale = logarithmic(0.001, 10, 0, 400);
  for (const [value, position] of [[0.001, 0], [0.01, 100], [1, 300], [10, 400]]) {
    assert.ok(Math.abs(scale(value) - position) < 1e-9);
  }
  assert.ok(Math.abs(scale.invert(200) - 0.1) < 1e-12);
});

test("a logarithmic scale puts zero at its low end", () => {
  assert.equal(logarithmic(0.001, 10, 0, 400)(0), 0);
});

test("tick steps are 1, 2 or 5 times a power of ten", () => {
  assert.equal(tickStep(10, 5), 2);
  assert.equal(tickStep(10, 4), 5);
  assert.equal(tickStep(1, 10), 0.1);
  assert.equal(tickStep(700, 3), 500);
  for (const [span, count] of [[0, 5], [NaN, 5], [5, 0], [Infinity, 5]]) assert.equal(tickStep(span, count), 1);
});

test("ticks are round, inside, and free of rounding dust", () => {
  assert.deepEqual(ticks(-5, 5, 6), [-4, -2, 0, 2, 4]);
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(ticks(-0.5, 7.3, 4), [0, 2, 4, 6]);
  assert.deepEqual(ticks(2, 2), [2]);
  assert.deepEqual(ticks(5, 1), []);
  assert.deepEqual(ticks(NaN, 1), []);
});

test("decades are the powers of ten on an axis", () => {
  assert.deepEqual(decades(0.001, 10), [0.001, 0.01, 0.1, 1, 10]);
  assert.deepEqual(decades(0.002, 50), [0.01, 0.1, 1, 10]);
});

test("a growing axis ends at the next 1-2-5 number", () => {
  const ends = [[1, 1], [1.01, 2], [100, 100], [101, 200], [201, 500], [501, 1000], [1000, 1000], [0.03, 0.05]];
  for (const [value, end] of ends) assert.ok(Math.abs(niceCeil(value) - end) < 1e-12, `${value}`);
  assert.equal(niceCeil(0), 1);
  assert.equal(niceCeil(NaN), 1);
});

test("hairlines lie on whole device pixels", () => {
  assert.equal(crisp(10.2, 1, 1), 10.5);
  assert.equal(crisp(10.2, 2, 1), 10);
  assert.equal(crisp(10.2, 1, 2), 10);
  assert.equal(crisp(10.2, 1, 3), 30.5 / 3);
});

test("a dense curve keeps every spike, from far fewer vertices", () => {
  const count = 10_000;
  const xs = Float64Array.from({ length: count }, (_, i) => i);
  const ys = new Float32Array(count);
  ys[7003] = 50;
  ys[2001] = -30;
  const ctx = fakeContext();
  curve(ctx, xs, ys, count, linear(0, count - 1, 0, 300), (y) => y, { color: "red", width: 1 });
  const points = ctx.calls.filter((/** @type {any[]} */ [name]) => name === "lineTo" || name === "moveTo");
  const heights = points.map((/** @type {any[]} */ [, , y]) => y);
  assert.ok(points.length <= 2 * 301);
  assert.equal(Math.max(...heights), 50);
  assert.equal(Math.min(...heights), -30);
});

test("a dense curve runs from left to right and lifts the pen where nothing was measured", () => {
  const count = 4000;
  const xs = Float64Array.from({ length: count }, (_, i) => i);
  const ys = Float32Array.from(xs, (i) => (i >= 1000 && i < 2000 ? NaN : Math.sin(i)));
  const ctx = fakeContext();
  curve(ctx, xs, ys, count, linear(0, count - 1, 0, 200), (y) => y, { color: "red", width: 1 });
  const points = ctx.calls.filter((/** @type {any[]} */ [name]) => name === "lineTo" || name === "moveTo");
  for (let i = 1; i < points.length; i++) assert.ok(points[i][1] >= points[i - 1][1]);
  assert.equal(points.filter((/** @type {any[]} */ [name]) => name === "moveTo").length, 2);
});

test("a sparse curve is drawn vertex by vertex and lifts the pen at NaN", () => {
  const ctx = fakeContext();
  curve(ctx, [0, 1, 2, 3, 4], [1, 2, NaN, 4, 5], 5, (x) => x * 10, (y) => y, { color: "red", width: 1 });
  const points = ctx.calls.filter((/** @type {any[]} */ [name]) => name === "lineTo" || name === "moveTo");
  assert.deepEqual(points, [["moveTo", 0, 1], ["lineTo", 10, 2], ["moveTo", 30, 4], ["lineTo", 40, 5]]);
});

test("areas, bands and stairs skip what is not a number", () => {
  const ctx = fakeContext();
  areaPath(ctx, [0, 1, 2], [1, NaN, 3], (x) => x, (y) => y, 0);
  bandPath(ctx, [0, 1, 2, 3], [1, NaN, 3, 4], [0, 0, 0, NaN], (x) => x, (y) => y);
  stairsPath(ctx, [0, NaN, 2, 0], { low: 0, high: 2 }, (x) => x, (y) => y);
  assert.ok(ctx.calls.length > 0);
});

test("stairs draw the bins and not what fell outside", () => {
  const ctx = fakeContext();
  stairsPath(ctx, [99, 1, 2, 99], { low: 0, high: 2 }, (x) => x, (y) => y);
  const points = ctx.calls.filter((/** @type {any[]} */ [name]) => name === "lineTo").map((/** @type {any[]} */ [, x, y]) => [x, y]);
  assert.deepEqual(points, [[0, 1], [1, 1], [1, 2], [2, 2], [2, 0]]);
});

test("a value between two samples lies on the line between them; beyond half a bin there is none", () => {
  assert.equal(valueAt([0, 1, 2], [10, 20, 40], 1.5), 30);
  assert.equal(valueAt([0, 1, 2], [10, 20, 40], -0.4), 10);
  assert.equal(valueAt([0, 1, 2], [10, 20, 40], 2.4), 40);
  assert.ok(Number.isNaN(valueAt([0, 1, 2], [10, 20, 40], 3)));
  assert.ok(Number.isNaN(valueAt([], [], 3)));
});

test("labels move apart, stay in order and inside, and unknown ones are left out", () => {
  const placed = spread([{ y: 50 }, { y: 48 }, { y: NaN }, { y: 99 }], 12, 0, 100);
  assert.equal(placed.length, 3);
  assert.deepEqual(placed.map(({ y }) => y), [48, 60, 99]);
  const crowded = spread([{ y: 98 }, { y: 99 }, { y: 100 }], 12, 0, 100).map(({ y }) => y);
  assert.deepEqual(crowded, [76, 88, 100]);
});
