// @ts-check
/**
 * The history of the run as the server keeps it: losses of every step in buckets, and measurements at fixed steps. Frames that
 * came after the last message with the history are drawn at its end until the next one takes their place.
 */

/** @import {History, LossHistory} from "../connection/wire.js" */

/**
 * @typedef {object} Traces
 * @property {number} length number of valid points, oldest first
 * @property {Float64Array} step
 * @property {Record<string, Float32Array>} series
 */
/**
 * The last values of each bucket in `series`, and the lowest and highest ones; `step` is the last one of the bucket.
 * @typedef {Traces & {low: Record<string, Float32Array>, high: Record<string, Float32Array>}} Losses
 */
/** @typedef {Pick<History, "losses"|"trace"|"trace_stride">} Part */

/** Room for frames that came after the last message with the history. */
const EXTRA = 256;

export class RunHistory {
  constructor() {
    this.capacity = 0;
    /** @type {Traces} */
    this.traces = { length: 0, step: new Float64Array(0), series: {} };
    /** @type {Losses} */
    this.losses = { length: 0, step: new Float64Array(0), series: {}, low: {}, high: {} };
    this.stride = 1;
    /** Steps in the buckets. */
    this.steps = 0;
    /** Points of `traces` that are from the server's history. */
    this.measured = 0;
  }

  #clear() {
    this.stride = 1;
    this.steps = this.measured = 0;
    this.traces.length = this.losses.length = 0;
  }

  /**
   * Begin a new run, and set how many buckets and points the server keeps.
   * @param {number} length
   */
  allocate(length) {
    this.#clear();
    if (this.capacity === length + EXTRA) return;
    this.capacity = length + EXTRA;
    Object.assign(this.traces, { step: new Float64Array(this.capacity), series: {} });
    Object.assign(this.losses, { step: new Float64Array(this.capacity), series: {}, low: {}, high: {} });
  }

  /**
   * Add what the server's history has gained.
   * @param {Part} part
   */
  add({ losses, trace, trace_stride: stride }) {
    this.#addLosses(losses);
    this.#addMeasurements(trace, stride);
  }

  /**
   * Add a frame at the end, in place of earlier ones at or after its step.
   * @param {number} step
   * @param {Record<string, number>} scalars
   */
  addFrame(step, scalars) {
    const { traces, losses } = this;
    traces.length = this.measured;
    if (step > (traces.step[this.measured - 1] ?? -1)) this.#addPoint(step, scalars);
    if (step <= this.steps) return;
    const buckets = this.#buckets();
    while (losses.length > buckets && losses.step[losses.length - 1] >= step) losses.length -= 1;
    if (losses.length === this.capacity) return;
    for (const values of [losses.series, losses.low, losses.high]) {
      for (const name of Object.keys(values)) values[name][losses.length] = scalars[name] ?? NaN;
    }
    losses.step[losses.length] = step;
    losses.length += 1;
  }

  #buckets() {
    return Math.ceil(this.steps / this.stride);
  }

  /** @param {LossHistory} part */
  #addLosses({ stride, steps, first, last, low, high }) {
    while (this.stride < stride) this.#mergePairs();
    this.steps = steps;
    const { losses } = this;
    this.#write(losses.series, first, last);
    this.#write(losses.low, first, stride === 1 ? last : low);
    this.#write(losses.high, first, stride === 1 ? last : high);
    losses.length = this.#buckets();
    for (let index = first; index < losses.length; index += 1) losses.step[index] = Math.min((index + 1) * stride, steps);
  }

  /** Let each two buckets become one, and double the stride. */
  #mergePairs() {
    const { losses } = this;
    const count = this.#buckets();
    const second = (/** @type {number} */ _, /** @type {number} */ b) => b;
    for (const [group, merge] of /** @type {const} */ ([[losses.series, second], [losses.low, lower], [losses.high, higher]])) {
      for (const values of Object.values(group)) {
        for (let index = 0; 2 * index < count; index += 1) {
          const next = 2 * index + 1;
          values[index] = next < count ? merge(values[next - 1], values[next]) : values[next - 1];
        }
      }
    }
    this.stride *= 2;
    for (let index = 0; index < this.#buckets(); index += 1) losses.step[index] = Math.min((index + 1) * this.stride, this.steps);
  }

  /**
   * @param {Record<string, Float32Array>} series
   * @param {number} first
   * @param {Record<string, (number|null)[]>} lists null where nothing was measured
   */
  #write(series, first, lists) {
    for (const [name, list] of Object.entries(lists)) {
      series[name] ??= new Float32Array(this.capacity);
      for (let index = 0; index < list.length; index += 1) series[name][first + index] = list[index] ?? NaN;
    }
  }

  /**
   * @param {Record<string, (number|null)[]>} trace
   * @param {number} stride
   */
  #addMeasurements({ step = [], ...lists }, stride) {
    const { traces } = this;
    const from = step[0] ?? Infinity;
    let kept = 0;
    for (let index = 0; index < this.measured; index += 1) {
      const at = traces.step[index];
      if (at >= from || at % stride !== 0) continue;
      for (const values of [traces.step, ...Object.values(traces.series)]) values[kept] = values[index];
      kept += 1;
    }
    traces.length = kept;
    step.forEach((at, index) => {
      /** @type {Record<string, number>} */
      const scalars = {};
      for (const name of Object.keys(lists)) scalars[name] = lists[name][index] ?? NaN;
      this.#addPoint(/** @type {number} */ (at), scalars);
    });
    this.measured = traces.length;
  }

  /**
   * @param {number} step
   * @param {Record<string, number>} scalars
   */
  #addPoint(step, scalars) {
    const { traces } = this;
    const index = traces.length;
    if (index === this.capacity) return;
    traces.step[index] = step;
    for (const name of Object.keys(scalars)) traces.series[name] ??= new Float32Array(this.capacity).fill(NaN);
    for (const name of Object.keys(traces.series)) traces.series[name][index] = scalars[name] ?? NaN;
    traces.length += 1;
  }
}

/**
 * The history of a scalar, from every step where the server has it.
 * @param {{traces: Traces, losses: Losses}} history
 * @param {string} name
 * @returns {{step: Float64Array, length: number, last: Float32Array, low: Float32Array, high: Float32Array}|null} null if it has none
 */
export function seriesOf({ traces, losses }, name) {
  if (name in losses.series) {
    return { step: losses.step, length: losses.length, last: losses.series[name], low: losses.low[name], high: losses.high[name] };
  }
  const values = traces.series[name];
  return values ? { step: traces.step, length: traces.length, last: values, low: values, high: values } : null;
}

/** The lower one; NaN only if both are. @param {number} a @param {number} b */
function lower(a, b) {
  return b < a || Number.isNaN(a) ? b : a;
}

/** The higher one; NaN only if both are. @param {number} a @param {number} b */
function higher(a, b) {
  return b > a || Number.isNaN(a) ? b : a;
}
