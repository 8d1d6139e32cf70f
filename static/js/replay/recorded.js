// @ts-check
/**
 * What makes the page a replay: its source is the recording in the file, its address holds a step, and Share says what a
 * recording is. It takes the place of `live.js` in a replay file.
 */

import { recordedFilesSection } from "../page/experiment-files.js";
import { mountReplayAddress } from "./replay-address.js";
import { recordingIn } from "./recording-content.js";
import { ReplaySource } from "./replay-source.js";
import { mountReplayShare } from "./share.js";
import { mountTimeline } from "./timeline.js";

/** @import {Receiver, Source} from "../connection/source.js" */
/** @import {Address} from "../live.js" */
/** @import {Store} from "../state/store.js" */

/** Options that the address does not choose. @type {Partial<import("../state/url.js").Options>} */
export const GIVEN = {};

/**
 * @param {{page: Document}} context
 * @param {Receiver} receiver
 * @returns {Source}
 */
export function createSource({ page }, receiver) {
  return new ReplaySource({ ...recordingIn(page), ...receiver });
}

/**
 * @param {Window} window
 * @param {Store} store
 * @param {{notice: (sentence: string) => void}} context
 * @returns {Address}
 */
export function mountPageAddress(window, store, context) {
  return mountReplayAddress(window, store, context);
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {{store: Store, address: Address, source: Source}} page
 * @param {...HTMLElement} sections what else can be shared
 * @returns {Promise<{open: () => void}>}
 */
export async function mountPageShare(dialog, { store, address, source }, ...sections) {
  return mountReplayShare(dialog, () => ({ link: address.link(), steps: store.timeline?.steps ?? [], madeWith: source.madeWith }), ...sections, recordedFilesSection(document, store));
}

/** A recording is in English: it can load no words. */
export const loadLanguage = () => Promise.resolve();
export const loadLanguages = null;

/** A recording has no lessons, which begin runs. */
export const loadLearn = null;

/**
 * @param {Document} page
 * @param {Store} store
 * @param {import("../live.js").TimelineContext} context
 */
export function mountPageTimeline(page, store, context) {
  return mountTimeline(page, store, context);
}
