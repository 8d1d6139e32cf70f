// @ts-check
/** The appearance of the page, from its address: embedded or not, colours, scale, hidden parts, and the pace of drawing. */

import { withOptions } from "../state/url.js";

/** @typedef {import("../state/url.js").Options} Options */
/** @typedef {"auto"|"light"|"dark"} Theme */

/** @type {readonly Theme[]} */
const THEMES = ["auto", "light", "dark"];
/** Time between two pictures for readers who prefer reduced motion; training is not slowed down. */
const REDUCED_MOTION_MS = 250;

/**
 * @param {Document} page
 * @param {Options} options
 */
export function mountAppearance(page, options) {
  const root = page.documentElement;
  root.classList.toggle("embed", options.embed);
  root.classList.toggle("readonly", options.readonly);
  root.classList.add(`controls-${options.controls}`);
  if (options.scale !== 1) root.style.setProperty("--scale", String(options.scale));
  let remaining = options.hide.filter((name) => !hide(page, name));
  // Projectors wash out dark pages, so slides are light unless they say otherwise.
  let theme = options.theme ?? (options.embed ? "light" : "auto");
  paint(page, theme);

  return {
    /** @param {string} path */
    isHidden: (path) => options.hide.some((prefix) => path === prefix || path.startsWith(`${prefix}.`)),
    /**
     * Error messages for names in `hide` that are neither parts nor settings; once.
     * @param {string[]} paths of all settings
     */
    hideErrors(paths) {
      const unknown = remaining.filter((name) => !paths.includes(name));
      remaining = [];
      const parts = partsOf(page).join(", ");
      return unknown.map((name) => `Expected hide in the address to name settings or some of ${parts}, but got “${name}”.`);
    },
    nextTheme() {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      paint(page, theme);
      const isDefault = theme === "auto" && !options.embed;
      showInAddress({ theme: isDefault ? null : theme });
    },
    pacer,
  };
}

/**
 * Write the appearance that was chosen into the address. A page of no origin, from a file or in a sandboxed frame, may not
 * change its address.
 * @param {Parameters<typeof withOptions>[1]} options
 * @param {string} [hash]
 */
export function showInAddress(options, hash) {
  if (origin !== "null") history.replaceState(history.state, "", withOptions(location.href, options, hash));
}

/**
 * Open the groups of settings, or close them on small screens, on slides and where they cannot change; the reader can open
 * and close them afterwards.
 * @param {Document} page
 * @param {{locked: boolean}} options
 */
export function mountFolds(page, { locked }) {
  const stage = /** @type {HTMLElement} */ (page.getElementById("stage"));
  const isEmbedded = page.documentElement.classList.contains("embed");
  /** @type {boolean|undefined} */
  let wasSmall;
  const fold = () => {
    const { display } = getComputedStyle(stage);
    const isSmall = display === "flex";
    if (display === "none" || isSmall === wasSmall) return;
    wasSmall = isSmall;
    for (const part of page.querySelectorAll("details.foldable")) {
      const opens = part.matches(".knobs") ? !isSmall && !isEmbedded && !locked : !isSmall;
      part.toggleAttribute("open", opens);
      // On slides one group is open at a time: they lie over each other.
      if (isEmbedded && part.matches(".knobs")) part.setAttribute("name", "knobs");
    }
  };
  new ResizeObserver(fold).observe(stage);
  fold();
}

/**
 * @param {() => boolean} isRunning
 * @param {() => void} invalidate
 * @returns {() => boolean} whether to draw now
 */
export function pacer(isRunning, invalidate) {
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");
  let due = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  return () => {
    // English words would stay where the next picture is not due yet when the page is shown in another language.
    if (document.documentElement.classList.contains("translating")) return false;
    const wait = reduced.matches && isRunning() ? due - performance.now() : 0;
    clearTimeout(timer);
    if (wait > 0) timer = setTimeout(invalidate, wait);
    else due = performance.now() + REDUCED_MOTION_MS;
    return wait <= 0;
  };
}

/**
 * @param {Document} page
 * @param {Theme} theme
 */
function paint(page, theme) {
  const { dataset } = page.documentElement;
  if (theme === "auto") delete dataset.theme;
  else dataset.theme = theme;
  const button = page.getElementById("theme");
  button?.setAttribute("aria-label", `Theme: ${theme}`);
  if (button) button.title = `Theme: ${theme} (T)`;
}

/**
 * Hide a slot of controls, a chart with its arrows, or another part. Controls of a config path are hidden by the panel.
 * @param {Document} page
 * @param {string} name
 * @returns {boolean} whether the page has such a part
 */
function hide(page, name) {
  const quoted = CSS.escape(name);
  for (const arrow of page.querySelectorAll(`[data-between~="${quoted}"]`)) arrow.setAttribute("hidden", "");
  const parts = page.querySelectorAll(`[data-slot="${quoted}"], [data-chart="${quoted}"], [data-part="${quoted}"]`);
  for (const node of parts) {
    const whole = node.closest("details.knobs, figure") ?? node;
    whole.setAttribute("hidden", "");
  }
  return parts.length > 0;
}

/**
 * The names of the parts that can be hidden, in their order on the page.
 * @param {Document} page
 */
function partsOf(page) {
  const nodes = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-slot], [data-chart], [data-part]"));
  return [...new Set([...nodes].map(({ dataset }) => dataset.slot ?? dataset.chart ?? dataset.part))];
}
