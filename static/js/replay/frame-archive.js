// @ts-check
/** Reads many frames of one scene from few bytes, as `gan1d/recording/frame_archive.py` writes and describes them. */

/** @import {SceneFields} from "../connection/wire.js" */
/** @typedef {{name: string, shape: number[], quantum: number, unit: number, along_frames: number, along_values: number}} Field */

/** What the byte of a value stands for; 0 for a number. */
const SPECIAL = [0, NaN, Infinity, -Infinity];
/** Bytes of a value in the archive: one for what is no number, and four. */
const VALUE_BYTES = 5;

/**
 * @param {Uint8Array} packed
 * @param {Pick<SceneFields, "scene"|"layout"|"frame_bytes">} scene the scene of all frames
 * @returns {Promise<{steps: number[], frames: ArrayBuffer[]}>} frames as the server sends them
 */
export async function unpackFrames(packed, scene) {
  const stream = new Blob([/** @type {any} */ (packed)]).stream().pipeThrough(new DecompressionStream("deflate"));
  const data = new Uint8Array(await new Response(stream).arrayBuffer());
  const start = 4 + new DataView(data.buffer).getUint32(0, true);
  /** @type {{steps: number[], fields: Field[]}} */
  const { steps, fields } = JSON.parse(new TextDecoder().decode(data.subarray(4, start)));
  const frames = steps.map((step) => emptyFrame(step, scene));
  let offset = start;
  for (const field of fields) {
    const entry = scene.layout.find(({ name }) => name === field.name);
    if (!entry) throw new Error(`Expected the field ${field.name} in the layout, but it is missing.`);
    const size = entry.shape.reduce((product, extent) => product * extent, 1);
    const end = offset + VALUE_BYTES * size * steps.length;
    if (end > data.length) throw new Error(`Expected ${end} bytes of frames, but got ${data.length}.`);
    const values = valuesOf(data.subarray(offset, end), field, steps.length, size);
    frames.forEach((frame, at) => {
      new Float32Array(frame, entry.offset, size).set(values.subarray(at * size, (at + 1) * size));
    });
    offset = end;
  }
  return { steps, frames };
}

/**
 * A frame of zeros, with its header.
 * @param {number} step
 * @param {Pick<SceneFields, "scene"|"frame_bytes">} scene
 */
function emptyFrame(step, { scene, frame_bytes: bytes }) {
  const view = new DataView(new ArrayBuffer(bytes));
  [..."GAN1"].forEach((letter, at) => view.setUint8(at, letter.charCodeAt(0)));
  view.setUint16(4, 1, true);
  view.setUint16(6, scene & 0xffff, true);
  view.setBigUint64(8, BigInt(step), true);
  return view.buffer;
}

/**
 * The values of one field, frame by frame.
 * @param {Uint8Array} part
 * @param {Field} field
 * @param {number} frames
 * @param {number} size values of one frame
 * @returns {Float32Array}
 */
function valuesOf(part, field, frames, size) {
  const count = frames * size;
  const words = new Uint32Array(count);
  for (let plane = 0; plane < 4; plane++) {
    for (let i = 0; i < count; i++) words[i] |= part[(plane + 1) * count + i] << (8 * plane);
  }
  const values = field.quantum === 0 ? exactValues(words, size) : roundedValues(words, field, size);
  for (let i = 0; i < count; i++) if (part[i]) values[i] = SPECIAL[part[i]];
  return values;
}

/** @param {Uint32Array} words @param {number} size */
function exactValues(words, size) {
  for (let i = size; i < words.length; i++) words[i] ^= words[i - size];
  return new Float32Array(words.buffer);
}

/** @param {Uint32Array} words @param {Field} field @param {number} size */
function roundedValues(words, { quantum, unit, along_frames: alongFrames, along_values: alongValues }, size) {
  const whole = Float64Array.from(words, (word) => (word % 2 ? -(word + 1) / 2 : word / 2));
  for (let order = 0; order < alongValues; order++) {
    for (let i = 0; i < whole.length; i++) if (i % size) whole[i] += whole[i - 1];
  }
  for (let order = 0; order < alongFrames; order++) {
    for (let i = size; i < whole.length; i++) whole[i] += whole[i - size];
  }
  return Float32Array.from(whole, (value) => (unit ? unit * Math.sinh(value * quantum) : value * quantum));
}
