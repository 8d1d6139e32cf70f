// @ts-check
/** Starts and pauses the run without a click: when the page is first seen, and with the slide that holds it. */

/**
 * @param {Document} page
 * @param {{autoplay: boolean, isRunning: () => boolean, command: (command: import("../connection/wire.js").Command) => boolean}} context
 */
export function mountAutoplay(page, { autoplay, isRunning, command }) {
  let isConnected = false;
  /** Whether to play as soon as there is a connection. */
  let isDue = false;
  /** Whether the run was playing when the slide was left, so that it continues when the slide is shown again. */
  let wasRunning = false;

  function play() {
    isDue = !isConnected || !command({ type: "play" });
  }
  if (autoplay) {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      play();
    });
    observer.observe(page.documentElement);
  }
  return {
    onConnected() {
      isConnected = true;
      if (isDue) play();
    },
    /** @param {boolean} isShown */
    onSlide(isShown) {
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
