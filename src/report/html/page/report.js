
"use strict";
// The report that is embedded in the page, and the rows that the page shows of it.

const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const STATUSES = ["open", "unknown", "waived", "known"];
const STATUS_WORDS = { open: "open", unknown: "not decided", waived: "waived", known: "known" };

// Characters that control the output instead of showing something, as in every other format.
const ACTING = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\u{10fe80}-\u{10feff}]/gu;
const NAMED = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(c) {
  const code = c.codePointAt(0);
  // A byte of the name of a file that is not text.
  return NAMED[c] ?? (code >= 0x10fe80 ? `\\x${(code - 0x10fe00).toString(16)}` : `\\u{${code.toString(16)}}`);
}

function plain(text) {
  return String(text).replace(ACTING, escaped);
}

function byId(id) {
  return document.getElementById(id);
}

// An element with attributes and children. Texts are set as text, so nothing of a report is markup.
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== null) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function makeSvg(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function swatch(kind) {
  const svg = makeSvg("svg", { class: "swatch", viewBox: "0 0 12 12", "aria-hidden": "true" });
  svg.append(makeSvg("rect", { width: 12, height: 12, class: `cell-${kind}` }));
  return svg;
}

async function unpack(id) {
  const binary = atob(byId(id).textContent.trim());
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}

// Whether the text is the one that the page was made with; null where the browser cannot tell.
async function isWhole(text, id) {
  if (!globalThis.crypto?.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex === byId(id).dataset.sha256;
}

function poolKey(pool) {
  return [pool.arn ?? pool.id ?? `${pool.input}#${pool.address ?? pool.name}`, pool.offset ?? 0].join(" ");
}

// The value of the tag that names an owner; the text where there is none is that of the table of owners.
const NO_OWNER = "no such tag";

function ownerOf(tags) {
  const named = (key) => Object.entries(tags ?? {}).find(([own]) => own.toLowerCase() === key)?.[1];
  return plain(named("owner") ?? named("team") ?? named("contact") ?? NO_OWNER);
}

// The pools, rules, accounts, owners and rows of a report; rows in the order in which they matter.
function model(report) {
  const pools = [], rules = [], accounts = [], owners = [], positions = new Map();
  const position = (kind, list, key, build) => {
    const name = `${kind} ${key}`;
    let at = positions.get(name);
    if (at === undefined) {
      at = list.length;
      positions.set(name, at);
      list.push(build());
    }
    return at;
  };
  const account = (pool) => {
    const name = `${plain(pool.account ?? pool.input ?? "")} ${plain(pool.region ?? "")}`;
    return position("account", accounts, name, () => ({ name, worst: 9 }));
  };
  const owner = (pool) => {
    const name = ownerOf(pool.tags);
    return position("owner", owners, name, () => ({ name }));
  };
  const pool = (pool) => position("pool", pools, poolKey(pool), () => {
    const name = plain(pool.name ?? pool.id ?? pool.address ?? "a pool without name and id");
    const own = plain(pool.id ?? pool.address ?? "");
    const title = own && own !== name ? `${name} (${own})` : name;
    return { key: plain(pool.arn ?? pool.id ?? pool.address ?? pool.name ?? ""), name, title, account: account(pool), owner: owner(pool), shape: pool };
  });
  const rule = (id) => position("rule", rules, id, () => ({ id: plain(id), shape: { id, tags: [], links: [] } }));
  for (const shape of report.policy?.rules ?? []) rules[rule(shape.id)].shape = shape;
  for (const one of report.pools ?? []) pool(one);
  const rows = [];
  const add = (shape, severity, status, index) => {
    const row = { shape, index, pool: pool(shape.pool), rule: rule(shape.rule), status: STATUSES.indexOf(status) };
    row.severity = SEVERITIES.indexOf(severity ?? "medium");
    row.change = shape.change ?? "";
    row.account = pools[row.pool].account;
    row.owner = pools[row.pool].owner;
    row.id = shape.fingerprint ?? "";
    rows.push(row);
  };
  report.findings.forEach((one, index) => add(one, one.severity, one.status ?? "open", index));
  for (const one of report.unknown) add(one, rules[rule(one.rule)].shape.severity, "unknown", -1);
  const group = (row) => Math.min(row.status, 2);
  rows.sort((a, b) => group(a) - group(b) || a.severity - b.severity || a.rule - b.rule || a.pool - b.pool);
  return { report, pools, rules, accounts, owners, rows };
}

function message(row) {
  return plain(row.shape.message ?? `not decided: ${row.shape.reason}`);
}

// What a search looks in beside the pool and the rule, in lower case.
function haystack(row) {
  row.text ??= `${row.shape.path}\n${message(row)}\n${row.id}`.toLowerCase();
  return row.text;
}

function poolText(pool) {
  const tags = Object.entries(pool.shape.tags ?? {}).map(([key, value]) => plain(`${key}=${value}`));
  return [pool.title, pool.key, ...tags].join("\n").toLowerCase();
}

// The rows that hold every word: in themselves, their pool or their rule.
function searcher(data, words) {
  const hits = words.map((word) => ({
    word,
    pools: data.pools.map((pool) => (pool.text ??= poolText(pool)).includes(word)),
    rules: data.rules.map((rule) => (rule.text ??= `${rule.id}\n${rule.shape.title ?? ""}`.toLowerCase()).includes(word)),
  }));
  return (row) => hits.every((hit) => hit.pools[row.pool] || hit.rules[row.rule] || haystack(row).includes(hit.word));
}

// Prepares the search a slice at a time, so that the page answers meanwhile.
function prepareSearch(data, from = 0) {
  const until = Math.min(data.rows.length, from + 4000);
  for (let at = from; at < until; at++) haystack(data.rows[at]);
  if (until < data.rows.length) return void setTimeout(prepareSearch, 0, data, until);
  // A search for nothing that is there, so that the texts of pools and rules are made and the first one of a reader is
  // no slower than the next.
  for (let times = 0; times < 3; times++) setTimeout(select, 0, data, { ...emptyState(), q: "\u0000" });
}
