// @ts-check
/** Connects the parts: source and store, canvases, controls, bar, announcements, address and host. No other file knows them all. */

import { dragTargetsOf } from "./charts/target-editing.js";
import { explainRefusal } from "./connection/refusal.js";
import { LiveSource } from "./connection/websocket.js";
import { Panel } from "./controls/panel.js";
import { mountAutoplay } from "./embed/autoplay.js";
import { commandFor, Host, StateReporter } from "./embed/host.js";
import { Announcer } from "./page/announcements.js";
import { mountAppearance } from "./page/appearance.js";
import { mountCanvases } from "./page/canvases.js";
import { mountDiagnosis } from "./page/diagnosis.js";
import { mountHelp, mountShare } from "./page/dialogs.js";
import { commandOf } from "./page/keyboard.js";
import { mountScoreboard } from "./page/scoreboard.js";
import { mountTransport } from "./page/transport.js";
import { controlsOf, pathsOf } from "./state/schema.js";
import { createStore } from "./state/store.js";
import { readHash, readOptions, withOptions, writeHash } from "./state/url.js";

/** The address is rewritten after this pause: browsers limit how often it may change. */
const ADDRESS_PAUSE_MS = 300;

const page = document;
const options = readOptions(location.search);
const host = new Host(window);
const announcer = new Announcer(page);
const appearance = mountAppearance(page, options);

const source = new LiveSource({
  url: page.baseURI,
  session: options.session,
  onMessage: (message) => store.apply(message),
  onFrame(buffer) {
    store.receive(buffer);
    stateReporter.onFrame();
  },
  onProblem: reportError,
  explain: () => explainRefusal(page.baseURI),
  onState(state, sentence) {
    if (state !== "open") announcer.setState(state, sentence);
    enable(state === "open");
  },
});
const store = createStore({
  send: (command) => source.send(command),
  requestFrame: (callback) => requestAnimationFrame(callback),
});

// Drawing ----------------------------------------------------------------------------------------------------

const canvases = mountCanvases(/** @type {HTMLElement} */ (page.getElementById("stage")), store);
const scoreboard = mountScoreboard(page, store);
const diagnosis = mountDiagnosis(page, store);
const transport = mountTransport(page, store, { notice: reportError, isChanged });
const panel = new Panel(page.querySelectorAll("[data-slot]"), {
  intend: store.intend,
  isHidden: (path) => path === "seed" || appearance.isHidden(path),
  seed: () => store.config?.seed ?? 0,
});
const help = mountHelp(
  /** @type {HTMLDialogElement} */ (page.getElementById("help-dialog")),
  () => (store.hello && store.config ? controlsOf(store.hello.schema, store.config) : []),
  () => store.hello?.glossary ?? [],
);
const share = mountShare(/** @type {HTMLDialogElement} */ (page.getElementById("share-dialog")), () => {
  const hash = currentHash() || `preset=${store.preset}`;
  return {
    link: withOptions(location.href, { session: null }, hash),
    embed: withOptions(location.href, { session: null, embed: "1" }, hash),
    watch: withOptions(location.href, { session: store.hello?.watch ?? null }, ""),
    isWhole: store.marks.every(({ step, last = step }) => last === 0),
  };
});

/** Whether the experiment differs from its preset by more than the seed. */
function isChanged() {
  return Object.keys(store.changed).some((path) => path !== "seed");
}

let areControlsCurrent = false;
const isDue = appearance.pacer(() => store.playback?.running ?? false, store.invalidate);

store.onDraw(() => {
  if (!areControlsCurrent && store.hello && store.config) panel.update(store.hello.schema, store.config, store.changed);
  areControlsCurrent = true;
  transport.draw();
  if (!isDue()) return;
  canvases.draw();
  scoreboard.draw();
  diagnosis.draw();
});

/** @param {boolean} connected */
function enable(connected) {
  store.readonly = options.readonly || store.hello?.role === "viewer";
  page.documentElement.classList.toggle("readonly", store.readonly);
  transport.enable(connected);
  panel.disable(!connected || store.readonly);
}

// Messages ---------------------------------------------------------------------------------------------------

store.subscribe((message) => {
  switch (message.type) {
    case "hello":
      handleHello(message);
      break;
    case "config":
      handleConfig();
      stateReporter.schedule();
      break;
    case "status":
      announcer.setState(message.state, message.sentence);
      stateReporter.schedule();
      break;
    case "refused":
      transport.restore();
      if (!message.path || !panel.reject(message.path, message.message)) announcer.notice(message.message);
      host.send("error", { message: message.message, path: message.path });
  }
});

/** The session whose experiment is in the address. @type {string|null} */
let session = options.session;

/** @param {import("./connection/wire.js").Hello} hello */
function handleHello(hello) {
  handleConfig();
  enable(true);
  announcer.setState(hello.status.state, hello.status.sentence);
  if (!hello.resumed && session) announcer.notice("The earlier run is gone, so this is a new one with the same settings.");
  session = hello.session;
  if (!hello.resumed) restore();
  for (const sentence of appearance.hideErrors(pathsOf(hello.schema))) reportError(sentence);
  autoplay.onConnected();
  host.send("ready", { version: hello.version });
  stateReporter.schedule();
}

function handleConfig() {
  if (store.hello && store.config) store.dragTargets = dragTargetsOf(controlsOf(store.hello.schema, store.config), store.config);
  areControlsCurrent = false;
  clearTimeout(addressTimer);
  addressTimer = setTimeout(writeAddress, ADDRESS_PAUSE_MS);
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

// The address ------------------------------------------------------------------------------------------------

/** @type {ReturnType<typeof setTimeout>|undefined} */
let addressTimer;

function currentHash() {
  return store.hello ? writeHash({ preset: store.preset, changes: store.changed }, store.hello.default_preset) : "";
}

function writeAddress() {
  const hash = currentHash();
  if (hash !== location.hash.replace(/^#/, "")) history.replaceState(history.state, "", withOptions(location.href, {}, hash));
}

/**
 * The present name of a preset, from its present or a former name, or null for the default one; undefined if there is none.
 * @param {string|null} name
 * @returns {string|undefined}
 */
function presetNamed(name) {
  if (name === null) return store.hello?.default_preset;
  return store.hello?.presets.find((row) => row.name === name || row.former_names.includes(name))?.name;
}

/** Load the experiment of the address, if it has one. */
function restore() {
  const experiment = readHash(location.hash);
  if (!experiment) return;
  const { preset, changes } = experiment;
  const isLoaded = presetNamed(preset) === store.preset && Object.keys(changes).length === 0;
  if (!isLoaded) load(experiment);
}

/**
 * Load an experiment. An unknown preset is reported, and the changes are applied to the default preset.
 * @param {import("./state/url.js").Experiment} experiment
 */
function load({ preset, changes }) {
  const { hello } = store;
  if (!hello) return;
  const name = presetNamed(preset);
  if (name === undefined) {
    const known = hello.presets.map((row) => row.name);
    reportError(`Expected a preset of ${known.join(", ")} in the address, but got “${preset}”.`);
  }
  store.command({ type: "load_preset", name: name ?? hello.default_preset, changes });
}

addEventListener("hashchange", () => load(readHash(location.hash) ?? { preset: null, changes: {} }));

// Keys, buttons and the host ---------------------------------------------------------------------------------

/** @type {Record<import("./page/keyboard.js").Action, () => void>} */
const actions = {
  ...transport.actions,
  help: help.open,
  theme: appearance.nextTheme,
};

addEventListener("keydown", (event) => {
  const isDialogOpen = page.querySelector("dialog[open]") !== null;
  const action = commandOf(event, { isFramed: host.isFramed, isDialogOpen });
  if (action) {
    event.preventDefault();
    actions[action]();
  } else if (!isDialogOpen) {
    host.forward(event);
  }
});
page.getElementById("help")?.addEventListener("click", help.open);
page.getElementById("share")?.addEventListener("click", share.open);
page.getElementById("theme")?.addEventListener("click", appearance.nextTheme);

const autoplay = mountAutoplay(page, {
  autoplay: options.autoplay,
  isRunning: () => store.playback?.running ?? false,
  command: store.command,
  requestSlide: () => host.requestSlide(),
});
host.listen((message) => {
  if (message.kind === "slide") autoplay.onSlide(message.isShown);
  else if (message.kind === "refused") host.send("error", { message: message.sentence });
  else {
    const command = commandFor(message.request);
    if (!command) stateReporter.report();
    else if (!store.command(command)) host.send("error", { message: "There is no connection to the server." });
  }
});

addEventListener("online", () => source.retryNow());
page.addEventListener("visibilitychange", () => page.visibilityState === "visible" && source.retryNow());
addEventListener("error", (event) => announcer.notice(`Something went wrong in this page: ${event.message}. Reload it.`));
addEventListener("unhandledrejection", (event) => announcer.notice(`Something went wrong in this page: ${event.reason}. Reload it.`));

for (const sentence of options.notices) reportError(sentence);
source.open();
