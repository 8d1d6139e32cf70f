// @ts-check
/** The elements of the dialog of the spectrum. */

import { element } from "../dom.js";
import { fillDialog } from "../page/dialogs.js";

/** Rows of the table. */
export const ROWS = 20;
/** Positions of the slider of the step size. */
export const RATES = 200;

/**
 * @param {Document} page
 * @param {object} on what the controls do
 * @param {(isPath: boolean) => void} on.show
 * @param {() => void} on.request
 * @param {() => void} on.cancel
 * @param {() => void} on.close
 * @param {(isLinear: boolean) => void} on.setScale
 * @param {() => void} on.setRate
 */
export function spectrumElements(page, on) {
  const button = (/** @type {string} */ label, /** @type {() => void} */ onclick, kind = "quiet") => element("button", { type: "button", class: kind, onclick }, label);
  const tabs = [button("Eigenvalues", () => on.show(false)), button("Path angle", () => on.show(true))];
  const at = element("select", { id: "spectrum-step", onchange: on.request });
  const from = element("select", { id: "spectrum-from", onchange: on.request });
  const toWords = element("label", { for: "spectrum-step" }, "At step");
  const fromField = element("div", { class: "field" }, element("label", { for: "spectrum-from" }, "From step"), from);
  const bar = element("progress", { max: 1, value: 0, "aria-label": "Progress" });
  const progressWords = element("span");
  const cancelButton = button("Cancel", on.cancel, "");
  const progress = element("div", { class: "spectrum-progress", hidden: true }, bar, progressWords, cancelButton);
  const again = button("Compute again", on.request, "");
  const status = element("p", { class: "spectrum-said", role: "status" });
  const readouts = [0, 1].map(() => element("p", { class: "spectrum-read", "aria-live": "polite" }));

  const scale = element("input", { type: "checkbox", id: "spectrum-linear", onchange: () => on.setScale(scale.checked) });
  const rate = element("input", { type: "range", id: "spectrum-rate", min: 0, max: RATES, step: 1, oninput: on.setRate });
  const rateShown = element("output", { for: "spectrum-rate" });
  const stepWords = element("p", { class: "spectrum-step-words" });
  const canvases = ["spectrum-plane", "spectrum-circle", "path-angle"].map((id) => element("canvas", { "data-chart": id }));
  const [plane, circle, path] = canvases;
  const figure = (/** @type {string} */ title, /** @type {string} */ words, /** @type {HTMLElement[]} */ ...content) =>
    element("figure", {}, element("figcaption", {}, element("b", {}, title), " ", element("span", {}, words)), ...content);
  const numbers = element("dl", { class: "spectrum-numbers" });
  const table = element("tbody");
  const own = element("p");
  const gradients = element("p");
  const eigenvalues = element("div", { class: "spectrum-eigenvalues" },
    figure("Both players", "up and down: turn; from 0 outwards: faster", plane,
      element("div", { class: "spectrum-scale" }, element("label", {}, scale, " Linear scales"), readouts[0])),
    figure("One plain step", "1 − ηλ beside the unit circle", circle,
      element("div", { class: "field" }, element("label", { for: "spectrum-rate" }, "Step size η"), rate, rateShown), stepWords));
  const more = element("div", { class: "spectrum-more" }, numbers, own, gradients,
    element("details", {}, element("summary", {}, `The ${ROWS} largest as a table`),
      element("table", {}, element("thead", {}, element("tr", {}, ...["Real part", "Imaginary part", "Size", "Motion"].map((name) => element("th", { scope: "col" }, name)))), table)));
  const angle = figure("From step to step", "the line between both in the space of all weights, and a quarter beyond", path, readouts[1]);
  angle.classList.add("spectrum-path");
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", { id: "spectrum-dialog", "aria-labelledby": "spectrum-title" }));
  fillDialog(dialog, "spectrum-title", "Spectrum",
    element("div", { class: "spectrum-bar" }, element("div", { class: "spectrum-tabs", role: "group", "aria-label": "What is shown" }, ...tabs), fromField, element("div", { class: "field" }, toWords, at), progress, again),
    status, eigenvalues, angle, more);
  dialog.addEventListener("close", on.close);
  page.body.append(dialog);
  return {
    dialog, tabs, at, from, toWords, fromField, progress, bar, progressWords, again, status, readouts,
    plane, path, rate, rateShown, stepWords, eigenvalues, more, numbers, table, own, gradients, angle,
  };
}
