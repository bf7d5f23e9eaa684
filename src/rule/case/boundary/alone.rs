//! Pools of a rule's own tests in which one value is another.
//!
//! In a pool that passes, every part of `all` holds, so that each decides alone; in a pool that fails, no part of
//! `any` holds, so that each decides alone too.

use super::part::Part;
use super::settled::settled;
use super::{Case, pool};
use crate::pool::{Scope, State, given, resolve};
use crate::rule::{Predicate, Rule, Verdict};
use crate::schema::{Aspect, Mirror, Node, NodeId, Path, schema};
use crate::value::{Map, Text, Value};

/// The derived cases of a rule that has tests.
pub(super) fn cases(rule: &Rule, tests: &[Case]) -> Vec<Case> {
    let mut cases = Vec::new();
    for verdict in [Verdict::Pass, Verdict::Fail] {
        let Some(test) = tests.iter().find(|test| test.verdict == verdict) else { continue };
        let expect = settled(rule, test);
        let mut parts = Vec::new();
        alone(&expect, verdict == Verdict::Pass, false, &mut parts);
        for (part, negated) in parts {
            cases.extend(changed(rule, test, part, negated));
        }
        cases.extend(left_out(rule, test));
    }
    cases
}

/// The test's pool with values for which a part of the condition of the rule does not hold.
fn left_out(rule: &Rule, test: &Case) -> Vec<Case> {
    let mut parts = Vec::new();
    if let Some(when) = &rule.when {
        alone(when, true, false, &mut parts);
    }
    let cases = parts.into_iter().flat_map(|(part, negated)| changed(rule, test, part, negated));
    let left_out = cases.filter(|case| case.verdict == Verdict::Fail);
    left_out.map(|case| Case { verdict: Verdict::Skipped, ..case }).collect()
}

/// The parts that decide alone, where the predicate holds or does not, and whether it holds where they do not.
fn alone<'r>(predicate: &'r Predicate, holds: bool, negated: bool, parts: &mut Vec<(Part<'r>, bool)>) {
    let (inner, holds, negated) = match predicate {
        Predicate::Leaf(_) | Predicate::Some(_) | Predicate::Every(_) => {
            return parts.extend(Part::of(predicate).map(|part| (part, negated)));
        }
        Predicate::All(inner) if holds => (inner, true, negated),
        Predicate::Any(inner) if !holds => (inner, false, negated),
        Predicate::None(inner) if holds => (inner, false, !negated),
        Predicate::All(_)
        | Predicate::Any(_)
        | Predicate::None(_)
        | Predicate::Count(_)
        | Predicate::Unique(_)
        | Predicate::Named(_) => return,
    };
    for predicate in inner {
        alone(predicate, holds, negated, parts);
    }
}

/// The test's pool with other values at the path of a part.
fn changed(rule: &Rule, test: &Case, part: Part<'_>, negated: bool) -> Vec<Case> {
    if !is_independent(rule, test, &part) {
        return Vec::new();
    }
    let case = |(value, verdict): (Value, Verdict)| {
        let mut document = given(&test.pool);
        set(&mut document, &names(rule, part.path), part.node, &value)?;
        let verdict = match (verdict, negated) {
            (Verdict::Pass, true) => Verdict::Fail,
            (Verdict::Fail, true) => Verdict::Pass,
            (verdict, _) => verdict,
        };
        Some(Case {
            name: format!("derived: {} = {value}", part.path),
            verdict,
            pool: pool(document, test.pool.input_kind()),
            source_file: test.source_file.clone(),
            at: test.at.clone(),
        })
    };
    part.values().into_iter().filter_map(case).collect()
}

/// Whether nothing else that the rule looks at hangs on the value.
fn is_independent(rule: &Rule, test: &Case, part: &Part<'_>) -> bool {
    let mirrored = |one: &Mirror| match part.id {
        // A value under the name that the service uses decides, unless the pool of the test gives the other name.
        id if id == one.original => gives(test, one.copy) || looks_at(rule, one.copy),
        id => id == one.copy,
    };
    let each = rule
        .each
        .as_ref()
        .is_none_or(|each| each.path.aspect == Aspect::Value && !each.path.steps.is_empty());
    let mut others = 0;
    let mut look = |path: &Path| {
        let starts_alike = path.steps.iter().zip(&part.path.steps).all(|(a, b)| a.name == b.name);
        // A path without steps is about an element of the part itself.
        let same_base = path.from_pool == part.path.from_pool && !path.steps.is_empty();
        others += usize::from(same_base && starts_alike);
    };
    for predicate in rule.when.iter().chain([&rule.expect]) {
        predicate.paths(&mut |path, _| look(path));
    }
    each && !part.path.steps.is_empty() && others == 1 && !schema().mirrors().iter().any(mirrored)
}

/// Whether a test gives a value of a node itself. One in an element is not looked for.
fn gives(test: &Case, id: NodeId) -> bool {
    let Ok(path) = Path::parse(&schema().node(id).path) else { return true };
    let is_copied = test.pool.mirrored.iter().any(|mirrored| mirrored.to == id);
    !is_copied && matches!(resolve(Scope::of(&test.pool), &path), State::Present(_))
}

/// Whether a rule looks at a node, or at a part or the whole of it.
fn looks_at(rule: &Rule, id: NodeId) -> bool {
    let (mut looks, path) = (false, &*schema().node(id).path);
    for predicate in rule.when.iter().chain([&rule.expect]) {
        predicate.paths(&mut |own, _| {
            let own = own.steps_text();
            looks |= path.starts_with(&own) || own.starts_with(path);
        });
    }
    looks
}

/// The names that lead from the pool to a path of a rule.
pub(super) fn names(rule: &Rule, path: &Path) -> Vec<Text> {
    let each = rule.each.iter().filter(|_| !path.from_pool).flat_map(|each| &each.path.steps);
    each.chain(&path.steps).map(|step| step.name.clone()).collect()
}

/// Sets a value, in every element of the lists on the way; `None` if the document lacks the place.
pub(super) fn set(document: &mut Map, names: &[Text], node: &Node, value: &Value) -> Option<()> {
    match names {
        [] => None,
        [name] => {
            match (node.derived, value) {
                (Some(derived), number) => {
                    document.set(derived.number.into(), number.clone());
                    let units = Map(vec![(derived.unit.into(), Value::String("seconds".into()))].into());
                    document.set(crate::pool::UNITS.into(), Value::Map(units));
                }
                (None, Value::Null) => document.0.retain(|(own, _)| own != name),
                (None, value) => document.set(name.clone(), value.clone()),
            }
            Some(())
        }
        [name, rest @ ..] => {
            if document.get(name).is_none() {
                document.set(name.clone(), Value::Map(Map::default()));
            }
            let (_, inner) = document.0.iter_mut().find(|(own, _)| own == name)?;
            match inner {
                Value::Map(map) => set(map, rest, node, value),
                Value::List(elements) if !elements.is_empty() => {
                    elements.iter_mut().try_for_each(|element| match element {
                        Value::Map(map) => set(map, rest, node, value),
                        _ => None,
                    })
                }
                _ => None,
            }
        }
    }
}
