//! Contradictions: a pair of built-in rules is reported, or there is a pool that meets both.

use std::collections::BTreeSet;
use std::sync::Arc;

use cognito_lint::evaluate::verdict;
use cognito_lint::pool::{Pool, Projection, derive, given, mirror};
use cognito_lint::rule::conflict::conflicts;
use cognito_lint::rule::{Rule, Verdict, assemble, builtin, case, written};
use cognito_lint::value::{Map, Value};

/// In 2027.
const NOW: i64 = 1_800_000_000_000;

/// How the elements of two lists come together.
#[derive(Clone, Copy)]
enum Lists {
    /// The first of each as one.
    Joined,
    Beside,
}

/// Two documents as one; where both have a value, that of the second counts.
fn joined(first: &Map, second: &Map, lists: Lists) -> Map {
    let mut joined = first.clone();
    for (name, value) in &second.0 {
        let value = match (first.get(name), value) {
            (Some(Value::Map(one)), Value::Map(other)) => Value::Map(self::joined(one, other, lists)),
            (Some(Value::List(one)), Value::List(other)) => Value::List(elements(one, other, lists)),
            _ => value.clone(),
        };
        joined.set(name.clone(), value);
    }
    joined
}

fn elements(one: &[Value], other: &[Value], lists: Lists) -> Vec<Value> {
    match (one, other, lists) {
        ([Value::Map(a), ..], [Value::Map(b), ..], Lists::Joined) => vec![Value::Map(joined(a, b, lists))],
        ([Value::Map(_), ..], [Value::Map(_), ..], Lists::Beside) => [one, other].concat(),
        _ => other.to_vec(),
    }
}

fn with(pool: &Pool, document: Map) -> Pool {
    let mut pool = Pool { document, mirrored: Vec::new(), made: Vec::new(), ..pool.clone() };
    mirror(&mut pool, &Projection::everything());
    derive(&mut pool.document);
    pool
}

#[test]
fn a_pool_meets_every_pair_that_is_not_reported() {
    let mut mistakes = Vec::new();
    let mut rules: Vec<(Arc<Rule>, Vec<Pool>)> = Vec::new();
    for id in builtin::ids() {
        for written in written::read(&builtin::rule_with_tests(id).unwrap(), &mut mistakes) {
            let rule = assemble::alone(&written, &mut mistakes).unwrap();
            let cases = case::with_derived(&written, &rule, &mut mistakes);
            let passing = cases.into_iter().filter(|case| case.verdict == Verdict::Pass);
            rules.push((Arc::new(rule), passing.map(|case| case.pool).collect()));
        }
    }
    let all: Vec<Arc<Rule>> = rules.iter().map(|(rule, _)| Arc::clone(rule)).collect();
    let reported: BTreeSet<(&str, &str)> =
        conflicts(&all).iter().map(|pair| (&*pair.first.id, &*pair.second.id)).collect();
    let mut open = Vec::new();
    let (mut met, mut exclusive) = (0, 0);
    for (index, (first, one)) in rules.iter().enumerate() {
        for (second, other) in &rules[index + 1..] {
            // A plan without the change meets the rules on changes.
            let of_plans = first.is_of_plans() && second.is_of_plans();
            if of_plans || reported.contains(&(&*first.id, &*second.id)) {
                continue;
            }
            let pools = || one.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
            let joined = |(a, b): (&Pool, &Pool)| {
                let (one, other) = (given(a), given(b));
                [Lists::Joined, Lists::Beside]
                    .into_iter()
                    .flat_map(move |lists| {
                        [with(a, joined(&one, &other, lists)), with(b, joined(&other, &one, lists))]
                    })
                    .collect::<Vec<Pool>>()
            };
            let verdicts = |pool: &Pool| [first, second].map(|rule| verdict(rule, pool, NOW));
            let alone = one.iter().chain(other).flat_map(|pool| {
                let tier = Map(vec![("UserPoolTier".into(), Value::String("PLUS".into()))].into());
                [pool.clone(), with(pool, self::joined(&given(pool), &tier, Lists::Joined))]
            });
            let alone = alone.map(|pool| verdicts(&pool));
            let all: Vec<[Verdict; 2]> =
                pools().flat_map(joined).map(|pool| verdicts(&pool)).chain(alone).collect();
            // Rules that are never for the same pool are met where one of them is skipped.
            let apart = |verdicts: &[Verdict; 2]| {
                verdicts.contains(&Verdict::Pass) && verdicts.contains(&Verdict::Skipped)
            };
            match (all.contains(&[Verdict::Pass; 2]), all.iter().any(apart)) {
                (true, _) => met += 1,
                (false, true) => exclusive += 1,
                (false, false) => open.push(format!("{} and {}", first.id, second.id)),
            }
        }
    }
    assert!(open.is_empty(), "{}", open.join("\n"));
    assert!(exclusive * 50 < met, "{met} pairs pass together, and {exclusive} are never for the same pool");
}
