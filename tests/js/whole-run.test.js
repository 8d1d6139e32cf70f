// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { linear } from "../../static/js/plot/index.js";
import { columnOf, fullDensity, pixelsOf, stretchesOf } from "../../static/js/stills/density-map.js";
import { onlyChanges, paletteOf, RATES, SIZES } from "../../static/js/stills/film.js";
import { areasOf, drawSheet } from "../../static/js/stills/sheet.js";
import { everyStep, openSteps, spacedSteps } from "../../static/js/stills/steps.js";
import { drawPanel, drawStripHead, panelsOf, stripSheet } from "../../static/js/stills/strip.js";
import { webmOf } from "../../static/js/stills/webm.js";
import { makeScene, makeStore, theme } from "./drawing.js";
import { fakeContext } from "./fake-context.js";

test("steps at equal distances have both ends, and are taken from those that there are", () => {
  assert.deepEqual(spacedSteps(0, 100, 5, []), [0, 25, 50, 75, 100]);
  assert.deepEqual(spacedSteps(0, 2, 3, []), [0, 1, 2]);
  assert.deepEqual(spacedSteps(0, 100, 5, [0, 20, 40, 60, 80, 100]), [0, 20, 40, 80, 100]);
  assert.deepEqual(spacedSteps(10, 30, 9, [0, 20, 40]), [0, 20], "each once; of two that are as near, the earlier one");
  assert.deepEqual(everyStep(3, 10, 3, []), [3, 6, 9, 10]);
  assert.deepEqual(everyStep(0, 10, 5, []), [0, 5, 10]);
  assert.deepEqual(everyStep(0, 10, 1, [0, 4, 8, 10]), [0, 4, 8, 10]);
});

/** A source that answers each look as `answer` says. @param {(look: any, receiver: any) => void} answer */
function sourceOf(answer) {
  const seen = { closed: 0, sent: /** @type {any[]} */ ([]), receiver: /** @type {any} */ (null) };
  const create = (/** @type {any} */ receiver) => {
    seen.receiver = receiver;
    return /** @type {any} */ ({
      timeline: null,
      open() {},
      close: () => seen.closed++,
      send(/** @type {any} */ command) {
        seen.sent.push(command);
        if (command.type === "look") answer(command, receiver);
        return true;
      },
    });
  };
  return { seen, create };
}

test("a refused look, a lost connection and a cancelled one are sentences", async () => {
  const { seen, create } = sourceOf(() => {});
  const ending = new AbortController();
  const opening = openSteps(create, ending.signal);
  seen.receiver.onState("reconnecting", "The server does not answer yet.", null);
  await assert.rejects(opening, /^Error: The server does not answer yet\.$/);
  assert.equal(seen.closed, 1);
  const next = openSteps(create, ending.signal);
  ending.abort();
  await assert.rejects(next, /^Error: Cancelled\.$/);
  assert.equal(seen.closed, 2);
});

test("panels of a strip fill rows of at most four, and lie on their sheet", () => {
  for (const [count, across] of [[2, 2], [3, 3], [4, 4], [5, 3], [6, 3], [7, 4], [9, 3], [12, 4]]) {
    const panels = panelsOf(count);
    assert.equal(new Set(panels.map(({ x }) => x)).size, across, String(count));
    const { width, height, foot } = stripSheet(count);
    assert.ok(panels.every((panel) => panel.x + panel.width <= width && panel.y + panel.height <= height - foot + 1e-9));
  }
});

test("a panel names its step, and the head of the strip all of them", () => {
  const ctx = fakeContext();
  const surface = { ctx, chart: (/** @type {any} */ _, /** @type {any} */ draw) => draw(ctx) };
  drawStripHead(surface, theme, { title: "Two modes", settings: "batch 64", diagnosis: "", link: "http://h/" }, [0, 1240], 7);
  drawPanel(surface, makeStore(), theme, panelsOf(2)[1]);
  for (const words of ["Two modes", "steps 0 to 1\u202f240   seed 7", "batch 64", "http://h/", "step 1\u202f240", "D*"]) assert.ok(ctx.words.includes(words), words);
  assert.equal(ctx.open, 0);
});

const SHADES = new Uint8ClampedArray(1024).map((_, i) => (i % 4 === 3 ? 255 : i >> 2));

/** @param {number} step @param {number[]} density */
function column(step, density) {
  const scene = { ...makeScene(), grid: [0.5, 1.5, 2.5, 3.5], x_axis: { low: 0, high: 4 } };
  return /** @type {import("../../static/js/stills/density-map.js").Column} */ ({ step, scene: /** @type {any} */ (scene), density });
}

test("a pixel of the map has the colour of the nearest step and of the density between two points", () => {
  const columns = [column(0, [0, 1, 0, 0]), column(10, [0, 0, 0, 4])];
  const place = { width: 4, height: 4, x: linear(0, 4, 4, 0), step: linear(0, 10, 0, 4), high: 1 };
  const { data } = pixelsOf(columns, place, SHADES);
  const red = (/** @type {number} */ across, /** @type {number} */ up) => data[4 * ((3 - up) * 4 + across)];
  // Centres of pixels are points of the grid. Steps 1.25 and 3.75 are nearer to 0, 6.25 and 8.75 to 10; 4 is more than the fullest colour.
  assert.deepEqual([0, 1, 2, 3].map((across) => [0, 1, 2, 3].map((up) => red(across, up))), [[0, 255, 0, 0], [0, 255, 0, 0], [0, 0, 0, 255], [0, 0, 0, 255]]);
  assert.deepEqual([data[3], data[4 * 2 + 3]], [0, 255], "the paper shows where there is nothing");
  const half = pixelsOf(columns.slice(0, 1), { ...place, height: 8, x: linear(0, 4, 8, 0) }, SHADES);
  // At x = .75, a quarter of the way from 0 to 1: .25^.6 of 255 is 111.
  assert.equal(half.data[4 * (6 * 4)], 111);
});

test("the fullest colour is a round number from twice the target's peak on", () => {
  const made = column(0, [1]);
  made.scene.target_density = [0, 0.4, 0.1];
  assert.equal(fullDensity([made]), 1);
});

test("modes stand where they were in each stretch of the run", () => {
  const [a, b, c] = [0, 10, 20].map((step) => column(step, [1, 1, 1, 1]));
  c.scene.modes = [{ ...c.scene.modes[0], centre: 3 }];
  assert.deepEqual(stretchesOf([a, b, c]), [{ from: 0, to: 20, centres: [-2, 2] }, { from: 20, to: 20, centres: [3] }]);
  assert.equal(columnOf(makeStore()).step, 1240);
});

test("films have rates that a GIF can have, and sheets that hold their charts", () => {
  for (const rate of RATES) assert.equal((100 / rate) % 1, 0);
  for (const { sheet } of Object.values(SIZES)) {
    const areas = Object.values(areasOf(sheet));
    assert.ok(areas.every(({ x, y, width, height }) => x >= 0 && y >= sheet.top && x + width <= sheet.width && y + height <= sheet.height - sheet.foot + 1e-9));
    const ctx = fakeContext();
    const scene = { ...makeScene(), scoreboard: [] };
    const store = makeStore({ .../** @type {any} */ ({ scene }) });
    drawSheet({ ctx, chart: (_, draw) => draw(ctx) }, store, theme, { title: "T", settings: "S", diagnosis: "D", link: "L" }, sheet);
    assert.equal(ctx.words.includes("S"), sheet.head.most > 1);
    assert.equal(ctx.open, 0);
  }
});

test("the colours of a film are those of the theme, and others that are near", () => {
  const shown = { ...theme, paper: "rgb(252, 252, 253)", real: "rgb(0, 119, 187)" };
  const pixels = new Uint8ClampedArray(400).map((_, i) => (i % 4 === 3 ? 255 : i < 200 ? 250 : 10));
  const palette = paletteOf([pixels], shown);
  assert.deepEqual(palette.slice(0, 2), [[252, 252, 253], [0, 119, 187]]);
  assert.ok(palette.length < 256);
  assert.deepEqual([...onlyChanges(Uint8Array.of(1, 2, 3), Uint8Array.of(1, 5, 3), 9)], [9, 2, 9]);
});

/** The elements of an EBML file: [identifier, content]; a length of eight bytes begins with 1. @param {Uint8Array} bytes @returns {[string, Uint8Array, number][]} */
function elementsOf(bytes) {
  /** @type {[string, Uint8Array, number][]} */
  const found = [];
  for (let at = 0; at < bytes.length; ) {
    const begin = at;
    const idLength = Math.clz32(bytes[at]) - 23;
    const id = Buffer.from(bytes.subarray(at, at + idLength)).toString("hex");
    at += idLength;
    assert.equal(bytes[at], 1);
    const size = Number(Buffer.from(bytes.subarray(at, at + 8)).readBigUInt64BE() & 0xffffffffffffffn);
    at += 8;
    found.push([id, bytes.subarray(at, at + size), begin]);
    at += size;
    assert.ok(at <= bytes.length);
  }
  return found;
}
const number = (/** @type {Uint8Array} */ content) => Number(Buffer.from(content).readBigUInt64BE());

test("a WebM file has its frames in clusters that begin with a key frame, and cues that lead to them", () => {
  const chunks = [[0, true], [50, false], [100, true], [150, false]].map(([ms, isKey], i) => ({ data: Uint8Array.of(i, 7), ms: Number(ms), isKey: Boolean(isKey) }));
  const file = webmOf(chunks, { codec: "V_VP9", width: 640, height: 360, ms: 200 });
  const [[header, head], [segment, body]] = elementsOf(file);
  assert.deepEqual([header, segment], ["1a45dfa3", "18538067"]);
  assert.equal(new TextDecoder().decode(elementsOf(head).find(([id]) => id === "4282")?.[1]), "webm");
  const parts = elementsOf(body);
  assert.deepEqual(parts.map(([id]) => id), ["1549a966", "1654ae6b", "1c53bb6b", "1f43b675", "1f43b675"]);
  const [, track] = elementsOf(parts[1][1])[0];
  const video = elementsOf(elementsOf(track).find(([id]) => id === "e0")?.[1] ?? new Uint8Array());
  assert.deepEqual(video.map(([id, content]) => [id, number(content)]), [["b0", 640], ["ba", 360]]);
  const clusters = parts.slice(3);
  assert.deepEqual(clusters.map(([, content]) => number(elementsOf(content)[0][1])), [0, 100]);
  const blocks = clusters.flatMap(([, content]) => elementsOf(content).slice(1).map(([, block]) => [...block]));
  assert.deepEqual(blocks, [[0x81, 0, 0, 0x80, 0, 7], [0x81, 0, 50, 0, 1, 7], [0x81, 0, 0, 0x80, 2, 7], [0x81, 0, 50, 0, 3, 7]]);
  const cues = elementsOf(parts[2][1]).map(([, point]) => {
    const [[, time], [, positions]] = elementsOf(point);
    return [number(time), number(elementsOf(positions)[1][1])];
  });
  assert.deepEqual(cues, [[0, clusters[0][2]], [100, clusters[1][2]]]);
});
