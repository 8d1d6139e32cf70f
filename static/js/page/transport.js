// @ts-check
/** The bar: play, step, reset, seed, speed and preset. It shows the state of the store and sends commands. */

import { element, setText } from "../dom.js";
import { parseNumber } from "../format.js";

/** @typedef {import("../state/store.js").Store} Store */
/** @import {PlaybackState, PlayerChoice, PresetEntry} from "../connection/wire.js" */

/** New seeds are below this number, short enough to read out. */
const SEEDS = 10_000;

/**
 * @param {Document} page
 * @param {Store} store
 * @param {{notice: (sentence: string) => void, isChanged: () => boolean}} context
 */
export function mountTransport(page, store, { notice, isChanged }) {
  const play = /** @type {HTMLButtonElement} */ (page.getElementById("play"));
  const step = /** @type {HTMLButtonElement} */ (page.getElementById("step"));
  const reset = /** @type {HTMLButtonElement} */ (page.getElementById("reset"));
  const newSeed = /** @type {HTMLButtonElement} */ (page.getElementById("new-seed"));
  const seed = /** @type {HTMLInputElement} */ (page.querySelector('input[name="seed"]'));
  const speed = mountSpeed(page, store);
  const presets = mountPresets(page, store, isChanged);

  /** Keys reach these actions although the buttons of a viewer are disabled, so `readonly` is checked here, too. */
  const actions = {
    toggle: () => store.command({ type: store.playback?.running ? "pause" : "play" }),
    /** @param {PlayerChoice["value"]} [player] */
    step: (player = "both") => store.readonly || store.command({ type: "step", count: 1, player }),
    reset: () => store.readonly || store.command({ type: "reset" }),
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
  const stepMenu = mountStepMenu(page, store, actions.step);
  seed.addEventListener("change", () => {
    const value = parseNumber(seed.value);
    if (Number.isNaN(value)) notice("Expected a seed that is a whole number such as 7.");
    else store.intend("seed", value);
    if (Number.isNaN(value)) seed.value = String(store.config?.seed ?? "");
  });

  return {
    actions,
    /** @param {boolean} connected */
    enable(connected) {
      play.disabled = !connected || store.hello?.role === "viewer";
      for (const control of [step, reset, newSeed, seed, presets.menu, speed.range]) {
        control.disabled = !connected || store.readonly;
      }
      stepMenu?.enable(!step.disabled);
    },
    draw() {
      setText(play, store.playback?.running ? "Pause" : "Play");
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
 */
function mountStepMenu(page, store, step) {
  const menu = /** @type {HTMLDetailsElement|null} */ (page.getElementById("step-menu"));
  const summary = menu?.querySelector("summary");
  const items = menu?.querySelector(".menu-items");
  if (!menu || !summary || !items) return null;
  let isEnabled = true;
  /** @type {unknown} */
  let listed = null;
  const disable = () => items.querySelectorAll("button").forEach((button) => (button.disabled = !isEnabled));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus();
    event.preventDefault();
  });
  summary.addEventListener("click", (event) => {
    if (!isEnabled) event.preventDefault();
  });
  page.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
  return {
    draw() {
      const players = store.hello?.players;
      if (!players || players === listed) return;
      listed = players;
      items.replaceChildren(...players.map(({ value, label }) => element("button", { type: "button", onclick: () => step(value) }, label)));
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
    if (!choice || store.readonly) return;
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
 * @param {() => boolean} isChanged whether the present config differs from its preset
 */
function mountPresets(page, store, isChanged) {
  const menu = /** @type {HTMLSelectElement} */ (page.getElementById("preset"));
  const watch = page.getElementById("watch");
  const changed = element("option", { value: "", hidden: true });
  /** @type {unknown} */
  let listed = null;

  menu.addEventListener("change", () => {
    if (menu.value) store.command({ type: "load_preset", name: menu.value });
  });
  return {
    menu,
    draw() {
      const list = store.hello?.presets ?? [];
      if (list !== listed) {
        menu.replaceChildren(changed, ...grouped(list));
        listed = list;
      }
      const preset = list.find(({ name }) => name === store.preset);
      setText(changed, preset ? `${preset.title}, changed` : "");
      const value = preset && !isChanged() ? preset.name : "";
      if (menu.value !== value) menu.value = value;
      setText(watch, preset?.watch ?? "");
    },
  };
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
