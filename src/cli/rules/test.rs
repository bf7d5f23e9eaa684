//! `rules test`: runs tests and mutants, and prints how they went.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::chosen::Chosen;
use crate::cli::args::{Color, ConfigArgs, Mutants, PolicyArgs};
use crate::cli::load;
use crate::cli::streams::Stream;
use crate::cli::terminal;
use crate::cli::{Failure, now, printed};
use crate::config::Config;
use crate::diagnostic::{SourceDiagnostic, nearest};
use crate::evaluate::mutation::{self, Score, Tests};
use crate::evaluate::{said, verdict};
use crate::file_name;
use crate::report::line;
use crate::report::screen::Draws;
use crate::rule::assemble::{alone, changed};
use crate::rule::case::Case;
use crate::rule::written::{self, WrittenApart, WrittenNamed, WrittenPolicyTest, WrittenRule};
use crate::rule::{Policy, Rule, Verdict, builtin, case};

pub(super) fn test(choices: &[String], args: ConfigArgs, mutants: Mutants) -> Result<ExitCode, Failure> {
    let config = load::configuration(&args)?;
    let mut mistakes = Vec::new();
    let own = config.as_ref().map_or_else(Vec::new, own_files);
    let all = match (choices, own.as_slice()) {
        ([], []) => builtin::ids().into_iter().map(String::from).collect(),
        ([], own) => own.to_vec(),
        (choices, _) => choices.to_vec(),
    };
    let (chosen, apart, of_policy) = files(&all, &mut mistakes)?;
    let policy_args = PolicyArgs { config: args, ..PolicyArgs::default() };
    let configured = load::chosen(&policy_args, config.as_ref(), &mut mistakes)?;
    let policy = configured.clone().policy(config.as_ref(), &mut mistakes);
    let now = now();
    let mut results = Results::default();
    for test in &apart {
        // Without a configuration, a rule is as it is by itself.
        let change = match config {
            Some(_) => configured.with_changes(&test.change),
            None => test.change.clone(),
        };
        let test = WrittenApart { change, test: test.test.clone() };
        results.apart(&test, &[&chosen, &configured], now, &mut mistakes);
    }
    for test in &of_policy {
        results.policy(test, &policy, now, &mut mistakes);
    }
    for written in &chosen.rules {
        let Some(rule) = alone(written, &mut mistakes) else {
            continue;
        };
        results.rule(written, &Arc::new(rule), now, &mut mistakes);
    }
    let mut score = Score::default();
    // A test that fails says nothing about mutants.
    if mistakes.is_empty() && results.failed.is_empty() && mutants != Mutants::Skip {
        let predicates = predicates(&chosen, choices.is_empty());
        let (rules, predicates): (Vec<_>, Vec<_>) =
            (chosen.rules.iter().collect(), predicates.iter().collect());
        score = mutation::score(&rules, &predicates, &results.tests, now, &mut mistakes);
    }
    load::finish(mistakes)?;
    results.print(&score, mutants)
}

/// The files and directories that a configuration names in `rules`.
fn own_files(config: &Config) -> Vec<String> {
    let own = file_name::path(config.source_file.name());
    let base = own.parent().unwrap_or(Path::new(""));
    let named = config.rules.iter().map(|(choice, _)| base.join(choice));
    named.filter(|path| path.exists()).map(|path| file_name::of(&path).into_owned()).collect()
}

/// The rules of files with their tests, the tests that are apart from rules, and those of a whole configuration.
type Tested = (Chosen, Vec<WrittenApart>, Vec<WrittenPolicyTest>);

fn files(choices: &[String], mistakes: &mut Vec<SourceDiagnostic>) -> Result<Tested, Failure> {
    let (mut chosen, mut apart, mut of_policy) = (Chosen::with_tests(), Vec::new(), Vec::new());
    for choice in choices {
        let path = file_name::path(choice);
        if builtin::pack(choice).is_some() || builtin::is_rule(choice) || !path.exists() {
            load::add(&mut chosen, choice, Path::new(""), mistakes).map_err(Failure::Other)?;
            continue;
        }
        for file in load::test_files(&path).map_err(Failure::Other)? {
            let source_file = load::read(&file).map_err(Failure::Other)?;
            if !written::has_tests_alone(&source_file) {
                chosen.file(&source_file, mistakes);
            }
            let (of_rules, of_all) = written::apart(&source_file, mistakes);
            apart.extend(of_rules);
            of_policy.extend(of_all);
        }
    }
    Ok((chosen, apart, of_policy))
}

/// The named predicates of the files, and those of the program where all of its rules are tested.
fn predicates(chosen: &Chosen, all: bool) -> Vec<WrittenNamed> {
    let mut source_files = BTreeSet::new();
    let firsts = chosen.rules.iter().filter(|rule| source_files.insert(rule.source_file.name()));
    let mut predicates: Vec<WrittenNamed> = firsts.flat_map(|rule| rule.predicates.iter().cloned()).collect();
    if let Some(source_file) = builtin::predicates().filter(|_| all) {
        predicates.extend(written::predicates(&source_file, &mut Vec::new()));
    }
    predicates
}

/// How tests went.
#[derive(Default)]
struct Results {
    /// By the ids of their rules.
    tests: BTreeMap<String, Tests>,
    passed: usize,
    failed: Vec<String>,
    /// Rules without tests of their own.
    untested: Vec<String>,
}

/// The rule that a test names: one of the files, one of the configuration, or a built-in one.
fn named<'a>(
    test: &WrittenApart,
    chosen: &[&'a Chosen],
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Option<Cow<'a, WrittenRule>> {
    let (id, at) = &test.change.rule;
    let own = || chosen.iter().flat_map(|chosen| &chosen.rules);
    if let Some(own) = own().find(|rule| rule.id.0 == *id) {
        return Some(Cow::Borrowed(own));
    }
    if let Some(source_file) = builtin::rule(id) {
        return written::read(&source_file, mistakes).into_iter().next().map(Cow::Owned);
    }
    let ids = builtin::ids();
    let known = own().map(|rule| rule.id.0.as_str()).chain(ids.iter().copied());
    let help = match nearest(id, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`cognito-lint rules list` shows the built-in rules".to_owned(),
    };
    let mistake = SourceDiagnostic::new(
        &test.change.source_file,
        at.clone(),
        format!("the rule `{id}` does not exist"),
        "unknown rule",
    );
    mistakes.push(mistake.help(help));
    None
}

impl Results {
    /// Runs a test that is apart from its rule.
    fn apart(
        &mut self,
        test: &WrittenApart,
        chosen: &[&Chosen],
        now: i64,
        mistakes: &mut Vec<SourceDiagnostic>,
    ) {
        let Some(written) = named(test, chosen, mistakes) else { return };
        let Some(rule) = changed(&written, &test.change, mistakes) else { return };
        let here = WrittenRule {
            source_file: test.change.source_file.clone(),
            tests: vec![test.test.clone()],
            ..written.into_owned()
        };
        for case in case::cases(&here, mistakes) {
            self.case(&Arc::new(rule.clone()), &case, now);
            let tests = self.tests.entry(rule.id.to_string()).or_default();
            tests.changed.push((test.change.clone(), case));
        }
    }

    fn case(&mut self, rule: &Arc<Rule>, case: &Case, now: i64) {
        let verdict = verdict(rule, &case.pool, now);
        if verdict == case.verdict {
            self.passed += 1;
            return;
        }
        let title = case::title(rule, case);
        let got = got(rule, case, verdict, now);
        self.failed.push(format!("{title}: expected {}, got {got}", case.verdict.word()));
    }

    /// Runs a test of all rules that the configuration chooses.
    fn policy(
        &mut self,
        test: &WrittenPolicyTest,
        policy: &Policy,
        now: i64,
        mistakes: &mut Vec<SourceDiagnostic>,
    ) {
        for (id, at) in &test.fails {
            if !policy.rules.iter().any(|rule| *rule.id == **id) {
                let help = match nearest(id, policy.rules.iter().map(|rule| &*rule.id)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`cognito-lint rules list` shows which rules a run judges".to_owned(),
                };
                let message = format!("the rule `{id}` is not among the chosen rules");
                mistakes.push(
                    SourceDiagnostic::new(&test.source_file, at.clone(), message, "not chosen").help(help),
                );
            }
        }
        let Some(case) = case::of_policy(test, mistakes) else { return };
        let mut wrong = Vec::new();
        policy.rules_for(&case.pool, |rule| {
            let expected = test.fails.iter().any(|(id, _)| *rule.id == **id);
            let verdict = verdict(rule, &case.pool, now);
            if expected != (verdict == Verdict::Fail) {
                let expected = if expected { "expected fail" } else { "expected no finding" };
                wrong.push(format!("{}: {expected}, got {}", rule.id, got(rule, &case, verdict, now)));
            }
        });
        match wrong.is_empty() {
            true => self.passed += 1,
            false => self.failed.push(format!("{}: {}", case::place(&case), wrong.join("; "))),
        }
    }

    fn rule(
        &mut self,
        written: &WrittenRule,
        rule: &Arc<Rule>,
        now: i64,
        mistakes: &mut Vec<SourceDiagnostic>,
    ) {
        let cases = case::cases(written, mistakes);
        // Tests that are apart from a rule are its tests too.
        if cases.is_empty() && !self.tests.contains_key(&*rule.id) {
            self.untested.push(rule.id.to_string());
        }
        let derived = case::boundaries(rule, &cases);
        for case in cases.iter().chain(&derived) {
            self.case(rule, case, now);
        }
        if !cases.is_empty() {
            self.tests.entry(rule.id.to_string()).or_default().cases.extend(cases.into_iter().chain(derived));
        }
    }

    fn print(self, score: &Score, mutants: Mutants) -> Result<ExitCode, Failure> {
        let survivors_fail = mutants == Mutants::Fail && !score.survivors.is_empty();
        let code = ExitCode::from(u8::from(!self.failed.is_empty() || survivors_fail));
        let mut lines: Vec<String> = self.failed.iter().map(|failed| format!("FAILED {failed}")).collect();
        if !self.untested.is_empty() {
            lines.push(format!("without tests of their own: {}", self.untested.join(", ")));
        }
        lines.extend(score.survivors.iter().map(|mutant| {
            let (line, column) = mutant.source_file.line_column(mutant.at.start);
            let place = format!("{}:{line}:{column}", mutant.source_file.name());
            format!("SURVIVED {} ({place}): {}", mutant.of, mutant.name)
        }));
        lines.push(format!("{} passed, {} failed", self.passed, self.failed.len()));
        if score.mutants > 0 {
            lines.push(scored(score));
        }
        let style = terminal::style(Stream::Stdout, Color::Never);
        let mut out = Stream::Stdout.screen(Draws::of_style(style));
        printed(lines.iter().try_for_each(|own| writeln!(out, "{}", line(style, own))), code)
    }
}

/// A verdict with the value that decides it: `pass: MfaConfiguration is OPTIONAL`.
fn got(rule: &Arc<Rule>, case: &Case, verdict: Verdict, now: i64) -> String {
    let said = said(rule, &case.pool, now).into_iter().find(|(own, _)| *own == verdict);
    match said.filter(|(_, why)| !why.is_empty()) {
        Some((_, why)) => format!("{}: {why}", verdict.word()),
        None => verdict.word().to_owned(),
    }
}

/// `12 of 14 mutants noticed (85 %)`.
fn scored(score: &Score) -> String {
    let (noticed, all) = (score.noticed(), score.mutants - score.equivalent);
    let mut said = match all {
        0 => "no mutants".to_owned(),
        all => format!("{noticed} of {all} mutants noticed ({} %)", noticed * 100 / all),
    };
    if score.equivalent > 0 {
        said.push_str(&format!(", {} listed as equivalent", score.equivalent));
    }
    said
}
