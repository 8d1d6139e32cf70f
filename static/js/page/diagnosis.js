// @ts-check
/**
 * What is happening, as a chip in the bar and a sentence: both are the server's words, and the frame says which hold now.
 * A reader who listens hears a sentence when another diagnosis is made, and only then.
 */

import { setText } from "../dom.js";

/** @typedef {import("../state/store.js").Store} Store */
/** @typedef {{name: string, label: string, severity: string, help: string}} Kind */

/**
 * @param {Pick<Store, "scene"|"frame"|"status">} store
 * @returns {{kind: Kind, sentence: string}|null} of the frame that is drawn; null if nobody keeps watch
 */
export function diagnosisOf({ scene, frame, status }) {
  const kind = scene?.diagnoses?.[frame?.scalars.diagnosis ?? NaN];
  if (!kind) return null;
  const found = status?.diagnosis;
  // The frame is the present; a sentence about something else is late, and the general words are true meanwhile.
  return { kind, sentence: found?.kind === kind.name ? found.sentence : `${kind.label}: ${kind.help}` };
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
  const sentences = page.querySelectorAll("[data-diagnosis]");
  let last = "";

  fold?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !fold.open) return;
    fold.open = false;
    chip?.focus();
    event.preventDefault();
  });
  page.addEventListener("pointerdown", (event) => {
    if (fold && event.target instanceof Node && !fold.contains(event.target)) fold.open = false;
  });

  return {
    draw() {
      const found = diagnosisOf(store);
      if (fold) fold.hidden = found === null;
      // Beside the chip its label would be said twice.
      const words = found?.sentence.replace(`${found.kind.label}: `, "") ?? "";
      for (const node of sentences) setText(node, words);
      if (!found || !chip) return;
      setText(chip, found.kind.label);
      setText(help, found.kind.help);
      if (chip.title !== found.sentence) chip.title = found.sentence;
      if (found.kind.name === last) return;
      chip.setAttribute("data-severity", found.kind.severity);
      if (last) setText(spoken, found.sentence);
      last = found.kind.name;
    },
  };
}
