import assert from "node:assert/strict";
import { test } from "node:test";

import { refusalInWords } from "../../static/js/controls/refused-value.js";

const number = (path, label, low, high) => ({ path, label, low, high, kind: "number", items: [] });
const rate = number("generator.optimizer.learning_rate", "learning rate", 1e-6, 10);
const modes = { path: "target.modes", label: "modes", low: 1, high: 8, kind: "modes", items: [number("position", "position", -1e9, 1e9), number("width", "width", 0.01, 100)] };
const layers = { path: "generator.hidden", label: "layers", low: 0, high: 6, kind: "layers", items: [number("", "layers", 1, 256)] };

test("a number beyond its range is refused with the label and the bound", () => {
  assert.equal(refusalInWords(rate, rate.path, 99, "Expected …"), "Learning rate: at most 10.");
  assert.equal(refusalInWords(rate, rate.path, 0, "Expected …"), "Learning rate: at least 1e-6.");
});

test("a cell of a table has its own label and range", () => {
  assert.equal(refusalInWords(modes, "target.modes.1.width", -1, "Expected …"), "Width: at least 0.01.");
  assert.equal(refusalInWords(layers, "generator.hidden.0", 999, "Expected …"), "Layers: at most 256.");
});

test("any other refusal is the server's sentence with the label in place of the path, and short numbers", () => {
  const sentence = `Expected a whole number for generator.optimizer.learning_rate, but got 1${"0".repeat(80)}.`;
  assert.equal(refusalInWords(rate, rate.path, null, sentence), "Expected a whole number for learning rate, but got 1e80.");
  assert.equal(refusalInWords(modes, "target.modes", [], "Expected 1 mode or more for target.modes."), "Expected 1 mode or more for modes.");
});
