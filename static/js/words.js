// @ts-check
/** The language of the page: modules write English words, and what is shown passes through here. */

/** @type {(words: string) => string} */
let translate = (words) => words;

/** Words in the language of the page; English ones where there is no translation. @param {string} words */
export const inLanguage = (words) => translate(words);

/** @param {(words: string) => string} other */
export function setTranslation(other) {
  translate = other;
}
