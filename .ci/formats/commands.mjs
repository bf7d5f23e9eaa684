// Reads the workflow commands of a report as the runner of GitHub Actions does, and writes each again with GitHub's own
// toolkit, which must give the same text: commands.mjs COMMAND.js REPORT
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [toolkit, report] = process.argv.slice(2);
const { issueCommand } = await import(pathToFileURL(toolkit).href);
// The properties that the toolkit gives an annotation.
const PROPERTIES = new Set(["title", "file", "line", "endLine", "col", "endColumn"]);
const faults = [];

const data = (text) => text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
const property = (text) => data(text.replaceAll("%3A", ":").replaceAll("%2C", ","));

function again(name, properties, message) {
  const write = process.stdout.write;
  let text = "";
  process.stdout.write = (piece) => { text += piece; return true; };
  issueCommand(name, properties, message);
  process.stdout.write = write;
  return text.trimEnd();
}

const counts = new Map();
for (const line of readFileSync(report, "utf8").split("\n")) {
  // The runner takes a command behind spaces too, and one of the older form wherever it is in a line.
  if (!line.trimStart().startsWith("::")) {
    if (line.includes("##[")) faults.push(`an old command: ${line}`);
    continue;
  }
  const end = line.startsWith("::") ? line.indexOf("::", 2) : -1, head = line.slice(2, end), message = data(line.slice(end + 2));
  const [, name, rest] = head.match(/^([a-z-]+)(?: (.*))?$/) ?? [];
  if (end < 0 || !["error", "warning", "notice"].includes(name)) { faults.push(`no annotation: ${line}`); continue; }
  const properties = {};
  for (const pair of (rest ?? "").split(",").filter(Boolean)) {
    const [key, ...value] = pair.split("=");
    if (!PROPERTIES.has(key)) faults.push(`an unknown property ${key}: ${line}`);
    properties[key] = property(value.join("="));
  }
  if (properties.file && !(Number(properties.line) > 0)) faults.push(`a file without a line is not shown: ${line}`);
  counts.set(name, (counts.get(name) ?? 0) + 1);
  const own = again(name, properties, message);
  if (own !== line.trimEnd()) faults.push(`the toolkit writes ${own}, and the report ${line}`);
}
if (counts.size === 0) faults.push("no annotation");
for (const [name, count] of counts) if (count > 10) faults.push(`${count} annotations of the kind ${name}: GitHub shows 10`);
for (const fault of faults) console.log(fault.slice(0, 400));
process.exit(faults.length ? 1 : 0);
