//! Chosen rules: those of packs, by name and by selectors, and of files, with what packs and a configuration change of
//! them.

use std::path::Path;

use crate::config::Config;
use crate::diagnostic::{SourceDiagnostic, SourceFile, nearest};
use crate::rule::assemble::{self, ScopeChange, assemble};
use crate::rule::choice::{self, Choice, NotAChoice, Selection};
use crate::rule::pack::Pack;
use crate::rule::written::{self, WrittenRule};
use crate::rule::{Override, Policy, Severity, builtin, case};

/// Rules that were chosen, and what their packs and the configuration change of them.
#[derive(Clone, Default)]
pub struct Chosen {
    pub rules: Vec<WrittenRule>,
    /// The changes of packs.
    pub overrides: Vec<Override>,
    /// The packs that have controls.
    pub packs: Vec<Pack>,
    /// The changes of the configuration and of `--off`, for every pool.
    pub own: Vec<Override>,
    /// The command line chose the rules, so the configuration may change others.
    pub ad_hoc: bool,
    /// Built-in rules are read with their tests.
    pub with_tests: bool,
}

impl Chosen {
    /// No rules yet. Built-in ones are read with their tests.
    pub fn with_tests() -> Chosen {
        Chosen { with_tests: true, ..Chosen::default() }
    }

    /// Adds the built-in rules that a choice selects.
    pub fn choose(
        &mut self,
        choice: &Choice,
        mistakes: &mut Vec<SourceDiagnostic>,
    ) -> Result<(), NotAChoice> {
        match &choice.what {
            Selection::Pack(_) => self.pack(&choice.text, mistakes),
            Selection::Name if builtin::is_rule(&choice.text) => self.builtin(&choice.text, mistakes),
            Selection::Name => return Err(no_such_choice(&choice.text)),
            Selection::Ids(_) | Selection::Tag(_) | Selection::Severity(_) | Selection::Control(_) => {
                let all = every_builtin(mistakes);
                let selected = all.iter().filter(|rule| choice.fits(rule, self.severity(rule)));
                let ids: Vec<&str> = selected.map(|rule| rule.id.0.as_str()).collect();
                if ids.is_empty() {
                    let message = format!("`{}` selects no built-in rule", choice.text);
                    return Err(NotAChoice { message, help: choice.help(all.iter()) });
                }
                for id in ids {
                    self.builtin(id, mistakes);
                }
            }
        }
        Ok(())
    }

    /// The severity that a rule has in the run.
    fn severity(&self, rule: &WrittenRule) -> Severity {
        choice::severity(rule, self.overrides.iter().chain(&self.own))
    }

    /// An error where no rule is chosen.
    pub fn ensure_some(&self) -> Result<(), NotAChoice> {
        if !self.rules.is_empty() {
            return Ok(());
        }
        let help = "a `-` removes rules from those that are chosen: leave one `-` out".to_owned();
        Err(NotAChoice { message: "the choices leave no rule".to_owned(), help })
    }

    /// Takes the rules away that a choice selects, or that are in some files.
    pub fn take_away(&mut self, choice: &Choice, files: &[String]) -> Result<(), NotAChoice> {
        let goes = |rule: &WrittenRule| {
            choice.fits(rule, self.severity(rule)) || files.iter().any(|name| name == rule.source_file.name())
        };
        let (gone, rest): (Vec<_>, Vec<_>) = self.rules.iter().cloned().partition(goes);
        if gone.is_empty() {
            let message = format!("`-{}` removes none of the chosen rules", choice.text);
            return Err(NotAChoice { message, help: choice.help(self.rules.iter()) });
        }
        self.rules = rest;
        self.packs.retain(|pack| pack.name != choice.text);
        Ok(())
    }

    fn pack(&mut self, name: &str, mistakes: &mut Vec<SourceDiagnostic>) {
        match builtin::pack(name) {
            Some(Ok(pack)) => {
                for (id, _) in &pack.rules {
                    self.builtin(id, mistakes);
                }
                self.overrides.extend(pack.overrides.iter().cloned());
                if !pack.controls.is_empty() && self.packs.iter().all(|own| own.name != pack.name) {
                    self.packs.push(pack);
                }
            }
            Some(Err(more)) => mistakes.extend(more),
            None => {}
        }
    }

    /// A built-in rule is added once, however many packs have it.
    pub fn builtin(&mut self, id: &str, mistakes: &mut Vec<SourceDiagnostic>) {
        let source_file = if self.with_tests { builtin::rule_with_tests(id) } else { builtin::rule(id) };
        let Some(source_file) = source_file else { return };
        if self.rules.iter().all(|rule| rule.source_file.name() != source_file.name()) {
            self.rules.extend(written::read(&source_file, mistakes));
        }
    }

    pub fn file(&mut self, source_file: &SourceFile, mistakes: &mut Vec<SourceDiagnostic>) {
        if self.rules.iter().any(|rule| rule.source_file.name() == source_file.name()) {
            return;
        }
        let rules = written::read(source_file, mistakes);
        for rule in &rules {
            case::cases(rule, mistakes);
        }
        self.rules.extend(rules);
    }

    /// The same without what turns rules off for every pool.
    #[must_use]
    pub fn without_off(&self) -> Chosen {
        let own = self.own.iter().filter(|change| !change.off).cloned().collect();
        let (rules, overrides) = (self.rules.clone(), self.overrides.clone());
        Chosen { rules, overrides, own, packs: Vec::new(), ..*self }
    }

    /// A change of a rule with what packs and the configuration change of it too: the change itself is the strongest.
    pub fn with_changes(&self, change: &Override) -> Override {
        let of_rule = |one: &&Override| one.rule.0 == change.rule.0;
        let changes: Vec<&Override> = self.overrides.iter().chain(&self.own).filter(of_rule).collect();
        let mut params = change.params.clone();
        for param in changes.iter().rev().flat_map(|one| &one.params) {
            if params.iter().all(|own| own.name.0 != param.name.0) {
                params.push(param.clone());
            }
        }
        Override { params, ..change.clone() }
    }

    /// The policy of these rules, with the changes of packs, the configuration and `--off`.
    pub fn policy(self, config: Option<&Config>, mistakes: &mut Vec<SourceDiagnostic>) -> Policy {
        let of_command_line = |change: &Override| {
            config.is_none_or(|config| change.source_file.name() != config.source_file.name())
        };
        let about = |overrides: &[Override]| match self.ad_hoc {
            true => assemble::about(overrides, &self.rules),
            false => overrides.to_vec(),
        };
        let (given, configured): (Vec<_>, Vec<_>) = self.own.iter().cloned().partition(of_command_line);
        let mut own = about(&configured);
        own.extend(given);
        let scopes = config.iter().flat_map(|config| &config.scopes).map(|scope| ScopeChange {
            name: scope.name.clone(),
            selector: scope.selector.clone(),
            overrides: about(&scope.overrides),
        });
        let scopes = scopes.collect();
        let broken = mistakes.iter().any(|mistake| may_hide_rules(mistake, config));
        let policy = assemble(self.rules, &self.overrides, &own, scopes, mistakes);
        if broken {
            // Rules that could not be read seem to be missing, and the configuration is right to name them.
            mistakes.retain(|mistake| !mistake.of_missing_rule);
        }
        policy
    }
}

/// Whether rules may be missing for the sake of a mistake: one anywhere but in a configuration, or in its `rules`.
fn may_hide_rules(mistake: &SourceDiagnostic, config: Option<&Config>) -> bool {
    let Some(config) = config.filter(|own| own.source_file.name() == mistake.source_file.name()) else {
        return true;
    };
    let at = mistake.labels.first().map_or(0, |(at, _)| at.start);
    let before = config.source_file.text().get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    config.rules.iter().any(|(_, choice)| choice.contains(&at)) || line.trim_start().starts_with("rules")
}

/// Every built-in rule as it was written.
pub fn every_builtin(mistakes: &mut Vec<SourceDiagnostic>) -> Vec<WrittenRule> {
    let source_files = builtin::ids().into_iter().filter_map(builtin::rule);
    source_files.flat_map(|source_file| written::read(&source_file, mistakes)).collect()
}

fn no_such_choice(choice: &str) -> NotAChoice {
    if Path::new(choice).extension().is_some_and(|extension| extension == "toml")
        || choice.contains(['/', '\\'])
    {
        let help = "a choice is a pack, the id of a rule, or a file or directory of rules".to_owned();
        return NotAChoice { message: format!("the rule file `{choice}` does not exist"), help };
    }
    let packs = builtin::packs();
    let ids = builtin::ids();
    let help = match nearest(choice, packs.iter().chain(&ids).copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the packs are {}; `cognito-lint rules list` shows the rules", packs.join(", ")),
    };
    NotAChoice { message: format!("there is no pack, rule file or built-in rule `{choice}`"), help }
}
