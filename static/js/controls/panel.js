// @ts-check
/**
 * The panel: every setting of the schema, in the slot below the part that it belongs to. Essential settings are always
 * shown; the rest is folded under “more”, with the number of settings that differ from the preset.
 */

import { ControlView } from "./control.js";
import { refusalInWords } from "./refused-value.js";
import { isChanged } from "../state/config-diff.js";
import { closeOnEscape, element, placePanel, reconcile, setText } from "../dom.js";
import { controlsOf, overridingControl, settingAt } from "../state/schema.js";

/** @typedef {import("../state/schema.js").Control} Control */

const REINITIALIZE_HELP = "When a setting marked ⟳ changes, start the network with new weights instead of keeping what it has learned.";

/**
 * @typedef {object} PanelOptions
 * @property {(path: string, value: unknown, reinitialize?: boolean) => void} intend
 * @property {(path: string) => boolean} [isHidden] whether a setting has no control in the panel
 * @property {(path: string, kind: string) => unknown} [recall] the value to send for the kind of a union
 * @property {() => number} [seed] seed of the experiment, with which samples of a file are drawn
 */

export class Panel {
  /**
   * @param {Iterable<HTMLElement>} slots elements with `data-slot`
   * @param {PanelOptions} options
   */
  constructor(slots, options) {
    this.options = options;
    this.slots = new Map([...slots].map((root) => [root.dataset.slot ?? "", new Slot(root)]));
    /** Views by the JSON of their controls. @type {Map<string, ControlView>} */
    this.views = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.headings = new Map();
    /** @type {Record<string, unknown>} */
    this.changed = {};
    /** A file to read as soon as there is a control for its numbers. @type {File|null} */
    this.file = null;
  }

  /**
   * @param {Record<string, any>} schema
   * @param {Record<string, any>} config
   * @param {Record<string, unknown>} changed values that differ from the preset, by path
   */
  update(schema, config, changed) {
    this.changed = changed;
    const controls = controlsOf(schema, config).filter(({ path }) => !this.options.isHidden?.(path));
    const present = new Map(controls.map((control) => [JSON.stringify(control), control]));
    for (const [key, view] of this.views) {
      if (!present.has(key) && !view.editor.isUnfinished?.()) this.views.delete(key);
    }
    for (const [key, control] of present) {
      if (!this.views.has(key)) this.views.set(key, new ControlView(control, this.#contextOf(control)));
    }
    const views = [...present.keys()].map((key) => /** @type {ControlView} */ (this.views.get(key)));
    /** Settings that leave others without effect, by the slot that they stand in. @type {Map<string, string>} */
    const overriding = new Map();
    for (const view of views) {
      view.element.classList.toggle("changed", isChanged(changed, view.control));
      const { label, panel } = overridingControl(controls, config, view.control.path) ?? {};
      const sentence = label ? `“${label}” is on: dimmed settings have no effect.` : "";
      view.element.classList.toggle("overridden", sentence !== "");
      view.element.title = sentence;
      if (panel) overriding.set(panel, sentence);
    }
    for (const [name, slot] of this.slots) {
      slot.note.hidden = !overriding.has(name);
      setText(slot.note, overriding.get(name) ?? "");
      this.#fill(name, slot, views.filter(({ control }) => control.panel === name), changed);
    }
    for (const view of views) view.sync(this.#valueOf(view.control, config));
    const [taker] = views.filter(({ editor }) => editor.readFile);
    if (this.file && taker) taker.editor.readFile?.(this.file);
    if (taker) this.file = null;
  }

  /**
   * Read a file into the setting that holds numbers, for which another kind may have to be chosen.
   * @param {File} file
   * @param {Record<string, any>} schema
   * @param {Record<string, any>} config
   * @returns {boolean} whether there is such a setting
   */
  takeFile(file, schema, config) {
    const place = numbersIn(schema, config, this.options.isHidden);
    if (!place) return false;
    this.file = file;
    if (place.kind !== settingAt(config, place.path)?.kind) this.options.intend(place.path, place.kind);
    this.update(schema, config, this.changed);
    return true;
  }

  /**
   * Show beside its control why a value was rejected.
   * @param {string} path
   * @param {string} message the server's sentence
   * @returns {boolean} whether the rejected value came from such a control of this page
   */
  reject(path, message) {
    const view = [...this.views.values()]
      .filter(({ control }) => path === control.path || path.startsWith(`${control.path}.`))
      .sort((a, b) => b.control.path.length - a.control.path.length)[0];
    if (!view) return false;
    const isOurs = view.pendingValue !== undefined;
    const key = path.slice(view.control.path.length + 1);
    const sent = isOurs && key ? settingAt(view.pendingValue, key) : view.pendingValue;
    view.reject(refusalInWords(view.control, path, sent, message));
    view.element.closest(".more")?.setAttribute("open", "");
    return isOurs;
  }

  /** Take back what was said about rejected values. */
  clearErrors() {
    for (const view of this.views.values()) view.showError("");
  }

  /** @param {boolean} disabled */
  disable(disabled) {
    for (const { group } of this.slots.values()) group.disabled = disabled;
  }

  /**
   * For a setting that rebuilds a network: sends its changes with the state of the slot's switch “reinitialize”.
   * @param {Control} control
   * @returns {import("./control.js").ControlContext}
   */
  #contextOf(control) {
    if (control.effect !== "network") return this.options;
    const slot = this.slots.get(control.panel);
    return { ...this.options, intend: (path, value) => this.options.intend(path, value, Boolean(slot?.reinitialize.checked)) };
  }

  /**
   * @param {string} name
   * @param {Slot} slot
   * @param {ControlView[]} views
   * @param {Record<string, unknown>} changed
   */
  #fill(name, slot, views, changed) {
    // Tables come last, so that Tab reaches the settings above them first.
    const essential = views
      .filter(({ control }) => control.essential)
      .sort((a, b) => Number(a.control.kind === "modes") - Number(b.control.kind === "modes"));
    const rest = views
      .filter(({ control }) => !control.essential)
      .sort((a, b) => Number(a.control.section !== "") - Number(b.control.section !== ""));
    const shown = essential.map((view) => view.element);
    const rebuilding = essential.findIndex(({ control }) => control.effect === "network");
    if (rebuilding >= 0) shown.splice(rebuilding + 1, 0, slot.switch);
    reconcile(slot.essential, shown);
    reconcile(slot.rest, this.#underHeadings(name, rest));
    slot.more.hidden = rest.length === 0;
    const count = rest.filter(({ control }) => isChanged(changed, control)).length;
    setText(slot.count, count === 0 ? "" : ` · ${count} ${count === 1 ? "differs" : "differ"} from the preset`);
  }

  /**
   * @param {string} slot
   * @param {ControlView[]} views
   * @returns {HTMLElement[]}
   */
  #underHeadings(slot, views) {
    let section = "";
    return views.flatMap(({ control, element: node }) => {
      if (control.section === section) return [node];
      section = control.section;
      return section === "" ? [node] : [this.#heading(`${slot}/${section}`, section), node];
    });
  }

  /**
   * @param {string} key
   * @param {string} text
   */
  #heading(key, text) {
    const heading = this.headings.get(key) ?? element("p", { class: "control-heading" }, text);
    this.headings.set(key, heading);
    return heading;
  }

  /**
   * @param {Control} control
   * @param {Record<string, any>} config
   */
  #valueOf(control, config) {
    const value = settingAt(config, control.path);
    return control.kind === "union" ? value?.kind : value;
  }
}

/**
 * The union, and the kind of it, that has a long list of numbers.
 * @param {Record<string, any>} schema
 * @param {Record<string, any>} config
 * @param {(path: string) => boolean} [isHidden]
 * @returns {{path: string, kind: string}|null}
 */
function numbersIn(schema, config, isHidden) {
  for (const { path, options, kind } of controlsOf(schema, config)) {
    if (kind !== "union" || path.includes(".") || isHidden?.(path)) continue;
    const has = options.find(({ value }) =>
      controlsOf(schema, { ...config, [path]: { kind: value } }).some((control) => control.kind === "numbers" && control.path.startsWith(`${path}.`)),
    );
    if (has) return { path, kind: has.value };
  }
  return null;
}

let count = 0;

/** The part of the page with the controls of one panel. */
class Slot {
  /** @param {HTMLElement} root */
  constructor(root) {
    const title = root.closest("details")?.querySelector("summary")?.textContent?.trim() || root.dataset.slot || "";
    this.essential = element("div", { class: "control-list" });
    this.rest = element("div", { class: "control-list" });
    this.note = element("p", { class: "control-heading", hidden: true });
    this.count = element("span", { class: "more-count" });
    this.more = element("details", { class: "more", name: "more", hidden: true }, element("summary", {}, "more", this.count), this.rest);
    const summary = /** @type {HTMLElement} */ (this.more.firstElementChild);
    closeOnEscape(this.more);
    this.more.addEventListener("toggle", () => this.more.open && placePanel(summary, this.rest));
    const knobs = root.closest("details");
    if (knobs) {
      const name = /** @type {HTMLElement} */ (knobs.firstElementChild);
      knobs.addEventListener("toggle", () => knobs.open && placePanel(name, root));
    }
    const id = `reinitialize-${(count += 1)}`;
    /** No part of the experiment: it is in no link and in no preset. */
    this.reinitialize = element("input", { type: "checkbox", class: "control-input", id, "aria-describedby": `${id}-help` });
    this.switch = element(
      "div",
      { class: "control control-reinitialize", title: REINITIALIZE_HELP },
      element("label", { class: "control-label", for: id }, "reinitialize"),
      this.reinitialize,
      element("p", { class: "control-help", id: `${id}-help` }, REINITIALIZE_HELP),
    );
    this.group = element(
      "fieldset",
      { class: "control-group" },
      element("legend", { class: "aside" }, title),
      this.note,
      this.essential,
      this.more,
    );
    root.replaceChildren(this.group);
  }
}
