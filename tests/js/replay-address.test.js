import assert from "node:assert/strict";
import { test } from "node:test";

import { mountReplayAddress } from "../../static/js/replay/replay-address.js";

/** What a recording with this address seeks, and says. */
function open(hash) {
  const sought = [];
  const notices = [];
  const page = { location: { hash, pathname: "/run.html" }, addEventListener() {} };
  const store = { seek: (step) => sought.push(step), status: { step: 7 } };
  const address = mountReplayAddress(page, store, { notice: (sentence) => notices.push(sentence) });
  address.restore();
  return { sought, notices, address };
}

test("the address of a recording leads to a step", () => {
  assert.deepEqual(open("#at=900").sought, [900]);
  assert.deepEqual(open("").sought, []);
  assert.equal(open("").address.link(), "run.html#at=7");
});

test("a step that is not understood is said", () => {
  const { sought, notices } = open("#at=soon");
  assert.deepEqual(sought, []);
  assert.deepEqual(notices, ["Expected at in the address to be a step such as 400, but got “soon”."]);
});
