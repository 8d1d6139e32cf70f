// @ts-check
/**
 * The wire format: binary frames are decoded as views on the received bytes, commands are encoded as JSON.
 * The layout of frames comes from the server, so new arrays need no change here.
 */

export const PROTOCOL = 1;
export const SUBPROTOCOL = "gan1d.v1";

const MAGIC = "GAN1";
const HEADER_BYTES = 16;
/** The number of the look at an earlier step, and the mark of a second run, stand above the 48 bits of the step. */
const LOOK_OFFSET = 14;
const SECOND = 0x8000;

/** @import {Frame} from "../charts/types.js" */
/** @import {Command, Event, SceneFields} from "./wire.js" */

/** The server sent something that this page cannot read. The message is a sentence for the reader. */
export class ProtocolError extends Error {
  /** @param {string} sentence */
  constructor(sentence) {
    super(sentence);
    this.name = "ProtocolError";
  }
}

/**
 * The number of the scene as the header can hold it (16 bits).
 * @param {number} scene
 * @returns {number}
 */
const wireScene = (scene) => scene & 0xffff;

/**
 * Whether a frame belongs to another scene than the present one: it was on its way when the scene changed, and is dropped.
 * @param {ArrayBuffer} buffer
 * @param {Pick<SceneFields, "scene"|"layout"|"frame_bytes">} scene
 * @returns {boolean}
 */
export function isStale(buffer, scene) {
  return buffer.byteLength >= HEADER_BYTES && new DataView(buffer).getUint16(6, true) !== wireScene(scene.scene);
}

/**
 * The number of the look at an earlier step to which a frame belongs; 0 for a frame of the present step.
 * @param {ArrayBuffer} buffer
 */
export function lookOf(buffer) {
  return markOf(buffer) & ~SECOND;
}

/** Whether a frame is of the second of two runs that are compared. @param {ArrayBuffer} buffer */
export function isSecond(buffer) {
  return markOf(buffer) >= SECOND;
}

/** @param {ArrayBuffer} buffer */
function markOf(buffer) {
  return buffer.byteLength >= HEADER_BYTES ? new DataView(buffer).getUint16(LOOK_OFFSET, true) : 0;
}

/**
 * @param {ArrayBuffer} buffer one binary message
 * @param {Pick<SceneFields, "scene"|"layout"|"frame_bytes">} scene the scene that its layout belongs to
 * @returns {Frame} its arrays are views on the buffer, or values in units of x
 */
export function decodeFrame(buffer, scene) {
  const view = new DataView(buffer);
  checkHeader(view, scene);
  /** @type {Frame} */
  const frame = { step: view.getUint32(8, true) + 2 ** 32 * view.getUint16(12, true), scene: scene.scene, scalars: {}, arrays: {} };
  for (const { name, shape, offset, origin = 0, factor = 1 } of scene.layout) {
    const isPlain = origin === 0 && factor === 1;
    if (shape.length === 0) {
      frame.scalars[name] = origin + factor * view.getFloat32(offset, true);
    } else {
      const numbers = new Float32Array(buffer, offset, shape.reduce((size, extent) => size * extent, 1));
      // Single precision cannot hold a place on an axis from 999,999 to 1,000,001, so these become doubles.
      frame.arrays[name] = isPlain ? numbers : Float64Array.from(numbers, (number) => origin + factor * number);
    }
  }
  return frame;
}

/**
 * @param {DataView} view
 * @param {Pick<SceneFields, "scene"|"layout"|"frame_bytes">} scene
 */
function checkHeader(view, scene) {
  const length = view.byteLength;
  if (length < HEADER_BYTES) {
    throw new ProtocolError(`Expected a frame of at least ${HEADER_BYTES} bytes, but got ${length}.`);
  }
  const magic = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset, MAGIC.length));
  if (magic !== MAGIC) {
    throw new ProtocolError(`Expected a frame that begins with "${MAGIC}", but got ${JSON.stringify(magic)}.`);
  }
  const version = view.getUint16(4, true);
  if (version !== PROTOCOL) {
    throw new ProtocolError(`Expected frames of version ${PROTOCOL}, but got version ${version}.`);
  }
  if (view.getUint16(6, true) !== wireScene(scene.scene)) {
    throw new ProtocolError(`Expected a frame of scene ${scene.scene}, but got one of scene ${view.getUint16(6, true)}.`);
  }
  if (length !== scene.frame_bytes) {
    throw new ProtocolError(`Expected a frame of ${scene.frame_bytes} bytes, but got ${length}.`);
  }
}

/**
 * @param {string} text one text message
 * @returns {Event}
 */
export function decodeMessage(text) {
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    throw new ProtocolError("Expected JSON from the server, but got something else.");
  }
  if (typeof message?.type !== "string") throw new ProtocolError("Expected a message with a type, but got none.");
  return message;
}

/**
 * @param {Command} command
 * @returns {string}
 */
export function encodeCommand(command) {
  return JSON.stringify(command);
}
