// @ts-check
/** What a recording says about itself, and how it is put into slides: the dialog of Share on a replay page. */

import { element, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { copyRow, fillDialog } from "../page/dialogs.js";

const EXACT = "A recording holds what was seen, so it is the same everywhere: single numbers are exact, and curves are rounded to less than 1/4,000 of their axis.";
const HAND_OUT = "Send this file, or put it on any web page: it needs no server, no network and no installation.";

/**
 * @param {HTMLDialogElement} dialog
 * @param {() => {link: string, steps: number[], madeWith: string}} facts `link`: name of this file, with the present step;
 *   `madeWith`: versions and machine of the run
 * @param {...HTMLElement} sections what else can be shared
 * @returns {{open: () => void}}
 */
export function mountReplayShare(dialog, facts, ...sections) {
  const size = element("p");
  const origin = element("p", { class: "control-help-text" });
  const status = element("p", { class: "share-said", role: "status" });
  const link = element("input", { type: "text", id: "share-link", readonly: true });
  const snippet = element("textarea", { id: "share-embed", readonly: true, rows: 4, spellcheck: "false" });
  fillDialog(
    dialog,
    "share-title",
    "Share this recording",
    element("p", {}, HAND_OUT),
    size,
    copyRow("Link", link, status),
    copyRow("For slides", snippet, status),
    element("p", { class: "control-help-text" }, "The file lies beside the slides. In reveal.js write data-src instead of src; the recording then starts and stops with its slide."),
    origin,
    status,
    ...sections,
  );
  return {
    open() {
      const { link: name, steps, madeWith } = facts();
      setText(size, `This one has ${formatCount(steps.length)} pictures of ${formatCount(steps.at(-1) ?? 0)} steps. ${EXACT}`);
      setText(origin, madeWith);
      link.value = name;
      snippet.value = `<iframe src="${name.replace(/(?=#|$)/, "?embed=1")}" width="960" height="540" title="gan1d" style="border:0"></iframe>`;
      setText(status, "");
      dialog.showModal();
    },
  };
}
