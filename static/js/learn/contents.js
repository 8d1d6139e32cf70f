// @ts-check
/** The contents of all lessons in a fold, with the languages and what a reader can take away. */

import { closeOnEscape, element } from "../dom.js";
import { languageChoice } from "../language/choice.js";
import { fill } from "./page-view.js";

/** @import {Library} from "./library.js" */
/** @import {Place} from "./progress.js" */

/**
 * @param {Library} library
 * @param {{go: (lesson: string) => void, save: () => void}} actions `go` to the first page of a lesson; `save` the answers
 */
export function contentsOf({ words, lessons, languages }, { go, save }) {
  const list = element("ol", {}, ...lessons.map(({ name, title, minutes }) => {
    const open = element("button", { type: "button", "data-lesson": name, onclick: () => go(name) }, title);
    return element("li", {}, open, element("span", { class: "minutes" }, fill(words.minutes, { minutes })));
  }));
  const saveAnswers = element("button", { type: "button", onclick: save }, words.save_answers);
  const fold = element(
    "details",
    { class: "contents menu" },
    element("summary", { class: "button" }, words.contents),
    element("div", { class: "contents-panel" }, list, element("p", { class: "quiet-line" }, words.kept_here), saveAnswers, languageChoice(languages)),
  );
  closeOnEscape(fold, { outside: true });
  return {
    fold,
    /** Mark the lesson of a place as the current one. @param {Place} place */
    mark(place) {
      for (const button of /** @type {NodeListOf<HTMLElement>} */ (fold.querySelectorAll("[data-lesson]"))) {
        if (button.dataset.lesson === place.lesson) button.setAttribute("aria-current", "true");
        else button.removeAttribute("aria-current");
      }
    },
  };
}
