/** Compose: a sample or a text of one's own, as a form and as JSON in step, and the customer's settings. */

import { later, make, part, say, told } from "./dom.js";
import { Form } from "./form.js";
import { isObject, read, write } from "./json.js";
import { get, post } from "./server.js";

export class Compose {
  #text = part("text", HTMLTextAreaElement);
  #kind = part("kind", HTMLSelectElement);
  #verdict = part("verdict", HTMLElement);
  #fields = part("fields", HTMLElement);
  #settings = part("settings", HTMLElement);
  #many = part("many", HTMLInputElement);
  /** @type {{schemas: any, types: {[type: string]: string}} | null} */
  #classes = null;
  /** @type {Form | null} */
  #form = null;
  /** @type {any} */
  #value = null;
  #check = later(150, () => void told(() => this.#checked()));
  #way;

  /** @param {() => string} way gives the transport */
  constructor(way) {
    this.#way = way;
    this.#text.addEventListener("input", () => {
      this.#drawForm();
      this.#check();
    });
    part("sample", HTMLElement).onclick = () => void told(() => this.sample());
    this.#kind.onchange = () => void told(() => this.sample());
    part("send", HTMLElement).onclick = () => void told(() => this.send());
    part("send-many", HTMLElement).onclick = () => void told(() => this.sendMany());
    part("play", HTMLElement).onclick = () => void told(() => this.play());
    this.#settings.onsubmit = (event) => event.preventDefault();
    part("form-box", HTMLDetailsElement).ontoggle = () => this.#drawForm();
  }

  /** Take the settings that are registered now. */
  async load() {
    /** @type {any[]} */
    const settings = await get("settings");
    const before = this.#entered();
    this.#settings.replaceChildren(...settings.map((it) => this.#setting(it, before[it.id])));
    if (!settings.length) this.#settings.append(make("p", { class: "quiet" }, "The integration registers no settings."));
    if (!this.#text.value) await this.sample();
  }

  /** Make up a message of the chosen kind. */
  async sample() {
    const { text } = await post("sample", { kind: this.#kind.value, settings: this.#entered() });
    this.show(text);
  }

  /**
   * Put a message into the editor.
   * @param {string} text
   */
  show(text) {
    this.#text.value = text;
    this.#drawForm();
    this.#check();
  }

  async send() {
    const { numbers } = await post("send", { texts: [this.#text.value], way: this.#way() });
    say(`Sent as #${numbers[0]}.`);
  }

  async sendMany() {
    const count = Number(this.#many.value);
    const { numbers } = await post("samples", { kind: this.#kind.value, settings: this.#entered(), way: this.#way(), count });
    say(`Sent ${numbers.length} samples.`);
  }

  /** Have mParticle's traffic of a day sent over HTTP, and show its ledger. */
  async play() {
    const button = part("play", HTMLButtonElement);
    button.disabled = true;
    say("A day is played; its messages come in over HTTP.");
    try {
      const { rows, said } = await post("play", { messages: Number(this.#many.value) });
      const facts = ["account", "family", "sent", "acknowledged", "refused", "lost", "p99_ms"];
      const cells = (/** @type {"th" | "td"} */ tag, /** @type {string[]} */ texts) => make("tr", {}, ...texts.map((it) => make(tag, {}, it)));
      const table = make("table", {}, make("thead", {}, cells("th", facts)), make("tbody", {}, ...rows.map((/** @type {any} */ row) => cells("td", facts.map((it) => String(row[it]))))));
      part("day", HTMLElement).replaceChildren(...(rows.length ? [table] : []), make("pre", {}, said));
    } finally {
      button.disabled = false;
    }
    return "The day is over.";
  }

  async #checked() {
    const { problem, path, type } = await post("check", { text: this.#text.value });
    this.#verdict.textContent = problem ? `✗ ${path}: ${problem}` : `✓ ${type}`;
    this.#verdict.className = problem ? "bad-text" : "good-text";
    this.#text.setAttribute("aria-invalid", String(Boolean(problem)));
  }

  #drawForm() {
    if (!part("form-box", HTMLDetailsElement).open) return;
    void told(async () => {
      this.#classes ??= await get("schemas");
      const classes = this.#classes;
      if (!classes) return;
      this.#form ??= new Form(classes.schemas, () => {
        this.#text.value = write(this.#value);
        this.#check();
      });
      try {
        this.#value = read(this.#text.value);
      } catch {
        return; // the verdict says what is wrong with it; the form stays as it was
      }
      const form = this.#form;
      this.#fields.replaceChildren(isObject(this.#value) ? form.fieldsOf(this.#value, classes.types[this.#value.type] ?? "") : make("p", {}, "It is no JSON object."));
    });
  }

  /** @returns {{[id: string]: string}} */
  #entered() {
    /** @type {NodeListOf<HTMLInputElement>} */
    const inputs = this.#settings.querySelectorAll("input[data-id]");
    return Object.fromEntries([...inputs].map((it) => [it.dataset.id, it.type === "checkbox" ? String(it.checked) : it.value]));
  }

  /**
   * @param {any} setting
   * @param {string | undefined} before what was entered for it
   */
  #setting(setting, before) {
    const id = `setting-${setting.id}`;
    const value = before ?? setting.value;
    const isNumeric = setting.type === "integer" || setting.type === "float";
    const input =
      setting.type === "boolean"
        ? make("input", { id, type: "checkbox", "data-id": setting.id, checked: value === "true" })
        : make("input", {
            id,
            "data-id": setting.id,
            type: setting.confidential ? "password" : isNumeric ? "number" : "text",
            min: setting.min_value ?? null,
            max: setting.max_value ?? null,
            step: isNumeric ? "any" : null,
            required: setting.required,
            value,
            autocomplete: "off",
          });
    input.addEventListener("change", () => void told(() => this.#enter()));
    const hidden = setting.visible === false ? " (hidden from customers)" : "";
    const about = make("small", { class: "quiet", id: `${id}-about` }, `${setting.description ?? ""}${hidden}`);
    input.setAttribute("aria-describedby", about.id);
    return make("div", { class: "field" }, make("label", { for: id }, `${setting.name}${setting.required ? " *" : ""}`), make("span", {}, input, about));
  }

  async #enter() {
    const { text } = await post("enter", { text: this.#text.value, settings: this.#entered() });
    this.show(text);
  }
}

