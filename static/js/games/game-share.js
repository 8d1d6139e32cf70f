// @ts-check
/** Share, for a game: links, a picture of the step that is shown, and the trajectories as a table. */

import { copyRow, fillDialog } from "../page/dialogs.js";
import { download } from "../download.js";
import { checkFrames, picturesOf } from "../page/run-pictures.js";
import { everyStep } from "../stills/steps.js";
import { PICTURES } from "../stills/files.js";
import { divide, drawHead, WORDED } from "../stills/sheet.js";
import { element, setText } from "../dom.js";
import { formatCount, formatSetting } from "../format.js";
import { text } from "../plot/index.js";
import { controlsOf, settingAt } from "../state/schema.js";
import { gameDistances } from "./distance-chart.js";
import { spectrum } from "./eigenvalue-chart.js";
import { gameCharts } from "./game-charts.js";
import { plane } from "./plane-chart.js";

/** @import {Theme} from "../charts/types.js" */
/** @import {GameStore} from "./game-store.js" */
/** @typedef {{link: ((more?: Record<string, string|null>, at?: number) => string)|null, theme: (isPrinted: boolean) => Theme, isChanged: () => boolean}} ShareContext */

const SHEET = { ...WORDED, top: 122, head: { ...WORDED.head, most: 3 } };
/** @type {Record<string, Omit<import("../stills/sheet.js").Sheet, "rows">>} */
const FILMS = {
  small: { width: 640, height: 360, margin: 14, gap: 8, top: 52, foot: 22, head: { title: 24, part: 1.6, lines: 42, most: 1 }, style: { size: 11, line: 1.6, ratio: 1 } },
  large: { ...SHEET, height: 720, gap: 16, style: { size: 13, line: 2, ratio: 1 } },
};
const CAPTIONS = new Map([[plane, "θ of G and ψ of D"], [spectrum, "Eigenvalues of one step"], [gameDistances, "Distance to the equilibrium"]]);

/** @param {Document} page @param {GameStore} store @param {ShareContext} context */
export function mountGameShare(page, store, { link, theme, isChanged }) {
  const dialog = element("dialog", { id: "game-share", "aria-labelledby": "game-share-title" });
  page.body.append(dialog);
  const copied = element("p", { class: "share-said", role: "status" });
  const said = element("p", { class: "share-said", role: "status" });
  const address = element("input", { type: "text", id: "game-link", readonly: true });
  const snippet = element("textarea", { id: "game-embed", readonly: true, rows: 4, spellcheck: "false" });
  const toStep = element("input", { type: "text", id: "game-to-step", readonly: true });
  const toStepRow = copyRow("To this step", toStep, copied);
  const isPrinted = element("input", { type: "checkbox", id: "game-printed" });
  const nameOf = (/** @type {string} */ kind) => `gan1d-game-${store.preset}-${store.game.step}.${kind}`;

  /** @param {"png"|"svg"} kind */
  async function savePicture(kind) {
    const { surface, file } = PICTURES[kind](page, SHEET);
    const { title } = drawGameSheet(surface, store, theme(isPrinted.checked), { link: link?.() ?? "", isChanged: isChanged() });
    download(page, nameOf(kind), await file(title));
    setText(said, `${nameOf(kind)}: saved.`);
  }

  function saveTable() {
    const name = nameOf("csv");
    download(page, name, new Blob([csvOf(store)], { type: "text/csv" }));
    setText(said, `${name}: saved, ${formatCount(store.game.last + 1)} rows.`);
  }

  /** One HTML file that plays the game without a server. */
  async function saveFile() {
    const { preset, config } = store;
    const name = `gan1d-game-${preset}.html`;
    try {
      const response = await fetch(new URL("game-file", page.baseURI), { method: "POST", body: JSON.stringify({ preset, config }) });
      if (!response.ok) throw new Error((await response.text()).trim());
      download(page, name, await response.blob());
      setText(said, `${name}: saved. It plays this game from its start, without a server.`);
    } catch (error) {
      setText(said, error instanceof TypeError ? "The server does not answer, so no file was made." : /** @type {Error} */ (error).message);
    }
  }

  /** @type {import("../page/run-pictures.js").Make} */
  async function makeFilm({ format, from, to, every, rate, size, isPrinted: onWhite }, signal, onProgress) {
    const { gifOf, MOST_FRAMES, webmFilmOf } = await import("../stills/film.js");
    const steps = everyStep(from, to, every, []);
    checkFrames(steps.length, MOST_FRAMES);
    const sheet = FILMS[size];
    const colors = theme(onWhite);
    const words = { link: link?.() ?? "", isChanged: isChanged() };
    return (format === "gif" ? gifOf : webmFilmOf)({
      page, steps, rate, theme: colors, onProgress, sheet,
      draw(surface, step) {
        signal.throwIfAborted();
        drawGameSheet(surface, storeAt(store, step), colors, words, sheet);
      },
    });
  }
  const film = picturesOf(page, store, makeFilm, "game-");

  const button = (/** @type {string} */ label, /** @type {() => void} */ onclick) => element("button", { type: "button", onclick }, label);
  const links = [
    element("p", {}, "The link holds every setting, so it plays this game from its start, number for number."),
    copyRow("Link", address, copied),
    toStepRow,
    copyRow("For slides", snippet, copied),
    copied,
  ];
  fillDialog(
    dialog, "game-share-title", "Share this game",
    ...(link ? links : []),
    element("section", { class: "share-files" },
      element("h3", {}, "Files"),
      element("div", { class: "share-buttons" },
        button("PNG", () => void savePicture("png")), button("SVG", () => void savePicture("svg")), button("CSV", saveTable),
        ...(link ? [button("Replay file", () => void saveFile())] : []),
        element("label", { for: isPrinted.id }, isPrinted, " on white, for print")),
      said),
    film.section,
  );
  return {
    open() {
      address.value = link?.() ?? "";
      toStep.value = link?.({}, store.game.step) ?? "";
      toStepRow.hidden = store.game.step === 0;
      snippet.value = `<iframe src="${(link?.({ embed: "1" }) ?? "").replaceAll("&", "&amp;")}" width="960" height="540" title="gan1d" style="border:0"></iframe>`;
      setText(copied, "");
      setText(said, "");
      film.refresh();
      dialog.showModal();
    },
  };
}

/**
 * @param {import("../stills/sheet.js").Surface} surface @param {GameStore} store @param {Theme} pageTheme
 * @param {{link: string, isChanged: boolean}} experiment @param {Omit<import("../stills/sheet.js").Sheet, "rows">} [sheet]
 */
function drawGameSheet(surface, store, pageTheme, { link, isChanged }, sheet = SHEET) {
  const { ctx } = surface;
  const { game, hello } = store;
  const theme = { ...pageTheme, ...sheet.style };
  const known = hello?.presets.find(({ name }) => name === game.preset)?.title ?? "Game of two numbers";
  const title = isChanged ? `${known} (changed)` : known;
  const lines = [...game.tracks.map(({ label, near, words }) => `${label} ${near}. ${words}`), settingsInWords(store)];
  drawHead(ctx, theme, sheet, { title, aside: `step ${formatCount(game.step)}`, lines, link });
  const { width, height, margin, gap, top, foot } = sheet;
  const [above, below] = divide([0.74, 0.26], top, height - top - foot, gap);
  const [left, right] = divide([0.72, 0.28], margin, width - 2 * margin, gap);
  const areas = new Map([
    [plane, { x: left.start, y: above.start, width: left.length, height: above.length }],
    [spectrum, { x: right.start, y: above.start, width: right.length, height: Math.min(above.length, right.length + 24) }],
    [gameDistances, { x: margin, y: below.start, width: width - 2 * margin, height: below.length }],
  ]);
  /** @type {GameStore} */
  const still = Object.create(store, { hover: { value: null }, readonly: { value: true } });
  for (const chart of gameCharts) {
    const area = areas.get(chart);
    if (!area) continue;
    text({ ctx, theme }, CAPTIONS.get(chart) ?? "", area.x, area.y + theme.size, { color: theme.ink, bold: true, part: 1.15 });
    const box = { ...area, y: area.y + 22, height: area.height - 22 };
    surface.chart(box, (inner) => chart.draw({ ctx: inner, box, theme, store: still, scene: /** @type {any} */ ({}), frame: still.frame }));
  }
  return { title };
}

/**
 * A store that shows another step of the same game; it is drawn from and nothing else.
 * @param {GameStore} store @param {number} step
 * @returns {GameStore}
 */
function storeAt(store, step) {
  const game = Object.create(store.game, { step: { value: step }, reached: { value: step } });
  return Object.create(store, { game: { value: game }, frame: { value: { ...store.frame, step } }, status: { value: { ...store.status, step } } });
}

/** All settings in short. @param {GameStore} store */
function settingsInWords({ hello, config }) {
  if (!hello || !config) return "";
  return controlsOf(hello.schema, config).map(({ path, label, kind, options, section }) => {
    const value = settingAt(config, path);
    const shown = kind === "union" ? options.find((option) => option.value === value.kind)?.label ?? value.kind : typeof value === "number" ? formatSetting(value) : String(value);
    return kind === "union" ? shown : `${section ? `${section} ` : ""}${label} ${shown}`;
  }).join("  ·  ");
}

/** A row for each step: θ, ψ, the distance and what is conserved, for each update. @param {GameStore} store */
export function csvOf({ game }) {
  const names = ["theta", "psi", "distance", "conserved"];
  const columns = game.tracks.flatMap((_, i) => names.map((name) => (game.tracks.length > 1 ? `${name}_${i + 1}` : name)));
  const rows = [["step", ...columns].join(",")];
  for (let step = 0; step <= game.last; step++) {
    const cells = game.tracks.flatMap((track) => {
      const at = game.at(track, step);
      return at ? [at.theta, at.psi, at.distance, at.conserved ?? ""] : ["", "", "", ""];
    });
    rows.push([step, ...cells].join(","));
  }
  return `${rows.join("\n")}\n`;
}
