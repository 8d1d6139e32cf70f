// @ts-check
/**
 * The bookmarks that a viewer of a recording has made. They are kept in the viewer's browser and nowhere else, or until the page is
 * closed where the browser keeps nothing for it, as in some frames.
 */

/** @typedef {{step: number, text: string, own: true}} OwnBookmark */

const MOST = 200;

/** FNV-1a (Fowler, Noll and Vo), 32 bits: tells recordings apart. @param {string} text */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}

export class OwnBookmarks {
  /**
   * @param {string} recording the text of the recording to which they belong
   * @param {number} longest characters of a name, at most
   * @param {() => Pick<Storage, "getItem"|"setItem">} [storage] may throw, as it does where storage is denied
   */
  constructor(recording, longest, storage = () => localStorage) {
    this.key = `gan1d-bookmarks-${hashOf(recording)}`;
    this.longest = longest;
    this.storage = storage;
    this.list = this.#read();
  }

  /** Name a step, or take its name away. @param {number} step @param {string} text "" for none */
  set(step, text) {
    const name = text.trim().slice(0, this.longest);
    const others = this.list.filter((bookmark) => bookmark.step !== step);
    if (name && others.length < MOST) others.push({ step, text: name, own: true });
    this.list = others.sort((a, b) => a.step - b.step);
    try {
      this.storage().setItem(this.key, JSON.stringify(this.list.map(({ step: at, text: words }) => [at, words])));
    } catch {
      // The browser keeps nothing for this page, so they last until it is closed.
    }
  }

  /** @returns {OwnBookmark[]} what was kept, as far as it is sound: others can write there, too */
  #read() {
    let kept;
    try {
      kept = JSON.parse(this.storage().getItem(this.key) ?? "[]");
    } catch {
      return [];
    }
    const isSound = (/** @type {any} */ entry) => Array.isArray(entry) && Number.isSafeInteger(entry[0]) && entry[0] >= 0 && typeof entry[1] === "string";
    if (!Array.isArray(kept)) return [];
    return kept.filter(isSound).slice(0, MOST).map(([step, text]) => ({ step, text: text.slice(0, this.longest), own: true }));
  }
}
