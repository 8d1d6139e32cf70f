// @ts-check
/** The two dialogs: a link to take along, and the help, which is made from the key table, the schema and the glossary. */

import { element, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { KEYS } from "./keyboard.js";

/** @typedef {import("../state/schema.js").Control} Control */
/** @typedef {{page: string, textbook: string, meaning: string}} Term One entry of the server's glossary. */

/** Links up to here pass nearly everywhere: it was the limit of a widespread browser for many years. */
const LONG_LINK = 2000;

/** What the link gives whoever opens it: this run, or where settings were changed in mid-game another one. */
const REPLAYS = "The link holds every setting and the seed, so it replays this run from step 0.";
const BEGINS_ANEW = "The link holds the settings of now and the seed. It begins anew with them; what was changed on the way is not in it.";
const WATCHES = "To watch along is to see this very run, live, without touching it.";

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} id of its title
 * @param {string} title
 * @param {...HTMLElement} content
 */
function furnish(dialog, id, title, ...content) {
  // First, because a dialog that opens gives the focus to its first button and scrolls there.
  const close = element("button", { type: "button", onclick: () => dialog.close() }, "Close");
  dialog.replaceChildren(element("div", { class: "dialog-head" }, element("h2", { id }, title), close), ...content);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {() => {link: string, embed: string, watch: string, isWhole: boolean}} addresses and whether they hold all that
 *   made this run what it is
 * @returns {{open: () => void}}
 */
export function mountShare(dialog, addresses) {
  const promise = element("p");
  const said = element("p", { class: "share-said", role: "status" });
  const long = element("p", { class: "control-help-text", hidden: true });
  const link = element("input", { type: "text", id: "share-link", readonly: true });
  const watch = element("input", { type: "text", id: "share-watch", readonly: true });
  const snippet = element("textarea", { id: "share-embed", readonly: true, rows: 4, spellcheck: "false" });
  furnish(
    dialog,
    "share-title",
    "Share this experiment",
    promise,
    copyRow("Link", link, said),
    long,
    copyRow("Watch along", watch, said),
    copyRow("For slides", snippet, said),
    element("p", { class: "control-help-text" }, "In reveal.js write data-src instead of src; the run then starts and stops with its slide."),
    said,
  );
  return {
    open() {
      const { link: href, embed, watch: live, isWhole } = addresses();
      const source = embed.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
      setText(promise, `${isWhole ? REPLAYS : BEGINS_ANEW} ${WATCHES}`);
      link.value = href;
      long.hidden = href.length <= LONG_LINK;
      setText(long, `The link has ${formatCount(href.length)} characters, because the numbers are in it. Mail and chat programs may cut such a link; then send the numbers as a file.`);
      watch.value = live;
      snippet.value = `<iframe src="${source}" width="960" height="540" title="gan1d" style="border:0"></iframe>`;
      setText(said, "");
      dialog.showModal();
    },
  };
}

/**
 * @param {string} label
 * @param {HTMLInputElement|HTMLTextAreaElement} field
 * @param {HTMLElement} said
 */
function copyRow(label, field, said) {
  async function copy() {
    const done = await copyText(field);
    setText(said, done ? `${label}: copied.` : `${label}: selected. Press Ctrl+C (⌘C on a Mac) to copy.`);
  }
  const button = element("button", { type: "button", "aria-label": `Copy: ${label}`, onclick: copy }, "Copy");
  return element("div", { class: "share-row" }, element("label", { for: field.id }, label), field, button);
}

/**
 * The clipboard may be out of reach: in a frame, or without https. Then the text is at least selected.
 * @param {HTMLInputElement|HTMLTextAreaElement} field
 * @returns {Promise<boolean>}
 */
async function copyText(field) {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {() => Control[]} controls
 * @param {() => Term[]} glossary
 * @returns {{open: () => void}}
 */
export function mountHelp(dialog, controls, glossary) {
  const settings = element("dl", { class: "help-settings" });
  const terms = element("dl", { class: "help-settings" });
  furnish(
    dialog,
    "help-title",
    "Help",
    element(
      "p",
      {},
      "A GAN is a game of two networks. The generator turns noise z into samples x; the discriminator says how real an x looks. " +
        "Each step, the discriminator learns to tell real from fake, then the generator learns to be taken for real.",
    ),
    element("h3", {}, "Keys"),
    keyTable(),
    element("h3", {}, "Settings"),
    element(
      "p",
      { class: "control-help-text" },
      "⟳ rebuilds that network around what it has learned, or with new weights if “reinitialize” is on; ↺ starts a new run; " +
        "all others act on the next step.",
    ),
    element("p", { class: "control-help-text" }, "In the chart of the data, a ring moves what it stands under, an upright bar widens it, and a level one lifts its share. Where the chart says so, the density can be drawn."),
    settings,
    element("h3", {}, "Words and symbols"),
    terms,
  );
  return {
    open() {
      settings.replaceChildren(...describe(controls()));
      terms.replaceChildren(...glossary().flatMap(define));
      dialog.showModal();
    },
  };
}

function keyTable() {
  const rows = KEYS.map(({ shown, help }) =>
    element("tr", {}, element("th", { scope: "row" }, element("kbd", {}, shown)), element("td", {}, help)),
  );
  return element("table", { class: "help-keys" }, element("tbody", {}, ...rows));
}

/**
 * An entry of the glossary; the textbook's name is left out where the page has the same.
 * @param {Term} term
 * @returns {HTMLElement[]}
 */
function define({ page, textbook, meaning }) {
  const isSame = page.toLowerCase() === textbook.toLowerCase();
  return [element("dt", {}, page), element("dd", {}, isSame ? meaning : `${meaning} (${textbook})`)];
}

/**
 * What a setting does is said once, even if both networks have it.
 * @param {Control[]} controls
 * @returns {HTMLElement[]}
 */
function describe(controls) {
  /** @type {Map<string, {owners: string[], control: Control}>} */
  const entries = new Map();
  for (const control of controls.filter(({ help }) => help)) {
    const key = JSON.stringify([control.section, control.label, control.help]);
    const entry = entries.get(key) ?? { owners: [], control };
    if (control.path.includes(".")) entry.owners.push(control.path.split(".")[0]);
    entries.set(key, entry);
  }
  return [...entries.values()].flatMap(({ owners, control }) => {
    const place = [owners.join(" and "), control.section].filter(Boolean).join(", ");
    const name = place ? `${place}: ${control.label}` : control.label;
    const options = control.options.filter(({ help }) => help).map(({ label, help }) => `${label}: ${help}`);
    return [element("dt", {}, name), element("dd", {}, [control.help, ...options].join(" "))];
  });
}
