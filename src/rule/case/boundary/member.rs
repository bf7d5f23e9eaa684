//! Members of a structure or map, and what a predicate over all of them says of them together.

use super::value::{arn, expected, judged, parts, sample, texts};
use crate::rule::{Leaf, Predicate, Quantified, Verdict};
use crate::schema::{ArnPart, Aspect, Kind, Node, schema};
use crate::value::{Map, Text, Value};

/// A member of a map or a structure, with the verdicts that a predicate gives it.
struct Member {
    /// Its key, where a predicate is about that.
    key: Option<Text>,
    value: Value,
    /// The verdict of `where`; it passes where there is none.
    selected: Verdict,
    meets: Verdict,
}

/// Maps and structures, each with what a predicate over their members says of it: those of one member and of two,
/// among them one that `where` leaves out.
pub(super) fn members(own: &Quantified, every: bool, of: &Node) -> Vec<(Value, Verdict)> {
    let Some(Predicate::Leaf(expect)) = own.expect.as_deref() else { return Vec::new() };
    let filter = match own.filter.as_deref() {
        None => None,
        Some(Predicate::Leaf(filter)) => Some(filter),
        Some(_) => return Vec::new(),
    };
    let Some((names, node)) = room(of) else { return Vec::new() };
    let found = candidates(filter, expect, of, node);
    let with = |selected: Verdict, meets: Verdict| {
        found.iter().find(|member| (member.selected, member.meets) == (selected, meets))
    };
    let (good, bad) = (with(Verdict::Pass, Verdict::Pass), with(Verdict::Pass, Verdict::Fail));
    let both = if every { Verdict::Fail } else { Verdict::Pass };
    let mut cases = vec![(vec![good], Verdict::Pass), (vec![bad], Verdict::Fail), (vec![good, bad], both)];
    if filter.is_some() {
        let (meets, verdict) =
            if every { (Verdict::Fail, Verdict::Pass) } else { (Verdict::Pass, Verdict::Fail) };
        cases.push((vec![with(Verdict::Fail, meets)], verdict));
    }
    let case = |(members, verdict): (Vec<Option<&Member>>, Verdict)| {
        let (mut map, count) = (Map::default(), members.len());
        for (member, name) in members.into_iter().zip(&names) {
            let Member { key, value, .. } = member?;
            map.set(key.clone().unwrap_or_else(|| name.clone()), value.clone());
        }
        (map.len() == count).then_some((Value::Map(map), verdict))
    };
    cases.into_iter().filter_map(case).collect()
}

/// Members with each value and each key that the predicates tell apart.
fn candidates(filter: Option<&Leaf>, expect: &Leaf, of: &Node, node: &'static Node) -> Vec<Member> {
    let leaves: Vec<&Leaf> = filter.into_iter().chain([expect]).collect();
    let is_own =
        |leaf: &&Leaf| leaf.compared.is_empty() && !leaf.path.from_pool && leaf.path.steps.is_empty();
    let has_keys = leaves.iter().any(|leaf| leaf.path.aspect == Aspect::Key);
    if !leaves.iter().all(is_own) || (has_keys && of.kind != Kind::Map) {
        return Vec::new();
    }
    let of_keys = leaves.iter().filter(|leaf| leaf.path.aspect == Aspect::Key);
    let mut keys: Vec<Option<Text>> =
        of_keys.flat_map(|leaf| texts(&leaf.operators)).map(|text| Some(text.into())).collect();
    if !has_keys {
        keys.push(None);
    }
    let mut found = Vec::new();
    for key in &keys {
        for value in values(&leaves, node) {
            let verdict = |leaf: &Leaf| expected(&leaf.operators, &seen(leaf, key.as_ref(), &value)?);
            let selected = filter.map_or(Some(Verdict::Pass), verdict);
            if let (Some(selected), Some(meets)) = (selected, verdict(expect)) {
                found.push(Member { key: key.clone(), value: value.clone(), selected, meets });
            }
        }
    }
    found
}

/// The values that leaves tell apart: those of each, and ARNs that differ in each part that they ask for.
fn values(leaves: &[&Leaf], node: &'static Node) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    let mut arns: Vec<Vec<(ArnPart, String)>> = vec![Vec::new()];
    for leaf in leaves {
        match leaf.path.aspect {
            Aspect::Arn(part) if !parts(part, &leaf.operators).is_empty() => {
                let texts = parts(part, &leaf.operators);
                let with = |known: &Vec<(ArnPart, String)>| {
                    let more = |text: &String| [known.clone(), vec![(part, text.clone())]].concat();
                    texts.iter().map(more).collect::<Vec<_>>()
                };
                arns = arns.iter().flat_map(with).collect();
            }
            _ => values.extend(judged(leaf, node).into_iter().map(|(value, _)| value)),
        }
    }
    for parts in arns.iter().filter(|parts| !parts.is_empty()) {
        let parts: Vec<(ArnPart, &str)> = parts.iter().map(|(part, text)| (*part, text.as_str())).collect();
        values.push(arn(&parts));
    }
    values.retain(|value| *value != Value::Null);
    if values.is_empty() {
        values.extend(sample(node));
    }
    values
}

/// The value of a member that a leaf asks about.
fn seen(leaf: &Leaf, key: Option<&Text>, value: &Value) -> Option<Value> {
    let text = |text: &str| Value::String(text.to_owned().into());
    match leaf.path.aspect {
        Aspect::Key => key.map(|key| text(key)),
        Aspect::Value => Some(value.clone()),
        Aspect::Arn(part) => Some(part.of(value.as_str()?).map_or(Value::Null, text)),
        Aspect::Members | Aspect::Plain | Aspect::Scopes | Aspect::Outer | Aspect::Source => None,
    }
}

/// Two names of members of a map or a structure, and the type of both. In a structure, a member with a default is there
/// anyway, and one with two names under both.
fn room(of: &Node) -> Option<([Text; 2], &'static Node)> {
    if let Some(element) = of.element.filter(|_| of.kind == Kind::Map) {
        return Some((["example-0".into(), "example-1".into()], schema().node(element)));
    }
    let has_default = |node: &Node| node.defaults().any.is_some() || node.defaults().template.is_some();
    let members = || of.members.iter().map(|id| (*id, schema().node(*id)));
    if members().any(|(_, node)| has_default(node)) {
        return None;
    }
    let named_twice =
        |id| schema().mirrors().iter().any(|mirror| [mirror.copy, mirror.original].contains(&id));
    let mut texts = members().filter(|(id, node)| {
        node.kind == Kind::String && node.values.is_empty() && !node.secret && !named_twice(*id)
    });
    let ((_, first), (_, second)) = (texts.next()?, texts.next()?);
    Some(([first.name.clone(), second.name.clone()], first))
}
