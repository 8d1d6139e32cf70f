// @ts-check
/** Save a file as the browser does with a download. */

import { element } from "./dom.js";

/** @param {Document} page @param {string} name Name that is proposed. @param {Blob} content */
export function download(page, name, content) {
  const href = URL.createObjectURL(content);
  const link = element("a", { href, download: name, hidden: true });
  page.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(href);
}
