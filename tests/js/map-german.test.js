// @ts-check
/** The map in German: texts that are put together of several words. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { knownLanguage } from "../../static/js/language/page-language.js";
import { translatorOf } from "../../static/js/language/translator.js";
import { axisTitle, numberWords, tickTexts } from "../../static/js/map/results.js";
import { MapState } from "../../static/js/map/state.js";
import { inLanguage, setTranslation } from "../../static/js/words.js";
import { AXES, contentOf, run } from "./map-example.js";

const folder = new URL("../../gan1d/words/de/", import.meta.url);
const words = Object.assign({}, ...readdirSync(folder).filter((name) => name.endsWith(".json")).map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf-8"))));
const translate = translatorOf(words);
setTranslation(translate);

test("the first language that is known is taken", () => {
  assert.deepEqual(["de-AT,en", "fr,de", "en-GB,de", "fr", ""].map((wanted) => knownLanguage(wanted, ["de"])), ["de", "de", "en", "en", "en"]);
});

test("axes, values and numbers are in German", () => {
  const axis = { ...AXES[1], label: "G learning rate", scale: "log", words: ["non saturating", "hinge"] };
  assert.equal(axisTitle(axis), "G: Lernrate (log)");
  assert.deepEqual(tickTexts(axis), ["nicht sättigend", "Hinge"]);
  assert.equal(numberWords(Infinity, { name: "fitted", missing: "never" }), "nie");
  assert.equal(axisTitle({ ...axis, label: "G layers and D layers", scale: "choice" }), "G: Schichten, D: Schichten");
});

test("the map and a cell are described in German", () => {
  const state = new MapState({ lab: "", onChange() {}, onView() {} });
  state.begin(contentOf([{ ...AXES[0], label: "D learning rate" }, AXES[1]]), "#by=error");
  state.add([[1, [run(10, 0), run(11, 3, { error: null })]]]);
  assert.equal(translate(state.describe()), "Karte: D: Lernrate und Verlust, gefärbt nach dem Median von Wasserstein-1 / σ. Alle Läufe: Konvergiert 1, Divergiert 1, bisher 2 von 4 Läufen.");
  assert.equal(translate(state.wordsOf(1)), "D: Lernrate 0.01, Verlust Hinge. Wasserstein-1 / σ divergiert. Konvergiert 1, Divergiert 1, bisher 2 von 4 Läufen");
});

test("sentences with numbers and names in them are in German", () => {
  for (const [english, german] of [
    ["2 of 12 runs have ended: 17\u2009%.", "2 von 12 Läufen sind zu Ende: 17\u2009%."],
    ["2\u202f304 runs.", "2\u202f304 Läufe."],
    ["Seed 1000000: Mode collapse at step 1\u202f500", "Seed 1000000: Modenkollaps bei Schritt 1\u202f500"],
    ["Seed 1000000: Suspected: mode collapse at step 300", "Seed 1000000: Verdacht: Modenkollaps bei Schritt 300"],
    ["by Steps until the fit", "nach Schritte bis zur Anpassung"],
    ["diverged: at least half of the runs", "divergiert: mindestens die Hälfte der Läufe"],
    ["The first 64 of 2\u202f000 runs.", "Die ersten 64 von 2\u202f000 Läufen."],
    ["3 × 2 settings of “Two modes” (batch size 64 → 32), 4 seeds and 300 steps each", "3 × 2 Einstellungen von „Zwei Moden“ (Batchgröße 64 → 32), je 4 Seeds und 300 Schritte"],
    ["2 settings, 1 seed and 2\u202f000 steps each", "2 Einstellungen, je 1 Seed und 2\u202f000 Schritte"],
    ["Modes covered: the median; at the foot of a tile the quartiles", "Moden mit Fakes: der Median; am Fuß einer Kachel die Quartile"],
  ]) assert.equal(inLanguage(english), german);
});
