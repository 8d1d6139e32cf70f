import assert from "node:assert/strict";
import { test } from "node:test";

import { installFakeDom } from "./fake-dom.js";

const make = installFakeDom();
globalThis.ResizeObserver = class {
  constructor(callback) {
    this.observe = (node) => (node.resize = callback);
  }
};
const { diagnosisOf, mountDiagnosis, wholeSentences } = await import("../../static/js/page/diagnosis.js");

const diagnoses = [
  { name: "asleep", label: "Asleep", severity: "calm", help: "Nothing moves." },
  { name: "lost", label: "Lost", severity: "warning", help: "It went astray. A map helps." },
];
const frame = (diagnosis) => ({ step: 1, scene: 1, scalars: { diagnosis }, arrays: {} });
const status = (kind, sentence) => ({ diagnosis: { kind, sentence, since: 0 } });

test("a frame says which of the scene's diagnoses holds, and the status says it in a sentence", () => {
  const found = diagnosisOf({ scene: { diagnoses }, frame: frame(1), status: status("lost", "Lost: 3 km off.") });
  assert.equal(found.kind.label, "Lost");
  assert.equal(found.sentence, "Lost: 3 km off.");
});

test("a sentence about something else is not said", () => {
  const found = diagnosisOf({ scene: { diagnoses }, frame: frame(1), status: status("asleep", "Asleep: for an hour.") });
  assert.equal(found.sentence, "Lost: It went astray. A map helps.");
});

test("without a diagnosis there is no sentence", () => {
  assert.equal(diagnosisOf({ scene: { diagnoses }, frame: frame(NaN), status: null }), null);
  assert.equal(diagnosisOf({ scene: { diagnoses }, frame: null, status: null }), null);
  assert.equal(diagnosisOf({ scene: {}, frame: frame(0), status: null }), null);
  assert.equal(diagnosisOf({ scene: null, frame: null, status: null }), null);
});

function setUp() {
  const parts = Object.fromEntries(["diagnosis", "diagnosis-chip", "diagnosis-help", "diagnosis-spoken"].map((id) => [id, Object.assign(make("p"), { ownerDocument: { addEventListener() {} } })]));
  // A line has room for some letters.
  const line = Object.defineProperty(make("p"), "scrollHeight", { get: () => line.textContent.length });
  line.clientHeight = 40;
  const whole = make("p");
  const page = { getElementById: (id) => parts[id], querySelector: (words) => (words === ".diagnosis-line" ? line : whole), addEventListener() {} };
  const store = { scene: { diagnoses }, frame: frame(0), status: status("asleep", "Asleep: so far.") };
  return { store, line, whole, ...mountDiagnosis(page, store), fold: parts.diagnosis, chip: parts["diagnosis-chip"], help: parts["diagnosis-help"], spoken: parts["diagnosis-spoken"] };
}

test("the chip has the label, the line beside it the rest of the sentence", () => {
  const { draw, chip, line, help, fold } = setUp();
  draw();
  assert.equal(chip.textContent, "Asleep");
  assert.equal(chip.getAttribute("data-severity"), "calm");
  assert.equal(line.textContent, "so far.");
  assert.equal(help.textContent, "Nothing moves.");
  assert.equal(fold.hidden, false);
});

test("another diagnosis is spoken once; new numbers are not", () => {
  const { draw, store, spoken, chip, line } = setUp();
  draw();
  assert.equal(spoken.textContent, "", "a page that was just opened says nothing");
  store.frame = frame(1);
  store.status = status("lost", "Lost: 3 km off.");
  draw();
  assert.equal(spoken.textContent, "Lost: 3 km off.");
  assert.equal(chip.getAttribute("data-severity"), "warning");
  store.status = status("lost", "Lost: 4 km off.");
  draw();
  assert.equal(spoken.textContent, "Lost: 3 km off.");
  assert.equal(line.textContent, "4 km off.");
});

test("a suspicion is marked as one and spoken, and so is the failure that it becomes", () => {
  const { draw, store, chip, spoken } = setUp();
  const suspected = { name: "suspected_lost", label: "Suspected: lost", severity: "suspicion", help: "It may pass." };
  store.scene = { diagnoses: [...diagnoses, suspected] };
  draw();
  store.frame = frame(2);
  store.status = status("suspected_lost", "Suspected: lost: 1 km off.");
  draw();
  assert.equal(chip.textContent, "Suspected: lost");
  assert.equal(chip.getAttribute("data-severity"), "suspicion");
  assert.equal(spoken.textContent, "Suspected: lost: 1 km off.");
  store.frame = frame(1);
  store.status = status("lost", "Lost: 3 km off.");
  draw();
  assert.equal(chip.getAttribute("data-severity"), "warning");
  assert.equal(spoken.textContent, "Lost: 3 km off.");
});

test("without a diagnosis there is no chip", () => {
  const { draw, store, fold } = setUp();
  store.frame = frame(NaN);
  draw();
  assert.equal(fold.hidden, true);
});

test("a run that has diverged says what to do, once", () => {
  const { draw, store, line } = setUp();
  store.status = { state: "diverged", sentence: "G grew. Press Reset.", ...status("asleep", "Asleep: so far.") };
  draw();
  assert.equal(line.textContent, "G grew. Press Reset.");
});

test("a line has whole sentences, as many as fit; what the chip opens has all", () => {
  const { draw, store, line, whole } = setUp();
  store.status = status("asleep", "Asleep: G is 3 off. Nothing moves here. 5 % may move later.");
  draw();
  assert.equal(line.textContent, "G is 3 off. Nothing moves here.");
  assert.equal(whole.textContent, "G is 3 off. Nothing moves here. 5 % may move later.");
  line.clientHeight = 60;
  line.resize();
  assert.equal(line.textContent, whole.textContent);
  line.clientHeight = 1;
  line.resize();
  assert.equal(line.textContent, "G is 3 off.");
});

test("a sentence ends before a letter that is no small one, and not within a number", () => {
  const shortest = (words) => wholeSentences(words, () => false);
  assert.equal(shortest("Data at 1.5 with e.g. a spread. Äpfel fallen."), "Data at 1.5 with e.g. a spread.");
  assert.equal(shortest("Is it so? 50 % is chance."), "Is it so?");
});
