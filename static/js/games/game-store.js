// @ts-check
/** The state of the games in the shape that the bar, the address, the canvases and the host read. */

import { GameRun } from "./game-run.js";

/** @import {Store} from "../state/store.js" */
/** @typedef {{schema: any, presets: any[], default_preset: string, speeds: any[], speed: number, glossary: any[], version: string}} Catalog of `GET games` */
/** @typedef {Store & {game: GameRun}} GameStore */

/** Most steps that a link can name. */
const MOST_STEPS = 2000;

/**
 * @param {object} context
 * @param {Catalog} context.catalog
 * @param {import("./game-run.js").Ask} context.ask
 * @param {boolean} context.readonly whether settings stay as they are
 * @param {boolean} [context.plays] whether it can be played all the same
 * @param {(callback: () => void) => void} context.requestFrame
 * @param {(event: import("./game-run.js").GameEvent) => void} context.listen
 * @returns {GameStore}
 */
export function createGameStore({ catalog, ask, readonly, plays = !readonly, requestFrame, listen }) {
  /** @type {(() => void)[]} */
  const drawers = [];
  let isScheduled = false;

  const game = new GameRun({
    ask,
    schema: catalog.schema,
    speed: catalog.speed,
    say(event) {
      refresh();
      listen(event);
      fields.invalidate();
    },
  });

  function refresh() {
    const { answer, tracks, step, running, speed, sentence } = game;
    fields.config = answer?.config ?? null;
    fields.preset = game.preset || catalog.default_preset;
    fields.changed = answer?.changed ?? {};
    fields.playback = { running, speed };
    fields.status = { state: running ? "running" : step === 0 ? "ready" : "paused", sentence, step };
    fields.marks = game.marks;
    fields.bookmarks = game.bookmarks;
    if (fields.timeline?.last !== game.last) fields.timeline = { steps: Array.from({ length: game.last + 1 }, (_, i) => i), last: game.last };
    fields.frame = tracks.length > 0 ? { step, scene: 0, arrays: {}, scalars: scalarsOf(game) } : null;
    fields.scene = fields.frame && {};
  }

  function animate() {
    isScheduled = false;
    if (fields.isAway) return;
    for (const draw of drawers) draw();
    if (game.drawn()) fields.invalidate();
  }

  /** @type {Record<string, any>} */
  const fields = {
    game,
    hello: { ...catalog, start_preset: catalog.default_preset, role: "driver", limits: { step_count: MOST_STEPS } },
    scene: null, config: null, preset: catalog.default_preset, changed: {}, link: null,
    playback: { running: false, speed: catalog.speed },
    status: null, frame: null, marks: [], hover: null, code: null, dragTargets: [], sketch: null, timeline: null, looking: null, loop: null,
    bookmarks: [], diagnosisMarks: [], second: null,
    readonly, plays, isAway: true,

    /** @param {string} path @param {unknown} value */
    intend(path, value) {
      if (!fields.isAway && !fields.readonly) game.change(path, value);
    },
    shownStep: () => game.step,
    endLoop() {
      fields.loop = null;
      fields.invalidate();
    },
    /** @param {number} step */
    seek: (step) => fields.isAway || game.look(step),
    /** @param {any} hover */
    setHover(hover) {
      fields.hover = hover;
      fields.invalidate();
    },
    current: () => fields.frame,
    freezeAxes() {},
    unfreezeAxes() {},
    setSketch() {},
    invalidate() {
      if (isScheduled || fields.isAway) return;
      isScheduled = true;
      requestFrame(animate);
    },
    /** @param {any} command */
    command(command) {
      if (fields.isAway) return false;
      act(game, command, fields.readonly);
      return true;
    },
    /** @param {() => void} draw */
    onDraw: (draw) => void drawers.push(draw),
  };
  return /** @type {GameStore} */ (/** @type {unknown} */ (fields));
}

/** @param {GameRun} game @param {any} command @param {boolean} isReadonly */
function act(game, command, isReadonly) {
  switch (command.type) {
    case "play":
      return game.play();
    case "pause":
      return game.pause();
    case "step":
      return game.makeSteps(command.count ?? 1);
    case "reset":
      return game.reset();
    case "look":
      return game.look(command.step ?? game.last);
    case "bookmark":
      return isReadonly ? undefined : game.bookmark(command.step, command.text);
    case "playback":
      return game.setSpeed(command.speed);
    case "set":
      return isReadonly ? undefined : game.change(command.path, command.value);
    case "load_preset":
      return isReadonly ? undefined : void game.load(command.name, command.changes);
  }
}

/** The numbers of the step that is shown, by name; those of the second update have a 2. @param {GameRun} game */
function scalarsOf(game) {
  /** @type {Record<string, number>} */
  const scalars = {};
  for (const [i, track] of game.tracks.entries()) {
    const at = game.at(track);
    const suffix = i === 0 ? "" : String(i + 1);
    if (at) Object.assign(scalars, { [`theta${suffix}`]: at.theta, [`psi${suffix}`]: at.psi, [`distance${suffix}`]: at.distance });
    if (at && at.conserved !== null) scalars[`conserved${suffix}`] = at.conserved;
    if (track.rate !== null) scalars[`rate${suffix}`] = track.rate;
  }
  return scalars;
}
