// @ts-check
/**
 * The pointer on a chart: hovering marks a value in all charts, handles are dragged, densities are drawn freehand, and the
 * steps of the run are sought.
 */

import { setText } from "../dom.js";
import { firstStep } from "../state/timeline.js";

/** @import {Chart, ChartContext, FreehandTool, Handle} from "../charts/types.js" */
/** @import {Store} from "../state/store.js" */
/** @typedef {import("./canvases.js").Pane} Pane */

/** The distance at which a pointer takes a handle, in CSS pixels. */
const GRASP = { mouse: 12, pen: 16, touch: 24 };
const CURSORS = { position: "ew-resize", width: "ew-resize", weight: "ns-resize", point: "move" };

/**
 * @param {Pane} pane @param {Store} store @param {() => ChartContext|null} getContext of the pane; null before the first scene
 * @param {AbortSignal} signal
 */
export function listenToPointer(pane, store, getContext, signal) {
  const { canvas, chart } = pane;
  if (!chart.hoverAt) return;
  /** @type {Handle|null} */
  let handle = null;
  /** @type {FreehandTool|null} */
  let freehand = null;
  /** Whether the pointer is seeking: on a chart over the run, where the source has a timeline. */
  let isSeeking = false;
  const editable = () => (store.readonly ? null : getContext());
  const isDragging = () => handle !== null || freehand !== null;

  /** @param {PointerEvent} event */
  function draw(event) {
    if (!freehand) return;
    const { change, sketch } = freehand.moveTo(event.offsetX, event.offsetY);
    if (change) store.intend(change.path, change.value);
    store.setSketch(sketch);
  }
  /** @param {PointerEvent} event */
  function hover(event) {
    const context = getContext();
    store.setHover((context && chart.hoverAt?.(context, event.offsetX, event.offsetY)) ?? null);
  }
  /** @param {PointerEvent} event @returns {boolean} whether this is a chart over the run */
  function seek({ offsetX, offsetY }) {
    const context = getContext();
    const { timeline } = store;
    if (!context || !timeline) return false;
    const at = chart.hoverAt?.(context, offsetX, offsetY);
    if (at?.axis !== "step" && !isSeeking) return false;
    // A pointer that seeks and leaves the plot holds on to the nearer end of the run.
    const step = at?.value ?? (offsetX < context.box.width / 2 ? firstStep(timeline) : timeline.last);
    store.seek(timeline.steps.length === 0 && step >= timeline.last ? null : step);
    return true;
  }
  function release() {
    isSeeking = false;
    if (isDragging()) store.unfreezeAxes();
    handle = freehand = null;
  }
  canvas.addEventListener("pointermove", (event) => {
    if (freehand) draw(event);
    else if (isSeeking) seek(event);
    else if (handle) {
      const { path, value } = handle.changeAt(event.offsetX, event.offsetY);
      store.intend(path, value);
    } else {
      canvas.style.cursor = cursorAt(chart, editable(), event);
      hover(event);
    }
  }, { signal });
  canvas.addEventListener("pointerdown", (event) => {
    const isPrimary = event.button === 0;
    handle = isPrimary ? handleAt(chart, editable(), event) : null;
    freehand = isPrimary && !handle ? freehandAt(chart, editable(), event) : null;
    isSeeking = isPrimary && !isDragging() && seek(event);
    if (isSeeking) {
      store.setHover(null);
      canvas.setPointerCapture(event.pointerId);
      return;
    }
    if (!isDragging()) {
      hover(event);
      return;
    }
    canvas.setPointerCapture(event.pointerId);
    store.setHover(null);
    store.freezeAxes();
    draw(event);
    event.preventDefault();
  }, { signal });
  canvas.addEventListener("pointerup", release, { signal });
  canvas.addEventListener("pointercancel", release, { signal });
  canvas.addEventListener("pointerleave", () => {
    if (!isDragging()) store.setHover(null);
  }, { signal });
  // A touch that drags a handle or draws does not scroll the page.
  canvas.addEventListener("touchstart", (event) => {
    if (isDragging()) event.preventDefault();
  }, { signal, passive: false });
}

/** Parts of a chart's width that an arrow key moves by. */
const KEY_STEP = { ArrowLeft: -1 / 60, ArrowRight: 1 / 60 };

/**
 * The arrow keys move along a chart that has the focus, as the pointer does, and what is there is spoken.
 * @param {Pane} pane @param {Store} store @param {() => ChartContext|null} getContext
 * @param {{spoken: HTMLElement|null, signal: AbortSignal}} options
 */
export function listenToKeys({ canvas, chart }, store, getContext, { spoken, signal }) {
  /** The place of the keyboard, as a part of the width. */
  let place = 0.5;
  canvas.addEventListener("keydown", (event) => {
    const move = KEY_STEP[/** @type {keyof typeof KEY_STEP} */ (event.key)];
    const context = getContext();
    if (!move || !context || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = place + move * (event.shiftKey ? 5 : 1);
    const hover = chart.hoverAt?.(context, next * context.box.width, context.box.height / 2);
    if (!hover) return;
    place = next;
    store.setHover(hover);
    setText(spoken, chart.read?.(context) ?? "");
  }, { signal });
  canvas.addEventListener("blur", () => store.setHover(null), { signal });
  // A press does not give the focus: on a slide, the arrow keys would no longer turn it.
  canvas.addEventListener("focus", () => {
    if (!canvas.matches(":focus-visible")) canvas.blur();
  }, { signal });
}

/** @param {Chart} chart @param {ChartContext|null} context @param {PointerEvent} event @returns {string} */
function cursorAt(chart, context, event) {
  const handle = handleAt(chart, context, event);
  if (handle) return CURSORS[handle.shape];
  return freehandAt(chart, context, event) ? "crosshair" : "";
}

/** @param {Chart} chart @param {ChartContext|null} context @param {PointerEvent} event @returns {FreehandTool|null} */
function freehandAt(chart, context, event) {
  return (context && chart.freehandAt?.(context, event.offsetX, event.offsetY)) ?? null;
}

/** @param {Chart} chart @param {ChartContext|null} context @param {PointerEvent} event @returns {Handle|null} */
function handleAt(chart, context, event) {
  if (!context || !chart.handles) return null;
  const grasp = GRASP[/** @type {keyof typeof GRASP} */ (event.pointerType)] ?? GRASP.mouse;
  let best = null;
  let nearest = grasp * (context.theme.size / 12);
  for (const handle of chart.handles(context)) {
    const distance = Math.hypot(handle.x - event.offsetX, handle.y - event.offsetY);
    if (distance > nearest) continue;
    nearest = distance;
    best = handle;
  }
  return best;
}
