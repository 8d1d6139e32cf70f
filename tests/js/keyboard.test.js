import assert from "node:assert/strict";
import { test } from "node:test";

import { belongsTo, commandOf, KEYS } from "../../static/js/page/keyboard.js";

const press = (key, more = {}) => ({ key, target: { tagName: "BODY" }, ctrlKey: false, altKey: false, metaKey: false, defaultPrevented: false, repeat: false, ...more });

test("the promised keys do what was promised", () => {
  const promised = { " ": "toggle", k: "toggle", K: "toggle", ".": "step", ArrowRight: "step", r: "reset", "?": "help" };
  for (const [key, command] of Object.entries(promised)) assert.equal(commandOf(press(key)), command, key);
  assert.equal(commandOf(press("q")), null);
});

test("no key has two meanings, and each row explains itself", () => {
  const keys = KEYS.flatMap(({ keys: all }) => all);
  assert.equal(new Set(keys).size, keys.length);
  for (const { shown, help } of KEYS) assert.ok(shown && help);
});

test("keys are silent while typing", () => {
  for (const target of [{ tagName: "INPUT", type: "text" }, { tagName: "INPUT", type: "number" }, { tagName: "TEXTAREA" }, { tagName: "SELECT" }, { tagName: "DIV", isContentEditable: true }]) {
    for (const key of [" ", "k", ".", "r", "?"]) assert.equal(commandOf(press(key, { target })), null, JSON.stringify(target));
  }
});

test("Space on a button, a box or a link keeps its own meaning, other keys work there", () => {
  for (const target of [{ tagName: "BUTTON" }, { tagName: "SUMMARY" }, { tagName: "A" }, { tagName: "INPUT", type: "checkbox" }]) {
    assert.equal(commandOf(press(" ", { target })), null);
    assert.equal(commandOf(press("k", { target })), "toggle");
  }
});

test("a slider keeps its arrows and nothing else", () => {
  const target = { tagName: "INPUT", type: "range" };
  assert.equal(belongsTo(target, "ArrowRight"), true);
  assert.equal(commandOf(press("ArrowRight", { target })), null);
  assert.equal(commandOf(press(".", { target })), "step");
});

test("modifiers, dialogs, compositions and keys that were used already are left alone", () => {
  for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { defaultPrevented: true }, { isComposing: true }]) {
    assert.equal(commandOf(press("r", more)), null);
  }
  assert.equal(commandOf(press("r"), { isDialogOpen: true }), null);
});

test("in a frame the arrows are left to the slides", () => {
  assert.equal(commandOf(press("ArrowRight"), { isFramed: true }), null);
  assert.equal(commandOf(press("."), { isFramed: true }), "step");
});

test("a key held down steps on, but plays and resets once", () => {
  assert.equal(commandOf(press(".", { repeat: true })), "step");
  assert.equal(commandOf(press("k", { repeat: true })), null);
  assert.equal(commandOf(press("r", { repeat: true })), null);
});
