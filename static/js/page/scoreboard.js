// @ts-check
/** The numbers beside the charts: step, rate, metrics, and the share of the fakes in each mode, all from the frame that is drawn. */

import { element, reconcile, setText } from "../dom.js";
import { formatCount, formatPosition, formatRate, formatMetric, formatShare, formatSetting, tickWords, UNKNOWN } from "../format.js";

/** @typedef {import("../state/store.js").Store} Store */
/** @typedef {import("../charts/types.js").Metric} Metric */
/** @typedef {import("../charts/types.js").ScoreboardEntry} ScoreboardEntry */

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
  let due = 0;

  /** The tab says the step and what is happening, at most once a second. */
  function nameTab() {
    const now = performance.now();
    if (now < due || !store.frame) return;
    due = store.playback?.running ? now + 1000 : 0;
    const kind = store.scene?.diagnoses?.[store.frame.scalars.diagnosis ?? NaN];
    const title = [`Step ${formatCount(store.frame.step)}`, kind?.label, "gan1d"].filter(Boolean).join(" · ");
    if (page.title !== title) page.title = title;
  }

  return {
    draw() {
      const { frame, scene, status } = store;
      setText(count, formatCount(frame?.step ?? status?.step ?? 0));
      nameTab();
      setText(rate, store.playback?.running ? formatRate(status?.rate ?? 0) : "");
      metrics.draw();
      conditionals.draw();
      masses.draw(scene, frame?.arrays.mode_masses);
    },
  };
}

/**
 * The metrics as buttons: pressing one shows its history in the place of the distances, under its name.
 * @param {Document} page
 * @param {Store} store
 */
function mountMetrics(page, store) {
  const root = page.getElementById("metrics");
  const caption = page.querySelector(".distances figcaption");
  const title = caption?.querySelector("b") ?? null;
  const subtitle = caption?.querySelector("span") ?? null;
  const usual = { title: title?.textContent ?? "", subtitle: subtitle?.textContent ?? "" };
  /** @type {Map<string, ReturnType<typeof metricButton>>} */
  let buttons = new Map();
  /** @type {unknown} */
  let drawnScene = null;

  function rebuild() {
    const { scene, selectedMetric } = store;
    const metrics = new Map((scene?.metrics ?? []).map((metric) => [metric.name, metric]));
    const present = new Map();
    for (const entry of scene?.scoreboard ?? []) {
      const metric = metrics.get(entry.metric);
      if (!metric) continue;
      const select = () => store.selectMetric(store.selectedMetric === metric.name ? null : metric.name);
      const button = buttons.get(metric.name) ?? metricButton(entry, select);
      button.describe(entry, metric);
      present.set(metric.name, button);
    }
    buttons = present;
    if (root) reconcile(root, [...buttons.values()].map(({ node }) => node));
    if (selectedMetric && !buttons.has(selectedMetric)) store.selectMetric(null);
  }

  return {
    draw() {
      const { frame, scene } = store;
      if (scene !== drawnScene) rebuild();
      drawnScene = scene;
      const step = store.playback?.running ? (frame?.step ?? null) : null;
      for (const [name, button] of buttons) button.draw(frame?.scalars ?? {}, name === store.selectedMetric, step);
      const selected = buttons.get(store.selectedMetric ?? "");
      setText(title, selected?.label ?? usual.title);
      setText(subtitle, selected?.help ?? usual.subtitle);
      // Where there is space for one history only, it is that of the selected metric.
      page.documentElement.classList.toggle("metric-selected", selected !== undefined);
    },
  };
}

/**
 * @param {ScoreboardEntry} entry
 * @param {() => void} onclick
 */
function metricButton({ metric: name, average, headline }, onclick) {
  const label = element("span", { class: "metric-name" });
  const value = element("span", { class: "metric-value", "data-metric": name }, UNKNOWN);
  const averageValue = element("span", { "data-metric": average ?? "" }, UNKNOWN);
  const attributes = { type: "button", class: headline ? "metric headline" : "metric", "data-history": name, "aria-pressed": "false", onclick };
  const node = element("button", attributes, label, " ", value);
  if (average) node.append(" ", element("span", { class: "average" }, "avg ", averageValue));
  let unit = "";
  const mean = runningMean();
  let isRestless = false;
  const button = {
    node,
    label: "",
    help: "",
    /** @param {ScoreboardEntry} entry @param {Metric} metric */
    describe(entry, metric) {
      const goal = metric.ideal_label ? ` (${metric.ideal_label})` : "";
      Object.assign(button, { label: entry.label, help: metric.help });
      unit = metric.unit;
      isRestless = metric.unit === "share" && metric.ideal === 0.5;
      node.title = `${metric.help}${goal}`;
      setText(label, entry.label);
    },
    /** @param {Record<string, number>} scalars @param {boolean} isPressed @param {number|null} step of a running run */
    draw(scalars, isPressed, step) {
      const now = scalars[name] ?? NaN;
      setText(value, formatMetric(isRestless && step !== null ? mean(now, step) : now, unit));
      if (average) setText(averageValue, formatMetric(scalars[average] ?? NaN, unit));
      if (node.getAttribute("aria-pressed") !== String(isPressed)) node.setAttribute("aria-pressed", String(isPressed));
    },
  };
  return button;
}

/** The steps over which a restless number is averaged while a run plays. */
const MEAN_STEPS = 25;

/**
 * The mean of a number over about the last `MEAN_STEPS` steps. Where D is at chance, the share of the samples on which it is
 * right jumps by tens of points from step to step; a run that stands still shows the number of its step.
 * @returns {(value: number, step: number) => number}
 */
export function runningMean() {
  let mean = NaN;
  let last = NaN;
  return (value, step) => {
    const part = step > last ? 1 - Math.exp((last - step) / MEAN_STEPS) : step === last ? 0 : 1;
    last = step;
    mean = Number.isFinite(mean) ? mean + part * (value - mean) : value;
    return mean;
  };
}

/**
 * Parts of the page that are shown only if the scene has a certain value, such as classes; and counts taken from the scene.
 * @param {Document} page
 * @param {Store} store
 */
function mountConditionals(page, store) {
  const parts = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-needs]"));
  const counts = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-scene]"));
  /** @type {unknown} */
  let drawnScene = null;

  return {
    draw() {
      const scene = /** @type {Record<string, any>|null} */ (store.scene);
      if (scene === drawnScene) return;
      drawnScene = scene;
      for (const part of parts) {
        const found = scene?.[part.dataset.needs ?? ""];
        part.hidden = !(Array.isArray(found) ? found.length : found);
      }
      for (const count of counts) setText(count, formatCount(scene?.[count.dataset.scene ?? ""] ?? 0));
    },
  };
}

/** With more modes than this, their positions are written with one decimal. */
const CROWDED = 5;

/**
 * The positions of modes in few characters each, and what they leave out.
 * @param {number[]} centres rising @param {import("../charts/types.js").Range} axis
 * @returns {{labels: string[], note: string}}
 */
export function placesOf(centres, axis) {
  const { labels, note } = tickWords(centres);
  if (note || axis.high - axis.low < 1) return { labels, note };
  const decimals = centres.length > CROWDED ? 1 : 2;
  return { labels: centres.map((centre) => formatSetting(Number(centre.toFixed(decimals))).replace("-", "\u2212")), note };
}

/**
 * @param {HTMLElement|null} root
 * @returns {{draw: (scene: import("../charts/types.js").Scene|null, shares: Float32Array|Float64Array|undefined) => void}}
 */
function mountMasses(root) {
  /** @type {{bar: HTMLElement, text: HTMLElement, position: HTMLElement, row: HTMLElement}[]} */
  let columns = [];
  /** @type {unknown} */
  let drawnScene = null;
  const note = element("li", { class: "mass-note" });
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
    draw(scene, shares) {
      const modes = scene?.modes ?? [];
      if (columns.length !== modes.length) rebuild(modes);
      if (scene && scene !== drawnScene) {
        const places = placesOf(modes.map(({ centre }) => centre), scene.x_axis);
        columns.forEach(({ position }, index) => setText(position, places.labels[index]));
        setText(note, places.note);
        if (places.note) list.append(note);
        else note.remove();
        drawnScene = scene;
      }
      modes.forEach((mode, index) => {
        const { bar, text, row } = columns[index];
        const share = shares?.[index] ?? NaN;
        setText(text, formatShare(share));
        const centre = scene ? formatPosition(mode.centre, scene.x_axis) : "";
        bar.style.setProperty("--share", String(Number.isFinite(share) ? share : 0));
        bar.style.setProperty("--target", String(mode.mass));
        const words = `Mode at ${centre}: ${formatShare(share)} of the fakes, ${formatShare(mode.mass)} of the target`;
        if (row.title !== words) row.title = words;
      });
    },
  };
}
