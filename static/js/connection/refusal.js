// @ts-check
/** The reason for which no websocket can be opened: a browser hides it, but a plain request gets it in words. */

const FORBIDDEN = 403;

const NO_WEBSOCKETS =
  "The server answers, but the websocket of this page does not reach it: a proxy in between has to pass on the headers Upgrade and Connection.";

/**
 * @param {string} base the address of the page
 * @param {typeof fetch} [request]
 * @returns {Promise<string>} a sentence; "" if the server does not answer
 */
export async function explainRefusal(base, request = fetch) {
  try {
    // A POST, because a browser sends the page's origin with it, as with a websocket.
    const response = await request(new URL("identity", base), { method: "POST", cache: "no-store" });
    const isText = response.headers.get("Content-Type")?.startsWith("text/plain");
    if (response.status === FORBIDDEN && isText) return (await response.text()).trim();
    const isOurs = response.ok && (await response.json()).program === "gan1d";
    return isOurs ? NO_WEBSOCKETS : "";
  } catch (error) {
    // No answer, or that of another program.
    if (error instanceof TypeError || error instanceof SyntaxError) return "";
    throw error;
  }
}
