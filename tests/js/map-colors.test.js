// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { inkOn, mixed, numberColor, partsOf, RAMP, shareOf } from "../../static/js/map/colors.js";

const styles = readFileSync(new URL("../../static/map.css", import.meta.url), "utf-8");
const palettes = [1, 2].map((place) => Object.fromEntries([...styles.matchAll(/--outcome-(\w+): light-dark\((#\w+), (#\w+)\)/g)].map((found) => [found[1], found[1 + place]])));

/** Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1: no long, middle or short cones. */
const SIGHTS = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const times = (/** @type {number[][]} */ matrix, /** @type {number[]} */ vector) => matrix.map((row) => row.reduce((sum, part, i) => sum + part * vector[i], 0));
const linear = (/** @type {string} */ color) => partsOf(color).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));

/** A colour as it is seen, in OKLab (Ottosson 2020). @param {string} color @param {number[][]} sight */
function seen(color, sight) {
  const rgb = times(sight, linear(color)).map((part) => Math.min(1, Math.max(0, part)));
  const cones = times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], rgb).map(Math.cbrt);
  return times([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]], cones);
}

test("the colours of two outcomes are far apart for every kind of colour sight, in both themes", () => {
  for (const palette of palettes) {
    const names = Object.keys(palette).filter((name) => name !== "untrained");
    assert.equal(names.length, 10);
    for (const [sight, matrix] of Object.entries(SIGHTS)) {
      names.forEach((first, place) => {
        for (const second of names.slice(place + 1)) {
          const distance = Math.hypot(...seen(palette[first], matrix).map((part, i) => part - seen(palette[second], matrix)[i]));
          // 0.02 can just be told apart side by side.
          assert.ok(distance > 0.1, `${first} and ${second} with ${sight}: ${distance.toFixed(3)}`);
        }
      });
    }
  }
});

/** @param {string} color */
const luminance = (color) => linear(color).reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);

test("letters and numbers can be read on every colour", () => {
  for (const color of [...palettes.flatMap((palette) => Object.values(palette)), ...RAMP, mixed("#e23e65", "#ffffff", 0.55)]) {
    const [light, dark] = [luminance(color), luminance(inkOn(color))].sort((a, b) => b - a);
    assert.ok((light + 0.05) / (dark + 0.05) >= 4.5, color);
  }
});

test("the scale of numbers grows lighter from worse to better", () => {
  RAMP.slice(1).forEach((color, place) => assert.ok(luminance(color) > luminance(RAMP[place])));
  const theme = /** @type {any} */ ({ missing: "#000001" });
  const error = /** @type {any} */ ({ scale: "log", is_better_high: false });
  const range = { low: 0.01, high: 1 };
  assert.deepEqual(partsOf(numberColor(0.01, error, range, theme)), partsOf(RAMP[RAMP.length - 1]));
  assert.deepEqual(partsOf(numberColor(1, error, range, theme)), partsOf(RAMP[0]));
  assert.deepEqual(partsOf(numberColor(1, { ...error, is_better_high: true }, range, theme)), partsOf(RAMP[RAMP.length - 1]));
  assert.equal(numberColor(Infinity, error, range, theme), "#000001");
  assert.equal(numberColor(1, error, null, theme), "#000001");
  assert.ok(Math.abs(shareOf(0.1, error, range) - 0.5) < 1e-12, "the middle of two decades");
  assert.equal(shareOf(5, error, { low: 5, high: 5 }), 0.5, "one value only");
  assert.ok(Math.abs(shareOf(0.25, error, { low: 0, high: 1 }) - 0.25) < 1e-12, "no logarithm of 0");
});
