// @ts-check
/** Words of the page in another language: whole texts, texts with fields, and texts of several sentences. */

/** Texts that are remembered; numbers make ever more of them. */
const REMEMBERED = 5000;
const FIELD = /\{\w+\}/g;
/** Between sentences, and between parts of a line, which have entries of their own. */
const [SENTENCES, PARTS] = [/(?<=[.!?…]) (?=\P{Ll})/gu, /(?<=[:;]) | [·|–] |, /g];
/** What a field stands for: a part of a line, a sentence, or any words. The first of these is tried first. */
const WIDTHS = ["((?:(?![.!?,;:] ).)+?)", "((?:(?![.!?] \\p{Lu}).)+?)", "(.+?)"];
const HAS_WORDS = /\p{L}/u;
/** In a part of a line: "c=1" has none. */
const IS_WORD = /\p{L}{2}/u;
/** A name with its value, or a count of what is named, where only the name has an entry. */
const WITH_NUMBER = /^(?:(?<count>[−-]?[\d.,]+) (?<counted>\D+)|(?<name>.+) (?<value>[−-]?\d\S*))$/u;

/**
 * @param {Record<string, string>} entries English words → the same words in another language; a field such as `{step}` stands
 *   for any words, which are translated, too
 * @returns {(words: string) => string}
 */
export function translatorOf(entries) {
  /** @type {Map<string, string>} */
  const whole = new Map();
  /** @type {{patterns: RegExp[], names: string[], other: string, length: number, begins: boolean}[]} `begins`: with a field */
  const withFields = [];
  for (const [english, other] of Object.entries(entries)) {
    const names = (english.match(FIELD) ?? []).map((field) => field.slice(1, -1));
    if (names.length === 0) {
      whole.set(english, other);
      continue;
    }
    const fixed = english.split(FIELD);
    const literals = fixed.map((part) => part.replace(/[.*+?^$()[\]{}|\\/]/g, "\\$&"));
    // Of two fields side by side, the second is one word: "{name} {before} → {after}".
    const fieldBefore = (/** @type {string} */ field, /** @type {string} */ literal) => (literal === " " ? field.replace("+?)", "+)") : field);
    const patterns = WIDTHS.map((field) => new RegExp(`^${literals.reduce((left, literal) => left + fieldBefore(field, literal) + literal)}$`, "us"));
    withFields.push({ patterns, names, other, length: fixed.join("").length, begins: fixed[0] === "" });
  }
  // The entry that begins with words of its own, and leaves least to its fields, says most about a text.
  withFields.sort((a, b) => Number(a.begins) - Number(b.begins) || b.length - a.length);

  /** @param {string} text @param {number} width of the fields, a place in `WIDTHS` @returns {string|undefined} */
  function asOne(text, width) {
    for (const { patterns, names, other, begins } of withFields) {
      // Of an entry that begins with a field, too little is known to look for it in a whole sentence.
      const found = begins && width === 1 ? null : patterns[width].exec(text);
      if (found) return other.replace(FIELD, (field) => translate(found[names.indexOf(field.slice(1, -1)) + 1] ?? field));
    }
    return undefined;
  }

  /** @param {string} text @returns {string|undefined} */
  function withNumber(text) {
    const { count, counted, name, value } = WITH_NUMBER.exec(text)?.groups ?? {};
    const other = whole.get(counted ?? name ?? "");
    return other && (count ? `${count} ${other}` : `${other} ${value}`);
  }

  /**
   * The longest beginning that has an entry, and the rest.
   * @param {string} text @param {RegExp} joints
   * @param {number} width of the fields, a place in `WIDTHS`; with the last one, also a name with an entry and a number
   * @returns {string|undefined}
   */
  function inParts(text, joints, width) {
    for (const { index, 0: joint } of [...text.matchAll(joints)].reverse()) {
      const [first, rest] = [text.slice(0, index), text.slice(index + joint.length)];
      const name = first.endsWith(":") && whole.get(first.slice(0, -1));
      const known = IS_WORD.test(first) ? (whole.get(first) ?? (name ? `${name}:` : asOne(first, 0) ?? (width === 2 ? withNumber(first) : asOne(first, width)))) : first;
      if (known !== undefined) return `${known}${joint}${translate(rest)}`;
    }
    return undefined;
  }

  /** @param {string} text @returns {string|undefined} */
  const known = (text) =>
    whole.get(text) ?? (/^\(.*\)$/s.test(text) ? `(${translate(text.slice(1, -1))})` : undefined) ?? asOne(text, 0) ?? withNumber(text) ?? inParts(text, SENTENCES, 1) ?? inParts(text, PARTS, 0) ?? asOne(text, 1) ?? asOne(text, 2) ?? inParts(text, PARTS, 2);
  /** @type {Map<string, string>} */
  const remembered = new Map();
  /** @param {string} text @returns {string} */
  function translate(text) {
    const kept = remembered.get(text);
    if (kept !== undefined) return kept;
    if (!HAS_WORDS.test(text)) return text;
    const [, before, words, after] = /** @type {RegExpExecArray} */ (/^([ \n]*)(.*?)([ \n]*)$/s.exec(text));
    const other = before + (known(words.replace(/[ \n]+/g, " ")) ?? words) + after;
    if (remembered.size > REMEMBERED) remembered.clear();
    remembered.set(text, other);
    // What is in the language of the page already stays as it is.
    remembered.set(other, other);
    return other;
  }
  return translate;
}
