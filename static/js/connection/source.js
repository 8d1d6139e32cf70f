// @ts-check
/** What the page shows a run from: a server (`LiveSource`), or a recording in the page (`ReplaySource`). Types only. */

/** @import {Command, Event} from "./wire.js" */

/**
 * The steps of a source that can be sought.
 * @typedef {object} Timeline
 * @property {number[]} steps of a recording, rising; empty where every whole step up to the last one can be sought
 * @property {number} last the last step
 */

/** @typedef {"connecting"|"open"|"reconnecting"|"full"|"incompatible"|"closed"} SourceState */

/**
 * Where messages go.
 * @typedef {object} Receiver
 * @property {(message: Event) => void} onMessage hello first, then everything else, as the server's protocol has it
 * @property {(buffer: ArrayBuffer) => void} onFrame
 * @property {(state: SourceState, sentence: string, watch: string|null) => void} onState `watch`: a session to watch while all
 *   places are taken
 */

/**
 * @typedef {object} Source
 * @property {SourceState} state
 * @property {string} lock why settings and the seed cannot change, in a sentence; "" if they can
 * @property {string} madeWith versions and machine of a recorded run, in a sentence; "" for a live one
 * @property {Timeline|null} timeline null if no step can be sought
 * @property {() => void} open
 * @property {() => void} close
 * @property {() => void} retryNow the network is back, or the page is visible again
 * @property {(command: Command) => boolean} send false if the command could not be passed on
 */

export {};
