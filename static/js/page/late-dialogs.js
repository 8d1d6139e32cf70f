// @ts-check
/** Help, Share and the tips on words, whose modules are loaded behind the first picture, or when a dialog is opened. */

import { controlsOf } from "../state/schema.js";

/** @import {Receiver, Source} from "../connection/source.js" */
/** @typedef {typeof import("../live.js")} Live what makes the page a live one, or one of a recording */
/** @import {Store} from "../state/store.js" */

/**
 * @param {Document} page
 * @param {Store} store
 * @param {object} context
 * @param {Pick<Live, "createSource"|"loadLanguages"|"mountPageShare">} context.live
 * @param {import("../live.js").Address} context.address
 * @param {Source} context.source
 * @param {(isPrinted: boolean) => import("../charts/types.js").Theme} context.theme
 * @param {() => boolean} context.isChanged whether a setting differs from the preset
 * @param {() => Pick<Store, "hello"|"config">} context.shown the store of the run, or of the games that are shown in its place
 * @param {(sentence: string) => void} context.notice
 */
export function mountDialogs(page, store, { live, address, source, theme, isChanged, shown, notice }) {
  // Found before anything is loaded: a frame can be emptied meanwhile.
  const [helpDialog, shareDialog] = ["help-dialog", "share-dialog"].map((id) => /** @type {HTMLDialogElement} */ (page.getElementById(id)));
  const help = mountLater(async () => {
    const { mountHelp } = await import("./dialogs.js");
    return mountHelp(
      helpDialog,
      () => {
        const { hello, config } = shown();
        return hello && config ? controlsOf(hello.schema, config) : [];
      },
      () => shown().hello?.glossary ?? [],
      live.loadLanguages,
    );
  });
  const share = mountLater(async () => {
    const { picturesSection } = await import("./pictures.js");
    const { runPicturesSection } = await import("./run-pictures.js");
    const context = { theme, link: address.link, isChanged };
    const again = (/** @type {Receiver} */ to) => live.createSource({ page, session: store.hello?.watch ?? null, notice }, to);
    const pictures = runPicturesSection(page, store, { ...context, createSource: again });
    const { open } = await live.mountPageShare(shareDialog, { store, address, source }, picturesSection(page, store, context), pictures.section);
    return {
      open() {
        pictures.refresh();
        open();
      },
    };
  });
  /** @type {Promise<void>|undefined} */
  let tips;
  async function loadTips() {
    const { mountTips } = await import("./tips.js");
    if (page.body) mountTips(page, () => store.hello?.glossary ?? []);
  }

  return {
    openHelp: help.open,
    openShare: share.open,
    load() {
      void help.load();
      void share.load();
      tips ??= loadTips();
    },
  };
}

/** @param {() => Promise<{open: () => void}>} mount */
function mountLater(mount) {
  /** @type {Promise<{open: () => void}>|undefined} */
  let dialog;
  const load = () => (dialog ??= mount());
  return { load, open: () => void load().then(({ open }) => open()) };
}
