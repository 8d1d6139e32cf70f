// A small schema in the server's form, with a union, a row list, a width list and every simple kind; none of its names is known to the page.

const knob = (values) => ({ "x-knob": { label: "", help: "", low: null, high: null, scale: "linear", step: null, unit: "", effect: "live", essential: false, panel: "training", ...values } });

export const schema = {
  $defs: {
    Wheel: {
      type: "object",
      title: "Wheel",
      description: "It turns.",
      properties: {
        kind: { const: "wheel" },
        pace: { type: "number", default: 0.1, minimum: 1e-4, maximum: 1, ...knob({ low: 1e-4, high: 1, scale: "log", essential: true, help: "How fast." }) },
      },
    },
    Kite: {
      type: "object",
      title: "Kite",
      description: "It flies.",
      properties: {
        kind: { const: "kite" },
        pace: { $ref: "#/$defs/Wheel/properties/pace" },
        string_length: { type: "number", default: 5, ...knob({ low: 0, high: 10, step: 0.5, unit: "m", effect: "restart", help: "How far up." }) },
      },
    },
    Bump: {
      type: "object",
      properties: {
        place: { type: "number", default: 0, ...knob({ low: -5, high: 5, step: 0.1 }) },
        size: { type: "number", default: 1, ...knob({ low: 0.1, high: 3 }) },
      },
    },
    Box: { type: "object", properties: { toy: { ...union(), ...knob({ essential: true, help: "What to play with." }) } } },
  },
  properties: {
    seed: { type: "integer", default: 0, ...knob({ low: 0, high: 2 ** 32 - 1, effect: "restart" }) },
    toy: { ...union(), ...knob({ essential: true, panel: "", help: "What to play with." }) },
    widths: {
      type: "array",
      items: { type: "integer", minimum: 1, maximum: 64, ...knob({ low: 1, high: 64, effect: "network" }) },
      ...knob({ label: "layers", low: 0, high: 3, effect: "network", essential: true }),
    },
    bumps: { type: "array", items: { $ref: "#/$defs/Bump" }, minItems: 1, maxItems: 3, ...knob({}) },
    mood: { type: "string", enum: ["very_calm", "wild"], default: "wild", ...knob({}) },
    loud: { type: "boolean", default: false, ...knob({}) },
    name: { type: "string", default: "", ...knob({}) },
    box: { $ref: "#/$defs/Box", ...knob({}) },
  },
};

function union() {
  return {
    oneOf: [{ $ref: "#/$defs/Wheel" }, { $ref: "#/$defs/Kite" }],
    discriminator: { propertyName: "kind", mapping: { wheel: "#/$defs/Wheel", kite: "#/$defs/Kite" } },
  };
}

export const config = () => ({
  seed: 7,
  toy: { kind: "wheel", pace: 0.1 },
  widths: [16, 8],
  bumps: [
    { place: -2, size: 1 },
    { place: 2, size: 1 },
  ],
  mood: "wild",
  loud: false,
  name: "x",
  box: { toy: { kind: "kite", pace: 0.5, string_length: 5 } },
});
