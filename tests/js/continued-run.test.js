// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { continuedRun } from "../../static/js/page/continued-run.js";

/** A window whose storage is closed, so that the entry of the browser's history has the session. @param {string|null} earlier */
const windowWith = (earlier) => ({
  get sessionStorage() {
    throw new Error("closed");
  },
  location: { pathname: "/", search: "", hash: "" },
  history: { state: earlier ? { "gan1d session": earlier } : null, replaceState() {} },
  addEventListener() {},
});

/** @param {{earlier?: string|null, addressed?: string|null}} session */
function runWith({ earlier = null, addressed = null }) {
  /** @type {string[]} */
  const sent = [];
  /** @type {string[]} */
  const notices = [];
  const run = continuedRun(/** @type {any} */ (windowWith(earlier)), {
    addressed,
    command: ({ type }) => sent.push(type) > 0,
    notice: (sentence) => void notices.push(sentence),
  });
  return { run, sent, notices };
}

/** @param {{resumed?: boolean, running?: boolean, step?: number}} fields */
const helloOf = ({ resumed = true, running = false, step = 0 }) =>
  /** @type {any} */ ({ session: "b", role: "driver", resumed, playback: { running }, status: { step, playback: { running } } });

test("a reloaded page comes back to its session and says once where the run stands still", () => {
  const { run, sent, notices } = runWith({ earlier: "a" });
  assert.equal(run.session, "a");
  run.onHello(helloOf({ running: true, step: 120 }));
  assert.deepEqual([sent, notices], [["pause"], []]);
  for (let i = 0; i < 2; i += 1) run.onStatus(/** @type {any} */ ({ step: 125, playback: { running: false } }));
  assert.deepEqual(notices, ["Continued at step 125."]);
});

test("a session that is gone is said, and one that the address names is taken before the earlier one", () => {
  const { run, notices } = runWith({ earlier: "a", addressed: "c" });
  assert.equal(run.session, "c");
  run.onHello(helloOf({ resumed: false }));
  assert.match(notices[0], /^The server no longer has the earlier run/);
});

test("a page that is opened anew says nothing", () => {
  const { run, sent, notices } = runWith({});
  assert.equal(run.session, null);
  run.onHello(helloOf({ resumed: false }));
  run.onStatus(/** @type {any} */ ({ step: 5, playback: { running: false } }));
  assert.deepEqual([sent, notices], [[], []]);
});
