import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { decodeFrame } from "../../static/js/connection/protocol.js";
import { ArchiveError, inflate, unpackFrames } from "../../static/js/replay/frame-archive.js";

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
  await assert.rejects(unpackFrames(bytes().subarray(0, 200), scene), /cannot be shown: its data are damaged or cut off/);
});

/** @param {string} header @param {number[]} values */
async function archiveOf(header, values = []) {
  const text = new TextEncoder().encode(header);
  const data = new Uint8Array([text.length & 255, text.length >> 8, 0, 0, ...text, ...values]);
  return new Uint8Array(await new Response(new Blob([data]).stream().pipeThrough(new CompressionStream("deflate"))).arrayBuffer());
}

const FIELD = { name: "loss_d", shape: [], quantum: 0, unit: 0, along_frames: 0, along_values: 0 };

test("an archive with fewer or more values than its header says is refused", async () => {
  for (const values of [[0], Array(11).fill(0)]) {
    const archive = await archiveOf(JSON.stringify({ steps: [0, 1], fields: [FIELD] }), values);
    await assert.rejects(unpackFrames(archive, scene), { name: "ArchiveError", message: new RegExp(`it has ${values.length} bytes of values instead of 10`) });
  }
});

test("a header that is none, too long, out of order or without its numbers is refused", async () => {
  const headers = [
    "", "null", "{", "[]", '{"steps": [], "fields": []}', '{"steps": [1, 0], "fields": []}', '{"steps": [0.5], "fields": []}',
    '{"steps": [0], "fields": [{"name": "loss_d"}]}', '{"steps": [0], "fields": [null]}', '{"steps": 5, "fields": []}',
    JSON.stringify({ steps: [...Array(2401).keys()], fields: [] }),
    JSON.stringify({ steps: [0], fields: [{ ...FIELD, along_values: 1e9 }] }),
  ];
  for (const header of headers) await assert.rejects(unpackFrames(await archiveOf(header), scene), ArchiveError, header.slice(0, 60));
});

test("a field without a place in the layout is refused", async () => {
  const layout = scene.layout.slice(1);
  await assert.rejects(unpackFrames(bytes(), { ...scene, layout }), /its values “loss_d” have no place in a picture/);
});

test("a small file that would fill the memory is refused", async () => {
  const bomb = new Blob([new Uint8Array(3000)]).stream().pipeThrough(new CompressionStream("deflate"));
  await assert.rejects(inflate(new Uint8Array(await new Response(bomb).arrayBuffer()), 2999), /it has more than 2999 bytes/);
});

test("damaged bytes are refused with a sentence, or give frames of the right size", async () => {
  let seed = 1;
  const random = (/** @type {number} */ below) => (seed = (seed * 48271) % 2147483647) % below;
  let refused = 0;
  for (let trial = 0; trial < 300; trial++) {
    const damaged = bytes();
    for (let change = random(3); change >= 0; change--) damaged[random(damaged.length)] = random(256);
    try {
      const { frames } = await unpackFrames(damaged, scene);
      assert.ok(frames.every(({ byteLength }) => byteLength === scene.frame_bytes));
    } catch (error) {
      assert.ok(error instanceof ArchiveError, `trial ${trial}: ${error}`);
      refused += 1;
    }
  }
  assert.ok(refused > 250);
});
