import assert from "node:assert/strict";
import { test } from "node:test";

import { isLog, repeatLog, settingsOf } from "../../static/js/page/file-drop.js";

const LOG = '{"gan1d_log": 1, "config": {}}\n[3, "end", {"digest": "", "diverged": false}]\n';

test("the log of a run is known by its beginning", async () => {
  for (const [text, isOne] of [[LOG, true], ["1 2 3", false], ["", false], ['{"gan1d": 1}', false]]) {
    assert.equal(await isLog(new Blob([text])), isOne, text);
  }
});

test("a log is sent whole, and one that is too long for a message is refused", async () => {
  const sent = [];
  assert.equal(await repeatLog(new Blob([LOG]), (command) => sent.push(command)), "");
  assert.deepEqual(sent, [{ type: "load_log", text: LOG }]);
  // 0.6 million quotation marks are 1.2 million characters in a message.
  const long = await repeatLog(new Blob([LOG, '"'.repeat(600_000)]), (command) => sent.push(command));
  assert.match(long, /too long for this page/);
  assert.equal(sent.length, 1);
});

test("settings are known by both networks, and anything else is left to the reader of numbers", async () => {
  const settings = { seed: 3, generator: { hidden: [8] }, discriminator: {} };
  assert.deepEqual(await settingsOf(new Blob(["\n", JSON.stringify(settings, null, 2)])), settings);
  for (const text of ['{"generator": {}}', '{"x": [1, 2]}', "{1, 2, 3}", "[1, 2]", "1 2 3", ""]) {
    assert.equal(await settingsOf(new Blob([text])), null, text);
  }
  assert.equal(await settingsOf(new Blob([JSON.stringify({ ...settings, target: "x".repeat(2 ** 20) })])), null);
});
