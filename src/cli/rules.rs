//! `rules`: list, show, check and test them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::{Color, ConfigArgs, Mutants, PolicyArgs, RulesCommand};
use super::load::{self, Chosen};
use super::{Failure, terminal};
use crate::config::Config;
use crate::evaluate::mutation::{self, Score, Tests};
use crate::evaluate::{said, verdict};
use crate::mistake::{Mistake, nearest};
use crate::report::rules::{self as print, InRun, Listed};
use crate::report::tree;
use crate::rule::assemble::{alone, assemble, changed};
use crate::rule::case::Case;
use crate::rule::conflict::conflicts;
use crate::rule::written::{self, WrittenApart, WrittenNamed, WrittenPolicyTest, WrittenRule};
use crate::rule::{Policy, Rule, Verdict, builtin, case};

pub(super) fn run(command: RulesCommand, color: Color) -> Result<ExitCode, Failure> {
    match command {
        RulesCommand::List { choices, mut policy, json } => {
            policy.rules.extend(choices);
            list(&policy, json, color)
        }
        RulesCommand::Show { id, policy, json } => show(&id, &policy, json, color),
        RulesCommand::Check { files, config } => check(&files, config),
        RulesCommand::New { id, path, output } => new(&id, &path, output.as_deref()),
        RulesCommand::Coverage { policy, json } => coverage(&policy, json, color),
        RulesCommand::Test { rules, config, mutants } => test(&rules, config, mutants),
    }
}

/// Which packs have each built-in rule: those without controls, and those for standards.
#[derive(Default)]
struct Packs {
    plain: BTreeMap<String, Vec<&'static str>>,
    standards: BTreeMap<String, Vec<&'static str>>,
}

fn packs() -> Packs {
    let mut packs = Packs::default();
    for name in builtin::packs() {
        if let Some(Ok(pack)) = builtin::pack(name) {
            let of = if pack.controls.is_empty() { &mut packs.plain } else { &mut packs.standards };
            for (id, _) in pack.rules {
                of.entry(id).or_default().push(name);
            }
        }
    }
    packs
}

/// The rules that are listed, and which of them are not judged in a run with the configuration.
struct Listing {
    rules: Vec<Arc<Rule>>,
    /// Ids of the rules that are turned off.
    off: Vec<Arc<str>>,
    /// Ids of the rules that are not chosen.
    rest: Vec<String>,
}

/// The chosen rules; all that there are when nothing is chosen on the command line. Each is as it is in a run.
fn listing(policy: &PolicyArgs) -> Result<Listing, Failure> {
    let mut mistakes = Vec::new();
    let config = load::configuration(&policy.config)?;
    let mut chosen = load::chosen(policy, config.as_ref(), &mut mistakes)?;
    let mut rest = Vec::new();
    if policy.rules.is_empty() && policy.config.config.is_none() {
        for id in builtin::ids() {
            if chosen.rules.iter().all(|rule| rule.id.0 != id) {
                chosen.builtin(id, &mut mistakes);
                rest.push(id.to_owned());
            }
        }
    }
    // Rules that are turned off are listed too, with the severity that it would have.
    let rules = chosen.without_off().policy(config.as_ref(), &mut mistakes).rules;
    let off = chosen.policy(config.as_ref(), &mut mistakes).off;
    load::finish(mistakes)?;
    Ok(Listing { rules, off, rest })
}

impl Listing {
    fn listed<'a>(&self, rule: &'a Rule, packs: &Packs) -> Listed<'a> {
        let standing = match () {
            () if self.off.contains(&rule.id) => InRun::Off,
            () if self.rest.iter().any(|id| **id == *rule.id) => InRun::NotChosen,
            () => InRun::Judged,
        };
        let named = |of: &BTreeMap<String, Vec<&'static str>>| of.get(&*rule.id).cloned().unwrap_or_default();
        Listed { rule, packs: named(&packs.plain), standards: named(&packs.standards), in_run: standing }
    }
}

fn list(policy: &PolicyArgs, json: bool, color: Color) -> Result<ExitCode, Failure> {
    let (listing, packs) = (listing(policy)?, packs());
    let entries: Vec<Listed<'_>> = listing.rules.iter().map(|rule| listing.listed(rule, &packs)).collect();
    let mut out = io::stdout().lock();
    match json {
        true => print::json_list(&entries, &mut out)?,
        false => print::list(&entries, terminal::style(terminal::Stream::Stdout, color), &mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn show(id: &str, policy: &PolicyArgs, json: bool, color: Color) -> Result<ExitCode, Failure> {
    let listing = listing(policy)?;
    let rules = &listing.rules;
    let Some(rule) = rules.iter().find(|rule| &*rule.id == id) else {
        let ids: Vec<&str> = rules.iter().map(|rule| &*rule.id).collect();
        let help = match nearest(id, ids.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`cognito-lint rules list` shows what there is".to_owned(),
        };
        return Err(Failure::Other(miette::miette!(help = help, "the rule `{id}` does not exist")));
    };
    let listed = listing.listed(rule, &packs());
    let mut out = io::stdout().lock();
    match json {
        true => print::json(&listed, &mut out)?,
        false => print::show(&listed, terminal::style(terminal::Stream::Stdout, color), &mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn check(choices: &[String], config: ConfigArgs) -> Result<ExitCode, Failure> {
    let (mut mistakes, mut chosen, mut files) = (Vec::new(), Chosen::default(), 0);
    for choice in choices {
        let path = Path::new(choice);
        if !path.exists() {
            chosen.add(choice, Path::new(""), &mut mistakes).map_err(Failure::Other)?;
            continue;
        }
        for file in load::rule_files(path).map_err(Failure::Other)? {
            files += 1;
            chosen.file(&load::read(&file).map_err(Failure::Other)?, &mut mistakes);
        }
    }
    let policy = match choices {
        [] => load::load(&PolicyArgs { config, ..PolicyArgs::default() })?.policy,
        _ => assemble(chosen.rules, &chosen.overrides, &[], Vec::new(), &mut mistakes),
    };
    load::finish(mistakes)?;
    let rules = print::count(policy.rules.len(), "rule");
    let mut out = io::stdout().lock();
    match files {
        0 => writeln!(out, "{rules}, no mistakes")?,
        _ => writeln!(out, "{rules} in {}, no mistakes", print::count(files, "file"))?,
    }
    for conflict in conflicts(&policy.rules) {
        writeln!(out, "{}", conflict.sentence())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a rule to start from.
fn new(id: &str, path: &str, output: Option<&Path>) -> Result<ExitCode, Failure> {
    if builtin::rule(id).is_some() {
        let help = format!("choose another id, or start from it: `cognito-lint rules show {id}`");
        return Err(Failure::Other(miette::miette!(help = help, "there is a built-in rule `{id}`")));
    }
    let node = super::schema::find(path)?;
    let text = tree::draft(id, node).map_err(Failure::Mistakes)?;
    let Some(file) = output else {
        write!(io::stdout(), "{text}")?;
        return Ok(ExitCode::SUCCESS);
    };
    let shown = file.display();
    let mut opened =
        std::fs::OpenOptions::new().write(true).create_new(true).open(file).map_err(|error| {
            Failure::Other(match error.kind() {
                io::ErrorKind::AlreadyExists => miette::miette!("{shown} is there already"),
                _ => miette::miette!("{shown} could not be written: {error}"),
            })
        })?;
    opened.write_all(text.as_bytes())?;
    writeln!(io::stdout(), "wrote {shown}; `cognito-lint rules test {shown}` runs its tests")?;
    Ok(ExitCode::SUCCESS)
}

fn coverage(policy: &PolicyArgs, json: bool, color: Color) -> Result<ExitCode, Failure> {
    let policy = load::load(policy)?.policy;
    let coverage = print::coverage(&policy.rules);
    let mut out = io::stdout().lock();
    match json {
        true => coverage.json(&mut out)?,
        false => coverage.human(terminal::style(terminal::Stream::Stdout, color), &mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn test(choices: &[String], args: ConfigArgs, mutants: Mutants) -> Result<ExitCode, Failure> {
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
    let now = super::now();
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
    let base = Path::new(config.script.name()).parent().unwrap_or(Path::new(""));
    let named = config.rules.iter().map(|(choice, _)| base.join(choice));
    named.filter(|path| path.exists()).map(|path| path.to_string_lossy().into_owned()).collect()
}

/// The rules of files with their tests, the tests that are apart from rules, and those of a whole configuration.
type Tested = (Chosen, Vec<WrittenApart>, Vec<WrittenPolicyTest>);

fn files(choices: &[String], mistakes: &mut Vec<Mistake>) -> Result<Tested, Failure> {
    let (mut chosen, mut apart, mut of_policy) = (Chosen::with_tests(), Vec::new(), Vec::new());
    for choice in choices {
        let path = Path::new(choice);
        if builtin::pack(choice).is_some() || builtin::rule(choice).is_some() || !path.exists() {
            chosen.add(choice, Path::new(""), mistakes).map_err(Failure::Other)?;
            continue;
        }
        for file in load::rule_files(path).map_err(Failure::Other)? {
            let script = load::read(&file).map_err(Failure::Other)?;
            if !written::has_tests_alone(&script) {
                chosen.file(&script, mistakes);
            }
            let (of_rules, of_all) = written::apart(&script, mistakes);
            apart.extend(of_rules);
            of_policy.extend(of_all);
        }
    }
    Ok((chosen, apart, of_policy))
}

/// The named predicates of the files, and those of the program where all of its rules are tested.
fn predicates(chosen: &Chosen, all: bool) -> Vec<WrittenNamed> {
    let mut scripts = BTreeSet::new();
    let firsts = chosen.rules.iter().filter(|rule| scripts.insert(rule.script.name()));
    let mut predicates: Vec<WrittenNamed> = firsts.flat_map(|rule| rule.predicates.iter().cloned()).collect();
    if let Some(script) = builtin::predicates().filter(|_| all) {
        predicates.extend(written::predicates(&script, &mut Vec::new()));
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
    mistakes: &mut Vec<Mistake>,
) -> Option<Cow<'a, WrittenRule>> {
    let (id, at) = &test.change.rule;
    let own = || chosen.iter().flat_map(|chosen| &chosen.rules);
    if let Some(own) = own().find(|rule| rule.id.0 == *id) {
        return Some(Cow::Borrowed(own));
    }
    if let Some(script) = builtin::rule(id) {
        return written::read(&script, mistakes).into_iter().next().map(Cow::Owned);
    }
    let ids = builtin::ids();
    let known = own().map(|rule| rule.id.0.as_str()).chain(ids.iter().copied());
    let help = match nearest(id, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`cognito-lint rules list` shows the built-in rules".to_owned(),
    };
    let mistake = Mistake::new(
        &test.change.script,
        at.clone(),
        format!("the rule `{id}` does not exist"),
        "unknown rule",
    );
    mistakes.push(mistake.help(help));
    None
}

impl Results {
    /// Runs a test that is apart from its rule.
    fn apart(&mut self, test: &WrittenApart, chosen: &[&Chosen], now: i64, mistakes: &mut Vec<Mistake>) {
        let Some(written) = named(test, chosen, mistakes) else { return };
        let Some(rule) = changed(&written, &test.change, mistakes) else { return };
        let here = WrittenRule {
            script: test.change.script.clone(),
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
    fn policy(&mut self, test: &WrittenPolicyTest, policy: &Policy, now: i64, mistakes: &mut Vec<Mistake>) {
        for (id, at) in &test.fails {
            if !policy.rules.iter().any(|rule| *rule.id == **id) {
                let help = match nearest(id, policy.rules.iter().map(|rule| &*rule.id)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`cognito-lint rules list` shows which rules a run judges".to_owned(),
                };
                let message = format!("the rule `{id}` is not among the chosen rules");
                mistakes.push(Mistake::new(&test.script, at.clone(), message, "not chosen").help(help));
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

    fn rule(&mut self, written: &WrittenRule, rule: &Arc<Rule>, now: i64, mistakes: &mut Vec<Mistake>) {
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
        let mut out = io::stdout().lock();
        for failed in &self.failed {
            writeln!(out, "FAILED {failed}")?;
        }
        if !self.untested.is_empty() {
            writeln!(out, "without tests of their own: {}", self.untested.join(", "))?;
        }
        for mutant in &score.survivors {
            let (line, column) = mutant.script.line_column(mutant.at.start);
            let place = format!("{}:{line}:{column}", mutant.script.name());
            writeln!(out, "SURVIVED {} ({place}): {}", mutant.of, mutant.name)?;
        }
        writeln!(out, "{} passed, {} failed", self.passed, self.failed.len())?;
        if score.mutants > 0 {
            writeln!(out, "{}", scored(score))?;
        }
        let survivors_fail = mutants == Mutants::Fail && !score.survivors.is_empty();
        Ok(ExitCode::from(u8::from(!self.failed.is_empty() || survivors_fail)))
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
