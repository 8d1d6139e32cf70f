// @ts-check
/** What a recording holds, read from the page and checked: its description and the frames of its scenes. */

import { PROTOCOL } from "../connection/protocol.js";
import { ArchiveError, inflate, unpackFrames } from "./frame-archive.js";

/** @import {Hello, SceneFields} from "../connection/wire.js" */
/** @typedef {{scene: SceneFields, steps: number[], frames: ArrayBuffer[]}} Part frames of one scene */

const REPLAY_VERSION = 1;
const LARGEST_FRAME = 2 ** 22;
/** The most bytes of all frames. */
const LARGEST_REPLAY = 2 ** 28;
const MOST_ENTRIES = 20_000;

/**
 * The recording in this page.
 * @param {Document} page
 * @returns {{recording: string, frames: string[]}}
 */
export function recordingIn(page) {
  const block = (/** @type {string} */ name) => [...page.querySelectorAll(`[data-block="${name}"]`)].map((node) => node.textContent ?? "");
  return { recording: block("recording")[0] ?? "", frames: block("frames") };
}

/** @param {string} base64 */
function bytesOf(base64) {
  let text;
  try {
    text = atob(base64);
  } catch {
    throw new ArchiveError("its data are damaged.");
  }
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/**
 * Everything but the frames, checked as far as the size and the place of each value are concerned.
 * @param {string} base64
 */
export async function readContent(base64) {
  const text = new TextDecoder().decode(await inflate(bytesOf(base64)));
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new ArchiveError("its description is damaged.");
  }
  const version = content?.gan1d_replay;
  if (version !== REPLAY_VERSION) throw new ArchiveError(`it has version ${String(version).slice(0, 20)}, but this page reads version ${REPLAY_VERSION}.`);
  const { hello, scenes, configs, diagnoses } = content;
  const isList = (/** @type {any} */ entries) =>
    Array.isArray(entries) && entries.length <= MOST_ENTRIES && entries.every((entry) => Array.isArray(entry) && Number.isFinite(entry[0]));
  const isWhole = hello?.protocol === PROTOCOL && Array.isArray(scenes) && [hello, ...scenes].every(isScene) && [configs, diagnoses].every(isList) && [hello.bookmarks, hello.diagnosis_marks, hello.marks].every(Array.isArray);
  if (!isWhole) throw new ArchiveError("its description is damaged.");
  return content;
}

/** Whether each value of a frame has a place in it. @param {any} scene */
function isScene(scene) {
  const bytes = scene?.frame_bytes;
  if (!Number.isInteger(bytes) || bytes < 16 || bytes > LARGEST_FRAME || bytes % 4 || !Array.isArray(scene.layout)) return false;
  return scene.layout.every((/** @type {any} */ entry) => {
    const { name, shape, offset } = entry ?? {};
    if (typeof name !== "string" || !Array.isArray(shape) || shape.length > 2 || !Number.isInteger(offset) || offset < 16 || offset % 4) return false;
    const isExtent = (/** @type {unknown} */ extent) => Number.isInteger(extent) && Number(extent) >= 0 && Number(extent) <= LARGEST_FRAME;
    return shape.every(isExtent) && offset + 4 * shape.reduce((size, extent) => size * extent, 1) <= bytes;
  });
}

/**
 * The frames of each scene.
 * @param {any} content
 * @param {string[]} archives the frames of each scene, in base64
 * @returns {Promise<Part[]>}
 */
export async function readParts({ hello, scenes }, archives) {
  const all = [hello, ...scenes];
  if (all.length !== archives.length) throw new ArchiveError("it does not have frames for each of its scenes.");
  const parts = [];
  for (const [at, scene] of all.entries()) parts.push({ scene, ...(await unpackFrames(bytesOf(archives[at]), scene)) });
  checkParts(parts);
  return parts;
}

/** @param {Part[]} parts */
function checkParts(parts) {
  const steps = parts.flatMap((part) => part.steps);
  if (!steps.every((step, at) => at === 0 || step > steps[at - 1])) throw new ArchiveError("its steps are not in order.");
  const size = parts.reduce((sum, { frames, scene }) => sum + frames.length * scene.frame_bytes, 0);
  if (size > LARGEST_REPLAY) throw new ArchiveError(`its frames take ${size} bytes, more than ${LARGEST_REPLAY}.`);
}

/**
 * The numbers of all frames over their steps, as hello has them.
 * @param {Part[]} parts
 * @returns {Hello["trace"]}
 */
export function traceOf(parts) {
  /** @type {Record<string, (number|null)[]>} */
  const trace = { step: parts.flatMap(({ steps }) => steps) };
  for (const { name, shape } of parts[0].scene.layout) if (shape.length === 0) trace[name] = [];
  for (const { scene, frames } of parts) {
    const entries = new Map(scene.layout.map((entry) => [entry.name, entry]));
    for (const frame of frames) {
      const view = new DataView(frame);
      for (const name of Object.keys(trace)) {
        const entry = entries.get(name);
        if (name !== "step") trace[name].push(entry ? (entry.origin ?? 0) + (entry.factor ?? 1) * view.getFloat32(entry.offset, true) : null);
      }
    }
  }
  return trace;
}
