
// The list of findings: a page of rows at a time, each folded.

const PAGE = 100;

function item(data, row) {
  const pool = data.pools[row.pool], severity = SEVERITIES[row.severity];
  const kind = row.status === 0 ? severity : STATUSES[row.status];
  const tags = [];
  if (row.status !== 0) tags.push(STATUS_WORDS[STATUSES[row.status]]);
  if (row.change === "new") tags.push("new");
  if (row.shape.first_seen) tags.push(`since ${plain(row.shape.first_seen)}`);
  if (row.shape.deploy) tags.push(plain(row.shape.deploy));
  if (row.status === 0 && row.shape.waiver) tags.push("waiver expired");
  const summary = make("summary", {},
    make("span", { class: severity }, swatch(kind), make("span", { class: "word" }, severity)),
    make("code", {}, data.rules[row.rule].id),
    make("span", { class: "message" }, message(row), ...tags.map((tag) => make("span", { class: "tag" }, tag))),
    make("span", { class: "where" }, pool.title, make("br"), data.accounts[row.account].name));
  const details = make("details", {}, summary, make("div", { class: "body" }));
  details.addEventListener("toggle", () => {
    if (details.open) show(data, row, details);
  });
  details.row = row;
  return make("li", {}, details);
}

function show(data, row, details) {
  details.filled ??= fill(data, row, details.lastElementChild).catch(trouble);
  return details.filled;
}

// Shows the first rows, or the next ones.
function list(data, rows, append) {
  const element = byId("list");
  const from = append ? element.childElementCount : 0;
  const until = Math.min(rows.length, from + PAGE * (append ? 5 : 1));
  const fragment = document.createDocumentFragment();
  for (let at = from; at < until; at++) fragment.append(item(data, rows[at]));
  if (append) element.append(fragment);
  else element.replaceChildren(fragment);
  const left = rows.length - until, more = byId("more");
  more.hidden = left === 0;
  more.textContent = `Show ${Math.min(left, PAGE * 5)} more of ${left}`;
}

// Moves the focus to the next or the previous row.
function step(by) {
  const summaries = [...document.querySelectorAll("#list summary")];
  const at = summaries.indexOf(document.activeElement?.closest?.("#list li")?.querySelector("summary"));
  const next = summaries[at < 0 ? 0 : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
