//! `rules`: list, show, check and test them.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::{Color, PolicyArgs, RulesCommand};
use super::load::{self, Chosen};
use super::{Failure, terminal};
use crate::evaluate::verdict;
use crate::report::rules::{self as print, Listed};
use crate::rule::assemble::{alone, assemble};
use crate::rule::written::WrittenRule;
use crate::rule::{Rule, builtin, case};

pub(super) fn run(command: RulesCommand, color: Color) -> Result<ExitCode, Failure> {
    match command {
        RulesCommand::List { policy, json } => list(&policy, json, color),
        RulesCommand::Show { id, policy, json } => show(&id, &policy, json, color),
        RulesCommand::Check { files } => check(&files),
        RulesCommand::Test { rules } => test(&rules),
    }
}

/// Which packs have each built-in rule.
fn packs() -> BTreeMap<String, Vec<&'static str>> {
    let mut packs = BTreeMap::<String, Vec<&'static str>>::new();
    for name in builtin::packs() {
        if let Some(Ok(pack)) = builtin::pack(name) {
            for (id, _) in pack.rules {
                packs.entry(id).or_default().push(name);
            }
        }
    }
    packs
}

/// The chosen rules, or all built-in ones when nothing is chosen on the command line.
fn chosen(policy: &PolicyArgs) -> Result<Vec<Arc<Rule>>, Failure> {
    if !policy.rules.is_empty() || policy.config.config.is_some() {
        return Ok(load::load(policy)?.policy.rules);
    }
    let mut mistakes = Vec::new();
    let mut all = Chosen::default();
    for id in builtin::ids() {
        all.add(id, Path::new(""), &mut mistakes).map_err(Failure::Other)?;
    }
    let policy = assemble(all.rules, &[], &[], Vec::new(), &mut mistakes);
    load::finish(mistakes)?;
    Ok(policy.rules)
}

fn list(policy: &PolicyArgs, json: bool, color: Color) -> Result<ExitCode, Failure> {
    let (rules, packs) = (chosen(policy)?, packs());
    let listed = |rule: &'_ Arc<Rule>| packs.get(&*rule.id).cloned().unwrap_or_default();
    let entries: Vec<Listed<'_>> = rules.iter().map(|rule| Listed { rule, packs: listed(rule) }).collect();
    let mut out = io::stdout().lock();
    match json {
        true => print::json_list(&entries, &mut out)?,
        false => print::list(&entries, terminal::style(terminal::Stream::Stdout, color), &mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn show(id: &str, policy: &PolicyArgs, json: bool, color: Color) -> Result<ExitCode, Failure> {
    let rules = chosen(policy)?;
    let Some(rule) = rules.iter().find(|rule| &*rule.id == id) else {
        let ids: Vec<&str> = rules.iter().map(|rule| &*rule.id).collect();
        let help = match crate::mistake::nearest(id, ids.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`cognito-lint rules list` shows what there is".to_owned(),
        };
        return Err(Failure::Other(miette::miette!(help = help, "there is no rule `{id}`")));
    };
    let listed = Listed { rule, packs: packs().remove(id).unwrap_or_default() };
    let mut out = io::stdout().lock();
    match json {
        true => print::json(&listed, &mut out)?,
        false => print::show(&listed, terminal::style(terminal::Stream::Stdout, color), &mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn check(files: &[String]) -> Result<ExitCode, Failure> {
    let mut mistakes = Vec::new();
    let mut chosen = Chosen::default();
    let mut count = 0;
    for choice in files {
        for file in load::rule_files(Path::new(choice)).map_err(Failure::Other)? {
            count += 1;
            chosen.file(&load::read(&file).map_err(Failure::Other)?, &mut mistakes);
        }
    }
    let rules = chosen.rules.len();
    assemble(chosen.rules, &[], &[], Vec::new(), &mut mistakes);
    load::finish(mistakes)?;
    let nouns = (if rules == 1 { "rule" } else { "rules" }, if count == 1 { "file" } else { "files" });
    writeln!(io::stdout(), "{rules} {} in {count} {}, no mistakes", nouns.0, nouns.1)?;
    Ok(ExitCode::SUCCESS)
}

fn test(choices: &[String]) -> Result<ExitCode, Failure> {
    let mut mistakes = Vec::new();
    let mut chosen = Chosen::default();
    let all = if choices.is_empty() {
        builtin::ids().into_iter().map(String::from).collect()
    } else {
        choices.to_vec()
    };
    for choice in &all {
        chosen.add(choice, Path::new(""), &mut mistakes).map_err(Failure::Other)?;
    }
    let now = super::now();
    let mut results = Results::default();
    for written in &chosen.rules {
        let Some(rule) = alone(written, &mut mistakes) else {
            continue;
        };
        results.rule(written, &Arc::new(rule), now, &mut mistakes);
    }
    load::finish(mistakes)?;
    results.print()
}

/// How tests went.
#[derive(Default)]
struct Results {
    passed: usize,
    failed: Vec<String>,
    /// Rules without tests of their own.
    untested: Vec<String>,
}

impl Results {
    fn rule(
        &mut self,
        written: &WrittenRule,
        rule: &Arc<Rule>,
        now: i64,
        mistakes: &mut Vec<crate::mistake::Mistake>,
    ) {
        let cases = case::cases(written, mistakes);
        if cases.is_empty() {
            self.untested.push(rule.id.to_string());
        }
        for case in cases.into_iter().chain(case::boundaries(rule)) {
            let verdict = verdict(rule, &case.pool, now);
            if verdict == case.verdict {
                self.passed += 1;
                continue;
            }
            let title = case::title(rule, &case);
            self.failed.push(format!("{title}: expected {}, got {}", case.verdict.word(), verdict.word()));
        }
    }

    fn print(self) -> Result<ExitCode, Failure> {
        let mut out = io::stdout().lock();
        for failed in &self.failed {
            writeln!(out, "FAILED {failed}")?;
        }
        if !self.untested.is_empty() {
            writeln!(out, "without tests of their own: {}", self.untested.join(", "))?;
        }
        writeln!(out, "{} passed, {} failed", self.passed, self.failed.len())?;
        Ok(ExitCode::from(u8::from(!self.failed.is_empty())))
    }
}
