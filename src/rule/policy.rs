//! The rules of a run, and where some of them differ.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use glob::Pattern;

use super::control::Standard;
use super::{Rule, Severity};
use crate::diagnostic::SourceFile;
use crate::pool::{Pool, Projection, Section};
use crate::schema::{Kind, NodeId, Path, schema};
use crate::spanned::Item;
use crate::value::Value;

/// The rules of a run.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Sorted by id.
    pub rules: Vec<Arc<Rule>>,
    /// In the order of the configuration; the last that fits a pool wins.
    pub scopes: Vec<Scope>,
    /// Ids of the rules that were chosen and then turned off for every pool, sorted.
    pub off: Vec<Arc<str>>,
    /// The tags of pools are wanted, whether or not a rule looks at them.
    pub tags: bool,
    /// The journeys of pools are wanted, for a report that draws them.
    pub journeys: bool,
    /// The standards whose controls are judged, each at its own bounds.
    pub standards: Vec<Standard>,
}

/// Pools for which rules are off or differ.
#[derive(Clone, Debug)]
pub struct Scope {
    pub name: String,
    pub selector: Selector,
    /// One entry for each rule that is off (`None`) or differs; the index is that of `Policy::rules`.
    pub changes: Vec<(usize, Option<Arc<Rule>>)>,
}

/// Which pools a scope is for: every condition that is given must be met by one of its values, and every tag that
/// is named must fit.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    /// Globs on the pool's name.
    pub pools: Vec<Pattern>,
    /// Tag key to a glob on its value.
    pub tags: Vec<(String, Pattern)>,
    pub accounts: Vec<String>,
    pub regions: Vec<String>,
    /// `live`, `saved`, ...
    pub sources: Vec<String>,
}

/// The changes of a configuration or a pack to a rule. Spans are in `source file`.
#[derive(Clone, Debug)]
pub struct Override {
    pub source_file: SourceFile,
    /// The rule's id and its span.
    pub rule: (String, Range<usize>),
    pub off: bool,
    pub severity: Option<Severity>,
    /// Parameter name and value, with their spans.
    pub params: Vec<ParamOverride>,
}

/// One parameter that is set to something else.
#[derive(Clone, Debug)]
pub struct ParamOverride {
    pub name: (String, Range<usize>),
    pub value: Item,
}

impl Selector {
    /// Whether a pool has what the conditions are about, so that one that does not fit may be a mistake. A template has
    /// no account.
    pub fn is_answered(&self, pool: &Pool) -> bool {
        let identity = pool.identity();
        (self.accounts.is_empty() || identity.account.is_some())
            && (self.regions.is_empty() || identity.region.is_some())
            && (self.sources.is_empty() || self.sources.iter().any(|one| *one == pool.origin.source.word()))
    }

    pub fn fits(&self, pool: &Pool) -> bool {
        let identity = pool.identity();
        let any = |list: &[String], actual: Option<&str>| {
            list.is_empty() || actual.is_some_and(|actual| list.iter().any(|wanted| wanted == actual))
        };
        let tags = pool.document.get("UserPoolTags");
        let tag = |key: &str| tags.and_then(|tags| tags.get(key)).and_then(Value::as_str);
        any(&self.accounts, identity.account.as_deref())
            && any(&self.regions, identity.region.as_deref())
            && any(&self.sources, Some(pool.origin.source.word()))
            && (self.pools.is_empty()
                || identity
                    .name
                    .as_deref()
                    .is_some_and(|name| self.pools.iter().any(|glob| glob.matches(name))))
            && self.tags.iter().all(|(key, glob)| tag(key).is_some_and(|value| glob.matches(value)))
    }
}

impl Scope {
    /// Ids of the rules that are off in it.
    pub fn off<'a>(&'a self, rules: &'a [Arc<Rule>]) -> impl Iterator<Item = &'a str> {
        self.changes.iter().filter(|(_, change)| change.is_none()).map(|(index, _)| &*rules[*index].id)
    }
}

impl Policy {
    /// Calls `visit` with every rule that holds for a pool.
    pub fn rules_for<'a>(&'a self, pool: &Pool, mut visit: impl FnMut(&'a Arc<Rule>)) {
        if self.scopes.is_empty() {
            return self.rules.iter().for_each(visit);
        }
        let mut rules: Vec<Option<&Arc<Rule>>> = self.rules.iter().map(Some).collect();
        for scope in self.scopes.iter().filter(|scope| scope.selector.fits(pool)) {
            for (index, change) in &scope.changes {
                rules[*index] = change.as_ref();
            }
        }
        rules.into_iter().flatten().for_each(&mut visit);
    }

    /// Those of some rules that were neither chosen nor turned off.
    pub fn others(&self, rules: Vec<Arc<Rule>>) -> Vec<Arc<Rule>> {
        let chosen = |id: &Arc<str>| self.rules.iter().any(|own| own.id == *id) || self.off.contains(id);
        rules.into_iter().filter(|rule| !chosen(&rule.id)).collect()
    }

    /// Calls `visit` with every path that a rule looks at, in whichever scope.
    fn paths<'a>(&'a self, mut visit: impl FnMut(&'a Path, Option<NodeId>)) {
        for rule in self.all() {
            rule.paths(&mut visit);
        }
    }

    /// Every rule, in whichever scope, and those that prove controls.
    fn all(&self) -> impl Iterator<Item = &Arc<Rule>> {
        let changed =
            self.scopes.iter().flat_map(|scope| scope.changes.iter().filter_map(|(_, rule)| rule.as_ref()));
        let controls = self.standards.iter().flat_map(|standard| &standard.controls);
        self.rules.iter().chain(changed).chain(controls.flat_map(|control| &control.satisfied_by))
    }

    /// The sections of a pool that the rules look at.
    pub fn sections(&self) -> BTreeSet<Section> {
        let mut sections = BTreeSet::new();
        for rule in self.all() {
            rule.needs(|path, node| sections.extend(around(path, node)));
        }
        sections
    }

    /// Whether a rule asks for the journeys of pools.
    pub fn infers(&self) -> bool {
        self.all().any(|rule| rule.infers)
    }

    /// The members that the rules look at. Those that journeys are worked out from come on top.
    pub fn projection(&self) -> Projection {
        let mut projection = Projection::identity();
        self.paths(|path, node| {
            let map =
                node.map(|id| schema().node(id).parent).filter(|id| schema().node(*id).kind == Kind::Map);
            match (node, map, path.steps.last()) {
                // An element is kept with its list.
                (None, ..) if path.steps.is_empty() => {}
                (None, ..) => projection.keep_unknown_members(),
                (Some(_), Some(map), Some(key)) => projection.keep_key(map, &key.name),
                (Some(node), ..) => projection.keep(node),
            }
        });
        if (self.tags || self.scopes.iter().any(|scope| !scope.selector.tags.is_empty()))
            && let Some(tags) = schema().member(NodeId::ROOT, "UserPoolTags")
        {
            projection.keep(tags);
        }
        // A rule on `Clients` as a whole does not ask for what comes from other calls. A named predicate that does
        // without a section takes it from an input that has it, whatever other rules ask for.
        let mut sections = BTreeSet::new();
        self.paths(|path, node| sections.extend(around(path, node)));
        for section in Section::ATTACHED.into_iter().filter(|section| !sections.contains(section)) {
            projection.leave(section.top());
        }
        projection
    }
}

/// The sections that a path is in.
fn around(path: &Path, node: Option<NodeId>) -> Vec<Section> {
    match node {
        Some(node) => Section::around(node).collect(),
        None => path.steps.first().map(|step| Section::of(&step.name)).into_iter().collect(),
    }
}
