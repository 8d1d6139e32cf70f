// @ts-check
/** The numbers beside the charts: step, rate, metrics, and the share of the fakes in each mode. All from the one frame drawn. */

import { element, setText } from "./element.js";
import { formatCount, formatRate, formatReading, formatShare, formatValue } from "./format.js";

/** @typedef {import("./store.js").Store} Store */

/**
 * @param {Document} page
 * @param {Store} store
 * @returns {{draw: () => void}}
 */
export function mountReadings(page, store) {
  const count = page.getElementById("step-count");
  const rate = page.getElementById("rate");
  const metrics = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("#metrics [data-metric]"));
  const optional = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("#metrics [data-needs]"));
  const masses = mountMasses(page.getElementById("masses"));
  /** @type {unknown} */
  let explained = null;

  return {
    draw() {
      const { frame, scene, status } = store;
      setText(count, formatCount(frame?.step ?? status?.step ?? 0));
      setText(rate, store.playback?.running ? formatRate(status?.rate ?? 0) : "");
      for (const node of metrics) setText(node, formatReading(frame?.scalars[node.dataset.metric ?? ""] ?? NaN));
      if (scene !== explained) {
        explain(metrics, scene?.metrics ?? []);
        for (const part of optional) part.hidden = !scene?.[/** @type {keyof typeof scene} */ (part.dataset.needs ?? "")];
      }
      explained = scene;
      masses.draw(scene?.modes ?? [], frame?.arrays.mode_masses);
    },
  };
}

/**
 * @param {Iterable<HTMLElement>} nodes
 * @param {{name: string, label: string, help?: string, unit?: string|null}[]} metrics
 */
function explain(nodes, metrics) {
  for (const node of nodes) {
    const metric = metrics.find(({ name }) => name === node.dataset.metric);
    if (metric?.help) node.closest("div")?.setAttribute("title", metric.help);
  }
}

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
      modes.forEach((mode, index) => {
        const { bar, text, place, row } = columns[index];
        const share = shares?.[index] ?? NaN;
        setText(text, formatShare(share));
        const centre = formatValue(Number(mode.centre.toFixed(2)));
        setText(place, centre.replace("-", "−"));
        bar.style.setProperty("--share", String(Number.isFinite(share) ? share : 0));
        bar.style.setProperty("--target", String(mode.mass));
        const words = `Mode at ${centre}: ${formatShare(share)} of the fakes, ${formatShare(mode.mass)} of the target`;
        if (row.title !== words) row.title = words;
      });
    },
  };
}
