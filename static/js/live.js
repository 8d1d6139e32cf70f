// @ts-check
/**
 * What makes the page a live one: its source is the server, its address holds the experiment, and Share gives links.
 * `replay/recorded.js` has the same functions and takes the place of this module in a replay file.
 */

import { explainRefusal } from "./connection/refusal.js";
import { LiveSource } from "./connection/websocket.js";
import { mountAddress } from "./state/address.js";
import { withOptions } from "./state/url.js";

/** @import {Receiver, Source} from "./connection/source.js" */
/** @import {Store} from "./state/store.js" */
/**
 * @typedef {object} Address
 * @property {(at?: number) => string} hash the address after “#”; `at`: the step to which it leads
 * @property {() => string} link to what is shown
 * @property {() => void} restore show what the address says
 * @property {() => void} schedule write the address soon
 */

/**
 * @param {{page: Document, session: string|null, notice: (sentence: string) => void}} context `session`: the one to connect to
 * @param {Receiver} receiver
 * @returns {Source}
 */
export function createSource({ page, session, notice }, receiver) {
  const url = page.baseURI;
  return new LiveSource({ url, session, onProblem: notice, explain: () => explainRefusal(url), ...receiver });
}

/**
 * @param {Window} window
 * @param {Store} store
 * @param {{adds: () => boolean, notice: (sentence: string) => void}} context `adds`: whether another preset is a new entry
 * @returns {Address}
 */
export function mountPageAddress(window, store, context) {
  const address = mountAddress(window, store, context);
  const link = () => withOptions(location.href, { session: null, token: null }, address.hash() || `preset=${store.preset}`);
  return { ...address, link };
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {{store: Store, address: Address, source: Source}} page
 * @param {...HTMLElement} sections what else can be shared
 * @returns {Promise<{open: () => void}>}
 */
export async function mountPageShare(dialog, { store, address }, ...sections) {
  const { forOtherDevices, mountShare } = await import("./page/dialogs.js");
  const { recordingSection } = await import("./page/recording-file.js");
  const { experimentFilesSection } = await import("./page/experiment-files.js");
  return mountShare(dialog, () => {
    const hash = address.hash() || `preset=${store.preset}`;
    const step = store.shownStep();
    const isWhole = store.marks.every(({ step: at, last = at }) => last === 0);
    const isNear = step > 0 && step <= (store.hello?.limits.step_count ?? 0);
    return {
      toStep: isWhole && isNear ? withOptions(location.href, { session: null, token: null }, address.hash(step)) : "",
      link: withOptions(location.href, { session: null }, hash),
      embed: withOptions(location.href, { session: null, embed: "1" }, hash),
      watch: forOtherDevices(withOptions(location.href, { session: store.hello?.watch ?? null, token: null }, ""), store.hello?.network_host ?? null),
      isWhole,
    };
  }, recordingSection(document, store), ...sections, experimentFilesSection(document, store));
}

/**
 * @typedef {{lock: string, actions: Record<string, () => void>, notice: (sentence: string) => void}} TimelineContext `lock`: why settings
 *   cannot change, in a sentence
 */
/** @typedef {{draw: () => void, actions: {bookmark: () => void, loop: () => void}}} PageTimeline */

/**
 * @param {Document} page
 * @param {Store} store
 * @param {TimelineContext} context
 * @returns {PageTimeline}
 */
export function mountPageTimeline(page, store, { actions, notice }) {
  /** @type {ReturnType<typeof import("./page/look-back.js").mountLookBack>|null} */
  let lookBack = null;
  /** @type {ReturnType<typeof import("./page/loop.js").mountLoop>|null} */
  let loop = null;
  let isLoading = false;
  /** With the first picture there is nothing to look back at yet. */
  async function load() {
    isLoading = true;
    const { mountLookBack } = await import("./page/look-back.js");
    const { mountLoop } = await import("./page/loop.js");
    // A frame can be emptied meanwhile.
    if (!page.body) return;
    lookBack = mountLookBack(page, store, actions);
    loop = mountLoop(page, store, { notice, beside: page.querySelector(".past-menus"), line: page.getElementById("look-back") });
    store.invalidate();
  }
  return {
    draw() {
      if (store.frame && !isLoading) void load();
      lookBack?.draw();
      loop?.draw();
    },
    actions: { bookmark: () => lookBack?.actions.bookmark(), loop: () => loop?.toggle() },
  };
}
