// @ts-check
/** The German words of the page: whole sentences of the server, and German texts that stay as they are. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { translatorOf } from "../../static/js/language/translator.js";

const PACKAGE = new URL("../../gan1d/", import.meta.url);
/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(path, PACKAGE), "utf8"));
const files = readdirSync(new URL("words/de/", PACKAGE));
const translate = translatorOf(Object.assign({}, ...files.map((name) => read(`words/de/${name}`))));

const SENTENCES = {
  "Expected a number of 1 or more for batch size, but got 0.": "Erwartet für „Batchgröße“: eine Zahl ab 1; angegeben: 0.",
  "Expected a D that is a network for the spectrum, but got other settings.": "Für das Spektrum braucht es: ein D, der ein Netz ist. Diese Einstellungen sind andere.",
  "Expected a number in row 3, column 2, but got “abc”. And 3 more.": "Zeile 3, Spalte 2: erwartet wurde eine Zahl; gefunden: „abc“. Und 3 weitere.",
  "Line 1: Expected a whole number for seed, but got 1.5.": "Zeile 1: Erwartet für „Seed“: eine ganze Zahl; angegeben: 1.5.",
  "Expected settings that need at most 1024 MB for a step, but got 2000 MB. Lower D's layers or the batch size.":
    "Ein Schritt darf höchstens 1024 MB brauchen; mit diesen Einstellungen wären es 2000 MB. Verringern Sie die Schichten von D oder die Batchgröße.",
  "To make room, the history of “run 1”, “run 2” is no longer kept.": "Um Platz zu schaffen, wird der Verlauf von „Lauf 1“, „Lauf 2“ nicht mehr aufbewahrt.",
  "All places are taken. Close another gan1d page, or raise --max-sessions. Trying again…":
    "Alle Plätze sind belegt. Schließen Sie eine andere Seite von gan1d, oder erhöhen Sie --max-sessions. Neuer Versuch …",
  "Compared with “from step 20”: G learning rate 0.1 here, 0.2 there; batch size 4 here, 8 there.": "Verglichen mit „ab Schritt 20“: G: Lernrate hier 0.1, dort 0.2; Batchgröße hier 4, dort 8.",
  "D layers 16-16 → 0, kept to 12 %": "D: Schichten 16-16 → 0, erhalten bis auf 12 %",
  "Expected at in the address to be a step such as 400, but got “soon”.": "Für at geht in der Adresse ein Schritt wie 400; angegeben: „soon“.",
  "Expected page in the address to be a number such as 2, but got “last”.": "Für page geht in der Adresse eine Zahl wie 2; angegeben: „last“.",
  "Expected compare in the address to be a setting with its value, such as penalty:r1, but got “r1”.":
    "Für compare geht in der Adresse eine Einstellung mit ihrem Wert wie penalty:r1; angegeben: „r1“.",
  "Loop from “Mine” (20) to “Suspected: mode collapse” (1,300). Escape ends it.": "Schleife von „Mine“ (20) bis „Verdacht: Modenkollaps“ (1,300). Esc beendet sie.",
  "Loop from step 20 to step 300. Escape ends it.": "Schleife von Schritt 20 bis Schritt 300. Esc beendet sie.",
  "This run: batch size 16": "Dieser Lauf: Batchgröße 16",
  "Alternating 1.13": "Abwechselnd 1.13",
  "training 0.967": "Training 0.967",
  "40 real": "40 echt",
  "each of 8 coordinates": "jede von 8 Koordinaten",
  "Distance to the equilibrium at step 3 of 150, on a logarithmic axis: Alternating 1.1, Simultaneous 1.2.": "Abstand zum Gleichgewicht bei Schritt 3 von 150, auf einer logarithmischen Achse: Abwechselnd 1.1, Gleichzeitig 1.2.",
  "Eigenvalues of one step at the equilibrium, beside the unit circle: inside it, the distance shrinks. Alternating: 1 + 0.1i, 1 − 0.1i; largest modulus 1. Simultaneous: 1 + 0.1i, 1 − 0.1i; largest modulus 1.0050.":
    "Eigenwerte eines Schritts im Gleichgewicht, neben dem Einheitskreis: Darin schrumpft der Abstand. Abwechselnd: 1 + 0.1i, 1 − 0.1i; größter Betrag 1. Gleichzeitig: 1 + 0.1i, 1 − 0.1i; größter Betrag 1.0050.",
  "Losses at step 4: discriminator 1.00, generator 0.60; in balance: discriminator 0.": "Verluste bei Schritt 4: Diskriminator 1.00, Generator 0.60; im Gleichgewicht: Diskriminator: 0.",
  "Generator G(z) at step 3, where z goes from −2.5 to 2.5: c=1, from −1.0 to 2.0; c=2, from 1.0 to 2.0.": "Generator G(z) bei Schritt 3, wobei z von −2.5 bis 2.5 geht: c=1, von −1.0 bis 2.0; c=2, von 1.0 bis 2.0.",
  "mode 1 width 0.5 → 4, place and scale measured anew": "Modus 1: Breite 0.5 → 4, Lage und Skala neu gemessen",
};
for (const [english, german] of Object.entries(SENTENCES)) {
  test(`in German: ${english}`, () => assert.equal(translate(english), german));
}

test("the first sentences of a German diagnosis stay as they are", () => {
  const sentences = Object.values(read("words/de/diagnosis.json"));
  for (const words of sentences.filter((one) => !one.includes("{"))) {
    for (const { index } of words.matchAll(/[.!?] /g)) assert.equal(translate(words.slice(0, index + 1)), words.slice(0, index + 1));
  }
});

test("titles of German lessons stay as they are", () => {
  const lessons = readdirSync(new URL("lessons/", PACKAGE)).filter((name) => /^\d/.test(name));
  for (const name of lessons) {
    const { title, pages } = read(`lessons/${name}/de/lesson.json`);
    for (const words of [title, ...pages.map((/** @type {{title: string}} */ page) => page.title)]) assert.equal(translate(words), words);
  }
  assert.ok(lessons.length > 10);
});
