//! Counts by account and by rule.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::Evaluation;
use crate::finding::{PoolRef, Status};
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
}

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
fn key(pool: &PoolRef) -> (String, String) {
    let identity = &pool.identity;
    let account = identity.account.as_deref().unwrap_or(&pool.origin.name);
    (sanitized(account).into_owned(), sanitized(identity.region.as_deref().unwrap_or_default()).into_owned())
}

/// Every account and Region, the worst first.
pub(super) fn accounts(evaluation: &Evaluation) -> Vec<Account> {
    let mut accounts: BTreeMap<(String, String), Counts> = BTreeMap::new();
    for pool in &evaluation.pools {
        accounts.entry(key(pool)).or_default().pools += 1;
    }
    for finding in &evaluation.findings {
        let counts = accounts.entry(key(&finding.pool)).or_default();
        counts.add(finding.rule.severity, &finding.standing.status);
    }
    for undecided in &evaluation.undecided {
        accounts.entry(key(&undecided.pool)).or_default().unknown += 1;
    }
    let accounts = accounts.into_iter();
    let mut accounts: Vec<Account> =
        accounts.map(|((name, region), counts)| Account { name, region, counts }).collect();
    accounts.sort_by_key(|one| Reverse(one.counts.open));
    accounts
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
