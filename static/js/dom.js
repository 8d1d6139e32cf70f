// @ts-check
/** Create DOM elements in one expression, and update children and text without touching what stays the same. */

import { inLanguage } from "./words.js";

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string|boolean|number|null|((event: any) => void)>} [attributes] `on…` functions listen;
 *   true is an empty attribute, false and null are none
 * @param {(Node|string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children);
  return node;
}

/**
 * Make the children exactly these. Elements that stay in place are not moved, because that would take their focus.
 * @param {Element} parent
 * @param {Element[]} wanted
 */
export function reconcile(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) {
    if (!keep.has(child)) child.remove();
  }
  wanted.forEach((child, index) => {
    const present = parent.children[index] ?? null;
    if (present !== child) parent.insertBefore(child, present);
  });
}

/**
 * Close a fold with Escape, which gives the focus back to its summary, and optionally with a press outside of it.
 * @param {HTMLDetailsElement} fold
 * @param {{outside?: boolean}} [options]
 */
export function closeOnEscape(fold, { outside = false } = {}) {
  fold.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !fold.open) return;
    fold.open = false;
    fold.querySelector("summary")?.focus();
    event.preventDefault();
  });
  if (!outside) return;
  fold.ownerDocument.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Node && !fold.contains(event.target)) fold.open = false;
  });
}

/** Least space for a panel, in pixels: with less on one side, it opens on the other. */
const PANEL_SPACE = 240;

/**
 * Keep a panel that lies over the page inside the window: below its summary, or above where there is more room. What does
 * not fit is scrolled inside the panel. A panel in the flow of the page is left alone.
 * @param {HTMLElement} summary
 * @param {HTMLElement} panel
 */
export function placePanel(summary, panel) {
  panel.style.cssText = "";
  if (getComputedStyle(panel).position !== "absolute") return;
  const { top, bottom } = summary.getBoundingClientRect();
  const [above, below] = [top - 8, innerHeight - bottom - 8];
  const isBelow = below >= Math.min(PANEL_SPACE, panel.scrollHeight) || below >= above;
  const origin = (panel.offsetParent ?? document.body).getBoundingClientRect();
  panel.style.cssText = isBelow
    ? `inset-block: ${bottom - origin.top}px auto; max-height: ${below}px`
    : `inset-block: auto ${origin.bottom - top}px; max-height: ${above}px`;
  const { left, right } = panel.getBoundingClientRect();
  panel.style.translate = `${Math.max(8 - left, Math.min(0, innerWidth - 8 - right))}px`;
}

/**
 * Set the text if it changed: setting the same text again would cost a layout.
 * @param {Element|null} node
 * @param {string} text
 */
export function setText(node, text) {
  const words = inLanguage(text);
  if (node && node.textContent !== words) node.textContent = words;
}
