/** The messages of the websocket. Written by `python -m tests.wire_types --write`; do not edit. */

/** Train on, at the present speed. */
export interface Play {
  type: "play";
}

/** Stop before the next step. */
export interface Pause {
  type: "pause";
}

/** Pause, then take `count` steps, in which both players or only `player` is updated. */
export interface Step {
  type: "step";
  count?: number;
  player?: "both" | "generator" | "discriminator";
}

/** Go back to step 0 and pause; with a `seed`, begin another run, else the same one. */
export interface Reset {
  type: "reset";
  seed?: number | null;
}

/** Set one value of the config. A network that this rebuilds keeps its function, or is reinitialized. */
export interface Set {
  type: "set";
  path: string;
  value: unknown;
  reinitialize?: boolean;
}

/** Begin a new run of a preset with `changes` applied in order; each change that fails is refused by itself. */
export interface LoadPreset {
  type: "load_preset";
  name: string;
  changes?: Record<string, unknown>;
}

/** Begin a new run of a log. As it plays, it repeats what the log says, until the log ends or a setting changes. */
export interface LoadLog {
  type: "load_log";
  text: string;
}

/** Set the speed: steps a second, one step for each drawn frame, or as fast as possible. Not part of the config. */
export interface Playback {
  type: "playback";
  speed: number | "frame" | "max";
}

/** Pause, and make an earlier step the present one. The run that was present until now is kept. */
export interface BranchFrom {
  type: "branch";
  step: number;
  run?: number | null;
  name?: string | null;
}

/** Pause, and return to the last step of a kept run. The run that was present until now is kept. */
export interface Switch {
  type: "switch";
  run: number;
}

/** Forget a kept run, which is not the present one. */
export interface Forget {
  type: "forget";
  run: number;
}

/** Give a run another name. */
export interface Rename {
  type: "rename";
  run: number;
  name: string;
}

/** Give a step of the present run a bookmark in place of the one that it has; without text, take it away. */
export interface SetBookmark {
  type: "bookmark";
  step: number;
  text: string;
}

/** Show a second run beside the present one: a kept `run`, or one that is the same but for `changes` from `step` on. */
export interface Compare {
  type: "compare";
  run?: number | null;
  changes?: Record<string, unknown>;
  step?: number | null;
}

/** Show the present run alone again. The second run is kept. */
export interface EndComparison {
  type: "end_comparison";
}

/** Say from now on in `status` whether the run has met a criterion of the gallery, as a page of a lesson does. */
export interface SetGoal {
  type: "goal";
  goal: Record<string, unknown> | null;
  name?: string;
}

/** Look back at a step of a run; the run goes on or stands still as before. Viewers may send it, too. */
export interface Look {
  type: "look";
  step: number | null;
  run?: number | null;
}

/** Get the history of a run as `run_history`. Viewers may send it, too. */
export interface GetHistory {
  type: "get_history";
  run: number;
}

/** Get the log of a run as `run_log`, from which the same run can be made again. Viewers may send it, too. */
export interface GetLog {
  type: "get_log";
  run?: number | null;
}

/** Get the step that follows a step of a run, taken apart, as `step_trace`. Viewers may send it, too. */
export interface GetStepTrace {
  type: "get_step_trace";
  step?: number | null;
  run?: number | null;
  update?: number | null;
  sample?: number;
}

/** Get the eigenvalues of the game at a step of a run, as `spectrum`. Viewers may send it, too. */
export interface GetSpectrum {
  type: "get_spectrum";
  step?: number | null;
  run?: number | null;
}

/** Get the angle between gradients and the line from one step of a run to another, as `path_angle`. */
export interface GetPathAngle {
  type: "get_path_angle";
  start: number;
  end: number;
  run?: number | null;
}

/** Take back the last `get_spectrum` or `get_path_angle`, which is not answered any more. */
export interface CancelSpectrum {
  type: "cancel_spectrum";
}

/** Acknowledge one drawn frame, which allows the server to send another one. */
export interface Ack {
  type: "ack";
}

/** An array of a frame; a scalar has the shape []. Each value is origin + factor · number, with the number on the */
export interface LayoutEntry {
  name: string;
  shape: number[];
  offset: number;
  axis: string | null;
  origin: number;
  factor: number;
}

/** Both ends of an axis. */
export interface Range {
  low: number;
  high: number;
}

/** A class of a conditional GAN: its label, the centre of its mode, and its share of the target. */
export interface ModeClass {
  name: string;
  centre: number;
  weight: number;
}

/** What the way back of a translation is drawn against: its data axis is the z axis of the way there. */
export interface BackScene {
  grid: number[];
  latent_grid: number[];
  x_axis: Range;
  z_axis: Range;
  target_density: number[];
  density_high: number;
  latent_density: number[];
  optimal_maps: number[][];
  optimal_maps_mirrored: number[][];
}

/** A mode of the target: its centre, its share of the target, and the ends of its part of the x axis (or null). */
export interface ModeEntry {
  centre: number;
  mass: number;
  low: number | null;
  high: number | null;
}

/** How D's output is shown: the ends of its axis, and the threshold between real and fake. */
export interface ReadoutEntry {
  kind: string;
  low: number;
  high: number;
  threshold: number;
  label: string;
}

/** The value of a loss at equilibrium; `series` is a scalar of the frame. */
export interface Reference {
  series: string;
  value: number;
  label: string;
}

/** A scalar of the frame: its range (null for no end), its value when G has won, and the scalar that limits it. */
export interface Metric {
  name: string;
  label: string;
  help: string;
  unit: string;
  scale: "linear" | "log";
  low: number | null;
  high: number | null;
  ideal: number | null;
  ideal_label: string | null;
  bound: string | null;
}

/** A metric on the scoreboard, and the same metric of the averaged generator, if there is one. */
export interface ScoreboardEntry {
  metric: string;
  label: string;
  average: string | null;
  headline: boolean;
}

/** A kind of diagnosis; its severity is calm, good, standstill, suspicion or warning. */
export interface DiagnosisKind {
  name: string;
  label: string;
  severity: string;
  help: string;
}

/** Everything that frames are drawn against: axes, target, references, and the layout of a frame. */
export interface SceneFields {
  scene: number;
  run: number;
  look: number;
  layout: LayoutEntry[];
  frame_bytes: number;
  grid: number[];
  latent_grid: number[];
  x_axis: Range;
  z_axis: Range;
  target_density: number[];
  latent_density: number[];
  latent_dimension: number;
  atoms: number;
  curves: string[];
  codes: string[];
  code_entropy: number | null;
  classes: ModeClass[];
  optimal_maps: number[][];
  optimal_maps_mirrored: number[][];
  back: BackScene | null;
  density_high: number;
  modes: ModeEntry[];
  real_samples: number[];
  training_points: number;
  latent_histogram: number[];
  real_histogram: number[];
  x_bins: number;
  z_bins: number;
  readout_bins: number;
  readout: ReadoutEntry;
  loss_axis: Range;
  references: Reference[];
  metrics: Metric[];
  scoreboard: ScoreboardEntry[];
  diagnoses: DiagnosisKind[];
}

/** A preset of the gallery. */
export interface PresetEntry {
  name: string;
  former_names: string[];
  group: string;
  title: string;
  watch: string;
  config: Record<string, any>;
}

/** Whether the run is playing, and how fast. */
export interface PlaybackState {
  running: boolean;
  speed: number | "frame" | "max";
}

/** One entry of the speed menu. */
export interface SpeedChoice {
  value: number | "frame" | "max";
  label: string;
}

/** One entry of the step menu. */
export interface PlayerChoice {
  value: "both" | "generator" | "discriminator";
  label: string;
}

/** Bounds that the server sets on a page. */
export interface ServerLimits {
  command_length: number;
  step_count: number;
  speed: number;
  frames_in_flight: number;
  history_length: number;
  bookmark_length: number;
  name_length: number;
  lost_seconds: number;
}

/** A term: its words and symbols on the page, its name in textbooks, and its meaning. */
export interface GlossaryEntry {
  page: string;
  textbook: string;
  meaning: string;
}

/** The present diagnosis. */
export interface DiagnosisMessage {
  kind: string;
  sentence: string;
  since: number;
}

/** The criterion that `goal` has set. */
export interface GoalProgress {
  name: string;
  words: string;
  met_at: number | null;
}

/** The state of the run. */
export interface RunStatus {
  state: "ready" | "running" | "paused" | "diverged" | "failed";
  sentence: string;
  step: number;
  rate: number;
  playback: PlaybackState;
  diagnosis: DiagnosisMessage;
  goal: GoalProgress | null;
}

/** Losses and gradient norms of every step of a run, in buckets of `stride` steps. */
export interface LossHistory {
  stride: number;
  steps: number;
  first: number;
  last: Record<string, (number | null)[]>;
  low: Record<string, (number | null)[]>;
  high: Record<string, (number | null)[]>;
}

/** A change of the config on the step axis. It replaces an earlier mark with the same path and step. */
export interface Mark {
  step: number;
  path: string;
  label: string;
}

/** A step with a name. */
export interface BookmarkEntry {
  step: number;
  text: string;
}

/** A change of the diagnosis on the step axis. */
export interface DiagnosisMark {
  step: number;
  kind: string;
  label: string;
}

/** A run that the session keeps: the present one, or one that can be looked at and returned to. */
export interface RunEntry {
  run: number;
  name: string;
  preset: string | null;
  seed: number;
  parent: number | null;
  from_step: number;
  shared_steps: number;
  step: number;
  diverged: boolean;
  spacing: number;
  differences: string;
}

/** The first message of a connection, with all that a page needs to begin. */
export interface Hello extends SceneFields {
  type: "hello";
  protocol: number;
  version: string;
  arithmetic: string;
  session: string;
  watch: string;
  catalog: string;
  role: "driver" | "viewer";
  resumed: boolean;
  schema: Record<string, any>;
  presets: PresetEntry[];
  default_preset: string;
  start_preset: string;
  network_host: string | null;
  preset: string | null;
  config: Record<string, any>;
  changed: Record<string, unknown>;
  link: Record<string, unknown> | null;
  revision: number;
  playback: PlaybackState;
  speeds: SpeedChoice[];
  players: PlayerChoice[];
  limits: ServerLimits;
  glossary: GlossaryEntry[];
  status: RunStatus;
  losses: LossHistory;
  trace: Record<string, (number | null)[]>;
  marks: Mark[];
  bookmarks: BookmarkEntry[];
  diagnosis_marks: DiagnosisMark[];
  runs: RunEntry[];
}

/** New axes, target or references, against which frames are drawn; frames of earlier scenes are out of date. */
export interface Scene extends SceneFields {
  type: "scene";
}

/** The state of the run: sent on every change, every second while training, and every 4 seconds otherwise. */
export interface Status extends RunStatus {
  type: "status";
}

/** What the history has gained; sent four times a second while training, and at each pause. */
export interface History {
  type: "history";
  run: number;
  losses: LossHistory;
  trace: Record<string, (number | null)[]>;
  trace_stride: number;
}

/** The present config; sent after each `set`, `load_preset` and `reset` with a seed, even if nothing changed. */
export interface ConfigChanged {
  type: "config";
  revision: number;
  path: string | null;
  value: unknown;
  config: Record<string, any>;
  changed: Record<string, unknown>;
  link: Record<string, unknown> | null;
  preset: string | null;
  effect: "none" | "live" | "network" | "restart";
  mark: Mark | null;
}

/** All marks of the present run, in place of those before. */
export interface RunMarks {
  type: "marks";
  run: number;
  marks: Mark[];
  bookmarks: BookmarkEntry[];
  diagnosis_marks: DiagnosisMark[];
}

/** All runs that the session keeps; sent when one begins, is returned to, renamed or forgotten. */
export interface Runs {
  type: "runs";
  present: number;
  runs: RunEntry[];
  sentence: string;
}

/** A setting that differs between two runs that are compared. */
export interface SettingDifference {
  path: string;
  label: string;
  here: string;
  there: string;
}

/** The second run that is shown beside the present one, at the steps that are shown; sent when any of it changes. */
export interface Comparing {
  type: "comparing";
  run: number | null;
  name: string;
  step: number;
  look: number;
  catching_up: boolean;
  diverged: boolean;
  shared_steps: number;
  differences: SettingDifference[];
  changes: Record<string, unknown>;
  sentence: string;
}

/** What the frames of the second run are drawn against while two runs are compared. */
export interface SecondScene extends SceneFields {
  type: "second_scene";
}

/** The answer to `look`: the step that is shown from now on; sent to its sender alone. */
export interface Looking {
  type: "looking";
  look: number;
  step: number | null;
  run: number;
  last_step: number;
  running: boolean;
  config: Record<string, any>;
  spacing: number;
  sentence: string;
}

/** The history of a run; the answer to `get_history`, sent to its sender alone. */
export interface RunHistory {
  type: "run_history";
  run: number;
  config: Record<string, any>;
  losses: LossHistory;
  trace: Record<string, (number | null)[]>;
  marks: Mark[];
  bookmarks: BookmarkEntry[];
  diagnosis_marks: DiagnosisMark[];
}

/** The log of a run, for a file that `gan1d replay` repeats; the answer to `get_log`, sent to its sender alone. */
export interface RunLogText {
  type: "run_log";
  run: number;
  text: string;
}

/** One update of one player, with a number for each sample of the batch; of a large batch, for the first samples. */
export interface TracedUpdate {
  player: "discriminator" | "generator";
  is_trial: boolean;
  batch: number;
  latents: number[][];
  labels: number[];
  samples: number[][];
  scores: number[];
  outputs: number[];
  costs: number[];
  score_gradients: number[];
  sample_gradients: number[][];
  outputs_after: number[];
  samples_after: number[][];
  loss: number;
  norm: number;
  change: number;
}

/** A hidden layer in the pass of one sample, with a number for each unit: h = φ(s). */
export interface TracedLayer {
  s: number[];
  h: number[];
  gradient: number[];
}

/** The pass of one sample through a network. */
export interface TracedPass {
  sizes: number[];
  input_scale: number;
  inputs: number[];
  layers: TracedLayer[];
  output: number;
  output_gradient: number;
  weights: number[][][];
}

/** The updated network's parameters around the update, each in the shape of `weights`. */
export interface TracedParameters {
  gradient: number[][][];
  before: number[][][];
  after: number[][][];
  averages_before: Record<string, number[][][]>;
  averages_after: Record<string, number[][][]>;
}

/** One sample of an update, through every layer of both networks; of wider layers, the first units. */
export interface TracedSample {
  update: number;
  sample: number;
  units: number;
  generator: TracedPass | null;
  discriminator: TracedPass;
  parameters: TracedParameters | null;
}

/** The step that follows a step of a run, taken apart; the answer to `get_step_trace`, sent to its sender alone. */
export interface StepTraced {
  type: "step_trace";
  run: number;
  step: number;
  formulas: Record<string, string>;
  updates: TracedUpdate[];
  sample: TracedSample | null;
}

/** How far the answer to `get_spectrum` or `get_path_angle` is; sent to its sender alone. */
export interface SpectrumProgress {
  type: "spectrum_progress";
  done: number;
  total: number;
}

/** The spectrum of the game at a step of a run; the answer to `get_spectrum`, sent to its sender alone. */
export interface SpectrumFound {
  type: "spectrum";
  run: number;
  step: number;
  parameters: number;
  eigenvalues: number[][];
  discriminator: number[][];
  generator: number[][];
  attracting: number;
  repelling: number;
  flat: number;
  flat_below: number;
  largest_real: number;
  smallest_real: number;
  turn: number;
  largest_step: number;
  kind: "instability" | "rotation" | "attraction" | "rest";
  sentence: string;
  own: string;
  gradients: string;
}

/** The path angle between two steps of a run; the answer to `get_path_angle`, sent to its sender alone. */
export interface PathAngleFound {
  type: "path_angle";
  run: number;
  start: number;
  end: number;
  shares: number[];
  cosines: number[];
  norms: number[];
  sentence: string;
}

/** A command that could not be carried out; sent to its sender alone. */
export interface Refused {
  type: "refused";
  message: string;
  path: string | null;
  value: unknown;
  command: string | null;
}

/** The server works although one long step delays its other messages; sent after 6 seconds of silence. */
export interface Alive {
  type: "alive";
}

/** The server is about to close the connection; sent right before the close frame, even before hello. */
export interface Closing {
  type: "closing";
  code: number;
  reason: string;
  reaction: "reconnect" | "wait" | "end" | "reload";
  watch: string | null;
}

export type Command = Play | Pause | Step | Reset | Set | LoadPreset | LoadLog | Playback | BranchFrom | Switch | Forget | Rename | SetBookmark | Compare | EndComparison | SetGoal | Look | GetHistory | GetLog | GetStepTrace | GetSpectrum | GetPathAngle | CancelSpectrum | Ack;
export type Event = Hello | Scene | Status | History | ConfigChanged | RunMarks | Runs | Comparing | SecondScene | Looking | RunHistory | RunLogText | StepTraced | SpectrumProgress | SpectrumFound | PathAngleFound | Refused | Alive | Closing;
