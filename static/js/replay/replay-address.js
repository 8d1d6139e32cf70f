// @ts-check
/** The step in the address of a recording: `#at=1200` shows that step when the page is opened, and when the address changes. */

import { readHash } from "../state/url.js";

/** @typedef {import("../state/store.js").Store} Store */

/**
 * @param {Pick<Window, "location"|"addEventListener">} page
 * @param {Store} store
 * @param {{notice: (sentence: string) => void}} context
 */
export function mountReplayAddress(page, store, { notice }) {
  const restore = () => {
    const { at, notices = [] } = readHash(page.location.hash) ?? {};
    for (const sentence of notices) notice(sentence);
    if (at !== undefined) store.seek(at);
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
