//! `rules`: list, show, check and test them.

mod learn;
mod test;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use super::Failure;
use super::args::{Color, ConfigArgs, PolicyArgs, RulesCommand};
use super::load;
use super::output::create;
use super::streams::Stream;
use super::terminal::{self, write_line};
use crate::chosen::Chosen;
use crate::diagnostic::nearest;
use crate::file_name;
use crate::report::rules::{self as print, InRun, Listed};
use crate::report::screen::Draws;
use crate::report::tree;
use crate::rule::assemble::assemble;
use crate::rule::conflict::conflicts;
use crate::rule::{Rule, builtin};

pub(super) fn run(command: RulesCommand, color: Color) -> Result<ExitCode, Failure> {
    match command {
        RulesCommand::List { choices, mut policy, json } => {
            policy.rules.extend(choices);
            list(&policy, json, color)
        }
        RulesCommand::Show { id, policy, json } => show(&id, &policy, json, color),
        RulesCommand::Check { files, config } => check(&files, config),
        RulesCommand::New { id, path, output, config } => {
            load::configuration(&config)?;
            new(&id, &path, output.as_deref())
        }
        RulesCommand::Coverage { policy, json } => coverage(&policy, json, color),
        RulesCommand::Learn(args) => learn::run(&args),
        RulesCommand::Test { rules, config, mutants } => test::test(&rules, config, mutants),
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
    let style = terminal::style(Stream::Stdout, color);
    let mut out = Stream::Stdout.screen(if json { Draws::Json } else { Draws::of_style(style) });
    match json {
        true => print::json_list(&entries, &mut out)?,
        false => print::list(&entries, style, &mut out)?,
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
            None => "`cognito-lint rules list` shows all rules".to_owned(),
        };
        return Err(Failure::Other(miette::miette!(help = help, "the rule `{id}` does not exist")));
    };
    let listed = listing.listed(rule, &packs());
    let style = terminal::style(Stream::Stdout, color);
    let mut out = Stream::Stdout.screen(if json { Draws::Json } else { Draws::of_style(style) });
    match json {
        true => print::json(&listed, &mut out)?,
        false => print::show(&listed, style, &mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn check(choices: &[String], config: ConfigArgs) -> Result<ExitCode, Failure> {
    // Its members may be those that the files are about.
    load::configuration(&config)?;
    let (mut mistakes, mut chosen, mut files) = (Vec::new(), Chosen::default(), 0);
    for choice in choices {
        let path = file_name::path(choice);
        if !path.exists() {
            load::add(&mut chosen, choice, Path::new(""), &mut mistakes).map_err(Failure::Other)?;
            continue;
        }
        files += load::add_files(&mut chosen, &path, &mut mistakes).map_err(Failure::Other)?;
    }
    let policy = match choices {
        [] => load::load(&PolicyArgs { config, ..PolicyArgs::default() })?.policy,
        _ => assemble(chosen.rules, &chosen.overrides, &[], Vec::new(), &mut mistakes),
    };
    load::finish(mistakes)?;
    let rules = print::count(policy.rules.len(), "rule");
    let mut out = Stream::Stdout.screen(Draws::Text);
    match files {
        0 => write_line(&mut out, &format!("{rules}, no mistakes"))?,
        _ => write_line(&mut out, &format!("{rules} in {}, no mistakes", print::count(files, "file")))?,
    }
    for conflict in conflicts(&policy.rules) {
        write_line(&mut out, &conflict.sentence())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a rule to start from.
fn new(id: &str, path: &str, output: Option<&Path>) -> Result<ExitCode, Failure> {
    if builtin::is_rule(id) {
        let help = format!("choose another id, or start from that rule: `cognito-lint rules show {id}`");
        return Err(Failure::Other(miette::miette!(help = help, "there is a built-in rule `{id}`")));
    }
    let node = super::schema::find(path)?;
    let text = tree::draft(id, node).map_err(Failure::Mistakes)?;
    create(output, text.as_bytes(), |file| {
        let shown = file.display();
        format!("wrote {shown}; `cognito-lint rules test {shown}` runs its tests")
    })?;
    Ok(ExitCode::SUCCESS)
}

fn coverage(policy: &PolicyArgs, json: bool, color: Color) -> Result<ExitCode, Failure> {
    let policy = load::load(policy)?.policy;
    let coverage = print::coverage(&policy.rules);
    let style = terminal::style(Stream::Stdout, color);
    let mut out = Stream::Stdout.screen(if json { Draws::Json } else { Draws::of_style(style) });
    match json {
        true => coverage.json(&mut out)?,
        false => coverage.human(style, &mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}
