/** A form for a JSON value, made from the schema of its message class, and in step with it. */

import { button, make } from "./dom.js";
import { copied, isNumber, isObject } from "./json.js";

/** @typedef {{[name: string]: any}} Schema */

export class Form {
  #schemas;
  #changed;
  /** @type {Set<string>} */
  #open = new Set();

  /**
   * @param {{[name: string]: Schema}} schemas by class
   * @param {() => void} changed is told when the value was changed in place
   */
  constructor(schemas, changed) {
    this.#schemas = schemas;
    this.#changed = changed;
  }

  /**
   * Make the fields of an object.
   * @param {{[name: string]: any}} value
   * @param {string} schema the name of its class
   */
  fieldsOf(value, schema) {
    return this.#object(value, this.#schemas[schema] ?? {}, schema);
  }

  /**
   * @param {Schema} schema
   * @param {unknown} value
   * @returns {Schema}
   */
  #resolved(schema, value) {
    if (schema.$ref) return this.#resolved(this.#schemas[schema.$ref.split("/").pop()] ?? {}, value);
    const choices = schema.anyOf?.filter((/** @type {Schema} */ it) => it.type !== "null") ?? [];
    const mapping = schema.discriminator?.mapping;
    if (mapping && isObject(value) && mapping[value.type]) return this.#resolved({ $ref: mapping[value.type] }, value);
    const best = choices.find((/** @type {Schema} */ it) => fits(it, value)) ?? choices[0];
    return best ? this.#resolved(best, value) : schema;
  }

  /**
   * @param {{[name: string]: any}} value
   * @param {Schema} schema
   * @param {string} path
   * @returns {HTMLElement}
   */
  #object(value, schema, path) {
    const known = schema.properties ?? {};
    const box = make("div", { class: "fields" });
    const draw = () => {
      box.replaceChildren(
        ...Object.keys(value).map((name) =>
          this.#field(value, name, known[name] ?? schema.additionalProperties ?? {}, `${path}.${name}`, draw),
        ),
        this.#adder(value, known, Boolean(schema.additionalProperties), path, draw),
      );
    };
    draw();
    return box;
  }

  /**
   * @param {any} holder an object or a list
   * @param {string | number} name
   * @param {Schema} schema
   * @param {string} path
   * @param {() => void} redraw
   */
  #field(holder, name, schema, path, redraw) {
    const value = holder[name];
    const is = this.#resolved(schema, value);
    const remove = () => {
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else delete holder[name];
      this.#changed();
      redraw();
    };
    const gone = button("×", remove, { class: "remove", "aria-label": `Remove ${path}` });
    if (isObject(value) || Array.isArray(value)) return this.#nested(value, String(name), is, path, gone);
    const id = `field-${path}`;
    const input = this.#input(value, is, id, (changed) => {
      holder[name] = changed;
      this.#changed();
    });
    return make("div", { class: "field" }, make("label", { for: id, title: is.description ?? null }, String(name)), input, gone);
  }

  /**
   * @param {any} value
   * @param {string} name
   * @param {Schema} schema
   * @param {string} path
   * @param {HTMLElement} gone
   */
  #nested(value, name, schema, path, gone) {
    const size = Array.isArray(value) ? value.length : Object.keys(value).length;
    const about = isObject(value) && value.type ? ` ${value.type}` : ` (${size})`;
    const box = make("details", { class: "nested" }, make("summary", {}, `${name}${about}`));
    const fill = () => {
      const content = Array.isArray(value) ? this.#list(value, schema.items ?? {}, path) : this.#object(value, schema, path);
      box.replaceChildren(...[...box.children].slice(0, 1), content, gone);
    };
    box.addEventListener("toggle", () => {
      if (box.open) {
        this.#open.add(path);
        if (box.children.length === 1) fill();
      } else this.#open.delete(path);
    });
    if (this.#open.has(path)) {
      box.open = true;
      fill();
    }
    return box;
  }

  /**
   * @param {any[]} value
   * @param {Schema} items
   * @param {string} path
   */
  #list(value, items, path) {
    const box = make("div", { class: "fields" });
    const draw = () => {
      const add = () => {
        value.push(copied(value.at(-1) ?? this.#empty(items)));
        this.#changed();
        draw();
      };
      box.replaceChildren(...value.map((_, index) => this.#field(value, index, items, `${path}.${index}`, draw)), button("Add one", add));
    };
    draw();
    return box;
  }

  /**
   * @param {{[name: string]: any}} value
   * @param {{[name: string]: Schema}} known
   * @param {boolean} isOpen whether it may have any name
   * @param {string} path
   * @param {() => void} redraw
   */
  #adder(value, known, isOpen, path, redraw) {
    const missing = Object.keys(known).filter((name) => !(name in value));
    if (!missing.length && !isOpen) return make("span");
    const add = (/** @type {string} */ name) => {
      if (!name || name in value) return;
      value[name] = this.#empty(known[name] ?? { type: "string" });
      this.#changed();
      redraw();
    };
    const label = `Add a field to ${path}`;
    if (isOpen) {
      const input = make("input", { "aria-label": label, placeholder: "add a name, Enter", autocomplete: "off" });
      input.addEventListener("keydown", (event) => event.key === "Enter" && add(input.value));
      return input;
    }
    const select = make("select", { "aria-label": label }, make("option", { value: "" }, "add a field …"), ...missing.map((name) => make("option", {}, name)));
    select.addEventListener("change", () => add(select.value));
    return select;
  }

  /**
   * @param {any} value
   * @param {Schema} schema
   * @param {string} id
   * @param {(value: unknown) => void} set
   */
  #input(value, schema, id, set) {
    if (schema.type === "boolean" || typeof value === "boolean") {
      const box = make("input", { id, type: "checkbox", checked: value === true });
      box.addEventListener("change", () => set(box.checked));
      return box;
    }
    /** @type {string[] | undefined} */
    const words = schema.enum;
    if (words) {
      const select = make("select", { id }, ...[...new Set([value, ...words])].map((word) => make("option", { selected: word === value }, String(word))));
      select.addEventListener("change", () => set(select.value));
      return select;
    }
    const numeric = isNumber(value) || schema.type === "integer" || schema.type === "number";
    const text = value === null ? "" : JSON.isRawJSON(value) ? value.rawJSON : String(value);
    const list = schema.examples ? `${id}-words` : null;
    const input = make("input", { id, value: text, list, inputmode: numeric ? "decimal" : null, autocomplete: "off", spellcheck: "false" });
    input.addEventListener("input", () => set(numeric ? numberOf(input.value) : input.value));
    if (!list) return input;
    return make("span", {}, input, make("datalist", { id: list }, ...schema.examples.map((/** @type {string} */ word) => make("option", { value: word }))));
  }

  /**
   * @param {Schema} schema
   * @returns {unknown}
   */
  #empty(schema) {
    const is = this.#resolved(schema, undefined);
    if (is.type === "object") return Object.fromEntries((is.required ?? []).map((/** @type {string} */ name) => [name, this.#empty(is.properties[name])]));
    if (is.type === "array") return [];
    if (is.type === "boolean") return false;
    if (is.type === "integer" || is.type === "number") return 0;
    return is.enum?.[0] ?? is.examples?.[0] ?? "";
  }
}

/**
 * @param {Schema} schema
 * @param {unknown} value
 */
function fits(schema, value) {
  if (isNumber(value)) return schema.type === "integer" || schema.type === "number";
  return schema.type === typeof value || (schema.type === "array" && Array.isArray(value));
}

/** @param {string} text */
function numberOf(text) {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) || text.includes(".") ? number : JSON.rawJSON(text);
}
