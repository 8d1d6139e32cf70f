// @ts-check
/** The whole page takes a dropped file: it is read as numbers to imitate, and the browser never opens it in place of the page. */

import { element } from "../dom.js";

/**
 * @param {Document} page
 * @param {(file: File) => string} take reads a file; returns why it cannot, or ""
 * @param {(sentence: string) => void} notice
 */
export function mountFileDrop(page, take, notice) {
  const hint = element("p", { class: "drop-hint", hidden: true }, "Drop a file of numbers to make them the real data");
  page.body.append(hint);
  /** Elements that the file was dragged into and not out of. */
  let depth = 0;

  const hasFile = (/** @type {DragEvent} */ event) => Boolean(event.dataTransfer?.types.includes("Files"));
  /** @param {number} next */
  function show(next) {
    depth = Math.max(0, next);
    hint.hidden = depth === 0;
  }
  page.addEventListener("dragenter", (event) => hasFile(event) && show(depth + 1));
  page.addEventListener("dragleave", (event) => hasFile(event) && show(depth - 1));
  page.addEventListener("dragover", (event) => {
    if (hasFile(event)) event.preventDefault();
  });
  page.addEventListener("drop", (event) => {
    show(0);
    if (!hasFile(event)) return;
    event.preventDefault();
    const [file, ...more] = event.dataTransfer?.files ?? [];
    const refusal = more.length > 0 ? `Expected one file, but got ${more.length + 1}.` : file ? take(file) : "";
    if (refusal) notice(refusal);
  });
}
