/**
 * JSON whose large integers stay what they are: mParticle's ids have 64 bits, JavaScript's numbers 53.
 */

/** @typedef {null | boolean | number | string | Json[] | {[name: string]: Json}} Json */

/**
 * Parse a text; an integer that a number cannot hold becomes raw JSON, which `write` writes as it was.
 * @param {string} text
 * @returns {any}
 */
export function read(text) {
  return JSON.parse(text, (_name, value, context) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context.source)
      ? JSON.rawJSON(context.source)
      : value,
  );
}

/**
 * @param {unknown} value
 * @returns {string}
 */
export function write(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/**
 * Copy a value; `structuredClone` would make objects of large integers.
 * @param {unknown} value
 * @returns {any}
 */
export function copied(value) {
  return read(JSON.stringify(value));
}

/**
 * Whether a value is a number, large ones included.
 * @param {unknown} value
 */
export function isNumber(value) {
  return typeof value === "number" || JSON.isRawJSON(value);
}

/**
 * @param {unknown} value
 * @returns {value is {[name: string]: any}}
 */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}
