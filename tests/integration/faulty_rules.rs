//! Rule files: every mistake is reported with its place and a way out.

use std::ops::Range;

use cognito_lint::diagnostic::{SourceDiagnostic, SourceFile};
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::{builtin, case, written};

use crate::faulty;

/// Every mistake in rule files, in the order in which `rules check` shows them.
fn mistakes(scripts: &[SourceFile]) -> Vec<SourceDiagnostic> {
    let (mut mistakes, mut rules) = (Vec::new(), Vec::new());
    for script in scripts {
        let read = written::read(script, &mut mistakes);
        for rule in &read {
            case::cases(rule, &mut mistakes);
        }
        rules.extend(read);
    }
    assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    SourceDiagnostic::sort(&mut mistakes);
    mistakes
}

#[test]
fn mistakes_in_rules() {
    faulty::check("tests/integration/faulty-rules", mistakes);
}

/// How many mutations are tried.
const MUTATIONS: u32 = 2_000;

/// Bytes and words that mean something in rule files.
const TOKENS: [&str; 24] = [
    "[", "]", "[[rule]]", "{", "}", "\"", "'", "\"\"\"", "=", ",", ".", "$.", "\\", "\n", "\r\n", "#", "0",
    "-1", "12.5", "true", "param", "expect", "Clients", "ß",
];

/// A linear congruential generator, so that every run tries the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }
}

/// A word, a number or one other character of a text, at or after a place that the dice choose.
fn token(text: &str, dice: &mut Dice) -> Range<usize> {
    let mut start = dice.below(text.len());
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let word = text[start..].find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(text.len() - start);
    let first = text[start..].chars().next().map_or(0, char::len_utf8);
    start..start + if dice.below(2) == 0 { first } else { word.max(first) }
}

fn mutate(text: &mut String, dice: &mut Dice) {
    if text.is_empty() {
        return;
    }
    let place = token(text, dice);
    match dice.below(5) {
        0 => text.replace_range(place, ""),
        1 => {
            let again = text[place.clone()].to_owned();
            text.insert_str(place.end, &again);
        }
        2 => text.replace_range(place, TOKENS[dice.below(TOKENS.len())]),
        3 => text.insert_str(place.start, TOKENS[dice.below(TOKENS.len())]),
        _ => {
            let other = token(text, dice);
            let other = text[other].to_owned();
            text.replace_range(place, &other);
        }
    }
}

#[test]
fn broken_rules_are_mistakes_and_no_panics() {
    let texts: Vec<String> =
        builtin::ids().iter().map(|id| builtin::rule_with_tests(id).unwrap().text().to_owned()).collect();
    let mut dice = Dice(1);
    for number in 0..MUTATIONS {
        let mut text = texts[dice.below(texts.len())].clone();
        for _ in 0..=dice.below(3) {
            mutate(&mut text, &mut dice);
        }
        let script = SourceFile::new(format!("mutation {number}"), text);
        for mistake in mistakes(std::slice::from_ref(&script)) {
            for (at, label) in &mistake.labels {
                let inside = at.start <= at.end && script.text().get(at.clone()).is_some();
                assert!(inside, "{number}: {mistake} has {label:?} at {at:?}, in\n{}", script.text());
            }
        }
    }
}
