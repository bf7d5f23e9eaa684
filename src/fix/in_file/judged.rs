//! The verdicts and documents of all pools of an input, and whether a change of its files may be made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::difference::{Difference, differences, effective};
use super::super::{Obstacle, valid};
use crate::evaluate::{beyond, key_of, verdicts};
use crate::pool::{Pool, Projection, Scope, elements};
use crate::rule::{ListPath, Policy, Rule, Verdict};
use crate::schema::{NodeId, schema};
use crate::source::{self, Chunk, Places, ReadPool, Setting, ValueStep};
use crate::value::Value;

/// The subject of a verdict.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::fix) struct Key {
    /// The address of the pool.
    pub pool: String,
    pub rule: Arc<str>,
    pub element: Option<String>,
    /// The scenario of the pool.
    pub scenario: String,
}

impl Key {
    pub(super) fn without_scenario(&self) -> Key {
        Key { scenario: String::new(), ..self.clone() }
    }

    pub(super) fn subject(&self) -> String {
        match &self.element {
            Some(element) => format!("{}, {element}", self.pool),
            None => self.pool.clone(),
        }
    }
}

/// Everything that is judged.
pub(in crate::fix) struct Judged {
    pub verdicts: BTreeMap<Key, (Arc<Rule>, Verdict)>,
    pub pools: BTreeMap<String, ReadPool>,
    /// The first failure to read, if there is one.
    pub unread: Option<String>,
}

impl Judged {
    pub(in crate::fix) fn of(policy: &Policy, chunk: &Chunk, now: i64) -> Judged {
        let read = source::read(chunk, &Projection::everything());
        let unread = read.unread.first().map(|unread| format!("{}: {}", unread.target, unread.message));
        let mut judged = Judged { verdicts: BTreeMap::new(), pools: BTreeMap::new(), unread };
        for (position, read) in read.pools.into_iter().enumerate() {
            let address = address(&read).unwrap_or_else(|| format!("pool {}", position + 1));
            for scenario in read.scenarios() {
                policy.rules_for(&scenario.pool, |rule| {
                    for (element, mut verdict) in verdicts(rule, &scenario.pool, now) {
                        // A verdict that the files leave open is not for them to change.
                        if verdict == Verdict::Unknown && beyond(rule, &scenario.pool, now).is_some() {
                            verdict = Verdict::Skipped;
                        }
                        let key = Key {
                            pool: address.clone(),
                            rule: Arc::clone(&rule.id),
                            element,
                            scenario: scenario.when.clone(),
                        };
                        judged.verdicts.insert(key, (Arc::clone(rule), verdict));
                    }
                });
            }
            judged.pools.insert(address, read);
        }
        judged
    }

    /// The names of the pools.
    pub(super) fn addresses(&self) -> BTreeSet<String> {
        self.pools.keys().cloned().collect()
    }

    /// A key of a pool, for what is about none of its rules.
    pub(super) fn any_of(&self, pool: &str) -> Option<Key> {
        self.verdicts.keys().find(|key| key.pool == pool).cloned()
    }

    pub(in crate::fix) fn pool(&self, key: &Key) -> Option<&Pool> {
        let scenarios = self.pools.get(&key.pool)?.scenarios();
        scenarios.iter().find(|scenario| scenario.when == key.scenario).map(|scenario| &scenario.pool)
    }

    /// The changed texts.
    pub(super) fn settled(
        &self,
        chunk: &Chunk,
        key: &Key,
        settings: &[Setting],
    ) -> Result<BTreeMap<String, (String, String)>, Obstacle> {
        let gone = || Obstacle::new("the pool is not in the file", "change it by hand");
        let pool = self.pools.get(&key.pool).ok_or_else(gone)?;
        Ok(source::settled(chunk, pool, settings)?)
    }
}

/// The address of a pool, or of the first part of a pool that is elsewhere.
fn address(read: &ReadPool) -> Option<String> {
    let pool = &read.scenarios().first()?.pool;
    let part = || pool.elements.iter().flat_map(|(_, addresses)| addresses).next();
    Some(pool.address.as_ref().or_else(part)?.to_string())
}

/// The position of the element that a verdict is about.
pub(super) fn index_of(pool: &Pool, list: &ListPath, key: &Key) -> Option<usize> {
    let wanted = key.element.as_deref()?;
    let found = elements(Scope::of(pool), &list.path, list.element).ok()?;
    let mut same = found
        .iter()
        .enumerate()
        .filter(|(index, placed)| key_of(placed.element.value, placed.element.node, pool, *index) == wanted);
    let (index, _) = same.next()?;
    same.next().is_none().then_some(index)
}

/// Whether a change may be made: what else has to be set with it, and nothing if it may.
pub(super) fn accept(
    before: &Judged,
    after: &Judged,
    (key, rule): (&Key, Option<&Arc<Rule>>),
    settings: &[Setting],
) -> Result<Vec<Setting>, Obstacle> {
    let refused = |message: String| Err(Obstacle::new(message, "change it by hand"));
    if let Some(unread) = &after.unread {
        return refused(format!("the changed file could not be read: {unread}"));
    }
    if before.addresses() != after.addresses() {
        return refused("the changed file declares other pools".to_owned());
    }
    let missing = || Obstacle::new("the pool is not in the changed file", "change it by hand");
    let (old, new) = before.pool(key).zip(after.pool(key)).ok_or_else(missing)?;
    for setting in settings {
        if effective(new, &setting.steps).is_none_or(|value| !same(&value, &setting.value)) {
            let path = shown(&setting.steps);
            return refused(match &setting.value {
                Value::List(items) if items.is_empty() => {
                    format!("`{path}` would be empty, and an empty list means its default")
                }
                _ => format!("`{path}` would not have the value that is written for it"),
            });
        }
    }
    let mut more = Vec::new();
    // A value that the service refuses need not be kept.
    let is_kept = |one: &Difference| {
        !is_meant(one, settings)
            && !one.first.as_ref().is_some_and(|value| valid::is_out_of_bounds(&one.steps, value))
    };
    for difference in differences(old, new).into_iter().filter(is_kept) {
        // An absent value has the default of the structure around it, which may be new: the value of before is set.
        let value = difference.first.clone().filter(|value| !value.is_unknown());
        let value = value.ok_or_else(|| other(&difference.steps))?;
        more.push(Setting { steps: difference.steps, value });
    }
    if !more.is_empty() {
        return Ok(more);
    }
    others(before, after, key, settings)?;
    verdict_changes(before, after, key, rule)?;
    Ok(Vec::new())
}

/// Whether two values mean the same: the order of a list is the provider's.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::List(ones), Value::List(others)) => {
            ones.len() == others.len() && ones.iter().all(|one| others.contains(one))
        }
        (one, other) => one == other,
    }
}

/// Whether a difference is what a setting asks for: at its path, at the other name that the service has for it, or a
/// member that is computed from it.
fn is_meant(difference: &Difference, settings: &[Setting]) -> bool {
    let path = shown(&difference.steps);
    let derived = schema().nodes().find_map(|(_, node)| {
        let derived = node.derived?;
        let around = path.strip_suffix(node.name.as_ref())?;
        Some(format!("{around}{}", derived.number))
    });
    settings.iter().any(|setting| {
        let set = shown(&setting.steps);
        let at = |wanted: &str| {
            path.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        at(&set) || derived.as_deref() == Some(&set) || twins(&set).iter().any(|twin| at(twin))
    })
}

/// The other names of a path.
fn twins(path: &str) -> Vec<String> {
    let name = |id: NodeId| schema().node(id).path.as_ref();
    let pairs = schema().mirrors().iter().flat_map(|mirror| {
        [(name(mirror.original), name(mirror.copy)), (name(mirror.copy), name(mirror.original))]
    });
    pairs
        .filter_map(|(from, to)| {
            let rest = path.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('.'))?;
            Some(format!("{to}{rest}"))
        })
        .collect()
}

fn shown(steps: &[ValueStep<'_>]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            ValueStep::Member(name) if path.is_empty() => path.push_str(name),
            ValueStep::Member(name) => path.extend([".", name]),
            ValueStep::Index(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

/// Another value that would be changed.
pub(super) fn other(steps: &[ValueStep<'_>]) -> Obstacle {
    Obstacle::new(format!("the change of the file would also change `{}`", shown(steps)), "change it by hand")
}

/// Pools that a change is not for may change only if they are instances of the same resource, and in the same way.
fn others(before: &Judged, after: &Judged, key: &Key, settings: &[Setting]) -> Result<(), Obstacle> {
    let own = before.pools.get(&key.pool).and_then(ReadPool::places).map(Places::written);
    for (address, old) in &before.pools {
        let Some(new) = after.pools.get(address).filter(|_| *address != key.pool) else { continue };
        let same_resource = old.places().map(Places::written) == own;
        for scenario in old.scenarios() {
            let same = new.scenarios().iter().find(|one| one.when == scenario.when);
            let found = same.map(|one| differences(&scenario.pool, &one.pool));
            let all_meant = |found: Vec<Difference>| {
                found.is_empty() || (same_resource && found.iter().all(|one| is_meant(one, settings)))
            };
            if !found.is_some_and(all_meant) {
                let message = format!("the change of the file would also change {address}");
                return Err(Obstacle::new(message, "change it by hand"));
            }
        }
    }
    Ok(())
}

/// The rule passes, and no verdict is worse.
fn verdict_changes(
    before: &Judged,
    after: &Judged,
    key: &Key,
    rule: Option<&Arc<Rule>>,
) -> Result<(), Obstacle> {
    let verdict_in = |judged: &Judged, key: &Key| judged.verdicts.get(key).map(|(_, verdict)| *verdict);
    if let Some(rule) = rule {
        let about = |one: &Key| one.without_scenario() == key.without_scenario();
        let still = after.verdicts.iter().any(|(one, (_, verdict))| about(one) && *verdict == Verdict::Fail);
        // A rule on journeys that is not about the changed pool any more has nothing left to ask.
        let is_met = match verdict_in(after, key) {
            Some(Verdict::Pass) => true,
            Some(Verdict::Skipped) | None => rule.infers,
            Some(Verdict::Fail | Verdict::Unknown) => false,
        };
        if still || !is_met {
            return Err(Obstacle::new("the changed file does not make it pass", "change it by hand"));
        }
    }
    let worse = after.verdicts.iter().filter(|(one, (_, verdict))| {
        matches!(verdict, Verdict::Fail | Verdict::Unknown) && verdict_in(before, one) != Some(*verdict)
    });
    let worse: BTreeSet<&str> = worse.map(|(one, _)| &*one.rule).collect();
    if worse.is_empty() {
        return Ok(());
    }
    let ids = worse.into_iter().collect::<Vec<_>>().join(", ");
    let message = format!("the change would make other rules fail or unknown: {ids}");
    Err(Obstacle::new(message, "choose what to change with `--rule ID` or `--set PATH=VALUE`"))
}
