// As much of a DOM as the controls need: elements with attributes, children, properties and events, found by simple selectors.

export class FakeElement {
  constructor(tag) {
    this.tagName = tag.toUpperCase();
    this.attributes = new Map();
    this.childNodes = [];
    this.parent = null;
    this.listeners = {};
    this.properties = {};
    this.style = { setProperty: (name, value) => (this.style[name] = value) };
    this.classList = {
      add: (...names) => this.#setClasses((set) => names.forEach((name) => set.add(name))),
      remove: (...names) => this.#setClasses((set) => names.forEach((name) => set.delete(name))),
      toggle: (name, on) => this.#setClasses((set) => (on ? set.add(name) : set.delete(name))),
      contains: (name) => this.#classes().has(name),
    };
  }

  #classes() {
    return new Set((this.attributes.get("class") ?? "").split(" ").filter(Boolean));
  }

  #setClasses(change) {
    const set = this.#classes();
    change(set);
    this.attributes.set("class", [...set].join(" "));
  }

  get children() {
    return this.childNodes.filter((child) => child instanceof FakeElement);
  }

  get childElementCount() {
    return this.children.length;
  }

  get lastElementChild() {
    return this.children.at(-1) ?? null;
  }

  get dataset() {
    return Object.fromEntries(
      [...this.attributes].filter(([name]) => name.startsWith("data-")).map(([name, value]) => [name.slice(5), value]),
    );
  }

  get textContent() {
    return this.childNodes.map((child) => (child instanceof FakeElement ? child.textContent : child)).join("");
  }

  set textContent(text) {
    this.childNodes = text === "" ? [] : [text];
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  removeAttribute(name) {
    this.attributes.delete(name);
  }

  addEventListener(type, listener) {
    (this.listeners[type] ??= []).push(listener);
  }

  /** Dispatch to this element's own listeners, as the tests need it. */
  fire(type, event = {}) {
    const full = { type, target: this, preventDefault: () => (full.defaultPrevented = true), ...event };
    for (const listener of this.listeners[type] ?? []) listener(full);
    return full;
  }

  replaceWith(...nodes) {
    const siblings = [...this.parent.childNodes];
    siblings.splice(siblings.indexOf(this), 1, ...nodes);
    this.parent.replaceChildren(...siblings);
  }

  append(...nodes) {
    for (const node of nodes) {
      if (node instanceof FakeElement) {
        node.remove();
        node.parent = this;
      }
      this.childNodes.push(node);
    }
  }

  replaceChildren(...nodes) {
    for (const child of this.children) child.parent = null;
    this.childNodes = [];
    this.append(...nodes);
  }

  insertBefore(node, before) {
    node.remove();
    node.parent = this;
    const index = before === null ? this.childNodes.length : this.childNodes.indexOf(before);
    this.childNodes.splice(index, 0, node);
    this.moves = (this.moves ?? 0) + 1;
  }

  remove() {
    if (!this.parent) return;
    this.parent.childNodes = this.parent.childNodes.filter((child) => child !== this);
    this.parent = null;
  }

  closest(selector) {
    for (let node = this; node; node = node.parent) {
      if (node.#matches(selector)) return node;
    }
    return null;
  }

  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  querySelectorAll(selector) {
    const found = this.children.flatMap((child) => [...(child.#matches(selector) ? [child] : []), ...child.querySelectorAll(selector)]);
    return found;
  }

  /** "tag", ".class", "[name]", '[name="value"]', and those in a row. */
  #matches(selector) {
    const [, tag, rest] = /^([a-z]*)(.*)$/.exec(selector);
    if (tag && tag.toUpperCase() !== this.tagName) return false;
    return [...rest.matchAll(/\.([\w-]+)|\[([\w-]+)(?:="([^"]*)")?\]/g)].every(([, name, attribute, value]) => {
      if (name) return this.#classes().has(name);
      return value === undefined ? this.attributes.has(attribute) : this.attributes.get(attribute) === value;
    });
  }
}

// Properties that the code writes and reads and that no layout depends on.
for (const name of ["value", "checked", "disabled", "hidden", "title", "open", "min", "max", "step"]) {
  Object.defineProperty(FakeElement.prototype, name, {
    get() {
      return this.properties[name] ?? (this.attributes.has(name) ? this.attributes.get(name) : "");
    },
    set(value) {
      this.properties[name] = value;
    },
  });
}

export function installFakeDom() {
  globalThis.document = { createElement: (tag) => new FakeElement(tag) };
  return (tag) => new FakeElement(tag);
}
