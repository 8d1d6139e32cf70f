// @ts-check
/**
 * Starts and pauses the run without a click: while the page can be seen, and with the slide that holds it.
 *
 * A frame cannot read the styles of the page around it. Three sources say whether it can be seen:
 *
 * - reveal.js sends `slide:start` and `slide:stop`. Once it has, it decides;
 * - IntersectionObserver: whether any part of the frame has a place in the window;
 * - its `isVisible` (version 2, https://w3c.github.io/IntersectionObserver/v2/), where the browser has it: true only if
 *   the frame is opaque, uncovered, and neither turned nor scaled down. False says nothing certain, so the frame waits
 *   for another source: a preloaded slide of opacity 0 looks the same from inside as a frame that is covered in part.
 */

/** @typedef {import("../state/url.js").Autoplay} Autoplay */

/** Time in which a deck can say that this slide is shown, before the observer alone decides. */
const DECK_MS = 500;
/** Time for which a frame has to be visible before it starts: in a transition, slides that are not shown pass by. */
const SETTLE_MS = 300;
/** Shortest time between two changes of `isVisible` that the browser reports; it allows no less than 100. */
const VISIBILITY_DELAY_MS = 100;

/**
 * @param {Document} page
 * @param {object} context
 * @param {Autoplay} context.autoplay
 * @param {() => boolean} context.isRunning
 * @param {(command: import("../connection/wire.js").Command) => boolean} context.command
 * @param {() => void} context.requestSlide makes a deck say again whether its present slide holds this page
 */
export function mountAutoplay(page, { autoplay, isRunning, command, requestSlide }) {
  let isConnected = false;
  /** Whether to play as soon as there is a connection. */
  let isDue = false;
  /** Whether to play when the page is shown next. */
  let resumes = autoplay !== "off";
  /** What the deck said last; null if it has said nothing. @type {boolean|null} */
  let slide = null;
  const ignoresSight = autoplay === "off" || autoplay === "always";
  let isInWindow = ignoresSight;
  let isVisible = ignoresSight;
  let isShown = ignoresSight;

  function play() {
    isDue = !isConnected || !command({ type: "play" });
  }

  function pause() {
    if (isRunning() || isDue) resumes = true;
    isDue = false;
    if (isRunning()) command({ type: "pause" });
  }

  function update() {
    const shows = isInWindow && (slide ?? isVisible);
    if (shows === isShown) return;
    isShown = shows;
    if (!shows) pause();
    else if (resumes) play();
    resumes &&= !shows;
  }

  function observe() {
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    let timer;
    const options = { threshold: [0, 0.001], trackVisibility: true, delay: VISIBILITY_DELAY_MS };
    const observer = new IntersectionObserver((entries) => {
      const { intersectionRect, isVisible: isSeen } = /** @type {any} */ (entries.at(-1));
      isInWindow = intersectionRect.width * intersectionRect.height > 0;
      const isSurelyVisible = isInWindow && autoplay === "visible" && isSeen === true;
      isVisible &&= isSurelyVisible;
      clearTimeout(timer);
      if (isSurelyVisible && !isVisible) timer = setTimeout(becomeVisible, SETTLE_MS);
      else if (isInWindow && !isVisible && slide === null) timer = setTimeout(() => waitForDeck(isSeen === undefined), DECK_MS);
      update();
    }, options);
    observer.observe(page.documentElement);

    /** @param {boolean} isUnknown whether the browser cannot say what is visible */
    function waitForDeck(isUnknown) {
      requestSlide();
      if (!isUnknown || autoplay !== "visible") return;
      timer = setTimeout(becomeVisible, DECK_MS);
    }

    function becomeVisible() {
      isVisible = true;
      update();
    }
  }

  if (!ignoresSight) observe();
  else if (resumes) play();
  resumes &&= !isShown;
  return {
    onConnected() {
      isConnected = true;
      if (isDue) play();
    },
    /** @param {boolean} isStart */
    onSlide(isStart) {
      slide = isStart;
      // A run may have been started by hand in a frame that did not count as shown.
      if (isStart || isShown) update();
      else pause();
    },
  };
}
