import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { controlsOf, overridingControl, pathsOf, settingAt } from "../../static/js/state/schema.js";
import { config, schema } from "./example.js";

const controls = controlsOf(schema, config());
const at = (path) => controls.find((control) => control.path === path);

test("controls come in the schema's order, a union's settings after the union", () => {
  assert.deepEqual(
    controls.map(({ path, kind }) => `${path}: ${kind}`),
    [
      "seed: number",
      "toy: union",
      "toy.pace: number",
      "widths: layers",
      "bumps: modes",
      "mood: choice",
      "loud: boolean",
      "name: text",
      "box.toy: union",
      "box.toy.pace: number",
      "box.toy.string_length: number",
    ],
  );
});

test("paths are those of all settings that there can be, and of their groups", () => {
  assert.deepEqual(pathsOf(schema).filter((path) => /^(seed|toy|bumps|box)/.test(path)), [
    "seed",
    "toy",
    "toy.pace",
    "toy.string_length",
    "bumps",
    "box",
    "box.toy",
    "box.toy.pace",
    "box.toy.string_length",
  ]);
});

test("bounds, scale, unit, help and effect come from the knob, also through references", () => {
  const { low, high, scale, help, essential, default: value } = at("box.toy.pace");
  assert.deepEqual({ low, high, scale, help, essential, value }, { low: 1e-4, high: 1, scale: "log", help: "How fast.", essential: true, value: 0.1 });
  assert.equal(at("box.toy.string_length").unit, "m");
  assert.equal(at("box.toy.string_length").effect, "restart");
  assert.equal(at("seed").whole, true);
});

test("labels are the knob's or the field's own name in words", () => {
  assert.equal(at("widths").label, "layers");
  assert.equal(at("box.toy.string_length").label, "string length");
});

test("a union offers its members with title and help", () => {
  assert.deepEqual(at("toy").options, [
    { value: "wheel", label: "Wheel", help: "It turns." },
    { value: "kite", label: "Kite", help: "It flies." },
  ]);
});

test("lists say how long they may be and what is in them", () => {
  const { low, high, items } = at("widths");
  assert.deepEqual([low, high, items[0].low, items[0].high], [0, 3, 1, 64]);
  assert.deepEqual(at("bumps").items.map(({ path }) => path), ["place", "size"]);
  assert.deepEqual([at("bumps").low, at("bumps").high], [1, 3]);
});

test("only what lies deeper than the first segment has a section", () => {
  assert.equal(at("toy.pace").section, "");
  assert.equal(at("box.toy.pace").section, "toy");
});

test("a setting that is on leaves the settings and groups that it names without effect, but not itself", () => {
  const [loud, ...others] = controls.map((control) => ({ ...control })).sort((a) => (a.path === "loud" ? -1 : 1));
  loud.overrides = ["box", "seed"];
  const overridden = (isOn) => others.filter(({ path }) => overridingControl([loud, ...others], { ...config(), loud: isOn }, path)).map(({ path }) => path);
  assert.deepEqual(overridden(true), ["seed", "box.toy", "box.toy.pace", "box.toy.string_length"]);
  assert.deepEqual(overridden(false), []);
  loud.overrides = ["loud"];
  assert.equal(overridingControl([loud], { loud: true }, "loud"), undefined);
});

test("a value is found by its path", () => {
  assert.equal(settingAt(config(), "bumps.1.place"), 2);
  assert.equal(settingAt(config(), "bumps.7.place"), undefined);
});

test("a reference to nothing is an error with its name", () => {
  assert.throws(() => controlsOf({ properties: { a: { $ref: "#/$defs/No" } } }, {}), /define #\/\$defs\/No/);
});

const golden = new URL("../golden/hello.json", import.meta.url);

test("the server's own schema gives a control, with help, to every value of its config", { skip: existsSync(golden) ? false : "no golden files yet" }, () => {
  const hello = JSON.parse(readFileSync(golden, "utf8"));
  const found = controlsOf(hello.schema, hello.config);
  for (const control of found) {
    assert.notEqual(settingAt(hello.config, control.path), undefined, control.path);
    assert.ok(control.help, `${control.path} needs help`);
    assert.ok(control.label, `${control.path} needs a label`);
  }
  const paths = found.map(({ path }) => path);
  for (const path of leaves(hello.config)) {
    assert.ok(paths.some((known) => path === known || path === `${known}.kind` || path.startsWith(`${known}.`)), path);
  }
});

test("every setting of the server's schema has a panel on the page", () => {
  const hello = JSON.parse(readFileSync(golden, "utf8"));
  const page = readFileSync(new URL("../../static/index.html", import.meta.url), "utf8");
  const slots = [...page.matchAll(/data-slot="(\w+)"/g)].map(([, name]) => name);
  for (const { path, panel } of controlsOf(hello.schema, hello.config)) assert.ok(slots.includes(panel), `${path} in ${panel}`);
});

test("the page preloads every module that it imports", () => {
  const root = new URL("../../static/", import.meta.url);
  const page = readFileSync(new URL("index.html", root), "utf8");
  const preloaded = [...page.matchAll(/modulepreload" href="([^"]+)"/g)].map(([, path]) => path).sort();
  const imported = new Set();
  /** @param {URL} module */
  function follow(module) {
    for (const [, path] of readFileSync(module, "utf8").matchAll(/^(?:import|export) [^;]*?from "(\.[^"]+)";/gm)) {
      const next = new URL(path, module);
      if (imported.has(next.href)) continue;
      imported.add(next.href);
      follow(next);
    }
  }
  follow(new URL("js/main.js", root));
  assert.deepEqual(preloaded, [...imported].map((href) => href.slice(root.href.length)).sort());
});

function leaves(value, path = "") {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}
