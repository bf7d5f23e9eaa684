// Looks at pages with journeys in Chromium: light, dark, on a phone and printed, with axe and the policy of the page.
//
// node journeys.mjs MODULES PICTURES PAGE.html...
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { axeOf, inBrowser } from "./browser.mjs";

const [modules, pictures, ...files] = process.argv.slice(2);
const axe = axeOf(modules);
const views = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "dark" },
  print: { viewport: { width: 800, height: 1100 }, colorScheme: "light" },
};

// The faults of one view of a page.
async function look(browser, file, name, options, title) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  page.on("request", (request) => { if (!request.url().startsWith("file:")) complaints.push(request.url()); });
  await page.goto(pathToFileURL(file).href);
  if (name === "print") await page.emulateMedia({ media: "print", colorScheme: "light" });
  await page.screenshot({ path: `${pictures}/${title}.png`, fullPage: true });
  // Tables of a report are cut into pages by the printer.
  const whole = name === "print" ? "#journeys, .travelled" : "html";
  const wide = await page.evaluate((whole) => document.querySelector(whole).scrollWidth > innerWidth, whole);
  const drawn = await page.locator("svg.journeys .way").count();
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const faults = [
    ...complaints,
    ...found.violations.map((one) => `axe: ${one.id}: ${one.nodes[0].html.slice(0, 160)}`),
    ...(wide ? ["the page is wider than the screen"] : []),
    ...(drawn === 0 ? ["nothing is drawn"] : []),
  ];
  return faults;
}

let failed = 0;
const looks = files.flatMap((file) => Object.entries(views).map(([name, options]) => [file, name, options]));
for (const [file, name, options] of looks) {
  const title = `${basename(file, ".html")}-${name}`;
  const faults = await inBrowser(modules, (browser) => look(browser, file, name, options, title));
  for (const fault of faults) console.error(`FAILED: ${title}: ${fault}`);
  failed += faults.length;
}
console.log(`pages with journeys in a browser: ${failed} faults`);
process.exit(failed ? 1 : 0);
