// @ts-check
/**
 * Help at the element that it is about, for readers without a mouse: what stands in a `title` is shown when the element has
 * the focus of the keyboard or is tapped, and the name of a chart opens the glossary's words for what is drawn in it, as does a
 * term in a lesson, also while it is pointed at or has the focus.
 */

import { element } from "../dom.js";

/** @typedef {import("../connection/wire.js").GlossaryEntry} Term */

/** Terms in a text. */
const READ = ".lesson .term";
/** Distance between an element and its help, and between help and the edge of the window, in pixels. */
const GAP = 6;

/**
 * @param {Document} page
 * @param {() => Term[]} glossary
 */
export function mountTips(page, glossary) {
  const tip = element("div", { class: "tip", id: "tip", role: "tooltip", hidden: true });
  const home = page.querySelector(".words") ?? page.body;
  home.append(tip);
  /** @type {Element|null} */
  let owner = null;

  function hide() {
    tip.hidden = true;
    if (owner?.matches("[aria-expanded]")) owner.setAttribute("aria-expanded", "false");
    owner = null;
  }
  /** @param {Element} at @param {(Node|string)[]} content */
  function show(at, content) {
    hide();
    owner = at;
    tip.replaceChildren(...content);
    // A dialog is above everything outside of it.
    (at.closest("dialog") ?? home).append(tip);
    tip.hidden = false;
    const box = at.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const isBelow = box.bottom + GAP + height < innerHeight;
    tip.style.insetBlockStart = `${isBelow ? box.bottom + GAP : Math.max(GAP, box.top - GAP - height)}px`;
    tip.style.insetInlineStart = `${Math.max(GAP, Math.min(innerWidth - width - GAP, box.left))}px`;
    if (at.matches("[aria-expanded]")) at.setAttribute("aria-expanded", "true");
  }

  page.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof Element) || target === owner) return;
    const isSeen = target.matches(":focus-visible");
    const words = isSeen ? helpOf(target) : "";
    if (words) show(target, [words]);
    else if (isSeen && target.matches(READ)) showTerms(target);
    else hide();
  });
  page.addEventListener("focusout", hide);
  page.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  page.addEventListener("pointerup", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[title], .term") : null;
    if (!target || target.matches(".term")) return;
    const words = event.pointerType === "mouse" ? "" : helpOf(target);
    if (words) show(target, [words]);
    else hide();
  });
  page.addEventListener("pointerdown", ({ target }) => target instanceof Node && !owner?.contains(target) && !tip.contains(target) && hide());
  addEventListener("scroll", hide, { passive: true });

  /** @param {Element} button */
  function showTerms(button) {
    const names = (button.getAttribute("data-terms") ?? "").split("|");
    const terms = glossary().filter(({ page: shown }) => shown.split(", ").some((name) => names.includes(name)));
    if (terms.length > 0) show(button, [element("dl", {}, ...terms.flatMap(define))]);
  }
  /** The term that was opened by pointing at it. @type {Element|null} */
  let pointed = null;
  page.addEventListener("pointerover", ({ target, pointerType }) => {
    const term = target instanceof Element && pointerType === "mouse" ? target.closest(READ) : null;
    if (term === pointed) return;
    if (pointed && owner === pointed) hide();
    pointed = term;
    if (term) showTerms(term);
  });
  page.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest(".term") : null;
    if (!button) return;
    if (owner === button && !tip.hidden && button !== pointed) hide();
    else showTerms(button);
  });
  for (const button of page.querySelectorAll(".term")) button.setAttribute("aria-expanded", "false");
}

/** @param {Term} term */
function define({ page, meaning }) {
  return [element("dt", {}, page), element("dd", {}, meaning)];
}

/** What the title of an element, or of the label of its setting, says. @param {Element} target */
function helpOf(target) {
  const own = target.getAttribute("title");
  const label = target.closest(".control")?.querySelector(".control-label");
  return own || label?.getAttribute("title") || "";
}
