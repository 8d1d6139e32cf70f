// @ts-check
/** Axes that stay as they are while a target is dragged, whatever scene comes meanwhile. */

/** @import {Scene} from "../charts/types.js" */
/** @typedef {Pick<import("./store.js").Store, "scene">} SceneHolder */

export class FrozenAxes {
  /** @type {Pick<Scene, "x_axis"|"density_high">|null} */
  #axes = null;
  /** The scene with its own axes, while the store's has frozen ones. @type {Scene|null} */
  #actual = null;

  /** @param {SceneHolder} store */
  freeze({ scene }) {
    if (!scene) return;
    this.#axes = { x_axis: scene.x_axis, density_high: scene.density_high };
    this.#actual = scene;
  }

  /** Give a new scene the frozen axes. @param {SceneHolder} store */
  keep(store) {
    if (!this.#axes || store.scene === this.#actual || !store.scene || "bins" in store.scene) return;
    this.#actual = store.scene;
    store.scene = { ...this.#actual, ...this.#axes, bins: this.#actual.x_axis };
  }

  /** @param {SceneHolder} store */
  unfreeze(store) {
    if (this.#axes && this.#actual) store.scene = this.#actual;
    this.#axes = null;
  }
}
