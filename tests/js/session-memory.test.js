import assert from "node:assert/strict";
import { test } from "node:test";

import { rememberSession } from "../../static/js/connection/session-memory.js";

/** A page with what the browser keeps across a reload. */
function pageOf({ stored = new Map(), state = null, hash = "#seed=5", hasStorage = true, frames = null } = {}) {
  const listeners = {};
  const page = {
    stored,
    location: { pathname: "/", search: "", hash },
    history: { state, replaceState: (value) => (page.history.state = value) },
    addEventListener: (type, listener) => (listeners[type] = listener),
    leave: () => listeners.pagehide(),
    comeBack: (persisted) => listeners.pageshow({ persisted }),
    get sessionStorage() {
      if (!hasStorage) throw new DOMException("denied", "SecurityError");
      return { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value), removeItem: (key) => stored.delete(key) };
    },
  };
  page.parent = frames ?? page;
  if (frames) frames.push(page);
  return page;
}

/** The session that a page remembers, when it then has this one. */
function visit(page, session) {
  const { earlier, keep } = rememberSession(page);
  keep(session);
  return earlier;
}

for (const hasStorage of [true, false]) {
  const kept = hasStorage ? "in the storage" : "without access to the storage";
  test(`a page that is loaded again finds its session, ${kept}`, () => {
    const before = pageOf({ hasStorage });
    assert.equal(visit(before, "abc"), null);
    before.leave();
    const after = pageOf({ hasStorage, stored: before.stored, state: before.history.state });
    assert.equal(visit(after, "abc"), "abc");
  });

  test(`a page whose appearance was changed finds its session, ${kept}`, () => {
    const before = pageOf({ hasStorage });
    visit(before, "abc");
    before.location.search = "?theme=dark";
    before.leave();
    const after = pageOf({ hasStorage, stored: before.stored, state: before.history.state });
    after.location.search = "?theme=dark";
    assert.equal(visit(after, "abc"), "abc");
  });
}

test("another experiment in the address is another session", () => {
  const before = pageOf();
  visit(before, "abc");
  before.leave();
  assert.equal(visit(pageOf({ stored: before.stored, hash: "#seed=6" }), "abc"), null);
});

test("a duplicated tab begins a session of its own", () => {
  const before = pageOf();
  visit(before, "abc");
  before.leave();
  const after = pageOf({ stored: before.stored });
  visit(after, "abc");
  assert.equal(visit(pageOf({ stored: new Map(after.stored) }), "def"), null);
  after.leave();
  after.comeBack(true);
  assert.equal(visit(pageOf({ stored: new Map(after.stored) }), "def"), null);
});

test("a page that watches has no session to come back to", () => {
  const before = pageOf();
  visit(before, null);
  before.leave();
  assert.equal(before.stored.size, 0);
});

test("each frame of a deck comes back to its own session", () => {
  const stored = new Map();
  const deck = () => {
    const frames = [];
    return [1, 2].map(() => pageOf({ stored, frames, hash: "" }));
  };
  deck().forEach((page, index) => {
    visit(page, `session ${index}`);
    page.leave();
  });
  assert.deepEqual(deck().map((page) => visit(page, "")), ["session 0", "session 1"]);
});
