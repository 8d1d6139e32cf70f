// @ts-check
/** The page of a map: connects the results and the view with the picture, the controls, keys and pointer. */

import { setText } from "../dom.js";
import { languageChoice } from "../language/choice.js";
import { mountAppearance, showInAddress } from "../page/appearance.js";
import { readOptions } from "../state/url.js";
import { mountControls } from "./controls.js";
import { MapPicture } from "./picture.js";
import { mountPointing } from "./pointing.js";
import { MapState } from "./state.js";

/** @import {Content, Row} from "./results.js" */

/**
 * @param {Document} page @param {{lab: string}} context `lab`: address of the page that opens runs
 */
export function mountMap(page, { lab }) {
  const notice = /** @type {HTMLElement} */ (page.getElementById("map-notice"));
  const appearance = mountAppearance(page, readOptions(location.search));
  page.documentElement.classList.add("scripted");
  /** What is wrong with the server, and with the address; "" for nothing. */
  const faults = { server: "", address: "" };
  function showFaults() {
    const sentence = faults.server || faults.address;
    notice.hidden = sentence === "";
    setText(notice, sentence);
  }
  const state = new MapState({
    lab,
    onChange() {
      controls.update();
      picture.schedule();
    },
    onView(hash) {
      showInAddress({}, hash);
      faults.address = "";
      showFaults();
    },
  });
  const picture = new MapPicture(page, state);
  const controls = mountControls(page, state, {
    nextTheme() {
      appearance.nextTheme();
      picture.readTheme();
    },
  });
  mountPointing(page, state, picture);

  return {
    /** Begin with a sweep. @param {Content} content */
    begin(content) {
      const refused = state.begin(content, location.hash);
      faults.address = refused.length > 0 ? `This map has no ${refused.join(", ")}, so the address was not followed there.` : "";
      showFaults();
      controls.begin(content);
      picture.readTheme();
    },
    /** Show finished runs. @param {Row[]} rows */
    add: (rows) => state.add(rows),
    /** Whether all runs have ended. */
    isDone: () => state.isDone(),
    /** Links to the map in all languages. @param {Record<string, string>} languages code → the language's own name */
    offerLanguages: (languages) => page.querySelector("main")?.append(languageChoice(languages)),
    /** A sentence above the map; "" for none. @param {string} sentence */
    notice(sentence) {
      faults.server = sentence;
      showFaults();
    },
  };
}
