// @ts-check
/**
 * The address bar. Behind `#` stands the experiment: `preset=…` and whatever differs from that preset, so a link restores
 * it, seed included. Behind `?` stands how the page is shown: embedded, themed, scaled. Nothing is stored anywhere else.
 */

import { parseNumber } from "../format.js";

/** @typedef {{preset: string|null, changes: Record<string, unknown>}} Experiment */

const DEFAULT_PRESET = "default";

/**
 * A kind stands at its union's own path: `generator.activation=relu`.
 * @param {Experiment} experiment
 * @returns {string} without the "#"; "" for the default experiment
 */
export function writeHash({ preset, changes }) {
  const pairs = Object.entries(changes).map(
    ([path, value]) => `${encode(path.replace(/\.kind$/, ""))}=${encode(writeValue(value))}`,
  );
  if (preset && preset !== DEFAULT_PRESET) pairs.unshift(`preset=${encode(preset)}`);
  return pairs.join("&");
}

/**
 * @param {string} hash with or without the "#"
 * @returns {Experiment|null} null if it holds no experiment
 */
export function readHash(hash) {
  const text = hash.replace(/^#/, "");
  if (text === "") return null;
  /** @type {Experiment} */
  const experiment = { preset: null, changes: {} };
  for (const pair of text.split("&").filter(Boolean)) {
    const [name, ...rest] = pair.split("=");
    const value = decode(rest.join("="));
    if (name === "preset") experiment.preset = value;
    else experiment.changes[decode(name)] = readValue(value);
  }
  return experiment;
}

/**
 * Numbers and JSON are themselves; everything else is a string.
 * @param {string} text
 * @returns {unknown}
 */
export function readValue(text) {
  const number = parseNumber(text);
  if (!Number.isNaN(number)) return number;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Strings stand bare unless they would be read as something else.
 * @param {unknown} value
 * @returns {string}
 */
function writeValue(value) {
  return typeof value === "string" && readValue(value) === value ? value : JSON.stringify(value);
}

/** @param {string} text */
function encode(text) {
  return encodeURIComponent(text).replace(/%(2C|3A|5B|5D)/g, (code) => decodeURIComponent(code));
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * How the page is shown.
 * @typedef {object} Options
 * @property {boolean} embed
 * @property {boolean} autoplay
 * @property {boolean} readonly
 * @property {"auto"|"light"|"dark"|null} theme null if the address does not say
 * @property {"full"|"mini"|"none"} controls
 * @property {number} scale
 * @property {string[]} hide slots, config path prefixes, charts, other parts
 * @property {string|null} session
 * @property {string[]} notices what had to be read otherwise than it was written
 */

const SMALLEST_SCALE = 0.5;
const LARGEST_SCALE = 4;

/**
 * @param {string} search with or without the "?"
 * @returns {Options}
 */
export function readOptions(search) {
  const query = new URLSearchParams(search);
  /** @type {string[]} */
  const notices = [];
  return {
    embed: flag(query, "embed", notices),
    autoplay: flag(query, "autoplay", notices),
    readonly: flag(query, "readonly", notices),
    theme: oneOf(query, "theme", /** @type {const} */ (["auto", "light", "dark"]), null, notices),
    controls: oneOf(query, "controls", /** @type {const} */ (["full", "mini", "none"]), "full", notices),
    scale: scaleIn(query, notices),
    hide: (query.get("hide") ?? "").split(",").map((name) => name.trim()).filter(Boolean),
    session: query.get("session"),
    notices,
  };
}

/**
 * @param {URLSearchParams} query
 * @param {string} name
 * @param {string[]} notices
 */
function flag(query, name, notices) {
  const text = query.get(name);
  if (text === null) return false;
  if (["1", "true", ""].includes(text)) return true;
  if (!["0", "false"].includes(text)) notices.push(`Expected ${name}=1 or ${name}=0 in the address, but got “${text}”.`);
  return false;
}

/**
 * @template {string} Name
 * @template {Name|null} Otherwise
 * @param {URLSearchParams} query
 * @param {string} name
 * @param {readonly Name[]} known
 * @param {Otherwise} otherwise
 * @param {string[]} notices
 * @returns {Name|Otherwise}
 */
function oneOf(query, name, known, otherwise, notices) {
  const text = query.get(name);
  const found = known.find((option) => option === text);
  if (found !== undefined) return found;
  if (text !== null) notices.push(`Expected ${name} in the address to be ${known.join(" or ")}, but got “${text}”.`);
  return otherwise;
}

/**
 * @param {URLSearchParams} query
 * @param {string[]} notices
 */
function scaleIn(query, notices) {
  const text = query.get("scale");
  if (text === null) return 1;
  const scale = parseNumber(text);
  if (Number.isNaN(scale)) {
    notices.push(`Expected scale in the address to be a number such as 1.5, but got “${text}”.`);
    return 1;
  }
  const clamped = Math.min(LARGEST_SCALE, Math.max(SMALLEST_SCALE, scale));
  if (clamped !== scale) {
    notices.push(`Scale goes from ${SMALLEST_SCALE} to ${LARGEST_SCALE}, so ${text} in the address became ${clamped}.`);
  }
  return clamped;
}

/**
 * The same address with one option changed; null takes it out.
 * @param {string} href
 * @param {Record<string, string|null>} options
 * @param {string} [hash]
 * @returns {string}
 */
export function withOptions(href, options, hash) {
  const url = new URL(href);
  for (const [name, value] of Object.entries(options)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  if (hash !== undefined) url.hash = hash;
  return url.href;
}
