// @ts-check
/**
 * The server's JSON schema and the present config, flattened to an ordered list of controls. Bounds, scale, help and
 * effect come from the schema's `x-knob`; this module knows no setting, loss, optimizer or target by name.
 */

import { words } from "../format.js";

/** @typedef {Record<string, any>} JsonSchema */
/** @typedef {"number"|"boolean"|"choice"|"union"|"layers"|"modes"|"levels"|"numbers"|"text"} ControlKind */
/** @typedef {{value: string, label: string, help: string}} Option */
/** @typedef {""|"position"|"width"|"width_left"|"weight"|"curve"} Drag */

/**
 * @typedef {object} Control
 * @property {string} path dotted path into the config
 * @property {ControlKind} kind
 * @property {string} label
 * @property {string} help
 * @property {"live"|"network"|"restart"} effect
 * @property {boolean} essential always shown; other settings are folded
 * @property {boolean} whole only whole numbers
 * @property {number|null} low of the value; of the length for lists
 * @property {number|null} high
 * @property {"linear"|"log"} scale
 * @property {number|null} step
 * @property {string} unit
 * @property {string[]} overrides paths of settings, or of groups, that have no effect while this one is on
 * @property {Drag} drag how it can be dragged in the data chart
 * @property {unknown} default
 * @property {Option[]} options for choices and unions
 * @property {Control[]} items for lists: the one number, or the fields of a row
 * @property {string} section label of the object that holds the setting; "" for the object of the first path segment
 * @property {string} panel name of the part of the page that shows the setting
 */

/**
 * @param {JsonSchema} schema
 * @param {Record<string, any>} config
 * @returns {Control[]}
 */
export function controlsOf(schema, config) {
  return Object.entries(schema.properties ?? {}).flatMap(([name, raw]) => {
    const field = resolve(schema, raw);
    const panel = field["x-knob"]?.panel || name;
    return controlsAt(schema, field, config[name], name, name, "").map((control) => ({ ...control, panel }));
  });
}

/**
 * The paths of all settings and groups of settings, for every choice of kinds.
 * @param {JsonSchema} schema
 * @returns {string[]}
 */
export function pathsOf(schema) {
  return [...new Set(pathsIn(schema, schema, ""))];
}

/**
 * @param {JsonSchema} root
 * @param {JsonSchema} object
 * @param {string} prefix
 * @returns {string[]}
 */
function pathsIn(root, object, prefix) {
  return Object.entries(object.properties ?? {}).flatMap(([name, raw]) => {
    const field = resolve(root, raw);
    if ("const" in field) return [];
    const members = Object.values(field.discriminator?.mapping ?? {}).map((ref) => resolve(root, { $ref: ref }));
    return [prefix + name, ...[field, ...members].flatMap((inner) => pathsIn(root, inner, `${prefix}${name}.`))];
  });
}

/**
 * The value at a dotted path; undefined if there is none.
 * @param {any} config
 * @param {string} path
 * @returns {any}
 */
export function settingAt(config, path) {
  return path.split(".").reduce((value, key) => value?.[key], config);
}

/**
 * The setting that leaves another one without effect; undefined if there is none.
 * @param {Control[]} controls all controls @param {Record<string, any>} config @param {string} path of the other setting
 */
export function overridingControl(controls, config, path) {
  return controls.find(
    (each) => each.path !== path && each.overrides.some((start) => `${path}.`.startsWith(`${start}.`)) && settingAt(config, each.path) === true,
  );
}

/**
 * @param {JsonSchema} root
 * @param {JsonSchema} object
 * @param {any} value
 * @param {string} prefix
 * @param {string} section
 * @returns {Control[]}
 */
function fieldsOf(root, object, value, prefix, section) {
  return Object.entries(object.properties ?? {}).flatMap(([name, raw]) => {
    const field = resolve(root, raw);
    if ("const" in field) return [];
    return controlsAt(root, field, value?.[name], prefix + name, name, section);
  });
}

/**
 * @param {JsonSchema} root
 * @param {JsonSchema} field
 * @param {any} value
 * @param {string} path
 * @param {string} name
 * @param {string} section
 * @returns {Control[]}
 */
function controlsAt(root, field, value, path, name, section) {
  if (field.oneOf) {
    const control = unionControl(root, field, path, name, section);
    const member = resolve(root, memberOf(root, field, value?.[discriminatorOf(field)]) ?? {});
    const isNested = path.includes(".");
    const fields = fieldsOf(root, member, value, `${path}.`, isNested ? control.label : "");
    // What belongs to a folded setting is folded with it.
    return [control, ...(isNested && !control.essential ? fields.map((inner) => ({ ...inner, essential: false })) : fields)];
  }
  if (field.properties) {
    const inner = path.includes(".") ? labelOf(field, name) : "";
    return fieldsOf(root, field, value, `${path}.`, inner);
  }
  return [{ ...leaf(root, field, path, name), section }];
}

/**
 * @param {JsonSchema} root
 * @param {JsonSchema} field
 * @param {string} path
 * @param {string} name
 * @returns {Control}
 */
function leaf(root, field, path, name) {
  const control = described(field, path, name);
  if (field.type === "array") {
    const item = resolve(root, field.items ?? {});
    const length = { low: control.low ?? field.minItems ?? 0, high: control.high ?? field.maxItems ?? null };
    if (!item.properties) {
      const kind = item.type === "integer" ? "layers" : control.drag === "curve" ? "levels" : "numbers";
      return { ...control, ...length, kind, items: [leaf(root, item, "", name)] };
    }
    const items = Object.entries(item.properties)
      .map(([key, raw]) => ({ key, field: resolve(root, raw) }))
      .filter((entry) => !("const" in entry.field))
      .map((entry) => leaf(root, entry.field, entry.key, entry.key));
    return { ...control, ...length, kind: "modes", items };
  }
  if (field.enum) {
    const options = field.enum.map((/** @type {unknown} */ value) => ({ value: String(value), label: words(String(value)), help: "" }));
    return { ...control, kind: "choice", options };
  }
  if (field.type === "boolean") return { ...control, kind: "boolean" };
  if (field.type === "number" || field.type === "integer") return { ...control, kind: "number" };
  return { ...control, kind: "text" };
}

/**
 * @param {JsonSchema} root
 * @param {JsonSchema} field
 * @param {string} path
 * @param {string} name
 * @param {string} section
 * @returns {Control}
 */
function unionControl(root, field, path, name, section) {
  const options = Object.entries(field.discriminator?.mapping ?? {}).map(([value, ref]) => {
    const member = resolve(root, { $ref: ref });
    return { value, label: member.title ?? words(value), help: member.description ?? "" };
  });
  return { ...described(field, path, name), kind: "union", options, section };
}

/**
 * The part of a control that is the same for every kind.
 * @param {JsonSchema} field
 * @param {string} path
 * @param {string} name
 * @returns {Control}
 */
function described(field, path, name) {
  const knob = field["x-knob"] ?? {};
  return {
    path,
    kind: "text",
    label: labelOf(field, name),
    help: knob.help || (field.oneOf ? "" : field.description) || "",
    effect: knob.effect ?? "live",
    essential: Boolean(knob.essential),
    whole: field.type === "integer",
    low: knob.low ?? field.minimum ?? null,
    high: knob.high ?? field.maximum ?? null,
    scale: knob.scale ?? "linear",
    step: knob.step ?? null,
    unit: knob.unit ?? "",
    drag: knob.drag ?? "",
    overrides: knob.overrides ?? [],
    default: field.default,
    options: [],
    items: [],
    section: "",
    panel: "",
  };
}

/**
 * @param {JsonSchema} field
 * @param {string} name
 * @returns {string}
 */
function labelOf(field, name) {
  return field["x-knob"]?.label || words(name);
}

/**
 * Resolve references. Keys beside a reference override those of its target.
 * @param {JsonSchema} root
 * @param {JsonSchema} field
 * @returns {JsonSchema}
 */
function resolve(root, field) {
  if (Array.isArray(field.allOf) && field.allOf.length === 1) {
    const { allOf, ...beside } = field;
    return { ...resolve(root, allOf[0]), ...beside };
  }
  if (typeof field.$ref !== "string") return field;
  const { $ref, ...beside } = field;
  const target = $ref.replace(/^#\//, "").split("/").reduce((part, key) => part?.[key], root);
  if (!target) throw new Error(`Expected the schema to define ${$ref}, but it does not.`);
  return { ...resolve(root, target), ...beside };
}

/** @param {JsonSchema} field */
function discriminatorOf(field) {
  return field.discriminator?.propertyName ?? "kind";
}

/**
 * The member of a union with this kind.
 * @param {JsonSchema} root
 * @param {JsonSchema} field
 * @param {string|undefined} kind
 * @returns {JsonSchema|null}
 */
function memberOf(root, field, kind) {
  const ref = kind === undefined ? undefined : field.discriminator?.mapping?.[kind];
  return ref ? resolve(root, { $ref: ref }) : null;
}
