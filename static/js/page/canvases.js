// @ts-check
/**
 * The canvases: give every `<canvas data-chart="…">` its pixels, theme, label and pointer events. Charts are pure functions;
 * `draw` is called from the page's one animation frame.
 */

import { charts } from "../charts/index.js";
import { inLanguage } from "../words.js";
import { listenToKeys, listenToPointer } from "./pointer.js";

/** @import {Chart, ChartContext, Theme} from "../charts/types.js" */
/** @import {Store} from "../state/store.js" */
/** @typedef {{canvas: HTMLCanvasElement, ctx: CanvasRenderingContext2D, chart: Chart, width: number, height: number, isInSight: boolean}} Pane */

/** Shortest time between two changes of the labels that screen readers read, in milliseconds. */
const LABEL_PAUSE = 1000;
const COLORS = /** @type {const} */ ({
  paper: "--paper", ink: "--ink", muted: "--muted", rule: "--rule", axis: "--axis",
  real: "--real", fake: "--fake", discriminator: "--discriminator", generator: "--generator",
  second: "--second", labelFirst: "--label-first", labelLast: "--label-last",
  realText: "--real-text", fakeText: "--fake-text", generatorText: "--generator-text",
});

/**
 * @param {HTMLElement} root holds the canvases @param {Store} store
 * @returns {{draw: () => void, add: (chart: Chart) => void, theme: (isPrinted: boolean) => Theme, destroy: () => void}} `add`: a
 *   chart that is loaded later; `theme`: the present one, or the one for print
 */
export function mountCanvases(root, store) {
  const ending = new AbortController();
  const panes = findPanes(root, charts);
  /** @type {Theme|null} */
  let theme = null;
  const refresh = () => {
    theme = null;
    store.invalidate();
  };
  const stopWatching = watchTheme(root.ownerDocument, refresh, ending.signal);
  const resizes = watchSizes(panes, store);
  const sights = watchSight(panes, store);
  const labels = labelKeeper(panes, store);
  const spoken = root.ownerDocument.getElementById("chart-spoken");
  /** @param {Pane} pane */
  const attend = (pane) => {
    const getContext = () => contextOf(pane, store, (theme ??= readTheme(root)));
    listenToPointer(pane, store, getContext, ending.signal);
    listenToKeys(pane, store, getContext, { spoken, signal: ending.signal });
    for (const observer of [resizes, sights]) observer.observe(pane.canvas);
  };
  panes.forEach(attend);
  printOnWhite(root.ownerDocument, () => {
    const printed = readTheme(root);
    for (const pane of panes) drawPane({ ...pane, isInSight: true }, store, printed);
  }, refresh, ending.signal);

  return {
    draw() {
      theme ??= readTheme(root);
      nameGame(root, store.scene?.back ? "source" : "noise");
      for (const pane of panes) drawPane(pane, store, theme);
      labels.update();
    },
    add(chart) {
      const added = findPanes(root, [chart]);
      panes.push(...added);
      added.forEach(attend);
    },
    theme: (isPrinted) => (isPrinted ? withLightTheme(root.ownerDocument, () => readTheme(root)) : readTheme(root)),
    destroy() {
      ending.abort();
      stopWatching();
      resizes.disconnect();
      sights.disconnect();
      labels.stop();
    },
  };
}

/** @param {HTMLElement} root @param {Chart[]} drawn @returns {Pane[]} */
function findPanes(root, drawn) {
  /** @type {Pane[]} */
  const panes = [];
  for (const canvas of root.querySelectorAll("canvas")) {
    const chart = drawn.find(({ id }) => id === canvas.dataset.chart);
    const ctx = canvas.getContext("2d");
    if (!chart || !ctx) continue;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${chart.title}, before the first step.`);
    canvas.tabIndex = 0;
    panes.push({ canvas, ctx, chart, width: canvas.clientWidth, height: canvas.clientHeight, isInSight: true });
  }
  return panes;
}

/**
 * What the pane's chart is drawn with; null before the first scene.
 * @param {Pane} pane @param {Store} store @param {Theme} theme
 * @returns {ChartContext|null}
 */
function contextOf({ ctx, width, height }, store, theme) {
  const { scene, frame } = store;
  return scene && { ctx, box: { width, height }, theme, store, scene, frame };
}

/** @param {Pane} pane @param {Store} store @param {Theme} theme */
function drawPane(pane, store, theme) {
  const { canvas, ctx, chart, width, height } = pane;
  if (width < 1 || height < 1) return;
  if (!pane.isInSight && store.playback?.running) return;
  const { ratio } = theme;
  const deviceWidth = Math.round(width * ratio);
  const deviceHeight = Math.round(height * ratio);
  if (canvas.width !== deviceWidth || canvas.height !== deviceHeight) {
    canvas.width = deviceWidth;
    canvas.height = deviceHeight;
  }
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  const context = contextOf(pane, store, theme);
  if (!context) return;
  chart.draw(context);
  if (context.scene.back) drawBack(store, chart.id, context);
  store.overlay?.(chart.id, context);
}

/** The words beside the titles: of a run from noise, or of a translation. @param {HTMLElement} root @param {string} game */
function nameGame(root, game) {
  if (root.dataset.shows === game) return;
  root.dataset.shows = game;
  for (const words of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-game]"))) words.hidden = words.dataset.game !== game;
}

/** Draws the way back of a translation over a chart; loaded with the first one. @type {typeof import("../charts/way-back.js").drawWayBack|null} */
let wayBack = null;

/** @param {Store} store @param {string} id @param {ChartContext} context */
function drawBack(store, id, context) {
  if (wayBack) wayBack(id, context);
  else void loadWayBack(store);
}

/** @param {Store} store */
async function loadWayBack(store) {
  const { drawWayBack } = await import("../charts/way-back.js");
  wayBack = drawWayBack;
  store.invalidate();
}

/**
 * The theme as numbers and colours that a canvas understands. Colours are read through an element's `color`, because a
 * custom property would be read as the unresolved text `light-dark(…)`.
 * @param {HTMLElement} root @returns {Theme}
 */
function readTheme(root) {
  const probe = root.ownerDocument.createElement("span");
  // With forced colours, an element's own colour would be that of the system's text, whatever it is set to.
  probe.style.cssText = "forced-color-adjust:none;position:absolute;visibility:hidden;font-size:var(--tick);width:var(--line)";
  root.append(probe);
  const style = getComputedStyle(probe);
  /** @type {Record<string, string>} */
  const colors = {};
  for (const [name, variable] of Object.entries(COLORS)) {
    probe.style.color = `var(${variable})`;
    colors[name] = style.color;
  }
  const theme = {
    .../** @type {any} */ (colors),
    family: style.fontFamily,
    size: parseFloat(style.fontSize),
    line: parseFloat(style.width),
    ratio: Math.max(1, devicePixelRatio || 1),
  };
  probe.remove();
  return theme;
}

/**
 * Call `refresh` when the theme may have changed: the system's colour scheme, the page's classes and variables, the
 * pixel density of the screen, or the font, which is loaded after the page.
 * @param {Document} page @param {() => void} refresh @param {AbortSignal} signal
 */
function watchTheme(page, refresh, signal) {
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"]) {
    matchMedia(query).addEventListener("change", refresh, { signal });
  }
  page.fonts.addEventListener("loadingdone", refresh, { signal });
  const watchDensity = () => {
    const density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const changed = () => {
      refresh();
      watchDensity();
    };
    density.addEventListener("change", changed, { once: true, signal });
  };
  watchDensity();
  const attributes = new MutationObserver(refresh);
  attributes.observe(page.documentElement, { attributeFilter: ["class", "style", "data-theme"] });
  return () => attributes.disconnect();
}

/** @param {Pane[]} panes @param {Store} store */
function watchSizes(panes, store) {
  const observer = new ResizeObserver((entries) => {
    for (const entry of entries) {
      const pane = panes.find(({ canvas }) => canvas === entry.target);
      if (!pane) continue;
      pane.width = entry.contentRect.width;
      pane.height = entry.contentRect.height;
    }
    store.invalidate();
  });
  return observer;
}

/**
 * Note which charts are in sight: on a phone most are not, and while a run plays those are not drawn.
 * @param {Pane[]} panes @param {Store} store
 */
function watchSight(panes, store) {
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const pane = panes.find(({ canvas }) => canvas === entry.target);
      if (pane) pane.isInSight = entry.isIntersecting;
    }
    store.invalidate();
  });
  return observer;
}

/**
 * @template Result
 * @param {Document} page @param {() => Result} work done while the page has its light theme; nothing is painted meanwhile
 * @returns {Result}
 */
function withLightTheme(page, work) {
  const { dataset } = page.documentElement;
  const usual = dataset.theme;
  dataset.theme = "light";
  const result = work();
  if (usual) dataset.theme = usual;
  else delete dataset.theme;
  return result;
}

/**
 * Draw everything in the light theme for the printer, whatever the theme of the page.
 * @param {Document} page @param {() => void} drawAll @param {() => void} refresh @param {AbortSignal} signal
 */
function printOnWhite(page, drawAll, refresh, signal) {
  const { dataset } = page.documentElement;
  /** @type {string|undefined} */
  let usual;
  addEventListener("beforeprint", () => {
    usual = dataset.theme;
    dataset.theme = "light";
    drawAll();
  }, { signal });
  addEventListener("afterprint", () => {
    if (usual) dataset.theme = usual;
    else delete dataset.theme;
    refresh();
  }, { signal });
}

/**
 * Keep each canvas's label up to date, at most once a second; the last state is always written.
 * @param {Pane[]} panes @param {Store} store
 */
function labelKeeper(panes, store) {
  let due = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  const write = () => {
    timer = undefined;
    // The first frame is described at once.
    due = store.frame ? performance.now() + LABEL_PAUSE : 0;
    if (!store.frame) return;
    for (const { canvas, chart } of panes) {
      const words = chart.describe(store);
      if (canvas.getAttribute("aria-label") !== inLanguage(words)) canvas.setAttribute("aria-label", words);
    }
  };
  return {
    update() {
      const wait = due - performance.now();
      if (wait <= 0) write();
      else timer ??= setTimeout(write, wait);
    },
    stop: () => clearTimeout(timer),
  };
}

