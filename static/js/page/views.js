// @ts-check
/** The views of a run: the stage, one large picture, and the lab, with every chart and setting. The run goes on between them. */

import { element } from "../dom.js";
import { showInAddress } from "./appearance.js";

/** @typedef {import("../state/url.js").Options["view"]} View */

/**
 * @param {Document} page
 * @param {{view: View}} options the view to begin with
 * @param {(chart: import("../charts/types.js").Chart) => void} addChart
 */
export function mountViews(page, options, addChart) {
  const root = page.documentElement;
  const buttons = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("button[data-view]"));
  /** @type {Promise<void>|undefined} */
  let isLoaded;
  /** @type {View} */
  let view;

  async function loadStage() {
    const { overview } = await import("../charts/overview.js");
    page.querySelector("figure.overview")?.append(element("canvas", { "data-chart": overview.id }));
    addChart(overview);
  }

  /** @param {View} next */
  function show(next) {
    view = next;
    if (view === "stage") isLoaded ??= loadStage();
    root.classList.toggle("view-stage", view === "stage");
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }

  /** @param {View} next */
  function choose(next) {
    show(next);
    showInAddress({ view: view === "lab" ? null : view });
  }

  for (const button of buttons) button.addEventListener("click", () => choose(/** @type {View} */ (button.dataset.view)));
  show(options.view);

  return { next: () => choose(view === "lab" ? "stage" : "lab") };
}
