// Lists of numbers as controls: a curve bar by bar, and a long list that is pasted or uploaded.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { controlsOf } from "../../static/js/state/schema.js";
import { installFakeDom } from "./fake-dom.js";

installFakeDom();

/** Readings of some texts, as the server answers; Python writes the file. @type {Record<string, any>} */
const readings = JSON.parse(readFileSync(new URL("../golden/readings.json", import.meta.url), "utf8"));

/** The body as text: files of these tests carry theirs along. */
const textOf = (body) => (typeof body === "string" ? body : body.content);

/** @returns {{status: number, responseText: string}|null} null where the server cannot be reached */
let answer = (query, body) => {
  const reading = readings[`${query}|${textOf(body)}`];
  assert.ok(reading, `no reading of ${JSON.stringify(query)} ${JSON.stringify(textOf(body))}`);
  return { status: 200, responseText: JSON.stringify(reading) };
};
/** How an answer is delivered; tests may hold it back. */
let deliver = (send) => queueMicrotask(send);

globalThis.XMLHttpRequest = class {
  upload = {};
  open(method, url) {
    assert.equal(method, "POST");
    this.query = url.split("?")[1] ?? "";
  }
  send(body) {
    this.upload.onprogress?.({ loaded: 1, total: 2 });
    deliver(() => {
      const found = answer(this.query, body);
      if (found === null) return this.onerror();
      Object.assign(this, found);
      this.onload();
    });
  }
};
const { ControlView, loadEditor } = await import("../../static/js/controls/control.js");

const knob = (values) => ({ "x-knob": { label: "", help: "", low: null, high: null, scale: "linear", step: null, unit: "", effect: "live", essential: true, drag: "", ...values } });
const number = (values) => ({ type: "number", ...knob(values) });
const schema = {
  properties: {
    curve: { type: "array", items: number({ label: "height", low: 0, high: 1, step: 0.01 }), ...knob({ low: 2, high: 8, drag: "curve" }) },
    data: { type: "array", items: number({ low: -1000, high: 1000 }), ...knob({ label: "numbers", low: 3, high: 6 }) },
  },
};

function setUp(path, value) {
  const sent = [];
  const control = controlsOf(schema, {}).find((each) => each.path === path);
  const view = new ControlView(control, { intend: (...message) => sent.push(message), seed: () => 7 });
  view.sync(value);
  const { element } = view;
  const button = (words) => element.querySelectorAll("button").find((each) => each.textContent === words);
  const shown = (words) => element.querySelectorAll("button").find((each) => each.textContent.startsWith(words) && !each.hidden);
  return { view, sent, element, button, shown, area: element.querySelectorAll("textarea")[0], error: () => view.error.textContent, said: () => element.querySelector(".numbers-said").textContent };
}

const early = { curve: setUp("curve", [0.25, 1]), data: setUp("data", [1, 2, 3]) };
const fields = () => [early.curve, early.data].map(({ element }) => element.querySelectorAll("[name]").length);
const fieldsBefore = fields();
await Promise.all([loadEditor("levels"), loadEditor("numbers")]);

/** Wait for the answers under way. */
const settled = () => new Promise((done) => setImmediate(done));

/** A page's paste, as far as the control hears of it. */
async function paste(area, text) {
  area.value = text;
  area.fire("input");
  area.fire("change");
  await settled();
}

test("bounded numbers that are a curve are bars, other lists of numbers a field", () => {
  const kinds = controlsOf(schema, {}).map(({ path, kind }) => [path, kind]);
  assert.deepEqual(kinds, [["curve", "levels"], ["data", "numbers"]]);
});

test("each bar is a slider with its path and a name, and one is in the order of Tab", () => {
  const { element } = setUp("curve", [0, 0.5, 1]);
  const bars = element.querySelectorAll("input");
  assert.deepEqual(bars.map((bar) => bar.getAttribute("name")), ["curve.0", "curve.1", "curve.2"]);
  assert.deepEqual(bars.map((bar) => bar.getAttribute("aria-label")), ["height 1 of 3", "height 2 of 3", "height 3 of 3"]);
  assert.deepEqual(bars.map((bar) => bar.getAttribute("tabindex")), ["0", "-1", "-1"]);
  assert.equal(bars[1].style["--level"], "50%");
  bars[2].fire("focus");
  assert.deepEqual(bars.map((bar) => bar.getAttribute("tabindex")), ["-1", "-1", "0"]);
});

test("keys turn a bar, or go to the next", () => {
  const { element, sent } = setUp("curve", [0, 0.5, 1]);
  const bars = element.querySelectorAll("input");
  const focused = [];
  bars.forEach((bar, index) => (bar.focus = () => focused.push(index)));
  for (const key of ["ArrowUp", "PageUp", "Home"]) bars[1].fire("keydown", { key });
  assert.deepEqual(sent, [["curve.1", 0.51], ["curve.1", 0.61], ["curve.1", 0]]);
  bars[2].fire("keydown", { key: "ArrowUp" });
  assert.deepEqual(sent.at(-1), ["curve.2", 1]);
  bars[1].fire("keydown", { key: "ArrowRight" });
  bars[1].fire("keydown", { key: "ArrowLeft" });
  bars[0].fire("keydown", { key: "ArrowLeft" });
  assert.deepEqual(focused, [2, 0, 0]);
});

test("a bar that is dragged sends its value", () => {
  const { element, sent } = setUp("curve", [0, 0.5, 1]);
  const [bar] = element.querySelectorAll("input");
  bar.value = "0.25";
  bar.fire("input");
  assert.deepEqual(sent, [["curve.0", 0.25]]);
  assert.equal(bar.style["--level"], "25%");
});

test("clean numbers are used at once", async () => {
  const { area, sent, said, error, shown } = setUp("data", [1, 2, 3]);
  assert.equal(area.value, "1, 2, 3");
  await paste(area, "4\n5\n6\n7");
  assert.deepEqual(sent, [["data", [4, 5, 6, 7]]]);
  assert.equal(said(), "4 numbers, from 4 to 7.");
  assert.equal(error(), "");
  assert.equal(shown("Use"), undefined);
});

test("what is pasted goes to where the cursor stands, and is used at once", async () => {
  const { area, sent } = setUp("data", [1, 2, 3]);
  area.selectionStart = 0;
  area.selectionEnd = 7;
  area.setRangeText = (text, from, to) => (area.value = area.value.slice(0, from) + text + area.value.slice(to));
  const event = area.fire("paste", { clipboardData: { getData: () => "7\n8\n9\n" } });
  await settled();
  assert.ok(event.defaultPrevented);
  assert.deepEqual(sent, [["data", [7, 8, 9]]]);
});

test("nothing is sent while numbers are typed", async () => {
  const { area, sent } = setUp("data", [1, 2, 3]);
  area.value = "1, 2, 3, 4";
  area.fire("input");
  assert.deepEqual(sent, []);
  area.fire("change");
  await settled();
  assert.deepEqual(sent, [["data", [1, 2, 3, 4]]]);
});

test("an invalid row is reported, the valid numbers are offered, and the text stays", async () => {
  const { view, area, sent, said, error, shown } = setUp("data", [1, 2, 3]);
  await paste(area, "4\n5\nabc\n7");
  assert.deepEqual(sent, []);
  assert.equal(error(), "Expected a number in row 3, but got “abc”.");
  assert.equal(said(), "3 numbers, from 4 to 7; 1 invalid row.");
  view.sync([9, 9, 9]);
  assert.equal(area.value, "4\n5\nabc\n7");
  shown("Use the 3 valid numbers").fire("click");
  assert.deepEqual(sent, [["data", [4, 5, 7]]]);
  view.sync([4, 5, 7]);
  assert.equal(area.value, "4\n5\nabc\n7");
  assert.equal(shown("Discard"), undefined);
});

test("the text stays when the server refuses the numbers", async () => {
  const { view, area, error, shown } = setUp("data", [1, 2, 3]);
  await paste(area, "5, 5, 5");
  view.reject("Expected numbers that differ, but got 3 times 5.");
  assert.equal(area.value, "5, 5, 5");
  assert.equal(error(), "Expected numbers that differ, but got 3 times 5.");
  shown("Discard").fire("click");
  assert.equal(area.value, "1, 2, 3");
  assert.equal(error(), "");
});

test("too few and too many are refused with the limit, and not offered", async () => {
  const { area, sent, error, shown } = setUp("data", [1, 2, 3]);
  await paste(area, "1, 2");
  assert.equal(error(), "Expected 3 numbers or more, but got 2.");
  await paste(area, "1 2 3 4 5 6 7");
  assert.equal(error(), "Expected 6 numbers or fewer, but got 7.");
  assert.equal(shown("Use"), undefined);
  assert.deepEqual(sent, []);
});

test("one number is said in the singular", async () => {
  const { area, said } = setUp("data", [1, 2, 3]);
  await paste(area, "5");
  assert.equal(said(), "1 number: 5.");
  await paste(area, "cm\n-5.5\nabc");
  assert.equal(said(), "1 number under “cm”: −5.5; 1 invalid row.");
  await paste(area, "abc");
  assert.equal(said(), "0 numbers; 1 invalid row.");
});

test("of a table one column is chosen", async () => {
  const { area, sent, said, element, shown } = setUp("data", [1, 2, 3]);
  await paste(area, "age,cm\n20,170\n30,180\n40,190");
  assert.deepEqual(sent, []);
  const columns = element.querySelector("select");
  assert.deepEqual(columns.children.map((option) => option.textContent), ["age", "cm"]);
  assert.equal(said(), "3 numbers under “age”, from 20 to 40.");
  columns.value = "1";
  columns.fire("change");
  await settled();
  assert.equal(said(), "3 numbers under “cm”, from 170 to 190.");
  shown("Use this column").fire("click");
  assert.deepEqual(sent, [["data", [170, 180, 190]]]);
});

const file = (name, content, size = content.length) => ({ name, size, content, text: async () => content });

test("controls whose module was not there yet have their inputs and values when it is", async () => {
  assert.deepEqual(fieldsBefore, [0, 0]);
  await early.data.view.editor.readFile(file("a.csv", "4\n5\n6\n"));
  assert.deepEqual(fields(), [2, 1]);
  assert.equal(early.curve.element.querySelectorAll("input")[0].value, "0.25");
  assert.deepEqual(early.data.sent, [["data", [4, 5, 6]]]);
});
test("a file is read like a text, whether it is chosen or dropped", async () => {
  const { view, area, element, sent } = setUp("data", [1, 2, 3]);
  const chooser = element.querySelectorAll("input").find((each) => each.getAttribute("type") === "file");
  chooser.files = [file("a.csv", "x\n7\n8\n9\n")];
  chooser.fire("change");
  await settled();
  assert.deepEqual(sent, [["data", [7, 8, 9]]]);
  assert.equal(area.value, "x\n7\n8\n9\n");
  view.editor.readFile(file("b.csv", "4\n5\n6\n"));
  await settled();
  assert.deepEqual(sent.at(-1), ["data", [4, 5, 6]]);
});

test("a file that is too large is refused, and the numbers stay", async () => {
  const { view, area, sent, error } = setUp("data", [1, 2, 3]);
  view.editor.readFile(file("big.csv", "1", 300 * 2 ** 20));
  await settled();
  assert.equal(error(), "Expected a file of at most 256 MB, but “big.csv” has 300 MB.");
  assert.deepEqual(sent, []);
  assert.equal(area.value, "1, 2, 3");
});

test("of a file that the field cannot show, the name stands there, and the server reads it", async () => {
  const { view, area, sent, said, shown } = setUp("data", [1, 2, 3]);
  for (const [name, size] of [["spooled.csv", 10 ** 6], ["excel.txt", 20]]) {
    const chosen = { ...file(name, "4\n5\n6\n7", size), text: async () => "\ufffd" };
    view.editor.readFile(chosen);
    await settled();
    assert.deepEqual(sent.at(-1), ["data", [4, 5, 6, 7]]);
    assert.equal(said(), "4 numbers, from 4 to 7.");
    assert.equal(area.value, `(${name})`);
    assert.equal(area.readOnly, true);
  }
  assert.ok(shown("Discard"));
});

test("an unclear decimal mark is a question with two answers, and nothing is sent before", async () => {
  const { area, sent, error, shown, said } = setUp("data", [1, 2, 3]);
  await paste(area, "950\n1,250\n870\n");
  assert.equal(error(), "The comma in “1,250” may be a decimal mark or group thousands. Expected a number from −1000 to 1000 in row 2, but got “1,250”.");
  assert.deepEqual(sent, []);
  assert.equal(shown("Use"), undefined);
  shown("decimal comma").fire("click");
  await settled();
  assert.equal(said(), "3 numbers, from 1.25 to 950.");
  assert.equal(error(), "");
});

test("of too many numbers a sample is drawn with the seed of the experiment", async () => {
  const { area, sent, shown, said } = setUp("data", [1, 2, 3]);
  await paste(area, "1\n2\n3\n4\n5\n6\n7\n8\n");
  assert.equal(said(), "8 numbers, from 1 to 8.");
  assert.equal(shown("Use"), undefined);
  shown("Draw 6 of them").fire("click");
  await settled();
  assert.deepEqual(sent, [["data", readings["sample=7|1\n2\n3\n4\n5\n6\n7\n8\n"].values]]);
  assert.equal(sent[0][1].length, 6);
});

test("a server that cannot be reached or refuses a text is said, and the text stays", async () => {
  const { area, error } = setUp("data", [1, 2, 3]);
  const before = answer;
  answer = () => null;
  await paste(area, "4, 5, 6");
  assert.equal(error(), "The server cannot be reached, so the numbers cannot be read.");
  answer = () => ({ status: 422, responseText: "Expected a text file such as CSV, but got something else." });
  await paste(area, "4, 5, 6");
  assert.equal(error(), "Expected a text file such as CSV, but got something else.");
  assert.equal(area.value, "4, 5, 6");
  answer = before;
});

test("only the answer to the last text counts", async () => {
  const { area, said } = setUp("data", [1, 2, 3]);
  const before = deliver;
  const answers = [];
  deliver = (send) => answers.push(send);
  await paste(area, "4\n5\n6\n7");
  await paste(area, "abc");
  answers[1]();
  await settled();
  answers[0]();
  await settled();
  assert.equal(said(), "0 numbers; 1 invalid row.");
  deliver = before;
});
