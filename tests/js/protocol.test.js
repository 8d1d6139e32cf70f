import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { decodeFrame, decodeMessage, encodeCommand, isStale, ProtocolError } from "../../static/js/connection/protocol.js";

const scene = {
  scene: 3,
  run: 1,
  frame_bytes: 32,
  layout: [
    { name: "loss", shape: [], offset: 16 },
    { name: "curve", shape: [3], offset: 20, axis: "grid" },
  ],
};

// "GAN1", version 1, scene 3, step 2^32 + 2; then 0.5, 1, −2 and NaN as float32. Written by hand, least significant byte first.
const BYTES = [
  0x47, 0x41, 0x4e, 0x31, 0x01, 0x00, 0x03, 0x00, 0x02, 0, 0, 0, 0x01, 0, 0, 0,
  0x00, 0x00, 0x00, 0x3f, 0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0xc0, 0x00, 0x00, 0xc0, 0x7f,
];
const bytes = (changes = {}) => new Uint8Array(Object.assign([...BYTES], changes)).buffer;

test("a frame is read from its literal bytes", () => {
  const frame = decodeFrame(bytes(), scene);
  assert.equal(frame.step, 4294967298);
  assert.equal(frame.scene, 3);
  assert.deepEqual(frame.scalars, { loss: 0.5 });
  assert.deepEqual([...frame.arrays.curve], [1, -2, NaN]);
});

test("a value is its origin plus its factor times the number, in double precision", () => {
  const [loss, curve] = scene.layout;
  const layout = [{ ...loss, origin: 0, factor: 4 }, { ...curve, origin: 1e6, factor: 0.001 }];
  const frame = decodeFrame(bytes(), { ...scene, layout });
  assert.deepEqual(frame.scalars, { loss: 2 });
  // Single precision would have 1000000 for both.
  assert.deepEqual([...frame.arrays.curve], [1000000.001, 999999.998, NaN]);
});

test("arrays are views on the bytes that arrived", () => {
  const buffer = bytes();
  const { curve } = decodeFrame(buffer, scene).arrays;
  assert.equal(curve.buffer, buffer);
  assert.equal(curve.byteOffset, 20);
});

test("each damage has its own sentence", () => {
  const damages = [
    [new ArrayBuffer(7), /at least 16 bytes, but got 7/],
    [bytes({ 0: 0x50 }), /begins with "GAN1", but got "PAN1"/],
    [bytes({ 4: 2 }), /version 1, but got version 2/],
    [bytes({ 6: 4 }), /scene 3, but got one of scene 4/],
    [bytes().slice(0, 28), /32 bytes, but got 28/],
  ];
  for (const [buffer, sentence] of damages) {
    assert.throws(() => decodeFrame(buffer, scene), (error) => error instanceof ProtocolError && sentence.test(error.message));
  }
});

test("a frame of another scene is stale, also where the scene's number outgrew its 16 bits", () => {
  assert.equal(isStale(bytes(), scene), false);
  assert.equal(isStale(bytes({ 6: 4 }), scene), true);
  assert.equal(isStale(bytes(), { ...scene, scene: 65536 + 3 }), false);
});

test("messages are JSON objects with a type", () => {
  assert.deepEqual(decodeMessage('{"type":"status","step":1}'), { type: "status", step: 1 });
  assert.throws(() => decodeMessage("<html>"), /Expected JSON/);
  assert.throws(() => decodeMessage("[1]"), /with a type/);
  assert.throws(() => decodeMessage("null"), /with a type/);
});

test("commands are JSON", () => {
  assert.equal(encodeCommand({ type: "set", path: "a.b", value: [1, 2] }), '{"type":"set","path":"a.b","value":[1,2]}');
});

const golden = new URL("../golden/", import.meta.url);
const isThere = existsSync(new URL("hello.json", golden)) && existsSync(new URL("frame.bin", golden));

test("the server's own hello and frame are understood", { skip: isThere ? false : "no golden files yet" }, () => {
  const hello = JSON.parse(readFileSync(new URL("hello.json", golden), "utf8"));
  const file = readFileSync(new URL("frame.bin", golden));
  const buffer = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
  const frame = decodeFrame(buffer, hello);
  assert.equal(frame.scene, hello.scene);
  for (const { name, shape } of hello.layout) {
    if (shape.length === 0) assert.equal(typeof frame.scalars[name], "number", name);
    else assert.equal(frame.arrays[name].length, shape.reduce((a, b) => a * b, 1), name);
  }
  assert.equal(frame.arrays.fake_density.length, hello.grid.length);
  assert.ok(frame.arrays.fake_density.every((value) => Number.isFinite(value) && value >= 0));
});
