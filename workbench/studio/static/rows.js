/** The messages as rows: thousands of them, of which only those in sight have elements. */

import { make, part } from "./dom.js";

/**
 * @typedef {object} Row
 * @property {number} n
 * @property {number} at
 * @property {string} type
 * @property {string} id
 * @property {string} way
 * @property {string} state
 * @property {number | null} status
 * @property {number | null} ms
 * @property {number} limit
 * @property {number} calls
 * @property {number} tries
 * @property {string} error
 * @property {number | null} due
 */

const HEIGHT = 52;
const MOST = 10_000;
const SLACK = 500;
const GOOD = new Set(["answered", "delivered"]);
const BAD = new Set(["failed", "rejected", "dead"]);

export class Rows {
  #list = part("rows", HTMLElement);
  #space = part("rows-space", HTMLElement);
  #count = part("count", HTMLElement);
  /** @type {Map<number, Row>} */
  #rows = new Map();
  /** @type {number[]} every number, the newest first */
  #order = [];
  /** @type {number[]} those that the filter lets through */
  #shown = [];
  /** @type {HTMLElement[]} */
  #elements = [];
  #text = "";
  #state = "";
  #scheduled = false;
  #selected = 0;
  /** @type {(row: Row) => void} */
  onselect = () => {};

  constructor() {
    this.#list.addEventListener("scroll", () => this.#schedule(), { passive: true });
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("click", (event) => {
      const row = event.target instanceof Element ? event.target.closest("[data-n]") : null;
      if (row instanceof HTMLElement) this.select(Number(row.dataset.n));
    });
    new ResizeObserver(() => this.#schedule()).observe(this.#list);
  }

  /** The row that is looked at. */
  get selected() {
    return this.#rows.get(this.#selected) ?? null;
  }

  /** @param {Row[]} rows */
  take(rows) {
    const fresh = rows.filter((row) => !this.#rows.has(row.n)).map((row) => row.n);
    for (const row of rows) this.#rows.set(row.n, row);
    if (fresh.length) this.#order = [...fresh, ...this.#order].sort((a, b) => b - a);
    if (this.#order.length > MOST + SLACK) this.#order.splice(MOST).forEach((number) => this.#rows.delete(number));
    this.#schedule();
  }

  clear() {
    this.#rows.clear();
    this.#order = [];
    this.#selected = 0;
    this.#schedule();
  }

  /**
   * @param {string} text
   * @param {string} state
   */
  filter(text, state) {
    this.#text = text.trim().toLowerCase();
    this.#state = state;
    this.#list.scrollTop = 0;
    this.#schedule();
  }

  /** @param {number} number */
  select(number) {
    const row = this.#rows.get(number);
    if (!row) return;
    this.#selected = number;
    this.#schedule();
    this.onselect(row);
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  /** @param {number} number */
  #isWanted(number) {
    const row = this.#rows.get(number);
    if (!row) return false;
    if (this.#state && row.state !== this.#state) return false;
    return !this.#text || `${row.type} ${row.id} ${row.way} ${row.error} ${row.status}`.toLowerCase().includes(this.#text);
  }

  #draw() {
    const isFiltered = this.#text || this.#state;
    this.#shown = isFiltered ? this.#order.filter((number) => this.#isWanted(number)) : this.#order;
    this.#count.textContent = `${this.#shown.length} of ${this.#rows.size}`;
    this.#space.style.height = `${this.#shown.length * HEIGHT}px`;
    const first = Math.max(0, Math.floor(this.#list.scrollTop / HEIGHT) - 4);
    const many = Math.min(this.#shown.length - first, Math.ceil(this.#list.clientHeight / HEIGHT) + 8);
    while (this.#elements.length < many) {
      const element = make("div", { class: "row", role: "option" }, make("b"), make("span"), make("span", { class: "quiet" }), make("span"));
      this.#elements.push(element);
      this.#space.append(element);
    }
    this.#elements.forEach((element, index) => {
      const row = index < many ? this.#rows.get(this.#shown[first + index]) : undefined;
      element.hidden = !row;
      if (row) this.#fill(element, row, first + index);
    });
    const active = this.#elements.find((it) => !it.hidden && it.dataset.n === String(this.#selected));
    if (active) this.#list.setAttribute("aria-activedescendant", active.id);
    else this.#list.removeAttribute("aria-activedescendant");
  }

  /**
   * @param {HTMLElement} element
   * @param {Row} row
   * @param {number} index
   */
  #fill(element, row, index) {
    element.id = `row-${row.n}`;
    element.dataset.n = String(row.n);
    element.style.transform = `translateY(${index * HEIGHT}px)`;
    element.setAttribute("aria-selected", String(row.n === this.#selected));
    element.setAttribute("aria-posinset", String(index + 1));
    element.setAttribute("aria-setsize", String(this.#shown.length));
    const kind = GOOD.has(row.state) ? "good" : BAD.has(row.state) ? "bad" : "warn";
    const late = row.ms !== null && row.ms > row.limit;
    const [type, state, facts, time] = element.children;
    put(type, row.type || "no message");
    put(state, row.state, `badge ${kind}`);
    put(facts, about(row));
    put(time, row.ms === null ? "" : `${row.ms.toFixed(1)} ms`, late ? "late" : "quiet");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.#shown.indexOf(this.#selected);
    const page = Math.max(1, Math.floor(this.#list.clientHeight / HEIGHT) - 1);
    /** @type {{[key: string]: number}} */
    const moves = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.#shown.length - 1,
    };
    if (!(event.key in moves) || !this.#shown.length) return;
    event.preventDefault();
    const to = Math.min(this.#shown.length - 1, Math.max(0, moves[event.key]));
    const top = to * HEIGHT;
    if (top < this.#list.scrollTop) this.#list.scrollTop = top;
    const bottom = top + HEIGHT - this.#list.clientHeight;
    if (bottom > this.#list.scrollTop) this.#list.scrollTop = bottom;
    this.select(this.#shown[to]);
  }
}

/**
 * Change an element only where it differs: what stays needs no new layout.
 * @param {Element} element
 * @param {string} text
 * @param {string} [className]
 */
function put(element, text, className) {
  if (element.textContent !== text) element.textContent = text;
  if (className && element.className !== className) element.className = className;
}

/** @param {Row} row */
function about(row) {
  const calls = row.calls === 1 ? "1 call" : `${row.calls} calls`;
  const tries = row.tries ? `, worker ${row.tries}×` : "";
  const error = row.error ? `, ${row.error}` : "";
  return `#${row.n} ${row.way} ${row.status ?? ""}, ${calls}${tries}${error}`;
}
