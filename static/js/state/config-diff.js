// @ts-check
/** Comparison of JSON values, and of settings with their preset. */

/**
 * Whether two JSON values are equal, whatever the order of keys.
 * @param {unknown} a
 * @param {unknown} b
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
 * Whether a setting differs from the preset. The settings of a union's kind do not count for the union.
 * @param {Record<string, unknown>} changed values that differ from the preset, by path
 * @param {{path: string, kind: string}} control
 * @returns {boolean}
 */
export function isChanged(changed, { path, kind }) {
  if (kind === "union") return `${path}.kind` in changed;
  return Object.keys(changed).some((key) => key === path || key.startsWith(`${path}.`));
}

/**
 * The names of the settings that differ from the preset, in the order of the controls; the seed is none of them. Where
 * two settings have the same label, each is named with its owner: "generator learning rate".
 * @param {Record<string, unknown>} changed values that differ from the preset, by path
 * @param {{path: string, kind: string, label: string}[]} controls
 * @returns {string[]}
 */
export function namesOfChanges(changed, controls) {
  return controls
    .filter((control) => control.path !== "seed" && isChanged(changed, control))
    .map(({ path, label }) => {
      const isShared = controls.some((other) => other.label === label && other.path !== path);
      return isShared ? `${path.split(".")[0]} ${label}` : label;
    });
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
