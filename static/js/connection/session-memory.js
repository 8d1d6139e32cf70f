// @ts-check
/**
 * The name of this page's session across a reload. It is stored when the page is left and removed when it is read, so that a
 * duplicated tab begins a session of its own. Without access to the storage the entry of the browser's history keeps the name.
 */

/** @typedef {Pick<Window, "sessionStorage"|"location"|"history"|"parent"|"addEventListener">} PageWindow */

/** Name of the session in the state of an entry of the browser's history. */
const STATE = "gan1d session";

/**
 * @param {PageWindow} page
 * @returns {{earlier: string|null, keep: (session: string|null) => void}} the session before this page was loaded again, null if
 *   the address had another experiment; and a function for the present session, null for none to come back to
 */
export function rememberSession(page) {
  // The appearance in the address can change while the page is open, and is that of the reloaded page.
  const key = () => `gan1d ${page.location.pathname}${page.location.search} ${frameNumber(page)}`;
  const storage = storageOf(page);
  /** @type {string|null} */
  let present = null;
  const read = () => {
    const text = storage?.getItem(key());
    storage?.removeItem(key());
    return text ? JSON.parse(text) : null;
  };
  const stored = read();
  page.addEventListener("pagehide", () => {
    if (present) storage?.setItem(key(), JSON.stringify({ session: present, hash: page.location.hash }));
  });
  // A page that comes back from the browser's cache still has its session.
  page.addEventListener("pageshow", (event) => /** @type {PageTransitionEvent} */ (event).persisted && read());
  const isSame = stored?.hash === page.location.hash;
  return {
    earlier: storage ? (isSame ? stored.session : null) : page.history.state?.[STATE] ?? null,
    keep(session) {
      present = session;
      if (!storage && session) page.history.replaceState({ ...page.history.state, [STATE]: session }, "");
    },
  };
}

/**
 * The storage of the tab; null where access is denied, as in a frame on a page of another origin.
 * @param {PageWindow} page
 */
function storageOf(page) {
  try {
    return page.sessionStorage;
  } catch {
    return null;
  }
}

/**
 * Frames of one tab share its storage, so each has its own number; 0 without a host.
 * @param {PageWindow} page
 */
function frameNumber(page) {
  const host = /** @type {any} */ (page.parent);
  if (host === page) return 0;
  for (let index = 0; index < host.length; index += 1) {
    if (host[index] === page) return index + 1;
  }
  return host.length + 1;
}
