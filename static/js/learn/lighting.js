// @ts-check
/** Light: one part of the picture in its colours while the rest is quiet, and the controls that a page needs beside its text. */

/** @typedef {import("../state/store.js").Store} Store */

/**
 * @param {HTMLElement} root
 * @param {Store} store
 * @param {HTMLElement} lesson whose buttons with `data-lit` light a part
 */
export function mountLighting(root, store, lesson) {
  /** Parts that the page lights. @type {string[]} */
  let usual = [];
  /** The button that was pressed. @type {HTMLElement|null} */
  let pressed = null;

  /** @param {string[]} parts */
  function light(parts) {
    store.lit = parts.length ? new Set(parts) : null;
    if (parts.length) root.dataset.lit = parts.join(" ");
    else delete root.dataset.lit;
    store.invalidate();
  }
  /** @param {EventTarget|null} target @returns {HTMLElement|null} */
  const buttonAt = (target) => (target instanceof Element ? target.closest("button[data-lit]") : null);
  /** @param {HTMLElement|null} button */
  const partsOf = (button) => (button?.dataset.lit ? button.dataset.lit.split("+") : usual);
  const restore = () => light(partsOf(pressed));

  for (const kind of /** @type {const} */ (["pointerover", "focusin"])) {
    lesson.addEventListener(kind, ({ target }) => buttonAt(target) && light(partsOf(buttonAt(target))));
  }
  for (const kind of /** @type {const} */ (["pointerout", "focusout"])) {
    lesson.addEventListener(kind, ({ target }) => buttonAt(target) && restore());
  }
  lesson.addEventListener("click", ({ target }) => {
    const button = buttonAt(target);
    if (!button) return;
    pressed?.setAttribute("aria-pressed", "false");
    pressed = pressed === button ? null : button;
    pressed?.setAttribute("aria-pressed", "true");
    restore();
  });

  return {
    /** @param {string[]} parts */
    set(parts) {
      usual = parts;
      pressed = null;
      root.toggleAttribute("data-about-charts", parts.includes("losses") || parts.includes("distances"));
      light(parts);
    },
    end() {
      this.set([]);
    },
  };
}

/**
 * Controls of the lab that are shown in a lesson: their panels move there, and all other controls of these are hidden.
 * @param {Document} page
 */
export function mountKnobs(page) {
  const rules = new CSSStyleSheet();
  page.adoptedStyleSheets.push(rules);
  /** @type {[HTMLElement, Element][]} */
  let moved = [];

  function home() {
    for (const [slot, place] of moved) place.append(slot);
    moved = [];
    rules.replaceSync("");
  }
  return {
    home,
    /** @param {string[]} paths @param {HTMLElement} place */
    show(paths, place) {
      home();
      const chosen = paths.map((path) => `[data-path="${path}"]`).join(", ");
      if (!chosen) return;
      rules.replaceSync(`.lesson-knobs .control:not(${chosen}) { display: none !important; }`);
      for (const slot of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("details.knobs > [data-slot]"))) {
        const parent = slot.parentElement;
        if (!parent || !slot.querySelector(chosen.replaceAll("[", ".control["))) continue;
        moved.push([slot, parent]);
        place.append(slot);
      }
    },
  };
}
