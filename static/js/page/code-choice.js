// @ts-check
/** The choice of a code of an InfoGAN: its curve of G is lit, and the fakes with it are drawn over all fakes. */

import { element, setText } from "../dom.js";
import { formatPosition, formatShare } from "../format.js";
import { curveOf } from "../charts/curves.js";

/** @import {Frame, Scene} from "../charts/types.js" */
/** @import {Store} from "../state/store.js" */

const HELP = "Show the fakes of one value of the code alone. Their density is divided by the number of values, so that those of all values fill that of all fakes.";

/** @param {Document} page @param {Store} store */
export function mountCodeChoice(page, store) {
  const select = element("select", { id: "code-choice", "aria-describedby": "code-choice-help", onchange: () => choose(select.value) });
  const said = element("output", { for: select.id });
  const box = element("p", { class: "code-choice", title: HELP },
    element("label", { for: select.id }, "code c"), select, said, element("span", { id: "code-choice-help", class: "control-help" }, HELP));
  page.querySelector(".part.generator figcaption")?.after(box);
  let shown = "";

  /** @param {string} value */
  function choose(value) {
    store.code = value === "" ? null : Number(value);
    store.invalidate();
  }

  store.onDraw(() => {
    const { scene, frame } = store;
    const codes = scene?.codes ?? [];
    box.hidden = codes.length === 0;
    if (codes.join() !== shown) {
      shown = codes.join();
      store.code = null;
      select.replaceChildren(element("option", { value: "" }, "all"), ...codes.map((name, k) => element("option", { value: k }, name)));
      store.invalidate();
    }
    setText(said, scene && frame && store.code !== null ? placeInWords(scene, frame, store.code) : "");
  });
}

/**
 * Where the fakes with a code are: the mode that has most of them, or their mean if there is only one mode.
 * @param {Scene} scene @param {Frame} frame @param {number} k index of the code
 */
export function placeInWords({ grid, modes, x_axis: axis }, { arrays }, k) {
  const density = [...(arrays.code_density ? curveOf(arrays.code_density, grid.length, k) : [])];
  const total = density.reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) return "";
  if (modes.length === 1) return `fakes around ${formatPosition(density.reduce((sum, value, i) => sum + value * grid[i], 0) / total, axis, 1)}`;
  const masses = modes.map(({ low, high }) =>
    density.reduce((sum, value, i) => sum + (grid[i] > (low ?? -Infinity) && grid[i] <= (high ?? Infinity) ? value : 0), 0) / total,
  );
  const most = masses.indexOf(Math.max(...masses));
  return `${formatShare(masses[most])} near ${formatPosition(modes[most].centre, axis, 1)}`;
}
