// @ts-check
/** The bar: play, step, reset, seed, speed and preset. It shows the state of the store and sends commands. */

import { closeOnEscape, element, setText } from "../dom.js";
import { parseNumber } from "../format.js";
import { firstStep, stepAfter, stepBefore } from "../state/timeline.js";

/** @typedef {import("../state/store.js").Store} Store */
/** @import {PlaybackState, PlayerChoice, PresetEntry} from "../connection/wire.js" */

/** New seeds are below this number, short enough to read out. */
const SEEDS = 10_000;

/**
 * @param {Document} page
 * @param {Store} store
 * @param {{notice: (sentence: string) => void, changes: () => string[], slow: () => (() => void)|undefined}} context
 *   `changes`: the names of the settings that differ from the preset; `slow`: shows a step slowly, if the page can
 */
export function mountTransport(page, store, { notice, changes, slow }) {
  const play = /** @type {HTMLButtonElement} */ (page.getElementById("play"));
  const step = /** @type {HTMLButtonElement} */ (page.getElementById("step"));
  const reset = /** @type {HTMLButtonElement} */ (page.getElementById("reset"));
  const newSeed = /** @type {HTMLButtonElement} */ (page.getElementById("new-seed"));
  const seed = /** @type {HTMLInputElement} */ (page.querySelector('input[name="seed"]'));
  const speed = mountSpeed(page, store);
  const presets = mountPresets(page, store, changes);

  /** Show another step of the timeline, the present one at the end of a live run. @param {number|undefined} to */
  function seek(to) {
    if (!store.timeline || to === undefined) return;
    store.seek(!store.timeline.steps.length && to >= store.timeline.last ? null : to);
  }

  /** @param {PlayerChoice["value"]} player */
  function makeStep(player) {
    if (!store.plays) return;
    if (player === "both" && store.looking && store.timeline) seek(stepAfter(store.timeline, store.shownStep()));
    else store.command({ type: "step", count: 1, player });
  }

  /** Keys reach these actions although the buttons of a viewer are disabled, so that is checked here, too. */
  const actions = {
    toggle: () => (store.loop ? store.endLoop() : store.command({ type: store.playback?.running ? "pause" : "play" })),
    /** @param {PlayerChoice["value"]} [player] */
    step: (player = "both") => makeStep(player),
    reset: () => !store.plays || store.command({ type: "reset" }),
    back: () => seek(store.timeline ? stepBefore(store.timeline, store.shownStep()) : undefined),
    forward: () => seek(store.timeline ? stepAfter(store.timeline, store.shownStep()) : undefined),
    first: () => seek(store.timeline ? firstStep(store.timeline) : undefined),
    last: () => seek(store.timeline?.last),
    "step-discriminator": () => actions.step("discriminator"),
    "step-generator": () => actions.step("generator"),
    "new-seed": () => store.readonly || store.command({ type: "reset", seed: Math.floor(Math.random() * SEEDS) }),
    slower: () => speed.change(-1),
    faster: () => speed.change(1),
  };
  play.addEventListener("click", actions.toggle);
  step.addEventListener("click", () => actions.step());
  reset.addEventListener("click", actions.reset);
  newSeed.addEventListener("click", actions["new-seed"]);
  const stepMenu = mountStepMenu(page, store, actions.step, slow);
  seed.addEventListener("change", () => {
    if (store.isAway) return;
    const value = parseNumber(seed.value);
    if (Number.isNaN(value)) notice("Expected a seed that is a whole number such as 7.");
    else store.intend("seed", value);
    if (Number.isNaN(value)) seed.value = String(store.config?.seed ?? "");
  });

  let isConnected = false;

  return {
    actions,
    /** @param {boolean} connected */
    enable(connected) {
      isConnected = connected;
      for (const control of [step, reset, speed.range]) control.disabled = !connected || !store.plays;
      for (const control of [newSeed, seed, presets.menu]) control.disabled = !connected || store.readonly;
      stepMenu?.enable(!step.disabled && !store.readonly);
      store.invalidate();
    },
    draw() {
      setText(play, store.loop || store.playback?.running ? "Pause" : "Play");
      const isOver = store.status?.state === "diverged";
      play.disabled = !isConnected || store.hello?.role === "viewer" || isOver;
      play.title = isOver ? "This run has diverged and has no further step. Press Reset." : "";
      if (page.activeElement !== seed && store.config) seed.value = String(store.config.seed);
      speed.draw();
      stepMenu?.draw();
      presets.draw();
    },
    /** Show the server's values again after a rejected command. */
    restore() {
      if (store.config) seed.value = String(store.config.seed);
      speed.restore();
    },
  };
}

/**
 * The menu beside Step, with the server's list of players.
 * @param {Document} page
 * @param {Store} store
 * @param {(player: PlayerChoice["value"]) => void} step
 * @param {() => (() => void)|undefined} slow
 */
function mountStepMenu(page, store, step, slow) {
  const menu = /** @type {HTMLDetailsElement|null} */ (page.getElementById("step-menu"));
  const summary = menu?.querySelector("summary");
  const items = menu?.querySelector(".menu-items");
  if (!menu || !summary || !items) return null;
  let isEnabled = true;
  /** @type {unknown} */
  let listed = null;
  const disable = () => items.querySelectorAll("button").forEach((button) => (button.disabled = !isEnabled));
  closeOnEscape(menu, { outside: true });
  summary.addEventListener("click", (event) => {
    if (!isEnabled) event.preventDefault();
  });
  return {
    draw() {
      const players = store.hello?.players;
      if (!players || players === listed) return;
      listed = players;
      const item = (/** @type {string} */ label, /** @type {() => void} */ onclick) => element("button", { type: "button", onclick }, label);
      items.replaceChildren(...players.map(({ value, label }) => item(label, () => step(value))));
      const showSlowly = slow();
      if (showSlowly) items.append(item("One step slowly", showSlowly));
      disable();
    },
    /** A summary has no `disabled` of its own. @param {boolean} enabled */
    enable(enabled) {
      isEnabled = enabled;
      disable();
      if (!enabled) menu.open = false;
      summary.setAttribute("aria-disabled", String(!enabled));
      summary.tabIndex = enabled ? 0 : -1;
    },
  };
}

/**
 * A slider over the server's list of speeds.
 * @param {Document} page
 * @param {Store} store
 */
function mountSpeed(page, store) {
  const range = /** @type {HTMLInputElement} */ (page.getElementById("speed"));
  const output = page.getElementById("speed-value");
  /** The chosen speed, until the server confirms it. @type {PlaybackState["speed"]|undefined} */
  let pendingSpeed;

  const speeds = () => store.hello?.speeds ?? [];
  /** @param {number} index */
  function choose(index) {
    const choice = speeds()[index];
    if (!choice || !store.plays || store.isAway) return;
    pendingSpeed = choice.value;
    store.command({ type: "playback", speed: choice.value });
    draw();
  }
  function draw() {
    const list = speeds();
    if (pendingSpeed === store.playback?.speed) pendingSpeed = undefined;
    const index = list.findIndex(({ value }) => value === (pendingSpeed ?? store.playback?.speed));
    const label = list[index]?.label ?? String(store.playback?.speed ?? "");
    range.max = String(Math.max(0, list.length - 1));
    if (index >= 0) range.value = String(index);
    range.setAttribute("aria-valuetext", label);
    setText(output, label);
  }
  range.min = "0";
  range.step = "1";
  range.addEventListener("input", () => choose(Number(range.value)));
  return {
    range,
    draw,
    /** @param {1|-1} direction */
    change: (direction) => choose(Number(range.value) + direction),
    restore() {
      pendingSpeed = undefined;
    },
  };
}

/**
 * @param {Document} page
 * @param {Store} store
 * @param {() => string[]} changes
 */
function mountPresets(page, store, changes) {
  const menu = /** @type {HTMLSelectElement} */ (page.getElementById("preset"));
  const watch = page.getElementById("watch");
  const back = /** @type {HTMLButtonElement} */ (page.getElementById("back-to-preset"));
  const changed = element("option", { value: "", hidden: true });
  /** @type {unknown} */
  let listed = null;

  menu.addEventListener("change", () => {
    if (menu.value) store.command({ type: "load_preset", name: menu.value });
  });
  back.addEventListener("click", () => {
    store.command({ type: "load_preset", name: store.preset, changes: { seed: store.config?.seed ?? 0 } });
  });
  return {
    menu,
    draw() {
      const list = store.hello?.presets ?? [];
      if (list !== listed || changed.parentNode !== menu) {
        menu.replaceChildren(changed, ...grouped(list));
        listed = list;
      }
      const preset = list.find(({ name }) => name === store.preset);
      setText(changed, preset ? `${preset.title} *` : "");
      const names = changes();
      const value = preset && names.length === 0 ? preset.name : "";
      if (menu.value !== value) menu.value = value;
      // The preset's story is about its own settings.
      back.hidden = names.length === 0 || store.readonly;
      setText(watch, names.length > 0 ? changesInWords(names) : (preset?.watch ?? ""));
    },
  };
}

/** The most changed settings that are named. */
const MOST_NAMED = 5;

/** @param {string[]} names of the settings that differ from the preset */
function changesInWords(names) {
  const more = names.length - MOST_NAMED;
  const rest = more > 0 ? ` and ${more} more` : "";
  return `Changed: ${names.slice(0, MOST_NAMED).join(", ")}${rest}. What the preset says holds for its own settings only.`;
}

/**
 * Options grouped under headings, both in the order of the list.
 * @param {PresetEntry[]} list
 */
function grouped(list) {
  /** @type {Map<string, HTMLElement>} */
  const groups = new Map();
  for (const { name, group, title } of list) {
    const heading = groups.get(group) ?? element("optgroup", { label: group });
    heading.append(element("option", { value: name }, title));
    groups.set(group, heading);
  }
  return groups.values();
}
