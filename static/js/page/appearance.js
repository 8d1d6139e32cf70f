// @ts-check
/** How the page is shown, from the address: embedded or not, colours, scale, what is left out, and at which pace it moves. */

import { withOptions } from "../state/url.js";

/** @typedef {import("../state/url.js").Options} Options */
/** @typedef {"auto"|"light"|"dark"} Theme */

/** @type {readonly Theme[]} */
const THEMES = ["auto", "light", "dark"];
/** Who asked for less motion sees this often how far the run is; it trains as fast as ever. */
const CALM_MS = 250;

/**
 * @param {Document} page
 * @param {Options} options
 */
export function mountView(page, options) {
  const root = page.documentElement;
  root.classList.toggle("embed", options.embed);
  root.classList.toggle("readonly", options.readonly);
  root.classList.add(`controls-${options.controls}`);
  if (options.scale !== 1) root.style.setProperty("--scale", String(options.scale));
  let elsewhere = options.hide.filter((name) => !hide(page, name));
  // Projectors wash out dark pages, so slides are light unless they say otherwise.
  let theme = options.theme ?? (options.embed ? "light" : "auto");
  paint(page, theme);

  return {
    /** @param {string} path */
    isHidden: (path) => options.hide.some((prefix) => path === prefix || path.startsWith(`${prefix}.`)),
    /**
     * What was to be hidden and is nowhere, in sentences; once.
     * @param {string[]} paths of all settings
     */
    complaints(paths) {
      const unknown = elsewhere.filter((name) => !paths.includes(name));
      elsewhere = [];
      const parts = partsOf(page).join(", ");
      return unknown.map((name) => `Expected hide in the address to name settings or some of ${parts}, but got “${name}”.`);
    },
    turnTheme() {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      paint(page, theme);
      const isDefault = theme === "auto" && !options.embed;
      history.replaceState(history.state, "", withOptions(location.href, { theme: isDefault ? null : theme }));
    },
    pacer,
  };
}

/**
 * @param {() => boolean} isRunning
 * @param {() => void} invalidate
 * @returns {() => boolean} whether to draw now
 */
function pacer(isRunning, invalidate) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let due = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  return () => {
    const wait = calm.matches && isRunning() ? due - performance.now() : 0;
    clearTimeout(timer);
    if (wait > 0) timer = setTimeout(invalidate, wait);
    else due = performance.now() + CALM_MS;
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
 * Leave out a slot of controls, a chart with the arrows to it and from it, or another part; a config path hides its
 * controls where they are made.
 * @param {Document} page
 * @param {string} name
 * @returns {boolean} whether there is such a part
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
 * The names by which parts of the page can be left out, in their order on it.
 * @param {Document} page
 */
function partsOf(page) {
  const nodes = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-slot], [data-chart], [data-part]"));
  return [...new Set([...nodes].map(({ dataset }) => dataset.slot ?? dataset.chart ?? dataset.part))];
}
