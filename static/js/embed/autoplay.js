// @ts-check
/** When to play by itself: on the first sight if asked to, and with the slide that the page stands on. */

/**
 * @param {Document} page
 * @param {{autoplay: boolean, isRunning: () => boolean, command: (command: import("../connection/protocol.js").Command) => boolean}} context
 */
export function mountPresence(page, { autoplay, isRunning, command }) {
  let hasBegun = false;
  /** Whether to play as soon as that is possible. */
  let isDue = false;
  /** Whether the slide was left while the run was on, so that coming back continues it. */
  let wasRunning = false;

  function play() {
    isDue = !hasBegun || !command({ type: "play" });
  }
  if (autoplay) {
    const sight = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      sight.disconnect();
      play();
    });
    sight.observe(page.documentElement);
  }
  return {
    /** The server is there. */
    begin() {
      hasBegun = true;
      if (isDue) play();
    },
    /** @param {boolean} isShown the slide came, or went */
    turn(isShown) {
      if (isShown) {
        if (autoplay || wasRunning) play();
        return;
      }
      wasRunning = isRunning() || isDue;
      isDue = false;
      if (isRunning()) command({ type: "pause" });
    },
  };
}
