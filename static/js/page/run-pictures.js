// @ts-check
/**
 * The part of the Share dialog that makes pictures of the whole run: a strip of some steps, a map of G's density over all steps,
 * and films. Each is made of a stretch of the run. What draws them is loaded with the first one.
 */

import { element, setText } from "../dom.js";
import { formatCount, parseNumber } from "../format.js";
import { download } from "../download.js";

/** @import {Theme} from "../charts/types.js" */
/** @import {Receiver, Source} from "../connection/source.js" */
/** @import {Store} from "../state/store.js" */
/** @import {Steps} from "../stills/steps.js" */
/**
 * @typedef {object} Context
 * @property {(receiver: Receiver) => Source} createSource another source of the same run
 * @property {(isPrinted: boolean) => Theme} theme
 * @property {() => string} link
 * @property {() => boolean} isChanged whether settings differ from the preset
 */
/** @typedef {Pick<Store, "preset"|"timeline"|"status">} Shown the run of which pictures are made */
/** @typedef {{kind: "strip"|"map"|"film", format: string, from: number, to: number, count: number, every: number, rate: number, size: string, isPrinted: boolean}} Request */
/** @typedef {(request: Request, signal: AbortSignal, onProgress: (share: number) => void) => Promise<Blob>} Make */

const STRIP = { usual: 4, least: 2, most: 12 };
/** Steps of the map of densities, at most: a column of it is then about two pixels wide. */
const COLUMNS = 480;
/** Frames of a film, unless another number is wanted. */
const USUAL_FRAMES = 200;
const WHAT = "The steps of a stretch of this run are found again, without moving this page or its viewers.";

/**
 * @param {Document} page
 * @param {Store} store
 * @param {Context} context
 * @param {Make} [make]
 */
export function runPicturesSection(page, store, context, make = (request, signal, onProgress) => makePicture(page, store, context, request, signal, onProgress)) {
  return picturesOf(page, store, make, "");
}

/**
 * @param {Document} page @param {Shown} store @param {Make} make
 * @param {string} prefix of the ids; with one there are films alone
 * @returns {{section: HTMLElement, refresh: () => void}} `refresh`: take the stretch from the run again
 */
export function picturesOf(page, store, make, prefix) {
  const said = element("p", { class: "share-said", role: "status" });
  const progress = element("progress", { max: 1, value: 0, hidden: true, "aria-label": "Progress" });
  const cancel = element("button", { type: "button", hidden: true }, "Cancel");
  const number = (/** @type {string} */ id) => element("input", { type: "text", inputmode: "numeric", class: "share-number", id: prefix + id, autocomplete: "off" });
  const [from, to, count, every] = ["picture-from", "picture-to", "strip-count", "film-every"].map(number);
  count.value = String(STRIP.usual);
  const isPrinted = element("input", { type: "checkbox", id: `${prefix}pictures-printed` });
  const size = element("select", { id: `${prefix}film-size`, "aria-label": "Size of the film" });
  const rate = element("select", { id: `${prefix}film-rate`, "aria-label": "Frames a second" });
  /** @type {HTMLButtonElement[]} */
  const buttons = [];
  let isBusy = false;

  /** The last step of the run, or of the recording. */
  const lastStep = () => store.timeline?.last ?? store.status?.step ?? 0;

  /** @param {HTMLInputElement} field @param {string} name @param {number} least @param {number} most */
  function read(field, name, least, most) {
    const value = parseNumber(field.value);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    field.focus();
    throw new Error(`Expected “${name}” to be a whole number from ${formatCount(least)} to ${formatCount(most)}, but got ${JSON.stringify(field.value.trim())}.`);
  }

  /** @param {Request["kind"]} kind @param {string} format @returns {Request} */
  function requestOf(kind, format) {
    const last = lastStep();
    if (last === 0) throw new Error("The run has one step so far. Press Play first.");
    const start = read(from, "From step", 0, last - 1);
    const end = read(to, "to step", start + 1, last);
    return {
      kind, format, from: start, to: end,
      count: kind === "strip" ? read(count, "steps", STRIP.least, Math.min(STRIP.most, end - start + 1)) : Math.min(COLUMNS, end - start + 1),
      every: kind === "film" ? read(every, "every", 1, end - start) : 1,
      rate: Number(rate.value), size: size.value, isPrinted: isPrinted.checked,
    };
  }

  /** @param {Request["kind"]} kind @param {string} format */
  async function save(kind, format) {
    if (isBusy) return;
    const ending = new AbortController();
    cancel.onclick = () => ending.abort();
    try {
      const request = requestOf(kind, format);
      begin(true, kind === "film" ? "The film is being made…" : "The picture is being made…");
      const picture = await make(request, ending.signal, (share) => (progress.value = share));
      if (ending.signal.aborted) throw new Error("Cancelled.");
      const name = `gan1d-${store.preset}-${kind === "map" ? "density" : kind}-${request.from}-${request.to}.${format}`;
      download(page, name, picture);
      begin(false, `${name}: saved, ${(picture.size / 1e6).toFixed(2)} MB.`);
    } catch (error) {
      begin(false, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {boolean} isWorking @param {string} sentence */
  function begin(isWorking, sentence) {
    isBusy = isWorking;
    for (const button of buttons) button.disabled = isWorking;
    const hadFocus = page.activeElement === cancel;
    cancel.hidden = progress.hidden = !isWorking;
    progress.value = 0;
    if (hadFocus) buttons[0].focus();
    setText(said, sentence);
  }

  const saver = (/** @type {Request["kind"]} */ kind, /** @type {string} */ format, /** @type {string} */ of) => {
    const label = format === "webm" ? "WebM" : format.toUpperCase();
    const button = element("button", { type: "button", "aria-label": `${of}, ${label}`, onclick: () => void save(kind, format) }, label);
    buttons.push(button);
    return button;
  };
  const labelled = (/** @type {string} */ words, /** @type {HTMLElement} */ field) => element("label", { for: field.id }, words, " ", field);
  const row = (/** @type {(Node|string)[]} */ ...content) => element("div", { class: "share-buttons" }, ...content);

  const kindRow = (/** @type {string} */ name, /** @type {(Node|string)[]} */ choices, /** @type {HTMLElement[]} */ ...files) =>
    element("div", { class: "share-kind" }, element("b", {}, name), element("p", {}, ...choices), element("div", { class: "share-buttons" }, ...files));

  async function listFilms() {
    const { RATES, SIZES, canEncodeVideo } = await import("../stills/film.js");
    size.replaceChildren(...Object.entries(SIZES).map(([value, { label }]) => element("option", { value }, label)));
    rate.replaceChildren(...RATES.map((value) => element("option", { value, selected: value === 20 }, String(value))));
    webm.hidden = !canEncodeVideo();
    noVideo.hidden = canEncodeVideo();
  }
  const webm = saver("film", "webm", "Film");
  const noVideo = element("p", { class: "control-help-text", hidden: true }, "This browser, or a page that is opened without https, encodes no WebM. A GIF can be made everywhere.");
  let isListed = false;

  const section = element(
    "section",
    { class: "share-files" },
    element("h3", {}, prefix ? "Film" : "Pictures of the run"),
    ...(prefix ? [] : [element("p", { class: "control-help-text" }, WHAT)]),
    row(labelled("From step", from), labelled("to step", to), element("label", { for: isPrinted.id }, isPrinted, " on white, for print")),
    ...(prefix ? [] : [kindRow("Strip", [element("label", {}, count, " steps side by side")], saver("strip", "png", "Strip"), saver("strip", "svg", "Strip")),
    kindRow("Map", ["G's density over all steps"], saver("map", "png", "Map"), saver("map", "svg", "Map"))]),
    kindRow("Film", [element("label", {}, "every ", every, " steps,"), " ", element("label", {}, rate, " frames a second,"), " ", element("label", {}, size)], saver("film", "gif", "Film"), webm),
    noVideo,
    row(progress, cancel),
    said,
  );
  return {
    section,
    refresh() {
      if (!isListed) void listFilms();
      isListed = true;
      if (isBusy) return;
      const last = lastStep();
      from.value = "0";
      to.value = String(last);
      every.value = String(Math.max(1, Math.ceil(last / USUAL_FRAMES)));
      setText(said, "");
    },
  };
}

/**
 * @param {Document} page @param {Store} store @param {Context} context @param {Request} request @param {AbortSignal} signal
 * @param {(share: number) => void} onProgress
 * @returns {Promise<Blob>}
 */
async function makePicture(page, store, { createSource, theme, link, isChanged }, request, signal, onProgress) {
  const { openSteps, spacedSteps, everyStep } = await import("../stills/steps.js");
  const { kind, from, to, count, every, isPrinted } = request;
  const recorded = store.timeline?.steps ?? [];
  const steps = kind === "film" ? everyStep(from, to, every, recorded) : spacedSteps(from, to, count, recorded);
  const run = await openSteps(createSource, signal);
  try {
    const { wordsOf } = await import("../stills/words.js");
    const words = wordsOf(store, { link: link(), isChanged: isChanged() });
    return await draw({ page, run, steps, words, theme: theme(isPrinted), onProgress }, request);
  } finally {
    run.close();
  }
}

/**
 * @typedef {{page: Document, run: Steps, steps: number[], words: import("../stills/sheet.js").Words, theme: Theme, onProgress: (share: number) => void}} Work
 * @param {Work} work @param {Request} request
 * @returns {Promise<Blob>}
 */
async function draw(work, { kind, format, rate, size }) {
  if (kind === "film") {
    const { gifOf, MOST_FRAMES, SIZES, webmFilmOf } = await import("../stills/film.js");
    checkFrames(work.steps.length, MOST_FRAMES);
    const { drawSheet } = await import("../stills/sheet.js");
    const { diagnosisOf } = await import("./diagnosis.js");
    const { page, run, steps, words, theme, onProgress } = work;
    const { sheet } = SIZES[size];
    return (format === "gif" ? gifOf : webmFilmOf)({
      page, steps, theme, onProgress, rate, sheet,
      async draw(surface, step) {
        const store = await run.show(step);
        drawSheet(surface, store, theme, { ...words, diagnosis: diagnosisOf(store)?.sentence ?? "" }, sheet);
      },
    });
  }
  const { stripOf, densityMapOf } = await import("../stills/whole-run.js");
  return (kind === "strip" ? stripOf : densityMapOf)({ ...work, format: format === "svg" ? "svg" : "png" });
}

/** @param {number} frames @param {number} most */
export function checkFrames(frames, most) {
  if (frames > most) throw new Error(`Expected at most ${formatCount(most)} frames, but got ${formatCount(frames)}: take fewer steps.`);
}
