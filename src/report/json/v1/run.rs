//! The shapes of what a report says of the run itself: its terms, its rules, and which part of the pools it read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::Items;
use crate::evaluate::Evaluation;
use crate::outcome::Terms;
use crate::report::{Report, Run};
use crate::rule::{Policy, Rule, Severity};

/// This program.
pub(in crate::report) const TOOL: ToolShape<'_> = ToolShape {
    name: Cow::Borrowed(env!("CARGO_PKG_NAME")),
    version: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
};

#[derive(Deserialize, Serialize)]
pub(in crate::report) struct ToolShape<'a> {
    #[serde(default)]
    pub(super) name: Cow<'a, str>,
    pub(super) version: Cow<'a, str>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct TermsShape<'a> {
    pub(super) fail_on: Cow<'a, str>,
    pub(super) unknown: Cow<'a, str>,
    pub(super) coverage: Cow<'a, str>,
    pub(super) allow_empty: bool,
    pub(super) evidence: bool,
}

#[derive(Deserialize, Serialize)]
pub(super) struct ShardShape<'a> {
    pub(super) index: u32,
    pub(super) count: u32,
    pub(super) seen: Cow<'a, BTreeSet<String>>,
}

#[derive(Default, Deserialize, Serialize)]
pub(super) struct PolicyShape<'a> {
    pub(super) digest: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(super) off: Vec<Cow<'a, str>>,
    #[serde(default)]
    pub(super) scopes: Vec<ScopeShape<'a>>,
    /// Left out where each rule has a line of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rules: Option<Items<'a, Arc<Rule>, RuleShape<'a>>>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct ScopeShape<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) pools: usize,
    pub(super) off: Vec<Cow<'a, str>>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct RuleShape<'a> {
    pub(super) id: Cow<'a, str>,
    pub(super) severity: Cow<'a, str>,
    pub(super) title: Cow<'a, str>,
    pub(super) why: Cow<'a, str>,
    pub(super) fix: Cow<'a, str>,
    pub(super) links: Cow<'a, [String]>,
    pub(super) tags: Cow<'a, [String]>,
    pub(super) controls: Vec<ControlsShape<'a>>,
    pub(super) params: Map<String, Json>,
    pub(super) file: Cow<'a, str>,
    pub(super) line: usize,
}

#[derive(Deserialize, Serialize)]
pub(super) struct ControlsShape<'a> {
    pub(super) framework: Cow<'a, str>,
    pub(super) ids: Cow<'a, [String]>,
}

impl<'a> ShardShape<'a> {
    pub(super) fn of(run: Run<'_>, evaluation: &'a Evaluation) -> Option<ShardShape<'a>> {
        let shard = run.shard?;
        let seen = Cow::Borrowed(&evaluation.seen);
        Some(ShardShape { index: shard.index(), count: shard.count(), seen })
    }
}

impl TermsShape<'_> {
    pub(super) fn of(report: &Report<'_>) -> TermsShape<'static> {
        let Terms { fail_on, ignore_unknown, allow_empty } = report.terms;
        TermsShape {
            fail_on: fail_on.map_or("never", Severity::word).into(),
            unknown: if ignore_unknown { "ignore" } else { "fail" }.into(),
            coverage: if report.run.full_coverage { "full" } else { "inputs" }.into(),
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
            name: Cow::Borrowed(&scope.name),
            pools: fitting.get(&index).copied().unwrap_or(0),
            off: scope.off(&policy.rules).map(Cow::Borrowed).collect(),
        });
        PolicyShape {
            digest: Some(digest.into()),
            off: policy.off.iter().map(|id| Cow::Borrowed(&**id)).collect(),
            scopes: scopes.collect(),
            rules: Some(Items::Of(&policy.rules)),
        }
    }
}

impl<'a> From<&'a Arc<Rule>> for RuleShape<'a> {
    fn from(rule: &'a Arc<Rule>) -> Self {
        let controls = rule.controls.iter();
        let controls =
            controls.map(|(framework, ids)| ControlsShape { framework: framework.into(), ids: ids.into() });
        RuleShape {
            id: Cow::Borrowed(&rule.id),
            severity: rule.severity.word().into(),
            title: Cow::Borrowed(&rule.title),
            why: Cow::Borrowed(&rule.why),
            fix: Cow::Borrowed(&rule.fix),
            links: Cow::Borrowed(&rule.links),
            tags: Cow::Borrowed(&rule.tags),
            controls: controls.collect(),
            params: rule.params.iter().map(|(name, value)| (name.clone(), value.to_json())).collect(),
            file: rule.script.name().into(),
            line: rule.line_column().0,
        }
    }
}
