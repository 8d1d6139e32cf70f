// @ts-check
/** The eigenvalues of one step of each update of a game, beside the unit circle. */

import { complexWords, drawUnitCircle, rateWords } from "../spectrum/unit-circle.js";
import { dot, text } from "../plot/index.js";
import { diamond, gameOf, trackStyle } from "./chart-parts.js";

/** @import {Chart} from "../charts/types.js" */
/** @import {GameStore} from "./game-store.js" */

/** @type {Chart} */
export const spectrum = {
  id: "game-spectrum",
  title: "Eigenvalues of one step at the equilibrium",

  describe(store) {
    const { game } = /** @type {GameStore} */ (store);
    const words = game.tracks.map(({ label, rate, eigenvalues }) =>
      rate === null ? `${label} has none: a step has no derivative at the equilibrium.` : `${label}: ${eigenvalues.map(complexWords).join(", ")}; largest modulus ${rateWords(rate)}.`,
    );
    return `Eigenvalues of one step at the equilibrium, beside the unit circle: inside it, the distance shrinks. ${words.join(" ")}`;
  },

  draw(context) {
    const { ctx, box, theme, store: { game } } = gameOf(context);
    const words = game.tracks.map(({ rate }, i) => ({ words: rate === null ? "no eigenvalues here" : `largest |λ| = ${rateWords(rate)}`, color: trackStyle(theme, i).color }));
    const foot = theme.size * 1.3 * words.length;
    const side = Math.min(box.width - theme.size * 2, box.height - theme.size * 0.6 - foot);
    const [cx, cy] = [box.width / 2, (box.height - foot) / 2];
    const below = cy + side / 2;
    const surface = { ctx, theme };
    const place = drawUnitCircle(surface, { cx, cy, side });
    words.forEach(({ words: line, color }, i) => {
      text(surface, line, cx, below + theme.size * (1.3 * i + 1), { color, align: "center", bold: true, halo: false });
    });
    for (let i = game.tracks.length - 1; i >= 0; i--) {
      const { color } = trackStyle(theme, i);
      for (const value of game.tracks[i].eigenvalues) {
        const [px, py] = place(value);
        if (i === 0) dot(ctx, px, py, theme.size * 0.42, color, theme.paper);
        else diamond(ctx, px, py, theme.size * 0.6, color, theme.paper);
      }
    }
  },
};
