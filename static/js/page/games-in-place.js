// @ts-check
/** The games of two numbers in the place of the run: loaded when they are first shown, and left for the run again. */

/** @typedef {import("../games/games.js").Games} Games */

/**
 * @param {import("../state/store.js").Store} store
 * @param {object} context
 * @param {() => Promise<Games>} context.mount
 * @param {boolean} context.isFirst whether the page begins with the games, which its address then says
 * @param {() => void} context.onShown
 * @param {() => void} context.onHidden
 * @param {(sentence: string) => void} context.notice
 */
export function gamesInPlace(store, { mount, isFirst, onShown, onHidden, notice }) {
  /** The games, once they are loaded. @type {Promise<Games>|undefined} */
  let loaded;
  /** The way to the games. @type {Promise<void>|undefined} */
  let shown;
  /** The games while they are shown. @type {Games|null} */
  let games = null;

  async function show() {
    // Behind the first pass of the page's own module, whose actions `mount` needs.
    await null;
    const isAddressed = !loaded && isFirst;
    loaded ??= mount();
    try {
      const opened = await loaded;
      if (!store.isAway) return;
      games = opened;
    } catch (error) {
      loaded = undefined;
      notice(error instanceof Error ? error.message : String(error));
      return;
    }
    await games.enter(isAddressed, store.lesson);
    onShown();
  }

  return {
    get shown() {
      return games;
    },
    /** @param {boolean} isShown @returns {Promise<Games|null>} the games while they are shown */
    async toggle(isShown) {
      if (isShown && !store.isAway) {
        if (store.playback?.running) store.command({ type: "pause" });
        store.isAway = true;
        shown = show();
      } else if (!isShown && store.isAway) {
        store.isAway = false;
        games?.leave();
        games = null;
        onHidden();
      }
      await shown;
      return games;
    },
  };
}
