/** What the page asks its server for. */

import { read } from "./json.js";

/** What the server says that it will not or cannot do. */
export class Problem extends Error {}

/**
 * Ask for something that changes nothing.
 * @param {string} name
 * @returns {Promise<any>}
 */
export async function get(name) {
  return answer(await fetch(`/studio/${name}`));
}

/**
 * Have something done.
 * @param {string} name
 * @param {unknown} [wish]
 * @returns {Promise<any>}
 */
export async function post(name, wish = {}) {
  return answer(await send(name, wish));
}

/**
 * Have something done that tells of itself line by line, each a JSON value.
 * @param {string} name
 * @param {(line: any) => void} take
 */
export async function postLines(name, take) {
  const response = await send(name, {});
  if (!response.body) throw new Problem("The server does not answer. Is the command still running?");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let begun = "";
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (begun + (value ?? "")).split("\n");
    begun = lines.pop() ?? "";
    lines.forEach((line) => take(read(line)));
    if (done) return;
  }
}

/**
 * @param {string} name
 * @param {unknown} wish
 */
function send(name, wish) {
  const headers = { "Content-Type": "application/json" };
  return fetch(`/studio/${name}`, { method: "POST", headers, body: JSON.stringify(wish) });
}

/** @param {Response} response */
async function answer(response) {
  const content = read(await response.text());
  if (!response.ok) throw new Problem(content.problem ?? `The server answered ${response.status}.`);
  return content;
}
