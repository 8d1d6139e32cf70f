// @ts-check
/** Numbers: a text field and, if the range allows it, a slider over the same range. */

import { element } from "../dom.js";
import { formatSetting, parseNumber } from "../format.js";
import { stepBy, sliderScaleOf } from "./slider-scale.js";

/** @typedef {import("./control.js").ControlView} ControlView */
/** @typedef {import("./control.js").Editor} Editor */
/** @typedef {import("../state/schema.js").Control} Control */

/**
 * @param {ControlView} view
 * @returns {Editor}
 */
export function numberEditor(view) {
  const { control } = view;
  const scale = sliderScaleOf(control);
  const field = numberField(view, {
    id: view.id,
    name: control.path,
    range: control,
    commit(value) {
      show(value);
      view.submit(value);
    },
  });
  const slider = element("input", {
    type: "range",
    class: "control-input",
    name: control.path,
    min: 0,
    max: scale?.max ?? 0,
    step: 1,
    "aria-label": control.label,
    ...view.described,
    oninput() {
      if (!scale) return;
      const value = scale.toValue(Number(slider.value));
      view.startEditing();
      showText(value);
      view.submit(value);
    },
    onchange: () => view.stopEditing(),
  });
  /** @param {number} value */
  function showText(value) {
    field.value = formatSetting(value);
    slider.setAttribute("aria-valuetext", [field.value, control.unit].filter(Boolean).join(" "));
  }
  /** @param {number} value */
  function show(value) {
    showText(value);
    if (scale) slider.value = String(Math.round(scale.toPosition(value)));
  }
  const unit = element("span", { class: "control-unit", "aria-hidden": "true" }, control.unit);
  const entry = element("span", { class: "control-entry" }, field, ...(control.unit ? [unit] : []));
  return { nodes: scale ? [entry, slider] : [entry], show };
}

/**
 * A text field for a number. Enter or leaving the field commits it, the up and down arrows step it, Escape restores it.
 * @param {ControlView} view
 * @param {{id?: string, name: string, label?: string, range: Control, commit: (value: number) => void}} options
 * @returns {HTMLInputElement}
 */
export function numberField(view, { id, name, label, range, commit }) {
  function enter() {
    const text = field.value;
    view.stopEditing();
    const value = parseNumber(text);
    if (Number.isNaN(value)) view.reject(`Expected a number such as ${range.whole ? "16" : "0.002 or 2e-3"}, but got “${text}”.`);
    else commit(value);
  }
  const field = element("input", {
    type: "text",
    inputmode: range.whole ? "numeric" : "decimal",
    autocomplete: "off",
    spellcheck: "false",
    class: "control-value",
    id: id ?? null,
    name,
    "aria-label": label ?? null,
    ...view.described,
    oninput: () => view.startEditing(),
    onchange: enter,
    onblur: () => view.stopEditing(),
    /** @param {KeyboardEvent} event */
    onkeydown(event) {
      const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : null;
      const value = parseNumber(field.value);
      if (direction && !Number.isNaN(value)) {
        event.preventDefault();
        view.stopEditing();
        commit(stepBy(range, value, direction));
      } else if (event.key === "Escape" && view.isEditing) {
        event.preventDefault();
        view.isEditing = false;
        view.showServerValue();
      }
    },
  });
  return field;
}
