//! A part of a predicate that is about one path, and values there with what it says of each.

use super::member::members;
use super::value::{expected, judged, values};
use crate::pool::Section;
use crate::rule::{Leaf, Predicate, Quantified, Verdict};
use crate::schema::{Aspect, Node, NodeId, Path, Step, schema};
use crate::value::{Map, Value};

/// A leaf, or a quantifier over the elements of a list.
#[derive(Clone, Copy)]
pub(super) struct Part<'r> {
    pub path: &'r Path,
    pub id: NodeId,
    pub node: &'static Node,
    predicate: &'r Predicate,
}

impl<'r> Part<'r> {
    /// The part that a predicate is, if it is about a path that the schema knows.
    pub(super) fn of(predicate: &'r Predicate) -> Option<Part<'r>> {
        let (path, id) = match predicate {
            Predicate::Leaf(leaf) if leaf.compared.is_empty() => (&leaf.path, leaf.node),
            Predicate::Some(own) | Predicate::Every(own) => {
                let list = own.list.element.map(|element| schema().node(element).parent);
                (&own.list.path, own.list.of.or(list))
            }
            Predicate::Leaf(_)
            | Predicate::All(_)
            | Predicate::Any(_)
            | Predicate::None(_)
            | Predicate::Count(_)
            | Predicate::Unique(_)
            | Predicate::Named(_) => return None,
        };
        let can_be_set = match path.aspect {
            Aspect::Value | Aspect::Members | Aspect::Plain | Aspect::Arn(_) => true,
            Aspect::Key | Aspect::Scopes | Aspect::Outer | Aspect::Source => false,
        };
        let id = id.filter(|_| can_be_set)?;
        Some(Part { path, id, node: schema().node(id), predicate })
    }

    /// Values of the path, and the verdict that the part alone gives each.
    pub(super) fn values(&self) -> Vec<(Value, Verdict)> {
        match self.predicate {
            Predicate::Leaf(leaf) => {
                // Without a section, the input says nothing about it; what identifies the pool comes with it.
                let is_top = Section::rooted_at(self.id).is_some() || self.node.identifies;
                let values = judged(leaf, self.node).into_iter();
                let values = values.filter(|(value, _)| !(is_top && *value == Value::Null));
                values
                    .filter_map(|(value, of_it)| Some((value, expected(&leaf.operators, &of_it)?)))
                    .collect()
            }
            Predicate::Some(own) if own.list.of.is_some() => members(own, false, self.node),
            Predicate::Every(own) if own.list.of.is_some() => members(own, true, self.node),
            Predicate::Some(own) => quantified(own, false),
            Predicate::Every(own) => quantified(own, true),
            Predicate::All(_)
            | Predicate::Any(_)
            | Predicate::None(_)
            | Predicate::Count(_)
            | Predicate::Unique(_)
            | Predicate::Named(_) => Vec::new(),
        }
    }
}

/// Lists, each with what a predicate over its elements says of it: those of one element and of two, among them one
/// that the filter leaves out.
fn quantified(quantified: &Quantified, every: bool) -> Vec<(Value, Verdict)> {
    let leaf = |predicate: &Option<Box<Predicate>>| match predicate.as_deref() {
        Some(Predicate::Leaf(leaf)) if leaf.compared.is_empty() && leaf.path.aspect == Aspect::Value => {
            Some(leaf.clone())
        }
        _ => None,
    };
    let (filter, expect) = (leaf(&quantified.filter), leaf(&quantified.expect));
    let known = (quantified.filter.is_some() == filter.is_some()) && quantified.list.of.is_none();
    let Some(expect) = expect.filter(|expect| known && !expect.path.from_pool) else { return Vec::new() };
    let filter = filter.as_ref();
    if filter.is_some_and(|filter| filter.path.from_pool) {
        return Vec::new();
    }
    let elements = |selected: Verdict, meets: Verdict| -> Vec<Value> {
        let sets: Vec<Vec<(&Leaf, Value)>> = match filter {
            Some(filter) if filter.path.steps_equal(&expect.path) => {
                let values = valued_by_both((filter, selected), (&expect, meets)).into_iter();
                values.map(|value| vec![(&expect, value)]).collect()
            }
            _ => {
                let Some(chosen) = valued(filter, selected) else { return Vec::new() };
                let values = values_with(&expect, meets).into_iter();
                values.map(|value| [chosen.clone(), vec![(&expect, value)]].concat()).collect()
            }
        };
        sets.into_iter().filter_map(element).collect()
    };
    let (good, bad) = (elements(Verdict::Pass, Verdict::Pass), elements(Verdict::Pass, Verdict::Fail));
    let both = good.first().zip(bad.first()).map(|(good, bad)| vec![good.clone(), bad.clone()]);
    let mut lists = Vec::new();
    // Each value alone, so that every bound is met and missed.
    lists.extend(good.into_iter().map(|value| (vec![value], Verdict::Pass)));
    lists.extend(bad.into_iter().map(|value| (vec![value], Verdict::Fail)));
    lists.extend(both.map(|both| (both, if every { Verdict::Fail } else { Verdict::Pass })));
    if filter.is_some() {
        let (meets, verdict) =
            if every { (Verdict::Fail, Verdict::Pass) } else { (Verdict::Pass, Verdict::Fail) };
        lists.extend(elements(Verdict::Fail, meets).into_iter().take(1).map(|value| (vec![value], verdict)));
    }
    lists.into_iter().map(|(elements, verdict)| (Value::List(elements), verdict)).collect()
}

/// An element with these values, or the value that it is itself.
pub(super) fn element(parts: Vec<(&Leaf, Value)>) -> Option<Value> {
    if let [(Leaf { path, .. }, value)] = parts.as_slice()
        && path.steps.is_empty()
    {
        return Some(value.clone());
    }
    let mut map = Map::default();
    for (leaf, value) in parts {
        place(&mut map, &leaf.path.steps, value)?;
    }
    Some(Value::Map(map))
}

/// A leaf with a value that it gives a verdict; nothing for a filter that is not there.
fn valued(leaf: Option<&Leaf>, wanted: Verdict) -> Option<Vec<(&Leaf, Value)>> {
    let Some(leaf) = leaf else { return Some(Vec::new()) };
    let value = values_with(leaf, wanted).into_iter().next()?;
    Some(vec![(leaf, value)])
}

/// The values that a leaf gives a verdict.
pub(super) fn values_with(leaf: &Leaf, wanted: Verdict) -> Vec<Value> {
    let Some(node) = leaf.node else { return Vec::new() };
    let mut all = values(schema().node(node), &leaf.operators);
    all.retain(|value| expected(&leaf.operators, value) == Some(wanted));
    all
}

/// The values that two leaves about the same path give their verdicts.
fn valued_by_both((filter, selected): (&Leaf, Verdict), (expect, meets): (&Leaf, Verdict)) -> Vec<Value> {
    let Some(node) = expect.node else { return Vec::new() };
    let node = schema().node(node);
    let mut both = Vec::new();
    for value in [values(node, &filter.operators), values(node, &expect.operators)].concat() {
        let is_wanted = expected(&filter.operators, &value) == Some(selected)
            && expected(&expect.operators, &value) == Some(meets);
        if is_wanted && !both.contains(&value) {
            both.push(value);
        }
    }
    both
}

/// Puts a value at a path of an element; `None` where something else is in the way.
pub(super) fn place(map: &mut Map, steps: &[Step], value: Value) -> Option<()> {
    match steps {
        [] => None,
        [_] if value == Value::Null => Some(()),
        [last] => {
            map.set(last.name.clone(), value);
            Some(())
        }
        [first, rest @ ..] => {
            if map.get(&first.name).is_none() {
                map.set(first.name.clone(), Value::Map(Map::default()));
            }
            match map.0.iter_mut().find(|(name, _)| *name == first.name) {
                Some((_, Value::Map(inner))) => place(inner, rest, value),
                _ => None,
            }
        }
    }
}
