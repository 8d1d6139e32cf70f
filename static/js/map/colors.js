// @ts-check
/** The colours of a map: of each outcome, along a scale of numbers, and of letters on both. */

/** @import {MapNumber, Outcome} from "./results.js" */
/**
 * Colours as `rgb(…)`, lengths in CSS pixels.
 * @typedef {{paper: string, ink: string, muted: string, rule: string, axis: string, missing: string, outcomes: string[], family: string,
 *   size: number, ratio: number}} MapTheme
 */

/**
 * Cividis (2018, doi:10.1371/journal.pone.0199239), made for every kind of colour sight: from worse to
 * better.
 */
export const RAMP = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"];
/** The part of a suspicion's colour that is that of the failure; the rest is paper. */
const SUSPECTED = 0.55;

/** The theme of an element. @param {HTMLElement} root @param {Outcome[]} outcomes @returns {MapTheme} */
export function readTheme(root, outcomes) {
  const probe = root.ownerDocument.createElement("span");
  probe.style.cssText = "forced-color-adjust:none;position:absolute;visibility:hidden;font-size:var(--tick)";
  root.append(probe);
  const style = getComputedStyle(probe);
  const color = (/** @type {string} */ variable) => {
    probe.style.color = `var(${variable})`;
    return style.color;
  };
  const paper = color("--paper");
  const theme = {
    paper, ink: color("--ink"), muted: color("--muted"), rule: color("--rule"), axis: color("--axis"), missing: color("--no-number"),
    outcomes: outcomes.map(({ name, of }) => (of ? mixed(color(`--outcome-${of}`), paper, SUSPECTED) : color(`--outcome-${name}`))),
    family: style.fontFamily,
    size: parseFloat(style.fontSize),
    ratio: Math.max(1, devicePixelRatio || 1),
  };
  probe.remove();
  return theme;
}

/** The parts of a colour from 0 to 255. @param {string} color "#rrggbb" or "rgb(r, g, b)" @returns {number[]} */
export function partsOf(color) {
  if (color.startsWith("#")) return [1, 3, 5].map((place) => parseInt(color.slice(place, place + 2), 16));
  return (color.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);
}

/** @param {string} first @param {string} second @param {number} share of the first */
export function mixed(first, second, share) {
  const other = partsOf(second);
  return `rgb(${partsOf(first).map((part, place) => Math.round(part * share + other[place] * (1 - share))).join(", ")})`;
}

/** The luminance of a colour, by WCAG 2.2. @param {string} color */
function luminance(color) {
  const linear = partsOf(color).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/** Black or white, whichever is easier to read on a colour. @param {string} color */
export function inkOn(color) {
  const light = luminance(color);
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? "#000000" : "#ffffff";
}

/**
 * The colour of a number.
 * @param {number} value infinite for none @param {MapNumber} number @param {{low: number, high: number}|null} range @param {MapTheme} theme
 */
export function numberColor(value, number, range, theme) {
  if (!range || !Number.isFinite(value)) return theme.missing;
  const share = shareOf(value, number, range);
  const place = (number.is_better_high ? share : 1 - share) * (RAMP.length - 1);
  const step = Math.min(RAMP.length - 2, Math.floor(place));
  return mixed(RAMP[step + 1], RAMP[step], place - step);
}

/** Where a number lies in a range, from 0 to 1. @param {number} value @param {MapNumber} number @param {{low: number, high: number}} range */
export function shareOf(value, { scale }, { low, high }) {
  const at = (/** @type {number} */ one) => (scale === "log" && low > 0 ? Math.log(Math.max(one, low)) : one);
  return high > low ? Math.min(1, Math.max(0, (at(value) - at(low)) / (at(high) - at(low)))) : 0.5;
}
