// @ts-check
/** Puts the parts together: source to store, store to stage, controls, bar, words, address and host. The only file that knows them all. */

import { readHash, readOptions, withOptions, writeHash } from "./state/url.js";
import { Panel } from "./controls/panel.js";
import { mountDiagnosis } from "./page/diagnosis.js";
import { differences } from "./state/config-diff.js";
import { mountHelp, mountShare } from "./page/dialogs.js";
import { commandFor, Host, mountTelling } from "./embed/host.js";
import { commandOf } from "./page/keyboard.js";
import { LiveSource } from "./connection/websocket.js";
import { mountPresence } from "./embed/autoplay.js";
import { mountReadings } from "./page/scoreboard.js";
import { gripsOf } from "./charts/target-editing.js";
import { controlsOf, pathsOf } from "./state/schema.js";
import { mountStage } from "./page/canvases.js";
import { createStore } from "./state/store.js";
import { mountTransport } from "./page/transport.js";
import { mountView } from "./page/appearance.js";
import { Voice } from "./page/announcements.js";

/** The address is rewritten when the hand rests: browsers limit how often. */
const ADDRESS_PAUSE_MS = 300;
const DEFAULT_PRESET = "default";

const page = document;
const options = readOptions(location.search);
const host = new Host(window);
const voice = new Voice(page);
const view = mountView(page, options);

const source = new LiveSource({
  url: page.baseURI,
  session: options.session,
  onMessage: (message) => store.apply(message),
  onFrame(buffer) {
    store.receive(buffer);
    telling.see();
  },
  onProblem: complain,
  onState(state, sentence) {
    if (state !== "open") voice.say(state, sentence);
    enable(state === "open");
  },
});
const store = createStore({
  send: (command) => source.send(command),
  requestFrame: (callback) => requestAnimationFrame(callback),
});

// What is shown ----------------------------------------------------------------------------------------------

const stage = mountStage(/** @type {HTMLElement} */ (page.getElementById("stage")), store);
const readings = mountReadings(page, store);
const diagnosis = mountDiagnosis(page, store);
const transport = mountTransport(page, store, { notice: complain, isChanged });
const panel = new Panel(page.querySelectorAll("[data-slot]"), {
  intend: store.intend,
  isHidden: (path) => path === "seed" || view.isHidden(path),
});
const help = mountHelp(
  /** @type {HTMLDialogElement} */ (page.getElementById("help-dialog")),
  () => (store.hello && store.config ? controlsOf(store.hello.schema, store.config) : []),
  () => store.hello?.glossary ?? [],
);
const share = mountShare(/** @type {HTMLDialogElement} */ (page.getElementById("share-dialog")), () => {
  const hash = writeHash({ preset: store.preset, changes }) || `preset=${DEFAULT_PRESET}`;
  return {
    link: withOptions(location.href, { session: null }, hash),
    embed: withOptions(location.href, { session: null, embed: "1" }, hash),
    watch: withOptions(location.href, { session: store.hello?.watch ?? null }, ""),
    isWhole: store.marks.every(({ step, last = step }) => last === 0),
  };
});

/** Whether it is another experiment than its preset; another seed is the same one, with other luck. */
function isChanged() {
  return Object.keys(changes).some((path) => path !== "seed");
}

/** What tells the present config from its preset. @type {Record<string, unknown>} */
let changes = {};
let areControlsCurrent = false;
const calm = view.pacer(() => store.playback?.running ?? false, store.invalidate);

store.onDraw(() => {
  if (!areControlsCurrent && store.hello && store.config) panel.update(store.hello.schema, store.config, changes);
  areControlsCurrent = true;
  transport.draw();
  if (!calm()) return;
  stage.draw();
  readings.draw();
  diagnosis.draw();
});

/** @param {boolean} connected */
function enable(connected) {
  store.readonly = options.readonly || store.hello?.role === "viewer";
  page.documentElement.classList.toggle("readonly", store.readonly);
  transport.enable(connected);
  panel.disable(!connected || store.readonly);
}

// What is heard ----------------------------------------------------------------------------------------------

store.subscribe((message) => {
  switch (message.type) {
    case "hello":
      greet(message);
      break;
    case "config":
      learnConfig();
      telling.soon();
      break;
    case "status":
      voice.say(message.state, message.sentence);
      telling.soon();
      break;
    case "refused":
      transport.restore();
      if (!message.path || !panel.refuse(message.path, message.message)) voice.notice(message.message);
      host.tell("error", { message: message.message, path: message.path ?? null });
  }
});

/** The session whose experiment the address holds. @type {string|null} */
let session = options.session;

/** @param {import("./state/store.js").Message} hello */
function greet(hello) {
  learnConfig();
  enable(true);
  voice.say(hello.status.state, hello.status.sentence);
  const isResumed = hello.session === session;
  if (!isResumed && session) voice.notice("The earlier run is gone, so this is a new one with the same settings.");
  session = hello.session;
  if (!isResumed) restore();
  for (const sentence of view.complaints(pathsOf(hello.schema))) complain(sentence);
  presence.begin();
  host.tell("ready", { version: hello.version });
  telling.soon();
}

function learnConfig() {
  const preset = store.hello?.presets.find((/** @type {any} */ { name }) => name === store.preset);
  changes = preset ? differences(store.config, preset.config) : {};
  if (store.hello && store.config) store.grips = gripsOf(controlsOf(store.hello.schema, store.config), store.config);
  areControlsCurrent = false;
  clearTimeout(addressTimer);
  addressTimer = setTimeout(writeAddress, ADDRESS_PAUSE_MS);
}

/** @param {string} sentence */
function complain(sentence) {
  voice.notice(sentence);
  host.tell("error", { message: sentence });
}

const telling = mountTelling(store, () => {
  const { status, playback } = store;
  const frame = store.current();
  host.tell("state", {
    state: status?.state ?? "connecting",
    running: playback?.running ?? false,
    speed: playback?.speed ?? null,
    step: frame?.step ?? status?.step ?? 0,
    preset: store.preset,
    changes,
    metrics: frame?.scalars ?? {},
  });
});

// The address ------------------------------------------------------------------------------------------------

/** @type {ReturnType<typeof setTimeout>|undefined} */
let addressTimer;

function writeAddress() {
  const hash = writeHash({ preset: store.preset, changes });
  if (hash !== location.hash.replace(/^#/, "")) history.replaceState(history.state, "", withOptions(location.href, {}, hash));
}

/**
 * The present name of a preset that may be given by a former one; undefined if there is none.
 * @param {string} name
 * @returns {string|undefined}
 */
function presetNamed(name) {
  const presets = /** @type {import("./state/store.js").Preset[]} */ (store.hello?.presets ?? []);
  return presets.find((row) => row.name === name || row.former_names.includes(name))?.name;
}

/** Make the run that the address describes; without one, the server's own choice stands. */
function restore() {
  const experiment = readHash(location.hash);
  if (!experiment) return;
  const isThere = presetNamed(experiment.preset ?? DEFAULT_PRESET) === store.preset && Object.keys(experiment.changes).length === 0;
  if (!isThere) load(experiment);
}

/**
 * A preset that does not exist is said, and the rest of the address still counts.
 * @param {import("./state/url.js").Experiment} experiment
 */
function load({ preset, changes: wanted }) {
  const name = preset === null ? DEFAULT_PRESET : presetNamed(preset);
  if (name === undefined) {
    const known = store.hello?.presets.map((/** @type {any} */ row) => row.name) ?? [];
    complain(`Expected a preset of ${known.join(", ")} in the address, but got “${preset}”.`);
  }
  store.command({ type: "load_preset", name: name ?? DEFAULT_PRESET, changes: wanted });
}

addEventListener("hashchange", () => load(readHash(location.hash) ?? { preset: null, changes: {} }));

// The reader and the host ------------------------------------------------------------------------------------

/** @type {Record<import("./page/keyboard.js").Action, () => void>} */
const actions = {
  ...transport.actions,
  help: help.open,
  theme: view.turnTheme,
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
page.getElementById("theme")?.addEventListener("click", view.turnTheme);

const presence = mountPresence(page, { autoplay: options.autoplay, isRunning: () => store.playback?.running ?? false, command: store.command });
host.listen((message) => {
  if (message.kind === "slide") presence.turn(message.isShown);
  else if (message.kind === "refused") host.tell("error", { message: message.sentence });
  else {
    const command = commandFor(message.request);
    if (!command) telling.now();
    else if (!store.command(command)) host.tell("error", { message: "There is no connection to the server." });
  }
});

addEventListener("online", () => source.hurry());
page.addEventListener("visibilitychange", () => page.visibilityState === "visible" && source.hurry());
addEventListener("error", (event) => voice.notice(`Something went wrong in this page: ${event.message}. Reload it.`));
addEventListener("unhandledrejection", (event) => voice.notice(`Something went wrong in this page: ${event.reason}. Reload it.`));

for (const sentence of options.notices) complain(sentence);
source.open();
