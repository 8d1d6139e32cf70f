// @ts-check
/**
 * Says what is missing where the page's modules cannot be loaded. This is no module: in a frame whose sandbox attribute lacks
 * allow-same-origin, a browser loads scripts but no modules.
 */
addEventListener(
  "error",
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    const sentence =
      self.origin === "null"
        ? 'gan1d needs its origin: write sandbox="allow-scripts allow-same-origin" in this frame, or start gan1d with --allow-origin null.'
        : "The scripts of this page could not be loaded. Reload it; if that does not help, start gan1d again.";
    const show = () => {
      const words = document.createElement("p");
      words.className = "requirement";
      words.setAttribute("role", "alert");
      words.textContent = sentence;
      document.body.replaceChildren(words);
    };
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", show);
    else show();
  },
  true,
);
