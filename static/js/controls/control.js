// @ts-check
/**
 * One setting on the page: its label, native inputs, help, the sign for the effect of a change, and the error message of a
 * rejected value. While the reader drags or types, and until the server has answered, values from the server are not shown.
 */

import { isSame } from "../state/config-diff.js";
import { element, setText } from "../dom.js";
import { layersEditor } from "./layers-input.js";
import { tableEditor } from "./table-input.js";
import { numberEditor } from "./number-input.js";

/** @typedef {import("../state/schema.js").Control} Control */
/**
 * @typedef {object} Editor
 * @property {HTMLElement[]} nodes
 * @property {(value: any) => void} show
 * @property {(file: File) => Promise<void>} [readFile] for numbers
 * @property {() => boolean} [isUnfinished] whether it holds a text that was not used yet, and is kept while its setting is gone
 */
/**
 * @typedef {object} ControlContext
 * @property {(path: string, value: unknown) => void} intend
 * @property {() => number} [seed]
 * @property {(path: string, kind: string) => unknown} [recall] the value to send for the kind of a union
 */

/** A change that the server has not answered after this time is given up. */
const ANSWER_TIMEOUT_MS = 1500;

const EFFECTS = {
  live: null,
  network: { sign: "⟳", words: "rebuilds this network and keeps what it has learned" },
  restart: { sign: "↺", words: "starts a new run" },
};

/** Kinds of several inputs, whose label belongs to none of them. */
const GROUPS = new Set(["modes", "levels"]);

let count = 0;

export class ControlView {
  /**
   * @param {Control} control
   * @param {ControlContext} context
   */
  constructor(control, context) {
    this.control = control;
    this.context = context;
    this.id = `control-${(count += 1)}`;
    /** The server's value. @type {unknown} */
    this.value = undefined;
    /** The value sent to the server, until it has answered. @type {unknown} */
    this.pendingValue = undefined;
    /** Whether the reader is dragging the slider or typing. */
    this.isEditing = false;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    this.error = element("p", { class: "control-error", id: `${this.id}-error`, role: "alert", hidden: true });
    this.editor = (EDITORS[control.kind] ?? laterEditor)(this);
    this.element = element(
      "div",
      { class: `control control-${control.kind}`, "data-path": control.path },
      this.#label(),
      ...this.editor.nodes,
      element("p", { class: "control-help", id: `${this.id}-help` }, control.help),
      this.error,
    );
    // A refusal has been read once the reader comes back to the control.
    // The sentence on a text that is being edited stays: without it, the button under the pointer would move away.
    this.element.addEventListener("focusin", () => this.isEditing || this.showError(""));
  }

  /** Attributes that connect an input to this control's help and error. */
  get described() {
    return { "aria-describedby": `${this.id}-help ${this.id}-error` };
  }

  /**
   * Take over the server's value.
   * @param {unknown} value
   */
  sync(value) {
    if (!isSame(value, this.value)) this.showError("");
    this.value = value;
    if (this.isEditing) return;
    if (this.pendingValue !== undefined && !isSame(value, this.pendingValue)) return;
    this.showServerValue();
  }

  /**
   * Send the reader's value to the server. For one changed item of a list, `path` and `part` are those of the item.
   * @param {unknown} value
   * @param {string} [path]
   * @param {unknown} [part]
   */
  submit(value, path = this.control.path, part = value) {
    this.showError("");
    this.pendingValue = value;
    this.context.intend(path, part);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.showServerValue(), ANSWER_TIMEOUT_MS);
  }

  startEditing() {
    this.showError("");
    this.isEditing = true;
  }

  stopEditing() {
    this.isEditing = false;
    if (this.pendingValue === undefined) this.showServerValue();
  }

  showServerValue() {
    clearTimeout(this.timer);
    this.pendingValue = undefined;
    if (!this.isEditing && this.value !== undefined) this.editor.show(this.value);
  }

  /**
   * Go back to the server's value, and show why the reader's was rejected.
   * @param {string} sentence
   */
  reject(sentence) {
    this.isEditing = false;
    this.showServerValue();
    this.showError(sentence);
  }

  /** @param {string} sentence "" for none */
  showError(sentence) {
    setText(this.error, sentence);
    this.error.hidden = sentence === "";
    const owner = this.element?.querySelector("[name]");
    if (sentence) owner?.setAttribute("aria-invalid", "true");
    else owner?.removeAttribute("aria-invalid");
  }

  #label() {
    const { control } = this;
    const effect = EFFECTS[control.effect];
    const title = [control.help, effect ? `Changing it ${effect.words}.` : ""].filter(Boolean).join(" ");
    const text =
      GROUPS.has(control.kind)
        ? element("span", { class: "control-label", title }, control.label)
        : element("label", { class: "control-label", for: this.id, title }, control.label);
    if (effect) {
      const words = element("span", { class: "aside" }, ` (${effect.words})`);
      text.append(element("span", { class: "control-restart" }, element("span", { "aria-hidden": "true" }, effect.sign), words));
    }
    return text;
  }
}

/**
 * @param {ControlView} view
 * @returns {Editor}
 */
function booleanEditor(view) {
  const box = element("input", {
    type: "checkbox",
    class: "control-input",
    id: view.id,
    name: view.control.path,
    ...view.described,
    onchange: () => view.submit(box.checked),
  });
  return { nodes: [box], show: (value) => void (box.checked = Boolean(value)) };
}

/**
 * A menu of plain values, or of the kinds of a union. The settings of the chosen kind are controls of their own.
 * @param {ControlView} view
 * @returns {Editor}
 */
function menuEditor(view) {
  const { control } = view;
  const menu = element(
    "select",
    {
      class: "control-input",
      id: view.id,
      name: control.path,
      ...view.described,
      onchange() {
        showHelp();
        const isUnion = control.kind === "union" && view.context.recall;
        view.submit(menu.value, control.path, isUnion ? view.context.recall?.(control.path, menu.value) : menu.value);
      },
    },
    ...control.options.map(({ value, label, help }) => element("option", { value, title: help }, label)),
  );
  function showHelp() {
    menu.title = control.options.find(({ value }) => value === menu.value)?.help ?? "";
  }
  return {
    nodes: [menu],
    show(value) {
      menu.value = String(value);
      showHelp();
    },
  };
}

/**
 * @param {ControlView} view
 * @returns {Editor}
 */
function textEditor(view) {
  const field = element("input", {
    type: "text",
    class: "control-value",
    id: view.id,
    name: view.control.path,
    ...view.described,
    oninput: () => view.startEditing(),
    onblur: () => view.stopEditing(),
    onchange() {
      const text = field.value;
      view.stopEditing();
      field.value = text;
      view.submit(text);
    },
  });
  return { nodes: [field], show: (value) => void (field.value = String(value)) };
}

/** @type {Record<string, (view: ControlView) => Editor>} */
const EDITORS = {
  number: numberEditor,
  boolean: booleanEditor,
  choice: menuEditor,
  union: menuEditor,
  text: textEditor,
  layers: layersEditor,
  modes: tableEditor,
};

/** Editors of few experiments, whose modules are loaded with the first control of their kind. */
const LATER = {
  levels: async () => (await import("./curve-input.js")).curveEditor,
  numbers: async () => (await import("./samples-input.js")).samplesEditor,
};

/**
 * Load the editor of a kind, after which its controls are complete at once.
 * @param {keyof typeof LATER} kind
 */
export async function loadEditor(kind) {
  return (EDITORS[kind] = await LATER[kind]());
}

/**
 * @param {ControlView} view
 * @returns {Editor} of an empty place, until the module is there
 */
function laterEditor(view) {
  const place = element("span", { hidden: true });
  /** @type {unknown} */
  let value;
  /** @type {Editor|undefined} */
  let editor;
  const kind = /** @type {keyof typeof LATER} */ (view.control.kind);
  const loaded = loadEditor(kind).then((make) => {
    editor = make(view);
    place.replaceWith(...editor.nodes);
    if (value !== undefined) editor.show(value);
    return editor;
  });
  return {
    nodes: [place],
    ...(kind === "numbers" && { readFile: async (file) => (await loaded).readFile?.(file) }),
    isUnfinished: () => editor?.isUnfinished?.() ?? false,
    show(next) {
      value = next;
      editor?.show(next);
    },
  };
}
