
// Puts the page together.

// A page of several has a part of the report.
const DATA = byId("report") ? "report" : "part";

function trouble(error) {
  const line = byId("trouble");
  line.hidden = false;
  line.textContent = `This page could not show all it has: ${error?.message ?? error}. The worst findings and the totals are below; "cognito-lint report" reads the whole report from the file.`;
}

function sortable(table) {
  table.querySelectorAll("thead th").forEach((head, at) => {
    const button = make("button", { type: "button", class: "link" }, head.textContent);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      table.querySelectorAll("thead th").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[at].textContent;
      const order = (a, b) => (head.classList.contains("n") ? key(a) - key(b) : key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
      const rows = [...table.tBodies[0].rows].sort(order);
      table.tBodies[0].append(...(down ? rows.reverse() : rows));
    });
  });
}

// A name in a table becomes a button that filters.
function filtering(facet, changed) {
  for (const head of document.querySelectorAll(`th[data-${facet}]`)) {
    const wanted = head.dataset[facet];
    const button = make("button", { type: "button", class: "link" }, head.textContent);
    button.addEventListener("click", () => {
      changed((state) => Object.assign(state, emptyState(), { [facet]: wanted, finding: "" }));
      byId("findings").scrollIntoView();
    });
    head.replaceChildren(button);
  }
}

function keys(changed) {
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (typing) document.activeElement.blur();
      changed((state) => Object.assign(state, emptyState(), { finding: "" }));
    }
    if (typing) return;
    if (event.key === "/") { event.preventDefault(); byId("q").focus(); }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });
}

// Lines of the map that are printed.
const PRINTED = 120;

// Opens what is shown for the print, says how much of the report that is, and folds it again.
function printing(data, map, listed) {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const one of opened) {
      one.open = true;
      if (one.row) show(data, one.row, one);
    }
    const parts = [], rows = byId("list").childElementCount, lines = map.draw(PRINTED);
    if (rows < listed()) parts.push(`${rows} of ${listed()} findings are printed, the worst first`);
    if (lines.drawn < lines.all) parts.push(`${lines.drawn} of ${lines.all} lines of the map${parts.length ? "" : " are printed"}`);
    byId("printed").textContent = parts.length ? `${parts.join("; ")}.` : "";
    byId("map-body").style.height = byId("map-body").firstElementChild.getAttribute("height") + "px";
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
    map.draw();
  });
}

async function checkDigest(text) {
  const whole = await isWhole(text, DATA);
  const check = byId("digest-check");
  check.hidden = whole === null;
  check.lastElementChild.textContent = whole ? "the embedded report matches it" : "the embedded report does NOT match it: this page was changed";
}

async function start() {
  const text = await unpack(DATA);
  const data = model(JSON.parse(text));
  const poolPositions = new Map(data.pools.map((pool, at) => [poolKey(pool.shape), at]));
  const rulePositions = new Map(data.rules.map((rule, at) => [rule.shape.id, at]));
  data.poolAt = (pool) => poolPositions.get(poolKey(pool)) ?? -1;
  data.ruleAt = (id) => rulePositions.get(id) ?? -1;
  let state = stateOf(location.hash), rows = [];
  const changed = (change) => {
    change(state);
    state.finding = "";
    history.replaceState(null, "", `#${addressOf(state)}`);
    render();
  };
  const shown = controls(data, changed), map = makeMap(data, changed);
  const render = () => {
    const selected = select(data, state);
    rows = selected.rows;
    showControls(data, shown, state, selected.counts, rows.length);
    map.update(rows, state);
    list(data, rows, false);
    if (state.finding) openFinding(state.finding);
  };
  const openFinding = (id) => {
    const row = data.rows.find((one) => one.id === id);
    if (!row) return;
    byId("list").prepend(item(data, row));
    const details = byId("list").querySelector("details");
    details.open = true;
    details.scrollIntoView();
  };
  const follow = () => {
    if (document.getElementById(location.hash.slice(1))) return;
    state = stateOf(location.hash);
    render();
  };
  byId("explorer").hidden = false;
  render();
  // A table that nobody sees takes as long to lay out as one that is seen.
  byId("static").remove();
  byId("more").addEventListener("click", () => list(data, rows, true));
  byId("csv").addEventListener("click", () => save("findings.csv", "text/csv", csv(data, rows)));
  byId("json").addEventListener("click", () => save("findings.json", "application/json", JSON.stringify(rows.map((row) => row.shape), null, 2)));
  byId("whole").addEventListener("click", () => save("report.json", "application/json", text));
  byId("list").addEventListener("click", (event) => {
    if (event.target.dataset?.copy !== undefined) copy(event.target);
  });
  addEventListener("hashchange", follow);
  filtering("account", changed);
  filtering("owner", changed);
  filtering("rule", changed);
  keys(changed);
  printing(data, map, () => rows.length);
  const links = byId("since-links");
  if (links) {
    const button = make("button", { type: "button", class: "link" }, "List what is new");
    button.addEventListener("click", () => {
      changed((state) => Object.assign(state, emptyState(), { change: new Set(["new"]), status: new Set(["open"]) }));
      byId("findings").scrollIntoView();
    });
    links.append(button);
  }
  document.documentElement.dataset.ready = "yes";
  prepareSearch(data);
  await checkDigest(text);
  // A print cannot wait for what its rows need.
  await beside();
  document.documentElement.dataset.printable = "yes";
}

for (const table of document.querySelectorAll("table.sortable")) sortable(table);
start().catch(trouble);
