// @ts-check
/**
 * A drawing context that writes SVG: the part of `CanvasRenderingContext2D` that the charts use. Text stays text, clips
 * become clip paths, and every length is in CSS pixels.
 */

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {{words: string, x: number, y: number, attributes: string}} Halo the outline of a text that follows */

/** Decimals of a coordinate. */
const DECIMALS = 2;
const ANCHORS = { left: "start", start: "start", center: "middle", right: "end", end: "end" };
/** Properties that `save` keeps. */
const STATE = /** @type {const} */ ([
  "fillStyle", "strokeStyle", "lineWidth", "lineJoin", "globalAlpha", "font", "textAlign", "textBaseline",
]);
const FONT = /^(?:(\d+) )?([\d.]+)px (.+)$/;

/** @param {number} value */
function number(value) {
  return String(Number(value.toFixed(DECIMALS)));
}

/** @param {string} words */
function escapeXml(words) {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

export class SvgContext {
  /**
   * @param {number} width in CSS pixels @param {number} height
   * @param {Context} measure measures text, with the font of the page
   */
  constructor(width, height, measure) {
    this.canvas = { width, height };
    this.measure = measure;
    this.fillStyle = "#000";
    this.strokeStyle = "#000";
    this.lineWidth = 1;
    /** @type {CanvasLineJoin} */
    this.lineJoin = "miter";
    this.globalAlpha = 1;
    this.font = "10px sans-serif";
    /** @type {CanvasTextAlign} */
    this.textAlign = "start";
    /** @type {CanvasTextBaseline} */
    this.textBaseline = "alphabetic";
    /** @type {number[]} */
    this.dash = [];
    /** The elements so far. @type {string[]} */
    this.parts = [];
    this.path = "";
    this.clips = 0;
    /** Groups that are open since the last `save`. */
    this.groups = 0;
    /** @type {{values: Record<string, unknown>, dash: number[], groups: number}[]} */
    this.saved = [];
    /** @type {Halo|null} */
    this.halo = null;
  }

  save() {
    const values = Object.fromEntries(STATE.map((name) => [name, this[name]]));
    this.saved.push({ values, dash: this.dash, groups: this.groups });
    this.groups = 0;
  }

  restore() {
    const last = this.saved.pop();
    if (!last) return;
    this.parts.push("</g>".repeat(this.groups));
    Object.assign(this, last.values);
    this.dash = last.dash;
    this.groups = last.groups;
  }

  /** Move the origin, until `restore`. @param {number} x @param {number} y */
  translate(x, y) {
    this.#open(`transform="translate(${number(x)} ${number(y)})"`);
  }

  beginPath() {
    this.path = "";
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.path += `M${number(x)} ${number(y)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.path += `${this.path ? "L" : "M"}${number(x)} ${number(y)}`;
  }

  closePath() {
    this.path += "Z";
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.path += `M${number(x)} ${number(y)}h${number(width)}v${number(height)}h${number(-width)}Z`;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height @param {number} radius */
  roundRect(x, y, width, height, radius) {
    const r = number(Math.min(radius, width / 2, height / 2));
    const [w, h] = [number(width - 2 * Number(r)), number(height - 2 * Number(r))];
    const arc = (/** @type {string} */ end) => `a${r} ${r} 0 0 1 ${end}`;
    this.path +=
      `M${number(x + Number(r))} ${number(y)}h${w}${arc(`${r} ${r}`)}v${h}${arc(`-${r} ${r}`)}` +
      `h-${w}${arc(`-${r} -${r}`)}v-${h}${arc(`${r} -${r}`)}Z`;
  }

  /** A whole circle; the charts draw no others. @param {number} x @param {number} y @param {number} radius */
  arc(x, y, radius) {
    const r = number(radius);
    this.path += `M${number(x - radius)} ${number(y)}a${r} ${r} 0 1 1 ${number(2 * radius)} 0a${r} ${r} 0 1 1 ${number(-2 * radius)} 0Z`;
  }

  clip() {
    const id = `clip-${this.clips++}`;
    this.parts.push(`<clipPath id="${id}"><path d="${this.path}"/></clipPath>`);
    this.#open(`clip-path="url(#${id})"`);
  }

  fill() {
    if (this.path) this.parts.push(`<path d="${this.path}" fill="${this.fillStyle}"${this.#opacity("fill")}/>`);
  }

  stroke() {
    if (this.path) this.parts.push(`<path d="${this.path}" fill="none"${this.#stroke()}/>`);
  }

  /**
   * A picture of pixels, in the document itself.
   * @param {{toDataURL: (type: string) => string}} canvas @param {number} x @param {number} y @param {number} width @param {number} height
   */
  drawImage(canvas, x, y, width, height) {
    this.parts.push(
      `<image x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"` +
        ` preserveAspectRatio="none" href="${canvas.toDataURL("image/png")}"/>`,
    );
  }

  /** Only what a chart has drawn itself could be cleared, and a still has no pointer that makes it do so. */
  clearRect() {}

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.dash = dash;
  }

  /** @param {string} words */
  measureText(words) {
    this.measure.font = this.font;
    this.measure.textBaseline = "alphabetic";
    return this.measure.measureText(words);
  }

  /** @param {string} words @param {number} x @param {number} y */
  strokeText(words, x, y) {
    this.halo = { words, x, y, attributes: `${this.#stroke()} paint-order="stroke"` };
  }

  /** Text with the outline that was stroked before, as one element. @param {string} words @param {number} x @param {number} y */
  fillText(words, x, y) {
    const [, weight = "400", size, family] = FONT.exec(this.font) ?? ["", "400", "10", this.font];
    const { halo } = this;
    this.halo = null;
    const outline = halo && halo.words === words && halo.x === x && halo.y === y ? halo.attributes : "";
    const anchor = ANCHORS[this.textAlign];
    const bold = weight === "400" ? "" : ` font-weight="${weight}"`;
    this.parts.push(
      `<text x="${number(x)}" y="${number(y + this.#baselineShift())}" font-family="${escapeXml(family)}" font-size="${size}"` +
        `${bold}${anchor === "start" ? "" : ` text-anchor="${anchor}"`} fill="${this.fillStyle}"${outline} xml:space="preserve">${escapeXml(words)}</text>`,
    );
  }

  /**
   * The picture as an SVG document.
   * @param {string} title its name for screen readers
   */
  document(title) {
    const { width, height } = this.canvas;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">` +
      `<title>${escapeXml(title)}</title>${this.parts.join("")}</svg>\n`
    );
  }

  /** How far below `y` the baseline lies: programs that read SVG know no other alignment as well. */
  #baselineShift() {
    if (this.textBaseline === "alphabetic") return 0;
    this.measure.font = this.font;
    const ascent = ["alphabetic", this.textBaseline].map((baseline) => {
      this.measure.textBaseline = /** @type {CanvasTextBaseline} */ (baseline);
      return this.measure.measureText("x").fontBoundingBoxAscent;
    });
    return ascent[0] - ascent[1];
  }

  #stroke() {
    const dash = this.dash.length ? ` stroke-dasharray="${this.dash.map(number).join(" ")}"` : "";
    const join = this.lineJoin === "miter" ? "" : ` stroke-linejoin="${this.lineJoin}"`;
    return ` stroke="${this.strokeStyle}" stroke-width="${number(this.lineWidth)}"${join}${dash}${this.#opacity("stroke")}`;
  }

  /** @param {"fill"|"stroke"} kind */
  #opacity(kind) {
    return this.globalAlpha === 1 ? "" : ` ${kind}-opacity="${number(this.globalAlpha)}"`;
  }

  /** @param {string} attributes */
  #open(attributes) {
    this.parts.push(`<g ${attributes}>`);
    this.groups++;
  }
}
