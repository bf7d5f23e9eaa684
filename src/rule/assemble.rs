//! Puts the chosen rules and what is changed of them together into a policy.

use std::sync::Arc;

use super::choice::{self, Choice, Selection};
use super::compile::compile;
use super::control::{Control, Standard};
use super::pack::Pack;
use super::policy::{Override, Policy, Scope, Selector};
use super::written::{self, WrittenRule};
use super::{Rule, builtin};
use crate::diagnostic::{SourceDiagnostic, SourceFile, nearest};

/// Pools for which something is changed, before it is known whether the rules exist.
#[derive(Clone, Debug)]
pub struct ScopeChange {
    pub name: String,
    pub selector: Selector,
    pub overrides: Vec<Override>,
}

/// Compiles the chosen rules. Of overrides of one rule, the last is the strongest.
///
/// `packed` come from packs and may name rules that were not chosen; those in `own` and `scopes` may not.
pub fn assemble(
    mut written: Vec<WrittenRule>,
    packed: &[Override],
    own: &[Override],
    scopes: Vec<ScopeChange>,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Policy {
    written.sort_by(|a, b| a.id.0.cmp(&b.id.0));
    duplicates(&written, mistakes);
    let own = expanded(own, packed, &written, mistakes);
    let all: Vec<&Override> = packed.iter().chain(&own).collect();
    let (mut policy, mut sources) = (Policy::default(), Vec::new());
    for rule in &written {
        let changes: Vec<&Override> =
            all.iter().copied().filter(|change| change.rule.0 == rule.id.0).collect();
        let Some(compiled) = compile(rule, &changes, mistakes) else { continue };
        if changes.iter().any(|change| change.off) {
            policy.off.push(compiled.id);
        } else {
            policy.rules.push(Arc::new(compiled));
            sources.push((rule, changes));
        }
    }
    for scope in scopes {
        let overrides = expanded(&scope.overrides, packed, &written, mistakes);
        let mut differing = Vec::new();
        for (index, (rule, changes)) in sources.iter().enumerate() {
            let more: Vec<&Override> = overrides.iter().filter(|change| change.rule.0 == rule.id.0).collect();
            if more.is_empty() {
                continue;
            }
            let off = more.iter().any(|change| change.off);
            let both: Vec<&Override> = changes.iter().copied().chain(more).collect();
            let variant = compile(rule, &both, mistakes).map(Arc::new);
            differing.push((index, variant.filter(|_| !off)));
        }
        policy.scopes.push(Scope { name: scope.name, selector: scope.selector, changes: differing });
    }
    policy
}

/// Overrides with the rules that selectors in `off` select, each once, in place of the selectors.
fn expanded(
    overrides: &[Override],
    packed: &[Override],
    written: &[WrittenRule],
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Vec<Override> {
    let mut expanded: Vec<Override> = Vec::new();
    let chosen = |id: &str| written.iter().any(|rule| rule.id.0 == id);
    for change in overrides {
        if !change.off || chosen(&change.rule.0) {
            if !chosen(&change.rule.0) {
                mistakes.push(no_such_rule(change, written));
            }
            expanded.push(change.clone());
            continue;
        }
        for part in choice::parts(&change.rule.0) {
            let choice = match Choice::parse(part) {
                Ok(choice) => choice,
                Err(wrong) => {
                    let at = change.rule.1.clone();
                    let mistake = SourceDiagnostic::new(
                        &change.source_file,
                        at,
                        wrong.message,
                        "not a choice of rules",
                    );
                    mistakes.push(mistake.help(wrong.help));
                    continue;
                }
            };
            let all = || packed.iter().chain(overrides);
            let fits = |rule: &&WrittenRule| choice.fits(rule, choice::severity(rule, all()));
            let selected: Vec<&WrittenRule> = written.iter().filter(fits).collect();
            if selected.is_empty() {
                mistakes.push(selects_nothing(change, &choice, written));
            }
            let is_selected = |change: &Override| selected.iter().any(|rule| rule.id.0 == change.rule.0);
            if choice.minus {
                expanded.retain(|change| !change.off || !is_selected(change));
                continue;
            }
            for rule in selected {
                let id = (rule.id.0.clone(), change.rule.1.clone());
                expanded.push(Override { rule: id, ..change.clone() });
            }
        }
    }
    expanded
}

/// The overrides that are about some rules: those of others have nothing to change.
pub fn about(overrides: &[Override], written: &[WrittenRule]) -> Vec<Override> {
    let selects = |part: &str| match Choice::parse(part) {
        Ok(choice) => written.iter().any(|rule| choice.fits(rule, rule.severity.unwrap_or_default())),
        Err(_) => true,
    };
    let is_about = |change: &&Override| choice::parts(&change.rule.0).any(selects);
    overrides.iter().filter(is_about).cloned().collect()
}

fn selects_nothing(change: &Override, choice: &Choice, written: &[WrittenRule]) -> SourceDiagnostic {
    if matches!(choice.what, Selection::Name) {
        let change = Override { rule: (choice.text.clone(), change.rule.1.clone()), ..change.clone() };
        return no_such_rule(&change, written);
    }
    let message = format!("`{}` selects none of the chosen rules", choice.text);
    let mistake =
        SourceDiagnostic::new(&change.source_file, change.rule.1.clone(), message, "selects nothing");
    mistake.help(choice.help(written.iter())).of_missing_rule()
}

/// Reports ids that are there more than once. The rules must be sorted by id.
fn duplicates(written: &[WrittenRule], mistakes: &mut Vec<SourceDiagnostic>) {
    for pair in written.windows(2) {
        let [first, second] = pair else { continue };
        // A rule without an id is a mistake of its own.
        if first.id.0 != second.id.0 || first.id.0.is_empty() {
            continue;
        }
        let message = format!("the id `{}` is used twice", second.id.0);
        let mut mistake =
            SourceDiagnostic::new(&second.source_file, second.id.1.clone(), message, "again here");
        let (line, column) = first.source_file.line_column(first.id.1.start);
        if first.source_file.name() == second.source_file.name() {
            mistake = mistake.also(first.id.1.clone(), "first here").help("give one of them another id");
        } else {
            let place = format!("{}:{line}:{column}", first.source_file.name());
            mistake = mistake.help(format!("the first is at {place}; give one of them another id"));
        }
        mistakes.push(mistake);
    }
}

fn no_such_rule(change: &Override, written: &[WrittenRule]) -> SourceDiagnostic {
    let (id, at) = &change.rule;
    let chosen = || written.iter().map(|rule| rule.id.0.as_str());
    let mistake =
        |message: String, label| SourceDiagnostic::new(&change.source_file, at.clone(), message, label);
    if builtin::is_rule(id) {
        let help = format!("add \"{id}\" to `rules`, or take this out");
        return mistake(format!("the rule `{id}` is not among the chosen rules"), "not chosen").help(help);
    }
    let help = match nearest(id, chosen()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`cognito-lint rules list` shows all rules".to_owned(),
    };
    mistake(format!("the rule `{id}` does not exist"), "matches no rule").help(help).of_missing_rule()
}

/// Compiles one rule with a change.
pub fn changed(
    written: &WrittenRule,
    change: &Override,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Option<Rule> {
    compile(written, &[change], mistakes)
}

/// Compiles one rule without overrides, for output.
pub fn alone(written: &WrittenRule, mistakes: &mut Vec<SourceDiagnostic>) -> Option<Rule> {
    compile(written, &[], mistakes)
}

/// The controls of a pack, each with its rules at its own bounds.
pub fn standard(pack: &Pack, mistakes: &mut Vec<SourceDiagnostic>) -> Standard {
    standard_of(pack, &builtin::rule, mistakes)
}

/// The same, where the rules of controls have the texts that are given for their ids.
pub fn standard_of(
    pack: &Pack,
    text: &dyn Fn(&str) -> Option<SourceFile>,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Standard {
    let mut compiled = |changes: &[Override]| -> Vec<Arc<Rule>> {
        let rules = changes.iter().filter_map(|change| {
            let Some(source_file) = text(&change.rule.0) else {
                mistakes.push(no_such_rule(change, &[]));
                return None;
            };
            let written = written::read(&source_file, mistakes);
            compile(written.first()?, &[change], mistakes).map(Arc::new)
        });
        rules.collect()
    };
    let mut controls = Vec::new();
    for control in &pack.controls {
        controls.push(Control {
            id: Arc::from(control.id.as_str()),
            level: control.level.clone(),
            meaning: control.meaning.clone(),
            source: control.source.clone(),
            verified: control.verified,
            satisfied_by: compiled(&control.satisfied_by),
            supported_by: compiled(&control.supported_by),
            uncovered: control.uncovered.clone(),
        });
    }
    Standard { pack: Arc::from(pack.name.as_str()), title: pack.title.clone(), controls }
}
