// @ts-check
/** A list of whole numbers, such as the widths of hidden layers: one field for the list, and below it − and + for each entry. */

import { element } from "../dom.js";
import { parseNumber } from "../format.js";
import { numberField } from "./number-input.js";
import { nextWidth } from "./slider-scale.js";

/** @typedef {import("./control.js").ControlView} ControlView */
/** @typedef {import("./control.js").Editor} Editor */

/** Width of the first layer of an empty list. */
const FIRST_WIDTH = 16;

/**
 * @param {ControlView} view
 * @returns {Editor}
 */
export function layersEditor(view) {
  const { control } = view;
  const item = control.items[0];
  const low = item.low ?? 1;
  const high = item.high ?? Infinity;
  /** @type {number[]} */
  let widths = [];
  const field = element("input", {
    type: "text",
    inputmode: "text",
    autocomplete: "off",
    spellcheck: "false",
    class: "control-value",
    id: view.id,
    name: control.path,
    placeholder: "none",
    ...view.described,
    oninput: () => view.startEditing(),
    onblur: () => view.stopEditing(),
    onchange: enter,
  });
  const chips = element("span", { class: "layers", role: "group", "aria-label": control.label });

  function enter() {
    const text = field.value;
    view.stopEditing();
    const numbers = text.split(/[\s,;]+/).filter(Boolean).map(parseNumber);
    if (numbers.some(Number.isNaN)) view.reject(`Expected widths such as “16 16”, but got “${text}”.`);
    else change(numbers);
  }
  /** @param {number[]} next */
  function change(next) {
    show(next);
    view.submit(next);
  }
  /**
   * @param {number} index
   * @param {number} width
   */
  function changeWidth(index, width) {
    const next = widths.with(index, width);
    show(next);
    view.submit(next, `${control.path}.${index}`, width);
  }
  /**
   * @param {number} index
   * @param {1|-1} direction
   */
  function stepWidth(index, direction) {
    changeWidth(index, nextWidth(widths[index], direction, low, high));
  }
  /** @param {number[]} next */
  function show(next) {
    const isSameLength = chips.childElementCount > 0 && next.length === widths.length;
    widths = [...next];
    field.value = widths.join(" ");
    if (!isSameLength) chips.replaceChildren(...widths.map(chip), add, remove);
    widths.forEach((width, index) => {
      const [less, shown, more] = chips.children[index].children;
      /** @type {HTMLInputElement} */ (shown).value = String(width);
      /** @type {HTMLButtonElement} */ (less).disabled = width <= low;
      /** @type {HTMLButtonElement} */ (more).disabled = width >= high;
    });
    add.disabled = widths.length >= (control.high ?? Infinity);
    remove.disabled = widths.length <= (control.low ?? 0);
  }
  /**
   * @param {number} _width
   * @param {number} index
   */
  function chip(_width, index) {
    const name = `layer ${index + 1}`;
    const shown = numberField(view, {
      name: `${control.path}.${index}`,
      label: `Width of ${name}`,
      range: item,
      commit: (value) => changeWidth(index, value),
    });
    return element(
      "span",
      { class: "layer" },
      button("−", `Narrower ${name}`, () => stepWidth(index, -1)),
      shown,
      button("+", `Wider ${name}`, () => stepWidth(index, 1)),
    );
  }
  const add = button("+ layer", "Add a layer", () => change([...widths, widths.at(-1) ?? FIRST_WIDTH]));
  const remove = button("×", "Remove the last layer", () => change(widths.slice(0, -1)));
  return { nodes: [element("span", { class: "control-entry" }, field), chips], show };
}

/**
 * @param {string} sign
 * @param {string} label
 * @param {() => void} onclick
 * @returns {HTMLButtonElement}
 */
export function button(sign, label, onclick) {
  return element("button", { type: "button", "aria-label": label, title: label, onclick }, sign);
}
