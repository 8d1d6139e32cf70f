// @ts-check
/** The page in a reader's language: its texts and the help at its elements are exchanged as soon as a module writes them. */

import { setTranslation } from "../words.js";
import { translatorOf } from "./translator.js";

/** Attributes with words for readers. */
const ATTRIBUTES = ["title", "aria-label", "aria-valuetext", "aria-roledescription", "placeholder", "label"];
/** Parts whose words are a reader's own, or in the language of the page from the start. */
const AS_IT_IS = "[translate=no], script, style";
const TYPED = "textarea";

/**
 * @param {Document} page
 * @param {string} wanted languages, such as "de-AT,en", the first one first
 * @returns {Promise<Record<string, string>>} all languages: code → the language's own name
 */
export async function translatePage(page, wanted) {
  const response = await fetch(new URL(`words?lang=${encodeURIComponent(wanted)}`, page.baseURI));
  if (!response.ok) throw new Error(`The page's words could not be loaded (status ${response.status}).`);
  const { language, languages, words } = await response.json();
  // A frame can be emptied meanwhile.
  if (language !== "en" && page.documentElement) showInLanguage(page, language, words);
  return languages;
}

/**
 * The code of the first of some languages that is known; "en" if none is.
 * @param {string} wanted such as "de-AT,en" @param {string[]} known codes besides "en"
 */
export function knownLanguage(wanted, known) {
  const codes = wanted.split(",").map((name) => name.trim().toLowerCase().split("-")[0]);
  return codes.find((code) => code === "en" || known.includes(code)) ?? "en";
}

/**
 * The page in a language, now and whenever a module writes something.
 * @param {Document} page @param {string} language its code, not "en" @param {Record<string, string>} words see `translatorOf`
 */
export function showInLanguage(page, language, words) {
  const translate = translatorOf(words);
  page.documentElement.lang = language;
  setTranslation(translate);
  translateBelow(page.documentElement, translate);
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes, attributeName } of changes) {
      if (type === "childList") for (const node of addedNodes) translateBelow(node, translate);
      else if (target instanceof Element) translateAttribute(target, attributeName ?? "", translate);
      else translateText(target, translate);
    }
  }).observe(page.documentElement, { subtree: true, childList: true, characterData: true, attributeFilter: ATTRIBUTES });
}

/** @param {Node} top @param {(words: string) => string} translate */
function translateBelow(top, translate) {
  if (top instanceof Text) translateText(top, translate);
  if (!(top instanceof Element) || top.closest(AS_IT_IS)) return;
  const walker = document.createTreeWalker(top, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    node instanceof Element && node.matches(AS_IT_IS) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  for (let node = /** @type {Node|null} */ (top); node; node = walker.nextNode()) {
    if (node instanceof Text) translateText(node, translate);
    else if (node instanceof Element) for (const name of ATTRIBUTES) translateAttribute(node, name, translate);
  }
}

/** @param {Node} node @param {(words: string) => string} translate */
function translateText(node, translate) {
  if (!(node instanceof Text) || node.parentElement?.closest(`${AS_IT_IS}, ${TYPED}`)) return;
  const words = translate(node.data);
  if (node.data !== words) node.data = words;
}

/** @param {Element} node @param {string} name @param {(words: string) => string} translate */
function translateAttribute(node, name, translate) {
  const words = node.getAttribute(name);
  if (words === null || node.closest(AS_IT_IS)) return;
  const other = translate(words);
  if (other !== words) node.setAttribute(name, other);
}
