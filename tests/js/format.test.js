import assert from "node:assert/strict";
import { test } from "node:test";

import { formatCount, formatFixed, formatPosition, formatRate, formatReading, formatSetting, formatShare, formatTick, parseNumber, tickWords } from "../../static/js/format.js";
import { nextWidth, stepBy, sliderScaleOf } from "../../static/js/controls/slider-scale.js";

test("a setting is written one way, with every digit, and can be typed back", () => {
  const cases = [[0.002, "0.002"], [5e-4, "5e-4"], [1e-8, "1e-8"], [0, "0"], [-2, "-2"], [0.1 + 0.2, "0.3"], [1234.5, "1234.5"], [1.5e9, "1.5e9"], [4294967295, "4.294967295e9"]];
  for (const [value, text] of cases) {
    assert.equal(formatSetting(value), text);
    assert.ok(Math.abs(parseNumber(text) - value) < 1e-12 * Math.max(1, Math.abs(value)));
  }
  assert.equal(formatSetting(NaN), "–");
});

test("people's numbers are read, other text is not", () => {
  assert.deepEqual([".002", "2e-3", "2E-3", " 16 ", "−1", "+3", "1."].map(parseNumber), [0.002, 0.002, 0.002, 16, -1, 3, 1]);
  for (const text of ["", "abc", "1,5", "0x10", "Infinity", "1 000", "--1", "."]) assert.ok(Number.isNaN(parseNumber(text)), text);
});

test("readings keep their decimals and have a real minus", () => {
  assert.deepEqual([0.0414, 0.5, 1.234, 12.34, 123.4, -0.5, -0.0001, NaN].map(formatReading), ["0.041", "0.500", "1.23", "12.3", "123", "−0.500", "−1.0e-4", "–"]);
});

test("readings too small for three decimals, and too large for any, have an exponent", () => {
  assert.deepEqual([3.21e-10, 4.99e-4, 5e-4, 0, 99999, 1.8e8].map(formatReading), ["3.2e-10", "5.0e-4", "0.001", "0.000", "99999", "1.8e8"]);
});

test("counts and rates", () => {
  assert.equal(formatCount(1234567).replace(/\D/g, ""), "1234567");
  assert.equal(formatCount(999), "999");
  assert.deepEqual([0, 0.5, 59.6].map(formatRate), ["", "0.5 steps/s", "60 steps/s"]);
});

test("ticks and fixed decimals are written as on paper", () => {
  assert.equal(formatTick(-2), "\u22122");
  assert.equal(formatTick(0), "0");
  assert.equal(formatTick(-0), "0");
  assert.equal(formatTick(0.1 + 0.2), "0.3");
  assert.equal(formatTick(2000), "2000");
  assert.equal(formatTick(20000), "20\u2009000");
  assert.equal(formatTick(1500000), "1\u2009500\u2009000");
  assert.equal(formatFixed(-0.001), "0.00");
  assert.equal(formatFixed(-1.236), "\u22121.24");
  assert.equal(formatFixed(NaN), "–");
});

test("a share is never rounded to nothing or to everything", () => {
  assert.equal(formatShare(0), "0\u2009%");
  assert.equal(formatShare(0.001), "<1\u2009%");
  assert.equal(formatShare(0.494), "49\u2009%");
  assert.equal(formatShare(0.497), "50\u2009%");
  assert.equal(formatShare(0.999), ">99\u2009%");
  assert.equal(formatShare(1), "100\u2009%");
  assert.equal(formatShare(NaN), "–");
});

const range = (low, high, more = {}) => ({ low, high, scale: "linear", step: null, whole: false, ...more });

test("a linear slider reaches both ends and stands on round values between", () => {
  const travel = sliderScaleOf(range(0, 0.999));
  assert.equal(travel.toValue(0), 0);
  assert.equal(travel.toValue(travel.max), 0.999);
  assert.equal(travel.toValue(3), 0.006);
  assert.equal(sliderScaleOf(range(1, 20, { whole: true })).toValue(4), 5);
});

test("a logarithmic slider climbs a ladder of round numbers, equally many in each decade", () => {
  const travel = sliderScaleOf(range(1e-5, 10, { scale: "log" }));
  assert.deepEqual([0, 24, 31, 48, 144].map(travel.toValue), [1e-5, 1e-4, 2e-4, 1e-3, 10]);
  assert.equal(travel.max, 144);
  assert.equal(travel.toPosition(0.001), 48);
  assert.deepEqual([1e-9, 99].map(travel.toPosition), [0, 144]);
  const between = travel.toPosition(2.1e-4);
  assert.ok(between > 31 && between < 32);
});

test("whole numbers on a logarithmic slider are chosen by doubling", () => {
  const travel = sliderScaleOf(range(1, 100, { scale: "log", whole: true }));
  assert.deepEqual(Array.from({ length: travel.max + 1 }, (_, index) => travel.toValue(index)), [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 100]);
});

test("one press moves a slider wherever it stands", () => {
  const whole = { scale: "log", whole: true };
  for (const bounds of [range(1e-5, 10, { scale: "log" }), range(1e-12, 0.01, { scale: "log" }), range(1, 4096, whole), range(0, 0.999), range(0.1, 10, { scale: "log" })]) {
    const travel = sliderScaleOf(bounds);
    for (let position = 1; position <= travel.max; position += 1) {
      assert.ok(travel.toValue(position) > travel.toValue(position - 1), `position ${position}`);
    }
  }
});

test("without bounds, or over four thousand million seeds, there is no slider", () => {
  assert.equal(sliderScaleOf(range(null, 1)), null);
  assert.equal(sliderScaleOf(range(0, 2 ** 32 - 1, { whole: true })), null);
});

test("a typed number is stepBy by its own stride and stays within its bounds", () => {
  assert.equal(stepBy(range(-10, 10, { step: 0.05 }), 0.1, 1), 0.15);
  assert.equal(stepBy(range(1, 20, { whole: true }), 1, -1), 1);
  assert.equal(stepBy(range(1e-5, 10, { scale: "log" }), 0.01, 1), 0.011);
});

test("widths climb the ladder 1 2 3 4 6 8 12 16", () => {
  assert.deepEqual([1, 2, 3, 4, 6, 8, 12].map((width) => nextWidth(width, 1, 1, 256)), [2, 3, 4, 6, 8, 12, 16]);
  assert.deepEqual([16, 10, 2, 1].map((width) => nextWidth(width, -1, 1, 256)), [12, 8, 1, 1]);
});

test("ticks of an ordinary axis are plain numbers", () => {
  assert.deepEqual(tickWords([-4, -2, 0, 2, 4]), { labels: ["\u22124", "\u22122", "0", "2", "4"], note: "" });
  assert.deepEqual(tickWords([180, 200, 220]), { labels: ["180", "200", "220"], note: "" });
  assert.deepEqual(tickWords([]), { labels: [], note: "" });
});

test("ticks far from 0 are counted from a base, and very small or large ones in powers of ten", () => {
  assert.deepEqual(tickWords([999998, 1000000, 1000002]), { labels: ["\u22122", "0", "2"], note: "+ 1\u2009000\u2009000" });
  assert.deepEqual(tickWords([900000000, 900000005, 900000010]).labels.map((words) => words.length <= 3), [true, true, true]);
  assert.deepEqual(tickWords([0, 2e-12, 4e-12]), { labels: ["0", "2", "4"], note: "×10⁻¹²" });
  assert.deepEqual(tickWords([-2e6, 0, 2e6]), { labels: ["\u22122", "0", "2"], note: "×10⁶" });
  assert.deepEqual(tickWords([-1e-3 - 2e-9, -1e-3, -1e-3 + 2e-9]).labels, ["\u22122", "0", "2"]);
});

test("labels and note of any axis give its ticks back", () => {
  for (const place of [0, -200, 1e6, 9e8, -3e-5]) {
    for (const step of [1e-12, 2e-7, 0.05, 1, 5e4, 2e11]) {
      if (Math.abs(place) > 1e13 * step) continue;
      const values = [-2, -1, 0, 1, 2].map((k) => (Math.round(place / step) + k) * step);
      const { labels, note } = tickWords(values);
      const plain = (/** @type {string} */ text) => Number(text.replaceAll("\u2009", "").replaceAll("\u2212", "-").replace("+ ", "").replace("- ", "-"));
      const power = [...(note.match(/×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/)?.[1] ?? "⁰")].map((sign) => (sign === "⁻" ? "-" : "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign))).join("");
      const base = plain(note.replace(/×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+ ?/, "") || "0");
      labels.forEach((label, i) => {
        assert.ok(Math.abs(base + plain(label) * 10 ** Number(power) - values[i]) < 0.02 * step + 1e-15 * Math.abs(values[i]), `${place} ${step} ${label} ${note}`);
        assert.ok(label.length <= 7, label);
      });
      assert.equal(new Set(labels).size, 5);
    }
  }
});

test("a place is written to the precision of its axis", () => {
  assert.equal(formatPosition(-2.004, { low: -5, high: 5 }), "\u22122.00");
  assert.equal(formatPosition(1000000.513, { low: 999995, high: 1000005 }), "1\u2009000\u2009000.51");
  assert.equal(formatPosition(1.8e-12, { low: 0, high: 5e-12 }), "1.8e-12");
  assert.equal(formatPosition(-0.0012, { low: -0.005, high: 0.005 }), "\u22120.0012");
});
