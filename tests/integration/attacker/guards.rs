//! Mutants of every guard: the answers that are held by hand and by the attacker notice each.

use cognito_lint::journey::{Actor, Guards, Journeys, journeys_by, written};
use cognito_lint::pool::Projection;
use cognito_lint::rule::mutant::mutants;
use cognito_lint::source::declared::Scenario;
use cognito_lint::source::read;

use super::{Dice, chunk, dice};
use crate::journeys::{changed_pools, pools, said, way_of};

/// The answers in words, which a mutant has to change.
fn answers(guards: &Guards, pool: &[Scenario]) -> Vec<String> {
    let found: Journeys = journeys_by(guards, pool).unwrap();
    let ways = Actor::ALL.into_iter().map(|actor| way_of(&found, actor));
    found.answers.iter().map(|(_, answer)| said(answer)).chain(ways).collect()
}

/// The pools whose answers are known: those of the commands, with their changes, and random ones.
fn known() -> Vec<Vec<Scenario>> {
    let mut dice = Dice(20_261_130);
    let mut all: Vec<serde_json::Value> = pools().into_values().chain(changed_pools()).collect();
    all.extend((0..2_000).map(|number| dice::pool(&mut dice, number)));
    let each = all.iter().map(|pool| {
        let chunk = chunk(std::slice::from_ref(pool));
        let read = read(&chunk, &Projection::everything());
        assert!(read.unread.is_empty(), "{:?}", read.unread);
        read.pools[0].scenarios().to_vec()
    });
    each.collect()
}

#[test]
fn every_mutant_of_a_guard_changes_an_answer() {
    let builtin = Guards::builtin();
    let known: Vec<(Vec<Scenario>, Vec<String>)> = known()
        .into_iter()
        .map(|pool| {
            let answers = answers(builtin, &pool);
            (pool, answers)
        })
        .collect();
    let (mut number, mut survivors, mut listed) = (0, Vec::new(), 0);
    for rule in written(&mut Vec::new()) {
        let mutants = mutants(&rule);
        for one in &rule.equivalent {
            let name = &one.mutant.0;
            assert!(mutants.iter().any(|mutant| mutant.name == *name), "{}: no `{name}`", rule.id.0);
        }
        for mutant in mutants {
            number += 1;
            let guards = builtin.with(&mutant.rules[0].1);
            let is_listed = rule.equivalent.iter().any(|one| one.mutant.0 == mutant.name);
            // Only the mutants that are listed go through all pools.
            let pools = if is_listed { &known[..known.len().min(400)] } else { &known };
            let is_noticed = pools.iter().any(|(pool, truth)| answers(&guards, pool) != *truth);
            listed += usize::from(is_listed);
            if is_noticed == is_listed {
                let what = if is_listed { "is listed and noticed" } else { "is not noticed" };
                survivors.push(format!("{}: {} {what}", mutant.of, mutant.name));
            }
        }
    }
    assert!(survivors.is_empty(), "{number} mutants, {listed} listed\n{}", survivors.join("\n"));
    assert!(number > 240, "{number}");
}
