/** One message as a waterfall: decode, hooks, calls, what was raised, the answer, the worker's tries. */

import { button, make } from "./dom.js";
import { write } from "./json.js";

/** @typedef {{label: string, began: number, ms: number | null, kind: string, depth?: number, content?: Node | null}} Step */

/**
 * @param {any} detail
 * @param {(queued: string) => void} skip
 * @returns {Node[]}
 */
export function waterfall(detail, skip) {
  const parts = detail.passages.map((/** @type {any} */ passage) => passageOf(passage, detail));
  const [first, ...tries] = parts;
  const nodes = first ? [first, answered(detail), ...tries] : [];
  if (detail.queued_id) nodes.push(waiting(detail, skip));
  nodes.push(details("The message, secrets by name", write(detail.message ?? "It cannot be read.")));
  return nodes;
}

/**
 * @param {any} passage
 * @param {any} detail
 */
function passageOf(passage, detail) {
  const isEndpoint = passage.by === "endpoint";
  const steps = stepsOf(passage);
  const ends = steps.map((step) => step.began - passage.began + (step.ms ?? 0));
  const whole = Math.max(passage.ms ?? 0, ...ends, isEndpoint ? detail.limit * 1.05 : 1);
  const limit = isEndpoint
    ? make("i", { class: "limit", title: `mParticle’s limit, ${detail.limit} ms`, style: `left:${(100 * detail.limit) / whole}%` })
    : null;
  const title = isEndpoint ? `Endpoint: ${took(passage.ms)}` : attemptOf(passage);
  return make(
    "section",
    { class: "passage" },
    make("h3", {}, title),
    isEndpoint ? make("p", { class: "quiet" }, `The dashed line is mParticle’s limit, ${detail.limit} ms.`) : null,
    make(
      "ol",
      { class: "steps" },
      ...steps.map((step) => stepOf(step, passage.began, whole, limit)),
    ),
    ...passage.errors.map(errorOf),
    ...passage.refused_hosts.map((/** @type {string} */ host) => make("p", { class: "bad-text" }, `Refused: a connection to ${host}. Put the URL into [environment], or use --live.`)),
    passage.printed.length ? details("Printed", passage.printed.join("\n")) : null,
  );
}

/** @param {any} passage */
function attemptOf(passage) {
  const error = passage.error ? `, ${passage.error}` : "";
  const again = passage.wait_seconds ? `, again after ${passage.wait_seconds} s` : "";
  return `Worker, attempt ${passage.attempt}: ${passage.outcome}${error}${again}`;
}

/**
 * @param {any} passage
 * @returns {Step[]}
 */
function stepsOf(passage) {
  /** @type {Step[]} */
  const steps = [];
  if (passage.decoded !== null) steps.push({ label: "decode", began: passage.began, ms: passage.decoded, kind: "decode" });
  /** @type {number[]} */
  const ends = [];
  for (const hook of passage.hooks) {
    while (ends.length && ends[ends.length - 1] < hook.began) ends.pop();
    steps.push({ label: hook.name, began: hook.began, ms: hook.ms, kind: "hook", depth: ends.length });
    ends.push(hook.began + (hook.ms ?? Infinity));
  }
  for (const call of passage.calls) {
    const { status, resets } = call.answer;
    const kind = resets || status >= 400 ? "call refused" : "call";
    steps.push({ label: `${call.method} ${call.url} → ${resets ? "cut" : status}`, began: call.began, ms: call.ms, kind, content: callOf(call) });
  }
  steps.sort((a, b) => a.began - b.began);
  for (const it of passage.outcomes) {
    const where = it.where ? ` at ${it.where}` : "";
    steps.push({ label: `${it.outcome}${it.error ? `: ${it.error}${where}` : ""}`, began: passage.began + (passage.ms ?? 0), ms: 0, kind: "outcome" });
  }
  return steps;
}

/**
 * @param {Step} step
 * @param {number} start
 * @param {number} whole
 * @param {HTMLElement | null} limit
 */
function stepOf(step, start, whole, limit) {
  const left = (100 * (step.began - start)) / whole;
  const width = (100 * (step.ms ?? whole)) / whole;
  const bar = make("span", { class: `bar ${step.kind}`, style: `left:${left}%;width:${Math.min(width, 100 - left)}%` });
  const label = make("span", { class: "label", style: `padding-left:${step.depth ?? 0}rem` }, step.label);
  const time = make("span", { class: "quiet" }, step.kind === "outcome" ? "" : took(step.ms));
  const track = make("span", { class: "track", "aria-hidden": "true" }, bar, limit?.cloneNode() ?? null);
  const line = make("div", { class: "step" }, label, time, track);
  if (!step.content) return make("li", {}, line);
  return make("li", {}, make("details", {}, make("summary", {}, line), step.content));
}

/** @param {any} call */
function callOf(call) {
  const headers = Object.entries(call.headers).map(([name, value]) => `${name}: ${value}`).join("\n");
  const again = call.answer.retry_after === undefined ? "" : `\nRetry-After: ${call.answer.retry_after}`;
  const answer = call.answer.resets ? "The connection was cut." : `${call.answer.status}${again}\n${call.answer.body ? write(call.answer.body) : ""}`;
  return make("div", {}, make("h4", {}, "Sent"), pre(`${call.method} ${call.url}\n${headers}\n\n${call.body === null ? "" : write(call.body)}`), make("h4", {}, "Answered"), pre(answer));
}

/** @param {any} error */
function errorOf(error) {
  return make(
    "div",
    { class: "raised" },
    make("strong", {}, `${error.class}${error.text ? `: ${error.text}` : ""}`),
    error.place ? make("p", {}, make("code", {}, error.place)) : null,
    pre(error.trace),
  );
}

/** @param {any} detail */
function answered(detail) {
  const title = detail.status === 200 ? "mParticle sees the response" : `mParticle sees ${detail.way === "lambda" ? "a function error" : `HTTP ${detail.status}`}`;
  return make("section", { class: "passage" }, make("h3", {}, title), pre(write(detail.response)));
}

/**
 * @param {any} detail
 * @param {(queued: string) => void} skip
 */
function waiting(detail, skip) {
  const left = Math.max(0, Math.round((detail.due - Date.now()) / 1000));
  return make("p", { class: "waits" }, `Waits in the queue, due in ${left} s. `, button("Skip the wait", () => skip(detail.queued_id)));
}

/**
 * @param {string} title
 * @param {string} text
 */
function details(title, text) {
  return make("details", {}, make("summary", {}, title), pre(text));
}

/** @param {string} text */
function pre(text) {
  return make("pre", {}, text);
}

/** @param {number | null} ms */
function took(ms) {
  return ms === null ? "at work" : `${ms.toFixed(1)} ms`;
}
