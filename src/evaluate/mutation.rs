//! The mutants of rules that their tests notice, and those that survive.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::verdict;
use crate::diagnostic::{SourceDiagnostic, suggest};
use crate::rule::case::Case;
use crate::rule::mutant::{self, Mutant};
use crate::rule::written::{WrittenEquivalent, WrittenNamed, WrittenRule};
use crate::rule::{Override, Rule};

/// The tests of a rule, which must notice its mutants.
#[derive(Debug, Default)]
pub struct Tests {
    pub cases: Vec<Case>,
    /// Those under other parameters.
    pub changed: Vec<(Override, Case)>,
}

/// How much of a change to rules their tests would notice.
#[derive(Debug, Default)]
pub struct Score {
    pub mutants: usize,
    /// Mutants that are listed with the reason why no pool shows them.
    pub equivalent: usize,
    /// Mutants that no test notices, in the order of the rules.
    pub survivors: Vec<Mutant>,
}

impl Score {
    /// How many mutants a test notices.
    pub fn noticed(&self) -> usize {
        self.mutants - self.equivalent - self.survivors.len()
    }
}

/// Mutates rules and named predicates, and runs the tests, by the ids of their rules. Rules without tests stay as they
/// are.
pub fn score(
    rules: &[&WrittenRule],
    predicates: &[&WrittenNamed],
    tests: &BTreeMap<String, Tests>,
    now: i64,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Score {
    let tested: Vec<&WrittenRule> =
        rules.iter().copied().filter(|rule| tests.contains_key(&rule.id.0)).collect();
    let mut score = Score::default();
    let own = tested.iter().map(|rule| (mutant::mutants(rule), &rule.equivalent));
    let shared = predicates.iter().map(|named| (mutant::of_predicate(named, &tested), &named.equivalent));
    for (mutants, equivalent) in own.chain(shared) {
        unused(&mutants, equivalent, mistakes);
        for mutant in mutants {
            let noticed = mutant.rules.iter().any(|(written, rule)| {
                tests.get(&*rule.id).is_some_and(|tests| tests.notice(written, rule, now))
            });
            let listed = equivalent.iter().find(|one| one.mutant.0 == mutant.name);
            score.mutants += 1;
            match (noticed, listed) {
                (true, None) => {}
                (false, Some(_)) => score.equivalent += 1,
                (true, Some(listed)) => mistakes.push(
                    SourceDiagnostic::new(
                        &listed.source_file,
                        listed.mutant.1.clone(),
                        "a test notices this mutant",
                        "noticed",
                    )
                    .help("remove it from `equivalent`"),
                ),
                (false, None) => score.survivors.push(mutant),
            }
        }
    }
    score
}

/// Notes mutants that are listed and are not there.
fn unused(mutants: &[Mutant], equivalent: &[WrittenEquivalent], mistakes: &mut Vec<SourceDiagnostic>) {
    for listed in equivalent {
        let (name, at) = &listed.mutant;
        if mutants.iter().all(|mutant| mutant.name != *name) {
            let help = suggest(name, mutants.iter().map(|mutant| mutant.name.as_str()).collect::<Vec<_>>());
            let message = format!("there is no mutant `{name}`");
            mistakes.push(
                SourceDiagnostic::new(&listed.source_file, at.clone(), message, "unknown mutant").help(help),
            );
        }
    }
}

impl Tests {
    fn notice(&self, written: &WrittenRule, rule: &Arc<Rule>, now: i64) -> bool {
        let differs = |rule: &Arc<Rule>, case: &Case| verdict(rule, &case.pool, now) != case.verdict;
        let changed = |(change, case): &(Override, Case)| {
            mutant::under(written, change).is_none_or(|rule| differs(&Arc::new(rule), case))
        };
        self.cases.iter().any(|case| differs(rule, case)) || self.changed.iter().any(changed)
    }
}
