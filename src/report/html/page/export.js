
// The rows that are listed, as files.

function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// A cell of CSV that no spreadsheet takes for a formula.
function cell(text) {
  let safe = plain(text ?? "");
  if (/^[=+\-@\t\r]/.test(String(text ?? ""))) safe = `'${safe}`;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csv(data, rows) {
  const lines = [["status", "severity", "rule", "pool_name", "pool_id", "pool_arn", "account", "region", "input", "path", "actual", "expected", "message", "first_seen", "fingerprint"]];
  for (const row of rows) {
    const { shape } = row, { pool } = shape;
    lines.push([STATUSES[row.status], SEVERITIES[row.severity], shape.rule, pool.name, pool.id, pool.arn, pool.account, pool.region, pool.input, shape.path,
      shape.actual === undefined ? "" : value(shape.actual), shape.expected, shape.message ?? shape.reason, shape.first_seen, shape.fingerprint]);
  }
  return lines.map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}
