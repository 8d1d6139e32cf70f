// @ts-check
/**
 * The settings that a part of the experiment had under each of its kinds, so that choosing another kind and coming back
 * restores own numbers, modes and drawn heights. Only kinds with a list are remembered: all else is a slider away.
 */

import { settingAt } from "./schema.js";

/** @typedef {Record<string, any>} Config */

export class KindMemory {
  constructor() {
    /** Last settings by the path of the union and the kind. @type {Map<string, Record<string, unknown>>} */
    this.members = new Map();
    /** @type {{config: Config, changed: Record<string, unknown>, preset: string}|null} */
    this.last = null;
  }

  /**
   * Note a config of the server, and remember what it replaces: every kind that was left, and changed settings that a preset
   * replaced.
   * @param {Config} config
   * @param {Record<string, unknown>} changed values that differ from the preset, by path
   * @param {string} preset
   */
  note(config, changed, preset) {
    const { last } = this;
    this.last = { config, changed, preset };
    if (!last || last.config === config) return;
    for (const [path, member] of Object.entries(last.config)) {
      if (!hasList(member)) continue;
      const isLeft = member.kind !== config[path]?.kind;
      const isOwn = Object.keys(last.changed).some((key) => key.startsWith(`${path}.`));
      if (preset === last.preset ? isLeft : isOwn) this.members.set(`${path} ${member.kind}`, member);
    }
  }

  /**
   * The value to send for a kind: its last settings, or its name alone, which has the default settings.
   * @param {string} path
   * @param {string} kind
   * @returns {unknown}
   */
  recall(path, kind) {
    if (settingAt(this.last?.config, path)?.kind === kind) return kind;
    return this.members.get(`${path} ${kind}`) ?? kind;
  }
}

/** @param {any} member */
function hasList(member) {
  return typeof member?.kind === "string" && Object.values(member).some(Array.isArray);
}
