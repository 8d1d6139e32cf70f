// @ts-check
/** Reads many frames of one scene from few bytes, as `gan1d/recording/frame_archive.py` writes and describes them. */

/** @import {SceneFields} from "../connection/wire.js" */
/** @typedef {{name: string, shape: number[], quantum: number, unit: number, along_frames: number, along_values: number}} Field */

/** What the byte of a value stands for; 0 for a number. */
const SPECIAL = [0, NaN, Infinity, -Infinity];
/** Bytes of a value in the archive: one for what is no number, and four. */
const VALUE_BYTES = 5;
const MOST_FRAMES = 2400;
/** The most bytes that are unpacked, so that no small file fills the memory. */
const LARGEST_SIZE = 2 ** 27;

/** The bytes are not a recording that this page can show. The message is a sentence for the reader. */
export class ArchiveError extends Error {
  /** @param {string} found */
  constructor(found) {
    super(`This recording cannot be shown: ${found} Copy or download the file again, or make it again with this version of gan1d.`);
    this.name = "ArchiveError";
  }
}

/**
 * Undo the compression (deflate, RFC 1950).
 * @param {Uint8Array} packed
 * @param {number} [most] bytes
 * @returns {Promise<Uint8Array>}
 */
export async function inflate(packed, most = LARGEST_SIZE) {
  const reader = new Blob([/** @type {any} */ (packed)]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  // The stream fails where its input is damaged, and nowhere else.
  const read = () => reader.read().catch(() => {
    throw new ArchiveError("its data are damaged or cut off.");
  });
  const parts = [];
  let size = 0;
  for (let part = await read(); !part.done; part = await read()) {
    size += part.value.length;
    if (size > most) {
      await reader.cancel();
      throw new ArchiveError(`it has more than ${most} bytes.`);
    }
    parts.push(part.value);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * @param {Uint8Array} packed
 * @param {Pick<SceneFields, "scene"|"layout"|"frame_bytes">} scene the scene of all frames
 * @returns {Promise<{steps: number[], frames: ArrayBuffer[]}>} frames as the server sends them
 */
export async function unpackFrames(packed, scene) {
  const data = await inflate(packed);
  const { start, steps, fields } = readHeader(data);
  const expected = VALUE_BYTES * steps.length * fields.reduce((sum, { name }) => sum + sizeOf(entryOf(scene, name)), 0);
  if (start + expected !== data.length) throw new ArchiveError(`it has ${data.length - start} bytes of values instead of ${expected}.`);
  const frames = steps.map((step) => emptyFrame(step, scene));
  let offset = start;
  for (const field of fields) {
    const entry = entryOf(scene, field.name);
    const size = sizeOf(entry);
    const end = offset + VALUE_BYTES * size * steps.length;
    const values = valuesOf(data.subarray(offset, end), field, steps.length, size);
    frames.forEach((frame, at) => {
      new Float32Array(frame, entry.offset, size).set(values.subarray(at * size, (at + 1) * size));
    });
    offset = end;
  }
  return { steps, frames };
}

/**
 * @param {Uint8Array} data
 * @returns {{start: number, steps: number[], fields: Field[]}} `start`: where the values begin
 */
function readHeader(data) {
  const start = 4 + (data.length >= 4 ? new DataView(data.buffer).getUint32(0, true) : 0);
  let header;
  try {
    header = JSON.parse(new TextDecoder().decode(data.subarray(4, start)));
  } catch {
    throw new ArchiveError("its list of steps is damaged.");
  }
  const { steps, fields } = header ?? {};
  const isStep = (/** @type {unknown} */ step, /** @type {number} */ at) => Number.isSafeInteger(step) && Number(step) > (at ? steps[at - 1] : -1);
  if (!Array.isArray(steps) || steps.length < 1 || steps.length > MOST_FRAMES || !steps.every(isStep)) {
    throw new ArchiveError("its list of steps is damaged.");
  }
  if (!Array.isArray(fields) || !fields.every(isField)) throw new ArchiveError("its list of values is damaged.");
  return { start, steps, fields };
}

/** @param {any} field */
function isField(field) {
  const isSize = (/** @type {unknown} */ size) => Number.isFinite(size) && Number(size) >= 0;
  const isOrder = (/** @type {unknown} */ order) => order === 0 || order === 1 || order === 2;
  return typeof field?.name === "string" && isSize(field.quantum) && isSize(field.unit) && isOrder(field.along_frames) && isOrder(field.along_values);
}

/** @param {Pick<SceneFields, "layout">} scene @param {string} name */
function entryOf({ layout }, name) {
  const entry = layout.find((one) => one.name === name);
  if (!entry) throw new ArchiveError(`its values “${name.slice(0, 40)}” have no place in a picture.`);
  return entry;
}

/** @param {{shape: number[]}} entry */
const sizeOf = ({ shape }) => shape.reduce((product, extent) => product * extent, 1);

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
  for (let i = 0; i < count; i++) if (part[i]) values[i] = SPECIAL[part[i]] ?? NaN;
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
