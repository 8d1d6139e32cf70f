// @ts-check
/** The hand on a chart: pointing lights a value in all charts, a handle is dragged, and where a curve can be drawn, it is. */

/** @import {Theme, Handle, Pen} from "../charts/types.js" */
/** @typedef {import("./canvases.js").Pane} Pane */
/** @typedef {import("../state/store.js").Store} Store */

/** How near a pointer must be to take a handle, in CSS pixels. */
const GRASP = { mouse: 12, pen: 16, touch: 24 };
const CURSORS = { place: "ew-resize", reach: "ew-resize", share: "ns-resize" };

/**
 * @param {Pane} pane @param {Store} store @param {() => Theme} theme @param {AbortSignal} signal
 */
export function listenToPointer(pane, store, theme, signal) {
  const { canvas, chart } = pane;
  if (!chart.hoverAt) return;
  /** @type {Handle|null} */
  let held = null;
  /** @type {Pen|null} */
  let pen = null;
  /** @param {PointerEvent} event */
  function draw(event) {
    if (!pen) return;
    const { turn, ink } = pen.to(event.offsetX, event.offsetY);
    if (turn) store.intend(turn.path, turn.value);
    store.setInk(ink);
  }
  /** @param {PointerEvent} event */
  function hover(event) {
    store.setHover(chart.hoverAt?.(pane, store, theme(), event.offsetX, event.offsetY) ?? null);
  }
  canvas.addEventListener("pointermove", (event) => {
    if (pen) draw(event);
    else if (held) {
      const { path, value } = held.aim(event.offsetX, event.offsetY);
      store.intend(path, value);
    } else {
      canvas.style.cursor = cursorAt(pane, store, theme(), event);
      hover(event);
    }
  }, { signal });
  canvas.addEventListener("pointerdown", (event) => {
    held = event.button === 0 ? handleUnder(pane, store, theme(), event) : null;
    pen = event.button === 0 && !held ? penUnder(pane, store, theme(), event) : null;
    if (!held && !pen) {
      hover(event);
      return;
    }
    canvas.setPointerCapture(event.pointerId);
    store.setHover(null);
    store.hold();
    draw(event);
    event.preventDefault();
  }, { signal });
  const release = () => {
    if (held || pen) store.letGo();
    held = pen = null;
  };
  canvas.addEventListener("pointerup", release, { signal });
  canvas.addEventListener("pointercancel", release, { signal });
  canvas.addEventListener("pointerleave", () => {
    if (!held && !pen) store.setHover(null);
  }, { signal });
  // A finger on a handle drags it, and one where a curve can be drawn draws; anywhere else it scrolls the page.
  canvas.addEventListener("touchstart", (event) => {
    if (held || pen) event.preventDefault();
  }, { signal, passive: false });
}

/** @param {Pane} pane @param {Store} store @param {Theme} theme @param {PointerEvent} event @returns {string} */
function cursorAt(pane, store, theme, event) {
  const handle = handleUnder(pane, store, theme, event);
  if (handle) return CURSORS[handle.shape];
  return penUnder(pane, store, theme, event) ? "crosshair" : "";
}

/** @param {Pane} pane @param {Store} store @param {Theme} theme @param {PointerEvent} event @returns {Pen|null} */
function penUnder(pane, store, theme, event) {
  if (pane.canvas.closest(".readonly")) return null;
  return pane.chart.pen?.(pane, store, theme, event.offsetX, event.offsetY) ?? null;
}

/** @param {Pane} pane @param {Store} store @param {Theme} theme @param {PointerEvent} event @returns {Handle|null} */
function handleUnder(pane, store, theme, event) {
  if (!pane.chart.handles || pane.canvas.closest(".readonly")) return null;
  const grasp = GRASP[/** @type {keyof typeof GRASP} */ (event.pointerType)] ?? GRASP.mouse;
  let best = null;
  let nearest = grasp * (theme.size / 12);
  for (const handle of pane.chart.handles(pane, store, theme)) {
    const distance = Math.hypot(handle.x - event.offsetX, handle.y - event.offsetY);
    if (distance > nearest) continue;
    nearest = distance;
    best = handle;
  }
  return best;
}
