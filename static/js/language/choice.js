// @ts-check
/** The choice of the page's language, as a line of links; the run goes on when the page is loaded again. */

import { element } from "../dom.js";
import { withOptions } from "../state/url.js";

/** @param {Record<string, string>} languages code → the language's own name */
export function languageChoice(languages) {
  const { lang } = document.documentElement;
  const links = Object.entries(languages).map(([code, name]) => {
    const open = element("a", { lang: code, hreflang: code, href: withOptions(location.href, { lang: code }), "aria-current": code === lang && "true" }, name);
    // The address changes while the page is open.
    open.addEventListener("click", (event) => {
      event.preventDefault();
      location.assign(withOptions(location.href, { lang: code }));
      // An address that differs only behind its “#” would load nothing.
      if (code === lang) location.reload();
    });
    return open;
  });
  return element("p", { class: "languages", translate: "no" }, ...links.flatMap((link, index) => (index > 0 ? [" · ", link] : [link])));
}
