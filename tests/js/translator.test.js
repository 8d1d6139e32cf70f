// @ts-check
/** Words of the page in another language. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { translatorOf } from "../../static/js/language/translator.js";

const translate = translatorOf({
  Play: "Start",
  dark: "dunkel",
  "Theme: {theme}": "Farben: {theme}",
  "Theme: {theme} ({key})": "Farben: {theme}, Taste {key}",
  "{a} of {b}": "{b}, davon {a}",
  "step {step}": "Schritt {step}",
  Data: "Daten",
  "It is early.": "Es ist früh.",
});

test("whole texts have entries, and the spaces around them stay", () => {
  assert.equal(translate("Play"), "Start");
  assert.equal(translate("\n  Play "), "\n  Start ");
});

test("the words of a field are translated, too, and the most particular entry is taken", () => {
  assert.equal(translate("Theme: dark"), "Farben: dunkel");
  assert.equal(translate("Theme: dark (T)"), "Farben: dunkel, Taste T");
  assert.equal(translate("3 of 5"), "5, davon 3");
});

test("sentences and parts of a line are translated one by one", () => {
  assert.equal(translate("Data · step 5"), "Daten · Schritt 5");
  assert.equal(translate("It is early. It is early."), "Es ist früh. Es ist früh.");
  assert.equal(translate("It is early. It is late."), "Es ist früh. It is late.");
  assert.equal(translate("It is early. Data: it is late."), "Es ist früh. Daten: it is late.");
});

test("a number beside a name that has an entry", () => {
  assert.equal(translate("Data 0.97"), "Daten 0.97");
  assert.equal(translate("40 Data"), "40 Daten");
  assert.equal(translate("c=1, step 5: Data −1.5, Data 2."), "c=1, Schritt 5: Daten −1.5, Daten 2.");
  assert.equal(translate("Nothing 5"), "Nothing 5");
});

test("of two fields side by side, the second is one word", () => {
  const changes = translatorOf({ "{name} {before} → {after}": "{name}: {before} → {after}", "learning rate": "Lernrate", "G {setting}": "G, {setting}" });
  assert.equal(changes("learning rate 0.002 → 0.008"), "Lernrate: 0.002 → 0.008");
  assert.equal(changes("G learning rate 0.002 → 0.008"), "G, Lernrate: 0.002 → 0.008");
});

test("a field is a sentence at most, unless nothing else fits", () => {
  assert.equal(translate("Theme: dark. It is early."), "Farben: dark. Es ist früh.");
  assert.equal(translate("Theme: very dark. It is late."), "Farben: very dark. It is late.");
});

test("words without an entry, numbers and translated words stay as they are", () => {
  for (const words of ["Nothing at all", "1.5", "−2 · 3", "", "Start", "Farben: dunkel"]) assert.equal(translate(words), words);
});
