// @ts-check
/** A map as a file, which holds all results, and the words of the page in all languages. */

import { knownLanguage, showInLanguage } from "../language/page-language.js";
import { readOptions } from "../state/url.js";
import { mountMap } from "./map.js";

const data = JSON.parse(document.getElementById("map-data")?.textContent ?? "");
/** @type {Record<string, Record<string, string>>} language → English words → the same words in it */
const words = data.words;
const language = knownLanguage(readOptions(location.search).lang, Object.keys(words));
if (language !== "en") showInLanguage(document, language, words[language]);
const map = mountMap(document, { lab: data.lab });
map.offerLanguages({ en: "English", ...Object.fromEntries(Object.entries(words).map(([code, { English }]) => [code, English])) });
map.begin(data);
map.add(data.rows);
