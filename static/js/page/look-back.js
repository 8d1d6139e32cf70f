// @ts-check
/**
 * Looking back in a live run: a line that says which step is shown and what can be done there, and two menus beside the
 * losses, with the named steps of the run and with the runs that are kept. The steps themselves are sought in the charts.
 */

import { closeOnEscape, element, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { momentsOf } from "../state/timeline.js";
import { inLanguage } from "../words.js";

/** @import {Moment} from "../state/timeline.js" */
/** @import {RunEntry} from "../connection/wire.js" */
/** @import {Store} from "../state/store.js" */

/** From this many steps between the kept states on, the line says that finding a step takes a while. */
const COARSE = 500;

/**
 * @param {Document} page
 * @param {Store} store
 * @param {Record<string, () => void>} actions of the transport, `back`, `forward` and `last`, which move along the steps, and `spectrum`
 * @returns {{draw: () => void, actions: {bookmark: () => void}}}
 */
export function mountLookBack(page, store, actions) {
  const line = mountLine(page, store, actions);
  const moments = mountMoments(store);
  const runs = mountRuns(store);
  const spectrum = element("button", { type: "button", title: "Eigenvalues of the game at this step (E)", onclick: actions.spectrum }, "Spectrum");
  page.querySelector(".past-menus")?.append(moments.menu, runs.menu, spectrum);
  /** The runs that were listed last. @type {Set<number>} */
  let listed = new Set();

  store.subscribe((message) => {
    if (message.type !== "hello" && message.type !== "runs") return;
    const present = message.runs.find((entry) => entry.run === store.run);
    const parent = present?.parent ?? null;
    // Where a run goes on from an earlier step, what came after that step stays in sight.
    if (message.type === "runs" && parent !== null && !listed.has(store.run)) store.command({ type: "get_history", run: parent });
    listed = new Set(message.runs.map(({ run }) => run));
  });

  return {
    actions: { bookmark: moments.bookmark },
    draw() {
      const present = store.runs.find((entry) => entry.run === store.run);
      const last = store.looking?.run === store.run ? store.looking.last_step : 0;
      const isKept = present !== undefined && present.spacing > 0;
      store.timeline = isKept ? { steps: [], last: Math.max(store.status?.step ?? 0, last) } : null;
      page.documentElement.classList.toggle("looking", store.looking !== null);
      line.draw();
      moments.draw();
      runs.draw();
    },
  };
}

/**
 * @param {Document} page @param {Store} store @param {Record<string, () => void>} actions
 */
function mountLine(page, store, actions) {
  const words = element("p", { id: "look-back-words", role: "status" });
  const button = (/** @type {string} */ name, /** @type {string} */ label, /** @type {() => void} */ onclick, title = "") =>
    element("button", { type: "button", "aria-label": name === label ? null : name, title, onclick }, label);
  const goOn = button("Go on from here", "Go on from here", () => store.command({ type: "branch", step: store.looking?.step ?? 0, run: store.looking?.run ?? null, name: null }));
  const line = element(
    "div",
    { id: "look-back", hidden: true },
    button("One step back", "‹", actions.back, "One step back (←)"),
    button("One step forth", "›", actions.forward, "One step forth (→)"),
    words,
    goOn,
    button("Back to the present", "Back to the present", actions.last, "The present step (End)"),
  );
  // On slides there is no story; the caption of the losses has room.
  const isSlide = page.documentElement.classList.contains("embed");
  page.querySelector(isSlide ? ".losses figcaption" : ".story")?.append(line);
  return {
    draw() {
      const { looking, status } = store;
      line.hidden = looking === null;
      goOn.hidden = store.readonly;
      if (!looking || !status) return;
      const present = formatCount(status.step);
      const meanwhile = store.playback?.running ? `The run goes on: step ${present}.` : `The run stands at step ${present}.`;
      const coarse = looking.spacing >= COARSE ? " Few states are kept here, so each step takes a while." : "";
      setText(words, `Looking back at step ${formatCount(looking.step ?? 0)}. ${meanwhile}${coarse}`);
    },
  };
}

/**
 * The menu of named steps: bookmarks, whose names can be changed, new diagnoses, and changed settings.
 * @param {Store} store @param {string} [id]
 */
export function mountMoments(store, id = "moments") {
  const items = element("div", { class: "menu-items" });
  const summary = element("summary", { class: "button" }, "Steps ▾");
  const menu = /** @type {HTMLDetailsElement} */ (element("details", { id, class: "menu" }, summary, items));
  closeOnEscape(menu, { outside: true });
  /** What is listed; each change of it is another list in the store. @type {unknown[]} */
  let listed = [];

  function bookmark() {
    const step = store.frame?.step;
    if (store.readonly || step === undefined || !store.timeline) return;
    const kind = store.scene?.diagnoses?.[store.frame?.scalars.diagnosis ?? NaN]?.label;
    store.command({ type: "bookmark", step, text: inLanguage(kind ?? `Step ${formatCount(step)}`) });
    menu.open = true;
  }

  /** @param {Moment} moment */
  function row({ step, text, kind }) {
    const go = () => store.seek(step >= (store.timeline?.last ?? 0) ? null : step);
    const at = formatCount(step);
    if (kind !== "bookmark" || store.readonly) {
      return element("button", { type: "button", class: `moment to-${kind}`, translate: kind === "bookmark" && "no", onclick: go }, element("span", { class: "at" }, at), ` ${text}`);
    }
    const rename = (/** @type {{target: HTMLInputElement}} */ { target }) => store.command({ type: "bookmark", step, text: target.value });
    const remove = () => store.command({ type: "bookmark", step, text: "" });
    return element(
      "div",
      { class: "moment to-bookmark" },
      element("button", { type: "button", class: "at", "aria-label": `Look at step ${at}`, onclick: go }, at),
      element("input", { type: "text", value: text, maxlength: store.hello?.limits.bookmark_length ?? 80, "aria-label": `Name of step ${at}`, onchange: rename }),
      element("button", { type: "button", "aria-label": `Remove the bookmark of step ${at}`, onclick: remove }, "×"),
    );
  }

  return {
    menu,
    bookmark,
    draw() {
      menu.hidden = store.timeline === null;
      const now = [store.bookmarks, store.diagnosisMarks, store.marks, store.readonly];
      // A name that is being typed is not taken away.
      if (areSame(now, listed) || items.contains(menu.ownerDocument.activeElement)) return;
      listed = now;
      const moments = momentsOf(store);
      const add = element("button", { type: "button", class: "add", onclick: bookmark }, "Bookmark this step (B)");
      items.replaceChildren(...(store.readonly ? [] : [add]), ...moments.map(row));
      if (store.readonly && moments.length === 0) items.append(element("p", {}, "No step has a name yet."));
    },
  };
}

/**
 * The menu of kept runs: each can be drawn faint, returned to, and forgotten.
 * @param {Store} store
 */
function mountRuns(store) {
  const items = element("div", { class: "menu-items" });
  const menu = /** @type {HTMLDetailsElement} */ (
    element("details", { id: "runs", class: "menu" }, element("summary", { class: "button" }, "Runs ▾"), items)
  );
  closeOnEscape(menu, { outside: true });
  /** @type {unknown[]} */
  let listed = [];

  /** @param {RunEntry} entry */
  function row({ run, name, step, differences }) {
    const isGhost = store.ghost?.run === run;
    const toggle = () => {
      if (!isGhost) store.command({ type: "get_history", run });
      else store.ghost = null;
      store.invalidate();
    };
    const act = (/** @type {"switch"|"forget"} */ type) => () => {
      menu.open = type === "forget";
      store.command({ type, run });
    };
    const details = [`to step ${formatCount(step)}`, differences].filter(Boolean).join("; ");
    const words = [element("b", {}, name), ` ${details}`];
    return element(
      "div",
      { class: "kept-run" },
      store.readonly
        ? element("p", {}, ...words)
        : element("button", { type: "button", title: "Return to this run", onclick: act("switch") }, ...words),
      element("button", { type: "button", "aria-pressed": String(isGhost), title: "Draw its losses and distances faint", onclick: toggle }, "Show"),
      ...(store.readonly ? [] : [element("button", { type: "button", "aria-label": `Forget ${name}`, onclick: act("forget") }, "×")]),
    );
  }

  return {
    menu,
    draw() {
      const now = [store.runs, store.run, store.ghost, store.readonly];
      if (areSame(now, listed)) return;
      listed = now;
      const others = store.runs.filter(({ run }) => run !== store.run);
      menu.hidden = others.length === 0;
      items.replaceChildren(...others.map(row).reverse());
    },
  };
}

/** Whether two lists hold the same objects, which costs less than a look at what is in them. @param {unknown[]} a @param {unknown[]} b */
function areSame(a, b) {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
