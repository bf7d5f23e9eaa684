//! `waive`: prints waivers, ready for a file.

mod from_comments;

use std::io::Write;
use std::process::ExitCode;

use super::args::{CheckArgs, WaiveArgs};
use super::load::Loaded;
use super::streams::Stream;
use super::{Failure, check, decisions, load, terminal};
use crate::diagnostic::nearest;
use crate::evaluate::{Detail, Evaluation};
use crate::finding::Status;
use crate::outcome::Outcome;
use crate::pool::PoolPattern;
use crate::report::screen::Draws;
use crate::report::waiver::{Draft, write};
use crate::triage::waiver::is_meant;

/// The number of days that a waiver holds by default.
const DAYS: i32 = 90;

pub(super) fn run(mut args: WaiveArgs) -> Result<ExitCode, Failure> {
    if !args.from_comments.is_empty() {
        args.check.inputs = std::mem::take(&mut args.from_comments);
        return from_comments::run(&args);
    }
    // Without `--from-comments`, both are there.
    let rule = args.rule.clone().unwrap_or_default();
    let pool = args.waived_pool.clone().unwrap_or_default();
    for_rule(&args, &rule, &pool)
}

fn for_rule(args: &WaiveArgs, rule: &str, pool: &str) -> Result<ExitCode, Failure> {
    let loaded = load::load(&args.check.policy)?;
    waivable(rule, &loaded)?;
    let pattern =
        PoolPattern::parse(pool).map_err(|why| Failure::Other(miette::miette!("`{pool}`: {why}")))?;
    let decided = decisions::load(&args.check.decisions, &[], &loaded, !args.check.policy.rules.is_empty())?;
    let expires = args.expires.unwrap_or_else(|| decided.today.after(DAYS));
    let draft = Draft {
        rule,
        pool,
        owner: args.owner.as_deref().unwrap_or_default(),
        reason: args.reason.as_deref().unwrap_or_default(),
        expires,
    };
    let mut out = Stream::Stdout.screen(Draws::Text);
    if args.check.inputs.is_empty() {
        ensure_inputs(&args.check)?;
        write(&draft, None, &mut out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let judged = check::judged(&args.check, &loaded, &decided, Detail::Places)?;
    let all: Vec<_> = judged
        .evaluation
        .findings
        .iter()
        .filter(|finding| *finding.rule.id == *rule && is_meant(&pattern, &finding.pool))
        .collect();
    let incomplete = unread(&judged.evaluation, rule, &pattern);
    let found: Vec<_> = all.iter().filter(|one| !matches!(one.standing.status, Status::Waived(_))).collect();
    if found.is_empty() && !incomplete {
        let read = judged.evaluation.pools.iter().any(|pool| is_meant(&pattern, pool));
        let why = match (read, all.first().map(|one| &one.standing.status)) {
            (_, Some(Status::Waived(waiver))) => format!("{} waives it already", waiver.place),
            (true, _) => format!("`{rule}` has no finding in `{pool}`, so there is nothing to waive"),
            (false, _) => format!("the inputs contain no pool `{pool}`"),
        };
        return Err(Failure::Other(miette::miette!("{why}")));
    }
    let mut is_first = true;
    for finding in found {
        let mut values = Vec::new();
        for (_, actual, _) in finding.places() {
            if values.contains(&actual) {
                continue;
            }
            if !is_first {
                writeln!(out)?;
            }
            is_first = false;
            write(&draft, Some((finding, actual)), &mut out)?;
            values.push(actual);
        }
    }
    // An input that could not be read may have a finding too.
    Ok(if incomplete { ExitCode::from(Outcome::Incomplete.exit_code()) } else { ExitCode::SUCCESS })
}

/// Refuses options about inputs where none is named: the waiver is printed without a look at any pool.
fn ensure_inputs(args: &CheckArgs) -> Result<(), Failure> {
    let variables = &args.configuration.variables;
    let options = [
        ("--coverage", args.coverage.is_some()),
        ("--waivers", !args.decisions.waivers.is_empty()),
        ("--no-waivers", args.decisions.no_waivers),
        ("--exclude", !args.files.exclude.is_empty()),
        ("--skip-unrecognized", args.files.skip_unrecognized),
        ("--parameter", !args.template.parameters.is_empty()),
        ("--parameters-file", args.template.parameters_file.is_some()),
        ("--var", !variables.variables.is_empty()),
        ("--var-file", !variables.variable_files.is_empty()),
        ("--workspace", variables.workspace.is_some()),
        ("--source", args.configuration.source.is_some()),
    ];
    let Some((option, _)) = options.into_iter().find(|(_, given)| *given) else { return Ok(()) };
    let help = "name the files behind the rule and the pool, or leave the option out";
    Err(Failure::Other(miette::miette!(help = help, "`{option}` is for inputs, but none is named")))
}

/// Names what could not be read, and the pools for which the rule is not decided; whether there is any.
fn unread(evaluation: &Evaluation, rule: &str, pattern: &PoolPattern) -> bool {
    let undecided =
        evaluation.undecided.iter().filter(|one| *one.rule.id == *rule && is_meant(pattern, &one.pool));
    let unread = evaluation.unread.iter().map(|one| format!("{}: not read: {}", one.target, one.message));
    let undecided =
        undecided.map(|one| format!("{}: not decided: {}", one.pool.identity.title(), one.reason));
    let lines: Vec<String> = unread.chain(undecided).collect();
    for line in &lines {
        terminal::print_line(line);
    }
    !lines.is_empty() || evaluation.interrupted.is_some()
}

/// Refuses a rule that is not there, and one that cannot be waived.
fn waivable(id: &str, loaded: &Loaded) -> Result<(), Failure> {
    let rules = &loaded.policy.rules;
    let Some(rule) = rules.iter().find(|rule| *rule.id == *id) else {
        let help = match nearest(id, rules.iter().map(|rule| &*rule.id)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`cognito-lint rules list` shows all rules, and `--rules` chooses rules".to_owned(),
        };
        return Err(Failure::Other(miette::miette!(help = help, "`{id}` is not among the chosen rules")));
    };
    if !rule.waivable {
        let help = format!("{}:{} has `waivable = false`", rule.source_file.name(), rule.line_column().0);
        return Err(Failure::Other(miette::miette!(help = help, "`{id}` cannot be waived")));
    }
    Ok(())
}
