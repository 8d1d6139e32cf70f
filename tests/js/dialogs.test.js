import assert from "node:assert/strict";
import { test } from "node:test";

import { installFakeDom } from "./fake-dom.js";

const make = installFakeDom();
const { mountHelp, mountShare } = await import("../../static/js/page/dialogs.js");

test("what the link promises depends on whether it holds all that was turned", () => {
  const dialog = make("dialog");
  dialog.showModal = () => {};
  let isWhole = true;
  const share = mountShare(dialog, () => ({ link: "http://h/#seed=1", embed: "http://h/?embed=1#seed=1", watch: "http://h/?session=s", isWhole }));
  share.open();
  assert.match(dialog.textContent, /replays this run from step 0\. To watch along/);
  isWhole = false;
  share.open();
  assert.match(dialog.textContent, /begins anew with them; what was changed on the way is not in it\. To watch along/);
  assert.doesNotMatch(dialog.textContent, /replays/);
});

test("the help lists the glossary that the server sent", () => {
  const dialog = make("dialog");
  dialog.showModal = () => {};
  const terms = [
    { page: "seed", textbook: "Seed", meaning: "Decides all chance." },
    { page: "z, noise", textbook: "latent variable", meaning: "The input of G." },
  ];
  mountHelp(dialog, () => [], () => terms).open();
  assert.match(dialog.textContent, /Words and symbols/);
  assert.match(dialog.textContent, /seedDecides all chance\.z, noiseThe input of G\. \(latent variable\)/);
});
