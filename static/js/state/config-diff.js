// @ts-check
/** What tells one config from another, as paths and values: the same rule as `Config.differences` on the server. */

/**
 * Changes that, made in this order, turn `base` into `config`: kinds come before what belongs to them, lists of another
 * length count whole.
 * @param {any} config
 * @param {any} base
 * @param {string} [path]
 * @returns {Record<string, unknown>}
 */
export function differences(config, base, path = "") {
  if (isSame(config, base)) return {};
  const prefix = path ? `${path}.` : "";
  /** @type {Record<string, unknown>} */
  const found = {};
  if (isObject(config) && isObject(base)) {
    for (const key of Object.keys(config).sort((a, b) => Number(b === "kind") - Number(a === "kind"))) {
      Object.assign(found, key in base ? differences(config[key], base[key], prefix + key) : { [prefix + key]: config[key] });
    }
  } else if (Array.isArray(config) && Array.isArray(base) && config.length === base.length && isObject(config[0])) {
    config.forEach((item, index) => Object.assign(found, differences(item, base[index], `${prefix}${index}`)));
  } else {
    found[path] = config;
  }
  return found;
}

/**
 * Equal as JSON has it, whatever the order of keys.
 * @param {any} a
 * @param {any} b
 * @returns {boolean}
 */
export function isSame(a, b) {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && isSame(a[key], b[key]));
}

/**
 * Whether a setting is among the differences; a union's own settings are not the union.
 * @param {Record<string, unknown>} found
 * @param {{path: string, kind: string}} control
 * @returns {boolean}
 */
export function touches(found, { path, kind }) {
  if (kind === "union") return `${path}.kind` in found;
  return Object.keys(found).some((key) => key === path || key.startsWith(`${path}.`));
}

/** @param {unknown} value */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
