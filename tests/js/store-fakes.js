// Messages and frames for the tests of the store, and a store that is drawn by hand.

import { createStore } from "../../static/js/state/store.js";

/** The part of a history with these losses of D, one for each step. */
export function lossesOf(values, first = 0) {
  return { stride: 1, steps: first + values.length, first, last: { loss: values }, low: {}, high: {} };
}

export function sceneOf(number, run = 1, names = ["loss"]) {
  const layout = names.map((name, index) => ({ name, shape: [], offset: 16 + 4 * index }));
  return { type: "scene", scene: number, run, layout, frame_bytes: 16 + 4 * names.length };
}

export function frameOf(scene, step, ...values) {
  const buffer = new ArrayBuffer(16 + 4 * values.length);
  const view = new DataView(buffer);
  [0x47, 0x41, 0x4e, 0x31, 1, 0, scene, 0].forEach((byte, index) => view.setUint8(index, byte));
  view.setBigUint64(8, BigInt(step), true);
  values.forEach((value, index) => view.setFloat32(16 + 4 * index, value, true));
  return buffer;
}

export const hello = (more = {}) => ({
  ...sceneOf(1),
  type: "hello",
  config: { a: 1 },
  preset: "default",
  default_preset: "default",
  changed: {},
  limits: { history_length: 4096 },
  playback: { running: false, speed: "frame" },
  status: { state: "ready", sentence: "", step: 0, rate: 0 },
  losses: lossesOf([]),
  trace: { step: [], loss: [] },
  marks: [],
  bookmarks: [],
  diagnosis_marks: [],
  runs: [],
  ...more,
});

export function setUp() {
  const sent = [];
  const frames = [];
  const store = createStore({ send: (command) => sent.push(command) > 0, requestFrame: (callback) => frames.push(callback) });
  return { store, sent, frames, paint: () => frames.splice(0).forEach((callback) => callback()) };
}
