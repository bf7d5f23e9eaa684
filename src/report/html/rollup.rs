//! Counts by account, owner and rule.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::Evaluation;
use crate::finding::{Change, PoolRef, Status};
use crate::report::Report;
use crate::report::sanitize::sanitized;
use crate::rule::Severity;

/// Findings in a part of the pools, or of a rule.
#[derive(Default)]
pub(super) struct Counts {
    /// Open findings, the worst severity first.
    pub(super) open: [usize; 5],
    pub(super) unknown: usize,
    pub(super) accepted: usize,
    pub(super) pools: usize,
}

/// The pools of one Region of an account, or of an input that names no account.
pub(super) struct Account {
    /// The account, or the input.
    pub(super) name: String,
    pub(super) region: String,
    pub(super) counts: Counts,
    /// The number of pools for which every rule was decided: `3 of 4`.
    pub(super) decided: String,
    /// New findings and those that are gone since the last time, with an arrow for what is more.
    pub(super) trend: String,
}

/// The parts of an account's row.
#[derive(Default)]
struct Parts<'a> {
    counts: Counts,
    undecided: BTreeSet<&'a PoolRef>,
    new: usize,
    gone: usize,
}

/// The pools of one owner.
pub(super) struct ByOwner {
    /// The value of the tag; empty for pools without one.
    pub(super) name: String,
    pub(super) counts: Counts,
}

/// The tags that name an owner, the first that a pool has.
const OWNER_TAGS: [&str; 3] = ["owner", "team", "contact"];

/// The findings of one rule.
pub(super) struct ByRule {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) severity: &'static str,
    pub(super) counts: Counts,
}

impl Counts {
    fn add(&mut self, severity: Severity, status: &Status) {
        match status {
            Status::Open => self.open[4 - severity as usize] += 1,
            Status::Waived(_) | Status::Known => self.accepted += 1,
        }
    }

    pub(super) fn total(&self) -> usize {
        self.open.iter().sum()
    }
}

/// The account and the Region of a pool; the input takes the place of an account that is not known.
pub(super) fn key(pool: &PoolRef) -> (String, String) {
    let identity = &pool.identity;
    let account = identity.account.as_deref().unwrap_or(&pool.origin.name);
    (sanitized(account).into_owned(), sanitized(identity.region.as_deref().unwrap_or_default()).into_owned())
}

/// Every account and Region, the worst first.
pub(super) fn accounts(evaluation: &Evaluation) -> Vec<Account> {
    let mut accounts: BTreeMap<(String, String), Parts<'_>> = BTreeMap::new();
    for pool in &evaluation.pools {
        accounts.entry(key(pool)).or_default().counts.pools += 1;
    }
    for finding in &evaluation.findings {
        let parts = accounts.entry(key(&finding.pool)).or_default();
        parts.counts.add(finding.rule.severity, &finding.standing.status);
        parts.new += usize::from(finding.standing.change == Some(Change::New));
    }
    for undecided in &evaluation.undecided {
        let parts = accounts.entry(key(&undecided.pool)).or_default();
        parts.counts.unknown += 1;
        parts.undecided.insert(&undecided.pool);
    }
    let places: BTreeMap<String, _> = evaluation.pools.iter().map(|pool| (pool.key(), key(pool))).collect();
    for gone in evaluation.fixed.iter().chain(&evaluation.ended) {
        // The pool of one that ended with it is not among the pools.
        let place = places.get(&gone.pool).cloned().or_else(|| of_arn(&gone.pool));
        if let Some(parts) = place.and_then(|place| accounts.get_mut(&place)) {
            parts.gone += 1;
        }
    }
    let account = |((name, region), Parts { counts, undecided, new, gone }): (_, Parts<'_>)| Account {
        name,
        region,
        decided: format!("{} of {}", counts.pools.saturating_sub(undecided.len()), counts.pools),
        counts,
        trend: trend(new, gone),
    };
    let mut accounts: Vec<Account> = accounts.into_iter().map(account).collect();
    accounts.sort_by_key(|one| Reverse(one.counts.open));
    accounts
}

/// The account and the Region of a pool's ARN.
fn of_arn(arn: &str) -> Option<(String, String)> {
    let mut parts = arn.strip_prefix("arn:")?.split(':').skip(2);
    let region = parts.next()?;
    Some((sanitized(parts.next()?).into_owned(), sanitized(region).into_owned()))
}

fn trend(new: usize, gone: usize) -> String {
    let arrow = match new.cmp(&gone) {
        Ordering::Less => '\u{2193}',
        Ordering::Equal => '=',
        Ordering::Greater => '\u{2191}',
    };
    format!("{arrow} {new} new, {gone} gone")
}

/// Every rule that found something or could not decide, the worst first.
pub(super) fn rules(report: &Report) -> Vec<ByRule> {
    let evaluation = report.evaluation;
    let mut rules: BTreeMap<&str, ByRule> = BTreeMap::new();
    let mut pools: BTreeMap<&str, BTreeSet<&PoolRef>> = BTreeMap::new();
    let found = evaluation.findings.iter().map(|one| (&one.rule, &one.pool, Some(&one.standing.status)));
    let unknown = evaluation.undecided.iter().map(|one| (&one.rule, &one.pool, None));
    for (rule, pool, status) in found.chain(unknown) {
        let row = rules.entry(&rule.id).or_insert_with(|| ByRule {
            id: sanitized(&rule.id).into_owned(),
            title: sanitized(&rule.title).into_owned(),
            severity: rule.severity.word(),
            counts: Counts::default(),
        });
        match status {
            Some(status) => row.counts.add(rule.severity, status),
            None => row.counts.unknown += 1,
        }
        if status == Some(&Status::Open) {
            pools.entry(&rule.id).or_default().insert(pool);
        }
    }
    for (id, pools) in pools {
        if let Some(row) = rules.get_mut(id) {
            row.counts.pools = pools.len();
        }
    }
    let mut rules: Vec<ByRule> = rules.into_values().collect();
    rules.sort_by_key(|one| Reverse((one.counts.open, one.counts.unknown)));
    rules
}

/// The owner that a tag of the pool names; empty where none does.
fn owner(pool: &PoolRef) -> String {
    let tags = pool.tags.iter().flatten();
    let named =
        |key: &str| tags.clone().find(|(own, _)| own.eq_ignore_ascii_case(key)).map(|(_, value)| value);
    OWNER_TAGS.into_iter().find_map(named).map_or_else(String::new, |owner| sanitized(owner).into_owned())
}

/// Every owner, the worst first; nothing where no tag of any pool names one.
pub(super) fn owners(evaluation: &Evaluation) -> Vec<ByOwner> {
    let mut owners: BTreeMap<String, Counts> = BTreeMap::new();
    for pool in &evaluation.pools {
        owners.entry(owner(pool)).or_default().pools += 1;
    }
    if owners.keys().all(String::is_empty) {
        return Vec::new();
    }
    for finding in &evaluation.findings {
        let counts = owners.entry(owner(&finding.pool)).or_default();
        counts.add(finding.rule.severity, &finding.standing.status);
    }
    for undecided in &evaluation.undecided {
        owners.entry(owner(&undecided.pool)).or_default().unknown += 1;
    }
    let mut owners: Vec<ByOwner> =
        owners.into_iter().map(|(name, counts)| ByOwner { name, counts }).collect();
    owners.sort_by_key(|one| Reverse(one.counts.open));
    owners
}
