// @ts-check
/** A 2D context that writes down what was drawn and refuses what a real canvas would silently swallow: a NaN position. */

const NUMERIC = new Set([
  "moveTo", "lineTo", "arc", "rect", "fillRect", "strokeRect", "clearRect", "translate", "rotate", "scale", "setTransform",
]);
const TEXT = new Set(["fillText", "strokeText"]);

/**
 * @returns {any} a context with `calls` ([name, ...arguments]), `words` (texts filled), `texts` (the same with their places)
 * and `open` (save without restore)
 */
export function fakeContext() {
  /** @type {any[][]} */
  const calls = [];
  /** @type {Record<string, any>} */
  const state = { calls, texts: [], open: 0, globalAlpha: 1, font: "12px sans" };
  return new Proxy(state, {
    get(target, name) {
      if (name === "words") return calls.filter(([call]) => call === "fillText").map(([, words]) => words);
      if (name === "measureText") return (/** @type {string} */ words) => ({ width: 6 * words.length });
      if (typeof name === "symbol" || name in target) return target[String(name)];
      return (/** @type {any[]} */ ...args) => record(target, String(name), args);
    },
    set(target, name, value) {
      if (value === undefined) throw new TypeError(`${String(name)} set to undefined`);
      if (name === "lineWidth" && !(value > 0)) throw new TypeError(`lineWidth ${value}`);
      target[String(name)] = value;
      return true;
    },
  });
}

/** @param {Record<string, any>} state @param {string} name @param {any[]} args */
function record(state, name, args) {
  const numbers = NUMERIC.has(name) ? args : TEXT.has(name) ? args.slice(1) : [];
  if (numbers.some((value) => typeof value === "number" && !Number.isFinite(value))) {
    throw new RangeError(`${name}(${args.join(", ")})`);
  }
  if (name === "arc" && args[2] < 0) throw new RangeError(`arc of radius ${args[2]}`);
  if (TEXT.has(name) && /undefined|NaN|Infinity/.test(String(args[0]))) throw new RangeError(`text "${args[0]}"`);
  if (name === "save") state.open += 1;
  if (name === "restore") state.open -= 1;
  if (name === "fillText") {
    const [words, x, y] = args;
    state.texts.push({ words, x, y, font: state.font, align: state.textAlign ?? "left", baseline: state.textBaseline ?? "alphabetic" });
  }
  state.calls.push([name, ...args]);
}
