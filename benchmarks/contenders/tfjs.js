// The step in TensorFlow.js on its WebAssembly backend, in node: `node tfjs.js NODE_MODULES HIDDEN BATCH ACTIVATION`,
// then the two lines of benchmarks/game.py on stdin and stdout.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [modules, hiddenText, batchText, activation] = process.argv.slice(2);
const require = createRequire(`${modules}/here.js`);
const tf = require("@tensorflow/tfjs");
const wasm = require("@tensorflow/tfjs-backend-wasm");

const sizes = [1, ...hiddenText.split("-").map(Number), 1];
const batch = Number(batchText);
const LEARNING_RATE = 1e-3, BETA1 = 0.5, BETA2 = 0.999, EPS = 1e-8, LEAK = 0.2;

/** Weights and biases in turn. */
function network(name) {
  return sizes.slice(1).flatMap((outputs, i) => [
    tf.variable(tf.randomNormal([sizes[i], outputs], 0, Math.sqrt(2 / (sizes[i] + outputs))), true, `${name}_w${i}`),
    tf.variable(tf.zeros([1, outputs]), true, `${name}_b${i}`),
  ]);
}

function forward(parameters, x) {
  for (let i = 0; i < parameters.length - 2; i += 2) {
    const s = x.matMul(parameters[i]).add(parameters[i + 1]);
    x = activation === "leaky_relu" ? s.leakyRelu(LEAK) : s.tanh();
  }
  return x.matMul(parameters.at(-2)).add(parameters.at(-1));
}

/** Mean of -log σ(s). */
const surprise = (s) => s.neg().softplus().mean();

let generator, discriminator, optimizerD, optimizerG;

function begin() {
  for (const variable of [...(generator ?? []), ...(discriminator ?? [])]) variable.dispose();
  optimizerD?.dispose();
  optimizerG?.dispose();
  [generator, discriminator] = [network("g"), network("d")];
  [optimizerD, optimizerG] = [0, 1].map(() => tf.train.adam(LEARNING_RATE, BETA1, BETA2, EPS));
}

/** D's turn, then G's; returns both losses as tensors. */
function step(real, noiseD, noiseG) {
  const lossD = optimizerD.minimize(() => {
    const scores = forward(discriminator, tf.concat([real, forward(generator, noiseD)]));
    const [ofReal, ofFake] = tf.split(scores, 2);
    return surprise(ofReal).add(surprise(ofFake.neg())).mul(0.5);
  }, true, discriminator);
  const asGWants = () => surprise(forward(discriminator, forward(generator, noiseG)));
  const lossG = optimizerG.minimize(asGWants, true, generator);
  return [lossD, lossG];
}

function run(count) {
  const begun = process.cpuUsage();
  let losses = [NaN, NaN];
  for (let n = 0; n < count; n++) {
    tf.tidy(() => {
      const side = tf.randomUniform([batch, 1]).less(0.5).toFloat().mul(4).sub(2);
      const real = tf.randomNormal([batch, 1], 0, 0.5).add(side);
      const values = step(real, tf.randomNormal([batch, 1]), tf.randomNormal([batch, 1]));
      if (n === count - 1) losses = values.map((value) => value.dataSync()[0]);
    });
  }
  const { user, system } = process.cpuUsage(begun);
  return [(user + system) / 1e6, ...losses];
}

function replay([steps, ...numbers]) {
  const take = (rows, columns) => tf.tensor2d(numbers.splice(0, rows * columns), [rows, columns]);
  begin();
  for (const variable of [...generator, ...discriminator]) variable.assign(take(...variable.shape));
  const answer = [];
  for (let n = 0; n < steps; n++) {
    answer.push(...step(take(batch, 1), take(batch, 1), take(batch, 1)).map((value) => value.dataSync()[0]));
  }
  for (const variable of [...generator, ...discriminator]) answer.push(...variable.dataSync());
  return answer;
}

wasm.setWasmPaths(`${modules}/@tensorflow/tfjs-backend-wasm/wasm-out/`);
wasm.setThreadsCount(1);
await tf.setBackend("wasm");
await tf.ready();
begin();
process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...words] = line.split(" ");
  const numbers = words.map(Number);
  process.stdout.write(`${(command === "replay" ? replay(numbers) : run(numbers[0])).join(" ")}\n`);
}
