//! Gaps of a run, in groups: unread, undecided, not in the inputs, off.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::evaluate::Evaluation;
use crate::pool::Beyond;
use crate::report::ansi::count;
use crate::report::sanitize::sanitized;
use crate::report::{Report, summary};

/// More items of one group are counted. The embedded report has them all.
const LISTED: usize = 12;

/// One group of gaps.
pub(in crate::report) struct Gap {
    pub(in crate::report) heading: String,
    /// Its meaning for the answer.
    pub(in crate::report) meaning: &'static str,
    /// It makes the run incomplete.
    pub(in crate::report) counts: bool,
    pub(in crate::report) items: Vec<String>,
    /// The number of items that are not listed.
    pub(in crate::report) more: usize,
}

impl Gap {
    /// The same with the first items, and the number of the others.
    pub(in crate::report) fn shortened(mut self) -> Gap {
        self.more = self.items.len().saturating_sub(LISTED);
        self.items.truncate(LISTED);
        self
    }
}

/// Every group that has something in it.
pub(in crate::report) fn gaps(report: &Report) -> Vec<Gap> {
    let evaluation = report.evaluation;
    let all = [
        stopped(report),
        unread(evaluation),
        undecided(report),
        outside(report),
        unvisited(evaluation),
        off(report),
        unknown_members(evaluation),
    ];
    all.into_iter().flatten().collect()
}

fn gap(heading: String, meaning: &'static str, counts: bool, items: Vec<String>) -> Option<Gap> {
    (!items.is_empty()).then_some(Gap { heading, meaning, counts, items, more: 0 })
}

/// The run is a part of the whole: it was interrupted, or it is one shard.
fn stopped(report: &Report) -> Option<Gap> {
    let mut items = Vec::new();
    if report.evaluation.interrupted.is_some() {
        items.push("The run was interrupted: pools that it had not reached are missing.".to_owned());
    }
    if let Some(shard) = report.run.shard {
        items.push(format!(
            "This is shard {} of {}: the other shards have the other pools.",
            shard.index(),
            shard.count()
        ));
    }
    gap("Only a part".to_owned(), "The pools below are not all pools.", true, items)
}

fn unread(evaluation: &Evaluation) -> Option<Gap> {
    let items = evaluation.unread.iter().map(|one| {
        let help = one.help.as_ref().map_or_else(String::new, |help| format!(". {}", sanitized(help)));
        format!("{}: {}{help}", summary::unread_at(one), summary::unread(one))
    });
    let heading = format!("Could not be read: {}", evaluation.unread.len());
    gap(heading, "Nothing is known about their content.", true, items.collect())
}

fn undecided(report: &Report) -> Option<Gap> {
    let undecided = &report.evaluation.undecided;
    let items = summary::by_reason(undecided).into_iter().map(|(reason, verdicts)| {
        let rules: BTreeSet<&str> = verdicts.iter().map(|one| &*one.rule.id).collect();
        let pools: BTreeSet<String> = verdicts.iter().map(|one| one.pool.key()).collect();
        let (rules, pools) = (named(&rules, "rule"), count(pools.len(), "pool"));
        format!("{}: {} ({rules}, {pools})", sanitized(reason), count(verdicts.len(), "verdict"))
    });
    let meaning = match report.terms.ignore_unknown {
        true => "These verdicts are neither pass nor fail; the terms of the run accept them.",
        false => "These verdicts are neither pass nor fail.",
    };
    let heading = format!("Not decided: {}", count(report.evaluation.tally.unknown, "verdict"));
    gap(heading, meaning, !report.terms.ignore_unknown, items.collect())
}

/// A single name, or how many there are.
fn named(names: &BTreeSet<&str>, what: &str) -> String {
    match names.iter().next() {
        Some(one) if names.len() == 1 => sanitized(one).into_owned(),
        _ => count(names.len(), what),
    }
}

/// Inputs that lack the same parts are one item.
fn outside(report: &Report) -> Option<Gap> {
    type Parts<'a> = BTreeMap<Beyond, BTreeSet<Arc<str>>>;
    let mut groups: BTreeMap<&Parts<'_>, Vec<&str>> = BTreeMap::new();
    let (verdicts, meaning) = match report.run.full_coverage {
        true => ("unknown", "Rules about these parts are unknown there."),
        false => ("skipped", "Rules about these parts were skipped. --coverage full counts them."),
    };
    for (input, parts) in &report.evaluation.outside {
        groups.entry(parts).or_default().push(input);
    }
    let items = groups.into_iter().map(|(parts, inputs)| {
        let names: Vec<&str> = parts.keys().map(|part| part.path()).collect();
        let rules: BTreeSet<&str> = parts.values().flatten().map(|rule| &**rule).collect();
        let inputs = match inputs[..] {
            [one] => format!("{} does not contain", sanitized(one)),
            _ => format!("{} do not contain", count(inputs.len(), "input")),
        };
        format!("{inputs} {}: {} {verdicts}", names.join(", "), named(&rules, "rule"))
    });
    let heading = "Not in the inputs".to_owned();
    gap(heading, meaning, false, items.collect())
}

fn unvisited(evaluation: &Evaluation) -> Option<Gap> {
    let items = evaluation.unvisited.iter().map(|one| {
        format!("{}: {} of earlier reports", sanitized(&one.title), count(one.findings, "finding"))
    });
    let heading = "Pools of earlier reports that were not read".to_owned();
    gap(heading, "Their findings are neither open nor fixed.", false, items.collect())
}

/// Rules that are off, for all pools or for those of a scope.
fn off(report: &Report) -> Option<Gap> {
    let policy = report.policy;
    let everywhere = policy.off.iter().map(|id| format!("{} is off", sanitized(id)));
    let scoped = policy.scopes.iter().enumerate().filter_map(|(index, scope)| {
        let rules: BTreeSet<&str> = scope.off(&policy.rules).collect();
        let pools = report.evaluation.scoped.get(&index).copied().unwrap_or(0);
        let (rules_off, pools) = (named(&rules, "rule"), count(pools, "pool"));
        let name = sanitized(&scope.name);
        (!rules.is_empty()).then(|| format!("{rules_off} off in the scope {name} ({pools})"))
    });
    let items: Vec<String> = everywhere.chain(scoped).collect();
    gap("Rules that are off".to_owned(), "These rules were not checked.", false, items)
}

fn unknown_members(evaluation: &Evaluation) -> Option<Gap> {
    let items = evaluation.unknown_members.iter().map(|name| sanitized(name).into_owned()).collect();
    let meaning = "The API sent these members; no rule of this version reads them.";
    gap("Newer than this version".to_owned(), meaning, false, items)
}
