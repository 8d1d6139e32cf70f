import assert from "node:assert/strict";
import { test } from "node:test";

import { installFakeDom } from "./fake-dom.js";

const make = installFakeDom();
const { forOtherDevices, mountHelp, mountShare } = await import("../../static/js/page/dialogs.js");

test("the description of the link depends on whether it repeats the run", () => {
  const dialog = make("dialog");
  dialog.showModal = () => {};
  let isWhole = true;
  const share = mountShare(dialog, () => ({ link: "http://h/#seed=1", embed: "http://h/?embed=1#seed=1", watch: "http://h/?session=s", isWhole }));
  share.open();
  assert.match(dialog.textContent, /replays this run from step 0: number for number on the same kind of processor\. The second link shows this run live/);
  isWhole = false;
  share.open();
  assert.match(dialog.textContent, /starts a new run with them; earlier settings of this run are not in it\. The second link/);
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

test("the link to watch says who can open it", () => {
  const here = "http://127.0.0.1:8765/gan/?session=watch-abc";
  assert.deepEqual(forOtherDevices(here, "192.168.1.5"), {
    href: "http://192.168.1.5:8765/gan/?session=watch-abc",
    reach: "Every device on the network of this computer can open it.",
  });
  for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
    const { href, reach } = forOtherDevices(here.replace("127.0.0.1", host), null);
    assert.equal(href, here.replace("127.0.0.1", host));
    assert.match(reach, /^Only this computer can open it\. .*gan1d --host 0\.0\.0\.0/);
  }
  const there = "https://gan.example.org/?session=watch-abc";
  assert.deepEqual(forOtherDevices(there, "10.0.0.2"), { href: there, reach: "" });
});
