// @ts-check
/**
 * What a page waits for: first the goal of its text, then that of its task. The server says when a run has met one; whether a
 * game does is seen here.
 */

/** @import {LessonPage, Progress} from "./page-view.js" */
/** @import {Place} from "./progress.js" */
/** @typedef {import("../state/store.js").Store} Store */
/** @typedef {import("../games/games.js").Games} Games */
/** @typedef {"waiting"|"task"} GoalName */

export class Goals {
  /** @type {Place} */
  #place = { lesson: "", page: 0 };
  /** @type {LessonPage|null} */
  #page = null;
  /** What the page waits for now. @type {GoalName|null} */
  #awaited = null;

  /** @param {Store} store @param {Progress} progress */
  constructor(store, progress) {
    this.store = store;
    this.progress = progress;
  }

  /** Take the goals of another page, which is not waited for yet. @param {Place} place @param {LessonPage} page */
  open(place, page) {
    this.#place = place;
    this.#page = page;
    this.#awaited = null;
  }

  /** Let the server say when the page has what it waits for. */
  await() {
    const { waiting, task } = this.#page ?? {};
    const isOpen = (/** @type {GoalName} */ name) => this.doneAt(name) === undefined;
    const next = waiting && isOpen("waiting") ? "waiting" : task?.waiting && isOpen("task") ? "task" : null;
    this.#awaited = next;
    this.#send((next && this.#waitingOf(next)?.goal) ?? null);
  }

  end() {
    this.#awaited = null;
    this.#send(null);
  }

  /** The step at which a goal of the page was met. @param {GoalName} name */
  doneAt(name) {
    return this.progress.doneAt(this.#key(name));
  }

  /** Keep the goal that was met, if one was, and wait for the next. @param {Games|null} games those of the page */
  check(games) {
    const step = this.#awaited && (games ? this.#gameMetAt(games, this.#awaited) : this.#runMetAt(this.#awaited));
    if (!this.#awaited || step === null) return;
    this.progress.finish(this.#key(this.#awaited), step);
    this.await();
  }

  /** @param {GoalName} name */
  #waitingOf(name) {
    return name === "waiting" ? this.#page?.waiting : this.#page?.task?.waiting;
  }

  /** @param {GoalName} name */
  #key(name) {
    return `${this.#place.lesson}/${this.#place.page}/${name}`;
  }

  /** @param {Record<string, any>|null} goal */
  #send(goal) {
    const name = this.#awaited ? this.#key(this.#awaited) : "";
    if (this.store.hello && this.store.plays) this.store.command({ type: "goal", goal, name });
  }

  /** The step at which the run met a goal, as the server says. @param {GoalName} name @returns {number|null} */
  #runMetAt(name) {
    const goal = this.store.status?.goal;
    return goal?.name === this.#key(name) ? goal.met_at : null;
  }

  /** The step that is shown, if the game meets a goal there. @param {Games} games @param {GoalName} name @returns {number|null} */
  #gameMetAt(games, name) {
    const { goal = {}, by = 0 } = this.#waitingOf(name) ?? {};
    const { nearer = -1, farther = Infinity } = goal;
    const { game } = games.store;
    const at = game && !game.isAsking && game.tracks[0] && game.at(game.tracks[0]);
    return at && game.step <= by && (at.distance < nearer || at.distance > farther) ? game.step : null;
  }
}
