// @ts-check
/**
 * The games of two numbers in the place of the run: their charts, controls and sentences, on the same bar, keys, address and
 * host. Loaded when they are first shown.
 */

import { Panel } from "../controls/panel.js";
import { stateOf, StateReporter } from "../embed/host.js";
import { showInAddress } from "../page/appearance.js";
import { mountCanvases } from "../page/canvases.js";
import { mountMoments } from "../page/look-back.js";
import { mountLoop } from "../page/loop.js";
import { mountTransport } from "../page/transport.js";
import { mountAddress } from "../state/address.js";
import { namesOfChanges } from "../state/config-diff.js";
import { KindMemory } from "../state/kind-memory.js";
import { controlsOf, pathsOf } from "../state/schema.js";
import { withOptions } from "../state/url.js";
import { element, setText } from "../dom.js";
import { formatReading } from "../format.js";
import { gameCharts } from "./game-charts.js";
import { plane } from "./plane-chart.js";
import { GameRefusal } from "./game-run.js";
import { createGameStore } from "./game-store.js";

/** @import {GameStore} from "./game-store.js" */
/**
 * @typedef {object} GamesContext
 * @property {import("../state/url.js").Options} options
 * @property {import("../embed/host.js").Host} host
 * @property {import("../page/announcements.js").Announcer} announcer
 * @property {{isHidden: (path: string) => boolean, pacer: (isRunning: () => boolean, invalidate: () => void) => () => boolean}} appearance
 * @property {(sentence: string) => void} notice
 * @property {Record<"help"|"theme"|"view", () => void>} pageActions what the keys do whatever is shown
 * @property {Ask} [ask] by default the server
 * @property {string} [lock] why settings cannot change, in a sentence
 */
/** @typedef {(name: "games"|"game", body?: any) => Promise<any>} Ask throws a `GameRefusal` */
/** @typedef {Awaited<ReturnType<typeof mountGames>>} Games */

/** The arrow keys move the start by this much, with Shift by five times as much. */
const NUDGE = 0.05;
/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const CAPTIONS = [
  ["game-plane", "The two numbers", "arrows: where G and D pull; ×: equilibrium"],
  ["game-spectrum", "Eigenvalues", "of one step, in the unit circle"],
  ["game-distances", "Distance to the equilibrium", "drag to look back"],
];
const GROUPS = [["game", "Game"], ["update", "Update"], ["second", "Compared with"], ["start", "Start"]];

/** @param {Document} page @param {GamesContext} context */
export async function mountGames(page, context) {
  const { options, host, announcer, appearance, notice, pageActions, lock = "" } = context;
  const ask = context.ask ?? ((name, body) => fetchJson(page, name, body));
  const catalog = await ask("games");
  const root = buildSection(page, options);
  const store = createGameStore({
    catalog,
    ask: (request) => ask("game", request),
    readonly: options.readonly || lock !== "",
    plays: !options.readonly,
    requestFrame: (callback) => requestAnimationFrame(callback),
    listen: onEvent,
  });
  const canvases = mountCanvases(root, store);
  for (const chart of gameCharts) canvases.add(chart);
  const transport = mountTransport(page, store, { notice, changes: () => changedNames, slow: () => undefined });
  const kinds = new KindMemory();
  const panel = new Panel(root.querySelectorAll("[data-slot]"), {
    intend: store.intend,
    isHidden: appearance.isHidden,
    recall: (path, kind) => kinds.recall(path, kind),
  });
  const address = mountAddress(window, store, { adds: () => !options.embed && !host.isFramed && !store.readonly, notice });
  const schedule = () => lock || address.schedule();
  const says = mountSentences(root);
  const moments = mountMoments(store, "game-moments");
  const line = element("span", { class: "past-menus" }, moments.menu);
  root.querySelector(".game-distances figcaption")?.append(line);
  const loop = mountLoop(page, store, { notice, beside: line, line: root.querySelector(".game-distances"), id: "game-loop" });
  const isDue = appearance.pacer(() => store.playback?.running ?? false, store.invalidate);
  const reporter = new StateReporter(store, () => host.send("state", stateOf(store)));
  /** @type {string[]} */
  let changedNames = [];
  let areControlsCurrent = false;
  const nothing = () => {};
  let follow = nothing;

  /** @param {import("./game-run.js").GameEvent} event */
  function onEvent(event) {
    if (event.type === "refused") {
      if (!event.path || !panel.reject(event.path, event.message)) announcer.notice(event.message);
      host.send("error", { message: event.message, path: event.path });
    }
    if (event.type === "config" && store.config) {
      changedNames = namesOfChanges(store.changed, controlsOf(catalog.schema, store.config));
      kinds.note(store.config, store.changed, store.preset);
      areControlsCurrent = false;
      schedule();
    }
    reporter.schedule();
  }

  store.onDraw(() => {
    if (!areControlsCurrent && store.config) panel.update(catalog.schema, store.config, store.changed);
    areControlsCurrent = true;
    transport.draw();
    moments.draw();
    loop.draw();
    if (!isDue()) return;
    canvases.draw();
    says.draw(store);
    setText(page.getElementById("step-count"), String(store.game.step));
    if (store.status) announcer.setState(store.status.state, store.status.sentence);
    if (store.game.running) announcer.tellStep(store.game.step);
    reporter.onFrame();
    follow();
  });
  moveStartByKeys(root, store);
  for (const sentence of hideParts(root, options.hide, pathsOf(catalog.schema))) notice(sentence);

  /** @type {Promise<{open: () => void}>|undefined} */
  let share;
  const link = (/** @type {Record<string, string|null>} */ more = {}, at = 0) =>
    withOptions(location.href, { session: null, token: null, view: "games", ...more }, address.hash(at) || `preset=${store.preset}`);
  const loadShare = async () => {
    const { mountGameShare } = await import("./game-share.js");
    return mountGameShare(page, store, { link: lock ? null : link, theme: canvases.theme, isChanged: () => changedNames.length > 0 });
  };
  const openShare = async () => {
    share ??= loadShare();
    (await share).open();
  };

  return {
    store,
    reporter,
    actions: { ...transport.actions, "step-discriminator": nothing, "step-generator": nothing, "new-seed": nothing, bookmark: moments.bookmark, loop: loop.toggle, compare: nothing, slow: nothing, spectrum: nothing, ...pageActions },
    openShare: () => void openShare(),
    /**
     * Show the games: what the address says the first time, and what was left after that.
     * @param {boolean} isAddressed @param {string} lesson address of the page of a lesson beside them, which begins its own game
     */
    async enter(isAddressed, lesson) {
      store.isAway = false;
      store.lesson = lesson;
      transport.enable(true);
      panel.disable(store.readonly);
      page.title = "Games · gan1d";
      // A browser that remembers the view shows the games without a link.
      if (!lesson) showInAddress({ view: "games" });
      if (isAddressed) address.restore();
      if (!lesson && !store.config && !store.game.isAsking) await store.game.load(catalog.default_preset);
      areControlsCurrent = false;
      schedule();
      store.invalidate();
      host.send("ready", { version: catalog.version });
    },
    /** The game is that of a page of a lesson, or from now on of none. @param {string} lesson @param {() => void} [draw] what follows a picture */
    beside(lesson, draw = nothing) {
      store.lesson = lesson;
      follow = draw;
      schedule();
    },
    leave() {
      store.command({ type: "pause" });
      store.isAway = true;
    },
  };
}

/** @param {Document} page @param {string} name @param {object} [body] @returns {Promise<any>} */
async function fetchJson(page, name, body) {
  /** @type {RequestInit} */
  const init = body ? { method: "POST", body: JSON.stringify(body) } : {};
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(new URL(name, page.baseURI), init);
  } catch {
    throw new GameRefusal("The server does not answer. Start gan1d again, then change a setting or reload the page.");
  }
  if (!answer.ok) throw new GameRefusal((await answer.text()).trim() || "The server does not know the games.", answer.headers.get("Gan1d-Path") ?? "");
  return answer.json();
}

/** @param {Document} page @param {import("../state/url.js").Options} options */
function buildSection(page, options) {
  const figures = CAPTIONS.map(([id, title, words]) =>
    element("figure", { class: `part ${id}` }, element("figcaption", {}, element("b", {}, title), " ", element("span", {}, words)), element("canvas", { "data-chart": id })),
  );
  const isSlide = options.embed;
  const folds = GROUPS.map(([slot, title]) =>
    element("details", { class: `knobs of-${slot}`, open: !isSlide && !matchMedia("(max-width: 43.69em)").matches, name: isSlide ? "game-knobs" : null },
      element("summary", {}, title), element("div", { "data-slot": slot })),
  );
  const root = element("section", { id: "games", "aria-label": "Games of two numbers", tabindex: "-1" },
    element("div", { class: "game-says", role: "status" }), figures[0],
    element("div", { class: "game-side" }, figures[1], element("div", { class: "game-knobs" }, ...folds)), figures[2]);
  page.querySelector("main")?.append(root);
  return root;
}

/**
 * One sentence for each update: what happens near the equilibrium, and from the start.
 * @param {HTMLElement} root
 */
function mountSentences(root) {
  const box = /** @type {HTMLElement} */ (root.querySelector(".game-says"));
  const lines = ["first", "second"].map((name) => element("p", { class: `game-${name}` }));
  const keys = lines.map(() => element("span", { class: "game-key", "aria-hidden": "true" }));
  const texts = lines.map((line, i) => {
    const [label, near, outcome] = ["label", "near", "outcome"].map((part) => element("span", { class: `game-${part}` }));
    line.append(keys[i], element("span", {}, label, " ", near, " ", outcome));
    return { label, near, outcome };
  });
  const conserved = element("p", { class: "game-conserved", "aria-live": "off" });
  box.append(...lines);
  root.querySelector(".game-plane")?.append(conserved);
  return {
    /** @param {GameStore} store */
    draw({ game }) {
      for (const [i, line] of lines.entries()) {
        const track = game.tracks[i];
        line.hidden = !track;
        if (!track) continue;
        setText(texts[i].label, track.label);
        setText(texts[i].near, `${track.near}.`);
        setText(texts[i].outcome, track.words);
      }
      const kept = game.answer?.conserved;
      conserved.hidden = !kept;
      if (!kept) return;
      const now = game.tracks.map((track) => formatReading(game.at(track)?.conserved ?? NaN)).join(" and ");
      setText(conserved, `dotted: infinitely small steps keep ${kept.label} = ${formatReading(kept.level)}; now ${now}`);
    },
  };
}

/** @param {HTMLElement} root @param {GameStore} store */
function moveStartByKeys(root, store) {
  root.querySelector(`[data-chart="${plane.id}"]`)?.addEventListener("keydown", (event) => {
    const { key, shiftKey, ctrlKey, altKey, metaKey } = /** @type {KeyboardEvent} */ (event);
    const move = MOVES[key];
    if (!move || ctrlKey || altKey || metaKey || !store.game.answer) return;
    event.preventDefault();
    const { start } = store.game.answer.config;
    const { plane: most } = store.game.answer;
    const moved = (/** @type {number} */ value, /** @type {number} */ by) =>
      Math.round(Math.max(-most, Math.min(most, value + by * NUDGE * (shiftKey ? 5 : 1))) * 100) / 100;
    store.intend("start", { theta: moved(start.theta, move[0]), psi: moved(start.psi, move[1]) });
  });
}

/** Hide the parts that the address names. @param {HTMLElement} root @param {string[]} names @param {string[]} paths of all settings @returns {string[]} errors */
function hideParts(root, names, paths) {
  return names.flatMap((name) => {
    const quoted = CSS.escape(name);
    const parts = [...root.querySelectorAll(`[data-slot="${quoted}"], [data-chart="${quoted}"]`)];
    for (const part of parts) (part.closest("details.knobs, figure") ?? part).setAttribute("hidden", "");
    const isKnown = parts.length > 0 || paths.includes(name) || root.ownerDocument.querySelector(`[data-slot="${quoted}"], [data-chart="${quoted}"], [data-part="${quoted}"]`);
    return isKnown ? [] : [`Expected hide in the address to name settings or parts of the page, but got “${name}”.`];
  });
}
