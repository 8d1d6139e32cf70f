// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { areasOf, drawSheet, SHEET, shorten } from "../../static/js/stills/sheet.js";
import { SvgContext } from "../../static/js/stills/svg-context.js";
import { secondInWords, settingsInWords } from "../../static/js/stills/words.js";
import { makeScene, makeStore, theme } from "./drawing.js";
import { fakeContext } from "./fake-context.js";

/** Letters are half as wide as high; a line reaches from .8 above its baseline to .2 below. @returns {any} */
function measure() {
  return {
    font: "",
    textBaseline: "alphabetic",
    measureText(/** @type {string} */ words) {
      const size = Number(/([\d.]+)px/.exec(this.font)?.[1]);
      const ascent = { alphabetic: 0.8, middle: 0.5, top: 0 }[/** @type {"top"} */ (this.textBaseline)];
      return { width: (words.length * size) / 2, fontBoundingBoxAscent: ascent * size };
    },
  };
}

/** @param {(svg: SvgContext) => void} draw */
function svgOf(draw) {
  const svg = new SvgContext(100, 50, measure());
  draw(svg);
  return svg.parts.join("");
}

test("shapes become paths", () => {
  const drawn = svgOf((svg) => {
    svg.fillStyle = "red";
    svg.globalAlpha = 0.5;
    svg.rect(1, 2, 3, 4);
    svg.fill();
    svg.beginPath();
    svg.moveTo(0, 0.123456);
    svg.lineTo(5, -1);
    svg.closePath();
    svg.lineWidth = 2;
    svg.lineJoin = "round";
    svg.setLineDash([3, 1]);
    svg.stroke();
  });
  assert.equal(
    drawn,
    '<path d="M1 2h3v4h-3Z" fill="red" fill-opacity="0.5"/>' +
      '<path d="M0 0.12L5 -1Z" fill="none" stroke="#000" stroke-width="2" stroke-linejoin="round" stroke-dasharray="3 1" stroke-opacity="0.5"/>',
  );
});

test("a circle has its centre and radius, and a bar its corners", () => {
  assert.equal(svgOf((svg) => (svg.arc(5, 6, 2), svg.fill())), '<path d="M3 6a2 2 0 1 1 4 0a2 2 0 1 1 -4 0Z" fill="#000"/>');
  assert.match(svgOf((svg) => (svg.roundRect(0, 0, 10, 4, 9), svg.fill())), /d="M2 0h6a2 2 0 0 1 2 2v0a2 2 0 0 1 -2 2h-6a/);
});

test("pixels are a picture in the document", () => {
  const canvas = { toDataURL: (/** @type {string} */ type) => `data:${type};base64,AA==` };
  assert.equal(
    svgOf((svg) => svg.drawImage(canvas, 1, 2, 30, 4.5)),
    '<image x="1" y="2" width="30" height="4.5" preserveAspectRatio="none" href="data:image/png;base64,AA=="/>',
  );
});

test("a clip lasts until restore", () => {
  const drawn = svgOf((svg) => {
    svg.save();
    svg.rect(0, 0, 9, 9);
    svg.clip();
    svg.save();
    svg.clip();
    svg.restore();
    svg.fill();
    svg.restore();
    svg.fill();
  });
  const clip = (/** @type {number} */ i) => `<clipPath id="clip-${i}"><path d="M0 0h9v9h-9Z"/></clipPath><g clip-path="url(#clip-${i})">`;
  const square = '<path d="M0 0h9v9h-9Z" fill="#000"/>';
  assert.equal(drawn, `${clip(0)}${clip(1)}</g>${square}</g>${square}`);
});

test("restore brings back the style", () => {
  const svg = new SvgContext(1, 1, measure());
  svg.setLineDash([1]);
  svg.save();
  svg.setLineDash([]);
  svg.globalAlpha = 0;
  svg.restore();
  assert.deepEqual([svg.dash, svg.globalAlpha], [[1], 1]);
});

test("text stays text, with its outline beneath it and on the baseline", () => {
  const drawn = svgOf((svg) => {
    svg.font = '600 10px "Some Font", serif';
    svg.textAlign = "right";
    svg.textBaseline = "middle";
    svg.strokeText("D < ½ & G", 4, 5);
    svg.fillText("D < ½ & G", 4, 5);
  });
  assert.equal(
    drawn,
    '<text x="4" y="8" font-family="&quot;Some Font&quot;, serif" font-size="10" font-weight="600" text-anchor="end" fill="#000"' +
      ' stroke="#000" stroke-width="1" paint-order="stroke" xml:space="preserve">D &lt; ½ &amp; G</text>',
  );
});

const words = { title: "Two <modes>", settings: "batch 64", diagnosis: "Learning: …", link: "http://h/#seed=1" };
const full = () => {
  const scene = { ...makeScene(), scoreboard: [{ metric: "jensen_shannon", label: "Jensen–Shannon", average: null, headline: true }] };
  return makeStore({ .../** @type {any} */ ({ scene }), hover: { axis: "x", value: 1 } });
};

test("a sheet as SVG holds all charts, balanced groups and the numbers", () => {
  const svg = new SvgContext(SHEET.width, SHEET.height, measure());
  let drawn = 0;
  drawSheet({
    ctx: /** @type {any} */ (svg),
    chart(_, draw) {
      drawn++;
      draw(/** @type {any} */ (svg));
    },
  }, full(), theme, words);
  const text = svg.document(words.title);
  assert.equal(drawn, 7);
  assert.equal(text.match(/<g /g)?.length, text.match(/<\/g>/g)?.length);
  for (const shown of ["Two &lt;modes&gt;", "step 1\u202f240", "Jensen–Shannon", "0.012", "50\u2009% (target 50\u2009%)", "http://h/#seed=1"]) {
    assert.ok(text.includes(`>${shown}`), shown);
  }
  assert.doesNotMatch(text, /NaN|undefined|Infinity/);
});

test("what the pointer shows is not on the sheet, and the store stays as it is", () => {
  const store = full();
  const ctx = fakeContext();
  drawSheet({ ctx, chart: (_, draw) => draw(ctx) }, store, theme, words);
  assert.ok(!ctx.words.some((/** @type {string} */ word) => word.startsWith("x 1.00")));
  assert.equal(store.hover?.value, 1);
  assert.equal(ctx.open, 0);
});

test("a sheet of two runs has both in every chart, and says how they differ", () => {
  const ctx = fakeContext();
  /** @type {string[]} */
  const over = [];
  const overlay = (/** @type {string} */ id) => void over.push(id);
  drawSheet({ ctx, chart: (_, draw) => draw(ctx) }, { ...full(), overlay }, theme, words);
  assert.deepEqual(over, ["generator", "data", "noise", "discriminator", "readouts", "losses", "distances"].filter((id) => over.includes(id)));
  assert.equal(over.length, 7);
  const one = { path: "a", label: "G learning rate", here: "0.002", there: "0.008" };
  const told = (/** @type {any} */ store) => secondInWords(store);
  assert.equal(told({ overlay, comparing: { differences: [one, { ...one, label: "γ", there: "" }] } }), "other run ′: G learning rate 0.008");
  assert.equal(told({ overlay, comparing: { differences: [] } }), "other run ′: the same settings");
  assert.equal(told({ overlay: null, comparing: { differences: [one] } }), "");
});

test("without a frame there is no sheet", () => {
  const ctx = fakeContext();
  assert.throws(() => drawSheet({ ctx, chart: () => {} }, makeStore({ frame: null }), theme, words), /Expected a frame/);
});

test("the charts lie on the sheet and do not overlap", () => {
  const areas = Object.values(areasOf());
  for (const [i, a] of areas.entries()) {
    assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.width <= SHEET.width && a.y + a.height <= SHEET.height);
    for (const b of areas.slice(i + 1)) {
      assert.ok(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y);
    }
  }
});

test("words that are too long are cut with an ellipsis", () => {
  const ctx = measure();
  assert.equal(shorten(ctx, theme, "short", 100), "short");
  assert.equal(shorten(ctx, theme, "a long sentence", 60), "a long se…");
});

test("settings are named as in the menus", () => {
  const network = { hidden: [8, 8], activation: { kind: "leaky_relu" }, optimizer: { kind: "adam", learning_rate: 5e-4 } };
  const config = {
    loss: { kind: "non_saturating" }, penalty: { kind: "r1" }, generator: network, discriminator: { ...network, hidden: [] },
    batch_size: 64, discriminator_steps: 2, generator_steps: 1,
  };
  const controls = [{ path: "penalty", options: [{ value: "r1", label: "R1", help: "" }] }];
  assert.equal(
    settingsInWords(config, /** @type {any} */ (controls)),
    "non saturating loss  ·  penalty R1  ·  G 8-8 leaky relu, adam 5e-4  ·  D linear leaky relu, adam 5e-4  ·  batch 64  ·  updates D 2, G 1",
  );
});
