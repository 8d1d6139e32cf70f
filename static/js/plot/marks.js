// @ts-check
/** What data is drawn with: curves, areas, hatching, stairs, rugs, arrows. Nothing here allocates per frame. */

/** @typedef {CanvasRenderingContext2D} Context */

/** More vertices than this for each pixel column and a curve is reduced to the extremes of each column. */
const DENSE = 4;

/**
 * The nearest position at which a stroke of `width` fills whole device pixels.
 * @param {number} position @param {number} width @param {number} ratio
 */
export function crisp(position, width, ratio) {
  const half = (Math.max(1, Math.round(width * ratio)) % 2) / 2;
  return (Math.round(position * ratio - half) + half) / ratio;
}

/**
 * Adds a curve to the current path; a NaN lifts the pen.
 * @param {Context} ctx @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys @param {number} count
 * @param {(x: number) => number} sx @param {(y: number) => number} sy
 */
export function trace(ctx, xs, ys, count, sx, sy) {
  if (count > DENSE * Math.abs(sx(xs[count - 1]) - sx(xs[0])) && count > 64) {
    traceExtremes(ctx, xs, ys, count, sx, sy);
    return;
  }
  let down = false;
  for (let i = 0; i < count; i++) {
    const y = sy(ys[i]);
    if (!Number.isFinite(y)) down = false;
    else if (down) ctx.lineTo(sx(xs[i]), y);
    else {
      ctx.moveTo(sx(xs[i]), y);
      down = true;
    }
  }
}

/**
 * The same picture from far fewer vertices: for each pixel column its lowest and highest value, in the order they came,
 * so that a spike of one sample stays as tall as it is.
 * @param {Context} ctx @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys @param {number} count
 * @param {(x: number) => number} sx @param {(y: number) => number} sy
 */
function traceExtremes(ctx, xs, ys, count, sx, sy) {
  let down = false;
  let i = 0;
  while (i < count) {
    const column = Math.floor(sx(xs[i]));
    let lowest = -1;
    let highest = -1;
    for (; i < count && Math.floor(sx(xs[i])) === column; i++) {
      if (!Number.isFinite(ys[i])) continue;
      if (lowest < 0 || ys[i] < ys[lowest]) lowest = i;
      if (highest < 0 || ys[i] > ys[highest]) highest = i;
    }
    if (lowest < 0) {
      down = false;
      continue;
    }
    const first = Math.min(lowest, highest);
    const second = Math.max(lowest, highest);
    if (down) ctx.lineTo(sx(xs[first]), sy(ys[first]));
    else ctx.moveTo(sx(xs[first]), sy(ys[first]));
    if (second !== first) ctx.lineTo(sx(xs[second]), sy(ys[second]));
    down = true;
  }
}

/**
 * Strokes a curve.
 * @param {Context} ctx @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys @param {number} count
 * @param {(x: number) => number} sx @param {(y: number) => number} sy
 * @param {{color: string, width: number, dash?: number[], alpha?: number}} style
 */
export function curve(ctx, xs, ys, count, sx, sy, style) {
  if (count < 1) return;
  ctx.save();
  ctx.beginPath();
  trace(ctx, xs, ys, count, sx, sy);
  ctx.strokeStyle = style.color;
  ctx.lineWidth = style.width;
  ctx.lineJoin = "round";
  ctx.globalAlpha = style.alpha ?? 1;
  if (style.dash) ctx.setLineDash(style.dash);
  ctx.stroke();
  ctx.restore();
}

/**
 * Puts the region between a curve and `base` (a pixel position) on the path; for x up and y sideways pass `flip`.
 * @param {Context} ctx @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys
 * @param {(x: number) => number} sx @param {(y: number) => number} sy @param {number} base @param {boolean} [flip]
 */
export function areaPath(ctx, xs, ys, sx, sy, base, flip = false) {
  const last = xs.length - 1;
  ctx.beginPath();
  point(ctx, "moveTo", sx(xs[0]), base, flip);
  for (let i = 0; i <= last; i++) point(ctx, "lineTo", sx(xs[i]), finiteOr(sy(ys[i]), base), flip);
  point(ctx, "lineTo", sx(xs[last]), base, flip);
  ctx.closePath();
}

/** @param {Context} ctx @param {"moveTo"|"lineTo"} verb @param {number} along @param {number} across @param {boolean} flip */
function point(ctx, verb, along, across, flip) {
  if (flip) ctx[verb](across, along);
  else ctx[verb](along, across);
}

/** @param {number} value @param {number} fallback */
function finiteOr(value, fallback) {
  return Number.isFinite(value) ? value : fallback;
}

/**
 * Fills the current path with a flat tint.
 * @param {Context} ctx @param {string} color @param {number} alpha
 */
export function tint(ctx, color, alpha) {
  ctx.save();
  ctx.globalAlpha = alpha;
  ctx.fillStyle = color;
  ctx.fill();
  ctx.restore();
}

/**
 * Fills the current path with slanted lines: the second way, besides its colour, to know what is fake.
 * @param {Context} ctx @param {{x: number, y: number, width: number, height: number}} area
 * @param {{color: string, alpha: number, gap: number, width: number}} style
 */
export function hatch(ctx, area, style) {
  ctx.save();
  ctx.clip();
  ctx.beginPath();
  const reach = area.width + area.height;
  for (let offset = style.gap / 2; offset < reach; offset += style.gap) {
    ctx.moveTo(area.x + offset, area.y);
    ctx.lineTo(area.x + offset - area.height, area.y + area.height);
  }
  ctx.strokeStyle = style.color;
  ctx.globalAlpha = style.alpha;
  ctx.lineWidth = style.width;
  ctx.stroke();
  ctx.restore();
}

/**
 * Puts the region between two curves on the path, a closed piece for each stretch where both exist.
 * @param {Context} ctx @param {ArrayLike<number>} xs @param {ArrayLike<number>} above @param {ArrayLike<number>} below
 * @param {(x: number) => number} sx @param {(y: number) => number} sy
 */
export function bandPath(ctx, xs, above, below, sx, sy) {
  ctx.beginPath();
  const exists = (/** @type {number} */ i) => Number.isFinite(above[i]) && Number.isFinite(below[i]);
  for (let i = 0; i < xs.length; i++) {
    if (!exists(i)) continue;
    const start = i;
    ctx.moveTo(sx(xs[i]), sy(above[i]));
    while (i + 1 < xs.length && exists(i + 1)) {
      i++;
      ctx.lineTo(sx(xs[i]), sy(above[i]));
    }
    for (let j = i; j >= start; j--) ctx.lineTo(sx(xs[j]), sy(below[j]));
    ctx.closePath();
  }
}

/**
 * Puts the outline of a histogram on the path. `counts` has one entry before and one after the bins for what fell
 * outside the axis; those two are not drawn here.
 * @param {Context} ctx @param {ArrayLike<number>} counts @param {import("../charts/types.js").Range} axis
 * @param {(value: number) => number} along @param {(count: number) => number} across @param {boolean} [flip]
 */
export function stairsPath(ctx, counts, axis, along, across, flip = false) {
  const bins = counts.length - 2;
  const width = (axis.high - axis.low) / bins;
  const base = across(0);
  ctx.beginPath();
  point(ctx, "moveTo", along(axis.low), base, flip);
  for (let i = 0; i < bins; i++) {
    const level = finiteOr(across(counts[i + 1]), base);
    point(ctx, "lineTo", along(axis.low + i * width), level, flip);
    point(ctx, "lineTo", along(axis.low + (i + 1) * width), level, flip);
  }
  point(ctx, "lineTo", along(axis.high), base, flip);
}

/**
 * A straight arrow along x; too short to have a head, it is only its shaft.
 * @param {Context} ctx @param {number} x @param {number} y @param {number} length signed @param {number} head
 */
export function arrowPath(ctx, x, y, length, head) {
  const size = Math.min(head, Math.abs(length));
  const back = x + length - Math.sign(length) * size;
  ctx.moveTo(x, y);
  ctx.lineTo(x + length, y);
  if (size < 1) return;
  ctx.moveTo(back, y - size * 0.7);
  ctx.lineTo(x + length, y);
  ctx.lineTo(back, y + size * 0.7);
}

/**
 * A filled dot with a rim of paper, so that it stands clear of the curve beneath it.
 * @param {Context} ctx @param {number} x @param {number} y @param {number} radius @param {string} color @param {string} rim
 */
export function dot(ctx, x, y, radius, color, rim) {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = color;
  ctx.fill();
  ctx.lineWidth = Math.max(1, radius / 3);
  ctx.strokeStyle = rim;
  ctx.stroke();
}

/**
 * The value of a sampled curve at `x`, between its two neighbours; NaN outside.
 * @param {ArrayLike<number>} xs evenly spaced @param {ArrayLike<number>} ys @param {number} x
 */
export function valueAt(xs, ys, x) {
  const last = xs.length - 1;
  if (last < 1) return NaN;
  const place = ((x - xs[0]) / (xs[last] - xs[0])) * last;
  // A grid of bin centres ends half a bin inside its axis: to that edge the end value holds.
  if (!(place >= -0.51 && place <= last + 0.51)) return NaN;
  const left = Math.max(0, Math.min(last - 1, Math.floor(place)));
  const part = Math.max(0, Math.min(1, place - left));
  return ys[left] + (ys[left + 1] - ys[left]) * part;
}
