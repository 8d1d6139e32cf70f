// @ts-check
/**
 * Two runs side by side: a line that says which run is compared and how it differs, its numbers beside those of the present
 * one, its curves over the charts, and a menu to begin and to end a comparison.
 */

import { drawSecond } from "../charts/second.js";
import { decodeFrame, isStale, lookOf } from "../connection/protocol.js";
import { closeOnEscape, element, setText } from "../dom.js";
import { formatCount, formatMetric, formatShare } from "../format.js";
import { RunHistory } from "../state/history.js";
import { mountSameBut } from "./same-but.js";

/** @import {Comparing, SceneFields, SettingDifference} from "../connection/wire.js" */
/** @import {Store} from "../state/store.js" */

/** The most differences that the line lists. */
const MOST_LISTED = 4;

/**
 * @param {Document} page
 * @param {Store} store
 * @param {{notice: (sentence: string) => void}} context
 * @returns {{draw: () => void, open: () => void}}
 */
export function mountCompare(page, store, { notice }) {
  const line = mountLine(page, store);
  const menu = mountMenu(page, store, () => sameBut.open());
  const numbers = mountNumbers(page);
  const second = secondOf(store);
  const sameBut = mountSameBut(page, store);

  /** The second run whose history was requested. @type {number|null} */
  let known = null;
  /** The history of the second run. @type {import("../state/store.js").KeptHistory|null} */
  let history = null;

  store.subscribe((message) => {
    if (message.type === "hello") known = null;
    if (message.type === "run_history" && message.run === known) history = store.ghost;
    if (message.type === "history" && message.run === known && history instanceof RunHistory) history.add(message);
    if (message.type !== "comparing" || message.look) return;
    if (message.run === null) {
      store.ghost = history = null;
      notice(message.sentence);
    }
    // What is looked at is found again, with the second run or without it.
    if (store.looking && message.run !== known) store.seek(store.looking.step);
    follow();
  });

  /** Ask for the history of a second run that has become another one. */
  function follow() {
    const run = store.comparing?.run ?? null;
    if (run !== null && run !== known) store.command({ type: "get_history", run });
    known = run;
  }
  follow();

  return {
    open: () => {
      if (!store.readonly && store.timeline) sameBut.open();
    },
    draw() {
      const { comparing } = store;
      if (comparing && history) store.ghost = Object.assign(history, { hue: /** @type {const} */ ("second") });
      const shown = comparing ? second() : null;
      store.overlay = shown ? (id, context) => drawSecond(id, context, shown) : null;
      page.documentElement.classList.toggle("comparing", comparing !== null);
      line.draw(shown);
      menu.draw();
      numbers.draw(store.scene, shown);
    },
  };
}

/**
 * What the second run shows, decoded once for each frame; null before the first one, and where the frame belongs to another
 * step than is shown.
 * @param {Store} store
 */
function secondOf(store) {
  /** @type {ArrayBuffer|null} */
  let decoded = null;
  /** @type {{scene: SceneFields, frame: import("../charts/types.js").Frame, look: number}|null} */
  let shown = null;
  return () => {
    const { second: buffer, secondScene: scene } = store;
    if (buffer && scene && buffer !== decoded && !isStale(buffer, scene)) {
      decoded = buffer;
      shown = { scene, frame: decodeFrame(buffer, scene), look: lookOf(buffer) };
    }
    return shown && shown.look === (store.looking?.look ?? 0) ? shown : null;
  };
}

/** @param {Page} page @param {Store} store @typedef {Document} Page */
function mountLine(page, store) {
  const here = element("span");
  const there = element("span", { class: "second-there" });
  const state = element("span", { class: "second-state" });
  const key = (/** @type {string} */ name) => element("i", { class: name, "aria-hidden": "true" });
  const words = element("p", {}, element("span", {}, key("key"), here), " ", element("span", {}, key("key second"), there, state));
  const spoken = element("p", { class: "unseen", role: "status" });
  const button = (/** @type {string} */ label, /** @type {string} */ title, /** @type {() => void} */ onclick) =>
    element("button", { type: "button", title, onclick }, label);
  const exchange = button("Exchange", "Make the other run this one, so that its settings can be turned", () => {
    if (store.comparing?.run) store.command({ type: "switch", run: store.comparing.run });
  });
  const end = button("End", "End the comparison; the other run is kept under Runs", () => store.command({ type: "end_comparison" }));
  const line = element(
    "section",
    { id: "compare-line", "aria-label": "Comparison", hidden: true },
    words,
    exchange,
    end,
    spoken,
  );
  page.querySelector("main")?.before(line);
  /** @type {unknown} */
  let drawn = null;

  return {
    /** @param {{frame: import("../charts/types.js").Frame, scene: SceneFields}|null} shown */
    draw(shown) {
      const { comparing, comparingPast, looking } = store;
      line.hidden = comparing === null;
      exchange.hidden = end.hidden = store.readonly;
      if (!comparing) return;
      const event = looking && comparingPast?.look === looking.look ? comparingPast : comparing;
      setText(state, stateInWords(event, shown));
      if (event === drawn) return;
      drawn = event;
      const [mine, theirs] = listed(event.differences);
      setText(here, `This run: ${mine}`);
      setText(there, `other run ′: ${theirs}`);
      words.title = event.sentence;
      if (!event.look) setText(spoken, event.sentence);
    },
  };
}

/** @param {Comparing} event @param {{frame: import("../charts/types.js").Frame, scene: SceneFields}|null} shown */
function stateInWords({ catching_up: isBehind, diverged, step }, shown) {
  if (isBehind) return ` · catching up: step ${formatCount(shown?.frame.step ?? step)}`;
  if (diverged) return ` · diverged at step ${formatCount(step)}`;
  const kind = shown?.scene.diagnoses[shown.frame.scalars.diagnosis ?? NaN];
  return kind ? ` · ${kind.label.toLowerCase()}` : "";
}

/**
 * The settings that differ, with the values of this run and of the other one; a single setting is named once, and a setting
 * that one of the runs does not have is left out there.
 * @param {SettingDifference[]} differences
 * @returns {[string, string]}
 */
export function listed(differences) {
  if (differences.length === 0) return ["the same settings", "the same settings"];
  const shown = differences.slice(0, MOST_LISTED);
  const more = differences.length > MOST_LISTED ? `, ${differences.length - MOST_LISTED} more` : "";
  /** @param {"here"|"there"} side */
  const values = (side) => shown.filter((one) => one[side]).map((one) => `${one.label} ${one[side]}`).join(", ") || "none of these";
  return [values("here") + more, (differences.length > 1 ? values("there") : shown[0].there || "none") + more];
}

/**
 * The menu: a run that is the same but for one setting, and each kept run.
 * @param {Document} page @param {Store} store @param {() => void} openSameBut
 */
function mountMenu(page, store, openSameBut) {
  const items = element("div", { class: "menu-items" });
  const menu = /** @type {HTMLDetailsElement} */ (
    element("details", { id: "compare-menu", class: "menu" }, element("summary", { class: "button" }, "Compare ▾"), items)
  );
  closeOnEscape(menu, { outside: true });
  page.querySelector(".past-menus")?.append(menu);
  /** @type {unknown[]} */
  let drawn = [];
  const item = (/** @type {(HTMLElement|string)[]} */ content, /** @type {() => void} */ act) =>
    element("button", { type: "button", onclick: () => ((menu.open = false), act()) }, ...content);

  return {
    draw() {
      menu.hidden = store.timeline === null || store.readonly;
      const { runs, run, comparing } = store;
      const now = [runs, run, comparing];
      if (now.every((one, index) => one === drawn[index])) return;
      drawn = now;
      const others = runs.filter((entry) => entry.run !== run && entry.run !== comparing?.run);
      items.replaceChildren(
        item(["Same but … (C)"], openSameBut),
        ...others.map(({ run: number, name, differences }) =>
          item(["with ", element("b", {}, name), differences ? ` ${differences}` : ""], () => store.command({ type: "compare", run: number, changes: {}, step: null }))).reverse(),
        ...(comparing ? [item(["End the comparison"], () => store.command({ type: "end_comparison" }))] : []),
      );
    },
  };
}

/**
 * The numbers of the second run beside those of the present one: metrics, and the share of its fakes in each mode.
 * @param {Document} page
 */
function mountNumbers(page) {
  return {
    /** @param {SceneFields|null} scene @param {{frame: import("../charts/types.js").Frame, scene: SceneFields}|null} shown */
    draw(scene, shown) {
      const units = new Map(scene?.metrics.map(({ name, unit }) => [name, unit]));
      for (const button of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("#metrics [data-history]"))) {
        const name = button.dataset.history ?? "";
        const value = shown?.frame.scalars[name] ?? NaN;
        put(button, "metric-second", shown && `${formatMetric(value, units.get(name) ?? "")}′`);
      }
      const isSame = shown !== null && shown.scene.modes.length === scene?.modes.length;
      page.querySelectorAll("#masses .mass-bar").forEach((bar, index) => {
        const share = isSame ? (shown.frame.arrays.mode_masses[index] ?? NaN) : NaN;
        const mark = put(/** @type {HTMLElement} */ (bar), "mass-second", isSame ? "" : null);
        mark?.style.setProperty("--second-share", String(Number.isFinite(share) ? share : 0));
        if (mark && mark.title !== formatShare(share)) mark.title = `Other run: ${formatShare(share)}`;
      });
    },
  };
}

/**
 * Write words into a part at the end of an element, which is made or taken away as needed.
 * @param {HTMLElement} parent @param {string} name its class @param {string|null} words null for no part
 * @returns {HTMLElement|null}
 */
function put(parent, name, words) {
  /** @type {HTMLElement|null} */
  let part = parent.querySelector(`.${name}`);
  if (words === null) {
    part?.remove();
    return null;
  }
  if (!part) {
    part = element("span", { class: name });
    parent.append(part);
  }
  setText(part, words);
  return part;
}
