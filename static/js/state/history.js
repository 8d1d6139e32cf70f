// @ts-check
/** Every scalar of the whole run in bounded memory: when it is full, every other point is dropped, and the stride doubles. */

/**
 * @typedef {object} Traces
 * @property {number} length number of valid points, oldest first
 * @property {Float64Array} step
 * @property {Record<string, Float32Array>} series one per scalar of the layout
 */

export class DownsampledHistory {
  constructor() {
    this.capacity = 0;
    /** @type {Traces} */
    this.traces = { length: 0, step: new Float64Array(0), series: {} };
    this.stride = 1;
    this.received = 0;
  }

  /**
   * Start from the history that the server keeps.
   * @param {Record<string, (number|null)[]>} history `step` and one list per scalar, null where not measured
   * @param {number} capacity points to keep from now on, an even number
   */
  load(history, capacity) {
    if (capacity !== this.capacity) Object.assign(this.traces, { step: new Float64Array(capacity), series: {} });
    this.capacity = capacity;
    this.traces.length = 0;
    this.stride = 1;
    this.received = 0;
    const { step = [], ...lists } = history;
    step.forEach((value, index) => {
      /** @type {Record<string, number>} */
      const scalars = {};
      for (const name of Object.keys(lists)) scalars[name] = lists[name][index] ?? NaN;
      if (value !== null) this.append(value, scalars);
    });
  }

  /**
   * Add a point. The newest point is always kept; the points before it are `stride` apart. Points at or after `step` go.
   * @param {number} step
   * @param {Record<string, number>} scalars
   */
  append(step, scalars) {
    const { traces } = this;
    while (traces.length > 0 && traces.step[traces.length - 1] >= step) this.#drop();
    const lastIsExtra = this.received > 0 && (this.received - 1) % this.stride !== 0;
    if (lastIsExtra && traces.length > 0) traces.length -= 1;
    if (traces.length === this.capacity) this.#thin();
    const index = traces.length;
    traces.step[index] = step;
    for (const name of Object.keys(scalars)) this.#series(name)[index] = scalars[name];
    for (const name of Object.keys(traces.series)) {
      if (!(name in scalars)) traces.series[name][index] = NaN;
    }
    traces.length = index + 1;
    this.received += 1;
  }

  /** @param {string} name */
  #series(name) {
    const { series } = this.traces;
    series[name] ??= new Float32Array(this.capacity).fill(NaN);
    return series[name];
  }

  #drop() {
    this.traces.length -= 1;
    this.received = this.traces.length === 0 ? 0 : (this.traces.length - 1) * this.stride + 1;
  }

  #thin() {
    const { traces } = this;
    const kept = Math.ceil(traces.length / 2);
    for (const values of [traces.step, ...Object.values(traces.series)]) {
      for (let index = 0; index < kept; index += 1) values[index] = values[2 * index];
    }
    traces.length = kept;
    this.stride *= 2;
  }
}
