// @ts-check
/**
 * The spectrum: a dialog with the eigenvalues of the game at a step of the run, computed by the server, and the path angle
 * between two of its steps.
 */

import { element, setText } from "../dom.js";
import { formatCount, formatReading } from "../format.js";
import { mountCanvases } from "../page/canvases.js";
import { placesOf, planeChart } from "./eigenvalue-plane.js";
import { pathChart, shareAt } from "./path-angle.js";
import { circleChart, stepInWords } from "./plain-step.js";
import { nearestIndex, readAt } from "./pointing.js";
import { RATES, ROWS, spectrumElements } from "./spectrum-elements.js";
import { natureOf, pointedInWords } from "./spectrum-view.js";

/** @import {GetPathAngle, GetSpectrum, PathAngleFound, Event as ServerEvent, SpectrumFound} from "../connection/wire.js" */
/** @import {Store} from "../state/store.js" */
/** @import {SpectrumView} from "./spectrum-view.js" */

/** Powers of ten that the slider of the step size covers. */
const RATE_POWERS = 4;

/**
 * @param {Document} page
 * @param {Store} store
 * @returns {{open: () => void, draw: () => void}}
 */
export function mountSpectrum(page, store) {
  /** @type {SpectrumView} */
  const view = { found: null, path: null, isLinear: false, rate: 1, pointed: null };
  let isPath = false;
  /** The command whose answer is on its way. @type {GetSpectrum|GetPathAngle|null} */
  let awaited = null;

  const parts = spectrumElements(page, {
    show,
    request,
    cancel: () => (cancel(), again.focus()),
    close: () => (cancel(), tell("")),
    setScale: (isLinear) => ((view.isLinear = isLinear), store.invalidate()),
    setRate: () => (takeRate(), store.invalidate()),
  });
  const { dialog, tabs, at, from, toWords, fromField, progress, bar, progressWords, again, status, readouts } = parts;
  const { plane, path, rate, rateShown, stepWords, eigenvalues, more, numbers, table, own, gradients, angle } = parts;
  const charts = mountCanvases(dialog, store);
  for (const chart of [planeChart, circleChart, pathChart]) charts.add(chart(view));
  const contextOf = (/** @type {HTMLCanvasElement} */ canvas) => {
    const box = { width: canvas.clientWidth, height: canvas.clientHeight };
    return /** @type {any} */ ({ box, theme: charts.theme(false), ctx: canvas.getContext("2d") });
  };
  readAt(plane, view, {
    indexAt: (x, y) => nearestIndex(placesOf(view, contextOf(plane)), x, y),
    count: () => view.found?.eigenvalues.length ?? 0,
    changed: () => store.invalidate(),
  });
  readAt(path, view, {
    indexAt: (x) => shareAt(view, contextOf(path), x),
    count: () => view.path?.shares.length ?? 0,
    changed: () => store.invalidate(),
  });

  store.subscribe((message) => {
    if (!awaited) return;
    const isAwaited = isAnswer(message, awaited);
    if (message.type === "spectrum_progress") tellProgress(message.done, message.total);
    else if (message.type === "hello") finish("The connection was lost.", true);
    else if (message.type === "spectrum" && isAwaited) receive(message);
    else if (message.type === "path_angle" && isAwaited) receivePath(message);
    else if (message.type === "refused" && isAwaited) finish(message.message, true);
  });

  /** @param {boolean} toPath */
  function show(toPath) {
    isPath = toPath;
    tabs.forEach((tab, i) => tab.setAttribute("aria-pressed", String(isPath === (i === 1))));
    fromField.hidden = !isPath;
    setText(toWords, isPath ? "to" : "At step");
    view.pointed = null;
    fill();
    request();
  }

  /** The steps that can be chosen: the start, bookmarks and the step that is shown. */
  function fill() {
    const shown = store.frame?.step ?? 0;
    // The bookmarks are those of the present run.
    const isPresent = !store.looking || store.looking.run === store.run;
    const named = new Map((isPresent ? store.bookmarks : []).map(({ step, text }) => [step, text]));
    const steps = [...new Set([...(store.timeline ? [0, ...named.keys()] : []), shown])].sort((a, b) => a - b);
    for (const [menu, usual] of /** @type {const} */ ([[at, shown], [from, 0]])) {
      const before = menu.value;
      menu.replaceChildren(...steps.map((step) => element("option", { value: step }, `${formatCount(step)}${step === shown ? " (shown)" : ""}${step === 0 && step !== shown ? " (start)" : ""}${named.has(step) ? ` ${named.get(step)}` : ""}`)));
      menu.value = steps.some((step) => String(step) === before) && dialog.open ? before : String(usual);
    }
  }

  function request() {
    cancel();
    view.pointed = null;
    const run = store.looking?.run ?? store.run;
    const end = Number(at.value);
    if (isPath && from.value === at.value) {
      view.path = null;
      tell("Choose two different steps: the start, the shown one, or bookmarks (B).");
      return draw();
    }
    tell("");
    awaited = isPath ? { type: "get_path_angle", start: Number(from.value), end, run } : { type: "get_spectrum", step: end, run };
    if (store.command(awaited)) tellProgress(0, 0);
    else finish("There is no connection to the server.", true);
  }

  /** @param {string} sentence @param {boolean} [mayRepeat] whether the same can be computed once more */
  function tell(sentence, mayRepeat = false) {
    setText(status, sentence);
    again.hidden = !mayRepeat;
  }

  /** @param {number} done @param {number} total */
  function tellProgress(done, total) {
    progress.hidden = false;
    dialog.setAttribute("aria-busy", "true");
    if (done < total) bar.value = done / total;
    else bar.removeAttribute("value");
    const columns = done < total ? `${formatCount(done)} of ${formatCount(total)} columns of the Jacobian` : "Eigenvalues";
    setText(progressWords, total && !isPath ? columns : "…");
  }

  /** @param {string} sentence @param {boolean} [mayRepeat] */
  function finish(sentence, mayRepeat) {
    awaited = null;
    tell(sentence, mayRepeat);
    progress.hidden = true;
    dialog.removeAttribute("aria-busy");
    store.invalidate();
  }

  function cancel() {
    if (!awaited) return;
    store.command({ type: "cancel_spectrum" });
    finish("Cancelled.", true);
  }

  /** @param {SpectrumFound} found */
  function receive(found) {
    view.found = found;
    rate.value = String(rateToSlider(1 / most()));
    takeRate();
    table.replaceChildren(...found.eigenvalues.slice(0, ROWS).map((value) =>
      element("tr", {}, ...[value[0], value[1], Math.hypot(...value)].map((part) => element("td", {}, formatReading(part))), element("td", {}, natureOf(value)))));
    numbers.replaceChildren(...numbersOf(found).flatMap(([name, value]) => [element("div", {}, element("dt", {}, name), element("dd", {}, value))]));
    setText(own, found.own);
    setText(gradients, found.gradients);
    finish(found.sentence);
  }

  /** @param {PathAngleFound} found */
  function receivePath(found) {
    view.path = found;
    finish(found.sentence);
  }

  /** The largest size of an eigenvalue. */
  const most = () => (view.found?.eigenvalues.length ? Math.hypot(...view.found.eigenvalues[0]) : 1);
  /** From 4 times the reciprocal of the largest eigenvalue downwards. @param {number} value */
  const rateToSlider = (value) => Math.round(RATES * (1 + Math.log10((value * most()) / 4) / RATE_POWERS));
  function takeRate() {
    view.rate = (4 / most()) * 10 ** ((Number(rate.value) / RATES - 1) * RATE_POWERS);
    setText(rateShown, formatReading(view.rate));
    rate.setAttribute("aria-valuetext", formatReading(view.rate));
    if (view.found) setText(stepWords, stepInWords(view.found, view.rate));
  }

  function draw() {
    if (!dialog.open) return;
    eigenvalues.hidden = isPath;
    more.hidden = isPath || !view.found;
    angle.hidden = !isPath;
    setText(readouts[Number(isPath)], pointedInWords(view, isPath));
    charts.draw();
  }

  return {
    open() {
      if (!store.frame || dialog.open) return;
      if (store.playback?.running && !store.looking && store.plays) store.command({ type: "pause" });
      [view.found, view.path] = [null, null];
      fill();
      dialog.showModal();
      show(isPath);
    },
    draw,
  };
}

/**
 * Whether a message is the answer to a command, and not to one before it.
 * @param {ServerEvent} message @param {GetSpectrum|GetPathAngle} command
 */
export function isAnswer(message, command) {
  if (message.type === "refused") return message.command === command.type;
  if (command.type === "get_spectrum") return message.type === "spectrum" && message.run === command.run && message.step === command.step;
  return message.type === "path_angle" && message.run === command.run && message.start === command.start && message.end === command.end;
}

/** The numbers that decide about stability. @param {SpectrumFound} found @returns {[string, string][]} */
export function numbersOf(found) {
  const turn = found.turn === null && found.eigenvalues.length > 0 ? "∞" : formatReading(found.turn ?? NaN);
  return [
    ["attract", formatCount(found.attracting)],
    ["repel", formatCount(found.repelling)],
    ["flat", formatCount(found.flat)],
    ["largest real part", formatReading(found.largest_real ?? NaN)],
    ["smallest real part", formatReading(found.smallest_real ?? NaN)],
    ["largest |Im/Re|", turn],
  ];
}

