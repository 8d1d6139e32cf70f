// @ts-check
/** The phases of one step, in the order of Algorithm 1 of Goodfellow et al. 2014: what is lit, and what is said with which numbers. */

import { formatCount, formatReading } from "../format.js";

/** @import {StepTraced, TracedSample, TracedUpdate} from "../connection/wire.js" */
/** @typedef {"latents"|"strings"|"fakes"|"reals"|"scores"|"costs"|"pulls"|"arrows"|"moves"} Mark */
/**
 * @typedef {object} Phase
 * @property {number} update number of the update
 * @property {"reals"|"fakes"} of which sample of the update is followed
 * @property {Mark[]} lit
 * @property {string} title
 * @property {string} words what happens
 * @property {(sample: number) => string} numbers the same with the numbers of one sample
 */

/** @typedef {{hasPenalty: boolean, latentDimension: number}} Game */
/**
 * A parameter in an update, with its averages in the optimizer before and after it; `layer` from 0, `from` is −1 for a bias.
 * @typedef {{player: TracedUpdate["player"], layer: number, from: number, to: number, gradient: number, before: number, after: number,
 *   averages: [name: string, before: number, after: number][]}} Weight
 */

/**
 * @param {StepTraced} trace @param {Game} game
 * @returns {Phase[]}
 */
export function phasesOf(trace, game) {
  const counts = { discriminator: 0, generator: 0 };
  const totals = { discriminator: 0, generator: 0 };
  for (const { player } of trace.updates) totals[player] += 1;
  return trace.updates.flatMap((update, index) => {
    counts[update.player] += 1;
    const which = totals[update.player] > 1 ? ` (${counts[update.player]} of ${totals[update.player]})` : "";
    const make = update.player === "discriminator" ? discriminatorPhases : generatorPhases;
    return make(update, trace.formulas, game, which).map((phase) => ({ ...phase, update: index }));
  });
}

/** Number of the sample in the lists of an update. @param {TracedUpdate} update @param {"reals"|"fakes"} of @param {number} sample */
export function placeOf({ player, scores }, of, sample) {
  return player === "discriminator" && of === "fakes" ? scores.length / 2 + sample : sample;
}

/** Number of the sample in the whole batch. @param {TracedUpdate} update @param {"reals"|"fakes"} of @param {number} sample */
export function numberOf({ player, batch }, of, sample) {
  return player === "discriminator" && of === "fakes" ? batch + sample : sample;
}

/** The parameter that an update changes most, among those that are sent. @param {TracedSample} sample @param {TracedUpdate["player"]} player @returns {Weight|null} */
export function mostChanged({ parameters }, player) {
  if (!parameters) return null;
  /** @type {Weight|null} */
  let most = null;
  const { before, after, gradient, averages_before: remembered, averages_after: averages } = parameters;
  after.forEach((matrix, layer) => matrix.forEach((row, i) => row.forEach((value, to) => {
    if (most && Math.abs(value - before[layer][i][to]) <= Math.abs(most.after - most.before)) return;
    most = {
      player, layer, to, from: i + 1 < matrix.length ? i : -1, gradient: gradient[layer][i][to], before: before[layer][i][to], after: value,
      averages: Object.keys(averages).map((name) => [name, remembered[name][layer][i][to], averages[name][layer][i][to]]),
    };
  })));
  return most;
}

/** @param {Weight} weight */
export function weightInWords({ player, layer, from, to, gradient, before, after, averages }) {
  const name = from < 0 ? `bias of unit ${to + 1}` : `weight from unit ${from + 1} to unit ${to + 1}`;
  const memory = averages.map(([kind, was, is]) => `, its ${kind} ${formatReading(was)} → ${formatReading(is)}`).join("");
  const network = player === "generator" ? "G" : "D";
  return `Most moves the ${name} of ${network}’s layer ${layer + 1}: gradient ${formatReading(gradient)}${memory}; ${formatReading(before)} → ${formatReading(after)}.`;
}

/**
 * @param {TracedUpdate} update @param {Record<string, string>} formulas @param {Game} game @param {string} which
 * @returns {Omit<Phase, "update">[]}
 */
function discriminatorPhases(update, formulas, game, which) {
  const { batch, loss, norm, change } = update;
  const halves = [update.costs.slice(0, update.costs.length / 2), update.costs.slice(update.costs.length / 2)].map(mean);
  const fakeAt = (/** @type {number} */ sample) => placeOf(update, "fakes", sample);
  const trial = update.is_trial ? " This update is on trial: it is taken back after the next gradient." : "";
  const penalty = game.hasPenalty ? " The gradient of the penalty is part of it." : "";
  return [
    ...makingOf(update, game, `Update of D${which}: `, "new ones for every update", " G does not change now."),
    {
      of: "reals", lit: ["reals", "fakes"], title: "Draw real samples",
      words: `${formatCount(batch)} real samples x are drawn from the target, as many as there are fakes.`,
      numbers: (sample) => `x = ${placeOnX(update, sample)}`,
    },
    {
      of: "reals", lit: ["reals", "fakes", "scores"], title: "D scores all samples",
      words: "D’s output for a sample depends on its x alone, not on its origin. The higher it is, the more D takes the sample for real.",
      numbers: (sample) => `D(x) = ${output(update, sample)} for the real one,  D(G(z)) = ${output(update, fakeAt(sample))} for the fake`,
    },
    {
      of: "reals", lit: ["reals", "fakes", "scores", "costs"], title: "D’s loss",
      words: `A real sample costs ${formulas.real}, a fake ${formulas.fake}. D’s loss is the mean over the reals plus the mean over the fakes.`,
      numbers: () => `L_D = ${formatReading(halves[0])} + ${formatReading(halves[1])} = ${formatReading(loss)}`,
    },
    {
      of: "reals", lit: ["scores", "pulls"], title: "The gradient at D’s scores",
      words: "The loss falls where D rises at a real sample and falls at a fake. The arrows are −∂L_D/∂s, longest where D is most wrong.",
      numbers: (sample) => `∂L_D/∂s = ${pull(update, sample)} at the real one, ${pull(update, fakeAt(sample))} at the fake`,
    },
    {
      of: "reals", lit: ["scores", "moves"], title: "D’s update",
      words: `Backpropagation adds up the gradients of all samples in every weight of D, and the optimizer makes one update.${penalty}${trial}`,
      numbers: () => `gradient ‖∇L_D‖ = ${formatReading(norm)}  →  change of the weights ‖Δθ‖ = ${formatReading(change)}`,
    },
  ];
}

/**
 * @param {TracedUpdate} update @param {Record<string, string>} formulas @param {Game} game @param {string} which
 * @returns {Omit<Phase, "update">[]}
 */
function generatorPhases(update, formulas, game, which) {
  const { loss, norm, change } = update;
  const trial = update.is_trial ? " This update is on trial: it is taken back after the next gradient." : "";
  return [
    ...makingOf(update, game, `Update of G${which}: `, "new ones again", ""),
    {
      of: "fakes", lit: ["fakes", "scores"], title: "D scores the fakes",
      words: "D is fixed now. G learns from nothing but these outputs: it never sees a real sample.",
      numbers: (sample) => `D(G(z)) = ${output(update, sample)}`,
    },
    {
      of: "fakes", lit: ["fakes", "scores", "costs"], title: "G’s loss",
      words: `A fake costs G ${formulas.generator}. G’s loss is the mean over all fakes.`,
      numbers: (sample) => `this fake ${formatReading(update.costs[sample])},  L_G = ${formatReading(loss)}`,
    },
    {
      of: "fakes", lit: ["fakes", "scores", "arrows"], title: "The gradient goes back through D to the fakes",
      words: "The slope of D at a fake says to which side it looks more real. The arrows on the x axis are −∂L_G/∂x.",
      numbers: (sample) => `∂L_G/∂x = ${formatReading(update.sample_gradients[0]?.[sample] ?? NaN)} at x = ${placeOnX(update, sample)}`,
    },
    {
      of: "fakes", lit: ["latents", "strings", "fakes", "moves"], title: "G’s update",
      words: `The gradient goes on through G to its weights, and the optimizer makes one update. The same z now lead to other x.${trial}`,
      numbers: (sample) => {
        const after = update.samples_after[0]?.[sample] ?? NaN;
        return `G(z) = ${placeOnX(update, sample)} → ${formatReading(after)},  ‖∇L_G‖ = ${formatReading(norm)}  →  ‖Δθ‖ = ${formatReading(change)}`;
      },
    },
  ];
}

/**
 * Latents and fakes, with which both updates begin.
 * @param {TracedUpdate} update @param {Game} game @param {string} who @param {string} newness @param {string} end
 * @returns {Omit<Phase, "update">[]}
 */
function makingOf(update, game, who, newness, end) {
  const latent = (/** @type {number} */ sample) => {
    const coordinates = update.latents.map((row) => formatReading(row[sample]));
    return game.latentDimension > 1 ? `(${coordinates.slice(0, 4).join(", ")}${coordinates.length > 4 ? ", …" : ""})` : coordinates[0];
  };
  return [
    {
      of: "fakes", lit: ["latents"], title: `${who}draw noise`,
      words: `${formatCount(update.batch)} latents z are drawn from the prior, ${newness}.`,
      numbers: (sample) => `z = ${latent(sample)}`,
    },
    {
      of: "fakes", lit: ["latents", "strings", "fakes"], title: "G makes fakes",
      words: `G maps each z to one x. Where strings crowd, the fakes are dense.${end}`,
      numbers: (sample) => `x = G(z) = G(${latent(sample)}) = ${placeOnX(update, placeOf(update, "fakes", sample))}`,
    },
  ];
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {TracedUpdate} update @param {number} place */
export function placeOnX({ samples }, place) {
  return samples.map((row) => formatReading(row[place])).join(", ");
}

/** D's output at a sample; a critic's score. @param {TracedUpdate} update @param {number} place */
function output({ outputs, scores }, place) {
  return formatReading((outputs.length ? outputs : scores)[place]);
}

/** @param {TracedUpdate} update @param {number} place */
function pull({ score_gradients: gradients }, place) {
  return formatReading(gradients[place] ?? NaN);
}
