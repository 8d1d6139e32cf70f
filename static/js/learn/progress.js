// @ts-check
/**
 * What a browser remembers of its reader: the page that was read last, what was seen on which step, and the answers. It
 * stays in this browser; a lecturer can save the answers as a table.
 */

/** @typedef {{lesson: string, page: number}} Place `page` counts from 1 */
/** @typedef {{when: string, lesson: string, page: number, question: string, answer: number, right: number}} Answer */
/** @typedef {{at: Place|null, done: Record<string, number>, answers: Answer[]}} Kept `done`: goal → the step at which it was met */

const KEY = "gan1d.lessons";

/** @param {Pick<Storage, "getItem"|"setItem">|null} storage null where the browser has none */
export function readProgress(storage) {
  /** @type {Kept} */
  const kept = { at: null, done: {}, answers: [] };
  try {
    Object.assign(kept, JSON.parse(storage?.getItem(KEY) ?? "{}"));
  } catch {
    // What cannot be read is begun again.
  }
  function write() {
    try {
      storage?.setItem(KEY, JSON.stringify(kept));
    } catch {
      // A full or closed storage remembers nothing, and the lessons work without it.
    }
  }

  return {
    /** @returns {Place|null} */
    place: () => kept.at,
    /** @param {Place} place */
    visit(place) {
      kept.at = place;
      write();
    },
    /** @param {string} goal @returns {number|undefined} */
    doneAt: (goal) => kept.done[goal],
    /** @param {string} goal @param {number} step */
    finish(goal, step) {
      kept.done[goal] = step;
      write();
    },
    /** The last answer to a question. @param {string} question @param {string} [lesson] */
    answerTo: (question, lesson) =>
      kept.answers.findLast((each) => each.question === question && (lesson === undefined || each.lesson === lesson)),
    /** @param {Answer} answer */
    answer(answer) {
      kept.answers.push(answer);
      write();
    },
    csv: () => csvOf(kept.answers),
  };
}

/** The storage of this browser; null where the page may not use it, as in some frames. @returns {Storage|null} */
export function openStorage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** @param {Answer[]} answers */
export function csvOf(answers) {
  const rows = answers.map(({ when, lesson, page, question, answer, right }) =>
    [when, lesson, page, question, answer + 1, right + 1, answer === right ? 1 : 0].join(","),
  );
  return `${["when,lesson,page,question,answer,right_answer,is_right", ...rows].join("\n")}\n`;
}
