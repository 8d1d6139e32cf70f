// @ts-check
/** The lessons as the server sends them, and the way through their pages. */

import { inLanguage } from "../words.js";

/** @import {LessonPage, Question, Words} from "./page-view.js" */
/** @import {Place} from "./progress.js" */
/** @typedef {{name: string, title: string, minutes: number, pages: LessonPage[]}} Lesson */
/** @typedef {{languages: Record<string, string>, words: Words, questions: Question[], lessons: Lesson[]}} Library */

/** @param {Document} page @returns {Promise<Library>} */
export async function loadLibrary(page) {
  const response = await fetch(new URL(`lessons?lang=${page.documentElement.lang}`, page.baseURI));
  if (!response.ok) throw new Error(`The lessons could not be loaded (status ${response.status}).`);
  const library = await response.json();
  const words = Object.entries(library.words).map(([name, english]) => [name, inLanguage(english)]);
  return { ...library, words: Object.fromEntries(words) };
}

/** The lesson that a first visit begins with: that behind the six questions. @param {Pick<Library, "lessons">} library */
export function startOf({ lessons }) {
  return lessons.find(({ pages }) => pages[0].inventory !== "before") ?? lessons[0];
}

/** The lesson of a place that exists. @param {Pick<Library, "lessons">} library @param {Place} place */
export function lessonOf({ lessons }, place) {
  return /** @type {Lesson} */ (lessons.find(({ name }) => name === place.lesson));
}

/** The place itself, or the page of its lesson that is nearest to it; null if there is no such lesson. @param {Pick<Library, "lessons">} library @param {Place} place @returns {Place|null} */
export function nearestPlace({ lessons }, { lesson, page }) {
  const found = lessons.find(({ name }) => name === lesson);
  return found ? { lesson, page: Math.min(Math.max(1, Math.trunc(page) || 1), found.pages.length) } : null;
}

/** The next or the previous page, or null. @param {Pick<Library, "lessons">} library @param {Place} place @param {1|-1} by @returns {Place|null} */
export function neighbourOf(library, place, by) {
  const { lessons } = library;
  const index = lessons.indexOf(lessonOf(library, place));
  const page = place.page + by;
  if (page >= 1 && page <= lessons[index].pages.length) return { lesson: place.lesson, page };
  const other = lessons[index + by];
  return other ? { lesson: other.name, page: by > 0 ? 1 : other.pages.length } : null;
}

/** The page whose run or game a page has: itself, or one before it. @param {Pick<Library, "lessons">} library @param {Place} place @returns {LessonPage|undefined} */
export function sourceOf({ lessons }, { lesson, page }) {
  const pages = lessons.find(({ name }) => name === lesson)?.pages.slice(0, page) ?? [];
  return pages.findLast(({ experiment, game }) => experiment ?? game);
}
