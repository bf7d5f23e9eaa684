//! The parts that each built-in rule and pack must have.

use std::collections::{BTreeMap, BTreeSet};

use cognito_lint::diagnostic::{SourceDiagnostic, SourceFile};
use cognito_lint::evaluate::mutation::{self, Tests};
use cognito_lint::evaluate::verdict;
use cognito_lint::rule::pack::WrittenControl;
use cognito_lint::rule::written::Form;
use cognito_lint::rule::written::{self, WrittenRule};
use cognito_lint::rule::{Verdict, assemble, builtin, case};
use cognito_lint::schema::InputKind;

use super::{expect_none, files, read};

#[test]
fn every_rule_says_what_it_is_about() {
    let mut complaints = Vec::new();
    for (id, rule) in rules() {
        let mut texts = vec![("title", &rule.title), ("why", &rule.why), ("fix", &rule.fix)];
        let more = [("console", &rule.console), ("api", &rule.api)];
        texts.extend(more.into_iter().filter(|(_, text)| text.is_some()));
        // A text for every input names neither the console nor the calls of the API.
        let of_service = ["onsole", "in the API", "UpdateUserPool", "SetUserPool", "SetRisk"];
        for word in
            of_service.iter().filter(|word| rule.fix.as_ref().is_some_and(|(fix, _)| fix.contains(**word)))
        {
            complaints.push(format!("{id}: `fix` has `{word}`, which belongs to `console` or `api`"));
        }
        for (key, text) in texts {
            match text {
                Some((text, _)) if key != "title" && !text.ends_with('.') => {
                    complaints.push(format!("{id}: `{key}` does not end with a period"));
                }
                Some((text, _)) if key == "title" && text.ends_with('.') => {
                    complaints.push(format!("{id}: `title` ends with a period"));
                }
                Some((text, _)) if text.trim() != text || text.is_empty() => {
                    complaints.push(format!("{id}: `{key}` is empty, or has space around it"));
                }
                Some(_) => {}
                None => complaints.push(format!("{id}: no `{key}`")),
            }
        }
        let lacks = [
            ("severity", rule.severity.is_none()),
            ("links", rule.links.is_empty()),
            ("tags", rule.tags.is_empty()),
            ("a test that passes", !tested(&rule, Verdict::Pass)),
            ("a test that fails", !tested(&rule, Verdict::Fail)),
        ];
        complaints
            .extend(lacks.iter().filter(|(_, lacks)| *lacks).map(|(what, _)| format!("{id}: no {what}")));
    }
    expect_none(&complaints);
}

/// A rule is named for the bad state, so that "allow X" reads right.
#[test]
fn every_rule_is_named_for_the_bad_state() {
    let fix = ["no-", "require-", "check-", "ensure-", "enable-", "disable-", "use-"];
    let named = |id: &&&str| fix.iter().any(|start| id.starts_with(start));
    let complaints: Vec<String> =
        builtin::ids().iter().filter(named).map(|id| format!("{id} is named for its fix")).collect();
    expect_none(&complaints);
}

#[test]
fn every_rule_stands_in_a_file_of_its_name() {
    let mut complaints = Vec::new();
    for file in files("rules", "toml") {
        let name = file.to_string_lossy().into_owned();
        let parts: Vec<&str> = name.split('/').collect();
        if matches!(parts.get(1), Some(&"packs" | &"predicates.toml")) {
            continue;
        }
        let mut mistakes = Vec::new();
        let rules = written::read(&SourceFile::new(&name, read(&file)), &mut mistakes);
        complaints.extend(mistakes.iter().map(|mistake| format!("{name}: {mistake}")));
        let ids: Vec<&str> = rules.iter().map(|rule| rule.id.0.as_str()).collect();
        if parts.len() != 3 || ids != [parts[2].trim_end_matches(".toml")] {
            complaints.push(format!("{name} holds {}: a rule is in rules/AREA/ID.toml", ids.join(", ")));
        }
    }
    expect_none(&complaints);
}

/// A rule that no answer of the API can break is one about a template that will not deploy, and says so.
#[test]
fn every_rule_fails_on_a_pool_that_the_api_allows() {
    let (mut complaints, mut mistakes) = (Vec::new(), Vec::new());
    for (id, rule) in rules() {
        // A test whose pool the schema does not allow is a mistake.
        let cases = case::cases(&rule, &mut mistakes);
        let fails = cases
            .iter()
            .any(|case| case.verdict == Verdict::Fail && case.pool.input_kind() == InputKind::Answer);
        let texts = [&rule.why, &rule.fix].into_iter().flatten();
        if !fails && !texts.into_iter().any(|(text, _)| text.contains("deploy")) {
            complaints.push(format!("{id}: no test has an answer of the API that fails"));
        }
    }
    complaints.extend(mistakes.iter().map(ToString::to_string));
    expect_none(&complaints);
}

/// The expectation of several paths together is not a sentence, so the author writes one.
#[test]
fn compound_rules_have_a_message() {
    let is_plain = |form: &Form| matches!(form, Form::Leaf { .. } | Form::Element { .. });
    let lacks =
        rules().into_iter().filter(|(_, rule)| !is_plain(&rule.expect.form) && rule.message.is_none());
    expect_none(&lacks.map(|(id, _)| format!("{id}: no `message`")).collect::<Vec<_>>());
}

#[test]
fn every_rule_passes_its_tests() {
    let (mut complaints, mut mistakes) = (Vec::new(), Vec::new());
    for (id, written) in rules() {
        let Some(rule) = assemble::alone(&written, &mut mistakes) else {
            continue;
        };
        let rule = std::sync::Arc::new(rule);
        for case in case::with_derived(&written, &rule, &mut mistakes) {
            let verdict = verdict(&rule, &case.pool, 0);
            if verdict != case.verdict {
                complaints.push(format!("{id}: {} gives {}", case::title(&rule, &case), verdict.word()));
            }
        }
    }
    complaints.extend(mistakes.iter().map(SourceDiagnostic::to_string));
    expect_none(&complaints);
}

/// A change of a rule that no test notices could be made by mistake.
#[test]
fn tests_notice_every_change_of_a_rule() {
    let (mut tests, mut mistakes) = (BTreeMap::new(), Vec::new());
    let rules = rules();
    for (id, written) in &rules {
        let Some(rule) = assemble::alone(written, &mut mistakes) else { continue };
        let cases = case::with_derived(written, &rule, &mut mistakes);
        tests.insert((*id).to_owned(), Tests { cases, changed: Vec::new() });
    }
    let predicates = written::predicates(&builtin::predicates().unwrap(), &mut mistakes);
    let (rules, predicates): (Vec<_>, Vec<_>) =
        (rules.iter().map(|(_, rule)| rule).collect(), predicates.iter().collect());
    let score = mutation::score(&rules, &predicates, &tests, 0, &mut mistakes);
    let survivors = score.survivors.iter().map(|mutant| format!("{}: {}", mutant.of, mutant.name));
    expect_none(&survivors.chain(mistakes.iter().map(SourceDiagnostic::to_string)).collect::<Vec<_>>());
    assert!(score.mutants > 5 * rules.len(), "only {} mutants", score.mutants);
}

#[test]
fn packs_name_rules_that_there_are() {
    let ids: BTreeSet<&str> = builtin::ids().into_iter().collect();
    let mut complaints = Vec::new();
    for name in builtin::packs() {
        let pack = builtin::pack(name).unwrap().unwrap_or_else(|mistakes| panic!("{name}: {}", mistakes[0]));
        let named: Vec<&str> = pack.rules.iter().map(|(id, _)| id.as_str()).collect();
        complaints
            .extend(named.iter().filter(|id| !ids.contains(*id)).map(|id| format!("{name}: no rule `{id}`")));
        if !named.is_sorted() {
            complaints.push(format!("{name}: its rules are not sorted"));
        }
    }
    expect_none(&complaints);
}

/// A pack that has several bounds for a rule says itself which of them its rule has.
#[test]
fn bounds_of_packs_are_clear() {
    let mut complaints = Vec::new();
    for name in builtin::packs() {
        let pack = builtin::pack(name).unwrap().unwrap_or_else(|mistakes| panic!("{name}: {}", mistakes[0]));
        let mut bounds = BTreeMap::<&str, BTreeSet<String>>::new();
        for change in pack.controls.iter().flat_map(WrittenControl::rules) {
            let params = change.params.iter();
            let params = params.map(|param| format!("{} = {:?}", param.name.0, param.value.toml.to_value()));
            bounds.entry(&change.rule.0).or_default().insert(params.collect::<Vec<_>>().join(", "));
        }
        for (rule, bounds) in bounds.iter().filter(|(_, bounds)| bounds.len() > 1) {
            let own = pack.source_file.text().contains(&format!("[rule.{rule}]"));
            if !own {
                complaints.push(format!("{name}: `{rule}` has the bounds {bounds:?}: add `[rule.{rule}]`"));
            }
        }
    }
    expect_none(&complaints);
}

/// A bound that a pack sets apart from its controls, which have sources of their own, has its source in a comment.
#[test]
fn bounds_of_packs_have_their_sources() {
    let (mut complaints, mut bounds) = (Vec::new(), 0);
    for name in builtin::packs() {
        let pack = builtin::pack(name).unwrap().unwrap_or_else(|mistakes| panic!("{name}: {}", mistakes[0]));
        let text = pack.source_file.text();
        let parts = text.split("\n\n").filter_map(|part| {
            let (comment, rule) = part.split_once("[rule.")?;
            Some((comment, rule.split_once(']')?.0, rule))
        });
        for (comment, rule, _) in parts.filter(|(.., text)| text.contains("params")) {
            bounds += 1;
            let source = comment.lines().find_map(|line| line.strip_prefix("# Source: "));
            if !source.is_some_and(|source| source.ends_with('.')) {
                complaints.push(format!("{name}: the parameters of `{rule}` have no `# Source: `"));
            }
        }
        let set = text.lines().filter(|line| line.trim_start().starts_with("params")).count();
        let read =
            text.split("\n\n").filter(|part| part.contains("[rule.") && part.contains("params")).count();
        assert_eq!(set, read, "{name}: an empty line divides the parts of the pack");
    }
    expect_none(&complaints);
    assert!(bounds >= 7, "{bounds}");
}

/// A control says what it asks for in a sentence, where that is written, and which rules prove it.
#[test]
fn controls_of_packs_are_complete() {
    let (mut complaints, mut mistakes) = (Vec::new(), Vec::new());
    for name in builtin::packs() {
        let pack = builtin::pack(name).unwrap().unwrap();
        for control in assemble::standard(&pack, &mut mistakes).controls {
            let sentences = [Some(&control.meaning), control.uncovered.as_ref().map(|(_, why)| why)];
            if !sentences.iter().flatten().all(|sentence| sentence.ends_with(['.', ')'])) {
                complaints.push(format!("{name} {}: a sentence has no period", control.id));
            }
            if !control.source.starts_with("https://") {
                complaints.push(format!("{name} {}: the source is not an address", control.id));
            }
        }
    }
    complaints.extend(mistakes.iter().map(SourceDiagnostic::to_string));
    expect_none(&complaints);
}

/// Controls are in packs, which know their bounds.
#[test]
fn rules_name_no_controls() {
    let named = rules().into_iter().filter(|(_, rule)| !rule.controls.is_empty());
    expect_none(&named.map(|(id, _)| format!("{id} names controls: packs name rules")).collect::<Vec<_>>());
}

/// Every built-in rule as it was written.
pub(super) fn rules() -> Vec<(&'static str, WrittenRule)> {
    let mut rules = Vec::new();
    for id in builtin::ids() {
        let mut mistakes = Vec::new();
        rules.extend(
            written::read(&builtin::rule_with_tests(id).unwrap(), &mut mistakes)
                .into_iter()
                .map(|rule| (id, rule)),
        );
        assert!(mistakes.is_empty(), "{id}: {}", mistakes[0]);
    }
    rules
}

fn tested(rule: &WrittenRule, verdict: Verdict) -> bool {
    let word =
        |test: &written::WrittenTest| test.verdict.as_ref().is_some_and(|(word, _)| word == verdict.word());
    rule.tests.iter().any(word)
}
