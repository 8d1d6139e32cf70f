// @ts-check
/** The chart of one step of plain gradient descent: the eigenvalues 1 − ηλ beside the unit circle. */

import { formatReading } from "../format.js";
import { eigenvalue } from "./spectrum-view.js";
import { drawUnitCircle, rateWords } from "./unit-circle.js";

/** @import {Chart} from "../charts/types.js" */
/** @import {SpectrumFound} from "../connection/wire.js" */
/** @import {SpectrumView} from "./spectrum-view.js" */

/**
 * What a plain step of a size does to the directions that are not flat.
 * @param {SpectrumFound} found @param {number} rate
 */
export function stepOf({ eigenvalues }, rate) {
  const factors = eigenvalues.map(([re, im]) => [1 - rate * re, -rate * im]);
  const sizes = factors.map(([re, im]) => Math.hypot(re, im));
  const inside = sizes.filter((size) => size < 1).length;
  return { factors, inside, outside: sizes.length - inside, largest: Math.max(...sizes, 0) };
}

/** @param {SpectrumFound} found @param {number} rate */
export function stepInWords(found, rate) {
  const { inside, outside, largest } = stepOf(found, rate);
  return `${inside} settle, ${outside} leave; largest |1 − ηλ| = ${rateWords(largest)}`;
}

/** @param {SpectrumView} view @returns {Chart} */
export function circleChart(view) {
  return {
    id: "spectrum-circle",
    title: "One plain step",
    describe: () => (view.found ? `Eigenvalues 1 − ηλ of one step of plain gradient descent with η = ${formatReading(view.rate)}, beside the unit circle: ${stepInWords(view.found, view.rate)}.` : "Eigenvalues of one step, before they are computed."),
    draw(context) {
      const { ctx, box, theme } = context;
      if (!view.found) return;
      const side = Math.max(1, Math.min(box.width - theme.size * 2, box.height - theme.size * 0.6));
      const place = drawUnitCircle(context, { cx: box.width / 2, cy: box.height / 2, side });
      for (const value of stepOf(view.found, view.rate).factors) eigenvalue(ctx, ...place(value), theme);
    },
  };
}
