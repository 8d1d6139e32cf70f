// @ts-check
/**
 * Lessons beside the stage: the texts come from the server, the picture is that of the run, and nothing that a reader can do
 * in the lab is blocked. A page may begin its own run, and waits for what the run is to show.
 */

import { closeOnEscape, element, setText } from "../dom.js";
import { download } from "../download.js";
import { showInAddress } from "../page/appearance.js";
import { languageChoice } from "../language/choice.js";
import { readHash, withOptions } from "../state/url.js";
import { inLanguage } from "../words.js";
import { mountKnobs, mountLighting } from "./lighting.js";
import { fill, viewOf } from "./page-view.js";
import { openStorage, readProgress } from "./progress.js";

/** @import {LessonPage, Question, Words} from "./page-view.js" */
/** @import {Place} from "./progress.js" */
/** @typedef {import("../state/store.js").Store} Store */
/** @typedef {{name: string, title: string, minutes: number, pages: LessonPage[]}} Lesson */
/** @typedef {{languages: Record<string, string>, words: Words, questions: Question[], lessons: Lesson[]}} Library */
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

/** @param {Document} page @returns {Promise<Library>} */
async function loadLibrary(page) {
  const response = await fetch(new URL(`lessons?lang=${page.documentElement.lang}`, page.baseURI));
  if (!response.ok) throw new Error(`The lessons could not be loaded (status ${response.status}).`);
  const library = await response.json();
  const words = Object.entries(library.words).map(([name, english]) => [name, inLanguage(english)]);
  return { ...library, words: Object.fromEntries(words) };
}

/** The lesson that a first visit begins with: that behind the six questions. @param {Library} library */
function startOf({ lessons }) {
  return lessons.find(({ pages }) => pages[0].inventory !== "before") ?? lessons[0];
}

/** Font size in pixels below which a formula is scrolled and set no smaller. */
const SMALLEST_FORMULA = 14;

/** Set formulas that are wider than their column smaller; one that is still wider is scrolled, by keys, too. @param {HTMLElement} text */
function fitFormulas(text) {
  for (const formula of /** @type {NodeListOf<MathMLElement>} */ (text.querySelectorAll("math[display='block']"))) {
    formula.style.fontSize = "";
    const share = formula.clientWidth / formula.scrollWidth;
    if (share < 1) formula.style.fontSize = `${Math.max(SMALLEST_FORMULA, parseFloat(getComputedStyle(formula).fontSize) * share * 0.98)}px`;
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
    else formula.removeAttribute("tabindex");
  }
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
    /** @type {Place} */
    this.place = { lesson: startOf(library).name, page: 0 };
    this.isShown = false;
    /** Whether a link named the page. */
    this.isLinked = readHash(location.hash)?.lesson !== undefined;
    /** What the page waits for now. @type {"waiting"|"task"|null} */
    this.awaited = null;
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
    this.contents = this.#contents();
    this.article = element("article", {}, this.title, this.body, this.again);
    this.root.append(
      element("div", { class: "lesson-top" }, this.contents, this.head, this.leave),
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
    const place = this.#known(wanted?.lesson ? { lesson: wanted.lesson, page: wanted.page ?? 1 } : (this.progress.place() ?? this.place));
    const isNew = !this.isShown || place.lesson !== this.place.lesson || place.page !== this.place.page;
    // A game that is not loaded yet begins in any case.
    const isFresh = this.#isFresh && !this.#sourceOf(place)?.game;
    const begins = this.isShown ? this.#begins(place) : Boolean(wanted?.lesson || isFresh) && !this.store.hello?.resumed;
    this.isShown = true;
    if (isNew) this.#open(place, { begins, adds: false });
  }

  #hide() {
    this.isShown = false;
    this.awaited = null;
    this.store.lesson = "";
    this.lighting.end();
    this.knobs.home();
    this.games?.beside("");
    this.games = null;
    void this.options.showGame(false);
    this.#send(null);
  }

  /** The place itself, or the first page if there is none such. @param {Place} place @returns {Place} */
  #known(place) {
    const lesson = this.library.lessons.find(({ name }) => name === place.lesson);
    if (!lesson) {
      if (place.page > 0) this.options.notice(fill(this.library.words.no_lesson, { name: place.lesson }));
      return { lesson: startOf(this.library).name, page: 1 };
    }
    return { lesson: lesson.name, page: Math.min(Math.max(1, Math.trunc(place.page) || 1), lesson.pages.length) };
  }

  get #lesson() {
    return /** @type {Lesson} */ (this.library.lessons.find(({ name }) => name === this.place.lesson));
  }

  /** @returns {LessonPage} */
  get #page() {
    return this.#lesson.pages[this.place.page - 1];
  }

  /** The page whose run or game a page has: itself, or one before it. @param {Place} place @returns {LessonPage|undefined} */
  #sourceOf({ lesson, page }) {
    const pages = this.library.lessons.find(({ name }) => name === lesson)?.pages.slice(0, page) ?? [];
    return pages.findLast(({ experiment, game }) => experiment ?? game);
  }

  /** Whether another page begins a run or a game of its own. @param {Place} place */
  #begins(place) {
    const source = this.#sourceOf(place);
    return source !== undefined && source !== this.#sourceOf(this.place);
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
    this.back.disabled = this.#neighbour(-1) === null;
    this.next.disabled = this.#neighbour(1) === null;
    this.next.textContent = place.page < this.#lesson.pages.length ? words.next : words.next_lesson;
    this.article.scrollTop = 0;
    this.lighting.set(page.lit ?? []);
    this.knobs.home();
    this.#writeAddress(adds);
    void this.#showSource(begins);
    this.#update();
    this.#markContents();
  }

  /** Show the run or the game of the page, and wait for what it is to show. @param {boolean} begins */
  async #showSource(begins) {
    const { place } = this;
    const isGame = this.#sourceOf(place)?.game !== undefined;
    this.awaited = null;
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
    this.#await();
    this.#update();
  }

  /** The next or the previous page, or null. @param {1|-1} by @returns {Place|null} */
  #neighbour(by) {
    const { lessons } = this.library;
    const index = lessons.indexOf(this.#lesson);
    const page = this.place.page + by;
    if (page >= 1 && page <= lessons[index].pages.length) return { lesson: this.place.lesson, page };
    const other = lessons[index + by];
    return other ? { lesson: other.name, page: by > 0 ? 1 : other.pages.length } : null;
  }

  /** @param {1|-1} by */
  #move(by) {
    const place = this.#neighbour(by);
    if (place) this.#go(place);
  }

  /** @param {Place} place */
  #go(place) {
    this.contents.open = false;
    this.#open(place, { begins: this.#begins(place), adds: true });
    this.title.focus({ preventScroll: true });
    // On a phone the page scrolls, and a slide is not to move the page around it.
    this.root.scrollIntoView({ block: this.options.isEmbedded ? "nearest" : "start" });
  }

  /** Begin the run of the page. */
  #begin() {
    const { store } = this;
    const { game, experiment = {} } = this.#sourceOf(this.place) ?? {};
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
    this.#await();
  }

  /** @param {"waiting"|"task"} name */
  #key(name) {
    return `${this.place.lesson}/${this.place.page}/${name}`;
  }

  /** Let the server say when the page has what it waits for: first that of the text, then that of the task. */
  #await() {
    const { waiting, task } = this.#page;
    const open = (/** @type {"waiting"|"task"} */ name) => this.progress.doneAt(this.#key(name)) === undefined;
    const next = waiting && open("waiting") ? "waiting" : task?.waiting && open("task") ? "task" : null;
    this.awaited = next;
    this.#send((next === "waiting" ? waiting?.goal : next === "task" ? task?.waiting?.goal : null) ?? null);
  }

  /** @param {Record<string, any>|null} goal */
  #send(goal) {
    const name = this.awaited ? this.#key(this.awaited) : "";
    if (this.store.hello && this.store.plays) this.store.command({ type: "goal", goal, name });
  }

  /** The step at which the run met a goal, as the server says. @param {"waiting"|"task"} name @returns {number|null} */
  #runMetAt(name) {
    const goal = this.store.status?.goal;
    return goal?.name === this.#key(name) ? goal.met_at : null;
  }

  /** The step that is shown, if the game meets a goal there. @param {"waiting"|"task"} name @returns {number|null} */
  #gameMetAt(name) {
    const { waiting, task } = this.#page;
    const { goal = {}, by = 0 } = (name === "waiting" ? waiting : task?.waiting) ?? {};
    const { nearer = -1, farther = Infinity } = goal;
    const game = this.games?.store.game;
    const at = game && !game.isAsking && game.tracks[0] && game.at(game.tracks[0]);
    return at && game.step <= by && (at.distance < nearer || at.distance > farther) ? game.step : null;
  }

  /** Show what was seen so far. */
  #update() {
    if (!this.isShown || !this.view) return;
    const step = this.awaited && (this.games ? this.#gameMetAt(this.awaited) : this.#runMetAt(this.awaited));
    if (this.awaited && step !== null) {
      this.progress.finish(this.#key(this.awaited), step);
      this.#await();
      this.#markContents();
    }
    // The controls are made after the first message.
    const { knobs } = this.view;
    if (knobs && !knobs.firstChild) this.knobs.show(this.#page.task?.knobs ?? [], knobs);
    this.view.update((name) => this.progress.doneAt(this.#key(name)));
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

  #contents() {
    const { words, lessons } = this.library;
    const list = element("ol", {}, ...lessons.map((lesson) => {
      const open = element("button", { type: "button", "data-lesson": lesson.name, onclick: () => this.#go({ lesson: lesson.name, page: 1 }) }, lesson.title);
      return element("li", {}, open, element("span", { class: "minutes" }, fill(words.minutes, { minutes: lesson.minutes })));
    }));
    const save = element("button", { type: "button", onclick: () => this.#saveAnswers() }, words.save_answers);
    const fold = element(
      "details",
      { class: "contents menu" },
      element("summary", { class: "button" }, words.contents),
      element("div", { class: "contents-panel" }, list, element("p", { class: "quiet-line" }, words.kept_here), save, languageChoice(this.library.languages)),
    );
    closeOnEscape(fold, { outside: true });
    return fold;
  }

  #markContents() {
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.contents.querySelectorAll("[data-lesson]"))) {
      if (button.dataset.lesson === this.place.lesson) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  #saveAnswers() {
    download(document, "gan1d-answers.csv", new Blob([this.progress.csv()], { type: "text/csv" }));
  }
}
