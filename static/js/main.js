// @ts-check
/** Connects the parts: source and store, canvases, controls, bar, announcements, address and host. No other file knows them all. */

import { dragTargetsOf } from "./charts/target-editing.js";
import { rememberSession } from "./connection/session-memory.js";
import { Panel } from "./controls/panel.js";
import { mountAutoplay } from "./embed/autoplay.js";
import { commandFor, Host, StateReporter } from "./embed/host.js";
import { formatCount } from "./format.js";
import { createSource, GIVEN, loadLanguage, loadLanguages, loadLearn, mountPageAddress, mountPageGames, mountPageShare, mountPageTimeline } from "./live.js";
import { Announcer } from "./page/announcements.js";
import { mountAppearance, mountFolds } from "./page/appearance.js";
import { mountCanvases } from "./page/canvases.js";
import { mountDiagnosis } from "./page/diagnosis.js";
import { mountFileDrop } from "./page/file-drop.js";
import { commandOf } from "./page/keyboard.js";
import { mountScoreboard } from "./page/scoreboard.js";
import { mountTransport } from "./page/transport.js";
import { mountViews } from "./page/views.js";
import { namesOfChanges } from "./state/config-diff.js";
import { controlsOf, pathsOf } from "./state/schema.js";
import { KindMemory } from "./state/kind-memory.js";
import { createStore } from "./state/store.js";
import { readOptions, withOptions } from "./state/url.js";

const page = document;
/** The games of two numbers, once they are loaded. @type {Promise<import("./games/games.js").Games>|undefined} */
let desk;
/** The way to the games. @type {Promise<void>|undefined} */
let shown;
/** The games while they are shown, in the place of the run. @type {import("./games/games.js").Games|null} */
let games = null;
const options = { ...readOptions(location.search), ...GIVEN };
const host = new Host(window);
const announcer = new Announcer(page);
const appearance = mountAppearance(page, options);

const memory = rememberSession(window);
const earlierSession = options.session ? null : memory.earlier;
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
const source = createSource({ page, session: options.session ?? earlierSession, notice: reportError }, receiver);
const store = createStore({
  send: (command) => source.send(command),
  requestFrame: (callback) => requestAnimationFrame(callback),
});

void loadLanguage(page, { ...options, onLoaded: store.invalidate, notice: reportError });

// Drawing ----------------------------------------------------------------------------------------------------

const canvases = mountCanvases(/** @type {HTMLElement} */ (page.getElementById("stage")), store);
const views = mountViews(page, { ...options, isFramed: host.isFramed }, {
  addChart: canvases.add,
  showGames: source.lock ? null : toggleGames,
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
// Found before anything is loaded: a frame can be emptied meanwhile.
const [helpDialog, shareDialog] = ["help-dialog", "share-dialog"].map((id) => /** @type {HTMLDialogElement} */ (page.getElementById(id)));
const help = mountLater(async () => {
  const { mountHelp } = await import("./page/dialogs.js");
  return mountHelp(
    helpDialog,
    () => {
      const { hello, config } = games?.store ?? store;
      return hello && config ? controlsOf(hello.schema, config) : [];
    },
    () => (games?.store ?? store).hello?.glossary ?? [],
    loadLanguages,
  );
});
const share = mountLater(async () => {
  const { picturesSection } = await import("./page/pictures.js");
  const { runPicturesSection } = await import("./page/run-pictures.js");
  const context = { theme: canvases.theme, link: address.link, isChanged: () => changedNames.length > 0 };
  const again = (/** @type {import("./connection/source.js").Receiver} */ to) =>
    createSource({ page, session: store.hello?.watch ?? null, notice: reportError }, to);
  const pictures = runPicturesSection(page, store, { ...context, createSource: again });
  const { open } = await mountPageShare(shareDialog, { store, address, source }, picturesSection(page, store, context), pictures.section);
  return {
    open() {
      pictures.refresh();
      open();
    },
  };
});

/** @type {Promise<void>|undefined} */
let tips;
async function loadTips() {
  const { mountTips } = await import("./page/tips.js");
  if (page.body) mountTips(page, () => store.hello?.glossary ?? []);
}

async function loadCodeChoice() {
  const { mountCodeChoice } = await import("./page/code-choice.js");
  mountCodeChoice(page, store);
}

/** The names of the settings that differ from the preset, without the seed. @type {string[]} */
let changedNames = [];

const LOST_RUN =
  "The server no longer has the earlier run: it was started again, or the run was left too long. All settings and the seed were kept, and the run begins again at step 0.";

/** @param {File} file */
function takeFile(file) {
  if (source.lock) return source.lock;
  if (!store.hello || !store.config || source.state !== "open") return "There is no connection to the server, so the file was not read.";
  if (store.readonly) return "This page cannot change settings, so the file was not read.";
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

/**
 * A dialog whose modules are loaded behind the first picture, or when it is opened.
 * @param {() => Promise<{open: () => void}>} mount
 */
function mountLater(mount) {
  /** @type {Promise<{open: () => void}>|undefined} */
  let dialog;
  const load = () => (dialog ??= mount());
  return { load, open: () => void load().then(({ open }) => open()) };
}

/** @param {boolean} connected */
function enable(connected) {
  store.plays = !options.readonly && store.hello?.role !== "viewer";
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
      if (isReloaded) continueRun(message);
      announcer.setState(message.state, message.sentence);
      if (message.state === "running") announcer.tellStep(message.step);
      stateReporter.schedule();
      break;
    case "refused":
      transport.restore();
      if (!message.path || !panel.reject(message.path, message.message)) announcer.notice(message.message);
      host.send("error", { message: message.message, path: message.path });
  }
});

/** The session whose experiment is in the address. @type {string|null} */
let session = options.session ?? earlierSession;
let isReloaded = earlierSession !== null;

/** @param {import("./connection/wire.js").Hello} hello */
function handleHello(hello) {
  enable(true);
  handleConfig();
  announcer.setState(hello.status.state, hello.status.sentence);
  isReloaded &&= hello.resumed;
  if (isReloaded && hello.playback.running) store.command({ type: "pause" });
  if (isReloaded) continueRun(hello.status);
  if (!hello.resumed && session) announcer.notice(LOST_RUN);
  session = hello.session;
  memory.keep(hello.role === "driver" && !options.session ? session : null);
  if (!hello.resumed) address.restore();
  views.begin(hello.start_preset !== hello.default_preset);
  for (const sentence of appearance.hideErrors(pathsOf(hello.schema))) reportError(sentence);
  autoplay.onConnected();
  host.send("ready", { version: hello.version });
  for (const dialog of [help, share]) void dialog.load();
  tips ??= loadTips();
  stateReporter.schedule();
}

/**
 * Say at which step the run stands still after a reload, as soon as it does.
 * @param {import("./connection/wire.js").RunStatus} status
 */
function continueRun({ step, playback }) {
  if (playback.running) return;
  isReloaded = false;
  if (step > 0) announcer.notice(`Continued at step ${formatCount(step)}.`);
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

const stateReporter = new StateReporter(store, () => {
  const { status, playback } = store;
  const frame = store.current();
  host.send("state", {
    state: status?.state ?? "connecting",
    running: playback?.running ?? false,
    speed: playback?.speed ?? null,
    step: frame?.step ?? status?.step ?? 0,
    preset: store.preset,
    changes: store.changed,
    metrics: frame?.scalars ?? {},
  });
});

// Keys, buttons and the host ---------------------------------------------------------------------------------

/** @type {Record<import("./page/keyboard.js").Action, () => void>} */
const actions = {
  ...transport.actions,
  bookmark: () => timeline.actions.bookmark(),
  loop: () => timeline.actions.loop(),
  compare: () => timeline.actions.compare?.(),
  slow: () => timeline.actions.slow?.(),
  spectrum: () => timeline.actions.spectrum?.(),
  help: help.open,
  theme: appearance.nextTheme,
  view: views.next,
};

addEventListener("keydown", (event) => {
  const isDialogOpen = page.querySelector("dialog[open]") !== null;
  const action = commandOf(event, { isFramed: host.isFramed, isDialogOpen });
  if (action) {
    event.preventDefault();
    (games?.actions ?? actions)[action]();
  } else if (!isDialogOpen) {
    host.forward(event);
  }
});
for (const button of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-skip]"))) {
  button.addEventListener("click", () => page.getElementById(games ? "games" : (button.dataset.skip ?? ""))?.focus());
}
page.getElementById("help")?.addEventListener("click", help.open);
page.getElementById("share")?.addEventListener("click", () => (games ? games.openShare() : share.open()));
page.getElementById("theme")?.addEventListener("click", appearance.nextTheme);

const autoplay = mountAutoplay(page, {
  autoplay: options.autoplay,
  isRunning: () => (games?.store ?? store).playback?.running ?? false,
  command: (command) => (games?.store ?? store).command(command),
  requestSlide: () => host.requestSlide(),
});
host.listen((message) => {
  if (message.kind === "slide") autoplay.onSlide(message.isShown);
  else if (message.kind === "refused") host.send("error", { message: message.sentence });
  else {
    const command = commandFor(message.request);
    if (!command) (games?.reporter ?? stateReporter).report();
    else if (!(games?.store ?? store).command(command)) host.send("error", { message: "There is no connection to the server." });
  }
});

// A run stands still while its page is loaded again.
addEventListener("pagehide", () => store.playback?.running && store.hello?.role === "driver" && source.send({ type: "pause" }));
addEventListener("online", () => source.retryNow());
page.addEventListener("visibilitychange", () => page.visibilityState === "visible" && source.retryNow());
addEventListener("error", (event) => announcer.notice(`Something went wrong in this page: ${event.message}. Reload it.`));
addEventListener("unhandledrejection", (event) => announcer.notice(`Something went wrong in this page: ${event.reason}. Reload it.`));

// Games ------------------------------------------------------------------------------------------------------

/** @param {boolean} isShown @returns {Promise<import("./games/games.js").Games|null>} the games while they are shown */
async function toggleGames(isShown) {
  if (isShown && !store.isAway) {
    if (store.playback?.running) store.command({ type: "pause" });
    store.isAway = true;
    shown = showGames();
  } else if (!isShown && store.isAway) {
    store.isAway = false;
    hideGames();
  }
  await shown;
  return games;
}

async function showGames() {
  // Behind the first pass of this module, which the page's own actions need.
  await null;
  const isAddressed = !desk && options.view === "games";
  desk ??= mountPageGames(page, { options, host, announcer, appearance, notice: reportError, pageActions: { help: help.open, theme: appearance.nextTheme, view: views.next } });
  try {
    const opened = await desk;
    if (!store.isAway) return;
    games = opened;
  } catch (error) {
    desk = undefined;
    reportError(error instanceof Error ? error.message : String(error));
    return;
  }
  await games.enter(isAddressed, store.lesson);
  autoplay.onConnected();
}

/** Show the run again, which is opened now if the page began with the games. */
function hideGames() {
  games?.leave();
  games = null;
  if (isOpened) {
    enable(source.state === "open");
    handleConfig();
    if (store.status) announcer.setState(store.status.state, store.status.sentence);
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
