import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { decodeFrame } from "../../static/js/connection/protocol.js";
import { unpackFrames } from "../../static/js/replay/frame-archive.js";

const { packed, scene, frames: right } = JSON.parse(readFileSync(new URL("../golden/archive.json", import.meta.url), "utf8"));
const bytes = () => Uint8Array.from(Buffer.from(packed, "base64"));

test("the frames of an archive are those that Python reads from it", async () => {
  const { steps, frames } = await unpackFrames(bytes(), scene);
  assert.deepEqual(steps, right.map(({ step }) => step));
  frames.forEach((buffer, at) => {
    const { step, scene: number, scalars, arrays } = decodeFrame(buffer, scene);
    assert.equal(step, right[at].step);
    assert.equal(number, scene.scene);
    for (const [name, value] of Object.entries({ ...scalars, ...arrays })) {
      const found = typeof value === "number" ? [value] : [...value];
      const expected = [right[at].values[name]].flat();
      assert.equal(found.length, expected.length);
      found.forEach((got, index) => {
        const given = expected[index];
        if (typeof given === "string") assert.equal(String(got), given);
        else assert.ok(Math.abs(got - given) <= 1e-6 * Math.abs(given), `${name}[${index}]: ${got} for ${given}`);
      });
    }
  });
});

test("an archive that is cut off is refused", async () => {
  await assert.rejects(unpackFrames(bytes().subarray(0, 200), scene));
});

test("an archive with fewer values than its header says is refused", async () => {
  const steps = new TextEncoder().encode('{"steps": [0, 1], "fields": [{"name": "loss_d", "shape": [], "quantum": 0}]}');
  const data = new Uint8Array([steps.length, 0, 0, 0, ...steps, 0]);
  const bad = new Blob([data]).stream().pipeThrough(new CompressionStream("deflate"));
  await assert.rejects(
    unpackFrames(new Uint8Array(await new Response(bad).arrayBuffer()), scene),
    { message: `Expected ${data.length - 1 + 10} bytes of frames, but got ${data.length}.` },
  );
});

test("a field without a place in the layout is refused", async () => {
  const layout = scene.layout.slice(1);
  await assert.rejects(unpackFrames(bytes(), { ...scene, layout }), /Expected the field .* in the layout/);
});
