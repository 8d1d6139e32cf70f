import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { config, schema } from "./example.js";
import { installFakeDom } from "./fake-dom.js";

const make = installFakeDom();
const { Panel } = await import("../../static/js/controls/panel.js");

function setUp(options = {}) {
  const sent = [];
  const slots = ["toy", "training"].map((name) => {
    const slot = make("div");
    slot.setAttribute("data-slot", name);
    return slot;
  });
  const panel = new Panel(slots, { intend: (path, value) => sent.push([path, value]), ...options });
  const present = config();
  const update = (changed = {}) => panel.update(schema, present, changed);
  update();
  const find = (selector) => slots.map((slot) => slot.querySelector(selector)).find(Boolean);
  const field = (path) => find(`input.control-value[name="${path}"]`);
  const slider = (path) => find(`input.control-input[name="${path}"]`);
  const control = (path) => find(`.control[data-path="${path}"]`);
  return { panel, sent, slots, present, update, find, field, slider, control };
}

const type = (input, text) => {
  input.value = text;
  input.fire("input");
  input.fire("change");
};

test("every setting has a native input whose name is its path, and words that help", () => {
  const { find, control } = setUp();
  const inputs = ["seed", "toy.pace", "widths", "widths.0", "bumps.1.place", "loud", "name"].map((path) => `input[name="${path}"]`);
  for (const selector of [...inputs, 'select[name="toy"]', 'select[name="mood"]']) assert.ok(find(selector), selector);
  const { attributes } = find('select[name="toy"]');
  assert.match(attributes.get("aria-describedby"), /control-\d+-help control-\d+-error/);
  assert.equal(control("toy").querySelector("label").attributes.get("for"), attributes.get("id"));
  assert.equal(control("toy").querySelector(".control-help").textContent, "What to play with.");
});

test("a setting goes to the slot of its panel, else to that of its first name", () => {
  const { slots } = setUp();
  assert.ok(slots[0].querySelector('[data-path="toy.pace"]'));
  assert.ok(slots[1].querySelector('[data-path="loud"]'));
});

test("what is not essential is folded, with the count of what differs from the preset", () => {
  const { slots, update } = setUp();
  assert.ok(slots[1].querySelector(".more").querySelector('[data-path="loud"]'));
  assert.equal(slots[1].querySelector(".more").querySelector('[data-path="widths"]'), null);
  update({ loud: true, "bumps.0.place": 1, widths: [1] });
  assert.equal(slots[1].querySelector(".more-count").textContent, " · 2 differ from the preset");
});

test("a mark says in words what a change disturbs", () => {
  const { control } = setUp();
  assert.match(control("seed").querySelector(".control-restart").textContent, /starts a new run/);
  assert.match(control("widths").querySelector(".control-restart").textContent, /rebuilds this network/);
  assert.equal(control("toy.pace").querySelector(".control-restart"), null);
});

test("a switch beneath the layers reinitializes networks that are rebuilt, and nothing else", () => {
  const sent = [];
  const { slots, field } = setUp({ intend: (path, value, reinitialize = false) => sent.push([path, value, reinitialize]) });
  assert.equal(slots[0].querySelector(".control-reinitialize"), null);
  const list = slots[1].querySelector(".control-list");
  const shown = list.children.map((child) => child.getAttribute("data-path") ?? child.getAttribute("class"));
  assert.equal(shown[shown.indexOf("widths") + 1], "control control-reinitialize");
  const box = slots[1].querySelector(".control-reinitialize").querySelector("input");
  assert.equal(box.attributes.get("type"), "checkbox");
  assert.equal(box.attributes.has("name"), false);
  assert.equal(slots[1].querySelector(".control-reinitialize").querySelector("label").attributes.get("for"), box.attributes.get("id"));
  type(field("widths"), "16 32");
  box.checked = true;
  type(field("widths"), "16 64");
  type(field("seed"), "8");
  type(field("toy.pace"), "0.5");
  box.checked = false;
  type(field("widths"), "16");
  assert.deepEqual(sent, [
    ["widths", [16, 32], false],
    ["widths", [16, 64], true],
    ["seed", 8, false],
    ["toy.pace", 0.5, false],
    ["widths", [16], false],
  ]);
});

test("a slider sends its value and says it at once, as a person writes it", () => {
  const { slider, field, sent } = setUp();
  // From 1e-4 up there are 24 positions in each decade, so 24 is 1e-3.
  slider("toy.pace").value = "24";
  slider("toy.pace").fire("input");
  assert.deepEqual(sent, [["toy.pace", 0.001]]);
  assert.equal(field("toy.pace").value, "0.001");
  assert.equal(slider("toy.pace").attributes.get("aria-valuetext"), "0.001");
});

test("a typed number is sent when it is finished, not while it is typed", () => {
  const { field, sent } = setUp();
  field("toy.pace").value = "2e-";
  field("toy.pace").fire("input");
  assert.deepEqual(sent, []);
  type(field("toy.pace"), "2e-3");
  assert.deepEqual(sent, [["toy.pace", 0.002]]);
  assert.equal(field("toy.pace").value, "0.002");
});

test("what is no number is explained beside the control, which goes back", () => {
  const { field, control, sent } = setUp();
  type(field("toy.pace"), "fast");
  assert.deepEqual(sent, []);
  assert.equal(field("toy.pace").value, "0.1");
  const error = control("toy.pace").querySelector(".control-error");
  assert.equal(error.textContent, "Expected a number such as 0.002 or 2e-3, but got “fast”.");
  assert.equal(error.hidden, false);
  assert.equal(field("toy.pace").attributes.get("aria-invalid"), "true");
});

test("a refusal is shown beside the control, which goes back to the server's value", () => {
  const { panel, field, control } = setUp();
  type(field("toy.pace"), "9");
  assert.equal(field("toy.pace").value, "9");
  assert.equal(panel.reject("toy.pace", "Expected 1 or less."), true);
  assert.equal(field("toy.pace").value, "0.1");
  assert.equal(control("toy.pace").querySelector(".control-error").textContent, "Pace: at most 1.");
  type(field("toy.pace"), "0.5");
  assert.equal(control("toy.pace").querySelector(".control-error").hidden, true);
});

test("a refusal without a request, or of no control, is shown elsewhere", () => {
  const { panel } = setUp();
  assert.equal(panel.reject("toy.pace", "No."), false);
  assert.equal(panel.reject("nowhere", "No."), false);
});

test("others' changes move a control, but not under the hand that holds it", () => {
  const { present, update, slider, field } = setUp();
  present.toy.pace = 0.01;
  update();
  assert.equal(field("toy.pace").value, "0.01");
  assert.equal(slider("toy.pace").value, "48");
  slider("toy.pace").value = "24";
  slider("toy.pace").fire("input");
  present.toy.pace = 0.5;
  update();
  assert.equal(field("toy.pace").value, "0.001");
  present.toy.pace = 0.001;
  slider("toy.pace").fire("change");
  update();
  assert.equal(field("toy.pace").value, "0.001");
  present.toy.pace = 0.2;
  update();
  assert.equal(field("toy.pace").value, "0.2");
});

test("an answer to an earlier position does not pull a slider back", () => {
  const { present, update, slider, field } = setUp();
  for (const position of ["24", "48"]) {
    slider("toy.pace").value = position;
    slider("toy.pace").fire("input");
  }
  slider("toy.pace").fire("change");
  present.toy.pace = 0.001;
  update();
  assert.equal(field("toy.pace").value, "0.01");
});

test("a change that is never answered goes back after a while", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { field } = setUp();
  type(field("toy.pace"), "0.5");
  mock.timers.tick(2000);
  assert.equal(field("toy.pace").value, "0.1");
  mock.timers.reset();
});

test("a union's menu sends its kind, and its settings follow the kind", () => {
  const { find, sent, present, update, control } = setUp();
  const menu = find('select[name="toy"]');
  menu.value = "kite";
  menu.fire("change");
  assert.deepEqual(sent, [["toy", "kite"]]);
  present.toy = { kind: "kite", pace: 0.1, string_length: 5 };
  update();
  assert.ok(control("toy.string_length"));
  assert.equal(find('select[name="toy"]'), menu, "the menu itself stays, with its focus");
});

test("an update that changes no structure moves no element", () => {
  const { slots, present, update } = setUp();
  const lists = slots.flatMap((slot) => slot.querySelectorAll(".control-list"));
  const before = lists.map((list) => list.moves);
  present.toy.pace = 0.3;
  update();
  assert.deepEqual(lists.map((list) => list.moves), before);
});

test("layers are typed as a list, turned one by one, added and removed", () => {
  const { field, find, sent, present, update } = setUp();
  assert.equal(field("widths").value, "16 8");
  type(field("widths"), "4, 4 ,4");
  assert.deepEqual(sent.pop(), ["widths", [4, 4, 4]]);
  present.widths = [4, 4, 4];
  update();
  assert.equal(find('button[aria-label="Add a layer"]').disabled, true);
  find('button[aria-label="Wider layer 2"]').fire("click");
  assert.deepEqual(sent.pop(), ["widths.1", 6]);
  type(field("widths.0"), "5");
  assert.deepEqual(sent.pop(), ["widths.0", 5]);
  find('button[aria-label="Remove the last layer"]').fire("click");
  assert.deepEqual(sent.pop(), ["widths", [5, 6]]);
  type(field("widths"), "");
  assert.deepEqual(sent.pop(), ["widths", []]);
});

test("modes are turned one number at a time, added in the widest gap, and removed", () => {
  const { field, find, sent } = setUp();
  type(field("bumps.1.place"), "3");
  assert.deepEqual(sent.pop(), ["bumps.1.place", 3]);
  find("div.modes-list").scrollHeight = 60;
  find('button[aria-label="Add a mode"]').fire("click");
  assert.deepEqual(sent.pop(), ["bumps", [{ place: -2, size: 1 }, { place: 3, size: 1 }, { place: 0.5, size: 1 }]]);
  assert.equal(find('button[aria-label="Add a mode"]').disabled, true);
  assert.equal(find("div.modes-list").scrollTop, 60, "scrolled to the new one");
  find('button[aria-label="Remove mode 1"]').fire("click");
  assert.deepEqual(sent.pop(), ["bumps", [{ place: 3, size: 1 }, { place: 0.5, size: 1 }]]);
});

test("arrows up and down turn a typed number by one step", () => {
  const { field, sent } = setUp();
  field("bumps.0.place").fire("keydown", { key: "ArrowUp" });
  assert.deepEqual(sent.pop(), ["bumps.0.place", -1.9]);
});

test("Escape gives a half-typed number back", () => {
  const { field, sent } = setUp();
  field("toy.pace").value = "77";
  field("toy.pace").fire("input");
  field("toy.pace").fire("keydown", { key: "Escape" });
  assert.equal(field("toy.pace").value, "0.1");
  assert.deepEqual(sent, []);
});

test("boxes and menus send what they show", () => {
  const { find, sent } = setUp();
  const box = find('input[name="loud"]');
  box.checked = true;
  box.fire("change");
  const menu = find('select[name="mood"]');
  menu.value = "very_calm";
  menu.fire("change");
  assert.deepEqual(sent, [["loud", true], ["mood", "very_calm"]]);
});

test("hidden paths have no controls, and a disabled panel takes nothing", () => {
  const { panel, slots, control } = setUp({ isHidden: (path) => path.startsWith("box") });
  assert.equal(control("box.toy.pace"), undefined);
  panel.disable(true);
  assert.ok(slots.every((slot) => slot.querySelector("fieldset").disabled));
});
