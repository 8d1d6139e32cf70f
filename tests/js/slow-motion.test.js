// @ts-check
/** The phases of a step: their order, what is lit, and the numbers in their sentences. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { marksAt } from "../../static/js/slow-motion/marks.js";
import { mostChanged, numberOf, phasesOf, placeOf, weightInWords } from "../../static/js/slow-motion/phases.js";
import { litBy } from "../../static/js/slow-motion/terms.js";

/** @param {"discriminator"|"generator"} player @param {object} [changes] @returns {any} */
function update(player, changes = {}) {
  const isOfD = player === "discriminator";
  return {
    player, is_trial: false, batch: 2, latents: [[0.5, -1]], labels: [], samples: [isOfD ? [1, 2, 3, 4] : [3, 4]],
    scores: isOfD ? [0.1, 0.2, 0.3, 0.4] : [0.3, 0.4], outputs: isOfD ? [0.52, 0.55, 0.57, 0.6] : [0.57, 0.6],
    costs: isOfD ? [0.1, 0.3, 0.2, 0.6] : [0.25, 0.75], score_gradients: isOfD ? [-0.25, -0.2, 0.3, 0.1] : [-0.25, -0.2],
    sample_gradients: isOfD ? [] : [[0.125, -0.5]], outputs_after: [], samples_after: isOfD ? [] : [[3.5, 4.5]],
    loss: isOfD ? 0.6 : 0.5, norm: 0.7, change: 0.01, ...changes,
  };
}

/** @param {any[]} updates @returns {any} */
function step(updates) {
  return { type: "step_trace", run: 1, step: 8, formulas: { real: "r", fake: "f", generator: "g" }, updates, sample: null };
}

const GAME = { hasPenalty: false, latentDimension: 1 };

test("a step of one update each has the phases of Algorithm 1", () => {
  const phases = phasesOf(step([update("discriminator"), update("generator")]), GAME);
  assert.deepEqual(phases.map(({ title }) => title), [
    "Update of D: draw noise", "G makes fakes", "Draw real samples", "D scores all samples", "D’s loss", "The gradient at D’s scores",
    "D’s update", "Update of G: draw noise", "G makes fakes", "D scores the fakes", "G’s loss",
    "The gradient goes back through D to the fakes", "G’s update",
  ]);
  assert.deepEqual(phases.map((phase) => phase.update), [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
});

test("several updates of one player are numbered", () => {
  const titles = phasesOf(step([update("discriminator"), update("discriminator"), update("generator")]), GAME).map(({ title }) => title);
  assert.deepEqual(titles.filter((title) => title.includes(" of 2")), ["Update of D (1 of 2): draw noise", "Update of D (2 of 2): draw noise"]);
});

test("the numbers are those of the sample that is followed", () => {
  const numbers = phasesOf(step([update("discriminator"), update("generator")]), GAME).map((phase) => phase.numbers(1));
  assert.equal(numbers[0], "z = −1.00");
  assert.equal(numbers[1], "x = G(z) = G(−1.00) = 4.00");
  assert.equal(numbers[2], "x = 2.00");
  assert.equal(numbers[3], "D(x) = 0.550 for the real one,  D(G(z)) = 0.600 for the fake");
  assert.equal(numbers[4], "L_D = 0.200 + 0.400 = 0.600");
  assert.equal(numbers[5], "∂L_D/∂s = −0.200 at the real one, 0.100 at the fake");
  assert.equal(numbers[10], "this fake 0.750,  L_G = 0.500");
  assert.equal(numbers[11], "∂L_G/∂x = −0.500 at x = 4.00");
  assert.equal(numbers[12], "G(z) = 4.00 → 4.50,  ‖∇L_G‖ = 0.700  →  ‖Δθ‖ = 0.010");
});

test("a critic has scores in place of outputs, and a lookahead no gradient at the scores", () => {
  const phases = phasesOf(step([update("discriminator", { outputs: [] }), update("generator", { score_gradients: [] })]), GAME);
  assert.equal(phases[3].numbers(0), "D(x) = 0.100 for the real one,  D(G(z)) = 0.300 for the fake");
  assert.equal(phasesOf(step([update("discriminator", { score_gradients: [] })]), GAME)[5].numbers(0), "∂L_D/∂s = – at the real one, – at the fake");
});

test("what belongs to some games only is said there only", () => {
  const words = (/** @type {any} */ game, /** @type {any} */ changes) => phasesOf(step([update("discriminator", changes)]), { ...GAME, ...game }).map((phase) => phase.words).join(" ");
  assert.ok(words({ hasPenalty: true }, {}).includes("The gradient of the penalty is part of it."));
  assert.ok(!words({}, {}).includes("penalty"));
  assert.ok(words({}, { is_trial: true }).includes("on trial"));
  const two = phasesOf(step([update("generator", { latents: [[0.5, -1], [2, 3]] })]), { ...GAME, latentDimension: 2 });
  assert.equal(two[0].numbers(1), "z = (−1.00, 3.00)");
});

test("a fake of D's update stands behind the reals, in the lists and in the batch", () => {
  const large = update("discriminator", { batch: 512 });
  assert.deepEqual([placeOf(large, "reals", 1), placeOf(large, "fakes", 1), numberOf(large, "fakes", 1)], [1, 3, 513]);
  assert.deepEqual([placeOf(update("generator"), "fakes", 1), numberOf(update("generator"), "fakes", 1)], [1, 1]);
});

test("the parameter that moves most is found, and told with its averages", () => {
  const shape = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ bias) => [[[a, b], [bias, bias]]];
  /** @type {any} */
  const sample = {
    parameters: {
      gradient: shape(0.1, -0.2, 0), before: shape(1, 2, 3), after: shape(1.01, 2.05, 3),
      averages_before: { mean: shape(0, 0.5, 0) }, averages_after: { mean: shape(0, 0.25, 0) },
    },
  };
  const most = mostChanged(sample, "generator");
  assert.deepEqual([most?.layer, most?.from, most?.to], [0, 0, 1]);
  assert.equal(most && weightInWords(most), "Most moves the weight from unit 1 to unit 2 of G’s layer 1: gradient −0.200, its mean 0.500 → 0.250; 2.00 → 2.05.");
  sample.parameters.after = shape(1, 2, 4);
  assert.ok(weightInWords(/** @type {any} */ (mostChanged(sample, "discriminator"))).startsWith("Most moves the bias of unit 1 of D’s layer 1:"));
  assert.equal(mostChanged({ ...sample, parameters: null }, "generator"), null);
});

test("a term of the formula lights its marks, where the phase shows them", () => {
  const phases = phasesOf(step([update("discriminator"), update("generator")]), GAME);
  const scoring = phases.find(({ title }) => title === "D scores all samples");
  const pulling = phases.find(({ title }) => title === "The gradient at D’s scores");
  assert.ok(scoring && pulling);
  assert.deepEqual(litBy("D(x)", scoring), { mark: "scores", isReal: true });
  assert.deepEqual(litBy("D(G(z))", scoring), { mark: "scores", isReal: false });
  assert.deepEqual(litBy("∂L_D/∂s", pulling), { mark: "pulls" });
  assert.equal(litBy("∂L_D/∂s", scoring), null);
  assert.deepEqual(litBy("x", scoring), { mark: "reals" });
});

test("the marks at a height of the picture are found", () => {
  const layout = /** @type {any} */ ({ whole: { bottom: 100 }, line: 80, fake: { top: 70 }, real: { top: 60 } });
  assert.deepEqual([95, 85, 75, 65, 20].map((y) => marksAt(layout, y)[0]), ["latents", "strings", "arrows", "reals", "pulls"]);
});
