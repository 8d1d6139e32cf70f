// @ts-check
/**
 * The views: lessons beside the stage, the stage, one large picture of the run, the lab, with every chart and setting, and games
 * of two numbers. The run goes on between them.
 */

import { element } from "../dom.js";
import { showInAddress } from "./appearance.js";

/** @typedef {"learn"|"stage"|"games"|"lab"} View */
/** @typedef {{show: (isShown: boolean) => void}} Lessons */
/** @typedef {import("../games/games.js").Games} Games */

/** Where the browser keeps the view that was chosen last, for a visit without a link. */
const KEY = "gan1d.view";

/**
 * @param {Document} page
 * @param {{view: View|null, embed: boolean, isFramed: boolean}} options the view that the address names
 * @param {object} context
 * @param {(chart: import("../charts/types.js").Chart) => void} context.addChart
 * @param {((isShown: boolean) => Promise<Games|null>)|null} context.showGames null where there are none
 * @param {(() => Promise<Lessons>)|null} context.loadLearn null where there are no lessons
 * @param {() => void} context.onChange another view is shown
 */
export function mountViews(page, options, { addChart, showGames, loadLearn, onChange }) {
  const root = page.documentElement;
  const buttons = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("button[data-view]"));
  /** @type {Promise<void>|undefined} */
  let isLoaded;
  /** @type {Promise<Lessons>|undefined} */
  let lessons;
  /** @type {View} */
  let view;
  /** Whether the page of the lesson that is read has a game beside it. */
  let hasGame = false;

  async function loadStage() {
    const { overview } = await import("../charts/overview.js");
    page.querySelector("figure.overview")?.append(element("canvas", { "data-chart": overview.id }));
    addChart(overview);
  }

  /** @param {View} next */
  function show(next) {
    view = next === "learn" && !loadLearn ? "stage" : next;
    const isLearning = view === "learn";
    if (isLearning || view === "stage") isLoaded ??= loadStage();
    if (isLearning) lessons ??= loadLearn?.();
    void arrange();
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
      button.hidden = (button.dataset.view === "games" && !showGames) || (button.dataset.view === "learn" && !loadLearn);
    }
    void lessons?.then((loaded) => loaded.show(view === "learn"));
  }

  /** Show the parts of the view; the lessons have the stage beside them, or a game. */
  function arrange() {
    const beside = view !== "learn" ? view : hasGame ? "games" : "stage";
    for (const name of ["stage", "games", "learn"]) root.classList.toggle(`view-${name}`, name === view || name === beside);
    return showGames?.(beside === "games");
  }

  /** A page of a lesson has a game beside it, or not. @param {boolean} isGame */
  function showGame(isGame) {
    hasGame = isGame;
    return view === "learn" ? arrange() : undefined;
  }

  /** @param {View} next */
  function choose(next) {
    isOpen = false;
    show(next);
    if (!options.embed && !options.isFramed) keep(view);
    // A page of a lesson is named behind the “#”.
    showInAddress({ view: view === "lab" || view === "learn" ? null : view });
    onChange();
  }

  /** Show the stage, and wait until it is there. */
  async function showStage() {
    if (view !== "stage" && view !== "learn") choose("stage");
    await isLoaded;
  }

  for (const button of buttons) button.addEventListener("click", () => choose(/** @type {View} */ (button.dataset.view)));
  const isLesson = () => /^#lesson=/.test(location.hash);
  addEventListener("hashchange", () => isLesson() && show("learn"));
  /** Whether neither the address nor a reader has chosen the view. */
  let isOpen = options.view === null && !isLesson();
  const isLink = location.search !== "" || location.hash !== "" || options.isFramed || !loadLearn;
  show(options.view ?? (isLesson() ? "learn" : isLink ? "lab" : kept()));

  /** A server that was started for an experiment of its own begins in the lab. @param {boolean} isOwn */
  function begin(isOwn) {
    if (isOpen && isOwn) show("lab");
    isOpen = false;
  }

  return { choose, begin, showStage, showGame, next: () => choose(view === "lab" ? "stage" : "lab") };
}

/** The view of a visit without a link: the last one, and at the first visit the lessons. @returns {View} */
function kept() {
  try {
    return /** @type {View|null} */ (localStorage.getItem(KEY)) ?? "learn";
  } catch {
    return "lab";
  }
}

/** @param {View} view */
function keep(view) {
  try {
    localStorage.setItem(KEY, view);
  } catch {
    // Without storage, each visit without a link begins in the lab.
  }
}
