// @ts-check
/**
 * The timeline of a recording: a slider over all pictures, and a menu of named steps, to which those who watch can add
 * bookmarks of their own.
 */

import { closeOnEscape, element, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { mountLoop } from "../page/loop.js";
import { momentsOf } from "../state/timeline.js";

/** @import {PageTimeline, TimelineContext} from "../live.js" */
/** @import {Store} from "../state/store.js" */
/** @import {Moment} from "../state/timeline.js" */

const NO_SLOW_MOTION = "A recording holds what was seen of each step. A step is taken apart by the server: open the run there, from its link or its log.";

/**
 * @param {Document} page
 * @param {Store} store
 * @param {TimelineContext} context
 * @returns {PageTimeline}
 */
export function mountTimeline(page, store, { lock, actions: { back }, notice }) {
  const slider = element("input", { type: "range", id: "seek", "aria-label": "Step", min: 0, step: 1 });
  const ticks = element("div", { class: "ticks", "aria-hidden": "true" });
  const backButton = element("button", { type: "button", id: "back", "aria-label": "Back", title: "One picture back (←)", onclick: back }, "‹");
  const items = element("div", { class: "menu-items" });
  const menu = element("details", { id: "bookmarks", class: "menu" }, element("summary", { class: "button" }, "Bookmarks ▾"), items);
  const end = element("p", { id: "timeline-end", "aria-hidden": "true" });
  const caption = element("p", { id: "bookmark", "aria-live": "polite" });
  const why = () => element("p", { class: "lock" }, lock);
  const line = element("div", { class: "named" }, caption);
  const menus = element("div", { class: "menus" }, menu);
  const root = element("section", { id: "timeline", class: "timeline", "aria-label": "Timeline", hidden: true },
    backButton, element("div", { class: "track" }, slider, ticks), end, menus, line, why());
  page.getElementById("notice")?.before(root);
  // Small screens have the sentence above the charts, and not beside the slider.
  page.querySelector(".words")?.append(why());
  const loop = mountLoop(page, store, { notice, beside: menus, line, room: 60 });
  /** What is listed; each change of it is another list in the store. @type {unknown[]} */
  let listed = [];

  closeOnEscape(menu, { outside: true });
  slider.addEventListener("input", () => store.seek(store.timeline?.steps[Number(slider.value)] ?? 0));

  /** @param {Moment} moment */
  function goTo({ step }) {
    menu.open = false;
    // The first picture in which it holds.
    store.seek(store.timeline?.steps.find((one) => one >= step) ?? step);
  }

  function bookmark() {
    const step = store.frame?.step;
    if (step === undefined || !store.timeline) return;
    const kind = store.scene?.diagnoses?.[store.frame?.scalars.diagnosis ?? NaN]?.label;
    store.command({ type: "bookmark", step, text: kind ?? `Step ${formatCount(step)}` });
    menu.open = true;
  }

  /** @param {Moment} moment */
  function row(moment) {
    const { step, text, kind } = moment;
    const at = formatCount(step);
    const go = element("button", { type: "button", class: `to-${kind}`, onclick: () => goTo(moment) }, element("span", { class: "at" }, at), ` ${text}`);
    const isOwn = kind === "bookmark" && store.bookmarks.some((one) => one.step === step && one.text === text && "own" in one);
    if (!isOwn) return go;
    const rename = (/** @type {{target: HTMLInputElement}} */ { target }) => store.command({ type: "bookmark", step, text: target.value });
    const remove = () => store.command({ type: "bookmark", step, text: "" });
    return element("div", { class: "own" },
      element("button", { type: "button", class: "at", "aria-label": `Look at step ${at}`, onclick: () => goTo(moment) }, at),
      element("input", { type: "text", value: text, maxlength: store.hello?.limits.bookmark_length ?? 80, "aria-label": `Name of step ${at}`, onchange: rename }),
      element("button", { type: "button", "aria-label": `Remove the bookmark of step ${at}`, onclick: remove }, "×"));
  }

  /** @param {number[]} steps @param {Moment[]} moments */
  function list(steps, moments) {
    slider.max = String(steps.length - 1);
    setText(end, `of ${formatCount(steps.at(-1) ?? 0)}`);
    const add = element("button", { type: "button", class: "add", title: "Kept in this browser only", onclick: bookmark }, "Bookmark this step (B)");
    items.replaceChildren(add, ...moments.map(row));
    const last = Math.max(1, steps.length - 1);
    ticks.replaceChildren(...moments.map(({ step, kind }) => {
      const tick = element("i", { class: `to-${kind}` });
      tick.style.insetInlineStart = `${(100 * placeOf(steps, step)) / last}%`;
      return tick;
    }));
  }

  return {
    actions: { bookmark, loop: loop.toggle, slow: () => notice(NO_SLOW_MOTION) },
    draw() {
      const { timeline, status } = store;
      root.hidden = timeline === null;
      if (!timeline || !status) return;
      const now = [timeline, store.bookmarks, store.diagnosisMarks, store.marks];
      // A name that is being typed is not taken away.
      const isTyped = page.activeElement?.tagName === "INPUT" && items.contains(page.activeElement);
      if (now.some((one, at) => one !== listed[at]) && !isTyped) {
        listed = now;
        list(timeline.steps, momentsOf(store));
      }
      slider.disabled = backButton.disabled = !store.plays;
      const place = String(placeOf(timeline.steps, status.step));
      if (slider.value !== place) slider.value = place;
      const words = `Step ${formatCount(status.step)} of ${formatCount(timeline.steps.at(-1) ?? 0)}`;
      if (slider.getAttribute("aria-valuetext") !== words) slider.setAttribute("aria-valuetext", words);
      const named = store.bookmarks.findLast(({ step }) => step <= status.step);
      setText(caption, named && !store.loop ? `${formatCount(named.step)}: ${named.text}` : "");
      loop.draw();
    },
  };
}

/** The place in a list of rising steps of the last one at or before a step. @param {number[]} steps @param {number} step */
function placeOf(steps, step) {
  const after = steps.findIndex((one) => one > step);
  return after < 0 ? steps.length - 1 : Math.max(0, after - 1);
}
