// @ts-check
/** The dialog in which one setting is chosen for a second run that is the same as the present one otherwise. */

import { ControlView } from "../controls/control.js";
import { element, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { isSame } from "../state/config-diff.js";
import { controlsOf, settingAt } from "../state/schema.js";
import { fillDialog } from "./dialogs.js";

/** @import {Control} from "../state/schema.js" */
/** @import {Store} from "../state/store.js" */

/** Settings whose control is a single one; longer ones are turned after “Exchange”. */
const KINDS = new Set(["number", "boolean", "choice", "union", "layers"]);
/** The setting that is proposed. */
const FIRST = "generator.optimizer.learning_rate";

/**
 * @param {Document} page
 * @param {Store} store
 * @returns {{open: () => void}}
 */
export function mountSameBut(page, store) {
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", { id: "compare-dialog", "aria-labelledby": "compare-title" }));
  const menu = element("select", { id: "compare-setting", onchange: () => choose(menu.value) });
  const place = element("div", { class: "control-list" });
  const here = element("span");
  const now = /** @type {HTMLInputElement} */ (element("input", { type: "radio", name: "compare-from", value: "now" }));
  const start = /** @type {HTMLInputElement} */ (element("input", { type: "radio", name: "compare-from", value: "start" }));
  const hint = element("p", { class: "control-help-text" });
  const begin = /** @type {HTMLButtonElement} */ (element("button", { type: "button", class: "primary", onclick: compare }, "Compare"));
  const from = element("div", { class: "compare-from", role: "radiogroup", "aria-label": "From which step" },
    element("label", {}, now, " ", here), element("label", {}, start, " from the start, with the same seed"));
  fillDialog(
    dialog,
    "compare-title",
    "The same run but …",
    element("p", {}, "A second run is shown beside this one. Both play, step and are looked back at together, and one setting differs:"),
    element("div", { class: "field" }, element("label", { for: "compare-setting" }, "Setting"), menu),
    place,
    from,
    hint,
    begin,
  );
  page.body.append(dialog);
  /** @type {Control[]} */
  let controls = [];
  /** @type {ControlView|null} */
  let view = null;
  /** The value of the second run. @type {unknown} */
  let value;

  /** The settings at the step that is shown. */
  const config = () => store.looking?.config ?? store.config ?? {};
  const step = () => store.looking?.step ?? store.status?.step ?? 0;
  /** @param {Control} control */
  const present = (control) => {
    const found = settingAt(config(), control.path);
    return control.kind === "union" ? found?.kind : found;
  };

  /** @param {string} path */
  function choose(path) {
    const control = controls.find((one) => one.path === path);
    if (!control) return;
    value = present(control);
    /** @param {string} changed @param {unknown} part */
    const intend = (changed, part) => {
      value = changed === control.path ? part : replaced(value, changed.slice(control.path.length + 1), part);
      view?.sync(value);
      update(control);
    };
    view = new ControlView(control, { intend, seed: () => store.config?.seed ?? 0 });
    view.sync(value);
    place.replaceChildren(view.element);
    now.disabled = control.effect === "restart";
    (now.disabled || step() === 0 ? start : now).checked = true;
    update(control);
  }

  /** @param {Control} control */
  function update(control) {
    const isChanged = !isSame(value, present(control));
    begin.disabled = !isChanged;
    const reason = control.effect === "restart" ? "This setting begins a new run, so it is compared from the start. " : "";
    setText(hint, isChanged ? reason : `${reason}Choose another value than that of this run.`);
  }

  function compare() {
    const path = menu.value;
    store.command({ type: "compare", run: null, changes: { [path]: value }, step: start.checked ? 0 : step() });
    dialog.close();
  }

  return {
    open() {
      if (!store.hello || !store.config) return;
      controls = controlsOf(store.hello.schema, config()).filter(({ kind }) => KINDS.has(kind));
      menu.replaceChildren(...grouped(controls));
      menu.value = controls.some(({ path }) => path === FIRST) ? FIRST : controls[0].path;
      setText(here, `from step ${formatCount(step())} on`);
      from.hidden = step() === 0;
      choose(menu.value);
      dialog.showModal();
    },
  };
}

/** A list with one item replaced. @param {unknown} list @param {string} key @param {unknown} item */
function replaced(list, key, item) {
  return Array.isArray(list) ? list.map((old, index) => (String(index) === key ? item : old)) : list;
}

/**
 * Settings under the names of their panels.
 * @param {Control[]} controls
 */
function grouped(controls) {
  /** @type {Map<string, HTMLElement>} */
  const groups = new Map();
  for (const { path, panel, section, label } of controls) {
    const group = groups.get(panel) ?? element("optgroup", { label: panel });
    group.append(element("option", { value: path }, [`${panel}:`, section, label].filter(Boolean).join(" ")));
    groups.set(panel, group);
  }
  return groups.values();
}
