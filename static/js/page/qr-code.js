// @ts-check
/** QR codes, so that a telephone opens a link that nobody wants to type. */

import { encode } from "../../vendor/uqr/dist/index.mjs";

const SVG = "http://www.w3.org/2000/svg";
/** Empty modules around the code: readers need four (ISO/IEC 18004). */
const BORDER = 4;

/**
 * The QR code of a text: black on white in every theme, as some readers know no other.
 * @param {string} text
 * @param {string} label for screen readers
 */
export function qrCodeOf(text, label) {
  const { size, data } = encode(text, { ecc: "L", border: BORDER });
  const modules = /** @type {boolean[][]} */ (data).flatMap((row, y) => row.flatMap((isBlack, x) => (isBlack ? [`M${x} ${y}h1v1h-1z`] : [])));
  const code = document.createElementNS(SVG, "svg");
  const ground = document.createElementNS(SVG, "rect");
  const ink = document.createElementNS(SVG, "path");
  const attributes = /** @type {[Element, Record<string, string>][]} */ ([
    [code, { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" }],
    [ground, { width: String(size), height: String(size), fill: "#fff" }],
    [ink, { d: modules.join(""), fill: "#000" }],
  ]);
  for (const [node, values] of attributes) for (const [name, value] of Object.entries(values)) node.setAttribute(name, value);
  code.append(ground, ink);
  return code;
}
