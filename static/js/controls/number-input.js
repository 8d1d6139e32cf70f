// @ts-check
/** Numbers: a field to type in and, where the bounds allow it, a slider over the same range. */

import { element } from "../dom.js";
import { formatValue, parseNumber } from "../format.js";
import { nudged, travelOf } from "./slider-scale.js";

/** @typedef {import("./control.js").ControlView} ControlView */
/** @typedef {import("./control.js").Editor} Editor */
/** @typedef {import("../state/schema.js").Control} Control */

/**
 * @param {ControlView} view
 * @returns {Editor}
 */
export function numberEditor(view) {
  const { control } = view;
  const travel = travelOf(control);
  const field = numberField(view, {
    id: view.id,
    name: control.path,
    range: control,
    commit(value) {
      show(value);
      view.want(value);
    },
  });
  const slider = element("input", {
    type: "range",
    class: "control-input",
    name: control.path,
    min: 0,
    max: travel?.max ?? 0,
    step: 1,
    "aria-label": control.label,
    ...view.described,
    oninput() {
      if (!travel) return;
      const value = travel.toValue(Number(slider.value));
      view.hold();
      say(value);
      view.want(value);
    },
    onchange: () => view.release(),
  });
  /** @param {number} value */
  function say(value) {
    field.value = formatValue(value);
    slider.setAttribute("aria-valuetext", [field.value, control.unit].filter(Boolean).join(" "));
  }
  /** @param {number} value */
  function show(value) {
    say(value);
    if (travel) slider.value = String(Math.round(travel.toPosition(value)));
  }
  const unit = element("span", { class: "control-unit", "aria-hidden": "true" }, control.unit);
  const entry = element("span", { class: "control-entry" }, field, ...(control.unit ? [unit] : []));
  return { nodes: travel ? [entry, slider] : [entry], show };
}

/**
 * A field for a typed number: committed by Enter or by leaving it, nudged by the arrows up and down, given back by Escape.
 * @param {ControlView} view
 * @param {{id?: string, name: string, label?: string, range: Control, commit: (value: number) => void}} options
 * @returns {HTMLInputElement}
 */
export function numberField(view, { id, name, label, range, commit }) {
  function enter() {
    const text = field.value;
    view.release();
    const value = parseNumber(text);
    if (Number.isNaN(value)) view.refuse(`Expected a number such as ${range.whole ? "16" : "0.002 or 2e-3"}, but got “${text}”.`);
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
    oninput: () => view.hold(),
    onchange: enter,
    onblur: () => view.release(),
    /** @param {KeyboardEvent} event */
    onkeydown(event) {
      const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : null;
      const value = parseNumber(field.value);
      if (direction && !Number.isNaN(value)) {
        event.preventDefault();
        view.release();
        commit(nudged(range, value, direction));
      } else if (event.key === "Escape" && view.held) {
        event.preventDefault();
        view.held = false;
        view.settle();
      }
    },
  });
  return field;
}
