// @ts-check
/**
 * Lessons beside the stage: the texts come from the server, the picture is that of the run, and nothing that a reader can do
 * in the lab is blocked. A page may begin its own run, and waits for what the run is to show.
 */

import { element, setText } from "../dom.js";
import { download } from "../download.js";
import { showInAddress } from "../page/appearance.js";
import { readHash, withOptions } from "../state/url.js";
import { contentsOf } from "./contents.js";
import { Goals } from "./goals.js";
import { lessonOf, loadLibrary, nearestPlace, neighbourOf, sourceOf, startOf } from "./library.js";
import { mountKnobs, mountLighting } from "./lighting.js";
import { fill, fitFormulas, viewOf } from "./page-view.js";
import { openStorage, readProgress } from "./progress.js";

/** @import {Library} from "./library.js" */
/** @import {LessonPage} from "./page-view.js" */
/** @import {Place} from "./progress.js" */
/** @typedef {import("../state/store.js").Store} Store */
/** @typedef {import("../games/games.js").Games} Games */
/**
 * @typedef {object} Options
 * @property {boolean} isEmbedded
 * @property {() => void} play go to the lab
 * @property {(isGame: boolean) => Promise<Games|null>|undefined} showGame show the games beside the lesson, or the stage
 * @property {(sentence: string) => void} notice
 */

/**
 * @param {Document} page
 * @param {Store} store
 * @param {Options} options
 */
export async function mountLearn(page, store, options) {
  return new Learn(page, store, await loadLibrary(page), options);
}

class Learn {
  /** @param {Document} page @param {Store} store @param {Library} library @param {Options} options */
  constructor(page, store, library, options) {
    const { words } = library;
    this.page = page;
    this.store = store;
    this.library = library;
    this.options = options;
    this.progress = readProgress(openStorage());
    this.goals = new Goals(store, this.progress);
    /** @type {Place} */
    this.place = { lesson: startOf(library).name, page: 0 };
    this.isShown = false;
    /** Whether a link named the page. */
    this.isLinked = readHash(location.hash)?.lesson !== undefined;
    /** The games, on a page that has one in the place of a run. @type {Games|null} */
    this.games = null;
    /** @type {ReturnType<typeof viewOf>|null} */
    this.view = null;
    this.root = element("section", { id: "lesson", class: "lesson", "aria-labelledby": "lesson-title", tabindex: -1 });
    this.head = element("p", { class: "lesson-head" });
    this.title = element("h2", { id: "lesson-title", tabindex: -1 });
    this.body = element("div", { class: "lesson-body" });
    this.again = element("button", { type: "button", class: "quiet", onclick: () => this.#begin() }, words.begin_again);
    this.back = element("button", { type: "button", onclick: () => this.#move(-1) }, words.back);
    this.next = element("button", { type: "button", class: "primary", onclick: () => this.#move(1) }, words.next);
    this.leave = element("button", { type: "button", class: "quiet leave", onclick: options.play }, words.just_play);
    this.contents = contentsOf(library, {
      go: (lesson) => this.#go({ lesson, page: 1 }),
      save: () => download(document, "gan1d-answers.csv", new Blob([this.progress.csv()], { type: "text/csv" })),
    });
    this.article = element("article", {}, this.title, this.body, this.again);
    this.root.append(
      element("div", { class: "lesson-top" }, this.contents.fold, this.head, this.leave),
      this.article,
      element("nav", { class: "lesson-nav", "aria-label": words.pages }, this.back, this.next),
    );
    page.querySelector("main")?.before(this.root);
    new ResizeObserver(() => requestAnimationFrame(() => fitFormulas(this.body))).observe(this.body);
    this.lighting = mountLighting(page.documentElement, store, this.root);
    this.knobs = mountKnobs(page);
    store.subscribe((message) => {
      if (message.type === "hello") this.#onHello();
      else if (message.type === "status" || message.type === "config") this.#update();
    });
  }

  /** @param {boolean} isShown */
  show(isShown) {
    if (!isShown) {
      if (this.isShown) this.#hide();
      return;
    }
    const wanted = readHash(location.hash);
    if (wanted?.lesson) for (const sentence of wanted.notices ?? []) this.options.notice(sentence);
    const place = this.#known(wanted?.lesson ? { lesson: wanted.lesson, page: wanted.page ?? 1 } : (this.progress.place() ?? this.place));
    const isNew = !this.isShown || place.lesson !== this.place.lesson || place.page !== this.place.page;
    // A game that is not loaded yet begins in any case.
    const isFresh = this.#isFresh && !sourceOf(this.library, place)?.game;
    const begins = this.isShown ? this.#begins(place) : Boolean(wanted?.lesson || isFresh) && !this.store.hello?.resumed;
    this.isShown = true;
    if (isNew) this.#open(place, { begins, adds: false });
  }

  #hide() {
    this.isShown = false;
    this.store.lesson = "";
    this.lighting.end();
    this.knobs.home();
    this.games?.beside("");
    this.games = null;
    void this.options.showGame(false);
    this.goals.end();
  }

  /** The place itself, or the first page if there is none such. @param {Place} place @returns {Place} */
  #known(place) {
    const known = nearestPlace(this.library, place);
    if (known) return known;
    if (place.page > 0) this.options.notice(fill(this.library.words.no_lesson, { name: place.lesson }));
    return { lesson: startOf(this.library).name, page: 1 };
  }

  get #lesson() {
    return lessonOf(this.library, this.place);
  }

  /** @returns {LessonPage} */
  get #page() {
    return this.#lesson.pages[this.place.page - 1];
  }

  /** Whether another page begins a run or a game of its own. @param {Place} place */
  #begins(place) {
    const source = sourceOf(this.library, place);
    return source !== undefined && source !== sourceOf(this.library, this.place);
  }

  /** Whether nothing has been done in this session yet. */
  get #isFresh() {
    const { hello, status, changed } = this.store;
    const isUsual = hello?.start_preset === hello?.default_preset;
    return hello !== null && !hello.resumed && isUsual && status?.step === 0 && Object.keys(changed).length === 0;
  }

  /**
   * Show a page.
   * @param {Place} place
   * @param {{begins: boolean, adds: boolean}} how `begins`: its run begins; `adds`: it is a new entry of the browser's history
   */
  #open(place, { begins, adds }) {
    const { words } = this.library;
    this.place = place;
    this.progress.visit(place);
    this.store.lesson = `lesson=${place.lesson}&page=${place.page}`;
    const page = this.#page;
    this.goals.open(place, page);
    this.view = viewOf(page, {
      words,
      questions: this.library.questions,
      progress: this.progress,
      place,
      onChange: () => this.#update(),
      apply: (changes) => this.#apply(changes),
    });
    setText(this.title, page.title);
    setText(this.head, fill(words.head, { lesson: this.#lesson.title, page: place.page, pages: this.#lesson.pages.length }));
    this.body.replaceChildren(...this.view.nodes);
    // A page that is not translated is in English.
    if (page.language) this.article.lang = page.language;
    else this.article.removeAttribute("lang");
    this.leave.hidden = place.page > 1 || place.lesson !== startOf(this.library).name;
    this.back.disabled = neighbourOf(this.library, this.place, -1) === null;
    this.next.disabled = neighbourOf(this.library, this.place, 1) === null;
    this.next.textContent = place.page < this.#lesson.pages.length ? words.next : words.next_lesson;
    this.article.scrollTop = 0;
    this.lighting.set(page.lit ?? []);
    this.knobs.home();
    this.#writeAddress(adds);
    void this.#showSource(begins);
    this.#update();
    this.contents.mark(this.place);
  }

  /** Show the run or the game of the page, and wait for what it is to show. @param {boolean} begins */
  async #showSource(begins) {
    const { place } = this;
    const isGame = sourceOf(this.library, place)?.game !== undefined;
    const shown = this.options.showGame(isGame);
    if (isGame) {
      const games = (await shown) ?? null;
      if (place !== this.place || !this.isShown || !games) return;
      this.games = games;
      games.beside(this.store.lesson, () => this.#update());
      begins ||= games.store.config === null;
    } else {
      this.games = null;
    }
    if (begins) this.#begin();
    this.goals.await();
    this.#update();
  }

  /** @param {1|-1} by */
  #move(by) {
    const place = neighbourOf(this.library, this.place, by);
    if (place) this.#go(place);
  }

  /** @param {Place} place */
  #go(place) {
    this.contents.fold.open = false;
    this.#open(place, { begins: this.#begins(place), adds: true });
    this.title.focus({ preventScroll: true });
    // On a phone the page scrolls, and a slide is not to move the page around it.
    this.root.scrollIntoView({ block: this.options.isEmbedded ? "nearest" : "start" });
  }

  /** Begin the run of the page. */
  #begin() {
    const { store } = this;
    const { game, experiment = {} } = sourceOf(this.library, this.place) ?? {};
    if (game && this.games) {
      const desk = this.games.store;
      desk.command({ type: "load_preset", name: game.preset ?? desk.hello?.default_preset ?? "", changes: game.changes });
      return;
    }
    if (!store.hello || !store.plays) return;
    const { preset = "default", changes = {}, seed = 0, step = 0, speed } = experiment;
    if (store.playback?.running) store.command({ type: "pause" });
    store.command({ type: "load_preset", name: preset, changes: { ...changes, seed } });
    if (speed) store.command({ type: "playback", speed });
    if (step > 0) store.command({ type: "step", count: step, player: "both" });
  }

  /** @param {Record<string, unknown>} changes */
  #apply(changes) {
    for (const [path, value] of Object.entries(changes)) (this.games?.store ?? this.store).intend(path, value);
  }

  /** A connection: the run of a page that a link names begins, and so does that of the first visit. */
  #onHello() {
    const { hello } = this.store;
    if (!this.isShown || !hello) return;
    if (this.#isFresh || (this.isLinked && !hello.resumed)) this.#begin();
    this.goals.await();
  }

  /** Show what was seen so far. */
  #update() {
    if (!this.isShown || !this.view) return;
    this.goals.check(this.games);
    // The controls are made after the first message.
    const { knobs } = this.view;
    if (knobs && !knobs.firstChild) this.knobs.show(this.#page.task?.knobs ?? [], knobs);
    this.view.update((name) => this.goals.doneAt(name));
    this.again.hidden = !this.store.plays;
  }

  /** @param {boolean} adds */
  #writeAddress(adds) {
    if (this.options.isEmbedded || origin === "null") return;
    const href = withOptions(location.href, { view: null }, this.store.lesson);
    if (href === location.href) return;
    if (adds) history.pushState(history.state, "", href);
    else showInAddress({ view: null }, this.store.lesson);
  }
}
