/** The page: what happens arrives as events, what is wanted goes out as requests. */

import { Compose } from "./compose.js";
import { Disturb } from "./disturb.js";
import { button, later, make, part, say, told } from "./dom.js";
import { read } from "./json.js";
import { Prove } from "./prove.js";
import { Rows } from "./rows.js";
import { get, post } from "./server.js";
import { waterfall } from "./waterfall.js";

if (!("rawJSON" in JSON)) {
  say("This page needs a browser of 2025 or later.");
  throw new Error("JSON.rawJSON is missing");
}

const way = part("way", HTMLSelectElement);
const region = part("region", HTMLSelectElement);
const rows = new Rows();
const compose = new Compose(() => way.value);
const disturb = new Disturb();
new Prove();
let session = "";
let loads = -1;

/** @param {any} state */
function showState(state) {
  fill(region, state.regions.map((/** @type {any} */ it) => it.name), state.region);
  fill(way, state.transports.map((/** @type {any} */ it) => it.name), way.value);
  const hosts = state.regions.find((/** @type {any} */ it) => it.name === state.region)?.hosts ?? [];
  const where = state.live ? "Calls go to" : "A stand-in answers for";
  part("hosts", HTMLElement).textContent = hosts.length ? `${where} ${hosts.join(", ")}` : "No URL is in [environment].";
  part("integration", HTMLElement).textContent = state.integration ?? "";
  const circuits = Object.entries(state.circuits).filter(([name]) => name === "worker" || name === way.value);
  part("circuits", HTMLElement).replaceChildren(...circuits.map(([name, open]) => make("span", { class: `badge ${open ? "bad" : "good"}` }, `circuit of ${name}: ${open ? "open" : "closed"}`)));
  part("waiting", HTMLElement).textContent = `${state.waiting} waiting`;
  part("skip", HTMLButtonElement).disabled = !state.waiting;
  part("problem", HTMLElement).hidden = !state.problem;
  part("problem-text", HTMLElement).textContent = state.problem;
  part("disturb-rules", HTMLFieldSetElement).disabled = state.live;
  disturb.show(state.disturbances);
  if (state.session !== session) {
    session = state.session;
    loads = -1;
    rows.clear();
  }
  if (state.loads !== loads) {
    loads = state.loads;
    if (!state.problem) void told(() => compose.load());
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {string[]} names
 * @param {string} chosen
 */
function fill(select, names, chosen) {
  if (names.join() !== [...select.options].map((it) => it.value).join()) select.replaceChildren(...names.map((name) => make("option", {}, name)));
  if (names.includes(chosen)) select.value = chosen;
}

const look = later(60, () => void told(show));
let seen = "";

async function show() {
  const row = rows.selected;
  const detail = part("detail", HTMLElement);
  if (!row) return detail.replaceChildren(make("p", { class: "quiet" }, "Choose a message to see what it did."));
  const text = JSON.stringify(row);
  if (text === seen) return;
  seen = text;
  const found = await get(`message/${row.n}`);
  if (rows.selected?.n !== row.n) return;
  const head = make("div", { class: "detail-head" }, make("h2", { id: "detail-title" }, `#${row.n} ${found.type || "no message"}`), ...actions(row.n));
  detail.replaceChildren(head, ...waterfall(found, (queued) => void told(() => post("skip", { queued_id: queued }))));
}

/** @param {number} number */
function actions(number) {
  const name = make("input", { "aria-label": "Name of the golden message", placeholder: "name", size: "10", autocomplete: "off" });
  const keep = async () => {
    const { files } = await post("keep", { number, name: name.value });
    return `Saved: ${files.join(", ")}`;
  };
  const copy = (/** @type {string} */ what) => async () => {
    await navigator.clipboard.writeText((await get(`${what}/${number}`)).text);
    return `Copied as ${what}; secrets are there by name.`;
  };
  return [
    button("Send again", () => told(async () => void (await post("again", { number, way: way.value })))),
    button("Edit", () => told(async () => compose.show((await get(`content/${number}`)).text))),
    button("Copy as curl", () => told(copy("curl"))),
    button("Copy as test", () => told(copy("test"))),
    make("form", { class: "keep", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); void told(keep); } }, name, make("button", {}, "Save as golden message")),
  ];
}

rows.onselect = look;
region.onchange = () => void told(() => post("region", { region: region.value }));
part("skip", HTMLElement).onclick = () => void told(() => post("skip"));
part("clear", HTMLElement).onclick = () => void told(async () => {
  await post("clear");
  rows.clear();
  look();
});
const text = part("filter", HTMLInputElement);
const state = part("state", HTMLSelectElement);
const filter = later(80, () => rows.filter(text.value, state.value));
text.oninput = state.onchange = filter;

/** @type {HTMLElement[]} */
const tabs = [...document.querySelectorAll("[role=tab]")].filter((it) => it instanceof HTMLElement);
/** @param {HTMLElement} tab */
function choose(tab) {
  for (const it of tabs) {
    it.setAttribute("aria-selected", String(it === tab));
    it.tabIndex = it === tab ? 0 : -1;
    part(it.getAttribute("aria-controls") ?? "", HTMLElement).hidden = it !== tab;
  }
}
tabs.forEach((tab, index) => {
  tab.onclick = () => choose(tab);
  tab.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    choose(next);
    next.focus();
  };
});
part("text", HTMLElement).onkeydown = (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void told(() => compose.send());
};

const start = read(part("start", HTMLScriptElement).textContent ?? "");
showState(start);
void told(show);
const events = new EventSource("/studio/events");
events.addEventListener("state", (event) => showState(read(event.data)));
events.addEventListener("rows", (event) => {
  rows.take(read(event.data));
  look();
});
events.onopen = () => say("");
events.onerror = () => say("The studio does not answer. Is the command still running?");
document.documentElement.dataset.ready = String(Math.round(performance.now()));
