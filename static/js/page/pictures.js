// @ts-check
/** The part of the Share dialog that makes pictures of the present step. What draws them is loaded with the first one. */

import { element, setText } from "../dom.js";
import { download } from "../download.js";

/** @import {Theme} from "../charts/types.js" */
/** @import {Store} from "../state/store.js" */

/**
 * @param {Document} page @param {Store} store
 * @param {{theme: (isPrinted: boolean) => Theme, link: () => string, isChanged: () => boolean}} context `link`: to the experiment;
 *   `isChanged`: whether settings differ from the preset
 * @returns {HTMLElement}
 */
export function picturesSection(page, store, { theme, link, isChanged }) {
  const isPrinted = element("input", { type: "checkbox", id: "still-printed" });
  const said = element("p", { class: "share-said", role: "status" });
  /** @param {"png"|"svg"} kind */
  async function save(kind) {
    if (!store.frame) {
      setText(said, "There is nothing to draw yet.");
      return;
    }
    const { stillOf } = await import("../stills/files.js");
    const picture = await stillOf(page, kind, store, theme(isPrinted.checked), { link: link(), isChanged: isChanged() });
    const name = `gan1d-${store.preset}-${store.frame.step}.${kind}`;
    download(page, name, picture);
    setText(said, `${name}: saved.`);
  }
  const button = (/** @type {"png"|"svg"} */ kind, /** @type {string} */ label) =>
    element("button", { type: "button", onclick: () => void save(kind) }, label);
  return element(
    "section",
    { class: "share-files" },
    element("h3", {}, "Picture of this step"),
    element(
      "div",
      { class: "share-buttons" },
      button("png", "PNG"),
      button("svg", "SVG"),
      element("label", { for: "still-printed" }, isPrinted, " on white, for print"),
    ),
    said,
  );
}
