// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { nearestPlace, neighbourOf, sourceOf, startOf } from "../../static/js/learn/library.js";

/** @param {Partial<import("../../static/js/learn/page-view.js").LessonPage>} fields */
const page = (fields = {}) => ({ title: "", text: "", ...fields });

const before = { name: "before", title: "", minutes: 5, pages: [page({ inventory: "before" })] };
const one = { name: "one", title: "", minutes: 10, pages: [page(), page({ experiment: { preset: "ring" } }), page()] };
const two = { name: "two", title: "", minutes: 10, pages: [page({ game: { preset: "dirac" } }), page()] };
const library = { lessons: [before, one, two] };

test("a first visit begins behind the six questions", () => {
  assert.equal(startOf(library), one);
  assert.equal(startOf({ lessons: [before] }), before);
});

test("a link to a page that does not exist leads to the nearest one, and to an unknown lesson nowhere", () => {
  const pages = [-3, 0, NaN, 2.9, 3, 99].map((wanted) => nearestPlace(library, { lesson: "one", page: wanted })?.page);
  assert.deepEqual(pages, [1, 1, 1, 2, 3, 3]);
  assert.equal(nearestPlace(library, { lesson: "three", page: 1 }), null);
});

test("lessons follow one another by their pages", () => {
  assert.deepEqual(neighbourOf(library, { lesson: "one", page: 3 }, 1), { lesson: "two", page: 1 });
  assert.deepEqual(neighbourOf(library, { lesson: "two", page: 1 }, -1), { lesson: "one", page: 3 });
  assert.deepEqual(neighbourOf(library, { lesson: "one", page: 1 }, 1), { lesson: "one", page: 2 });
  assert.equal(neighbourOf(library, { lesson: "before", page: 1 }, -1), null);
  assert.equal(neighbourOf(library, { lesson: "two", page: 2 }, 1), null);
});

test("a page has the run or the game of the last page before it that begins one", () => {
  assert.equal(sourceOf(library, { lesson: "one", page: 1 }), undefined);
  assert.equal(sourceOf(library, { lesson: "one", page: 3 }), one.pages[1]);
  assert.equal(sourceOf(library, { lesson: "two", page: 2 }), two.pages[0]);
  assert.equal(sourceOf(library, { lesson: "three", page: 1 }), undefined);
});
