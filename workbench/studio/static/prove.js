/** Prove: the contract with live results by cause, and the registration with its findings. */

import { make, part, told } from "./dom.js";
import { get, postLines } from "./server.js";

/** @type {{[state: string]: string}} */
const MARKS = { passed: "good", failed: "bad", advice: "warn", skipped: "pod" };

export class Prove {
  #results = part("contract-results", HTMLElement);
  #run = part("contract-run", HTMLButtonElement);

  constructor() {
    this.#run.onclick = () => void told(() => this.#contract());
    part("registration-show", HTMLElement).onclick = () => void told(() => this.registration());
  }

  async #contract() {
    this.#run.disabled = true;
    /** @type {any[]} */
    const outcomes = [];
    let end = { ended: -1, said: "" };
    try {
      await postLines("contract", (line) => {
        if ("ended" in line) end = line;
        else outcomes.push(line);
        this.#draw(outcomes);
      });
    } finally {
      this.#run.disabled = false;
    }
    if (end.said) this.#results.append(make("pre", {}, end.said));
    return verdict(outcomes, end.ended);
  }

  /** @param {any[]} outcomes */
  #draw(outcomes) {
    const last = outcomes.at(-1);
    const groups = Map.groupBy(outcomes, (it) => (it.state === "passed" ? "Passed" : it.cause || it.state));
    const ordered = [...groups].sort(([a], [b]) => Number(a === "Passed") - Number(b === "Passed"));
    this.#results.replaceChildren(
      make("p", { class: "quiet" }, last ? `${last.number} of ${last.of} checks` : "It begins …"),
      ...ordered.map(([cause, checks]) =>
        make(
          "details",
          { open: checks[0].state === "failed" },
          make("summary", {}, make("span", { class: `badge ${MARKS[checks[0].state]}` }, checks[0].state), ` ${cause === "Passed" ? `${checks.length} checks` : cause}`),
          checks[0].next ? make("p", {}, `Next: ${checks[0].next}`) : null,
          make("ul", {}, ...checks.map((it) => make("li", {}, make("code", {}, it.check), ` ${it.demand} `, make("small", { class: "quiet" }, it.source), it.reason && it.reason !== cause ? make("p", {}, it.reason) : null))),
        ),
      ),
    );
  }

  async registration() {
    const { registration, findings, saved, difference } = await get("registration");
    part("registration", HTMLElement).replaceChildren(
      ...(findings.length
        ? [make("ul", {}, ...findings.map((/** @type {any} */ it) => make("li", {}, make("span", { class: `badge ${it.severity === "error" ? "bad" : "warn"}` }, it.severity), ` ${it.id} `, make("code", {}, it.path), ` ${it.text}`)))]
        : [make("p", { class: "good-text" }, "✓ Nothing that mParticle’s rules object to.")]),
      make("h4", {}, saved ? `Difference from ${saved}` : "No registration.json is saved here"),
      saved ? make("pre", {}, difference || "None.") : make("p", {}, make("code", {}, "firehose registration > registration.json")),
      make("details", {}, make("summary", {}, "The registration (JSON)"), make("pre", {}, registration)),
    );
  }
}

/**
 * Say what the checks came to; only those that all ran, and well, say that the contract holds.
 * @param {any[]} outcomes
 * @param {number} code the exit code of what ran them
 */
function verdict(outcomes, code) {
  const count = (/** @type {string} */ state) => outcomes.filter((it) => it.state === state).length;
  if (!outcomes.length) return "The contract could not be run.";
  if (count("failed")) return `${count("failed")} of ${outcomes.length} checks failed.`;
  if (code !== 0) return `The contract ended after ${outcomes.length} of ${outcomes[0].of} checks. Run it again.`;
  if (count("skipped")) return `Nobody knows whether the contract holds: ${count("skipped")} checks were skipped.`;
  return `The contract holds: ${outcomes.length} checks.`;
}
