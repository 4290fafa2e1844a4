/** Disturb: what the stand-in answers, path by path. */

import { button, make, part, told } from "./dom.js";
import { post } from "./server.js";

const KINDS = [
  ["200", "200 as usual", { status: 200 }],
  ["401", "401 unauthorized", { status: 401 }],
  ["429", "429 busy", { status: 429, retry_after: 5 }],
  ["500", "500 broken", { status: 500 }],
  ["reset", "connection cut", { resets: true }],
];

export class Disturb {
  #list = part("disturbances", HTMLElement);
  /** @type {string} */
  #shown = "";
  /** @type {Promise<void>} */
  #applied = Promise.resolve();

  constructor() {
    part("disturb-add", HTMLElement).onclick = () => {
      this.#list.append(this.#rule({ path: "", share: 100, status: 500, seconds: 0, body: "" }));
      this.#apply();
    };
    part("disturb-none", HTMLElement).onclick = () => {
      this.#list.replaceChildren();
      this.#apply();
    };
  }

  /**
   * Show what is in force, unless this page said it last.
   * @param {any[]} disturbances
   */
  show(disturbances) {
    const text = JSON.stringify(disturbances);
    if (text === this.#shown) return;
    this.#shown = text;
    if (text !== JSON.stringify(sorted(this.#rules()))) this.#list.replaceChildren(...disturbances.map((it) => this.#rule(it)));
  }

  /** @param {any} rule */
  #rule(rule) {
    const apply = () => this.#apply();
    const kind = rule.resets ? "reset" : String(rule.status);
    const kinds = KINDS.some(([name]) => name === kind) ? KINDS : [...KINDS, [kind, kind, { status: rule.status }]];
    const select = make("select", { "data-part": "kind", onchange: apply }, ...kinds.map(([name, label]) => make("option", { value: name, selected: name === kind }, String(label))));
    const box = make("fieldset", { class: "card rule" });
    const body = make("input", { type: "file" });
    body.addEventListener("change", () =>
      told(async () => {
        box.dataset.body = (await body.files?.[0]?.text()) ?? "";
        apply();
      }),
    );
    box.dataset.body = rule.body ?? "";
    const path = make("input", { "data-part": "path", value: rule.path, placeholder: "every path", onchange: apply });
    const again = make("input", { "data-part": "retry_after", type: "number", min: "0", max: "86400", value: rule.retry_after ?? "", onchange: apply });
    box.append(
      make("legend", {}, "Calls"),
      labelled("Path", path),
      labelled("Answer", select),
      labelled("Retry-After, seconds", again),
      slider("Share", "share", rule.share, 100, 5, "%", apply),
      slider("Delay", "seconds", rule.seconds, 10, 0.05, " s", apply),
      labelled("Body from a file", body),
      button("Remove", () => {
        box.remove();
        apply();
      }),
    );
    return box;
  }

  #rules() {
    return [...this.#list.querySelectorAll("fieldset")].map((box) => {
      const value = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (box.querySelector(`[data-part=${name}]`)).value;
      const kind = value("kind");
      const again = value("retry_after");
      return {
        path: value("path"),
        share: Number(value("share")),
        status: kind === "reset" ? 200 : Number(kind),
        retry_after: again === "" ? null : Number(again),
        seconds: Number(value("seconds")),
        resets: kind === "reset",
        body: box.dataset.body ?? "",
      };
    });
  }

  #apply() {
    const rules = this.#rules();
    this.#shown = JSON.stringify(sorted(rules));
    // One after the other: what was asked for last has to be in force.
    this.#applied = this.#applied.then(() =>
      told(async () => {
        await post("disturb", { chosen: rules });
        return rules.length ? `Disturbances in force: ${rules.length}.` : "Nothing is disturbed.";
      }),
    );
  }
}

/** @param {any[]} rules */
function sorted(rules) {
  return [...rules].sort((a, b) => b.path.length - a.path.length);
}

/**
 * @param {string} text
 * @param {HTMLElement} input
 */
function labelled(text, input) {
  return make("label", { class: "field" }, make("span", {}, text), input);
}

/**
 * @param {string} text
 * @param {string} name
 * @param {number} value
 * @param {number} max
 * @param {number} step
 * @param {string} unit
 * @param {() => void} apply
 */
function slider(text, name, value, max, step, unit, apply) {
  const shown = make("output", {}, `${value}${unit}`);
  const input = make("input", { "data-part": name, type: "range", min: "0", max, step, value, onchange: apply });
  input.addEventListener("input", () => (shown.textContent = `${input.value}${unit}`));
  return make("label", { class: "field" }, make("span", {}, `${text} `, shown), input);
}
