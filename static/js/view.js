// @ts-check
/** How the page is shown, from the address: embedded or not, colours, scale, what is left out, and at which pace it moves. */

import { withOptions } from "./address.js";

/** @typedef {import("./address.js").Options} Options */
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
  for (const name of options.hide) hide(page, name);
  // Projectors wash out dark pages, so slides are light unless they say otherwise.
  let theme = options.theme ?? (options.embed ? "light" : "auto");
  paint(page, theme);

  return {
    /** @param {string} path */
    isHidden: (path) => options.hide.some((prefix) => path === prefix || path.startsWith(`${prefix}.`)),
    turnTheme() {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      paint(page, theme);
      const isDefault = theme === "auto" && !options.embed;
      history.replaceState(history.state, "", withOptions(location.href, { theme: isDefault ? null : theme }));
    },
    /**
     * @param {() => boolean} isRunning
     * @param {() => void} invalidate
     * @returns {() => boolean} whether to draw now
     */
    pacer(isRunning, invalidate) {
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
    },
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
 * Leave out a slot of controls or a chart; a config path hides its controls where they are made.
 * @param {Document} page
 * @param {string} name
 */
function hide(page, name) {
  const quoted = CSS.escape(name);
  for (const node of page.querySelectorAll(`[data-slot="${quoted}"], [data-chart="${quoted}"]`)) {
    const whole = node.closest("details.knobs, figure") ?? node;
    whole.setAttribute("hidden", "");
  }
}
