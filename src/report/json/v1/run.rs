//! The shapes of what a report says of the run itself: its terms, its rules, and which part of the pools it read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::controls::{StandardShape, standard};
use super::recorded::{RecordedTerms, blank};
use super::{Damage, Items};
use crate::diagnostic::SourceFile;
use crate::evaluate::Evaluation;
use crate::outcome::FailurePolicy;
use crate::report::requirement::{Requirement, requirements};
use crate::report::{Report, Run};
use crate::rule::{Policy, Rule, Scope, Selector, Severity};
use crate::shard::Shard;
use crate::value::Value;

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
    /// The standards whose controls were judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) standards: Vec<StandardShape<'a>>,
    /// Left out where each rule has a line of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rules: Option<Items<'a, Arc<Rule>, RuleShape<'a>>>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct ScopeShape<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) pools: usize,
    pub(super) off: Vec<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) idle: bool,
}

#[derive(Deserialize, Serialize)]
pub(super) struct RuleShape<'a> {
    pub(super) id: Cow<'a, str>,
    pub(super) severity: Cow<'a, str>,
    pub(super) title: Cow<'a, str>,
    /// Missing in reports of 0.1.0, whose titles are shown.
    #[serde(default = "titled")]
    pub(super) titled: bool,
    pub(super) why: Cow<'a, str>,
    pub(super) fix: Cow<'a, str>,
    /// Missing in reports of 0.1.0, as is `api`.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(super) console: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(super) api: Cow<'a, str>,
    pub(super) links: Cow<'a, [String]>,
    pub(super) tags: Cow<'a, [String]>,
    pub(super) controls: Vec<ControlsShape<'a>>,
    pub(super) params: Map<String, Json>,
    pub(super) file: Cow<'a, str>,
    pub(super) line: usize,
}

fn titled() -> bool {
    true
}

#[derive(Deserialize, Serialize)]
pub(super) struct ControlsShape<'a> {
    pub(super) framework: Cow<'a, str>,
    pub(super) ids: Vec<Cow<'a, str>>,
}

impl ControlsShape<'_> {
    fn into_named(self) -> (String, Vec<String>) {
        (self.framework.into_owned(), self.ids.into_iter().map(Cow::into_owned).collect())
    }
}

impl<'a> From<Requirement<'a>> for ControlsShape<'a> {
    fn from((framework, ids): Requirement<'a>) -> Self {
        ControlsShape { framework: framework.into(), ids: ids.into_iter().map(Cow::Borrowed).collect() }
    }
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
        let FailurePolicy { fail_on, ignore_unknown, allow_empty } = report.terms;
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
            idle: fitting.get(&index) == Some(&0),
        });
        PolicyShape {
            digest: Some(digest.into()),
            off: policy.off.iter().map(|id| Cow::Borrowed(&**id)).collect(),
            scopes: scopes.collect(),
            standards: policy.standards.iter().map(StandardShape::from).collect(),
            rules: Some(Items::Of(&policy.rules)),
        }
    }
}

impl<'a> From<&'a Arc<Rule>> for RuleShape<'a> {
    fn from(rule: &'a Arc<Rule>) -> Self {
        RuleShape {
            id: Cow::Borrowed(&rule.id),
            severity: rule.severity.word().into(),
            title: Cow::Borrowed(&rule.title),
            titled: rule.titled,
            why: Cow::Borrowed(&rule.why),
            fix: Cow::Borrowed(&rule.fix),
            console: Cow::Borrowed(&rule.console),
            api: Cow::Borrowed(&rule.api),
            links: Cow::Borrowed(&rule.links),
            tags: Cow::Borrowed(&rule.tags),
            controls: requirements(rule).into_iter().map(ControlsShape::from).collect(),
            params: rule.params.iter().map(|(name, value)| (name.clone(), value.to_json())).collect(),
            file: rule.source_file.name().into(),
            line: rule.line_column().0,
        }
    }
}

/// The shard.
pub(super) fn shard(shape: &ShardShape<'_>) -> Result<Shard, Damage> {
    let ShardShape { index, count, seen: _ } = *shape;
    Shard::new(index, count).ok_or_else(|| format!("there is no shard {index} of {count}"))
}

/// How many pools each scope fits, by its position.
pub(super) fn scoped(shape: &PolicyShape<'_>) -> BTreeMap<usize, usize> {
    let scopes = shape.scopes.iter().enumerate().filter(|(_, scope)| scope.pools > 0 || scope.idle);
    scopes.map(|(index, scope)| (index, scope.pools)).collect()
}

pub(super) fn terms(shape: &TermsShape<'_>) -> Result<RecordedTerms, Damage> {
    let TermsShape { fail_on, unknown, coverage, allow_empty, evidence } = shape;
    let fail_on = match &**fail_on {
        "never" => None,
        word => Some(severity(word)?),
    };
    let terms = FailurePolicy { fail_on, ignore_unknown: unknown == "ignore", allow_empty: *allow_empty };
    Ok(RecordedTerms { terms, full_coverage: coverage == "full", evidence: *evidence })
}

pub(super) fn policy(shape: PolicyShape<'_>) -> Result<Policy, Damage> {
    let rules = shape.rules.unwrap_or_default();
    let mut rules =
        rules.into_shapes().map(|shape| rule(shape).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let scopes = shape.scopes.into_iter().map(|scope| Scope {
        changes: (0..)
            .zip(&rules)
            .filter(|(_, rule)| scope.off.iter().any(|id| **id == *rule.id))
            .map(|(index, _)| (index, None))
            .collect(),
        name: scope.name.into_owned(),
        selector: Selector::default(),
    });
    let scopes = scopes.collect();
    let standards = shape.standards.into_iter().map(standard).collect::<Result<_, _>>()?;
    let off = shape.off.into_iter().map(Arc::from).collect();
    Ok(Policy { rules, scopes, off, tags: false, journeys: false, standards })
}

fn rule(shape: RuleShape<'_>) -> Result<Rule, Damage> {
    let RuleShape { id, severity: word, title, titled, why, fix, console, api, .. } = shape;
    let RuleShape { links, tags, controls, params, file, line, .. } = shape;
    let [title, why, fix, console, api] = [title, why, fix, console, api].map(Cow::into_owned);
    let controls = controls.into_iter();
    Ok(Rule {
        severity: severity(&word)?,
        id: id.into(),
        title,
        titled,
        why,
        fix,
        console,
        api,
        links: links.into_owned(),
        tags: tags.into_owned(),
        controls: controls.map(ControlsShape::into_named).collect(),
        params: params.into_iter().map(|(name, value)| (name, Value::from_json(value))).collect(),
        source_file: SourceFile::starting_at(file, line),
        ..blank()
    })
}

pub(super) fn severity(word: &str) -> Result<Severity, Damage> {
    Severity::parse(word).ok_or_else(|| format!("there is no severity `{word}`"))
}
