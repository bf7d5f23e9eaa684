//! The answers of journeys that the changes of a pool turn.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Change;
use crate::journey::{Answer, Question, journeys_of};
use crate::pool::{Pool, Section};
use crate::rule::{Operator, Predicate, Rule};
use crate::value::Value;

/// An answer that is another than before.
#[derive(Clone, Debug)]
pub struct Turned {
    pub question: Question,
    pub before: Answer,
    pub after: Answer,
    /// The clients through which strangers get tokens now and did not before; where it was closed, the other way round.
    pub clients: Vec<String>,
    /// The positions of the changes that it rests on.
    pub changes: Vec<usize>,
}

impl Turned {
    /// Whether more is open than before.
    pub fn is_opened(&self) -> bool {
        !self.after.is_at_most(&self.before) || self.before == self.after
    }
}

/// The answers that are others than before, and those that hold through further clients.
pub(super) fn turned(recorded: &Pool, current: &Pool, changes: &[Change]) -> Vec<Turned> {
    let ((before, settings_before), (after, settings_after)) = (journeys_of(recorded), journeys_of(current));
    let (clients_before, clients_after) = (before.clients_of_strangers(), after.clients_of_strangers());
    let only = |one: &[String], other: &[String]| -> Vec<String> {
        one.iter().filter(|name| !other.contains(name)).cloned().collect()
    };
    let mut all = Vec::new();
    for ((question, old), (_, new)) in before.answers.into_iter().zip(after.answers) {
        let is_same = new.is_at_most(&old) && old.is_at_most(&new);
        let of_strangers = question.is_about_tokens_of_strangers();
        let more = if of_strangers { only(&clients_after, &clients_before) } else { Vec::new() };
        let through_more = question == Question::StrangerToken && !more.is_empty();
        if is_same && !through_more {
            continue;
        }
        let opened = is_same || !new.is_at_most(&old);
        let less = if of_strangers { only(&clients_before, &clients_after) } else { Vec::new() };
        let all_settings = if opened { &settings_after } else { &settings_before };
        let settings =
            all_settings.iter().filter(|(own, _)| *own == question).flat_map(|(_, settings)| settings);
        let settings: Vec<&String> = settings.collect();
        let rests_on = |change: &Change| {
            let path = as_setting(&change.path, [recorded, current]);
            settings.iter().any(|setting| is_about(setting, &path))
        };
        let positions = |rests: &dyn Fn(&Change) -> bool| -> Vec<usize> {
            changes.iter().enumerate().filter(|(_, change)| rests(change)).map(|(at, _)| at).collect()
        };
        let clients = if opened { more } else { less };
        let mut changes = positions(&rests_on);
        if changes.is_empty() {
            let names = names_apart(&old, &new).chain(clients.iter().cloned()).collect::<BTreeSet<_>>();
            let pool = if opened { current } else { recorded };
            changes = positions(&|change| is_of_client(change, &names, question, pool));
        }
        // A section that was not read is another reason than a change.
        if changes.is_empty() && (old.is_unknown() || new.is_unknown()) {
            continue;
        }
        all.push(Turned { question, before: old, after: new, clients, changes });
    }
    all
}

/// The names that one of two answers has and the other has not.
fn names_apart<'a>(one: &'a Answer, other: &'a Answer) -> impl Iterator<Item = String> + 'a {
    let names = |answer: &'a Answer| match answer {
        Answer::Names { possible, .. } => possible.as_slice(),
        Answer::Gets { .. } | Answer::Seconds { .. } => &[],
    };
    let (one, other) = (names(one), names(other));
    let apart = |all: &'a [String], but: &'a [String]| all.iter().filter(|name| !but.contains(name)).cloned();
    apart(one, other).chain(apart(other, one))
}

/// Whether a change adds or removes a client of some names, or is of a setting with which such a client leads to the
/// answer. An answer that holds through several clients rests on the settings of one.
fn is_of_client(change: &Change, names: &BTreeSet<String>, question: Question, pool: &Pool) -> bool {
    let list = Section::Clients.member();
    let within = change.path.strip_prefix(list).and_then(|rest| rest.strip_prefix('[')?.split_once(']'));
    let Some((id, rest)) = within else { return false };
    let client = |value: &Value| text_of(value, "ClientId") == Some(id);
    let is_named = |name: &str| names.contains(name) || names.contains(&format!("{name} ({id})"));
    let of_change = change.before.as_ref().or(change.after.as_ref()).filter(|_| rest.is_empty());
    let elements = || pool.document.get(list).and_then(Value::as_list).unwrap_or_default();
    let Some(element) = of_change.or_else(|| elements().iter().find(|one| client(one))) else { return false };
    if !is_named(text_of(element, "ClientName").unwrap_or(id)) {
        return false;
    }
    if rest.is_empty() {
        return true;
    }
    let mut alone = pool.clone();
    alone
        .document
        .set(list.into(), Value::List(elements().iter().filter(|one| client(one)).cloned().collect()));
    let path = as_setting(&change.path, [&alone, &alone]);
    let settings = journeys_of(&alone).1.into_iter().filter(|(own, _)| *own == question);
    settings.flat_map(|(_, settings)| settings).any(|setting| is_about(&setting, &path))
}

/// The positions of the changes that an answer of journeys rests on which has turned, and which a rule asks for. The rule
/// looks at other changes too, and they decide nothing.
pub(super) fn answered_by(rule: &Rule, turned: &[Turned]) -> BTreeSet<usize> {
    if !rule.infers {
        return BTreeSet::new();
    }
    let asks = |id: &str| {
        let mut ids = Vec::new();
        rule.when.iter().chain([&rule.expect]).for_each(|predicate| ids_asked(predicate, &mut ids));
        ids.is_empty() || ids.iter().any(|own| own.as_str() == Some(id))
    };
    let of_rule = turned.iter().filter(|one| asks(one.question.id()));
    of_rule.flat_map(|one| one.changes.iter().copied()).collect()
}

/// The ids that a predicate compares those of elements with.
fn ids_asked<'r>(predicate: &'r Predicate, ids: &mut Vec<&'r Value>) {
    match predicate {
        Predicate::Leaf(leaf) if leaf.path.steps_text() == "Id" && !leaf.path.from_pool => {
            for operator in &leaf.operators {
                match operator {
                    Operator::Equals(id) => ids.push(id),
                    Operator::OneOf(several) => ids.extend(several),
                    _ => {}
                }
            }
        }
        Predicate::Leaf(_) | Predicate::Unique(_) | Predicate::Count(_) => {}
        Predicate::All(inner) | Predicate::Any(inner) | Predicate::None(inner) => {
            for one in inner {
                ids_asked(one, ids);
            }
        }
        Predicate::Named(named) => ids_asked(&named.inner, ids),
        Predicate::Some(quantified) | Predicate::Every(quantified) => {
            let inner = quantified.filter.iter().chain(&quantified.expect);
            inner.for_each(|one| ids_asked(one, ids));
        }
    }
}

/// The path of a change as a setting of journeys: they know a client by its name, and drift by its id. The id stays where
/// several clients have the name, for it is not known which of them the setting is of.
fn as_setting<'a>(path: &'a str, pools: [&Pool; 2]) -> Cow<'a, str> {
    let list = Section::Clients.member();
    let within = path.strip_prefix(list).and_then(|rest| rest.strip_prefix('[')?.split_once(']'));
    let Some((id, rest)) = within else { return Cow::Borrowed(path) };
    let ids_and_names = || pools.iter().flat_map(|pool| clients(pool));
    let name = ids_and_names().rfind(|(own, _)| *own == id).map(|(_, name)| name);
    match name.filter(|name| ids_and_names().all(|(own, other)| own == id || other != *name)) {
        Some(name) => Cow::Owned(format!("{list}[{name}]{rest}")),
        None => Cow::Borrowed(path),
    }
}

/// The id and the name of each client that has both.
fn clients(pool: &Pool) -> Vec<(&str, &str)> {
    let list = pool.document.get(Section::Clients.member()).and_then(Value::as_list).unwrap_or_default();
    let both = |client| Some((text_of(client, "ClientId")?, text_of(client, "ClientName")?));
    list.iter().filter_map(both).collect()
}

fn text_of<'a>(client: &'a Value, member: &str) -> Option<&'a str> {
    client.get(member)?.as_str()
}

/// Whether a path is that of a setting, or of a part or the whole of it.
fn is_about(setting: &str, path: &str) -> bool {
    let within = |one: &str, other: &str| {
        one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    !path.is_empty() && (within(setting, path) || within(path, setting))
}
