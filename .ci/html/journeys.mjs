// Looks at the page of journeys in Chromium: light, dark, on a phone and printed, with axe and the policy of the page.
//
// node journeys.mjs MODULES JOURNEYS.html PICTURES
import { pathToFileURL } from "node:url";
import { axeOf, inBrowser } from "./browser.mjs";

const [modules, file, pictures] = process.argv.slice(2);
const axe = axeOf(modules);
const views = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "dark" },
  print: { viewport: { width: 800, height: 1100 }, colorScheme: "light" },
};

// The faults of one view of the page.
async function look(browser, name, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  page.on("request", (request) => { if (!request.url().startsWith("file:")) complaints.push(request.url()); });
  await page.goto(pathToFileURL(file).href);
  if (name === "print") await page.emulateMedia({ media: "print", colorScheme: "light" });
  await page.screenshot({ path: `${pictures}/journeys-${name}.png`, fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
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
for (const [name, options] of Object.entries(views)) {
  const faults = await inBrowser(modules, (browser) => look(browser, name, options));
  for (const fault of faults) console.error(`FAILED: journeys, ${name}: ${fault}`);
  failed += faults.length;
}
console.log(`the page of journeys in a browser: ${failed} faults`);
process.exit(failed ? 1 : 0);
