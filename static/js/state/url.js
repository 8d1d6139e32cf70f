// @ts-check
/**
 * The address of the page. The part after `#` is the experiment: `preset=…` and every value that differs from that preset, so
 * that a link restores it, seed included. The part after `?` is the appearance: embedded, themed, scaled. Nothing else is stored.
 */

import { parseNumber } from "../format.js";

/**
 * `at`: the step to which it is trained; `compare`: settings of a second run that differ, from the step `from` on; `lesson` and
 * `page`: the page of a lesson, whose experiment it is; `made`: the arithmetic of the server where the link was made; `notices`:
 * sentences about parameters that were not understood
 * @typedef {{preset: string|null, changes: Record<string, unknown>, at?: number, compare?: Record<string, unknown>, from?: number,
 *   lesson?: string, page?: number, made?: string, notices?: string[]}} Experiment
 */

const COUNT = /^\d{1,9}$/;
/** What the parameters that are no settings hold, where that can be wrong. */
const EXPECTED = {
  at: "a step such as 400",
  from: "a step such as 400",
  page: "a number such as 2",
  compare: "a setting with its value, such as penalty:r1",
};

/**
 * Write an experiment. The kind of a union is written at the path of the union: `generator.activation=relu`.
 * @param {Experiment} experiment
 * @param {string} defaultPreset the preset that a link without one means
 * @returns {string} without the "#"; "" for the default experiment
 */
export function writeHash({ preset, changes, at, compare = {}, from, made }, defaultPreset) {
  const pair = (/** @type {[string, unknown]} */ [path, value], sign = "=") => `${encode(path.replace(/\.kind$/, ""))}${sign}${encode(writeValue(value))}`;
  const pairs = Object.entries(changes).map((entry) => pair(entry));
  pairs.push(...Object.entries(compare).map((entry) => `compare=${pair(entry, ":")}`));
  if (from) pairs.push(`from=${from}`);
  if (preset && preset !== defaultPreset) pairs.unshift(`preset=${encode(preset)}`);
  if (at) pairs.push(`at=${at}`);
  if (made) pairs.push(`made=${encode(made)}`);
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
    if (name === "preset" || name === "made" || name === "lesson") experiment[name] = value;
    else if (name === "at" || name === "from" || name === "page") {
      if (COUNT.test(value)) experiment[name] = Number(value);
      else experiment.notices = [...(experiment.notices ?? []), unexpected(name, value)];
    } else if (name === "compare") {
      const [, path, given] = /^([^:]+):(.*)$/s.exec(value) ?? [];
      if (path) experiment.compare = { ...experiment.compare, [path]: readValue(given) };
      else experiment.notices = [...(experiment.notices ?? []), unexpected(name, value)];
    } else experiment.changes[decode(name)] = readValue(value);
  }
  return experiment;
}

/**
 * The sentence about a parameter whose value is not understood.
 * @param {keyof typeof EXPECTED} name @param {string} value
 */
function unexpected(name, value) {
  return `Expected ${name} in the address to be ${EXPECTED[name]}, but got “${value}”.`;
}

/**
 * A value of the address: a number, JSON, or else a string.
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
 * Strings are written without quotes unless they would be read as something else.
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

/** When the run starts without a click: never, while the page can be seen, with its slide only, or at once. */
/** @typedef {"off"|"visible"|"slide"|"always"} Autoplay */

/**
 * The appearance of the page.
 * @typedef {object} Options
 * @property {boolean} embed
 * @property {"learn"|"stage"|"games"|"lab"|null} view null if the address has none
 * @property {Autoplay} autoplay
 * @property {boolean} readonly
 * @property {"auto"|"light"|"dark"|null} theme null if the address has none
 * @property {"full"|"mini"|"none"} controls
 * @property {number} scale
 * @property {string[]} hide names of slots, charts, other parts, and prefixes of config paths
 * @property {string|null} session
 * @property {string} lang languages, such as "de-AT,en", the first one first: that of the address before those of the browser
 * @property {string[]} notices sentences about options that were not understood
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
    view: oneOf(query, "view", /** @type {const} */ (["learn", "stage", "games", "lab"]), null, notices),
    autoplay: autoplayIn(query, notices),
    readonly: flag(query, "readonly", notices),
    theme: oneOf(query, "theme", /** @type {const} */ (["auto", "light", "dark"]), null, notices),
    controls: oneOf(query, "controls", /** @type {const} */ (["full", "mini", "none"]), "full", notices),
    scale: scaleIn(query, notices),
    hide: (query.get("hide") ?? "").split(",").map((name) => name.trim()).filter(Boolean),
    session: query.get("session"),
    lang: [query.get("lang"), ...(globalThis.navigator?.languages ?? [])].filter(Boolean).join(","),
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
 * @param {URLSearchParams} query
 * @param {string[]} notices
 * @returns {Autoplay}
 */
function autoplayIn(query, notices) {
  const text = query.get("autoplay");
  if (text === "slide" || text === "always") return text;
  if (text !== null && !["1", "true", "", "0", "false"].includes(text)) {
    notices.push(`Expected autoplay in the address to be 1, slide, always or 0, but got “${text}”.`);
  }
  return flag(query, "autoplay", []) ? "visible" : "off";
}

/**
 * @template {string} Name
 * @template {Name|null} Default
 * @param {URLSearchParams} query
 * @param {string} name
 * @param {readonly Name[]} known
 * @param {Default} fallback
 * @param {string[]} notices
 * @returns {Name|Default}
 */
function oneOf(query, name, known, fallback, notices) {
  const text = query.get(name);
  const found = known.find((option) => option === text);
  if (found !== undefined) return found;
  if (text !== null) notices.push(`Expected ${name} in the address to be ${known.join(" or ")}, but got “${text}”.`);
  return fallback;
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
 * The address with some options changed; null removes an option.
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
