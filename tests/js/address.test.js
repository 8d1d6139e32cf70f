import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { mountAddress } from "../../static/js/state/address.js";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

const PRESETS = [
  { name: "default", former_names: [] },
  { name: "memorization", former_names: ["learned_by_heart"] },
];

/** A page whose history is a list of addresses, and a store with a server that answers. */
function setUp({ hash = "", start = "default", presets = PRESETS, adds = true } = {}) {
  const entries = [hash];
  const sent = [];
  const notices = [];
  const page = {
    location: {
      get href() {
        return `http://localhost/${entries.at(-1)}`;
      },
      get hash() {
        return entries.at(-1);
      },
    },
    history: {
      state: null,
      pushState: (_state, _title, href) => entries.push(new URL(href).hash),
      replaceState: (_state, _title, href) => (entries[entries.length - 1] = new URL(href).hash),
    },
    addEventListener: (_type, listener) => (page.onHashChange = listener),
    back() {
      entries.pop();
      page.onHashChange();
    },
  };
  const store = { hello: { presets, default_preset: "default", start_preset: start, arithmetic: "0123abcd" }, preset: start, changed: {}, link: null, command: (command) => sent.push(command) > 0 };
  const address = mountAddress(page, store, { adds: () => adds, notice: (sentence) => notices.push(sentence) });
  /** The server sends a config. */
  function become(preset, changed = {}, link = null) {
    Object.assign(store, { preset, changed, link });
    address.schedule();
    mock.timers.tick(300);
  }
  return { page, store, address, entries, sent, notices, become };
}

test("a changed setting rewrites the address, another preset is a new entry", () => {
  const { entries, become } = setUp();
  become("default", { batch_size: 8 });
  assert.deepEqual(entries, ["#batch_size=8"]);
  become("memorization");
  become("memorization", { seed: 3 });
  assert.deepEqual(entries, ["#batch_size=8", "#preset=memorization&seed=3"]);
});

test("Back loads the experiment before, and adds no entry", () => {
  const { page, entries, sent, become } = setUp();
  become("default", { batch_size: 8 });
  become("memorization");
  page.back();
  assert.deepEqual(sent, [{ type: "load_preset", name: "default", changes: { batch_size: 8 } }]);
  become("default", { batch_size: 8 });
  assert.deepEqual(entries, ["#batch_size=8"]);
});

test("in a frame nothing is added", () => {
  const { entries, become } = setUp({ adds: false });
  become("memorization");
  assert.deepEqual(entries, ["#preset=memorization"]);
});

test("a link with a former name, or with an unknown one, is rewritten in its place", () => {
  for (const hash of ["#preset=learned_by_heart", "#preset=unknown"]) {
    const { entries, address, notices, become } = setUp({ hash });
    address.restore();
    become(notices.length > 0 ? "default" : "memorization");
    assert.equal(entries.length, 1);
    assert.equal(notices.length, hash === "#preset=unknown" ? 1 : 0);
  }
});

test("the address of a link stays until the server has answered", () => {
  const { entries, address, sent } = setUp({ hash: "#seed=5" });
  address.schedule();
  address.restore();
  mock.timers.tick(10_000);
  assert.deepEqual(entries, ["#seed=5"]);
  assert.deepEqual(sent, [{ type: "load_preset", name: "default", changes: { seed: 5 } }]);
});

test("a link without a preset means what the server began with", () => {
  const presets = [{ name: "data", former_names: [] }, ...PRESETS];
  const { entries, address, sent, become } = setUp({ hash: "#seed=5", start: "data", presets });
  address.restore();
  assert.deepEqual(sent, [{ type: "load_preset", name: "data", changes: { seed: 5 } }]);
  // The link holds the numbers, so that it shows them on any server.
  become("data", { seed: 5 }, { "target.kind": "samples", "target.values": [1, 2], seed: 5 });
  assert.deepEqual(entries, ["#target=samples&target.values=[1,2]&seed=5"]);
  become("default");
  assert.equal(entries.at(-1), "#preset=default");
});

test("the preset that a server began with is in its links", () => {
  const { entries, become } = setUp({ start: "memorization" });
  become("memorization");
  assert.deepEqual(entries, ["#preset=memorization"]);
  become("default", { seed: 2 });
  assert.deepEqual(entries, ["#preset=memorization", "#preset=default&seed=2"]);
});

test("a link for others says where it was made, and one from elsewhere is announced", () => {
  const { address } = setUp();
  assert.equal(address.hash(), "");
  assert.equal(address.hash(0, true), "made=0123abcd");
  assert.equal(address.hash(40, true), "at=40&made=0123abcd");
  for (const [hash, count] of /** @type {const} */ ([["#made=0123abcd", 0], ["#made=ffff0000", 1], ["#preset=memorization&made=ffff0000", 1], ["", 0]])) {
    const page = setUp({ hash });
    page.address.restore();
    assert.equal(page.notices.length, count, hash);
    if (count) assert.match(page.notices[0], /the same experiment, and its run may take another course/);
  }
});

test("a parameter that is not understood is said, and the rest of the link is loaded", () => {
  const { address, notices, sent } = setUp({ hash: "#seed=5&at=soon" });
  address.restore();
  assert.deepEqual(notices, ["Expected at in the address to be a step such as 400, but got “soon”."]);
  assert.deepEqual(sent, [{ type: "load_preset", name: "default", changes: { seed: 5 } }]);
  const alone = setUp({ hash: "#at=soon" });
  alone.address.restore();
  assert.equal(alone.notices.length, 1);
  assert.deepEqual(alone.sent, []);
});
