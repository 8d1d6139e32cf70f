// @ts-check
/**
 * The experiment in the address bar. A change of a setting rewrites the address, another preset is a new entry of the browser's
 * history, and Back loads the experiment of the entry before.
 */

import { formatCount } from "../format.js";
import { readHash, withOptions, writeHash } from "./url.js";

/** The address is rewritten after this pause: browsers limit how often it may change. */
const PAUSE_MS = 300;

const MADE_ELSEWHERE = "This link was made with other versions or on another kind of processor: it is the same experiment, and its run may take another course.";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {Pick<Window, "location"|"history"|"addEventListener">} PageWindow */

/**
 * @param {PageWindow} page
 * @param {Store} store
 * @param {{adds: () => boolean, notice: (sentence: string) => void}} context `adds`: whether another preset is a new entry
 */
export function mountAddress(page, store, { adds, notice }) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  // Until the lessons are loaded, the address stays as it is.
  if (readHash(page.location.hash)?.lesson) store.lesson = page.location.hash.slice(1);

  /**
   * The address without “#”; "" for the experiment with which this server begins.
   * @param {number} [at] step to which the link trains; 0 for the experiment even where a page of a lesson is read
   * @param {boolean} [isShared] whether it is for others, whose page says if it was made elsewhere
   */
  function hash(at, isShared = false) {
    const { hello, link, preset, changed, comparing } = store;
    if (store.lesson && at === undefined) return store.lesson;
    if (!hello) return "";
    const second = { at, compare: comparing?.changes, from: comparing?.shared_steps, made: isShared ? hello.arithmetic : undefined };
    if (link) return writeHash({ preset: null, changes: link, ...second }, hello.default_preset);
    return writeHash({ preset, changes: changed, ...second }, hello.start_preset === hello.default_preset ? hello.default_preset : "");
  }

  /**
   * The present name of a preset, from its present or a former name; undefined if there is none.
   * @param {string|null} name null for the one that a link without a preset means
   * @returns {string|undefined}
   */
  function presetNamed(name) {
    if (name === null) return store.hello?.start_preset;
    return store.hello?.presets.find((row) => row.name === name || row.former_names.includes(name))?.name;
  }

  function write() {
    if (store.isAway) return;
    const next = hash();
    const now = page.location.hash.replace(/^#/, "");
    if (next === now) return;
    const before = presetNamed(readHash(now)?.preset ?? null);
    const isNew = before !== undefined && before !== store.preset && adds();
    page.history[isNew ? "pushState" : "replaceState"](page.history.state, "", withOptions(page.location.href, {}, next));
  }

  /**
   * Load an experiment. An unknown preset is reported, and the changes are applied to the one with which this server begins.
   * @param {import("./url.js").Experiment} experiment
   */
  function load({ preset, changes, lesson, made, notices, ...rest }) {
    const { hello } = store;
    if (!hello || lesson) return;
    announce({ made, notices });
    const name = presetNamed(preset);
    if (name === undefined) {
      notice(`There is no preset “${preset}”; the menu has all of them. The settings of the link are applied to the usual one.`);
    }
    // The address is written again when the server has answered.
    clearTimeout(timer);
    store.command({ type: "load_preset", name: name ?? hello.start_preset, changes });
    goOn(rest);
  }

  /**
   * Say what a link holds that is not understood, and whether it was made where the same seed gives other bits.
   * @param {Pick<import("./url.js").Experiment, "made"|"notices">} link
   */
  function announce({ made, notices = [] }) {
    for (const sentence of notices) notice(sentence);
    if (made && made !== store.hello?.arithmetic) notice(MADE_ELSEWHERE);
  }

  /** Train to the step of a link, and compare with its second run. @param {Pick<import("./url.js").Experiment, "at"|"compare"|"from">} link */
  function goOn({ at, compare, from = 0 }) {
    const begin = () => store.command({ type: "compare", run: null, changes: compare ?? {}, step: from });
    if (compare && !from) begin();
    else if (compare) {
      const stop = store.subscribe((message) => {
        if (message.type !== "status" || message.step < from) return;
        stop();
        begin();
      });
    }
    at ||= compare && from;
    if (!at || !store.hello) return;
    const most = store.hello.limits.step_count;
    if (at > most) notice(`The link names step ${formatCount(at)}; the page goes to step ${formatCount(most)}, as far as a link can.`);
    store.command({ type: "step", count: Math.min(at, most), player: "both" });
  }

  page.addEventListener("hashchange", () => {
    if (!store.isAway && hash() !== page.location.hash.replace(/^#/, "")) load(readHash(page.location.hash) ?? { preset: null, changes: {} });
  });

  return {
    hash,
    /** Load the experiment of the address, if it has one that is not loaded. */
    restore() {
      const experiment = readHash(page.location.hash);
      if (!experiment || experiment.lesson) return;
      const isLoaded = presetNamed(experiment.preset) === store.preset && Object.keys(experiment.changes).length === 0;
      if (isLoaded) announce(experiment);
      if (isLoaded) goOn(experiment);
      else load(experiment);
    },
    /** Write the address soon, because the server has sent a config. */
    schedule() {
      clearTimeout(timer);
      timer = setTimeout(write, PAUSE_MS);
    },
  };
}
