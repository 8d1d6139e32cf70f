import assert from "node:assert/strict";
import { test } from "node:test";

import { pacer } from "../../static/js/page/appearance.js";

/** A page of a reader who prefers reduced motion, and whose language may still be loaded. */
function setUp() {
  const page = { isTranslating: false };
  globalThis.document = { documentElement: { classList: { contains: (name) => name === "translating" && page.isTranslating } } };
  globalThis.matchMedia = () => ({ matches: true });
  return page;
}

test("with reduced motion, pictures of a run wait for each other", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  setUp();
  const isDue = pacer(() => true, () => {});
  assert.deepEqual([isDue(), isDue()], [true, false]);
});

test("a picture in the language of the page is due as soon as its words are there, and none before", () => {
  const page = setUp();
  const isDue = pacer(() => true, () => {});
  page.isTranslating = true;
  assert.equal(isDue(), false);
  page.isTranslating = false;
  assert.equal(isDue(), true);
});
