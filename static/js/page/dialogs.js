// @ts-check
/** The two dialogs: links to share, and the help, which is built from the table of keys, the schema and the glossary. */

import { element, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { KEYS } from "./keyboard.js";

/** @typedef {import("../state/schema.js").Control} Control */
/** @typedef {import("../connection/wire.js").GlossaryEntry} Term */

/** Longer links are cut by some programs: it was the limit of Internet Explorer. */
const LONG_LINK = 2000;

/** The meaning of the link: this run, or a new one with the present settings if they were changed during the run. */
const REPLAYS = "The link holds every setting and the seed, so it replays this run from step 0: number for number on the same kind of processor.";
const STARTS_ANEW = "The link holds the present settings and the seed. It starts a new run with them; earlier settings of this run are not in it.";
const WATCHES = "The second link shows this run live, without control over it.";
/** Hosts that only this computer can open. */
const HERE = /^(localhost|127\.[\d.]+|\[::1\])$/;

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} id of its title
 * @param {string} title
 * @param {...HTMLElement} content
 */
export function fillDialog(dialog, id, title, ...content) {
  // The button comes first: an opened dialog focuses its first button and scrolls to it.
  const close = element("button", { type: "button", onclick: () => dialog.close() }, "Close");
  dialog.replaceChildren(element("div", { class: "dialog-head" }, element("h2", { id }, title), close), ...content);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {() => {link: string, toStep: string, embed: string, watch: {href: string, reach: string}, isWhole: boolean}} addresses
 *   `toStep`: the link that trains to the step that is shown, "" if there is none; `reach`: a sentence that says who can open the link to watch; `isWhole`: the link
 *   repeats this run from its start
 * @param {...HTMLElement} sections what else can be shared
 * @returns {{open: () => void}}
 */
export function mountShare(dialog, addresses, ...sections) {
  const meaning = element("p");
  const status = element("p", { class: "share-said", role: "status" });
  const long = element("p", { class: "control-help-text", hidden: true });
  const reach = element("p", { class: "control-help-text", id: "share-reach" });
  const link = element("input", { type: "text", id: "share-link", readonly: true });
  const toStep = element("input", { type: "text", id: "share-step", readonly: true });
  const toStepRow = copyRow("To this step", toStep, status);
  const watch = element("input", { type: "text", id: "share-watch", readonly: true });
  const code = element("div", { id: "share-code" });
  const snippet = element("textarea", { id: "share-embed", readonly: true, rows: 4, spellcheck: "false" });
  fillDialog(
    dialog,
    "share-title",
    "Share this experiment",
    meaning,
    copyRow("Link", link, status),
    toStepRow,
    long,
    copyRow("Watch live", watch, status),
    reach,
    code,
    copyRow("For slides", snippet, status),
    element("p", { class: "control-help-text" }, "In reveal.js write data-src instead of src; the run then starts and stops with its slide."),
    status,
    ...sections,
  );
  return {
    open() {
      const { link: href, toStep: stepHref, embed, watch: live, isWhole } = addresses();
      const source = embed.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
      setText(meaning, `${isWhole ? REPLAYS : STARTS_ANEW} ${WATCHES}`);
      link.value = href;
      toStep.value = stepHref;
      toStepRow.hidden = stepHref === "";
      long.hidden = href.length <= LONG_LINK;
      setText(long, `The link has ${formatCount(href.length)} characters, because the numbers are in it. Mail and chat programs may cut such a link; then send the numbers as a file.`);
      watch.value = live.href;
      setText(reach, live.reach);
      code.replaceChildren();
      if (URL.canParse(live.href) && !HERE.test(new URL(live.href).hostname)) drawCode(code, live.href);
      snippet.value = `<iframe src="${source}" width="960" height="540" title="gan1d" style="border:0"></iframe>`;
      setText(status, "");
      dialog.showModal();
    },
  };
}

/** The QR code of the link to watch. @param {HTMLElement} place @param {string} href */
async function drawCode(place, href) {
  const { qrCodeOf } = await import("./qr-code.js");
  place.replaceChildren(qrCodeOf(href, "QR code of the link to watch"));
}

/**
 * @param {string} label
 * @param {HTMLInputElement|HTMLTextAreaElement} field
 * @param {HTMLElement} status
 */
export function copyRow(label, field, status) {
  async function copy() {
    const done = await copyText(field);
    setText(status, done ? `${label}: copied.` : `${label}: selected. Press Ctrl+C (⌘C on a Mac) to copy.`);
  }
  const button = element("button", { type: "button", "aria-label": `Copy: ${label}`, onclick: copy }, "Copy");
  return element("div", { class: "share-row" }, element("label", { for: field.id }, label), field, button);
}

/**
 * Copy the text of a field. Without access to the clipboard (in a frame, or without https) the text stays selected.
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
 * @param {(() => Promise<HTMLElement>)|null} languages the choice of the page's language, if there is one
 * @returns {{open: () => void}}
 */
export function mountHelp(dialog, controls, glossary, languages) {
  const settings = element("dl", { class: "help-settings" });
  const terms = element("dl", { class: "help-settings" });
  fillDialog(
    dialog,
    "help-title",
    "Help",
    element(
      "p",
      {},
      "A GAN is a game of two networks. The generator turns noise z into samples x; the discriminator says how real an x looks. " +
        "In each step, the discriminator learns to tell real from fake, and then the generator learns to make fakes that the discriminator scores as real.",
    ),
    element("h3", {}, "Keys"),
    keyTable(),
    element("h3", {}, "Settings"),
    element(
      "p",
      { class: "control-help-text" },
      "⟳ rebuilds that network and keeps what it has learned, or starts with new weights if “reinitialize” is on; ↺ starts a new run; " +
        "all other settings act on the next step.",
    ),
    element("p", { class: "control-help-text" }, "In the data chart, drag a ring to move a mode, an upright bar to change its width, and a level bar to change its weight. Where the chart says so, the density can be drawn."),
    settings,
    element("h3", {}, "Words and symbols"),
    terms,
  );
  let hasLanguages = languages === null;
  return {
    open() {
      if (!hasLanguages) void languages?.().then((line) => dialog.querySelector(".dialog-head")?.after(line));
      hasLanguages = true;
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
 * An entry of the glossary, with the textbook's name if it differs from the page's.
 * @param {Term} term
 * @returns {HTMLElement[]}
 */
function define({ page, textbook, meaning }) {
  const isSame = page.toLowerCase() === textbook.toLowerCase();
  return [element("dt", {}, page), element("dd", {}, isSame ? meaning : `${meaning} (${textbook})`)];
}

/**
 * Describe each setting once, even if both networks have it.
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

/**
 * An address for other devices, and a sentence that says who can open it.
 * @param {string} href
 * @param {string|null} networkHost the server's address on its network, if it listens there
 * @returns {{href: string, reach: string}}
 */
export function forOtherDevices(href, networkHost) {
  const url = new URL(href);
  if (!HERE.test(url.hostname)) return { href, reach: "" };
  if (networkHost === null) {
    return { href, reach: "Only this computer can open it. To let other devices watch, start the server with “gan1d --host 0.0.0.0”." };
  }
  url.hostname = networkHost;
  return { href: url.href, reach: "Every device on the network of this computer can open it." };
}
