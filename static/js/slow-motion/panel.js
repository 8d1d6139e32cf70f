// @ts-check
/**
 * One step, slowly: the step that follows the one that is shown, phase by phase, over the stage, and one of its samples on its
 * way through both networks. The run stands still meanwhile; behind the last phase it takes the step.
 */

import { element, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { overviewLayout } from "../charts/layout.js";
import { drawPhase, marksAt } from "./marks.js";
import { drawNetworks, networksInWords } from "./networks.js";
import { mostChanged, numberOf, phasesOf, placeOf, placeOnX, weightInWords } from "./phases.js";
import { mountTerms } from "./terms.js";

/** @import {Chart, Theme} from "../charts/types.js" */
/** @import {StepTraced} from "../connection/wire.js" */
/** @import {Store} from "../state/store.js" */
/** @import {Phase} from "./phases.js" */

const BACKWARD = new Set(["pulls", "arrows", "moves"]);

/**
 * @param {Document} page
 * @param {Store} store
 * @param {{notice: (sentence: string) => void, addChart: (chart: Chart) => void, theme: () => Theme, showStage: () => Promise<void>,
 *   isFramed: boolean}} context
 * @returns {{toggle: () => void, draw: () => void}}
 */
export function mountSlowMotion(page, store, { notice, addChart, theme, showStage, isFramed }) {
  /** @type {StepTraced|null} */
  let trace = null;
  /** @type {Phase[]} */
  let phases = [];
  let isOpen = false;
  let index = 0;
  let sample = 0;
  /** Whether a request is on its way. */
  let isAwaited = false;

  const count = element("p", { class: "slow-count" });
  const title = element("h2", { "aria-live": "polite" });
  const explanation = element("p", { class: "slow-words", "aria-live": "polite" });
  const numbers = element("p", { class: "slow-numbers", "aria-live": "polite", translate: "no" });
  const formula = mountTerms(numbers, light);
  /** The marks that are lit alone. @type {import("./terms.js").Lit|null} */
  let only = null;
  const button = (/** @type {string} */ label, /** @type {() => void} */ onclick, hint = "") =>
    element("button", { type: "button", title: hint, "aria-label": label.length > 1 ? null : hint, onclick }, label);
  const back = button("‹ Back", () => go(-1), "One phase back (←)");
  const next = button("Next ›", () => go(1), "One phase on (→)");
  const weight = element("p", { class: "slow-weight" });
  const followed = element("span", {});
  const canvas = element("canvas", { "data-chart": "networks" });
  const panel = element(
    "section",
    { class: "slow-motion", "aria-label": "One step, slowly", hidden: true },
    element(
      "div",
      { class: "slow-text" },
      count,
      element("div", { class: "slow-buttons" }, back, next, button("‹", () => follow(-1), "Follow the sample before (↓)"), followed, button("›", () => follow(1), "Follow the next sample (↑)"), button("×", close, "Close (Escape or M)")),
      title,
      explanation,
      numbers,
      weight,
    ),
    canvas,
  );
  page.getElementById("stage")?.append(panel);
  addChart({
    id: "networks",
    title: "One sample in both networks",
    describe: () => networksInWords(trace?.sample ?? null),
    draw(chart) {
      const shown = phase();
      if (!shown || !trace?.sample || trace.sample.update !== shown.update) return;
      const x = placeOnX(trace.updates[shown.update], placeOf(trace.updates[shown.update], shown.of, sample));
      drawNetworks(chart, trace.sample, { x, isBackward: shown.lit.some((mark) => BACKWARD.has(mark)), weight: changed(shown) });
    },
  });

  store.subscribe((message) => {
    if (message.type === "step_trace" && isOpen) receive(message);
    else if (message.type === "refused" && message.command === "get_step_trace" && isAwaited) {
      isAwaited = false;
      if (!trace) close();
    }
  });
  page.addEventListener("keydown", onKey, { capture: true });
  page.addEventListener("click", pick);
  page.addEventListener("pointermove", point);

  /** @returns {Phase|null} */
  function phase() {
    return phases[index] ?? null;
  }

  /** The parameter that the update of this phase changes most; null in all other phases. @param {Phase} shown */
  function changed(shown) {
    if (!trace?.sample || trace.sample.update !== shown.update || !shown.lit.includes("moves")) return null;
    return mostChanged(trace.sample, trace.updates[shown.update].player);
  }

  /** The largest number of a sample that is sent. */
  function samples() {
    return trace ? trace.updates[phase()?.update ?? 0].latents[0].length : 1;
  }

  async function open() {
    if (store.loop || !store.frame) return;
    if (store.playback?.running && !store.looking) store.command({ type: "pause" });
    await showStage();
    isOpen = true;
    [trace, phases, index] = [null, [], 0];
    page.documentElement.classList.add("slow");
    panel.hidden = false;
    store.invalidate();
  }

  function close() {
    isOpen = false;
    trace = null;
    phases = [];
    isAwaited = false;
    store.slow = null;
    page.documentElement.classList.remove("slow");
    panel.hidden = true;
    store.invalidate();
  }

  /** @param {number} by */
  function go(by) {
    if (!trace) return;
    if (index + by >= phases.length) return takeStep();
    index = Math.max(0, index + by);
    only = null;
    store.invalidate();
  }

  /** Take the step that was shown, and begin with the next one. */
  function takeStep() {
    if (!trace) return;
    if (store.looking && store.timeline) {
      if (trace.step <= store.timeline.last) store.seek(trace.step);
    } else if (store.plays) store.command({ type: "step", count: 1, player: "both" });
    else notice("Who drives this session takes the next step.");
  }

  /** @param {number} by */
  function follow(by) {
    sample = (sample + by + samples()) % samples();
    store.invalidate();
  }

  /** @param {StepTraced} message */
  function receive(message) {
    isAwaited = false;
    const { scene, config } = store;
    if (!scene) return;
    if (trace?.step !== message.step || trace.run !== message.run) index = 0;
    trace = message;
    phases = phasesOf(message, {
      hasPenalty: /** @type {any} */ (config)?.penalty?.kind !== "none",
      latentDimension: scene.latent_dimension,
    });
  }

  /** Request the step that follows the one that is shown, and the sample that is followed, unless they are here. */
  function request() {
    const { frame, looking } = store;
    const shown = phase();
    if (!frame || isAwaited) return;
    const isCurrent = trace?.step === frame.step + 1 && (!looking || trace.run === looking.run);
    const update = shown && trace ? trace.updates[shown.update] : null;
    const number = shown && update ? numberOf(update, shown.of, sample) : sample;
    const hasSample = isCurrent && trace?.sample?.update === (shown?.update ?? 0) && trace.sample.sample === number;
    if (hasSample) return;
    const wanted = { step: frame.step, run: looking?.run ?? null, update: isCurrent ? (shown?.update ?? 0) : 0, sample: isCurrent ? number : 0 };
    isAwaited = store.command({ type: "get_step_trace", ...wanted });
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (!isOpen || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || page.querySelector("dialog[open]")) return;
    if (/** @type {HTMLElement} */ (event.target).closest?.("input, select, textarea")) return;
    /** @type {Record<string, () => void>} */
    const keys = { ".": () => go(1), ",": () => go(-1), Escape: close };
    if (!isFramed) Object.assign(keys, { ArrowRight: keys["."], ArrowLeft: keys[","], ArrowUp: () => follow(1), ArrowDown: () => follow(-1) });
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  /** Follow the sample nearest to where the stage is pressed: by z on the line of noise, else by x. @param {MouseEvent} event */
  function pick(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const shown = phase();
    if (!isOpen || !trace || !shown || !store.scene || target.dataset?.chart !== "overview") return;
    const box = target.getBoundingClientRect();
    const layout = overviewLayout({ box, theme: theme(), scene: store.scene });
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const update = trace.updates[shown.update];
    const isNoise = py > (layout.line + layout.whole.bottom) / 2 && update.latents.length === 1;
    const offset = update.player === "discriminator" && shown.of === "fakes" ? samples() : 0;
    const places = isNoise ? update.latents[0].map(layout.z) : update.samples[0].slice(offset, offset + samples()).map(layout.x);
    sample = places.reduce((best, place, i) => (Math.abs(place - px) < Math.abs(places[best] - px) ? i : best), 0);
    store.invalidate();
  }

  /** @param {import("./terms.js").Lit|null} lit */
  function light(lit) {
    if (lit?.mark === only?.mark && lit?.isReal === only?.isReal) return;
    only = lit;
    formula.show(lit);
    store.invalidate();
  }

  /** Light the term of the marks that are pointed at. @param {PointerEvent} event */
  function point(event) {
    if (!isOpen || !store.scene || event.pointerType !== "mouse") return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.dataset?.chart !== "overview") {
      if (!target.closest?.(".formula-term")) light(null);
      return;
    }
    const box = target.getBoundingClientRect();
    light(formula.firstOf(marksAt(overviewLayout({ box, theme: theme(), scene: store.scene }), event.clientY - box.top)));
  }

  return {
    toggle: () => (isOpen ? close() : void open()),
    draw() {
      if (!isOpen) return;
      if (store.playback?.running && !store.looking) return close();
      request();
      const shown = phase();
      const update = trace && shown ? trace.updates[shown.update] : null;
      const isCurrent = trace && store.frame && trace.step === store.frame.step + 1;
      store.slow = shown && update && isCurrent ? { draw: (chart) => drawPhase(chart, shown, update, sample, only) } : null;
      if (!trace || !shown) return setText(title, "Taking the step apart …");
      sample = Math.min(sample, samples() - 1);
      setText(count, `Step ${formatCount(trace.step)}, phase ${index + 1} of ${phases.length}`);
      setText(title, shown.title);
      setText(explanation, shown.words);
      formula.write(shown.numbers(sample), shown);
      const most = changed(shown);
      setText(weight, most ? weightInWords(most) : "");
      setText(followed, `sample ${sample + 1}`);
      setText(next, index + 1 < phases.length ? "Next ›" : "Step ›");
      back.toggleAttribute("disabled", index === 0);
    },
  };
}
