//! Markdown for a comment on a pull request and for the summary of a job.
//!
//! Values and names are in code spans, where nothing is Markdown or HTML and nobody is mentioned; sentences are
//! escaped. Items beyond the limit are counted.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::ansi::count;
use super::instance::Instances;
use super::sanitize::sanitized;
use super::{Report, calls, order, since, summary};
use crate::finding::{Acceptance, Finding, Fixed, PoolRef, Status};
use crate::rule::Severity;

/// A comment of GitHub has room for 65,536 characters; some are left for what a bot adds.
pub(super) const ROOM: usize = 65_000;

/// Bytes for the last sentence.
const END: usize = 200;

/// Whoever writes the comment finds it again by this line.
const MARKER: &str = "<!-- cognito-lint -->";

/// From this number of findings of one rule on, each rule is explained once.
const MANY: usize = 10;

/// Room for each item of a list: where it is short, the lists beside the findings must not fill it.
const ITEM: usize = 1_300;

/// Writes at most as many bytes as there is room for.
pub(super) fn write(report: &Report, least: Severity, room: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { text: String::new(), left: 0, room: room.saturating_sub(END) };
    page.text.push_str(&format!("{MARKER}\n# cognito-lint: {}\n\n", summary::heading_word(report.outcome)));
    page.text.push_str(&format!("{}\n\n", prose(&summary::answer(report))));
    counts(report, &mut page);
    incomplete(report, &mut page);
    pools(report, least, &mut page);
    accepted(report, least, &mut page);
    no_more(report, &mut page);
    deploy(report, &mut page);
    let controls = summary::controls(report);
    page.list("Controls", &controls.iter().map(|one| prose(one)).collect::<Vec<_>>());
    let mut notes = summary::notes(report);
    notes.extend(summary::hidden(report.evaluation, least));
    page.list("Notes", &notes.iter().map(|note| prose(note)).collect::<Vec<_>>());
    if page.left > 0 {
        let items = count(page.left, "item");
        page.text.push_str(&format!("\n{items} had no room here; `--report json=FILE` has everything.\n"));
    }
    out.write_all(page.text.as_bytes())
}

/// The text, and how many items had no room in it.
struct Page {
    text: String,
    left: usize,
    room: usize,
}

impl Page {
    /// Adds a block whole, or counts its items.
    fn add(&mut self, block: &str, items: usize) {
        if self.text.len() + block.len() <= self.room {
            self.text.push_str(block);
        } else {
            self.left += items;
        }
    }

    /// Adds a heading and the items below it, as far as there is room.
    fn list(&mut self, heading: &str, items: &[String]) {
        let Some(first) = items.first() else { return };
        let listed = (self.room / ITEM).clamp(1, items.len());
        let heading = format!("## {heading}: {}\n\n", items.len());
        // A heading has something below it.
        if self.text.len() + heading.len() + format!("- {first}\n").len() > self.room {
            self.left += items.len();
            return;
        }
        self.text.push_str(&heading);
        for item in items.iter().take(listed) {
            self.add(&format!("- {item}\n"), 1);
        }
        self.left += items.len() - listed;
        self.add("\n", 0);
    }
}

/// Open findings by severity: numbers of our own, so a table is safe.
fn counts(report: &Report, page: &mut Page) {
    let tally = &report.evaluation.tally;
    let open: Vec<(Severity, usize)> =
        Severity::ALL.into_iter().rev().map(|severity| (severity, tally.open(severity))).collect();
    if open.iter().all(|(_, n)| *n == 0) {
        return;
    }
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    page.text.push_str(&row(open.iter().map(|(severity, _)| severity.word().to_owned()).collect()));
    page.text.push_str(&row(open.iter().map(|_| "---:".to_owned()).collect()));
    page.text.push_str(&row(open.iter().map(|(_, n)| n.to_string()).collect()));
    page.text.push('\n');
}

/// Unread and undecided parts, before anything else: the rest is only what was checked.
fn incomplete(report: &Report, page: &mut Page) {
    let evaluation = report.evaluation;
    let unread = evaluation.unread.iter().map(|one| {
        let help = one.help.as_ref().map_or_else(String::new, |help| format!(": {}", prose(help)));
        format!("{}: {}{help}", code(&summary::unread_at(one)), code(&summary::unread(one)))
    });
    page.list("Could not be read", &unread.collect::<Vec<_>>());
    let reasons = summary::by_reason(&evaluation.undecided).into_iter().map(|(reason, verdicts)| {
        let rules: BTreeSet<&str> = verdicts.iter().map(|one| &*one.rule.id).collect();
        let pools: BTreeSet<String> = verdicts.iter().map(|one| one.pool.identity.title()).collect();
        format!("{} ({} of {})", code(reason), named(&rules, "rule"), named(&pools, "pool"))
    });
    page.list("Not decided, by reason", &reasons.collect::<Vec<_>>());
}

/// A single name, or how many there are.
fn named<T: AsRef<str>>(names: &BTreeSet<T>, what: &str) -> String {
    match names.iter().next() {
        Some(one) if names.len() == 1 => code(one.as_ref()),
        _ => count(names.len(), what),
    }
}

/// Each pool with findings that count, the worst first, folded.
fn pools(report: &Report, least: Severity, page: &mut Page) {
    let (mut open, apart) = order::shown(report, least);
    let explained = rules(&open, page);
    order::by_pool(&mut open);
    let instances = Instances::join(&mut open);
    for findings in open.chunk_by(|a, b| a.pool == b.pool) {
        let Some(first) = findings.first() else { continue };
        let mut by_severity = [0; 5];
        for finding in findings {
            by_severity[finding.rule.severity as usize] += 1;
        }
        let counts = summary::severities(&by_severity);
        let start =
            format!("<details><summary><code>{}</code>: {counts}</summary>\n\n", html(&heading(&first.pool)));
        let end = "\n</details>\n\n";
        let items = findings.iter().map(|finding| item(finding, &instances, !explained));
        let items: Vec<String> = items.collect();
        let most = page.room.saturating_sub(page.text.len() + start.len() + end.len());
        let mut length = 0;
        let fitting = items.iter().take_while(|item| {
            length += item.len();
            length <= most
        });
        let fitting: Vec<&str> = fitting.map(String::as_str).collect();
        page.left += items.len() - fitting.len();
        if !fitting.is_empty() {
            page.text.push_str(&format!("{start}{}{end}", fitting.concat()));
        }
    }
    let line = |finding: &&Finding| short(finding);
    page.list("For information, of pools that meet policy", &apart.iter().map(line).collect::<Vec<_>>());
}

/// Each rule with its fix, where one has many findings: below a pool each finding is a line then. Whether that is so.
fn rules(open: &[&Finding], page: &mut Page) -> bool {
    let mut by_rule: BTreeMap<(Reverse<Severity>, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in open {
        by_rule.entry((Reverse(finding.rule.severity), &finding.rule.id)).or_default().push(finding);
    }
    if by_rule.values().all(|findings| findings.len() < MANY) {
        return false;
    }
    let items: Vec<String> = by_rule.values().filter_map(|findings| rule(findings)).collect();
    page.list("Rules", &items);
    true
}

/// A rule with the number of its findings, and how to mend them.
fn rule(findings: &[&Finding]) -> Option<String> {
    let first = findings.first()?;
    let pools: BTreeSet<&PoolRef> = findings.iter().map(|finding| &*finding.pool).collect();
    let number = match (findings.len(), count(pools.len(), "pool")) {
        (all, pools_in_words) if all == pools.len() => pools_in_words,
        (all, pools_in_words) => format!("{} in {pools_in_words}", count(all, "finding")),
    };
    let new = match findings.iter().filter(|finding| since::is_new(finding)).count() {
        0 => String::new(),
        new => format!(", {new} new"),
    };
    let rule = &first.rule;
    let title = if rule.titled { format!(": {}", prose(&rule.title)) } else { String::new() };
    let fix = first.fix();
    let fix = if fix.is_empty() { String::new() } else { format!("\n  - {}", prose(&fix)) };
    Some(format!("**{}** {}, {number}{new}{title}{fix}", rule.severity.word(), code(&rule.id)))
}

fn heading(pool: &PoolRef) -> String {
    format!("{} in {}", pool.identity.title(), pool.origin.name)
}

/// One finding: what is there, where, and how to mend it, unless its rule is explained above.
fn item(finding: &Finding, instances: &Instances<'_>, explain: bool) -> String {
    let rule = &finding.rule;
    let mut text = format!("- **{}** {}: {}", rule.severity.word(), code(&rule.id), code(&finding.message));
    if !finding.names_path {
        text.push_str(&format!(" ({})", code(&finding.path)));
    }
    if let Some(at) = &finding.location {
        text.push_str(&format!(" at {}", code(&format!("{}:{}:{}", at.file, at.line, at.column))));
    }
    text.extend(since::since(finding).map(|since| format!(", {since}")));
    text.push('\n');
    if let Some(named) = instances.named(finding) {
        text.push_str(&format!("  - {}\n", code(&named)));
    }
    if let Some(waiver) = &finding.standing.lapsed {
        text.push_str(&format!("  - waiver expired: {}\n", by(waiver)));
    }
    for one in calls::of_finding(finding) {
        text.push_str(&format!("  - {}\n", code(&one)));
    }
    match finding.declaration.as_ref().and_then(|declaration| declaration.fix.as_ref()) {
        Some(fix) => text.push_str(&format!("  - set {}\n", code(fix))),
        None if explain && !finding.fix().is_empty() => {
            text.push_str(&format!("  - {}\n", prose(&finding.fix())));
        }
        None => {}
    }
    text
}

fn by(waiver: &Acceptance) -> String {
    let until = waiver.expires.map_or_else(String::new, |day| format!(" until {day}"));
    format!("{}{until}: {}", code(&waiver.owner), code(&waiver.reason))
}

/// A finding in a line.
fn short(finding: &Finding) -> String {
    let title = finding.pool.identity.title();
    let since = since::since(finding).map_or_else(String::new, |since| format!(", {since}"));
    format!("{} {}: {}{since}", code(&finding.rule.id), code(&title), code(&finding.message))
}

fn accepted(report: &Report, least: Severity, page: &mut Page) {
    let all = report.evaluation.findings.iter();
    let mut findings: Vec<&Finding> = all.filter(|finding| finding.rule.severity >= least).collect();
    order::by_severity(&mut findings);
    let mut shown = findings.clone();
    shown.retain(|finding| matches!(finding.standing.status, Status::Waived(_)));
    let instances = Instances::join(&mut shown);
    let accepted = shown.iter().filter_map(|finding| match &finding.standing.status {
        Status::Waived(waiver) => {
            let named =
                instances.named(finding).map_or_else(String::new, |named| format!(" ({})", code(&named)));
            Some(format!("{}{named}, by {}", short(finding), by(waiver)))
        }
        Status::Open | Status::Known => None,
    });
    page.list("Waived", &accepted.collect::<Vec<_>>());
    let known = findings.iter().filter(|finding| matches!(finding.standing.status, Status::Known));
    page.list("Known from the baseline", &known.map(|finding| short(finding)).collect::<Vec<_>>());
}

fn no_more(report: &Report, page: &mut Page) {
    let line = |one: &Fixed| format!("{} {}", code(&one.rule), code(&format!("{}: {}", one.title, one.path)));
    page.list("Fixed", &report.evaluation.fixed.iter().map(line).collect::<Vec<_>>());
    page.list("Gone with a deleted pool", &report.evaluation.ended.iter().map(line).collect::<Vec<_>>());
}

/// Findings that applying a plan takes away, and changes of others that it undoes.
fn deploy(report: &Report, page: &mut Page) {
    let removed = report.evaluation.removed.iter().map(short);
    page.list("Removed by applying the plan", &removed.collect::<Vec<_>>());
    let undone = report.evaluation.undone.iter().map(|one| {
        let at = code(&format!("{}: {}", one.pool.identity.title(), one.path));
        let [live, after] = [&one.live, &one.after].map(|value| code(&summary::value(value.as_ref())));
        format!("{at} is {live}, and applying sets {after}")
    });
    page.list("Changed outside Terraform, and undone by applying the plan", &undone.collect::<Vec<_>>());
}

/// A code span that holds any text: its fence is longer than every run of backticks in the text.
pub(super) fn code(text: &str) -> String {
    let text = sanitized(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A sentence in which nothing is Markdown or HTML, and nobody is mentioned.
pub(super) fn prose(text: &str) -> String {
    let mut safe = String::new();
    for c in sanitized(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' => safe.extend(['\\', c]),
            // A space without width, as an entity: what follows is a name or a number no more.
            '@' | '#' => safe.push_str(&format!("{c}&#8203;")),
            c => safe.push(c),
        }
    }
    safe
}

/// Text inside of HTML.
pub(super) fn html(text: &str) -> String {
    sanitized(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
