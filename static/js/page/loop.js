// @ts-check
/**
 * A loop: the steps between two bookmarks are shown again and again, at the speed of the page, without any training. It is a way
 * to look at earlier steps, so it moves this viewer alone.
 */

import { element, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { stepAfter } from "../state/timeline.js";

/** @import {BookmarkEntry} from "../connection/wire.js" */
/** @import {Store} from "../state/store.js" */
/** @typedef {{now: () => number, setTimeout: (callback: () => void, ms: number) => any, clearTimeout: (timer: any) => void}} Clock */

/** A step that is not shown for this long stops the clock of a loop: its page is hidden. */
const STALL_MS = 400;
const NEEDS_TWO = "A loop needs two bookmarks. Press B at the first step of the stretch, and at the last one.";

/** @type {Clock} */
const browserClock = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};

/**
 * The bookmarks around a step: the last one at or before it and the next one, or the two nearest ones.
 * @param {BookmarkEntry[]} bookmarks in the order of their steps @param {number} step
 * @returns {[BookmarkEntry, BookmarkEntry]|null} null if there are fewer than two
 */
export function bookmarksAround(bookmarks, step) {
  if (bookmarks.length < 2) return null;
  const after = bookmarks.findIndex((bookmark) => bookmark.step > step);
  const second = Math.max(1, after < 0 ? bookmarks.length - 1 : after);
  return [bookmarks[second - 1], bookmarks[second]];
}

/**
 * @param {Document} page
 * @param {Store} store
 * @param {{notice: (sentence: string) => void, beside: Element|null, line: Element|null, clock?: Clock, id?: string, room?: number}} context `beside`:
 *   where its button stands; `line`: where its sentence stands; `room`: the most letters of one with the names of both bookmarks
 * @returns {{draw: () => void, toggle: () => void}}
 */
export function mountLoop(page, store, { notice, beside, line, clock = browserClock, id = "loop", room = 110 }) {
  const button = element("button", { type: "button", id, class: "loop", title: "Play the steps between two bookmarks again and again (L)", onclick: toggle }, "Loop");
  const words = element("p", { id: `${id}-words`, class: "loop-words", role: "status" });
  beside?.append(button);
  line?.append(words);
  /** The step that the loop shows; another one was chosen by hand. */
  let expected = 0;
  /** When the clock was started, and at which step. */
  let began = { at: 0, step: 0 };
  /** When the next step was to be shown. */
  let awaitedAt = 0;
  /** @type {any} */
  let timer;

  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !page.querySelector("dialog[open]")) store.endLoop();
  });

  function toggle() {
    if (store.loop) return store.endLoop();
    const around = bookmarksAround([...store.bookmarks].sort((a, b) => a.step - b.step), store.shownStep());
    if (!around || !store.timeline) return notice(NEEDS_TWO);
    if (store.playback?.running && store.timeline.steps.length) store.command({ type: "pause" });
    const [from, to] = around;
    store.loop = { from: from.step, to: to.step };
    const name = (/** @type {BookmarkEntry} */ { step, text }) => `“${text}” (${formatCount(step)})`;
    const named = `Loop from ${name(from)} to ${name(to)}. Escape ends it.`;
    setText(words, named.length > room ? `Loop from step ${formatCount(from.step)} to step ${formatCount(to.step)}. Escape ends it.` : named);
    begin(from.step);
  }

  /** @param {number} step */
  function show(step) {
    expected = step;
    awaitedAt = clock.now();
    store.seek(step);
  }

  /** Begin the stretch. @param {number} from */
  function begin(from) {
    show(store.timeline?.steps.find((step) => step >= from) ?? from);
    began = { at: clock.now(), step: expected };
  }

  /** Show the step that is due, or wait for it. @param {{from: number, to: number}} loop */
  function goOn({ from, to }) {
    const { timeline, playback } = store;
    if (!timeline) return;
    const now = clock.now();
    if (now - awaitedAt > STALL_MS) began = { at: now, step: expected };
    const next = stepAfter(timeline, expected);
    const isOver = next === undefined || next > to;
    const speed = typeof playback?.speed === "number" ? playback.speed : Infinity;
    const due = speed === Infinity ? (next ?? to) : began.step + ((now - began.at) / 1000) * speed;
    // The last step stands as long as another one.
    const wait = ((isOver ? expected + 1 : next) - due) / speed;
    if (wait > 0) {
      clock.clearTimeout(timer);
      timer = clock.setTimeout(store.invalidate, 1000 * wait);
      awaitedAt = now + 1000 * wait;
    } else if (isOver) begin(from);
    else show(timeline.steps.findLast((step) => step <= Math.min(due, to)) ?? Math.floor(Math.min(due, to)));
  }

  return {
    toggle,
    draw() {
      const { loop } = store;
      if (loop && store.shownStep() !== expected) store.loop = null;
      button.hidden = store.bookmarks.length < 2 || !store.timeline;
      button.setAttribute("aria-pressed", String(store.loop !== null));
      words.hidden = store.loop === null;
      page.documentElement.classList.toggle("looping", store.loop !== null);
      const isShown = store.frame?.step === expected && (store.looking?.step === expected || Boolean(store.timeline?.steps.length));
      if (store.loop && isShown) goOn(store.loop);
    },
  };
}
