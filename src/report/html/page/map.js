
// The map of pools and rules. A cell has the worst row of its pool and rule; each kind of cell is one path.

const CELL = 16, GAP = 2, HEAD = 160;
const KINDS = ["none", "skipped", "pass", "accepted", "info", "low", "medium", "high", "critical"];
const UNKNOWN = KINDS.length;
const KIND_WORDS = {
  pass: "passed", none: "no finding", skipped: "does not apply", accepted: "waived or known", unknown: "not decided",
};

function kindName(kind) {
  return kind === UNKNOWN ? "unknown" : KINDS[kind];
}

// A finding that counts is worse than what is not known, and that is worse than what is accepted.
function rank(kind) {
  return kind === UNKNOWN ? 3.5 : kind;
}

function kindOf(row) {
  if (row.status === 1) return UNKNOWN;
  return row.status === 0 ? KINDS.length - 1 - row.severity : 3;
}

// The columns: rules by area, and in it the worst first.
function columns(data) {
  const weight = data.rules.map(() => 0);
  for (const row of data.rows) if (row.status === 0) weight[row.rule] += 10 ** (4 - row.severity);
  const area = (rule) => rule.shape.tags?.[0] ?? "";
  const order = data.rules.map((_, at) => at);
  return order.sort((a, b) => (area(data.rules[a]) < area(data.rules[b]) ? -1 : area(data.rules[a]) > area(data.rules[b]) ? 1 : weight[b] - weight[a]));
}

function makeMap(data, changed) {
  const order = columns(data), width = data.rules.length;
  const column = new Uint16Array(width);
  order.forEach((rule, at) => { column[rule] = at; });
  const box = byId("map"), head = byId("map-head"), body = byId("map-body"), svg = body.firstElementChild;
  // What is read of the layout is kept: reading it after a change lays the whole page out once more.
  const seen = { left: 0, height: 0, top: 0 };
  const measure = () => Object.assign(seen, {
    left: box.clientWidth < 600 ? 120 : 240, height: parseFloat(getComputedStyle(box).maxHeight) || box.clientHeight, top: box.scrollTop,
  });
  const base = new Uint8Array(data.pools.length * width);
  const verdicts = data.report.verdicts ?? null;
  if (verdicts) {
    base.fill(1);
    for (const one of verdicts) {
      if (one.verdict !== "pass") continue;
      const pool = data.poolAt(one.pool), rule = data.ruleAt(one.rule);
      if (pool >= 0 && rule >= 0) base[pool * width + column[rule]] = 2;
    }
  }
  const cells = new Uint8Array(base.length);
  let lines = [], cursor = null, headLeft = null;

  // One line for each account and for each of its pools, the worst first.
  function update(rows, state) {
    cells.set(base);
    const worst = new Float64Array(data.pools.length), touched = new Uint8Array(data.pools.length);
    for (const row of rows) {
      const at = row.pool * width + column[row.rule], kind = kindOf(row);
      if (rank(kind) > rank(cells[at])) cells[at] = kind;
      worst[row.pool] += row.status === 0 ? 10 ** (4 - row.severity) : 0.01;
      touched[row.pool] = 1;
    }
    const all = !isFiltered(state), groups = new Map();
    data.pools.forEach((pool, at) => {
      if (!all && !touched[at]) return;
      const group = groups.get(pool.account) ?? { account: pool.account, worst: 0, pools: [] };
      group.worst = Math.max(group.worst, worst[at]);
      group.pools.push(at);
      groups.set(pool.account, group);
    });
    lines = [];
    for (const group of [...groups.values()].sort((a, b) => b.worst - a.worst || a.account - b.account)) {
      lines.push({ account: group.account, pools: group.pools.length });
      group.pools.sort((a, b) => worst[b] - worst[a] || a - b);
      for (const pool of group.pools) lines.push({ pool });
    }
    cursor = null;
    if (seen.top) box.scrollTop = seen.top = 0;
    box.hidden = lines.length === 0;
    if (headLeft === null) measure();
    if (headLeft !== seen.left) drawHead();
    body.style.height = `${lines.length * CELL}px`;
    body.style.width = head.getAttribute("width") + "px";
    draw();
  }

  function drawHead() {
    const start = headLeft = seen.left, total = start + width * CELL + 120;
    head.setAttribute("width", total);
    head.setAttribute("height", HEAD);
    head.setAttribute("viewBox", `0 0 ${total} ${HEAD}`);
    head.replaceChildren(...order.map((rule, at) => {
      const x = start + at * CELL + CELL / 2;
      const id = data.rules[rule].id;
      return makeSvg("text", { x, y: HEAD - 6, transform: `rotate(-55 ${x} ${HEAD - 6})`, "data-rule": id }, id.length > 25 ? `${id.slice(0, 24)}\u2026` : id);
    }));
  }

  // Draws the lines that can be seen, or a number of them from the first on, and says how many of all those are.
  function draw(most) {
    const start = seen.left, from = most ? 0 : Math.max(0, Math.floor((seen.top - HEAD) / CELL) - 5);
    const until = Math.min(lines.length, most ?? from + Math.ceil(seen.height / CELL) + 10);
    const paths = new Map(), texts = [];
    for (let at = from; at < until; at++) {
      const line = lines[at], y = (at - from) * CELL;
      if (line.pool === undefined) {
        texts.push(makeSvg("text", { x: 4, y: y + 12, class: "group", "data-account": data.accounts[line.account].name }, `${data.accounts[line.account].name} \u2013 ${line.pools} ${line.pools === 1 ? "pool" : "pools"}`));
        continue;
      }
      const name = data.pools[line.pool].name, room = Math.floor((start - 14) / 7);
      texts.push(makeSvg("text", { x: 12, y: y + 12, "data-pool": data.pools[line.pool].key }, name.length > room ? `${name.slice(0, room - 1)}\u2026` : name));
      for (let at = 0, cell = line.pool * width; at < width; at++, cell++) {
        const name = kindName(cells[cell]);
        paths.set(name, `${paths.get(name) ?? ""}M${start + at * CELL + 1} ${y + 1}h${CELL - GAP}v${CELL - GAP}h-${CELL - GAP}z`);
      }
    }
    svg.style.top = `${from * CELL}px`;
    // As wide as the head, so that a print shrinks both alike.
    const total = head.getAttribute("width"), height = (until - from) * CELL + 2;
    svg.setAttribute("width", total);
    svg.setAttribute("height", height);
    svg.setAttribute("viewBox", `0 0 ${total} ${height}`);
    body.style.aspectRatio = `${total} / ${height}`;
    body.style.maxWidth = `${total}px`;
    svg.replaceChildren(...[...paths].map(([name, d]) => makeSvg("path", { d, class: `cell-${name}` })), ...texts);
    if (cursor) {
      svg.append(makeSvg("rect", { class: "hover", x: start + cursor.column * CELL, y: (cursor.line - from) * CELL, width: CELL, height: CELL }));
    }
    return { drawn: until - from, all: lines.length };
  }

  function say(cell) {
    const line = lines[cell.line];
    if (!line || line.pool === undefined || !(cell.column >= 0 && cell.column < width)) return false;
    const name = kindName(cells[line.pool * width + cell.column]);
    byId("map-cell").textContent = `${data.pools[line.pool].title}, ${data.rules[order[cell.column]].id}: ${KIND_WORDS[name] ?? name}`;
    return true;
  }

  function cellAt(event) {
    const place = body.getBoundingClientRect();
    return { line: Math.floor((event.clientY - place.top) / CELL), column: Math.floor((event.clientX - place.left - seen.left) / CELL) };
  }

  function choose(cell) {
    if (!say(cell)) return;
    changed((state) => {
      state.pool = data.pools[lines[cell.line].pool].key;
      state.rule = data.rules[order[cell.column]].id;
    });
  }

  box.addEventListener("scroll", () => { measure(); draw(); });
  addEventListener("resize", () => { measure(); drawHead(); draw(); });
  body.addEventListener("mousemove", (event) => {
    const cell = cellAt(event);
    if (say(cell)) { cursor = cell; draw(); }
  });
  box.addEventListener("click", (event) => {
    const { rule, pool, account } = event.target.dataset ?? {};
    if (rule !== undefined) changed((state) => { state.rule = rule; });
    else if (pool !== undefined) changed((state) => { state.pool = pool; });
    else if (account !== undefined) changed((state) => { state.account = account; });
    else choose(cellAt(event));
  });
  box.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key === "Enter" && cursor) return choose(cursor);
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const next = { line: (cursor?.line ?? 0) + move[0], column: (cursor?.column ?? 0) + move[1] };
    if (!cursor) Object.assign(next, { line: 1, column: 0 });
    if (lines[next.line] && lines[next.line].pool === undefined) next.line += move[0] || 1;
    if (!say(next)) return;
    cursor = next;
    const top = HEAD + cursor.line * CELL;
    if (top - HEAD < box.scrollTop) box.scrollTop = top - HEAD;
    if (top + CELL > box.scrollTop + box.clientHeight) box.scrollTop = top + CELL - box.clientHeight + 4;
    measure();
    draw();
  });
  const kinds = ["critical", "high", "medium", "low", "info", "unknown", "accepted", ...(verdicts ? ["pass", "skipped"] : ["none"])];
  byId("legend").append(...kinds.map((kind) => make("li", {}, swatch(kind === "skipped" ? "none" : kind),
    kind === "none" ? "no finding: passed or not applicable (--evidence says which)" : KIND_WORDS[kind] ?? kind)));
  return { update, draw };
}
