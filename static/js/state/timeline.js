// @ts-check
/** Moving along the steps that can be sought. */

/** @import {Timeline} from "../connection/source.js" */

/** The first step of a timeline. @param {Timeline} timeline */
export function firstStep({ steps }) {
  return steps[0] ?? 0;
}

/** The step before another one; undefined for the first. @param {Timeline} timeline @param {number} step */
export function stepBefore({ steps }, step) {
  return steps.length ? steps.findLast((one) => one < step) : step > 0 ? step - 1 : undefined;
}

/** The step after another one; undefined for the last. @param {Timeline} timeline @param {number} step */
export function stepAfter({ steps, last }, step) {
  return steps.length ? steps.find((one) => one > step) : step < last ? step + 1 : undefined;
}

/** @typedef {{step: number, text: string, kind: "bookmark"|"diagnosis"|"change"}} Moment a step of a run that has a name */

/**
 * The named steps of the present run, in the order of their steps.
 * @param {Pick<import("./store.js").Store, "bookmarks"|"diagnosisMarks"|"marks">} store
 * @returns {Moment[]}
 */
export function momentsOf({ bookmarks, diagnosisMarks, marks }) {
  /** @type {Moment[]} */
  const moments = [
    ...bookmarks.map(({ step, text }) => ({ step, text, kind: /** @type {const} */ ("bookmark") })),
    ...diagnosisMarks.map(({ step, label }) => ({ step, text: label, kind: /** @type {const} */ ("diagnosis") })),
    ...marks.map(({ step, label }) => ({ step, text: label, kind: /** @type {const} */ ("change") })),
  ];
  return moments.sort((a, b) => a.step - b.step);
}
