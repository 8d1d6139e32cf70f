// @ts-check
/** The numbers beside the charts: step, rate, metrics, and the share of the fakes in each mode. All from the one frame drawn. */

import { element, setText } from "../dom.js";
import { formatCount, formatRate, formatMetric, formatShare, formatValue } from "../format.js";

/** @typedef {import("../state/store.js").Store} Store */

/** @typedef {import("../charts/types.js").Metric} Metric */

/**
 * @param {Document} page
 * @param {Store} store
 * @returns {{draw: () => void}}
 */
export function mountReadings(page, store) {
  const count = page.getElementById("step-count");
  const rate = page.getElementById("rate");
  const board = mountBoard(page, store);
  const masses = mountMasses(page.getElementById("masses"));
  const asides = mountAsides(page, store);

  return {
    draw() {
      const { frame, scene, status } = store;
      setText(count, formatCount(frame?.step ?? status?.step ?? 0));
      setText(rate, store.playback?.running ? formatRate(status?.rate ?? 0) : "");
      board.draw();
      asides.draw();
      masses.draw(scene?.modes ?? [], frame?.arrays.mode_masses);
    },
  };
}

/**
 * The numbers as buttons: pressed, a number's history takes the place of the distances, under its own name.
 * @param {Document} page
 * @param {Store} store
 */
function mountBoard(page, store) {
  const values = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("#metrics [data-metric]"));
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (page.querySelectorAll("#metrics [data-history]"));
  const caption = page.querySelector(".distances figcaption");
  const name = caption?.querySelector("b") ?? null;
  const words = caption?.querySelector("span") ?? null;
  const usual = { name: name?.textContent ?? "", words: words?.textContent ?? "" };
  /** @type {unknown} */
  let explained = null;
  /** @type {Record<string, Metric>} */
  let known = {};

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const wanted = button.dataset.history ?? null;
      store.ask(store.asked === wanted ? null : wanted);
    });
  }

  return {
    draw() {
      const { frame, scene, asked } = store;
      if (scene !== explained) {
        known = Object.fromEntries((scene?.metrics ?? []).map((metric) => [metric.name, metric]));
        explain(buttons, known);
      }
      explained = scene;
      for (const node of values) {
        const metric = known[node.dataset.metric ?? ""];
        setText(node, formatMetric(frame?.scalars[node.dataset.metric ?? ""] ?? NaN, metric?.unit));
      }
      for (const button of buttons) {
        const isPressed = String(button.dataset.history === asked);
        if (button.getAttribute("aria-pressed") !== isPressed) button.setAttribute("aria-pressed", isPressed);
      }
      const metric = asked ? known[asked] : undefined;
      const pressed = metric && [...buttons].find((button) => button.dataset.history === asked)?.querySelector(".metric-name");
      setText(name, metric ? (pressed?.textContent ?? metric.label) : usual.name);
      setText(words, metric ? (metric.help ?? "") : usual.words);
      // Where there is room for one history only, it is the one that was asked for.
      page.documentElement.classList.toggle("asked", metric !== undefined);
    },
  };
}

/**
 * What is said only where the scene has something of the kind: fixed points, labels, atoms. How many, where it counts them.
 * @param {Document} page
 * @param {Store} store
 */
function mountAsides(page, store) {
  const asides = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-needs]"));
  const counts = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-scene]"));
  /** @type {unknown} */
  let told = null;

  return {
    draw() {
      const scene = /** @type {Record<string, any>|null} */ (store.scene);
      if (scene === told) return;
      told = scene;
      for (const aside of asides) {
        const found = scene?.[aside.dataset.needs ?? ""];
        aside.hidden = !(Array.isArray(found) ? found.length : found);
        if (aside.hidden && aside.dataset.history === store.asked) store.ask(null);
      }
      for (const count of counts) setText(count, formatCount(scene?.[count.dataset.scene ?? ""] ?? 0));
    },
  };
}

/**
 * Names and help, as the server has them.
 * @param {Iterable<HTMLElement>} buttons
 * @param {Record<string, Metric>} known
 */
function explain(buttons, known) {
  for (const button of buttons) {
    const metric = known[button.dataset.history ?? ""];
    button.hidden = metric === undefined;
    if (!metric) continue;
    const name = /** @type {HTMLElement|null} */ (button.querySelector(".metric-name"));
    // What has a name on the page already has it because there is no room for the server's.
    if (name && !button.classList.contains("headline") && !button.dataset.needs) setText(name, metric.label);
    const goal = metric.ideal_label ? ` (${metric.ideal_label})` : "";
    button.title = `${metric.help ?? metric.label}${goal}`;
  }
}

/** With more modes than this, their places have room for one decimal. */
const CROWDED = 5;

/**
 * @param {HTMLElement|null} root
 * @returns {{draw: (modes: {centre: number, mass: number}[], shares: Float32Array|undefined) => void}}
 */
function mountMasses(root) {
  /** @type {{bar: HTMLElement, text: HTMLElement, place: HTMLElement, row: HTMLElement}[]} */
  let columns = [];
  const list = element("ol", { class: "masses", "aria-label": "Share of the fakes in each mode" });
  root?.replaceChildren(list);

  /** @param {{centre: number, mass: number}[]} modes */
  function rebuild(modes) {
    columns = modes.map(() => {
      const bar = element("span", { class: "mass-bar", "aria-hidden": "true" });
      const text = element("span", { class: "mass-text" });
      const place = element("span", { class: "mass-place" });
      return { bar, text, place, row: element("li", { class: "mass" }, bar, text, place) };
    });
    list.replaceChildren(...columns.map(({ row }) => row));
  }

  return {
    draw(modes, shares) {
      if (columns.length !== modes.length) rebuild(modes);
      const decimals = modes.length > CROWDED ? 1 : 2;
      modes.forEach((mode, index) => {
        const { bar, text, place, row } = columns[index];
        const share = shares?.[index] ?? NaN;
        setText(text, formatShare(share));
        const centre = formatValue(Number(mode.centre.toFixed(decimals)));
        setText(place, centre.replace("-", "−"));
        bar.style.setProperty("--share", String(Number.isFinite(share) ? share : 0));
        bar.style.setProperty("--target", String(mode.mass));
        const words = `Mode at ${centre}: ${formatShare(share)} of the fakes, ${formatShare(mode.mass)} of the target`;
        if (row.title !== words) row.title = words;
      });
    },
  };
}
