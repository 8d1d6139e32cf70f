// @ts-check
/**
 * Starts the page inside a replay file, or says what is missing. This is no module: it stands in the head of the file, runs
 * before the rest has arrived, and needs nothing else. The page's modules come packed; the file's policy allows exactly them.
 */
(() => {
  /** @param {string} sentence */
  function say(sentence) {
    const words = document.querySelector(".requirement") ?? document.body.appendChild(document.createElement("p"));
    words.className = "requirement";
    words.setAttribute("role", "alert");
    words.textContent = sentence;
    document.documentElement.classList.remove("scripted");
  }

  /** @param {Element} block */
  const isWhole = (block) => String(block.textContent).length === Number(block.getAttribute("data-length"));

  /** @param {string} base64 */
  async function unpacked(base64) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).text();
  }

  addEventListener("DOMContentLoaded", async () => {
    const program = document.querySelector('[data-block="program"]');
    const blocks = [...document.querySelectorAll("[data-block]")];
    if (!program || !document.getElementById("end-of-file") || !blocks.every(isWhole)) {
      say("This recording is not whole: the end of its file is missing. Copy or download the file again.");
    } else if (typeof DecompressionStream === "undefined" || !CSS.supports("color", "light-dark(red, red)")) {
      say("This recording needs a newer browser: Chrome or Edge from version 123 on, Firefox from 120, or Safari from 17.5.");
    } else {
      const damaged = () => say("This recording cannot be shown: its file was changed after gan1d wrote it. Copy or download the file again.");
      addEventListener("securitypolicyviolation", ({ effectiveDirective }) => effectiveDirective === "script-src-elem" && damaged());
      try {
        const script = document.createElement("script");
        script.type = "module";
        script.textContent = await unpacked(String(program.textContent));
        document.documentElement.classList.add("scripted");
        document.body.append(script);
      } catch {
        damaged();
      }
    }
  });
})();
