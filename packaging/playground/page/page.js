// The page: it hands the two texts to the check and shows the answer. All texts are set as text, never as markup.
import { packed } from './program.js';
import { examples } from './examples.js';

const byId = (id) => document.getElementById(id);
const [input, own, chosen, kind, example] = ['input', 'own', 'chosen', 'kind', 'example'].map(byId);
let program;
let glue;
let loads = 0;

// Base64 for addresses, over bytes.
const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
function fromBase64(text) {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/');
  // Browsers of before 2025 do not have it.
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(plain);
  const decoded = atob(plain);
  const bytes = new Uint8Array(decoded.length);
  for (let at = 0; at < decoded.length; at++) bytes[at] = decoded.charCodeAt(at);
  return bytes;
}
const piped = (bytes, stream, headers) => new Response(new Blob([bytes]).stream().pipeThrough(stream), { headers });
const through = async (bytes, stream) => new Uint8Array(await piped(bytes, stream).arrayBuffer());

// Each load has a memory of its own, since a check that broke off leaves one of no use.
async function load() {
  // It is compiled while it is unpacked.
  const wasm = { 'content-type': 'application/wasm' };
  program ??= await WebAssembly.compileStreaming(piped(fromBase64(packed), new DecompressionStream('gzip'), wasm));
  glue = await import(loads ? `./cognito_lint_playground.js?${loads}` : './cognito_lint_playground.js');
  loads += 1;
  await glue.default({ module_or_path: program });
}

// The name tells the program what to read the text as.
function named(text) {
  if (kind.value) return kind.value;
  if (/^\s*[[{]/.test(text)) return 'pool.json';
  if (/^\s*(?:resource|variable|module|terraform|provider|data)\s+["{]|^\s*locals\s*\{/m.test(text)) return 'main.tf';
  return 'template.yaml';
}

// The offset of a line and a column, which count characters and not UTF-16 units.
function offset(text, [line, column]) {
  let at = 0;
  for (let passed = 1; passed < line; passed++) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  const end = text.indexOf('\n', at);
  const whole = text.slice(at, end < 0 ? text.length : end);
  return at + Array.from(whole).slice(0, column - 1).join('').length;
}

// The end of the value that begins there.
function valueEnd(text, from) {
  const found = /^(?:"(?:[^"\\\n]|\\.)*"|[^\s,{}[\]#]+|.)/u.exec(text.slice(from, from + 400));
  return from + (found ? found[0].length : 0);
}

// What is absent has the place of its pool, which is not wrong.
function mark(findings) {
  const text = input.value;
  const written = findings.filter((one) => one.location && !one.default && one.actual !== null);
  const spans = written.map((one) => offset(text, place(one))).sort((a, b) => a - b);
  const pieces = [];
  let done = 0;
  for (const from of spans) {
    const to = valueEnd(text, from);
    if (from < done || to === from) continue;
    const marked = document.createElement('mark');
    marked.textContent = text.slice(from, to);
    pieces.push(text.slice(done, from), marked);
    done = to;
  }
  byId('marks').replaceChildren(...pieces, `${text.slice(done)}\n`);
  scroll();
}

function scroll() {
  byId('marks').scrollTop = input.scrollTop;
  byId('marks').scrollLeft = input.scrollLeft;
}

function item(kindOf, title, message, at, area) {
  const li = document.createElement('li');
  li.className = kindOf;
  const head = document.createElement('b');
  head.textContent = title;
  li.append(head, message);
  if (at) {
    const go = document.createElement('button');
    go.type = 'button';
    go.textContent = `line ${at[0]}`;
    go.addEventListener('click', () => {
      const from = offset(area.value, at);
      area.focus();
      area.setSelectionRange(from, valueEnd(area.value, from));
      area.scrollTop = (at[0] - 4) * parseFloat(getComputedStyle(area).lineHeight);
    });
    li.append(' ', go);
  }
  return li;
}

const place = ({ location }) => location && [location.line, location.column];
const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'];

function say(answer, code) {
  byId('answer').textContent = answer;
  byId('answer').dataset.code = code;
}

// A report, or an array of mistakes in the rules.
function show(said) {
  const mistakes = Array.isArray(said) ? said : [];
  const { answer, exit_code: code, findings = [], unknown = [], unread = [] } = said;
  const number = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
  say(answer ?? `${number} in the rules: nothing was checked`, code ?? 2);
  mark(findings);
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  byId('findings').replaceChildren(
    ...mistakes.map((one) => item('mistake', 'mistake', `${one.message}${one.help ? `; ${one.help}` : ''}`, one.at, own)),
    ...findings.map((one) => item('violation', `${one.severity}[${one.rule}]`, `${one.title}: ${one.message}`, place(one), input)),
    ...unknown.map((one) => item('gap', `unknown[${one.rule}]`, one.reason, null, input)),
    ...unread.map((one) => item('gap', `not read: ${one.target}`, one.message, null, input)),
  );
}

const texts = () => [named(input.value), input.value, chosen.value, own.value, Date.now()];

async function check() {
  try {
    show(JSON.parse(glue.judge(...texts())));
    byId('report').textContent = byId('details').open ? glue.printed(...texts()) : '';
  } catch (error) {
    console.warn(error);
    show({});
    byId('report').textContent = '';
    say('The check stopped and decided nothing: the text may be nested too deeply.', 3);
    await load();
  }
}

let waiting;
function changed() {
  clearTimeout(waiting);
  waiting = setTimeout(check, 120);
}

async function share() {
  const state = JSON.stringify({ input: input.value, own: own.value, chosen: chosen.value, kind: kind.value });
  const bytes = await through(new TextEncoder().encode(state), new CompressionStream('deflate-raw'));
  history.replaceState(null, '', `#${toBase64(bytes)}`);
  const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  byId('shared').textContent = copied ? 'Copied.' : 'The link is in the address bar.';
}

async function restored() {
  if (location.hash.length < 2) return false;
  try {
    const bytes = await through(fromBase64(location.hash.slice(1)), new DecompressionStream('deflate-raw'));
    const state = JSON.parse(new TextDecoder().decode(bytes));
    for (const [field, area] of Object.entries({ input, own, chosen, kind })) {
      if (typeof state[field] === 'string') area.value = state[field];
    }
    return true;
  } catch {
    byId('shared').textContent = 'The link is damaged: an example is shown.';
    return false;
  }
}

function take(number) {
  const { text, rules, choice } = examples[number];
  [input.value, own.value, chosen.value, kind.value] = [text, rules ?? '', choice ?? 'recommended', ''];
  for (const area of [input, own]) [area.scrollTop, area.scrollLeft] = [0, 0];
}

examples.forEach(({ title }, number) => example.add(new Option(title, String(number))));
if (await restored()) {
  example.add(new Option('from the link', ''), 0);
  example.value = '';
} else {
  take(0);
}
await load();
await check();
document.body.dataset.ready = 'true';
performance.mark('first-verdict');
for (const area of [input, own, chosen]) area.addEventListener('input', changed);
kind.addEventListener('change', changed);
example.addEventListener('change', () => { if (example.value) { take(Number(example.value)); changed(); } });
byId('details').addEventListener('toggle', () => byId('details').open && check());
input.addEventListener('scroll', scroll);
byId('share').addEventListener('click', share);
