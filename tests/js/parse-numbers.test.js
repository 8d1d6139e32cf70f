// Numbers in a text, held to the cases that `gan1d/rows.py` is held to.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { complaint, readRows } from "../../static/js/controls/parse-numbers.js";

const cases = JSON.parse(readFileSync(new URL("../rows.json", import.meta.url), "utf8"));
const ANY = { low: null, high: null };

for (const { why, text, bounds, wanted, values, faults = [], columns = [], column = 0, header = "" } of cases) {
  test(`reading rows: ${why}`, () => {
    const reading = readRows(text, bounds ? { low: bounds[0], high: bounds[1] } : ANY, wanted);
    assert.deepEqual(reading.values, values);
    assert.deepEqual(reading.faults.map(({ row, column: place, got }) => [row, place, got]), faults);
    assert.deepEqual(reading.columns, columns);
    assert.equal(reading.column, column);
    assert.equal(reading.header, header);
  });
}

test("bad rows are named, the first of them one by one", () => {
  assert.equal(
    complaint(readRows("1\n2\na\nb\nc\nd\ne\n", ANY), ANY, { low: 1, high: 10 }),
    "Expected a number in row 3, but got “a”. Expected a number in row 4, but got “b”. Expected a number in row 5, but got “c”. And 2 more.",
  );
});

test("too few and too many are told", () => {
  const say = (text) => complaint(readRows(text, ANY), ANY, { low: 3, high: 5 });
  assert.equal(say("1\n2"), "Expected 3 numbers or more, but got 2.");
  assert.equal(say("1 2 3 4 5 6"), "Expected 5 numbers or fewer, but got 6.");
  assert.equal(say("1 2 3"), "");
});

test("a number out of bounds is told its bounds", () => {
  const bounds = { low: -1000, high: 1000 };
  assert.equal(complaint(readRows("1\n5000", bounds), bounds, ANY), "Expected a number from -1000 to 1000 in row 2, but got “5000”.");
});

test("decimal commas without another separator are suspected", () => {
  assert.equal(readRows("1,5\n2,5\n", ANY).isDecimalComma, true);
  assert.equal(readRows("1, 5\n2, 5\n", ANY).isDecimalComma, false);
  assert.equal(readRows("1,5;2,5\n", ANY).isDecimalComma, false);
});
