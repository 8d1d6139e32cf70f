// @ts-check
/** The controls of a map: colour, the axes and the slider of the third one, the theme, and the picture as a file. */

import { element, setText } from "../dom.js";
import { download } from "../download.js";
import { inLanguage } from "../words.js";
import { readTheme } from "./colors.js";
import { valueWords } from "./results.js";
import { svgOf } from "./still.js";

/** @import {Content} from "./results.js" */
/** @import {MapState} from "./state.js" */

/**
 * @param {Document} page @param {MapState} state @param {{nextTheme: () => void}} actions
 */
export function mountControls(page, state, { nextTheme }) {
  const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (page.getElementById(id));
  const by = /** @type {HTMLSelectElement} */ (find("map-by"));
  const slider = /** @type {HTMLInputElement} */ (find("map-slice"));
  by.addEventListener("change", () => state.colorBy(by.value));
  slider.addEventListener("input", () => state.turnSlice(Number(slider.value)));
  slider.addEventListener("change", () => state.remember());
  find("map-turn").addEventListener("click", () => state.turnAxes());
  find("theme").addEventListener("click", nextTheme);
  find("map-save").addEventListener("click", () => {
    if (!state.results) return;
    const svg = svgOf(page, state.results, state.view, readTheme(page.body, state.results.content.outcomes));
    download(page, "gan1d-map.svg", new Blob([svg], { type: "image/svg+xml" }));
  });

  return {
    /** Offer what a sweep has. @param {Content} content */
    begin({ axes, numbers, title }) {
      by.replaceChildren(element("option", { value: "outcome" }, "by outcome"), ...numbers.map(({ name, label }) => element("option", { value: name }, `by ${label}`)));
      by.value = state.view.by;
      find("map-turn").hidden = axes.length < 2;
      setText(find("map-title"), title);
      setText(page.querySelector("title"), `${inLanguage(title)} · gan1d`);
      for (const part of page.querySelectorAll(".map-bar, main")) part.removeAttribute("hidden");
    },
    /** Show where the slider is, and of which axis. */
    update() {
      const third = state.third();
      const box = /** @type {HTMLElement} */ (slider.closest(".map-slice"));
      box.hidden = !third;
      if (!third) return;
      slider.max = String(third.values.length - 1);
      slider.value = String(state.view.slice);
      setText(box.querySelector("label"), third.label);
      setText(find("map-slice-value"), valueWords(third, state.view.slice));
      slider.setAttribute("aria-valuetext", valueWords(third, state.view.slice));
    },
  };
}
