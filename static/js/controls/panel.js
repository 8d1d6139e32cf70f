// @ts-check
/**
 * The panel: every setting of the schema in the slot beneath the part that it turns. What is turned often stands open,
 * the rest is folded under “more”, with the count of what differs from the preset. Knows paths, never their meaning.
 */

import { ControlView } from "./control.js";
import { touches } from "../state/config-diff.js";
import { element, reconcile, setText } from "../dom.js";
import { controlsOf, valueAt } from "../state/schema.js";

/** @typedef {import("../state/schema.js").Control} Control */

/** Where settings go that have no slot of their own name. @type {Record<string, string>} */
const GUESTS = { penalty: "loss", conditional: "target" };
const OTHERWISE = "training";

const REINITIALIZE_HELP = "When a setting marked ⟳ changes, begin with new weights instead of what was learned.";

/**
 * @typedef {object} PanelOptions
 * @property {(path: string, value: unknown, reinitialize?: boolean) => void} intend
 * @property {(path: string) => boolean} [isHidden] settings that the page was asked not to show, or shows elsewhere
 */

export class Panel {
  /**
   * @param {Iterable<HTMLElement>} slots elements with `data-slot`
   * @param {PanelOptions} options
   */
  constructor(slots, options) {
    this.options = options;
    this.slots = new Map([...slots].map((root) => [root.dataset.slot ?? "", new Slot(root)]));
    /** @type {Map<string, ControlView>} by everything that makes a control what it is */
    this.views = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.headings = new Map();
  }

  /**
   * @param {Record<string, any>} schema
   * @param {Record<string, any>} config
   * @param {Record<string, unknown>} changed what differs from the preset
   */
  update(schema, config, changed) {
    const controls = controlsOf(schema, config).filter(({ path }) => !this.options.isHidden?.(path));
    const present = new Map(controls.map((control) => [JSON.stringify(control), control]));
    for (const key of this.views.keys()) {
      if (!present.has(key)) this.views.delete(key);
    }
    for (const [key, control] of present) {
      if (!this.views.has(key)) this.views.set(key, new ControlView(control, this.#deskOf(control)));
    }
    const views = [...present.keys()].map((key) => /** @type {ControlView} */ (this.views.get(key)));
    for (const view of views) view.element.classList.toggle("changed", touches(changed, view.control));
    for (const [name, slot] of this.slots) {
      const own = views.filter((view) => this.#slotOf(view.control.path) === name);
      this.#fill(name, slot, own, changed);
    }
    for (const view of views) view.sync(this.#shown(view.control, config));
  }

  /**
   * Show a refusal beside the control that it is about.
   * @param {string} path
   * @param {string} sentence
   * @returns {boolean} whether there is such a control, and the reader asked for this change with it
   */
  refuse(path, sentence) {
    const view = [...this.views.values()]
      .filter(({ control }) => path === control.path || path.startsWith(`${control.path}.`))
      .sort((a, b) => b.control.path.length - a.control.path.length)[0];
    if (!view) return false;
    const asked = view.wanted !== undefined;
    view.refuse(sentence);
    view.element.closest(".more")?.setAttribute("open", "");
    return asked;
  }

  /** @param {boolean} disabled */
  disable(disabled) {
    for (const { group } of this.slots.values()) group.disabled = disabled;
  }

  /** @param {string} path */
  #slotOf(path) {
    const [first] = path.split(".");
    if (this.slots.has(first)) return first;
    return this.slots.has(GUESTS[first]) ? GUESTS[first] : OTHERWISE;
  }

  /**
   * What rebuilds a network is sent with the state of its slot's switch "reinitialize".
   * @param {Control} control
   * @returns {import("./control.js").Desk}
   */
  #deskOf(control) {
    if (control.effect !== "network") return this.options;
    const slot = this.slots.get(this.#slotOf(control.path));
    return { intend: (path, value) => this.options.intend(path, value, Boolean(slot?.reinitialize.checked)) };
  }

  /**
   * @param {string} name
   * @param {Slot} slot
   * @param {ControlView[]} views
   * @param {Record<string, unknown>} changed
   */
  #fill(name, slot, views, changed) {
    // Rows come last: what stands in one line with their name is reached by Tab before them.
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
    const count = rest.filter(({ control }) => touches(changed, control)).length;
    setText(slot.count, count === 0 ? "" : ` · ${count} ${count === 1 ? "differs" : "differ"} from the preset`);
  }

  /**
   * @param {string} slot
   * @param {ControlView[]} views
   * @returns {HTMLElement[]}
   */
  #underHeadings(slot, views) {
    let section = "";
    return views.flatMap(({ control, element: shown }) => {
      if (control.section === section) return [shown];
      section = control.section;
      return section === "" ? [shown] : [this.#heading(`${slot}/${section}`, section), shown];
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
  #shown(control, config) {
    const value = valueAt(config, control.path);
    return control.kind === "union" ? value?.kind : value;
  }
}

let count = 0;

/** The part of the page that holds the controls of one first path segment. */
class Slot {
  /** @param {HTMLElement} root */
  constructor(root) {
    const title = root.closest("details")?.querySelector("summary")?.textContent?.trim() || root.dataset.slot || "";
    this.essential = element("div", { class: "control-list" });
    this.rest = element("div", { class: "control-list" });
    this.count = element("span", { class: "more-count" });
    this.more = element("details", { class: "more", hidden: true }, element("summary", {}, "more", this.count), this.rest);
    const id = `reinitialize-${(count += 1)}`;
    /** How changes are made is no part of the experiment: this is on no link and in no preset. */
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
      this.essential,
      this.more,
    );
    root.replaceChildren(this.group);
  }
}
