// @ts-check
/** A run that goes on where it was when its page is loaded again. */

import { rememberSession } from "../connection/session-memory.js";
import { formatCount } from "../format.js";

/** @import {Command, Hello, RunStatus} from "../connection/wire.js" */

const LOST_RUN =
  "The server no longer has the earlier run: it was started again, or the run was left too long. All settings and the seed were kept, and the run begins again at step 0.";

/**
 * @param {Window} window
 * @param {object} context
 * @param {string|null} context.addressed the session that the address names
 * @param {(command: Command) => boolean} context.command
 * @param {(sentence: string) => void} context.notice
 */
export function continuedRun(window, { addressed, command, notice }) {
  const memory = rememberSession(window);
  const earlier = addressed ? null : memory.earlier;
  /** The session whose experiment is in the address. @type {string|null} */
  let session = addressed ?? earlier;
  let isReloaded = earlier !== null;

  /**
   * Say at which step the run stands still after a reload, as soon as it does.
   * @param {RunStatus} status
   */
  function onStatus({ step, playback }) {
    if (!isReloaded || playback.running) return;
    isReloaded = false;
    if (step > 0) notice(`Continued at step ${formatCount(step)}.`);
  }

  return {
    /** The session to connect to; null for a new one. */
    session,
    onStatus,
    /** @param {Hello} hello */
    onHello(hello) {
      isReloaded &&= hello.resumed;
      if (isReloaded && hello.playback.running) command({ type: "pause" });
      onStatus(hello.status);
      if (!hello.resumed && session) notice(LOST_RUN);
      session = hello.session;
      memory.keep(hello.role === "driver" && !addressed ? session : null);
    },
  };
}
