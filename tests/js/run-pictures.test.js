// @ts-nocheck
import assert from "node:assert/strict";
import { test } from "node:test";

import { installFakeDom } from "./fake-dom.js";

installFakeDom();
const { runPicturesSection } = await import("../../static/js/page/run-pictures.js");

const settle = () => new Promise((done) => setTimeout(done, 5));

/** @param {(request: any, signal: AbortSignal, onProgress: (share: number) => void) => Promise<any>} make */
function setUp(make, last = 600) {
  const page = { activeElement: null };
  const { section, refresh } = runPicturesSection(page, { preset: "hinge", timeline: null, status: { step: last } }, {}, make);
  refresh();
  const find = (id) => section.querySelector(`[id="${id}"]`);
  for (const id of ["picture-from", "picture-to", "strip-count", "film-every"]) find(id).focus = () => {};
  const press = (label) => section.querySelector(`[aria-label="${label}"]`).fire("click");
  const cancel = section.querySelectorAll("button").find((button) => button.textContent === "Cancel");
  return { find, press, cancel, progress: section.querySelector("progress"), said: section.querySelector(".share-said") };
}

test("the whole run is the stretch, and a film has about 200 frames", () => {
  const { find } = setUp(() => assert.fail());
  assert.deepEqual(["picture-from", "picture-to", "strip-count", "film-every"].map((id) => find(id).value), ["0", "600", "4", "3"]);
});

test("numbers that do not fit are refused in a sentence", async () => {
  const { find, press, said } = setUp(() => assert.fail());
  find("picture-to").value = "601";
  press("Map, PNG");
  assert.equal(said.textContent, "Expected “to step” to be a whole number from 1 to 600, but got \"601\".");
  find("picture-to").value = "600";
  find("strip-count").value = "1";
  press("Strip, SVG");
  assert.equal(said.textContent, "Expected “steps” to be a whole number from 2 to 12, but got \"1\".");
  const young = setUp(() => assert.fail(), 0);
  young.press("Map, PNG");
  assert.equal(young.said.textContent, "The run has one step so far. Press Play first.");
});

test("progress is shown, and the work can be cancelled", async () => {
  const seen = [];
  const { press, cancel, progress, said } = setUp((request, signal, onProgress) => {
    seen.push(request);
    onProgress(0.25);
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("Cancelled."))));
  });
  press("Film, GIF");
  assert.deepEqual([cancel.hidden, progress.hidden, progress.value], [false, false, 0.25]);
  press("Map, PNG");
  assert.equal(seen.length, 1, "one at a time");
  assert.deepEqual([seen[0].kind, seen[0].format, seen[0].from, seen[0].to, seen[0].every], ["film", "gif", 0, 600, 3]);
  cancel.onclick();
  await settle();
  assert.deepEqual([said.textContent, cancel.hidden, progress.hidden], ["Cancelled.", true, true]);
});

test("what fails is said", async () => {
  const { press, said } = setUp(async () => {
    throw new Error("The connection was lost, so the picture was not made.");
  });
  press("Strip, PNG");
  await settle();
  assert.equal(said.textContent, "The connection was lost, so the picture was not made.");
});
