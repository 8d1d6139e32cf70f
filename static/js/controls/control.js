// @ts-check
/**
 * One setting on the page: label, native inputs, help, the mark that says what a change disturbs, and the sentence of a
 * refusal. What moved last wins: while a reader drags or types, and until the server has answered, its older values wait.
 */

import { isSame } from "../state/config-diff.js";
import { element, setText } from "../dom.js";
import { layersEditor } from "./layers-input.js";
import { levelsEditor } from "./curve-input.js";
import { modesEditor } from "./table-input.js";
import { numberEditor } from "./number-input.js";
import { numbersEditor } from "./samples-input.js";

/** @typedef {import("../state/schema.js").Control} Control */
/** @typedef {{nodes: HTMLElement[], show: (value: any) => void}} Editor */
/** @typedef {{intend: (path: string, value: unknown) => void}} Desk */

/** So long a change may stay unanswered before the control shows the server's value again. */
const PATIENCE_MS = 1500;

const MARKS = {
  live: null,
  network: { sign: "⟳", words: "rebuilds this network around what it has learned" },
  restart: { sign: "↺", words: "starts a new run" },
};

/** Kinds that are several inputs, none of which the label is for. */
const GROUPS = new Set(["modes", "levels"]);

let count = 0;

export class ControlView {
  /**
   * @param {Control} control
   * @param {Desk} desk
   */
  constructor(control, desk) {
    this.control = control;
    this.desk = desk;
    this.id = `control-${(count += 1)}`;
    /** @type {any} the server's */
    this.value = undefined;
    /** @type {any} ours, until the server has answered */
    this.wanted = undefined;
    /** Whether the reader has it in hand: drags the slider, or types. */
    this.held = false;
    /** @type {any} */
    this.timer = undefined;
    this.error = element("p", { class: "control-error", id: `${this.id}-error`, role: "alert", hidden: true });
    this.editor = EDITORS[control.kind](this);
    this.element = element(
      "div",
      { class: `control control-${control.kind}`, "data-path": control.path },
      this.#label(),
      ...this.editor.nodes,
      element("p", { class: "control-help", id: `${this.id}-help` }, control.help),
      this.error,
    );
  }

  /** What ties an input to this control's help and error. */
  get described() {
    return { "aria-describedby": `${this.id}-help ${this.id}-error` };
  }

  /**
   * The server's value.
   * @param {any} value
   */
  sync(value) {
    if (!isSame(value, this.value)) this.complain("");
    this.value = value;
    if (this.held) return;
    if (this.wanted !== undefined && !isSame(value, this.wanted)) return;
    this.settle();
  }

  /**
   * The reader's value. A list may say which of its settings it is that changed.
   * @param {any} value
   * @param {string} [path]
   * @param {unknown} [part]
   */
  want(value, path = this.control.path, part = value) {
    this.complain("");
    this.wanted = value;
    this.desk.intend(path, part);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), PATIENCE_MS);
  }

  hold() {
    this.held = true;
  }

  release() {
    this.held = false;
    if (this.wanted === undefined) this.settle();
  }

  /** Back to what the server says. */
  settle() {
    clearTimeout(this.timer);
    this.wanted = undefined;
    if (!this.held && this.value !== undefined) this.editor.show(this.value);
  }

  /** @param {string} sentence */
  refuse(sentence) {
    this.held = false;
    this.settle();
    this.complain(sentence);
  }

  /** @param {string} sentence */
  complain(sentence) {
    setText(this.error, sentence);
    this.error.hidden = sentence === "";
    const owner = this.element?.querySelector("[name]");
    if (sentence) owner?.setAttribute("aria-invalid", "true");
    else owner?.removeAttribute("aria-invalid");
  }

  #label() {
    const { control } = this;
    const mark = MARKS[control.effect];
    const title = [control.help, mark ? `Changing it ${mark.words}.` : ""].filter(Boolean).join(" ");
    const text =
      GROUPS.has(control.kind)
        ? element("span", { class: "control-label", title }, control.label)
        : element("label", { class: "control-label", for: this.id, title }, control.label);
    if (mark) {
      const words = element("span", { class: "aside" }, ` (${mark.words})`);
      text.append(element("span", { class: "control-restart" }, element("span", { "aria-hidden": "true" }, mark.sign), words));
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
    onchange: () => view.want(box.checked),
  });
  return { nodes: [box], show: (value) => void (box.checked = Boolean(value)) };
}

/**
 * A menu: of plain values, or of a union's kinds, whose own settings follow as controls of their own.
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
        explain();
        view.want(menu.value);
      },
    },
    ...control.options.map(({ value, label, help }) => element("option", { value, title: help }, label)),
  );
  function explain() {
    menu.title = control.options.find(({ value }) => value === menu.value)?.help ?? "";
  }
  return {
    nodes: [menu],
    show(value) {
      menu.value = String(value);
      explain();
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
    oninput: () => view.hold(),
    onblur: () => view.release(),
    onchange() {
      const text = field.value;
      view.release();
      field.value = text;
      view.want(text);
    },
  });
  return { nodes: [field], show: (value) => void (field.value = String(value)) };
}

/** @type {Record<Control["kind"], (view: ControlView) => Editor>} */
const EDITORS = {
  number: numberEditor,
  boolean: booleanEditor,
  choice: menuEditor,
  union: menuEditor,
  text: textEditor,
  layers: layersEditor,
  modes: modesEditor,
  levels: levelsEditor,
  numbers: numbersEditor,
};
