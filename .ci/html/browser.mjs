// Starts Chromium for each part of a test, and again where it ended by itself: that says nothing about the page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const asked = (modules) => createRequire(`${modules}/node_modules/`);

// The text of axe, which a page evaluates.
export const axeOf = (modules) => readFileSync(asked(modules).resolve("axe-core/axe.min.js"), "utf8");

// Runs `part` with a browser of its own. A browser that is gone before the part ends is started anew, twice at most;
// what the part itself finds wrong is final.
export async function inBrowser(modules, part) {
  const { chromium } = asked(modules)("playwright-core");
  for (let tries = 3; ; tries--) {
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      // Containers give /dev/shm 64 MiB, which the larger pages outgrow.
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    try {
      return await part(browser);
    } catch (error) {
      if (browser.isConnected() || tries === 1) throw error;
      console.error(`warning: the browser ended by itself (${String(error).split("\n")[0]}); it is started again`);
    } finally {
      await browser.close().catch(() => {});
    }
  }
}
