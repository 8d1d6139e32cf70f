// @ts-check
/** The keyboard shortcuts, in one table that the help shows. None works while typing, with a modifier, or in an open dialog. */

/**
 * @typedef {"toggle"|"step"|"back"|"first"|"last"|"bookmark"|"loop"|"compare"|"slow"|"spectrum"|"step-discriminator"|"step-generator"|"reset"|"new-seed"|"slower"|"faster"|"view"|"theme"|"help"} Action
 * @typedef {{keys: string[], shown: string, command: Action, help: string}} Row
 */

/** @type {readonly Row[]} */
export const KEYS = Object.freeze([
  { keys: [" ", "k"], shown: "Space or K", command: "toggle", help: "Play or pause" },
  { keys: [".", "ArrowRight"], shown: ". or →", command: "step", help: "One step of both players (some presenters' remote controls send . to make the screen black)" },
  { keys: [",", "ArrowLeft"], shown: ", or ←", command: "back", help: "Look one step back" },
  { keys: ["Home"], shown: "Home", command: "first", help: "Look at the first step" },
  { keys: ["End"], shown: "End", command: "last", help: "Return to the present step, or to the end of a recording" },
  { keys: ["b"], shown: "B", command: "bookmark", help: "Bookmark the step that is shown" },
  { keys: ["l"], shown: "L", command: "loop", help: "Play the steps from one bookmark to the next again and again; Escape or Space ends it" },
  { keys: ["c"], shown: "C", command: "compare", help: "Compare with a run that is the same but for one setting" },
  { keys: ["m"], shown: "M", command: "slow", help: "One step slowly, phase by phase, with one sample under the microscope; Escape ends it" },
  { keys: ["e"], shown: "E", command: "spectrum", help: "Eigenvalues of the game at the step that is shown" },
  { keys: ["d"], shown: "D", command: "step-discriminator", help: "One step of the discriminator alone" },
  { keys: ["g"], shown: "G", command: "step-generator", help: "One step of the generator alone" },
  { keys: ["r"], shown: "R", command: "reset", help: "Reset: the same run from the start" },
  { keys: ["n"], shown: "N", command: "new-seed", help: "A new run from a new seed" },
  { keys: ["-"], shown: "−", command: "slower", help: "Slower" },
  { keys: ["+", "="], shown: "+", command: "faster", help: "Faster" },
  { keys: ["v"], shown: "V", command: "view", help: "Stage or lab: one large picture, or every chart and setting" },
  { keys: ["t"], shown: "T", command: "theme", help: "Light, dark or automatic colours" },
  { keys: ["?"], shown: "?", command: "help", help: "This help" },
]);

const MOVES = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];
/** Commands that are not repeated while the key is held down. */
const ONCE = new Set(["toggle", "bookmark", "loop", "compare", "slow", "spectrum", "reset", "new-seed", "view", "theme", "help"]);

/**
 * Whether the focused element uses this key itself.
 * @param {{tagName?: string, type?: string, isContentEditable?: boolean}|null} target
 * @param {string} key
 * @returns {boolean}
 */
export function belongsTo(target, key) {
  const presses = key === " " || key === "Enter";
  switch (target?.tagName) {
    case "BUTTON":
    case "SUMMARY":
    case "A":
      return presses;
    case "SELECT":
    case "TEXTAREA":
      return true;
    case "INPUT":
      if (target.type === "range") return MOVES.includes(key);
      return target.type === "checkbox" || target.type === "button" ? presses : true;
    default:
      return Boolean(target?.isContentEditable);
  }
}

/**
 * @param {Pick<KeyboardEvent, "key"|"ctrlKey"|"altKey"|"metaKey"|"defaultPrevented"|"repeat"> & {target: any, isComposing?: boolean}} event
 * @param {{isFramed?: boolean, isDialogOpen?: boolean}} [place] in a frame, the arrow keys belong to the slides
 * @returns {Action|null}
 */
export function commandOf(event, { isFramed = false, isDialogOpen = false } = {}) {
  if (event.defaultPrevented || event.isComposing || isDialogOpen) return null;
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  if (belongsTo(event.target, event.key)) return null;
  if (isFramed && MOVES.includes(event.key)) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const row = KEYS.find(({ keys }) => keys.includes(key));
  if (!row || (event.repeat && ONCE.has(row.command))) return null;
  return row.command;
}

/**
 * Carry out the command of each key that has one; others go on to the host.
 * @param {Document} page
 * @param {{isFramed: boolean, actions: () => Record<Action, () => void>, forward: (event: KeyboardEvent) => void}} context
 */
export function mountKeys(page, { isFramed, actions, forward }) {
  addEventListener("keydown", (event) => {
    const isDialogOpen = page.querySelector("dialog[open]") !== null;
    const action = commandOf(event, { isFramed, isDialogOpen });
    if (action) {
      event.preventDefault();
      actions()[action]();
    } else if (!isDialogOpen) {
      forward(event);
    }
  });
}
