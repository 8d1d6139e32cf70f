// @ts-check
/** A map as an SVG file, with what its colours mean. */

import { SvgContext } from "../stills/svg-context.js";
import { inLanguage } from "../words.js";
import { inkOn, RAMP } from "./colors.js";
import { drawMap, fill, layOut, write } from "./draw.js";
import { numberWords, valueWords } from "./results.js";

/** @import {Results, View} from "./results.js" */
/** @import {MapTheme} from "./colors.js" */

const SIZE = { width: 960, height: 640 };
const MARGIN = 24;
/** Height of a line of text, in heights of letters. */
const LINE = 1.7;
/** How much wider the letters of another font may be, in which the picture is shown elsewhere. */
const OTHER_FONT = 1.15;

/** @param {Document} page @param {Results} results @param {View} view @param {MapTheme} theme @returns {string} the SVG document */
export function svgOf(page, results, view, theme) {
  const measure = page.createElement("canvas").getContext("2d");
  if (!measure) throw new Error("This browser has no memory left for a picture.");
  const svg = new SvgContext(SIZE.width, SIZE.height, measure);
  const ctx = /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (svg));
  fill(ctx, { x: 0, y: 0, ...SIZE }, theme.paper);
  const { content } = results;
  write(ctx, inLanguage(content.title), { x: MARGIN, y: MARGIN }, { theme, color: theme.ink, align: "left", bold: true });
  const third = content.axes[view.order[2]];
  if (third) write(ctx, `${inLanguage(third.label)} ${valueWords(third, view.slice)}`, { x: MARGIN, y: MARGIN + LINE * theme.size }, { theme, color: theme.ink, align: "left" });
  const above = MARGIN + LINE * theme.size * (third ? 2.2 : 1.4);
  const lines = legendLines(results, view, theme, measure);
  const below = lines.length * LINE * theme.size + MARGIN;
  svg.save();
  svg.translate(MARGIN, above);
  const context = { ctx, theme, results, view };
  drawMap(context, layOut(context, { width: SIZE.width - 2 * MARGIN, height: SIZE.height - above - below }));
  svg.restore();
  lines.forEach((line, index) => {
    const y = SIZE.height - below + (index + 0.6) * LINE * theme.size;
    for (const { x, draw } of line) draw(ctx, MARGIN + x, y);
  });
  return svg.document(inLanguage(content.title));
}

/** @typedef {{x: number, draw: (ctx: CanvasRenderingContext2D, x: number, y: number) => void}} Entry */

/** What the colours mean, as entries in lines. @param {Results} results @param {View} view @param {MapTheme} theme @param {CanvasRenderingContext2D} measure @returns {Entry[][]} */
function legendLines(results, view, theme, measure) {
  const number = results.number(view.by);
  if (number) return [[{ x: 0, draw: (ctx, x, y) => drawRamp(ctx, x, y, results, number, theme) }]];
  const counts = results.tally(results.all());
  /** @type {Entry[][]} */
  const lines = [[]];
  let x = 0;
  measure.font = `${theme.size}px ${theme.family}`;
  results.content.outcomes.forEach(({ label: english, letter }, outcome) => {
    if (counts[outcome] === 0) return;
    const label = inLanguage(english);
    const width = 3 * theme.size + OTHER_FONT * measure.measureText(label).width;
    if (x + width > SIZE.width - 2 * MARGIN) {
      lines.push([]);
      x = 0;
    }
    lines[lines.length - 1].push({
      x,
      draw(ctx, left, y) {
        const side = 1.3 * theme.size;
        fill(ctx, { x: left, y: y - side / 2, width: side, height: side }, theme.outcomes[outcome]);
        write(ctx, letter, { x: left + side / 2, y }, { theme, color: inkOn(theme.outcomes[outcome]), bold: true, size: theme.size * 0.9 });
        write(ctx, label, { x: left + side + 0.5 * theme.size, y }, { theme, color: theme.ink, align: "left" });
      },
    });
    x += width;
  });
  return lines;
}

/**
 * The scale of a number. Nothing depends on the width of a word, because the picture may be shown in another font.
 * @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {Results} results
 * @param {import("./results.js").MapNumber} number @param {MapTheme} theme
 */
function drawRamp(ctx, x, y, results, number, theme) {
  const range = results.range(number);
  const ends = range ? (number.is_better_high ? [range.low, range.high] : [range.high, range.low]) : [Infinity, Infinity];
  const [left, step] = [x + 5 * theme.size, 16];
  const right = left + RAMP.length * step;
  const words = { theme, color: theme.ink };
  RAMP.forEach((color, index) => fill(ctx, { x: left + index * step, y: y - theme.size / 2, width: step, height: theme.size }, color));
  write(ctx, numberWords(ends[0], number), { x: left - 8, y }, { ...words, align: "right" });
  write(ctx, numberWords(ends[1], number), { x: right + 8, y }, { ...words, align: "left" });
  write(ctx, inLanguage(`${number.label}: the median; at the foot of a tile the quartiles`), { x: right + 7 * theme.size, y }, { ...words, align: "left" });
}
