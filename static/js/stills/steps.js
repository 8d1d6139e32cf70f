// @ts-check
/**
 * The frames of chosen steps, for pictures of a whole run. They come from a source of their own: the page and its other
 * viewers go on showing what they show. A live run is found again by the server, a recording is in the page.
 */

import { createStore } from "../state/store.js";

/** @import {Receiver, Source} from "../connection/source.js" */
/** @import {Store} from "../state/store.js" */

/**
 * A run whose steps can be shown one after the other.
 * @typedef {object} Steps
 * @property {Store} store what is shown
 * @property {(step: number) => Promise<Store>} show a step; rejected with an Error whose message is a sentence for the user
 * @property {() => void} close
 */

const LOST = "The connection was lost, so the picture was not made.";
const OTHER_RUN = "Another run began meanwhile, so the picture was not made.";

/**
 * @param {(receiver: Receiver) => Source} create
 * @param {AbortSignal} signal ends everything
 * @returns {Promise<Steps>}
 */
export async function openSteps(create, signal) {
  /** @type {Source|null} */
  let source = null;
  /** The run of which steps are shown. @type {number|null} */
  let run = null;
  let isOpen = false;
  /** @type {{isShown: () => boolean, resolve: (store: Store) => void, reject: (error: Error) => void}|null} */
  let waiting = null;

  const store = createStore({ send: (command) => source?.send(command) ?? false, requestFrame: queueMicrotask });
  const fail = (/** @type {string} */ sentence) => {
    waiting?.reject(new Error(sentence));
    waiting = null;
  };
  function look() {
    if (run !== null && store.run !== run) fail(OTHER_RUN);
    if (!waiting?.isShown()) return;
    waiting.resolve(store);
    waiting = null;
  }
  /** @param {() => boolean} isShown @returns {Promise<Store>} */
  function until(isShown) {
    return new Promise((resolve, reject) => {
      waiting = { isShown, resolve, reject };
      if (signal.aborted) fail("Cancelled.");
    });
  }
  store.onDraw(look);
  store.subscribe((message) => message.type === "refused" && fail(message.message));
  signal.addEventListener("abort", () => fail("Cancelled."));

  const opened = until(() => store.frame !== null);
  source = create({
    onMessage: (message) => store.apply(message),
    onFrame: (buffer) => store.receive(buffer),
    onState(state, sentence) {
      if (state === "open") isOpen = true;
      else if (state !== "connecting") fail(isOpen ? LOST : sentence);
    },
  });
  source.open();
  const close = () => {
    // What the end of the connection says is of no interest.
    waiting = null;
    source?.close();
  };
  try {
    await opened;
  } catch (error) {
    close();
    throw error;
  }
  run = store.run;
  const isRecorded = source.timeline !== null;
  if (isRecorded) store.timeline = source.timeline;
  return {
    store,
    close,
    show(step) {
      const shown = until(() => store.frame?.step === step && (isRecorded || store.looking?.step === step));
      store.seek(step);
      return shown;
    },
  };
}

/**
 * Steps from one to another at equal distances, both included, rising and each once.
 * @param {number} from @param {number} to @param {number} count at least 2
 * @param {number[]} recorded the steps that there are; [] for all
 * @returns {number[]}
 */
export function spacedSteps(from, to, count, recorded) {
  const wanted = Array.from({ length: count }, (_, i) => Math.round(from + ((to - from) * i) / (count - 1)));
  return available(wanted, recorded);
}

/**
 * Every n-th step from one to another, and the last one.
 * @param {number} from @param {number} to @param {number} every
 * @param {number[]} recorded the steps that there are; [] for all
 * @returns {number[]}
 */
export function everyStep(from, to, every, recorded) {
  const wanted = [];
  for (let step = from; step < to; step += every) wanted.push(step);
  wanted.push(to);
  return available(wanted, recorded);
}

/** The recorded steps nearest to those that are wanted, each once. @param {number[]} wanted @param {number[]} recorded [] for all */
function available(wanted, recorded) {
  return [...new Set(recorded.length ? wanted.map((step) => nearest(recorded, step)) : wanted)];
}

/** @param {number[]} steps @param {number} wanted */
function nearest(steps, wanted) {
  return steps.reduce((best, step) => (Math.abs(step - wanted) < Math.abs(best - wanted) ? step : best));
}
