// @ts-check
/** Dialogs whose modules are loaded behind the first picture, or when they are opened. */

/**
 * @param {() => Promise<{open: () => void}>} mount
 * @returns {{load: () => Promise<{open: () => void}>, open: () => void}}
 */
export function mountLater(mount) {
  /** @type {Promise<{open: () => void}>|undefined} */
  let dialog;
  const load = () => (dialog ??= mount());
  return { load, open: () => void load().then(({ open }) => open()) };
}
