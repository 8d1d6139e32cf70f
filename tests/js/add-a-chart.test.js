// @ts-check
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { drawn, makeStore } from "./drawing.js";

const charts = new URL("../../static/js/charts/", import.meta.url);
const tutorial = readFileSync(new URL("../../docs/tutorials/add-a-chart.md", import.meta.url), "utf8");

/** The chart of the tutorial, with its imports resolved from where it would stand. */
async function chartOfTheTutorial() {
  const source = /^```js\n([^]*?)^```/m.exec(tutorial)?.[1] ?? "";
  const resolved = source.replace(/from "(\.[^"]+)"/g, (_, path) => `from ${JSON.stringify(new URL(path, charts).href)}`);
  const folder = mkdtempSync(join(tmpdir(), "chart-"));
  try {
    writeFileSync(join(folder, "surplus.mjs"), resolved);
    return (await import(pathToFileURL(join(folder, "surplus.mjs")).href)).surplus;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the chart of the tutorial draws a frame, and waits without one", async () => {
  const surplus = await chartOfTheTutorial();
  const [full, empty] = [makeStore(), makeStore({ frame: null })].map((store) => drawn(surplus, store).calls.length);
  assert.ok(empty > 10, "axes are drawn");
  assert.ok(full > empty, "and the curve");
  assert.match(surplus.describe(makeStore()), /^Surplus of fakes at step 1240: from \S+ to \S+\.$/);
  assert.match(surplus.describe(makeStore({ frame: null })), /waiting/);
});
