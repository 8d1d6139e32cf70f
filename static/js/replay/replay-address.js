// @ts-check
/** The step in the address of a recording: `#at=1200` shows that step when the page is opened, and when the address changes. */

/** @typedef {import("../state/store.js").Store} Store */

/**
 * @param {Pick<Window, "location"|"addEventListener">} page
 * @param {Store} store
 */
export function mountReplayAddress(page, store) {
  const restore = () => {
    const at = /^#?at=(\d{1,10})$/.exec(page.location.hash);
    if (at) store.seek(Number(at[1]));
  };
  page.addEventListener("hashchange", restore);
  const hash = () => (store.status?.step ? `at=${store.status.step}` : "");
  return {
    hash,
    /** The name of this file, with the present step. */
    link: () => [page.location.pathname.split("/").at(-1) || "run.html", hash()].filter(Boolean).join("#"),
    restore,
    /** The address of a recording does not follow what is shown. */
    schedule() {},
  };
}
