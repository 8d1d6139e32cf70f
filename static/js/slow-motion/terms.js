// @ts-check
/** The terms of a phase's formula as buttons: pointing at one lights its mark in the picture, and the other way round. */

import { element } from "../dom.js";
import { inLanguage } from "../words.js";

/** @import {Mark, Phase} from "./phases.js" */
/** `isReal`: only the marks of real samples, or of fakes. @typedef {{mark: Mark, isReal?: boolean}} Lit */

const TERM = /∂L_D\/∂s|∂L_G\/∂x|‖Δθ‖|D\(G\(z\)\)|D\(x\)|G\(z\)|L_[DG]|(?<![\p{L}(])[zx](?= =)/gu;
/** @type {Record<string, Lit>} */
const MARKS = {
  "∂L_D/∂s": { mark: "pulls" },
  "∂L_G/∂x": { mark: "arrows" },
  "‖Δθ‖": { mark: "moves" },
  "D(G(z))": { mark: "scores", isReal: false },
  "D(x)": { mark: "scores", isReal: true },
  "G(z)": { mark: "strings" },
  L_D: { mark: "costs" },
  L_G: { mark: "costs" },
  z: { mark: "latents" },
};

/** @param {string} term @param {Phase} phase @returns {Lit|null} null where the phase shows no such mark */
export function litBy(term, phase) {
  const lit = term === "x" ? /** @type {Lit} */ ({ mark: phase.lit.includes("reals") ? "reals" : "fakes" }) : MARKS[term];
  return lit && phase.lit.includes(lit.mark) ? lit : null;
}

/**
 * @param {HTMLElement} node holds the formula
 * @param {(lit: Lit|null) => void} light
 */
export function mountTerms(node, light) {
  /** @type {Map<Element, Lit>} */
  let terms = new Map();
  let written = "";
  const at = (/** @type {EventTarget|null} */ target) => (target instanceof Element ? (terms.get(target) ?? null) : null);
  for (const kind of /** @type {const} */ (["pointerover", "focusin"])) node.addEventListener(kind, ({ target }) => at(target) && light(at(target)));
  for (const kind of /** @type {const} */ (["pointerout", "focusout"])) node.addEventListener(kind, ({ target }) => at(target) && light(null));

  return {
    /** @param {string} formula @param {Phase} phase */
    write(formula, phase) {
      const words = inLanguage(formula);
      const content = `${phase.title} ${words}`;
      if (content === written) return;
      written = content;
      const focused = [...terms.keys()].indexOf(/** @type {Element} */ (document.activeElement));
      terms = new Map();
      /** @type {(Node|string)[]} */
      const parts = [];
      let end = 0;
      for (const { 0: term, index } of words.matchAll(TERM)) {
        const lit = litBy(term, phase);
        if (!lit) continue;
        const button = element("button", { type: "button", class: "formula-term" }, term);
        terms.set(button, lit);
        parts.push(words.slice(end, index), button);
        end = index + term.length;
      }
      node.replaceChildren(...parts, words.slice(end));
      /** @type {HTMLElement|undefined} */ ([...terms.keys()][focused])?.focus();
    },
    /** The first of some marks that has a term. @param {Mark[]} marks @returns {Lit|null} */
    firstOf: (marks) => [...terms.values()].find(({ mark }) => mark === marks.find((each) => [...terms.values()].some((lit) => lit.mark === each))) ?? null,
    /** @param {Lit|null} lit */
    show(lit) {
      for (const [button, own] of terms) button.classList.toggle("lit", own.mark === lit?.mark);
    },
  };
}
