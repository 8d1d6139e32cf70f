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
 * @property {(at?: number, isShared?: boolean) => string} hash the address after “#”; `at`: the step to which it leads; `isShared`: with the
 *   arithmetic of the server
 * @property {() => string} link to what is shown
 * @property {() => void} restore show what the address says
 * @property {() => void} schedule write the address soon
 */

const LONGEST_LOAD_MS = 10_000;

/** Options that the address does not choose. @type {Partial<import("./state/url.js").Options>} */
export const GIVEN = {};

/**
 * @param {{page: Document, session: string|null, notice: (sentence: string) => void}} context `session`: the one to connect to
 * @param {Receiver} receiver
 * @returns {Source}
 */
export function createSource({ page, session, notice }, receiver) {
  const url = page.baseURI;
  return new LiveSource({ url, session, onProblem: notice, explain: () => explainRefusal(url), loadCatalog, ...receiver });
}

/**
 * What the server says to every page. It is loaded together with the modules, and kept by the browser; without it, hello says it.
 * @returns {Promise<import("./connection/websocket.js").Catalog|null>}
 */
function loadCatalog() {
  const url = new URL("../catalog.json", import.meta.url);
  return fetch(url, { signal: AbortSignal.timeout(LONGEST_LOAD_MS) }).then((response) => response.json()).catch(() => null);
}

/**
 * @param {Window} window
 * @param {Store} store
 * @param {{adds: () => boolean, notice: (sentence: string) => void}} context `adds`: whether another preset is a new entry
 * @returns {Address}
 */
export function mountPageAddress(window, store, context) {
  const address = mountAddress(window, store, context);
  const link = () => withOptions(location.href, { session: null, token: null }, address.hash(0) || `preset=${store.preset}`);
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
    const hash = address.hash(0, true) || `preset=${store.preset}`;
    const step = store.shownStep();
    const isWhole = store.marks.every(({ step: at, last = at }) => last === 0);
    const isNear = step > 0 && step <= (store.hello?.limits.step_count ?? 0);
    return {
      toStep: isWhole && isNear ? withOptions(location.href, { session: null, token: null }, address.hash(step, true)) : "",
      link: withOptions(location.href, { session: null }, hash),
      // A slide does not say where it was made.
      embed: withOptions(location.href, { session: null, embed: "1" }, address.hash(0) || `preset=${store.preset}`),
      watch: forOtherDevices(withOptions(location.href, { session: store.hello?.watch ?? null, token: null }, ""), store.hello?.network_host ?? null),
      isWhole,
    };
  }, recordingSection(document, store), ...sections, experimentFilesSection(document, store));
}

/**
 * Load a style sheet that the first picture does not need.
 * @param {Document} page @param {string} name
 */
function loadStyle(page, name) {
  const link = page.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(`../${name}`, import.meta.url).href;
  page.head.append(link);
  return new Promise((resolve) => (link.onload = link.onerror = resolve));
}

/** @type {Promise<void>|undefined} */
let translated;

/**
 * The page in the first of some languages that the server knows. The page is not shown in English meanwhile.
 * @param {Document} page
 * @param {{lang: string, onLoaded: () => void, notice: (sentence: string) => void}} options
 */
export async function loadLanguage(page, { lang, onLoaded, notice }) {
  if (/^(en\b|$)/i.test(lang)) return;
  page.documentElement.classList.add("translating");
  translated = import("./language/page-language.js")
    .then(async ({ translatePage }) => void (await translatePage(page, lang)))
    .catch(({ message }) => notice(message));
  await translated;
  page.documentElement.classList.remove("translating");
  onLoaded();
}

/** A choice of the languages that the server knows. */
export async function loadLanguages() {
  const [{ languageChoice }, response] = await Promise.all([import("./language/choice.js"), fetch(new URL("words?lang=en", document.baseURI))]);
  return languageChoice((await response.json()).languages);
}

/**
 * The lessons beside the stage, loaded when they are first shown.
 * @param {Document} page
 * @param {Store} store
 * @param {import("./learn/learn.js").Options} options
 */
export async function loadLearn(page, store, options) {
  const [{ mountLearn }] = await Promise.all([import("./learn/learn.js"), loadStyle(page, "learn.css"), translated]);
  return mountLearn(page, store, options);
}

/**
 * The games of two numbers, loaded with their style sheet.
 * @param {Document} page @param {import("./games/games.js").GamesContext} context
 */
export async function mountPageGames(page, context) {
  const [{ mountGames }] = await Promise.all([import("./games/games.js"), ...["games.css", "look-back.css"].map((name) => loadStyle(page, name))]);
  return mountGames(page, context);
}

/**
 * @typedef {object} TimelineContext
 * @property {string} lock why settings cannot change, in a sentence
 * @property {Record<string, () => void>} actions
 * @property {(sentence: string) => void} notice
 * @property {Omit<Parameters<typeof import("./slow-motion/panel.js").mountSlowMotion>[2], "notice">} stage
 */
/** @typedef {{draw: () => void, actions: {bookmark: () => void, loop: () => void, compare?: () => void, slow?: () => void, spectrum?: () => void}}} PageTimeline */

/**
 * @param {Document} page
 * @param {Store} store
 * @param {TimelineContext} context
 * @returns {PageTimeline}
 */
export function mountPageTimeline(page, store, { actions, notice, stage }) {
  /** @type {ReturnType<typeof import("./page/look-back.js").mountLookBack>|null} */
  let lookBack = null;
  /** @type {ReturnType<typeof import("./page/loop.js").mountLoop>|null} */
  let loop = null;
  /** @type {ReturnType<typeof import("./page/compare.js").mountCompare>|null} */
  let compare = null;
  /** @type {ReturnType<typeof import("./slow-motion/panel.js").mountSlowMotion>|null} */
  let slow = null;
  /** @type {ReturnType<typeof import("./spectrum/spectrum.js").mountSpectrum>|null} */
  let spectrum = null;
  let isLoading = false;
  /** With the first picture there is nothing to look back at yet. */
  async function load() {
    isLoading = true;
    const [{ mountLookBack }, { mountLoop }, { mountCompare }] = await Promise.all([
      import("./page/look-back.js"),
      import("./page/loop.js"),
      import("./page/compare.js"),
      ...["look-back.css", "compare.css"].map((name) => loadStyle(page, name)),
    ]);
    // A frame can be emptied meanwhile.
    if (!page.body) return;
    lookBack = mountLookBack(page, store, { ...actions, spectrum: () => void openSpectrum() });
    loop = mountLoop(page, store, { notice, beside: page.querySelector(".past-menus"), line: page.getElementById("look-back") });
    compare = mountCompare(page, store, { notice });
    store.invalidate();
  }
  async function toggleSlowMotion() {
    const [{ mountSlowMotion }] = await Promise.all([import("./slow-motion/panel.js"), slow ?? loadStyle(page, "slow-motion.css")]);
    slow ??= mountSlowMotion(page, store, { notice, ...stage });
    slow.toggle();
  }
  async function openSpectrum() {
    const [{ mountSpectrum }] = await Promise.all([import("./spectrum/spectrum.js"), spectrum ?? loadStyle(page, "spectrum.css")]);
    if (!page.body) return;
    spectrum ??= mountSpectrum(page, store);
    spectrum.open();
  }
  return {
    draw() {
      if (store.frame && !isLoading) void load();
      lookBack?.draw();
      loop?.draw();
      compare?.draw();
      slow?.draw();
      spectrum?.draw();
    },
    actions: {
      bookmark: () => lookBack?.actions.bookmark(),
      loop: () => loop?.toggle(),
      compare: () => compare?.open(),
      slow: () => void toggleSlowMotion(),
      spectrum: () => void openSpectrum(),
    },
  };
}
