
// What is behind a row: the value in its document, why it matters, how to fix it, and texts to copy.

// The lines around values and the waivers, which are unpacked when the first row is opened.
let besidePromise = null;

function beside() {
  besidePromise ??= unpack("beside").then(JSON.parse);
  return besidePromise;
}

// The pool in the console of its partition; nothing where the pool is not one of the service's.
function consoleLink(pool) {
  const { id, region, arn } = pool;
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region ?? "") || !/^[\w-]+_[0-9A-Za-z]+$/.test(id ?? "")) return null;
  const hosts = { "aws-cn": `${region}.console.amazonaws.cn`, "aws-us-gov": "console.amazonaws-us-gov.com" };
  const host = hosts[(arn ?? "").split(":")[1]] ?? `${region}.console.aws.amazon.com`;
  return `https://${host}/cognito/v2/idp/user-pools/${id}?region=${region}`;
}

// A word of a shell.
function word(text) {
  const safe = plain(text);
  return /^[\w.,:\/@%+=-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}

// The command that prints the change; a declared pool is changed in its file instead.
function fixCommand(row) {
  const { pool, rule, declaration } = row.shape;
  if (declaration || (pool.source !== "live" && pool.source !== "saved")) return null;
  const name = pool.id ?? pool.name;
  if (!name) return null;
  const input = pool.source === "live" ? (pool.region ? `--region ${word(pool.region)}` : "") : word(pool.input);
  return `cognito-lint fix ${word(name)} ${input} --rule ${word(rule)}`.replace(/ +/g, " ");
}

function value(json) {
  return json === null || json === undefined ? "absent" : plain(typeof json === "string" ? json : JSON.stringify(json));
}

function link(address) {
  if (!/^https:\/\//.test(address)) return plain(address);
  return make("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, plain(address));
}

function copyable(title, text) {
  const button = make("button", { type: "button", "data-copy": "" }, `Copy ${title}`);
  const pre = make("pre", { tabindex: "0", role: "region", "aria-label": title }, text);
  return make("div", { class: title }, make("div", { class: "copy" }, make("span", {}, title[0].toUpperCase() + title.slice(1)), button), pre);
}

function facts(pairs) {
  const list = make("dl", {});
  for (const [name, ...what] of pairs) {
    if (what[0] !== null && what[0] !== undefined && what[0] !== "") {
      list.append(make("dt", {}, name), make("dd", {}, ...what));
    }
  }
  return list;
}

function decision(shape) {
  const waiver = shape.waiver;
  if (!waiver) return null;
  const until = waiver.expires ? ` until ${plain(waiver.expires)}` : "";
  const lead = shape.status === "waived" ? "waived" : "expired: waived";
  return `${lead}${until} by ${plain(waiver.owner)}: ${plain(waiver.reason)} (${plain(waiver.place)})`;
}

// Who made the changes that a finding comes from, with the words of the other formats.
function changes(shape) {
  if (!shape.changes) return [];
  if (!shape.changes.length) return [["Changed by", "not known: no value that its rule reads is known to have changed since the snapshot"]];
  return shape.changes.flatMap((change) => {
    const { status, calls, reasons } = change.changed_by;
    const lead = { sure: "Changed by", candidates: "Perhaps changed by", "not-found": "Changed by" }[status];
    const what = change.path ? [make("code", {}, plain(change.path)), `: ${value(change.before)} to ${value(change.after)}`] : ["the pool was added"];
    const list = make("ul", {});
    for (const call of calls) {
      const from = call.from ? `, from ${plain(call.from)}` : "";
      list.append(make("li", {}, make("b", {}, plain(call.caller.title)), ` at ${plain(call.time)}: ${plain(call.name)} (${plain(call.tool)}${from}, event ${plain(call.event)}) ${plain(call.reason)}`));
    }
    for (const reason of reasons) list.append(make("li", {}, `${status === "candidates" ? "not certain" : "not found"}: ${plain(reason.message)}`));
    return [[lead, ...what, list]];
  });
}

async function fill(data, row, body) {
  const { shape } = row, pool = data.pools[row.pool], rule = data.rules[row.rule].shape;
  const extra = row.index >= 0 ? (await beside())[row.index] : {};
  const at = shape.location;
  const address = consoleLink(pool.shape);
  const links = (rule.links ?? []).flatMap((one) => [link(one), make("br")]);
  const left = make("div", {}, facts([
    row.index < 0 ? ["Not decided", plain(shape.reason)] : ["Value", make("b", {}, value(shape.actual)), shape.default ? " (default)" : ""],
    ["Expected", plain(shape.expected ?? "")],
    ["Path", make("code", {}, plain(shape.path))],
    ["Also at", (shape.also ?? []).map((one) => `${plain(one.path)} (${value(one.actual)})`).join(", ")],
    ["Element", shape.subject ? plain(shape.subject.label ? `${shape.subject.label} (${shape.subject.key})` : shape.subject.key) : ""],
    ["Place", at ? `${plain(at.file)}:${at.line}:${at.column}` : pool.key],
    ["Declared as", shape.declaration ? plain([shape.declaration.address, shape.declaration.name].filter(Boolean).join(" ")) : ""],
    ["Pool", pool.title, address ? " " : "", ...(address ? [make("a", { href: address, class: "named", rel: "noreferrer noopener", target: "_blank" }, "in the console")] : [])],
    ["Tags", Object.entries(pool.shape.tags ?? {}).map(([key, value]) => plain(`${key}=${value}`)).join(", ")],
    ["First seen", plain(shape.first_seen ?? "")],
    ...changes(shape),
    ["Decision", decision(shape)],
  ]));
  if (extra.excerpt) {
    const [line, before, marked, after] = extra.excerpt;
    const pre = make("pre", { tabindex: "0", role: "region", "aria-label": `The value in its document, from line ${line}` }, before, make("mark", {}, marked), after);
    left.append(pre);
  }
  const right = make("div", {}, facts([
    ["Why", plain(rule.why ?? "")],
    ["Fix", plain(rule.fix ?? "")],
    ["In the console", shape.declaration ? "" : plain(rule.console ?? "")],
    ["In the API", shape.declaration ? "" : plain(rule.api ?? "")],
    ["In the file", shape.declaration?.fix ? make("code", {}, plain(shape.declaration.fix)) : ""],
    links.length ? ["More", ...links] : ["More", ""],
    ["This finding", row.id ? make("a", { href: `#finding=${row.id}` }, row.id) : ""],
  ]));
  const command = row.index >= 0 ? fixCommand(row) : null;
  if (command) right.append(copyable("command", command));
  if (extra.waiver && row.status === 0) right.append(copyable("waiver", extra.waiver.trimEnd()));
  body.replaceChildren(left, right);
}

async function copy(button) {
  const text = button.closest(".copy").nextElementSibling.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the permission the text is selected, ready for the key that copies.
    getSelection().selectAllChildren(button.closest(".copy").nextElementSibling);
    button.textContent = "Selected";
    return;
  }
  button.textContent = "Copied";
}
