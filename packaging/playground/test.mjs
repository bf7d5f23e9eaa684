// test.mjs MODULES PAGE PICTURES: the page in Chromium, with real typing. CHROMIUM is the program.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import assert from 'node:assert/strict';
import path from 'node:path';

const [modules, page, pictures] = process.argv.slice(2).map((one) => path.resolve(one));
const require = createRequire(path.join(modules, 'node_modules/'));
const { chromium } = require('playwright-core');
const axe = require.resolve('axe-core/axe.min.js');

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const asked = [];
let sent = 0;
const server = createServer(async (request, response) => {
  asked.push(request.url);
  const name = request.url.slice(1).split('?')[0] || 'index.html';
  const body = await readFile(path.join(page, name)).catch(() => null);
  if (!body) return response.writeHead(404).end();
  const packed = gzipSync(body, { level: 9 });
  sent += packed.length;
  response.writeHead(200, { 'content-type': TYPES[path.extname(name)], 'content-encoding': 'gzip' }).end(packed);
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const address = `http://127.0.0.1:${server.address().port}/`;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
const tab = await context.newPage();
const refused = [];
tab.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
tab.on('pageerror', (error) => refused.push(String(error)));
let tests = 0;
const test = async (name, run) => {
  await run();
  tests += 1;
  console.log(`ok: ${name}`);
};
const answer = () => tab.textContent('#answer');
const until = (text) => tab.waitForFunction((text) => document.querySelector('#answer').textContent.includes(text), text);
const ready = () => tab.waitForSelector('body[data-ready]');

await tab.goto(address);
await ready();

await test('the example breaks a built-in rule and the rule beside it', async () => {
  assert.match(await answer(), /^shop-customers \(eu-west-1_Sh0pCust0\) violates policy/);
  const found = await tab.locator('#findings li').allTextContents();
  assert(found.some((one) => one.startsWith('high[minimum-length-low]') && one.includes('is 8, expected at least 14')), found.join('\n'));
  assert(found.some((one) => one.includes('[deletion-protection-inactive]')), found.join('\n'));
  assert.deepEqual((await tab.locator('#marks mark').allTextContents()), ['8', '"INACTIVE"']);
});

await test('nothing is asked of the network after the page is there', async () => {
  const before = asked.length;
  await tab.fill('#chosen', '');
  await until('(1 rule,');
  await tab.click('#own');
  await tab.keyboard.press('Control+Home');
  await tab.keyboard.type('# typed\n');
  await tab.waitForTimeout(400);
  assert.match(await answer(), /violates policy: 1 high/);
  assert.equal(asked.length, before);
  const csp = await tab.evaluate(() => fetch('/').then(() => 'sent', () => 'refused'));
  assert.equal(csp, 'refused');
  refused.length = 0;
});

await test('a value that is typed turns the verdict', async () => {
  const text = await tab.inputValue('#input');
  await tab.evaluate((at) => {
    const area = document.querySelector('#input');
    area.focus();
    area.setSelectionRange(at, at + 1);
  }, text.indexOf('8,\n'));
  await tab.keyboard.type('14');
  await until('meets policy');
  assert.equal(await tab.getAttribute('#answer', 'data-code'), '0');
  assert.equal(await tab.locator('#findings li').count(), 0);
});

await test('the report of the program is printed where it is opened', async () => {
  assert.equal(await tab.textContent('#report'), '');
  await tab.click('#details summary');
  await tab.waitForFunction(() => document.querySelector('#report').textContent.includes('meets policy'));
  await tab.click('#details summary');
});

await test('a link restores what was typed', async () => {
  await tab.click('#share');
  await tab.waitForFunction(() => location.hash.length > 100);
  const link = await tab.evaluate(() => location.href);
  const own = await tab.inputValue('#own');
  const other = await context.newPage();
  await other.goto(link);
  await other.waitForSelector('body[data-ready]');
  assert.match(await other.textContent('#answer'), /meets policy/);
  assert.equal(await other.inputValue('#own'), own);
  assert(asked.every((one) => !one.includes('#') && !one.includes('typed')));
  await other.goto(`${address}?anew#AAAA`);
  await other.waitForSelector('body[data-ready]');
  assert.match(await other.textContent('#shared'), /damaged/);
  await other.close();
});

await test('a Terraform configuration is judged with its variables', async () => {
  await tab.selectOption('#example', { label: 'A Terraform configuration' });
  await until('customers (aws_cognito_user_pool.customers)');
  const found = await tab.locator('#findings li').allTextContents();
  const mfa = found.find((one) => one.includes('[mfa-off]'));
  assert(mfa && found.some((one) => one.includes('[callback-over-http]')), found.join('\n'));
  const before = asked.length;
  await tab.locator('#findings li', { hasText: '[callback-over-http]' }).getByRole('button').click();
  const chosen = await tab.evaluate(() => {
    const area = document.querySelector('#input');
    return area.value.slice(area.selectionStart, area.selectionEnd);
  });
  assert.match(chosen, /http:\/\/app\.example\.com/);
  assert.equal(asked.length, before);
});

await test('an open condition of a template is unknown and never a pass', async () => {
  await tab.selectOption('#example', { label: 'A CloudFormation template' });
  await tab.waitForFunction(() => [...document.querySelectorAll('#findings li.gap')].some((one) => one.textContent.includes('deletion-protection-inactive')));
});

await test('all mistakes of rules are shown, and nothing is checked', async () => {
  await tab.selectOption('#example', { label: 'Rules with mistakes' });
  await until('2 mistakes in the rules: nothing was checked');
  assert.equal(await tab.locator('#findings li.mistake').count(), 2);
});

await test('text of others is text', async () => {
  await tab.fill('#chosen', 'deletion-protection-inactive');
  await tab.fill('#own', '');
  await tab.fill('#input', '{"UserPool":{"Id":"eu-west-1_Sh0pCust0","Name":"<img src=x onerror=alert(1)>","DeletionProtection":"INACTIVE"}}');
  await until('<img');
  assert.equal(await tab.locator('img').count(), 0);
});

await test('a text that is nested deeply ends in an answer, and the next check works', async () => {
  await tab.fill('#input', `variable "x" {\n  default = ${'['.repeat(20000)}${']'.repeat(20000)}\n}\n`);
  await tab.waitForFunction(() => document.querySelector('#answer').dataset.code === '3');
  await tab.fill('#input', '{"UserPool":{"Id":"eu-west-1_Sh0pCust0","Name":"again","DeletionProtection":"INACTIVE"}}');
  await until('again (eu-west-1_Sh0pCust0) violates policy');
});

await test('axe finds nothing, in both schemes', async () => {
  await tab.selectOption('#example', { label: 'An answer of describe-user-pool' });
  await until('shop-customers');
  for (const colorScheme of ['light', 'dark']) {
    await tab.emulateMedia({ colorScheme });
    await tab.screenshot({ path: path.join(pictures, `playground-${colorScheme}.png`), fullPage: true });
    // The policy of the page refuses a script of the document, so axe runs as the debugger does.
    await tab.evaluate(await readFile(axe, 'utf8'));
    const { violations } = await tab.evaluate(() => globalThis.axe.run());
    assert.deepEqual(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(', ')}`), []);
  }
  await tab.setViewportSize({ width: 390, height: 844 });
  await tab.screenshot({ path: path.join(pictures, 'playground-phone.png'), fullPage: true });
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert(!wide, 'the page is wider than a phone');
});

await test('the page refused nothing of its own', async () => assert.deepEqual(refused, []));

const fresh = await context.newPage();
sent = 0;
await fresh.goto(`${address}?fresh`);
await fresh.waitForSelector('body[data-ready]');
const first = await fresh.evaluate(() => performance.getEntriesByName('first-verdict')[0].startTime);
const judged = await fresh.evaluate(async () => {
  const area = document.querySelector('#own');
  const started = performance.now();
  area.value += '\n# once more\n';
  area.dispatchEvent(new Event('input'));
  await new Promise((done) => new MutationObserver(done).observe(document.querySelector('#findings'), { childList: true }));
  return performance.now() - started - 120;
});
console.log(`${tests} tests; ${Math.round(sent / 1024)} kB compressed, first verdict after ${Math.round(first)} ms, a check ${Math.round(judged)} ms`);
assert(sent < 2 << 20, 'the page is over 2 MB');
await browser.close();
server.close();
