// @ts-check
/** The timeline of a run whose steps can be sought: a slider over all pictures, and a menu of named steps. */

import { closeOnEscape, element, setText } from "../dom.js";
import { formatCount } from "../format.js";

/** @import {Bookmark} from "../connection/source.js" */
/** @import {Store} from "../state/store.js" */

/**
 * @param {Document} page
 * @param {Store} store
 * @param {{lock: string, actions: Record<string, () => void>}} context `lock`: why settings cannot change, in a sentence
 * @returns {{draw: () => void, actions?: {bookmark: () => void}}}
 */
export function mountTimeline(page, store, { lock, actions: { back } }) {
  const slider = element("input", { type: "range", id: "seek", "aria-label": "Step", min: 0, step: 1 });
  const ticks = element("div", { class: "ticks", "aria-hidden": "true" });
  const backButton = element("button", { type: "button", id: "back", "aria-label": "Back", title: "One picture back (←)", onclick: back }, "‹");
  const items = element("div", { class: "menu-items" });
  const menu = element("details", { id: "bookmarks", class: "menu" }, element("summary", { class: "button" }, "Bookmarks ▾"), items);
  const end = element("p", { id: "timeline-end", "aria-hidden": "true" });
  const caption = element("p", { id: "bookmark", "aria-live": "polite" });
  const why = () => element("p", { class: "lock" }, lock);
  const root = element("section", { id: "timeline", class: "timeline", "aria-label": "Timeline", hidden: true },
    backButton, element("div", { class: "track" }, slider, ticks), end, menu, caption, why());
  page.getElementById("notice")?.before(root);
  // Small screens have the sentence above the charts, and not beside the slider.
  page.querySelector(".words")?.append(why());
  /** @type {unknown} */
  let listed = null;

  closeOnEscape(menu, { outside: true });
  slider.addEventListener("input", () => store.seek(store.timeline?.steps[Number(slider.value)] ?? 0));

  /** @param {Bookmark} bookmark */
  function goTo({ step }) {
    menu.open = false;
    // The first picture in which it holds.
    store.seek(store.timeline?.steps.find((one) => one >= step) ?? step);
  }

  /** @param {import("../connection/source.js").Timeline} timeline */
  function list({ steps, bookmarks }) {
    slider.max = String(steps.length - 1);
    setText(end, `of ${formatCount(steps.at(-1) ?? 0)}`);
    menu.hidden = bookmarks.length === 0;
    items.replaceChildren(...bookmarks.map((bookmark) =>
      element("button", { type: "button", class: `to-${bookmark.kind}`, onclick: () => goTo(bookmark) },
        element("span", { class: "at" }, formatCount(bookmark.step)), ` ${bookmark.text}`)));
    const last = Math.max(1, steps.length - 1);
    ticks.replaceChildren(...bookmarks.map(({ step, kind }) => {
      const tick = element("i", { class: `to-${kind}` });
      tick.style.insetInlineStart = `${(100 * placeOf(steps, step)) / last}%`;
      return tick;
    }));
  }

  return {
    draw() {
      const { timeline, status } = store;
      root.hidden = timeline === null;
      if (!timeline || !status) return;
      if (timeline !== listed) list(timeline);
      listed = timeline;
      slider.disabled = backButton.disabled = !store.plays;
      const place = String(placeOf(timeline.steps, status.step));
      if (slider.value !== place) slider.value = place;
      const words = `Step ${formatCount(status.step)} of ${formatCount(timeline.steps.at(-1) ?? 0)}`;
      if (slider.getAttribute("aria-valuetext") !== words) slider.setAttribute("aria-valuetext", words);
      const named = timeline.bookmarks.findLast(({ step, kind }) => kind === "bookmark" && step <= status.step);
      setText(caption, named ? `${formatCount(named.step)}: ${named.text}` : "");
    },
  };
}

/** The place in a list of rising steps of the last one at or before a step. @param {number[]} steps @param {number} step */
function placeOf(steps, step) {
  const after = steps.findIndex((one) => one > step);
  return after < 0 ? steps.length - 1 : Math.max(0, after - 1);
}
