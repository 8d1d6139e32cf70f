// @ts-check
/**
 * A curve as a list of bounded numbers: a row of small bars, each of them a slider. Tab reaches one of them; the left and
 * right arrows move to the next bar, up and down change its value.
 */

import { element } from "../dom.js";
import { formatSetting } from "../format.js";
import { stepBy } from "./slider-scale.js";

/** @typedef {import("./control.js").ControlView} ControlView */
/** @typedef {import("./control.js").Editor} Editor */

/** Steps that PageUp and PageDown change a bar by. */
const PAGE_STEPS = 10;

/**
 * @param {ControlView} view
 * @returns {Editor}
 */
export function curveEditor(view) {
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
  function change(index, value) {
    const next = levels.with(index, value);
    show(next);
    view.submit(next, `${control.path}.${index}`, value);
  }
  /** @param {number} index */
  function makeTabStop(index) {
    [...row.children].forEach((child, other) => child.setAttribute("tabindex", other === index ? "0" : "-1"));
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
      onfocus: () => makeTabStop(index),
      oninput() {
        view.startEditing();
        change(index, Number(slider.value));
      },
      onchange: () => view.stopEditing(),
      /** @param {KeyboardEvent} event */
      onkeydown(event) {
        const target = targetOf(event.key, index);
        if (!target) return;
        event.preventDefault();
        if (target.value === undefined) /** @type {HTMLElement|undefined} */ (row.children[target.index])?.focus();
        else change(index, target.value);
      },
    });
    return slider;
  }
  /**
   * The bar that a key moves to, or the new value of this bar.
   * @param {string} key
   * @param {number} index
   * @returns {{index: number, value?: number}|null}
   */
  function targetOf(key, index) {
    const stepped = (/** @type {1|-1} */ direction, /** @type {number} */ times) =>
      Array.from({ length: times }).reduce((/** @type {number} */ value) => stepBy(item, value, direction), levels[index]);
    switch (key) {
      case "ArrowLeft": return { index: Math.max(0, index - 1) };
      case "ArrowRight": return { index: Math.min(levels.length - 1, index + 1) };
      case "ArrowUp": return { index, value: stepped(1, 1) };
      case "ArrowDown": return { index, value: stepped(-1, 1) };
      case "PageUp": return { index, value: stepped(1, PAGE_STEPS) };
      case "PageDown": return { index, value: stepped(-1, PAGE_STEPS) };
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
      slider.setAttribute("aria-valuetext", formatSetting(level));
    });
  }
  return { nodes: [row], show };
}
