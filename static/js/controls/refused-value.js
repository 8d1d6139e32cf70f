// @ts-check
/** Why a value was refused, in words for the person at the control: the label instead of the path, and short numbers. */

import { formatSetting } from "../format.js";
import { inLanguage } from "../words.js";

/** @typedef {import("../state/schema.js").Control} Control */

/** More digits than this in a row are written with a power of ten. */
const LONG_DIGITS = /\d{13,}/g;

/**
 * @param {Control} control
 * @param {string} path of the refused value: the control's own, or that of an item of its list
 * @param {unknown} value
 * @param {string} message the server's sentence
 * @returns {string}
 */
export function refusalInWords(control, path, value, message) {
  const parts = path.slice(control.path.length).split(".").filter(Boolean);
  const item = control.items.length > 1 ? control.items.find((one) => one.path === parts.at(-1)) : control.items[0];
  const range = parts.length > 0 && item ? item : control;
  const words = inLanguage(range.label);
  const label = words.charAt(0).toUpperCase() + words.slice(1);
  if (typeof value === "number" && (range === item || control.kind === "number")) {
    if (range.high !== null && value > range.high) return `${label}: at most ${formatSetting(range.high)}.`;
    if (range.low !== null && value < range.low) return `${label}: at least ${formatSetting(range.low)}.`;
  }
  return message.replaceAll(path, range.label).replace(LONG_DIGITS, (digits) => formatSetting(Number(digits)));
}
