// Parses a flow chart with the parser of Mermaid, and refuses one that is wrong: mermaid.mjs TOOLS FILE
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [tools, file] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${tools}/package.json`));
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import(pathToFileURL(`${tools}/node_modules/mermaid/dist/mermaid.core.mjs`));
const text = readFileSync(file, "utf8");
await mermaid.parse(text);
const refused = await mermaid.parse(text.replace("]:::", ":::"), { suppressErrors: true });
if (refused !== false) {
  console.error("FAILED: mermaid does not refuse a wrong chart");
  process.exit(1);
}
console.log("mermaid: the chart is parsed, and a wrong one is refused");
