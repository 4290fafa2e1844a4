/** Elements from names and contents; every text is text and never markup. */

/**
 * Make an element. Properties that begin with `on` are listeners, the others attributes; null and
 * false leave one out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {{[name: string]: any}} properties
 * @param {...(Node | string | null)} content
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...content.filter((it) => it !== null));
  return element;
}

/**
 * Give an element of the page, which has it.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function part(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${id}`);
  return element;
}

/**
 * @param {string} label
 * @param {() => unknown} act
 * @param {{[name: string]: any}} properties
 */
export function button(label, act, properties = {}) {
  return make("button", { type: "button", onclick: act, ...properties }, label);
}

/**
 * Call something once, when nothing has asked for it for a while.
 * @param {number} milliseconds
 * @param {() => void} act
 */
export function later(milliseconds, act) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(act, milliseconds);
  };
}

/** @param {string} text */
export function say(text) {
  part("said", HTMLElement).textContent = text;
}

/**
 * Do something and say what it says, or what stood in its way.
 * @param {() => Promise<string | void>} act
 */
export async function told(act) {
  try {
    const text = await act();
    if (text) say(text);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}
