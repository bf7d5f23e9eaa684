//! The shapes of what a report says of the run itself: its terms, its rules, and which part of the pools it read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use crate::evaluate::Evaluation;
use crate::outcome::Terms;
use crate::report::{Report, Run};
use crate::rule::{Policy, Rule, Severity};
use crate::value::Value;

#[derive(Serialize)]
pub(super) struct TermsShape {
    pub(super) fail_on: &'static str,
    pub(super) unknown: &'static str,
    pub(super) coverage: &'static str,
    pub(super) allow_empty: bool,
    pub(super) evidence: bool,
}

#[derive(Serialize)]
pub(super) struct ShardShape<'a> {
    pub(super) index: u32,
    pub(super) count: u32,
    pub(super) seen: &'a BTreeSet<String>,
}

#[derive(Serialize)]
pub(super) struct PolicyShape<'a> {
    pub(super) digest: &'a str,
    pub(super) off: Vec<&'a str>,
    pub(super) scopes: Vec<ScopeShape<'a>>,
    /// Left out where each rule has a line of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rules: Option<Vec<RuleShape<'a>>>,
}

#[derive(Serialize)]
pub(super) struct ScopeShape<'a> {
    pub(super) name: &'a str,
    pub(super) pools: usize,
    pub(super) off: Vec<&'a str>,
}

#[derive(Serialize)]
pub(super) struct RuleShape<'a> {
    pub(super) id: &'a str,
    pub(super) severity: &'static str,
    pub(super) title: &'a str,
    pub(super) why: &'a str,
    pub(super) fix: &'a str,
    pub(super) links: &'a [String],
    pub(super) tags: &'a [String],
    pub(super) controls: Vec<ControlsShape<'a>>,
    #[serde(serialize_with = "params")]
    pub(super) params: &'a [(String, Value)],
    pub(super) file: &'a str,
    pub(super) line: usize,
}

#[derive(Serialize)]
pub(super) struct ControlsShape<'a> {
    pub(super) framework: &'a str,
    pub(super) ids: &'a [String],
}

fn params<S: Serializer>(params: &&[(String, Value)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(params.iter().map(|(name, value)| (name, value.to_json())))
}

impl<'a> ShardShape<'a> {
    pub(super) fn of(run: Run<'_>, evaluation: &'a Evaluation) -> Option<ShardShape<'a>> {
        let shard = run.shard?;
        Some(ShardShape { index: shard.index(), count: shard.count(), seen: &evaluation.seen })
    }
}

impl TermsShape {
    pub(super) fn of(report: &Report<'_>) -> TermsShape {
        let Terms { fail_on, ignore_unknown, allow_empty } = report.terms;
        TermsShape {
            fail_on: fail_on.map_or("never", Severity::word),
            unknown: if ignore_unknown { "ignore" } else { "fail" },
            coverage: if report.run.full_coverage { "full" } else { "inputs" },
            allow_empty,
            evidence: report.evidence,
        }
    }
}

impl<'a> PolicyShape<'a> {
    pub(super) fn of(
        policy: &'a Policy,
        digest: &'a str,
        fitting: &BTreeMap<usize, usize>,
    ) -> PolicyShape<'a> {
        let scopes = policy.scopes.iter().enumerate().map(|(index, scope)| ScopeShape {
            name: &scope.name,
            pools: fitting.get(&index).copied().unwrap_or(0),
            off: scope.off(&policy.rules).collect(),
        });
        let off = policy.off.iter().map(AsRef::as_ref).collect();
        PolicyShape { digest, off, scopes: scopes.collect(), rules: None }
    }
}

impl<'a> From<&'a Rule> for RuleShape<'a> {
    fn from(rule: &'a Rule) -> Self {
        let controls = rule.controls.iter();
        RuleShape {
            id: &rule.id,
            severity: rule.severity.word(),
            title: &rule.title,
            why: &rule.why,
            fix: &rule.fix,
            links: &rule.links,
            tags: &rule.tags,
            controls: controls.map(|(framework, ids)| ControlsShape { framework, ids }).collect(),
            params: &rule.params,
            file: rule.script.name(),
            line: rule.line_column().0,
        }
    }
}
