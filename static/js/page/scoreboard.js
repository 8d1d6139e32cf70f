// @ts-check
/** The numbers beside the charts: step, rate, metrics, and the share of the fakes in each mode, all from the frame that is drawn. */

import { element, setText } from "../dom.js";
import { formatCount, formatRate, formatMetric, formatShare, formatSetting } from "../format.js";

/** @typedef {import("../state/store.js").Store} Store */

/** @typedef {import("../charts/types.js").Metric} Metric */

/**
 * @param {Document} page
 * @param {Store} store
 * @returns {{draw: () => void}}
 */
export function mountScoreboard(page, store) {
  const count = page.getElementById("step-count");
  const rate = page.getElementById("rate");
  const metrics = mountMetrics(page, store);
  const masses = mountMasses(page.getElementById("masses"));
  const conditionals = mountConditionals(page, store);

  return {
    draw() {
      const { frame, scene, status } = store;
      setText(count, formatCount(frame?.step ?? status?.step ?? 0));
      setText(rate, store.playback?.running ? formatRate(status?.rate ?? 0) : "");
      metrics.draw();
      conditionals.draw();
      masses.draw(scene?.modes ?? [], frame?.arrays.mode_masses);
    },
  };
}

/**
 * The metrics as buttons: pressing one shows its history in the place of the distances, under its name.
 * @param {Document} page
 * @param {Store} store
 */
function mountMetrics(page, store) {
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
      const name = button.dataset.history ?? null;
      store.selectMetric(store.selectedMetric === name ? null : name);
    });
  }

  return {
    draw() {
      const { frame, scene, selectedMetric: selected } = store;
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
        const isPressed = String(button.dataset.history === selected);
        if (button.getAttribute("aria-pressed") !== isPressed) button.setAttribute("aria-pressed", isPressed);
      }
      const metric = selected ? known[selected] : undefined;
      const pressed = metric && [...buttons].find((button) => button.dataset.history === selected)?.querySelector(".metric-name");
      setText(name, metric ? (pressed?.textContent ?? metric.label) : usual.name);
      setText(words, metric ? (metric.help ?? "") : usual.words);
      // Where there is space for one history only, it is that of the selected metric.
      page.documentElement.classList.toggle("metric-selected", metric !== undefined);
    },
  };
}

/**
 * Parts of the page that are shown only if the scene has a certain value, such as classes; and counts taken from the scene.
 * @param {Document} page
 * @param {Store} store
 */
function mountConditionals(page, store) {
  const asides = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-needs]"));
  const counts = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-scene]"));
  /** @type {unknown} */
  let drawn = null;

  return {
    draw() {
      const scene = /** @type {Record<string, any>|null} */ (store.scene);
      if (scene === drawn) return;
      drawn = scene;
      for (const aside of asides) {
        const found = scene?.[aside.dataset.needs ?? ""];
        aside.hidden = !(Array.isArray(found) ? found.length : found);
        if (aside.hidden && aside.dataset.history === store.selectedMetric) store.selectMetric(null);
      }
      for (const count of counts) setText(count, formatCount(scene?.[count.dataset.scene ?? ""] ?? 0));
    },
  };
}

/**
 * Set the names and help of the metrics.
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

/** With more modes than this, their positions are written with one decimal. */
const CROWDED = 5;

/**
 * @param {HTMLElement|null} root
 * @returns {{draw: (modes: {centre: number, mass: number}[], shares: Float32Array|undefined) => void}}
 */
function mountMasses(root) {
  /** @type {{bar: HTMLElement, text: HTMLElement, position: HTMLElement, row: HTMLElement}[]} */
  let columns = [];
  const list = element("ol", { class: "masses", "aria-label": "Share of the fakes in each mode" });
  root?.replaceChildren(list);

  /** @param {{centre: number, mass: number}[]} modes */
  function rebuild(modes) {
    columns = modes.map(() => {
      const bar = element("span", { class: "mass-bar", "aria-hidden": "true" });
      const text = element("span", { class: "mass-text" });
      const position = element("span", { class: "mass-place" });
      return { bar, text, position, row: element("li", { class: "mass" }, bar, text, position) };
    });
    list.replaceChildren(...columns.map(({ row }) => row));
  }

  return {
    draw(modes, shares) {
      if (columns.length !== modes.length) rebuild(modes);
      const decimals = modes.length > CROWDED ? 1 : 2;
      modes.forEach((mode, index) => {
        const { bar, text, position, row } = columns[index];
        const share = shares?.[index] ?? NaN;
        setText(text, formatShare(share));
        const centre = formatSetting(Number(mode.centre.toFixed(decimals)));
        setText(position, centre.replace("-", "−"));
        bar.style.setProperty("--share", String(Number.isFinite(share) ? share : 0));
        bar.style.setProperty("--target", String(mode.mass));
        const words = `Mode at ${centre}: ${formatShare(share)} of the fakes, ${formatShare(mode.mass)} of the target`;
        if (row.title !== words) row.title = words;
      });
    },
  };
}
