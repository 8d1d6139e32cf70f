// @ts-check
/** Connects the parts: source and store, canvases, controls, bar, announcements, address and host. No other file knows them all. */

import { dragTargetsOf } from "./charts/target-editing.js";
import { Panel } from "./controls/panel.js";
import { mountAutoplay } from "./embed/autoplay.js";
import { commandFor, Host, stateOf, StateReporter } from "./embed/host.js";
import { createSource, GIVEN, loadLanguage, loadLanguages, loadLearn, mountPageAddress, mountPageGames, mountPageShare, mountPageTimeline } from "./live.js";
import { Announcer } from "./page/announcements.js";
import { mountAppearance, mountFolds } from "./page/appearance.js";
import { mountCanvases } from "./page/canvases.js";
import { continuedRun } from "./page/continued-run.js";
import { mountDiagnosis } from "./page/diagnosis.js";
import { isLog, mountFileDrop, repeatLog, settingsOf } from "./page/file-drop.js";
import { gamesInPlace } from "./page/games-in-place.js";
import { mountKeys } from "./page/keyboard.js";
import { mountDialogs } from "./page/late-dialogs.js";
import { mountScoreboard } from "./page/scoreboard.js";
import { mountTransport } from "./page/transport.js";
import { mountViews } from "./page/views.js";
import { namesOfChanges } from "./state/config-diff.js";
import { controlsOf, pathsOf } from "./state/schema.js";
import { KindMemory } from "./state/kind-memory.js";
import { createStore } from "./state/store.js";
import { readOptions, withOptions } from "./state/url.js";

const page = document;
const options = { ...readOptions(location.search), ...GIVEN };
const host = new Host(window);
const announcer = new Announcer(page);
const appearance = mountAppearance(page, options);

const continued = continuedRun(window, {
  addressed: options.session,
  command: (command) => store.command(command),
  notice: (sentence) => announcer.notice(sentence),
});
/** @type {import("./connection/source.js").Receiver} */
const receiver = {
  onMessage: (message) => store.apply(message),
  onFrame(buffer) {
    store.receive(buffer);
    stateReporter.onFrame();
  },
  onState(state, sentence, watch) {
    if (store.isAway) return;
    if (state !== "open") announcer.setState(state, sentence);
    announcer.offer(watch && withOptions(location.href, { session: watch }, ""), watch ? "Watch another run meanwhile" : "");
    enable(state === "open");
  },
};
const source = createSource({ page, session: continued.session, notice: reportError }, receiver);
const store = createStore({
  send: (command) => source.send(command),
  requestFrame: (callback) => requestAnimationFrame(callback),
});

const games = gamesInPlace(store, {
  mount: () => mountPageGames(page, { options, host, announcer, appearance, notice: reportError, pageActions: { help: dialogs.openHelp, theme: appearance.nextTheme, view: views.next } }),
  isFirst: options.view === "games",
  onShown: () => autoplay.onConnected(),
  onHidden: showRun,
  notice: reportError,
});
/** The store of the run, or of the games that are shown in its place. */
const shownStore = () => games.shown?.store ?? store;

void loadLanguage(page, { ...options, onLoaded: store.invalidate, notice: reportError });

// Drawing ----------------------------------------------------------------------------------------------------

const canvases = mountCanvases(/** @type {HTMLElement} */ (page.getElementById("stage")), store);
const views = mountViews(page, { ...options, isFramed: host.isFramed }, {
  addChart: canvases.add,
  showGames: source.lock ? null : games.toggle,
  loadLearn: loadLearn && (() => loadLearn(page, store, { isEmbedded: options.embed, play: () => views.choose("lab"), showGame: (isGame) => views.showGame(isGame), notice: reportError })),
  onChange: () => address.schedule(),
});
const scoreboard = mountScoreboard(page, store);
const diagnosis = mountDiagnosis(page, store);
const transport = mountTransport(page, store, { notice: reportError, changes: () => changedNames, slow: () => timeline.actions.slow });
const timeline = mountPageTimeline(page, store, {
  lock: source.lock,
  actions: transport.actions,
  notice: reportError,
  stage: { addChart: canvases.add, theme: () => canvases.theme(false), showStage: views.showStage, isFramed: host.isFramed },
});
const kinds = new KindMemory();
const panel = new Panel(page.querySelectorAll("[data-slot]"), {
  intend: store.intend,
  isHidden: (path) => path === "seed" || appearance.isHidden(path),
  seed: () => store.config?.seed ?? 0,
  recall: (path, kind) => kinds.recall(path, kind),
});
const address = mountPageAddress(window, store, { adds: () => !options.embed && !host.isFramed && !store.readonly, notice: reportError });
mountFolds(page, { locked: source.lock !== "" });
const dialogs = mountDialogs(page, store, {
  live: { createSource, loadLanguages, mountPageShare },
  address,
  source,
  theme: canvases.theme,
  isChanged: () => changedNames.length > 0,
  shown: shownStore,
  notice: reportError,
});

async function loadCodeChoice() {
  const { mountCodeChoice } = await import("./page/code-choice.js");
  mountCodeChoice(page, store);
}

/** The names of the settings that differ from the preset, without the seed. @type {string[]} */
let changedNames = [];

/** @param {File} file */
async function takeFile(file) {
  if (source.lock) return source.lock;
  if (!store.hello || !store.config || source.state !== "open") return "There is no connection to the server, so the file was not read.";
  if (store.readonly) return "This page cannot change settings, so the file was not read.";
  if (await isLog(file)) return repeatLog(file, store.command);
  const changes = await settingsOf(file);
  if (changes) {
    store.command({ type: "load_preset", name: store.hello.default_preset, changes });
    return "";
  }
  return panel.takeFile(file, store.hello.schema, store.config) ? "" : "The real data are not shown here, so the file was not read.";
}
mountFileDrop(page, takeFile, reportError);

/** @type {Promise<unknown>|undefined} */
let codeChoice;
let areControlsCurrent = false;
const isDue = appearance.pacer(() => store.playback?.running ?? false, store.invalidate);

store.onDraw(() => {
  if (store.isAway) return;
  if (!areControlsCurrent && store.hello && store.config) panel.update(store.hello.schema, store.config, store.changed);
  areControlsCurrent = true;
  transport.draw();
  timeline.draw();
  if (!isDue()) return;
  canvases.draw();
  scoreboard.draw();
  diagnosis.draw();
  if (store.scene?.codes?.length) codeChoice ??= loadCodeChoice();
});

/** @param {boolean} connected */
function enable(connected) {
  store.plays = !isWatching();
  store.readonly = !store.plays || source.lock !== "";
  if (source.timeline) store.timeline = source.timeline;
  page.documentElement.classList.toggle("readonly", store.readonly);
  transport.enable(connected);
  panel.disable(!connected || store.readonly);
}

// Messages ---------------------------------------------------------------------------------------------------

store.subscribe((message) => {
  if (store.isAway) return;
  switch (message.type) {
    case "hello":
      handleHello(message);
      break;
    case "marks":
      panel.clearErrors();
      break;
    case "runs":
      if (message.sentence) announcer.notice(message.sentence);
      break;
    case "comparing":
      address.schedule();
      break;
    case "config":
      handleConfig();
      stateReporter.schedule();
      break;
    case "status":
      continued.onStatus(message);
      announcer.setStatus(message, isWatching());
      if (message.state === "running") announcer.tellStep(message.step);
      stateReporter.schedule();
      break;
    case "refused":
      transport.restore();
      if (!message.path || !panel.reject(message.path, message.message)) announcer.notice(message.message);
      host.send("error", { message: message.message, path: message.path });
  }
});

/** Whether this page only shows what others do. */
function isWatching() {
  return options.readonly || store.hello?.role === "viewer";
}

/** @param {import("./connection/wire.js").Hello} hello */
function handleHello(hello) {
  enable(true);
  handleConfig();
  announcer.setStatus(hello.status, isWatching());
  continued.onHello(hello);
  if (!hello.resumed) address.restore();
  views.begin(hello.start_preset !== hello.default_preset);
  for (const sentence of appearance.hideErrors(pathsOf(hello.schema))) reportError(sentence);
  autoplay.onConnected();
  host.send("ready", { version: hello.version });
  dialogs.load();
  stateReporter.schedule();
}

function handleConfig() {
  if (store.hello && store.config) {
    const controls = controlsOf(store.hello.schema, store.config);
    store.dragTargets = store.readonly ? [] : dragTargetsOf(controls, store.config);
    changedNames = namesOfChanges(store.changed, controls);
  }
  if (store.config) kinds.note(store.config, store.changed, store.preset);
  areControlsCurrent = false;
  address.schedule();
}

/** @param {string} sentence */
function reportError(sentence) {
  announcer.notice(sentence);
  host.send("error", { message: sentence });
}

const stateReporter = new StateReporter(store, () => host.send("state", stateOf(store, store.status?.step)));

// Keys, buttons and the host ---------------------------------------------------------------------------------

/** @type {Record<import("./page/keyboard.js").Action, () => void>} */
const actions = {
  ...transport.actions,
  bookmark: () => timeline.actions.bookmark(),
  loop: () => timeline.actions.loop(),
  compare: () => timeline.actions.compare?.(),
  slow: () => timeline.actions.slow?.(),
  spectrum: () => timeline.actions.spectrum?.(),
  help: dialogs.openHelp,
  theme: appearance.nextTheme,
  view: views.next,
};

mountKeys(page, { isFramed: host.isFramed, actions: () => games.shown?.actions ?? actions, forward: (event) => host.forward(event) });
for (const button of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-skip]"))) {
  button.addEventListener("click", () => page.getElementById(games.shown ? "games" : (button.dataset.skip ?? ""))?.focus());
}
page.getElementById("help")?.addEventListener("click", dialogs.openHelp);
page.getElementById("share")?.addEventListener("click", () => (games.shown ? games.shown.openShare() : dialogs.openShare()));
page.getElementById("theme")?.addEventListener("click", appearance.nextTheme);

const autoplay = mountAutoplay(page, {
  autoplay: options.autoplay,
  isRunning: () => shownStore().playback?.running ?? false,
  command: (command) => shownStore().command(command),
  requestSlide: () => host.requestSlide(),
});
host.listen((message) => {
  if (message.kind === "slide") autoplay.onSlide(message.isShown);
  else if (message.kind === "refused") host.send("error", { message: message.sentence });
  else {
    const command = commandFor(message.request);
    if (!command) (games.shown?.reporter ?? stateReporter).report();
    else if (!shownStore().command(command)) host.send("error", { message: "There is no connection to the server." });
  }
});

// A run stands still while its page is loaded again.
addEventListener("pagehide", () => store.playback?.running && store.hello?.role === "driver" && source.send({ type: "pause" }));
addEventListener("online", () => source.retryNow());
page.addEventListener("visibilitychange", () => page.visibilityState === "visible" && source.retryNow());
addEventListener("error", (event) => announcer.notice(`Something went wrong in this page: ${event.message}. Reload it.`));
addEventListener("unhandledrejection", (event) => announcer.notice(`Something went wrong in this page: ${event.reason}. Reload it.`));

// The run ----------------------------------------------------------------------------------------------------

/** Show the run again in the place of the games; it is opened now if the page began with them. */
function showRun() {
  if (isOpened) {
    enable(source.state === "open");
    handleConfig();
    if (store.status) announcer.setStatus(store.status, isWatching());
  } else {
    history.replaceState(history.state, "", withOptions(location.href, {}, ""));
    openSource();
  }
  store.invalidate();
}

let isOpened = false;
function openSource() {
  isOpened = true;
  source.open();
}

for (const sentence of options.notices) reportError(sentence);
if (!store.isAway) openSource();
