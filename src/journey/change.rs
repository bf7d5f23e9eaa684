//! Changes of one setting that may close a journey: of the settings that journeys rest on, to values that the schema has.

use std::collections::BTreeSet;

use super::answer::Answer;
use super::certainty::{Cause, Ground};
use super::facts::{CLIENTS, Facts, Subject};
use super::guard::{Guard, holds_in};
use super::question::Question;
use crate::pool::{Scope, State, elements, resolve};
use crate::rule::{Leaf, Operator, Predicate, Quantified};
use crate::schema::{Kind, Node, NodeId, Path, schema};
use crate::value::{Map, Text, Value};

/// A change of one setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// `Clients[web].ExplicitAuthFlows`.
    pub setting: String,
    /// The list of the element that has the setting, and the position of the element.
    pub element: Option<(&'static str, usize)>,
    pub path: Path,
    pub before: Option<Value>,
    /// `None` if the setting is removed.
    pub after: Option<Value>,
    /// Settings that the service requires with it.
    pub with: Vec<(Path, Value)>,
}

/// The effects of single changes on the journeys of a pool, and to the answers about it.
#[derive(Clone, Debug, Default)]
pub struct Closings {
    pub changes: Vec<Change>,
    /// For each answer that is not no.
    pub answers: Vec<(Question, Closed)>,
    /// For each journey, in the order of the journeys.
    pub journeys: Vec<Closed>,
    /// There were more changes than were tried.
    pub cut: bool,
}

/// The changes that close something, by their positions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closed {
    pub by: Vec<usize>,
    /// Where nothing closes it: the changes that leave less of it, and the answer then.
    pub lessened: Vec<(usize, Answer)>,
}

impl Closings {
    /// The changes that close an answer. `None` where the answer is no, or where no change was tried.
    pub fn of(&self, question: Question) -> Option<&Closed> {
        self.answers.iter().find(|(own, _)| *own == question).map(|(_, closed)| closed)
    }
}

impl Change {
    /// `MfaConfiguration = ON`, `Clients[web].ExplicitAuthFlows without ALLOW_USER_SRP_AUTH`.
    pub fn words(&self) -> String {
        let own = format!("{}{}", self.setting, self.difference());
        let with: Vec<String> = self.with.iter().map(|(path, value)| format!("{path} = {value}")).collect();
        if with.is_empty() { own } else { format!("{own} (with {}, which it needs)", with.join(", ")) }
    }

    fn difference(&self) -> String {
        let Some(after) = &self.after else { return " absent".to_owned() };
        let (Some(old), Some(new)) = (self.before.as_ref().and_then(Value::as_list), after.as_list()) else {
            return match after.as_list() {
                Some(list) => format!(" = {}", names(list.iter())),
                None => format!(" = {after}"),
            };
        };
        let gone = names(old.iter().filter(|one| !new.contains(one)));
        let added = names(new.iter().filter(|one| !old.contains(one)));
        match (gone.is_empty(), added.is_empty()) {
            (false, true) => format!(" without {gone}"),
            (true, false) => format!(" with {added}"),
            (false, false) | (true, true) => format!(" = {}", names(new.iter())),
        }
    }
}

/// Elements of a list in a sentence: an object by its text, as the mechanisms of account recovery have one.
fn names<'v>(list: impl Iterator<Item = &'v Value>) -> String {
    let name = |value: &Value| match value {
        Value::Map(map) => map.0.iter().find_map(|(_, value)| value.as_str().map(str::to_owned)),
        _ => Some(value.to_string()),
    };
    list.map(|value| name(value).unwrap_or_else(|| value.to_string())).collect::<Vec<_>>().join(", ")
}

/// The changes of single settings, those of the pool first.
pub(super) fn changes(facts: &Facts<'_>, causes: &BTreeSet<Cause>) -> Vec<Change> {
    let mut found = Found { facts, changes: Vec::new() };
    for cause in causes {
        let Some(holds) = cause.holds else { continue };
        match cause.ground {
            Ground::Guard(guard, at) => found.guard(guard, at, holds),
            Ground::Offers(client, provider) => {
                let name = facts.providers.get(provider).and_then(|one| one.text("ProviderName"));
                if let Some(name) = name {
                    found.without(client, "SupportedIdentityProviders", &[name]);
                }
            }
            Ground::Writes(client, attribute) => found.without(client, "WriteAttributes", &[attribute]),
        }
    }
    for at in clients(facts, causes) {
        let custom: Vec<&str> = facts.custom_attributes().flatten().collect();
        found.without(at, "WriteAttributes", &custom);
        found.shortest(at);
    }
    let mut changes = found.changes;
    changes.sort_by_key(|change| (change.element.is_some(), size(change)));
    changes
}

/// The smallest changes come first: one value, then a part of a list, then a whole list.
fn size(change: &Change) -> usize {
    match change.after.as_ref().map(Value::as_list) {
        None => 1,
        Some(None) => 0,
        Some(Some(list)) if list.iter().any(|one| matches!(one, Value::Map(_))) => 3,
        Some(Some(_)) => 2,
    }
}

/// The clients that causes are about.
fn clients(facts: &Facts<'_>, causes: &BTreeSet<Cause>) -> BTreeSet<usize> {
    let client = |cause: &Cause| match cause.ground {
        Ground::Guard(guard, at) => facts
            .guards
            .rule(guard)?
            .each
            .as_ref()
            .filter(|each| each.path.steps_text() == CLIENTS)
            .map(|_| at),
        Ground::Offers(at, _) | Ground::Writes(at, _) => Some(at),
    };
    causes.iter().filter_map(client).collect()
}

struct Found<'f, 'a> {
    facts: &'f Facts<'a>,
    changes: Vec<Change>,
}

impl Found<'_, '_> {
    fn guard(&mut self, guard: Guard, at: usize, holds: bool) {
        let Some(rule) = self.facts.guards.rule(guard) else { return };
        let subject = match rule.each.as_ref().map(|each| each.path.steps_text()).as_deref() {
            None => None,
            // A provider of another kind is another provider.
            Some(CLIENTS) => match self.facts.clients.get(at) {
                Some(client) if !client.phantom => Some(client),
                Some(_) | None => return,
            },
            Some(_) => return,
        };
        let pool = Scope::of(self.facts.pool);
        let scope = subject.map_or(pool, |subject| pool.inside(subject.element));
        let mut parts = Parts { scope, holds, leaves: Vec::new(), quantified: Vec::new() };
        parts.add(&rule.expect);
        let Parts { leaves, quantified, .. } = parts;
        for (position, leaf) in leaves.iter().enumerate() {
            let same = |other: &&&Leaf| other.path == leaf.path;
            let group: Vec<&Leaf> = leaves.iter().filter(same).copied().collect();
            let is_first = leaves.iter().take(position).filter(same).count() == 0;
            let node = leaf.node.map(|id| schema().node(id));
            let before = value(scope, &leaf.path);
            let mut values = values(node, before.as_ref(), leaf, holds);
            if is_first && group.len() > 1 {
                values.extend(without_all(before.as_ref(), &group, holds).map(Some));
            }
            self.add(subject, at, &leaf.path, before.as_ref(), values);
        }
        for quantified in quantified {
            let path = &quantified.list.path;
            let before = value(scope, path);
            let values = of_elements(scope, quantified, before.as_ref());
            self.add(subject, at, path, before.as_ref(), values);
        }
    }

    /// A list of a client without some texts.
    fn without(&mut self, at: usize, member: &str, gone: &[&str]) {
        let Some(client) = self.facts.clients.get(at).filter(|client| !client.phantom) else { return };
        let Ok(path) = Path::parse(member) else { return };
        let before = value(self.facts.scope(client), &path);
        let Some(list) = before.as_ref().and_then(Value::as_list) else { return };
        let kept: Vec<Value> =
            list.iter().filter(|one| one.as_str().is_none_or(|one| !gone.contains(&one))).cloned().collect();
        if kept.len() < list.len() {
            let after = Some(Value::List(kept));
            self.add(Some(client), at, &path, before.as_ref(), vec![after]);
        }
    }

    /// The lifetimes of a client's tokens at their least.
    fn shortest(&mut self, at: usize) {
        let Some(client) = self.facts.clients.get(at).filter(|client| !client.phantom) else { return };
        let members = client.element.node.map_or(&[] as &[NodeId], |id| &schema().node(id).members);
        for node in members.iter().map(|id| schema().node(*id)) {
            let Some((derived, least)) = node.derived.zip(node.min) else { continue };
            let paths = Path::parse(derived.number).ok().zip(Path::parse(&node.name).ok());
            let Some((number, lifetime)) = paths else { continue };
            let scope = self.facts.scope(client);
            let (before, seconds) = (value(scope, &number), value(scope, &lifetime));
            if let (Some(Value::Int(now @ 1..)), Some(Value::Int(seconds))) = (&before, seconds) {
                let unit = (seconds / now).max(1);
                let after = (least + unit - 1) / unit;
                self.add(Some(client), at, &number, before.as_ref(), vec![Some(Value::Int(after))]);
            }
        }
    }

    fn add(
        &mut self,
        subject: Option<&Subject<'_>>,
        at: usize,
        path: &Path,
        before: Option<&Value>,
        values: Vec<Option<Value>>,
    ) {
        let own = subject.filter(|_| !path.from_pool);
        let prefix = own.map_or(String::new(), |client| format!("{CLIENTS}[{}].", client.client_name()));
        let setting = format!("{prefix}{}", path.steps_text());
        for after in values {
            let change = Change {
                setting: setting.clone(),
                element: own.map(|_| (CLIENTS, at)),
                path: path.clone(),
                before: before.cloned(),
                after,
                with: Vec::new(),
            };
            // A list of a client that would be empty is not named: AWS documents of few of them what that means.
            let is_emptied = own.is_some() && change.after == Some(Value::List(Vec::new()));
            if change.after != change.before && !is_emptied && !self.changes.contains(&change) {
                self.changes.push(change);
            }
        }
    }
}

/// The parts that make a predicate what it is.
struct Parts<'p, 'a> {
    scope: Scope<'a>,
    holds: bool,
    leaves: Vec<&'p Leaf>,
    quantified: Vec<&'p Quantified>,
}

impl<'p> Parts<'p, '_> {
    fn add(&mut self, predicate: &'p Predicate) {
        match predicate {
            Predicate::Leaf(leaf) => self.leaves.push(leaf),
            Predicate::All(inner) | Predicate::Any(inner) => {
                for part in inner {
                    if holds_in(part, self.scope).known() == Ok(self.holds) {
                        self.add(part);
                    }
                }
            }
            Predicate::Some(quantified) | Predicate::Every(quantified) => self.quantified.push(quantified),
            // Guards name the settings of these elsewhere, or have none.
            Predicate::None(_) | Predicate::Count(_) | Predicate::Unique(_) | Predicate::Named(_) => {}
        }
    }
}

fn value(scope: Scope<'_>, path: &Path) -> Option<Value> {
    match resolve(scope, path) {
        State::Present(value) | State::Default(value) => Some(value.clone()),
        State::Absent | State::Unknown(_) | State::Outside(_) => None,
    }
}

/// The values of a path with which a leaf is not what it is.
fn values(node: Option<&Node>, now: Option<&Value>, leaf: &Leaf, holds: bool) -> Vec<Option<Value>> {
    let list = now.and_then(Value::as_list).unwrap_or_default();
    let others = |refused: &[Value]| -> Vec<Option<Value>> {
        let all = node.map(made).unwrap_or_default();
        all.into_iter().filter(|one| !refused.contains(one)).map(Some).collect()
    };
    let of = |operator: &Operator| match (operator, holds) {
        (Operator::Equals(value), true) => others(std::slice::from_ref(value)),
        (Operator::Equals(value), false) => vec![Some(value.clone())],
        (Operator::OneOf(values), true) => others(values),
        (Operator::OneOf(values), false) => values.iter().cloned().map(Some).collect(),
        (Operator::Contains(value), true) => {
            let kept = list.iter().filter(|one| *one != value).cloned().collect();
            vec![Some(Value::List(kept))]
        }
        (Operator::Contains(value), false) => {
            let more = list.iter().chain([value]).cloned().collect();
            vec![Some(Value::List(more))]
        }
        (Operator::Present(present), holds) if *present == holds => vec![None],
        (Operator::Present(_), _) => others(&[]),
        (Operator::LengthAtLeast(_), true) => vec![Some(Value::List(Vec::new()))],
        _ => Vec::new(),
    };
    leaf.operators.iter().flat_map(of).filter(|value| fits(node, value.as_ref())).collect()
}

/// A list without all values that leaves ask for together.
fn without_all(now: Option<&Value>, leaves: &[&Leaf], holds: bool) -> Option<Value> {
    let list = now.and_then(Value::as_list).filter(|_| holds)?;
    let wanted: Vec<&Value> = leaves
        .iter()
        .flat_map(|leaf| &leaf.operators)
        .filter_map(|operator| match operator {
            Operator::Contains(value) => Some(value),
            _ => None,
        })
        .collect();
    let kept: Vec<Value> = list.iter().filter(|one| !wanted.contains(one)).cloned().collect();
    let node = leaves.first().and_then(|leaf| leaf.node).map(|id| schema().node(id));
    Some(Value::List(kept)).filter(|after| fits(node, Some(after)))
}

/// A list without the elements that a quantifier finds, and lists of one element that the schema can make.
fn of_elements(scope: Scope<'_>, quantified: &Quantified, now: Option<&Value>) -> Vec<Option<Value>> {
    let path = &quantified.list.path;
    let node = path.resolve(schema(), NodeId::ROOT).ok();
    let filter = quantified.filter.as_deref().or(quantified.expect.as_deref());
    let mut all = Vec::new();
    if let (Some(filter), Some(list)) = (filter, now.and_then(Value::as_list))
        && let Ok(found) = elements(scope, path, node)
    {
        let hit: Vec<bool> = found
            .iter()
            .map(|placed| holds_in(filter, scope.inside(placed.element)).known() != Ok(false))
            .collect();
        let kept = list.iter().zip(&hit).filter(|(_, hit)| !**hit).map(|(one, _)| one.clone());
        all.push(Some(Value::List(kept.collect())));
    }
    let node = node.map(|id| schema().node(id));
    all.extend(node.map(made).unwrap_or_default().into_iter().map(Some));
    all.retain(|value| fits(node, value.as_ref()));
    all
}

/// Whether a value is within the bounds of the schema. An identifier, a secret or what the service computes has none.
fn fits(node: Option<&Node>, value: Option<&Value>) -> bool {
    let Some(node) = node else { return false };
    if node.identifies || node.secret || node.volatile || node.derived.is_some() {
        return false;
    }
    let Some(list) = value.and_then(Value::as_list) else { return true };
    let length = i64::try_from(list.len()).unwrap_or(i64::MAX);
    // An empty list that means its default is not empty.
    let is_default = list.is_empty() && node.empty_is_default;
    !is_default && node.min.is_none_or(|min| length >= min) && node.max.is_none_or(|max| length <= max)
}

/// More values of one structure than this are not made.
const MADE: usize = 8;

/// The values that the schema has for a node: both booleans, enum values, the least number, and lists of one such.
fn made(node: &Node) -> Vec<Value> {
    match node.kind {
        Kind::Boolean => vec![Value::Bool(true), Value::Bool(false)],
        Kind::String => node.values.iter().map(|text| Value::String(text.clone())).collect(),
        Kind::Integer => node.min.map(Value::Int).into_iter().collect(),
        Kind::List => {
            let element = node.element.map(|id| schema().node(id)).filter(|one| one.kind == Kind::Structure);
            let elements = element.map(made).unwrap_or_default();
            elements.into_iter().map(|one| Value::List(vec![one])).collect()
        }
        Kind::Structure => {
            let members = node.members.iter().map(|id| schema().node(*id)).filter(|one| one.required);
            let mut all = vec![Map::default()];
            for member in members {
                let values = made(member);
                let with = |map: &Map, value: &Value| {
                    let mut map = map.clone();
                    map.set(Text::clone(&member.name), value.clone());
                    map
                };
                all = all
                    .iter()
                    .flat_map(|map| values.iter().map(|value| with(map, value)))
                    .take(MADE)
                    .collect();
            }
            all.retain(|map| !map.is_empty());
            all.into_iter().map(Value::Map).collect()
        }
        Kind::Timestamp | Kind::Map => Vec::new(),
    }
}
