import assert from "node:assert/strict";
import { test } from "node:test";

import { readHash, readOptions, readValue, withOptions, writeHash } from "../../static/js/state/url.js";
import { isChanged, isSame } from "../../static/js/state/config-diff.js";

test("an experiment survives the address bar", () => {
  const changes = {
    seed: 4294967295,
    "toy.pace": 2e-3,
    widths: [16, 8],
    bumps: [{ place: -1.5, size: 1 }],
    loud: true,
    mood: "very calm & loud=1#5%",
    name: "7",
  };
  const hash = writeHash({ preset: "collapse", changes }, "default");
  assert.match(hash, /^preset=collapse&seed=4294967295&toy\.pace=0\.002&widths=\[16,8\]&/);
  assert.deepEqual(readHash(`#${hash}`), { preset: "collapse", changes });
  assert.equal(new URL(`http://x/#${hash}`).hash, `#${hash}`, "browsers leave it as it is");
});

test("only what differs is written, and of the default experiment nothing", () => {
  assert.equal(writeHash({ preset: "default", changes: {} }, "default"), "");
  assert.equal(writeHash({ preset: "default", changes: { seed: 1 } }, "default"), "seed=1");
  assert.equal(readHash("#"), null);
  assert.deepEqual(readHash("#seed=1"), { preset: null, changes: { seed: 1 } });
});

test("a kind stands at its union's path", () => {
  assert.equal(writeHash({ preset: "default", changes: { "toy.kind": "kite" } }, "default"), "toy=kite");
});

test("values are numbers, JSON, or else strings", () => {
  const cases = [["2e-3", 0.002], [".5", 0.5], ["[1,2]", [1, 2]], ["true", true], ["relu", "relu"], ["[1,", "[1,"], ["", ""]];
  for (const [text, value] of cases) assert.deepEqual(readValue(text), value);
});

test("a damaged address is read as far as it goes", () => {
  assert.deepEqual(readHash("#&&seed=%zz&x"), { preset: null, changes: { seed: "%zz", x: "" } });
});

test("a setting is changed by changes in it, a union only by its kind", () => {
  assert.equal(isChanged({ "bumps.1.place": 1 }, { path: "bumps", kind: "modes" }), true);
  assert.equal(isChanged({ "toy.pace": 1 }, { path: "toy", kind: "union" }), false);
  assert.equal(isChanged({ "toy.kind": "kite" }, { path: "toy", kind: "union" }), true);
  assert.equal(isSame({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }), true);
  assert.equal(isSame({ a: 1 }, { b: 1 }), false);
});

const LANGUAGES = (globalThis.navigator?.languages ?? []).join(",");

test("options have calm defaults", () => {
  assert.deepEqual(readOptions(""), {
    embed: false, view: null, autoplay: "off", readonly: false, theme: null, controls: "full", scale: 1, hide: [], session: null, lang: LANGUAGES, notices: [],
  });
});

test("options are read, unknown ones ignored", () => {
  const options = readOptions("?embed=1&view=stage&autoplay=1&theme=dark&hide=loss,generator.hidden&scale=1.5&controls=mini&readonly=1&utm=x&session=s");
  assert.deepEqual(options, {
    embed: true, view: "stage", autoplay: "visible", readonly: true, theme: "dark", controls: "mini", scale: 1.5, hide: ["loss", "generator.hidden"], session: "s", lang: LANGUAGES, notices: [],
  });
});

test("what is out of range is clamped, and said", () => {
  const { scale, theme, embed, notices } = readOptions("?scale=90&theme=pink&embed=maybe");
  assert.deepEqual([scale, theme, embed], [4, null, false]);
  assert.equal(notices.length, 3);
  assert.match(notices[2], /90 in the address became 4/);
});

test("an address changes one option and keeps the rest", () => {
  assert.equal(withOptions("http://h/p/?a=1#x=1", { embed: "1", a: null }, "seed=2"), "http://h/p/?embed=1#seed=2");
  assert.equal(withOptions("http://h/p/?a=1#x=1", { theme: "dark" }), "http://h/p/?a=1&theme=dark#x=1");
});

test("a run may start in sight, with its slide, at once, or not", () => {
  const cases = { "": "off", "?autoplay": "visible", "?autoplay=1": "visible", "?autoplay=0": "off", "?autoplay=slide": "slide", "?autoplay=always": "always" };
  for (const [search, autoplay] of Object.entries(cases)) {
    assert.equal(readOptions(search).autoplay, autoplay);
    assert.deepEqual(readOptions(search).notices, []);
  }
  const wrong = readOptions("?autoplay=soon");
  assert.equal(wrong.autoplay, "off");
  assert.deepEqual(wrong.notices, ["Expected autoplay in the address to be 1, slide, always or 0, but got “soon”."]);
});

test("a link can lead to a step", () => {
  assert.deepEqual(readHash("#seed=3&at=1200"), { preset: null, changes: { seed: 3 }, at: 1200 });
  assert.equal(writeHash({ preset: "default", changes: { seed: 3 }, at: 1200 }, "default"), "seed=3&at=1200");
  assert.equal(writeHash({ preset: "default", changes: {}, at: 0 }, "default"), "");
});

test("a parameter that is not understood is no setting, and a sentence says what was expected", () => {
  const cases = {
    "at=soon": "Expected at in the address to be a step such as 400, but got “soon”.",
    "at=-5": "Expected at in the address to be a step such as 400, but got “-5”.",
    "from=1.5": "Expected from in the address to be a step such as 400, but got “1.5”.",
    "page=last": "Expected page in the address to be a number such as 2, but got “last”.",
    "compare=r1": "Expected compare in the address to be a setting with its value, such as penalty:r1, but got “r1”.",
    "compare=:r1": "Expected compare in the address to be a setting with its value, such as penalty:r1, but got “:r1”.",
  };
  for (const [hash, sentence] of Object.entries(cases)) {
    assert.deepEqual(readHash(hash), { preset: null, changes: {}, notices: [sentence] }, hash);
  }
  assert.equal(readHash("at=soon&from=later")?.notices?.length, 2);
});
