// @ts-check
/** The words on a still: title, settings in short, diagnosis and link. */

import { formatSetting, words } from "../format.js";
import { diagnosisOf } from "../page/diagnosis.js";
import { controlsOf, settingAt } from "../state/schema.js";

/** @import {Store} from "../state/store.js" */
/** @import {Words} from "./sheet.js" */

/** The most settings of a second run in one line. */
const MOST_DIFFERENCES = 3;

/**
 * @param {Store} store
 * @param {{link: string, isChanged: boolean}} context `isChanged`: whether settings differ from the preset
 * @returns {Words}
 */
export function wordsOf(store, { link, isChanged }) {
  const title = store.hello?.presets.find(({ name }) => name === store.preset)?.title ?? "gan1d";
  return {
    title: isChanged ? `${title} (changed)` : title,
    settings: store.hello && store.config ? settingsInWords(store.config, controlsOf(store.hello.schema, store.config)) : "",
    diagnosis: diagnosisOf(store)?.sentence ?? "",
    link,
  };
}

/** Which run is dash-dotted, by the first settings in which it differs; "" without one. @param {Store} store */
export function secondInWords({ overlay, comparing }) {
  if (!overlay || !comparing) return "";
  const differences = comparing.differences.filter(({ there }) => there).slice(0, MOST_DIFFERENCES);
  return `other run ′: ${differences.map(({ label, there }) => `${label} ${there}`).join(", ") || "the same settings"}`;
}

/**
 * The settings that people look for first; the link has all of them.
 * @param {Record<string, any>} config
 * @param {Pick<import("../state/schema.js").Control, "path"|"options">[]} controls whose options have the names of the kinds
 */
export function settingsInWords(config, controls) {
  const kind = (/** @type {string} */ path) => {
    const value = settingAt(config, path)?.kind ?? "";
    return controls.find((control) => control.path === path)?.options.find((option) => option.value === value)?.label ?? words(value);
  };
  const network = (/** @type {string} */ name, /** @type {string} */ path) => {
    const { hidden, optimizer } = config[path];
    const rate = formatSetting(optimizer.learning_rate);
    return `${name} ${hidden.join("-") || "linear"} ${kind(`${path}.activation`)}, ${kind(`${path}.optimizer`)} ${rate}`;
  };
  const isAlternating = (config.update_order?.kind ?? "alternating") === "alternating";
  return [
    `${kind("loss")} loss`,
    ...(config.penalty.kind === "none" ? [] : [`penalty ${kind("penalty")}`]),
    network("G", "generator"),
    network("D", "discriminator"),
    `batch ${formatSetting(config.batch_size)}`,
    `updates D ${config.discriminator_steps}, G ${config.generator_steps}${isAlternating ? "" : `, ${kind("update_order").toLowerCase()}`}`,
  ].join("  ·  ");
}
