//! The predicates that differ from one by a single change.

use std::ops::Range;

use crate::rule::OperatorName;
use crate::rule::written::{
    Form, WrittenCount, WrittenOperator, WrittenPredicate, WrittenQuantified, WrittenUnique,
};
use crate::spanned::{Item, Toml};

/// A predicate with one change.
pub(super) struct Variant {
    /// The part that is changed, in the file.
    pub at: Range<usize>,
    /// The same, from the rule: `expect.all[1]`.
    pub place: String,
    pub change: String,
    pub predicate: WrittenPredicate,
}

impl Variant {
    fn new(of: &WrittenPredicate, place: &str, change: impl Into<String>, form: Form) -> Variant {
        Variant {
            at: of.at.clone(),
            place: place.to_owned(),
            change: change.into(),
            predicate: with(of, form),
        }
    }

    /// The same change, of the predicate that has this one as a part.
    fn inside(self, outer: &WrittenPredicate, form: impl FnOnce(WrittenPredicate) -> Form) -> Variant {
        Variant { predicate: with(outer, form(self.predicate)), ..self }
    }
}

fn with(of: &WrittenPredicate, form: Form) -> WrittenPredicate {
    WrittenPredicate { at: of.at.clone(), form }
}

/// Every predicate that differs from one by a single change.
pub(super) fn variants(of: &WrittenPredicate, place: &str) -> Vec<Variant> {
    match &of.form {
        Form::Leaf { path, operators } => {
            of_operators(of, operators, place, &|operators| Form::Leaf { path: path.clone(), operators })
        }
        Form::Element { key, operators } => {
            of_operators(of, operators, place, &|operators| Form::Element { key: key.clone(), operators })
        }
        Form::All(inner) => of_parts(of, inner, place, ("all", Form::All), ("any", Form::Any)),
        Form::Any(inner) => of_parts(of, inner, place, ("any", Form::Any), ("all", Form::All)),
        Form::None(inner) => of_parts(of, inner, place, ("none", Form::None), ("any", Form::Any)),
        Form::Some(own) => of_quantified(of, own, place, ("some", Form::Some), ("every", Form::Every)),
        Form::Every(own) => of_quantified(of, own, place, ("every", Form::Every), ("some", Form::Some)),
        Form::Count(own) => of_count(of, own, place),
        Form::Unique(own) => of_unique(of, own, place),
        Form::Named(_) => vec![negated(of, place)],
        // A rule with a mistake has no mutants.
        Form::Broken(_) | Form::Lost(_) => Vec::new(),
    }
}

/// The opposite of a predicate.
fn negated(of: &WrittenPredicate, place: &str) -> Variant {
    Variant::new(of, place, "is negated", Form::None(vec![of.clone()]))
}

type Make<T> = (&'static str, fn(T) -> Form);

fn of_parts(
    of: &WrittenPredicate,
    inner: &[WrittenPredicate],
    place: &str,
    (word, own): Make<Vec<WrittenPredicate>>,
    (other_word, other): Make<Vec<WrittenPredicate>>,
) -> Vec<Variant> {
    let mut all = Vec::new();
    // Of one part, `all` and `any` are the same.
    if inner.len() > 1 || word == "none" {
        let change = format!("`{word}` becomes `{other_word}`");
        all.push(Variant::new(of, place, change, other(inner.to_vec())));
    }
    for (index, part) in inner.iter().enumerate() {
        let place = format!("{place}.{word}[{index}]");
        if inner.len() > 1 {
            let rest = [&inner[..index], &inner[index + 1..]].concat();
            let dropped = Variant::new(of, &place, "is dropped", own(rest));
            all.push(Variant { at: part.at.clone(), ..dropped });
        }
        let replaced = |part: WrittenPredicate| {
            let mut parts = inner.to_vec();
            parts[index] = part;
            own(parts)
        };
        all.extend(variants(part, &place).into_iter().map(|variant| variant.inside(of, replaced)));
    }
    all
}

fn of_quantified(
    of: &WrittenPredicate,
    quantified: &WrittenQuantified,
    place: &str,
    (word, own): Make<WrittenQuantified>,
    (other_word, other): Make<WrittenQuantified>,
) -> Vec<Variant> {
    let place = format!("{place}.{word}");
    let mut all = Vec::new();
    if quantified.expect.is_some() {
        let change = format!("`{word}` becomes `{other_word}`");
        all.push(Variant::new(of, &place, change, other(quantified.clone())));
    } else {
        all.push(negated(of, &place));
    }
    let filtered = |filter| own(WrittenQuantified { filter, ..quantified.clone() });
    all.extend(of_filter(of, quantified.filter.as_deref(), &place, &filtered));
    if let Some(expect) = &quantified.expect {
        let expecting = |expect| own(WrittenQuantified { expect, ..quantified.clone() });
        all.extend(of_part(of, expect, &format!("{place}.expect"), &expecting));
    }
    all
}

fn of_count(of: &WrittenPredicate, count: &WrittenCount, place: &str) -> Vec<Variant> {
    let place = format!("{place}.count");
    let bounded = |bounds| Form::Count(WrittenCount { bounds, ..count.clone() });
    let mut all = of_operators(of, &count.bounds, &place, &bounded);
    let filtered = |filter| Form::Count(WrittenCount { filter, ..count.clone() });
    all.extend(of_filter(of, count.filter.as_deref(), &place, &filtered));
    all
}

fn of_unique(of: &WrittenPredicate, unique: &WrittenUnique, place: &str) -> Vec<Variant> {
    let place = format!("{place}.unique");
    let filtered = |filter| Form::Unique(WrittenUnique { filter, ..unique.clone() });
    let mut all = vec![negated(of, &place)];
    all.extend(of_filter(of, unique.filter.as_deref(), &place, &filtered));
    all
}

/// The changes of a `where`: without it, and those inside.
fn of_filter(
    of: &WrittenPredicate,
    filter: Option<&WrittenPredicate>,
    place: &str,
    form: &dyn Fn(Option<Box<WrittenPredicate>>) -> Form,
) -> Vec<Variant> {
    let Some(filter) = filter else { return Vec::new() };
    let place = format!("{place}.where");
    let dropped = Variant::new(of, &place, "is dropped", form(None));
    let mut all = vec![Variant { at: filter.at.clone(), ..dropped }];
    all.extend(of_part(of, filter, &place, form));
    all
}

/// The changes inside the one part of a predicate.
fn of_part(
    of: &WrittenPredicate,
    part: &WrittenPredicate,
    place: &str,
    form: &dyn Fn(Option<Box<WrittenPredicate>>) -> Form,
) -> Vec<Variant> {
    let replaced = |part| form(Some(Box::new(part)));
    variants(part, place).into_iter().map(|variant| variant.inside(of, replaced)).collect()
}

fn of_operators(
    of: &WrittenPredicate,
    operators: &[WrittenOperator],
    place: &str,
    form: &dyn Fn(Vec<WrittenOperator>) -> Form,
) -> Vec<Variant> {
    let mut all = Vec::new();
    for (index, operator) in operators.iter().enumerate() {
        let place = format!("{place}.{}", operator.name.word());
        let at = operator.at.start..operator.operand.at.end;
        let mut push = |change: String, form: Form| {
            let variant = Variant::new(of, &place, change, form);
            all.push(Variant { at: at.clone(), ..variant });
        };
        let replaced = |other: WrittenOperator| {
            let mut others = operators.to_vec();
            others[index] = other;
            form(others)
        };
        match flipped(operator) {
            Some((flipped, change)) => push(change, replaced(flipped)),
            None if operators.len() == 1 => push("is negated".to_owned(), Form::None(vec![of.clone()])),
            None => {}
        }
        for (moved, change) in moved(operator) {
            push(change, replaced(moved));
        }
        if operators.len() > 1 {
            let rest = [&operators[..index], &operators[index + 1..]].concat();
            push("is dropped".to_owned(), form(rest));
        }
    }
    all
}

/// The operator that asks the opposite, or another that takes the same operand.
fn flipped(operator: &WrittenOperator) -> Option<(WrittenOperator, String)> {
    if let (OperatorName::Present, Toml::Bool(wanted)) = (operator.name, &operator.operand.toml) {
        let operand = Item { toml: Toml::Bool(!wanted), at: operator.operand.at.clone() };
        return Some((WrittenOperator { operand, ..operator.clone() }, format!("becomes {}", !wanted)));
    }
    let name = operator.name.flipped()?;
    let change = format!("becomes `{}`", name.word());
    Some((WrittenOperator { name, ..operator.clone() }, change))
}

/// A bound, one less and one more. Where the bound is a parameter, its value is moved.
fn moved(operator: &WrittenOperator) -> Vec<(WrittenOperator, String)> {
    let Toml::Int(n) = operator.operand.toml else { return Vec::new() };
    let to = |n: i64| {
        let operand = Item { toml: Toml::Int(n), at: operator.operand.at.clone() };
        (WrittenOperator { operand, ..operator.clone() }, format!("becomes {n}"))
    };
    [n.checked_sub(1), n.checked_add(1)].into_iter().flatten().map(to).collect()
}
