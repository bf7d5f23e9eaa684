
// Which rows are shown: the filters, their state in the address, and how many rows each choice would show.

const FACETS = ["severity", "status", "change", "account", "owner", "rule", "pool", "q"];

function emptyState() {
  return { severity: new Set(), status: new Set(), change: new Set(), account: "", owner: "", rule: "", pool: "", q: "" };
}

// The state that an address names. A name that is not in the report is kept: it shows no row, and the address stays.
function stateOf(hash) {
  const state = emptyState();
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  for (const facet of FACETS) {
    const value = given.get(facet) ?? "";
    if (state[facet] instanceof Set) state[facet] = new Set(value.split(",").filter(Boolean));
    else state[facet] = value;
  }
  state.finding = given.get("finding") ?? "";
  return state;
}

function addressOf(state) {
  const given = new URLSearchParams();
  for (const facet of FACETS) {
    const value = state[facet] instanceof Set ? [...state[facet]].join(",") : state[facet];
    if (value) given.set(facet, value);
  }
  if (state.finding) given.set("finding", state.finding);
  return given.toString();
}

function isFiltered(state) {
  return addressOf({ ...state, finding: "" }) !== "";
}

// The rows that pass every filter, and for each choice of a facet the rows that pass all other filters.
function select(data, state) {
  const counts = {
    severity: new Uint32Array(SEVERITIES.length), open: new Uint32Array(SEVERITIES.length), status: new Uint32Array(STATUSES.length), change: { new: 0, still: 0 }, changed: { new: 0, still: 0 },
    account: new Uint32Array(data.accounts.length), owner: new Uint32Array(data.owners.length), rule: new Uint32Array(data.rules.length),
  };
  const severity = SEVERITIES.map((word) => !state.severity.size || state.severity.has(word));
  const status = STATUSES.map((word) => !state.status.size || state.status.has(word));
  const at = (list, wanted, name) => (wanted ? list.findIndex((one) => name(one) === wanted) : -2);
  const account = at(data.accounts, state.account, (one) => one.name);
  const owner = at(data.owners, state.owner, (one) => one.name);
  const rule = at(data.rules, state.rule, (one) => one.id);
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = [], found = searcher(data, words);
  for (const row of data.rows) {
    if (state.pool && data.pools[row.pool].key !== state.pool) continue;
    if (!found(row)) continue;
    const failed = (severity[row.severity] ? 0 : 1) | (status[row.status] ? 0 : 2)
      | (!state.change.size || state.change.has(row.change) ? 0 : 4)
      | (account === -2 || account === row.account ? 0 : 8) | (rule === -2 || rule === row.rule ? 0 : 16)
      | (owner === -2 || owner === row.owner ? 0 : 32);
    if (failed === 0) rows.push(row);
    const open = row.status === 0 ? 1 : 0;
    if ((failed & ~1) === 0) { counts.severity[row.severity]++; counts.open[row.severity] += open; }
    if ((failed & ~2) === 0) counts.status[row.status]++;
    if ((failed & ~4) === 0 && row.change) { counts.change[row.change]++; counts.changed[row.change] += open; }
    if ((failed & ~8) === 0) counts.account[row.account]++;
    if ((failed & ~16) === 0) counts.rule[row.rule]++;
    if ((failed & ~32) === 0) counts.owner[row.owner]++;
  }
  return { rows, counts };
}

// The controls of the filters. `changed` is called with a change of the state.
function controls(data, changed) {
  const boxes = {};
  const box = (facet, value, label, kind) => {
    const input = make("input", { type: "checkbox", value });
    const number = make("span", {});
    input.addEventListener("change", () => changed((state) => {
      state[facet][input.checked ? "add" : "delete"](value);
    }));
    byId(facet).append(make("label", {}, input, ...(kind ? [swatch(kind)] : []), `${label} `, number));
    (boxes[facet] ??= []).push({ value, input, number });
  };
  for (const word of SEVERITIES) box("severity", word, word, word);
  for (const word of STATUSES) box("status", word, STATUS_WORDS[word], word === "open" ? "" : word);
  if (data.rows.some((row) => row.change)) {
    byId("change").hidden = false;
    box("change", "new", "new");
    box("change", "still", "still there");
  }
  const options = (facet, list, name) => {
    const element = byId(facet);
    element.append(make("option", { value: "" }, `all ${list.length}`));
    const known = list.map((one, at) => ({ name: name(one), at, option: make("option", { value: name(one) }) }));
    known.sort((a, b) => (a.name < b.name ? -1 : 1));
    element.append(...known.map((one) => one.option));
    element.addEventListener("change", () => changed((state) => { state[facet] = element.value; }));
    return known;
  };
  const lists = {
    account: options("account", data.accounts, (one) => one.name),
    owner: options("owner", data.owners, (one) => one.name),
    rule: options("rule", data.rules, (one) => one.id),
  };
  byId("owner").parentElement.hidden = data.owners.every((one) => one.name === NO_OWNER);
  byId("q").addEventListener("input", () => changed((state) => { state.q = byId("q").value; }));
  byId("reset").addEventListener("click", () => changed((state) => Object.assign(state, emptyState(), { finding: "" })));
  byId("pool-filter").querySelector("button").addEventListener("click", () => changed((state) => { state.pool = ""; }));
  return { boxes, lists };
}

// How many rows a choice shows. The totals of the page count what is open, and a choice shows what is waived, known and
// not decided too.
function shownOf(counts, facet, value, at) {
  const [all, open] = facet === "change" ? [counts.change[value], counts.changed[value]]
    : facet === "severity" ? [counts.severity[at], counts.open[at]] : [counts[facet][at], counts[facet][at]];
  return open === all ? `${all}` : `${open} open of ${all}`;
}

// Brings the controls in line with the state.
function showControls(data, controls, state, counts, shown) {
  for (const [facet, boxes] of Object.entries(controls.boxes)) {
    boxes.forEach((one, at) => {
      one.input.checked = state[facet].has(one.value);
      one.number.textContent = `(${shownOf(counts, facet, one.value, at)})`;
    });
  }
  for (const [facet, options] of Object.entries(controls.lists)) {
    for (const { name, at, option } of options) {
      const text = `${name.trim()} (${counts[facet][at]})`;
      if (option.textContent !== text) option.textContent = text;
    }
    byId(facet).value = state[facet];
  }
  if (byId("q").value !== state.q) byId("q").value = state.q;
  const pool = byId("pool-filter");
  pool.hidden = !state.pool;
  pool.firstElementChild.textContent = state.pool ? `Pool ${data.pools.find((one) => one.key === state.pool)?.title ?? state.pool}` : "";
  byId("count").textContent = `${shown} of ${data.rows.length} listed`;
}
