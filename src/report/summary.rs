//! The answer of a run in a sentence, and what must be said beside it; the same in every text format.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ansi::count;
pub(super) use super::missing::missing;
pub(super) use super::order::open;
use super::sanitize::{sanitized, shortened};
use super::{Report, Show, order, skipped};
use crate::evaluate::{Evaluation, Tally};
use crate::finding::{Change, Finding, Fixed, PoolRef, Proof, Undecided};
use crate::outcome::Outcome;
use crate::pool::{Beyond, Source};
use crate::rule::{Severity, Standard};
use crate::schema::schema;
use crate::source::{Interrupt, Unread};
use crate::value::Value;

/// Values longer than this are cut.
const LONGEST_VALUE: usize = 80;

/// More names than this are counted, not listed.
const LISTED: usize = 5;

/// The answer: what was found, and whether that is all there is to know. One line without a period.
pub(super) fn answer(report: &Report) -> String {
    let answer = answer_of_all(report);
    match report.run.shard {
        Some(shard) => format!("shard {} of {}: {answer}", shard.index(), shard.count()),
        None => answer,
    }
}

fn answer_of_all(report: &Report) -> String {
    let verdict = verdict(report);
    let tallies = tallies(report.evaluation);
    match report.outcome {
        Outcome::Clean | Outcome::Findings => format!("{verdict} ({tallies})"),
        Outcome::Interrupted(signal) => {
            let signal = match signal {
                Interrupt::Int => "SIGINT",
                Interrupt::Term => "SIGTERM",
            };
            format!("interrupted by {signal}, so this is only a part: {verdict} ({tallies})")
        }
        Outcome::Incomplete if report.evaluation.tally.pools == 0 => {
            format!("incomplete: {}", missing(report).join(" and "))
        }
        Outcome::Incomplete => {
            format!("incomplete: {}; {verdict} ({tallies})", missing(report).join(" and "))
        }
    }
}

/// The findings, as a clause.
pub(super) fn verdict(report: &Report) -> String {
    let evaluation = report.evaluation;
    let tally = &evaluation.tally;
    let certain = tally.unknown == 0 && evaluation.unread.is_empty() && evaluation.interrupted.is_none();
    let pools = pools(evaluation);
    if tally.pools == 0 && !evaluation.seen.is_empty() {
        return format!("none of {} belongs to it", count(evaluation.seen.len(), "pool"));
    }
    if tally.pools == 0 {
        return "no pool was checked".to_owned();
    }
    let open = Severity::ALL.map(|severity| tally.open(severity));
    let accepted = accepted(tally);
    if open.iter().sum::<usize>() == 0 && !accepted.is_empty() {
        let verb = if tally.pools == 1 { "meets" } else { "meet" };
        return match certain {
            true => format!("{pools} {verb} policy but for {accepted}"),
            false => format!("no violation found in {pools} but for {accepted}"),
        };
    }
    if tally.fail == 0 {
        return match (tally.pass, tally.pools) {
            (0, _) if certain => format!("no rule applies to {pools}"),
            (0, _) => format!("nothing could be decided for {pools}"),
            (_, 1) if certain => format!("{pools} meets policy"),
            (_, _) if certain => format!("{pools} meet policy"),
            _ => format!("no violation found in {pools}"),
        };
    }
    match report.terms.fail_on {
        Some(least) if !counts(tally, least) => {
            format!("nothing at or above {} in {pools}; below it {}", least.word(), severities(&open))
        }
        least => format!("{}: {}", violated(report, least), of_violations(report, open)),
    }
}

/// The findings of pools that violate policy by severity, and how many others there are.
fn of_violations(report: &Report, mut by_severity: [usize; 5]) -> String {
    let is_apart = order::apart(report);
    let apart = open(report.evaluation).filter(|finding| is_apart(finding)).count();
    let info = &mut by_severity[Severity::Info as usize];
    *info = info.saturating_sub(apart);
    let others = match apart {
        0 => String::new(),
        n => format!("; {n} info in pools that meet it"),
    };
    format!("{}{others}", severities(&by_severity))
}

/// How many pools violate policy.
fn violated(report: &Report, least: Option<Severity>) -> String {
    let evaluation = report.evaluation;
    let tally = &evaluation.tally;
    let bad = order::violating(report, least.unwrap_or(Severity::Info));
    match (bad.len(), tally.pools) {
        // Only counts were asked for, so which pools they are in is not known.
        (0, _) => format!("{} in {}", count(tally.fail, "violation"), pools(evaluation)),
        (1, 1) => format!("{} violates policy", pools(evaluation)),
        (1, all) => format!("1 of {all} pools violates policy"),
        (n, all) => format!("{n} of {} violate policy", count(all, "pool")),
    }
}

/// A single pool by its name, several by their number.
fn pools(evaluation: &Evaluation) -> String {
    match evaluation.pools.as_slice() {
        [one] if evaluation.tally.pools == 1 => shortened(&sanitized(&one.identity.title()), 80),
        _ => count(evaluation.tally.pools, "pool"),
    }
}

fn counts(tally: &Tally, least: Severity) -> bool {
    Severity::ALL.into_iter().any(|severity| severity >= least && tally.open(severity) > 0)
}

fn tallies(evaluation: &Evaluation) -> String {
    let tally = &evaluation.tally;
    let (waived, known) = (tally.waived.iter().sum::<usize>(), tally.known.iter().sum::<usize>());
    let failed = tally.fail.saturating_sub(waived + known);
    let counts = [
        (failed, "failed"),
        (waived, "waived"),
        (known, "known"),
        (tally.unknown, "unknown"),
        (tally.skipped, "skipped"),
    ];
    let mut parts = vec![count(tally.rules, "rule"), format!("{} passed", tally.pass)];
    let counted = |counts: &[(usize, &str)]| -> Vec<String> {
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect()
    };
    parts.extend(counted(&counts));
    let of_change = |new: bool| {
        let is_new = |one: &&Finding| one.standing.change.map(|change| change == Change::New);
        open(evaluation).filter(|one| is_new(one) == Some(new)).count()
    };
    let since = counted(&[
        (of_change(true), "new"),
        (of_change(false), "still there"),
        (evaluation.fixed.len(), "fixed"),
        (evaluation.ended.len(), "gone with a deleted pool"),
    ]);
    let colon = if since.is_empty() { "" } else { "; since the last report " };
    format!("{}{colon}{}", parts.join(", "), since.join(", "))
}

/// `1 waived and 2 known findings`; nothing where all count.
fn accepted(tally: &Tally) -> String {
    let (waived, known) = (tally.waived.iter().sum::<usize>(), tally.known.iter().sum::<usize>());
    match (waived, known) {
        (0, 0) => String::new(),
        (n, 0) => count(n, "waived finding"),
        (0, n) => count(n, "known finding"),
        (waived, known) => format!("{waived} waived and {}", count(known, "known finding")),
    }
}

/// A value in a line of its own, cut where it is long.
pub(super) fn value(value: Option<&Value>) -> String {
    value.map_or("absent".to_owned(), |value| shortened(&sanitized(&value.to_string()), LONGEST_VALUE))
}

/// The place of a fixed finding: the pool and the path.
pub(super) fn fixed_at(fixed: &Fixed) -> String {
    format!("{}: {}", sanitized(&fixed.title), sanitized(&fixed.path))
}

/// `1 high, 3 medium`, the worst first.
pub(super) fn severities(by_severity: &[usize; 5]) -> String {
    let worst_first = Severity::ALL.iter().rev();
    let parts: Vec<String> = worst_first
        .filter(|severity| by_severity[**severity as usize] > 0)
        .map(|severity| format!("{} {}", by_severity[*severity as usize], severity.word()))
        .collect();
    parts.join(", ")
}

/// Pools of earlier findings that were not read, in a sentence.
fn unvisited(evaluation: &Evaluation) -> Option<String> {
    let findings: usize = evaluation.unvisited.iter().map(|one| one.findings).sum();
    let titles: Vec<_> = evaluation.unvisited.iter().map(|one| sanitized(&one.title)).collect();
    let (be, they) = if findings == 1 { ("is", "it is") } else { ("are", "they are") };
    let named = match titles.as_slice() {
        [] => return None,
        few if few.len() <= LISTED => few.join(", "),
        many => format!("{} and {} more", many[..LISTED].join(", "), many.len() - LISTED),
    };
    let (findings, pools) = (count(findings, "finding"), count(titles.len(), "pool"));
    Some(format!(
        "{findings} of earlier reports {be} in {pools} that this run did not read, so {they} neither open nor \
         fixed: {named}"
    ))
}

/// Notes of every text format beside findings, as sentences: notes, sections outside, members that are too new.
pub(super) fn notes(report: &Report) -> Vec<String> {
    let evaluation = report.evaluation;
    let said = evaluation.notes_in_words();
    let said = said.map(|(target, message)| format!("{}: {}", sanitized(target), sanitized(&message)));
    let mut notes: Vec<String> = said.collect();
    notes.extend(unvisited(evaluation));
    let verdicts = if report.run.full_coverage { "unknown" } else { "skipped" };
    for (input, sections) in &evaluation.outside {
        let is_section = |beyond: &Beyond| matches!(beyond, Beyond::Section(_));
        let (held, said): (Vec<_>, Vec<_>) = sections.iter().partition(|(beyond, _)| is_section(beyond));
        for (parts, says) in [(held, "pools without"), (said, "no argument for")] {
            if parts.is_empty() {
                continue;
            }
            let names: Vec<&str> = parts.iter().map(|(beyond, _)| beyond.path()).collect();
            let rules: BTreeSet<&Arc<str>> = parts.iter().flat_map(|(_, rules)| rules.iter()).collect();
            let (names, rules) = (names.join(", "), count(rules.len(), "rule"));
            notes.push(format!("{}: {says} {names}; {rules} {verdicts} there", sanitized(input)));
        }
    }
    if !evaluation.unknown_members.is_empty() {
        let names: Vec<_> = evaluation.unknown_members.iter().map(|name| sanitized(name)).collect();
        let members = if names.len() == 1 { "a member" } else { "members" };
        let named_as_secret = |path: &String| schema().names_secret(path.rsplit('.').next().unwrap_or(path));
        let masked = match evaluation.unknown_members.iter().any(named_as_secret) {
            true => "; what has the name of a secret is not shown",
            false => "",
        };
        notes
            .push(format!("the API sent {members} this version does not know: {}{masked}", names.join(", ")));
    }
    notes
}

/// The same for text that shows findings one by one, with why verdicts were skipped and how many findings are hidden.
pub(super) fn notes_of_text(report: &Report, show: Show) -> Vec<String> {
    let mut notes = notes(report);
    notes.extend(skipped::in_short(report.evaluation, show.verbose));
    notes.extend(hidden(report.evaluation, show.least));
    notes
}

/// How many findings `--min-severity` hides.
pub(super) fn hidden(evaluation: &Evaluation, least: Severity) -> Option<String> {
    let hidden = evaluation.findings.iter().filter(|finding| finding.rule.severity < least).count();
    let be = if hidden == 1 { "is" } else { "are" };
    let message =
        || format!("{} below {} {be} hidden by `--min-severity`", count(hidden, "finding"), least.word());
    (hidden > 0).then(message)
}

/// The failure of a read, without its target: `AccessDeniedException from DescribeUserPool: ...`.
pub(super) fn unread(unread: &Unread) -> String {
    let cause = match (unread.code.as_deref(), unread.operation.as_deref()) {
        (Some(code), Some(operation)) => format!("{code} from {operation}: "),
        (Some(one), None) | (None, Some(one)) => format!("{one}: "),
        (None, None) => String::new(),
    };
    sanitized(&format!("{cause}{}", unread.message)).into_owned()
}

/// The target of a read, with the place in it: `pools.json:3:9`.
pub(super) fn unread_at(unread: &Unread) -> String {
    let target = sanitized(&unread.target);
    match unread.at {
        Some((line, column)) => format!("{target}:{line}:{column}"),
        None => target.into_owned(),
    }
}

/// Where a pool is, as one word: the ARN of a live pool, the file of any other.
pub(super) fn place(pool: &PoolRef) -> String {
    let identity = &pool.identity;
    let place = match pool.origin.source {
        Source::Live => identity.arn.as_ref().or(identity.id.as_ref()).unwrap_or(&pool.origin.name),
        _ => &pool.origin.name,
    };
    sanitized(place).into_owned()
}

/// Undecided verdicts by their reason, in the order of the reasons.
pub(super) fn by_reason(undecided: &[Undecided]) -> BTreeMap<&str, Vec<&Undecided>> {
    let mut groups: BTreeMap<&str, Vec<&Undecided>> = BTreeMap::new();
    for one in undecided {
        groups.entry(one.reason.as_str()).or_default().push(one);
    }
    groups
}

/// The outcome in one word, for a heading.
pub(super) fn heading_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Clean => "passed",
        Outcome::Findings => "failed",
        Outcome::Incomplete => "incomplete",
        Outcome::Interrupted(_) => "interrupted",
    }
}

/// Why a finding counts again that somebody accepted.
pub(super) fn lapsed(finding: &Finding) -> Option<String> {
    let waiver = finding.standing.lapsed.as_deref()?;
    let last = waiver.expires.map_or_else(String::new, |day| format!(" on {day}"));
    Some(format!("its waiver by {} expired{last}", waiver.owner))
}

/// The number of verdicts of each kind on the controls of a standard.
pub(super) fn controls(report: &Report) -> Vec<String> {
    let of_standard = |standard: &Standard| {
        let all = report.evaluation.controls.iter().filter(|one| one.standard == standard.pack);
        let number = |proof: Proof| all.clone().filter(|one| one.verdict == proof).count();
        let numbers = Proof::ALL.map(|proof| format!("{} {}", number(proof), proof.word())).join(", ");
        let pools = match report.evaluation.tally.pools {
            1 => String::new(),
            n => format!(" in {}", count(n, "pool")),
        };
        all.clone().next().map(|_| format!("Controls of {}{pools}: {numbers}", sanitized(&standard.pack)))
    };
    report.policy.standards.iter().filter_map(of_standard).collect()
}
