// @ts-check
/**
 * A curve as a list of bounded numbers: a row of small bars, each a slider. One of them is in the order of Tab; the arrows
 * left and right go from bar to bar, up and down turn one.
 */

import { element } from "../dom.js";
import { formatValue } from "../format.js";
import { nudged } from "./slider-scale.js";

/** @typedef {import("./control.js").ControlView} ControlView */
/** @typedef {import("./control.js").Editor} Editor */

/** Bars of which every so many-th can be told apart at a glance; PageUp and PageDown turn by as many steps. */
const LEAP = 10;

/**
 * @param {ControlView} view
 * @returns {Editor}
 */
export function levelsEditor(view) {
  const { control } = view;
  const [item] = control.items;
  const low = item.low ?? 0;
  const high = item.high ?? 1;
  /** @type {number[]} */
  let levels = [];
  const row = element("div", { class: "levels", role: "group", "aria-label": control.label });

  /**
   * @param {number} index
   * @param {number} value
   */
  function turn(index, value) {
    const next = levels.with(index, value);
    show(next);
    view.want(next, `${control.path}.${index}`, value);
  }
  /** @param {number} index */
  function attend(index) {
    [...row.children].forEach((bar, place) => bar.setAttribute("tabindex", place === index ? "0" : "-1"));
  }
  /**
   * @param {number} _level
   * @param {number} index
   */
  function bar(_level, index) {
    const slider = element("input", {
      type: "range",
      class: "level",
      name: `${control.path}.${index}`,
      min: low,
      max: high,
      step: item.step ?? (high - low) / 100,
      "aria-label": `${item.label} ${index + 1} of ${levels.length}`,
      "aria-orientation": "vertical",
      tabindex: index === 0 ? "0" : "-1",
      ...view.described,
      onfocus: () => attend(index),
      oninput() {
        view.hold();
        turn(index, Number(slider.value));
      },
      onchange: () => view.release(),
      /** @param {KeyboardEvent} event */
      onkeydown(event) {
        const target = turned(event.key, index);
        if (!target) return;
        event.preventDefault();
        if (target.value === undefined) /** @type {HTMLElement|undefined} */ (row.children[target.index])?.focus();
        else turn(index, target.value);
      },
    });
    return slider;
  }
  /**
   * What a key means: another bar, or another value of this one.
   * @param {string} key
   * @param {number} index
   * @returns {{index: number, value?: number}|null}
   */
  function turned(key, index) {
    const by = (/** @type {1|-1} */ direction, /** @type {number} */ times) =>
      Array.from({ length: times }).reduce((/** @type {number} */ value) => nudged(item, value, direction), levels[index]);
    switch (key) {
      case "ArrowLeft": return { index: Math.max(0, index - 1) };
      case "ArrowRight": return { index: Math.min(levels.length - 1, index + 1) };
      case "ArrowUp": return { index, value: by(1, 1) };
      case "ArrowDown": return { index, value: by(-1, 1) };
      case "PageUp": return { index, value: by(1, LEAP) };
      case "PageDown": return { index, value: by(-1, LEAP) };
      case "Home": return { index, value: low };
      case "End": return { index, value: high };
      default: return null;
    }
  }
  /** @param {number[]} next */
  function show(next) {
    const isSameLength = next.length === levels.length;
    levels = [...next];
    if (!isSameLength) row.replaceChildren(...levels.map(bar));
    levels.forEach((level, index) => {
      const slider = /** @type {HTMLInputElement} */ (row.children[index]);
      slider.value = String(level);
      slider.style.setProperty("--level", `${(100 * (level - low)) / (high - low)}%`);
      slider.setAttribute("aria-valuetext", formatValue(level));
    });
  }
  return { nodes: [row], show };
}
