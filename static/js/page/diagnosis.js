// @ts-check
/**
 * The diagnosis of the run, as a chip in the bar and a sentence. The words are the server's; the frame says which diagnosis
 * holds. Screen readers announce a sentence only when the diagnosis changes.
 */

import { closeOnEscape, setText } from "../dom.js";
import { inLanguage } from "../words.js";

/** @typedef {import("../state/store.js").Store} Store */
/** @typedef {import("../connection/wire.js").DiagnosisKind} Kind */

/**
 * @param {Pick<Store, "scene"|"frame"|"status"> & {looking?: unknown}} store
 * @returns {{kind: Kind, sentence: string}|null} of the frame that is drawn; null if there is none
 */
export function diagnosisOf({ scene, frame, status, looking }) {
  const kind = scene?.diagnoses?.[frame?.scalars.diagnosis ?? NaN];
  if (!kind) return null;
  const found = looking ? undefined : status?.diagnosis;
  // A sentence about another diagnosis than the frame's is out of date, and there is none about an earlier step: the general
  // help is shown.
  return { kind, sentence: found?.kind === kind.name ? found.sentence : `${kind.label}: ${kind.help}` };
}

/** Between two sentences. */
const JOINT = /(?<=[.!?]) (?=\P{Ll})/u;

/**
 * As many whole sentences, from the first on, as fit; at least one.
 * @param {string} words @param {(words: string) => boolean} fits
 */
export function wholeSentences(words, fits) {
  const parts = words.split(JOINT);
  while (parts.length > 1 && !fits(parts.join(" "))) parts.pop();
  return parts.join(" ");
}

/**
 * Keeps in a line of fixed height the sentences that have room there. What the chip opens has all of them.
 * @param {HTMLElement} line
 */
function lineKeeper(line) {
  let shown = "";
  const fill = () => {
    const fits = (/** @type {string} */ part) => {
      line.textContent = part;
      return line.scrollHeight <= line.clientHeight + 1;
    };
    const words = wholeSentences(shown, fits);
    if (line.textContent !== words) line.textContent = words;
  };
  new ResizeObserver(fill).observe(line);
  return (/** @type {string} */ english) => {
    // Other languages are longer, and are loaded later.
    const words = inLanguage(english);
    if (words === shown) return;
    shown = words;
    fill();
  };
}

/**
 * @param {Document} page
 * @param {Store} store
 * @returns {{draw: () => void}}
 */
export function mountDiagnosis(page, store) {
  const fold = /** @type {HTMLDetailsElement|null} */ (page.getElementById("diagnosis"));
  const chip = page.getElementById("diagnosis-chip");
  const help = page.getElementById("diagnosis-help");
  const spoken = page.getElementById("diagnosis-spoken");
  const whole = page.querySelector(".diagnosis-words [data-diagnosis]");
  const line = /** @type {HTMLElement|null} */ (page.querySelector(".diagnosis-line"));
  const keep = line && lineKeeper(line);
  let last = "";

  if (fold) closeOnEscape(fold, { outside: true });

  return {
    draw() {
      const found = diagnosisOf(store);
      if (fold) fold.hidden = found === null;
      // The chip shows the label already.
      const isOver = !store.looking && store.status?.state === "diverged";
      const words = (isOver && store.status?.sentence) || (found?.sentence.replace(`${found.kind.label}: `, "") ?? "");
      setText(whole, words);
      keep?.(words);
      if (!found || !chip) return;
      setText(chip, found.kind.label);
      setText(help, found.kind.help);
      if (chip.title !== found.sentence) chip.title = found.sentence;
      if (found.kind.name === last) return;
      chip.setAttribute("data-severity", found.kind.severity);
      chip.setAttribute("data-kind", found.kind.name);
      if (last) setText(spoken, found.sentence);
      last = found.kind.name;
    },
  };
}
