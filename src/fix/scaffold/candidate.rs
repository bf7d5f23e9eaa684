//! Settings that may make a rule pass.

use std::sync::Arc;

use super::super::in_file::judged::{Judged, Key};
use super::super::in_file::{element, settings};
use super::super::repair::Working;
use super::choice::{self, CHOICES, Candidate};
use crate::pool::{Section, UNITS};
use crate::rule::{Operator, Predicate, Rule};
use crate::schema::{Kind, Path, schema};
use crate::source::{Parameter, Term, ValueStep};
use crate::value::{Text, Value};

/// The candidates for a rule, in the order of preference.
pub(super) fn candidates(rule: &Arc<Rule>, key: &Key, judged: &Judged, now: i64) -> Vec<Candidate> {
    let paths = paths(rule);
    let mut candidates: Vec<Candidate> = repaired(rule, key, judged, now).into_iter().collect();
    candidates.extend(lifetimes(rule));
    candidates.extend(allowed(rule));
    candidates.extend(tags(&paths));
    candidates.extend(paths.iter().flat_map(|path| triggers(path)));
    let about = |choice: &choice::Choice| {
        choice.iter().any(|(path, _)| paths.iter().any(|known| is_about(known, path)))
    };
    candidates.extend(CHOICES.iter().filter(|choice| about(choice)).map(|choice| choice::candidate(choice)));
    candidates
}

/// The changes that `fix` would make.
fn repaired(rule: &Arc<Rule>, key: &Key, judged: &Judged, now: i64) -> Option<Candidate> {
    let pool = judged.pool(key)?;
    let element = element(rule, key, pool).ok()?;
    let mut working = Working::declared(pool.clone(), now, element.clone());
    working.satisfy(rule).ok()?;
    working.complete().ok()?;
    let settings = settings(&working, element.as_ref()).ok()?;
    let named = settings.into_iter().map(|setting| {
        let names = setting.steps.into_iter().filter_map(|step| match step {
            ValueStep::Member(name) => Some(Text::from(name.into_owned())),
            ValueStep::Index(_) => None,
        });
        (names.collect(), Term::Value(setting.value))
    });
    Some(named.collect())
}

/// The paths that a rule looks at, from the top of the pool.
fn paths(rule: &Rule) -> Vec<String> {
    let mut paths = Vec::new();
    let around = rule.each.as_ref().map(|list| list.path.to_string());
    let mut add = |path: &Path, _| {
        let text = path.to_string();
        // Every member of a map is what `*` stands for.
        let text = text.strip_suffix(".*").unwrap_or(&text).to_owned();
        paths.push(match (&around, text.strip_prefix("$.")) {
            (Some(_), Some(of_pool)) => of_pool.to_owned(),
            (Some(around), None) => format!("{around}.{text}"),
            (None, _) => text,
        });
    };
    rule.expect.paths(&mut add);
    paths
}

/// Whether a setting is what a rule looks at, or a part of it, or around it.
fn is_about(looked_at: &str, setting: &str) -> bool {
    let inside = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    inside(looked_at, setting) || inside(setting, looked_at)
}

/// The lifetime of a token as a number and its unit, which rules compare in seconds.
fn lifetimes(rule: &Rule) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    rule.expect.each(&mut |predicate| {
        let Predicate::Leaf(leaf) = predicate else { return };
        let Some(derived) = leaf.node.and_then(|id| schema().node(id).derived) else { return };
        for operator in &leaf.operators {
            let Operator::AtMost(seconds) = operator else { continue };
            let units = [("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1)];
            let Some((unit, length)) = units.into_iter().find(|(_, length)| seconds % length == 0) else {
                continue;
            };
            let client = Text::from(Section::Clients.member());
            let number = Term::Value(Value::Int(seconds / length));
            let unit = Term::Value(Value::String(unit.into()));
            candidates.push(vec![
                (vec![client.clone(), derived.number.into()], number),
                (vec![client, UNITS.into(), derived.unit.into()], unit),
            ]);
        }
    });
    candidates
}

/// Values of a rule that names several.
const TRIED: usize = 4;

/// The values that a setting may have, and the first of the elements that a list may have, for a list that must have some.
fn allowed(rule: &Rule) -> Vec<Candidate> {
    let around = rule.each.iter().flat_map(|list| &list.path.steps);
    let around: Vec<Text> = around.map(|step| step.name.clone()).collect();
    let mut candidates = Vec::new();
    rule.expect.each(&mut |predicate| {
        let Predicate::Leaf(leaf) = predicate else { return };
        for operator in &leaf.operators {
            let terms: Vec<Term> = match operator {
                Operator::ContainsOnly(values) => {
                    values.iter().take(1).map(|first| Term::List(vec![Term::Value(first.clone())])).collect()
                }
                Operator::OneOf(values) => values.iter().take(TRIED).cloned().map(Term::Value).collect(),
                _ => continue,
            };
            let names = leaf.path.steps.iter().map(|step| step.name.clone());
            let around = around.iter().filter(|_| !leaf.path.from_pool).cloned();
            let path: Vec<Text> = around.chain(names).collect();
            candidates.extend(terms.into_iter().map(|term| vec![(path.clone(), term)]));
        }
    });
    candidates
}

/// The functions that a rule asks for, which a person has.
fn triggers(path: &str) -> Vec<Candidate> {
    const TRIGGERS: &str = "LambdaConfig";
    // A rule that asks for any has the first.
    let asked = match path.strip_prefix(TRIGGERS) {
        Some("") => "PreSignUp",
        Some(rest) => rest.trim_start_matches('.').split('.').next().unwrap_or_default(),
        None => return Vec::new(),
    };
    let Some(node) = schema().find(&format!("{TRIGGERS}.{asked}")).map(|id| schema().node(id)) else {
        return Vec::new();
    };
    let arn = |name: &str, about: &str, example: &str| {
        let name = name.to_owned();
        Term::Parameter(Arc::new(Parameter { name, about: about.to_owned(), example: example.to_owned() }))
    };
    let function = || {
        let words = words_of(asked.trim_end_matches("Config"));
        let example = format!("arn:aws:lambda:eu-west-1:111122223333:function:{}", words.replace('_', "-"));
        arn(&format!("{words}_arn"), &format!("The ARN of the function for {asked}"), &example)
    };
    let at = |names: &[&str]| names.iter().map(|name| Text::from((*name).to_owned())).collect::<Vec<Text>>();
    if node.kind != Kind::Structure {
        return if asked.contains("Key") {
            Vec::new()
        } else {
            vec![vec![(at(&[TRIGGERS, asked]), function())]]
        };
    }
    let version = node.members.iter().map(|id| schema().node(*id)).find(|member| !member.values.is_empty());
    let versions =
        version.iter().flat_map(|version| version.values.iter().map(|value| (&*version.name, value)));
    let of_version = |(member, value): (&str, &Text)| {
        let mut candidate = vec![
            (at(&[TRIGGERS, asked, "LambdaArn"]), function()),
            (at(&[TRIGGERS, asked, member]), Term::Value(Value::String(value.clone()))),
        ];
        if asked.starts_with("Custom") {
            let example = "arn:aws:kms:eu-west-1:111122223333:key/a1b2c3d4-5678-90ab-cdef-example11111";
            let key =
                arn("messages_kms_key_arn", "The ARN of the key of AWS KMS that encrypts codes", example);
            candidate.push((at(&[TRIGGERS, "KMSKeyID"]), key));
        }
        candidate
    };
    versions.map(of_version).collect()
}

/// `PreSignUp` as `pre_sign_up`.
fn words_of(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && words.chars().last().is_some_and(|last| last.is_ascii_lowercase()) {
            words.push('_');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

/// The tags that a rule asks for, whose values a person knows.
fn tags(paths: &[String]) -> Vec<Candidate> {
    let tag = |path: &String| {
        let path = Path::parse(path).ok()?;
        let [map, key] = &path.steps[..] else { return None };
        let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        let mut name: String = key.name.chars().map(word).collect();
        // Several keys are the same in letters of a name.
        for (at, letter) in key.name.chars().enumerate() {
            if !(letter.is_ascii_lowercase() || letter.is_ascii_digit()) {
                name.push_str(&format!("_{at}x{:x}", u32::from(letter)));
            }
        }
        let parameter = Parameter {
            name: format!("tag_{name}"),
            about: format!("The value of the tag {}", key.name),
            example: "identity-team".to_owned(),
        };
        let term = Term::Parameter(Arc::new(parameter));
        (*map.name == *"UserPoolTags").then(|| vec![(vec![map.name.clone(), key.name.clone()], term)])
    };
    paths.iter().filter_map(tag).collect()
}
