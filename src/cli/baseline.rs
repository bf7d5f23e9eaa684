//! `baseline`: records findings, and drops those that were fixed.

use std::path::Path;
use std::process::ExitCode;

use super::args::{BaselineCommand, CheckArgs, Color};
use super::output::{Output, is_same_file};
use super::reads::Reads;
use super::{Failure, check, decisions, load, targets, terminal};
use crate::evaluate::{Detail, Evaluation};
use crate::outcome::{Outcome, outcome};
use crate::report::count;
use crate::report::screen::Draws;
use crate::rule::Policy;
use crate::triage::RunScope;
use crate::triage::baseline::Baseline;

pub(super) fn run(command: BaselineCommand, color: Color) -> Result<ExitCode, Failure> {
    match command {
        BaselineCommand::Write { output, check } => {
            record(&check, &output, color, &|_, evaluation, _, _| Baseline::of(evaluation))
        }
        BaselineCommand::Prune { check } => {
            let Some(file) = check.decisions.baseline.clone() else {
                let help = "name the file to prune: `--baseline baseline.toml`";
                return Err(Failure::Other(miette::miette!(help = help, "no baseline was named")));
            };
            record(&check, &file, color, &|baseline, evaluation, policy, scope| {
                baseline.pruned(evaluation, policy, scope)
            })
        }
    }
}

/// Makes a baseline of the one that was given and of what is found.
type Make<'a> = &'a dyn Fn(&Baseline, &Evaluation, &Policy, RunScope<'_>) -> Baseline;

/// Refuses to write a baseline and a report to one file.
fn not_over_a_report(file: &Path, reports: &[String]) -> Result<(), Failure> {
    let is_stdout = |report: &String| report.split_once('=').is_none_or(|(_, file)| file == "-");
    if file == Path::new("-") && reports.iter().any(is_stdout) {
        let help = "name a file for one of them";
        return Err(Failure::Other(miette::miette!(
            help = help,
            "the report and the baseline would both go to standard output"
        )));
    }
    let Some(report) = targets::file_names(reports).find(|report| is_same_file(report, file)) else {
        return Ok(());
    };
    let help = "name a file for each";
    let shown = report.display();
    Err(Failure::Other(miette::miette!(
        help = help,
        "the report and the baseline would both be written to {shown}"
    )))
}

/// Refuses options about reports where none is written.
fn ensure_reports(args: &CheckArgs) -> Result<(), Failure> {
    let options = [
        ("--fail-on", args.fail_on.is_some()),
        ("--exit-zero", args.exit_zero),
        ("--evidence", args.evidence),
        ("--since", !args.decisions.since.is_empty()),
    ];
    let given = options.into_iter().find(|(_, given)| *given).map(|(option, _)| option);
    let Some(option) = given.or_else(|| args.show.given()).filter(|_| args.reports.is_empty()) else {
        return Ok(());
    };
    let help = "leave the option out, or write a report too: `--report human`";
    Err(Failure::Other(miette::miette!(
        help = help,
        "`{option}` is for reports, and `baseline` writes none without `--report`"
    )))
}

/// Checks as `check` does, with the reports that were asked for, and writes a baseline in the end.
fn record(args: &CheckArgs, file: &Path, color: Color, make: Make<'_>) -> Result<ExitCode, Failure> {
    ensure_reports(args)?;
    let mut loaded = load::load(&args.policy)?;
    let reports = targets::dated(&args.reports, decisions::today(&args.decisions));
    let decided = decisions::load(&args.decisions, &reports, &loaded, !args.policy.rules.is_empty())?;
    let mut targets = match args.reports.is_empty() {
        true => Vec::new(),
        false => check::opened(args, &reports, &mut loaded, color)?,
    };
    Reads::of_check(args, loaded.config.as_ref()).ensure_kept("baseline", file)?;
    not_over_a_report(file, &reports)?;
    let to_stdout = file == Path::new("-");
    let opened = if to_stdout { Ok(Output::stdout(Draws::Text)) } else { Output::file(file, Draws::Text) };
    let mut output = opened.map_err(|error| {
        Failure::Other(miette::miette!("the baseline {} cannot be written: {error}", file.display()))
    })?;
    let judged = check::judged(args, &loaded, &decided, Detail::ALL)?;
    let evaluation = &judged.evaluation;
    let outcome = outcome(evaluation, judged.terms);
    check::report_on(args, &loaded.policy, &judged, outcome, &mut targets)?;
    if let Outcome::Interrupted(_) = outcome {
        terminal::print_line(&format!("interrupted: {} was not changed", file.display()));
        return Ok(ExitCode::from(outcome.exit_code()));
    }
    for unread in &evaluation.unread {
        terminal::print_line(&format!("{}: not read: {}", unread.target, unread.message));
    }
    // A run that read nothing knows nothing of what a baseline holds.
    if evaluation.tally.pools == 0 && evaluation.seen.is_empty() && !evaluation.unread.is_empty() {
        terminal::print_line(&format!("no pool was read: {} was not changed", file.display()));
        return Ok(ExitCode::from(outcome.exit_code()));
    }
    let before = decided.baseline.map(|(baseline, _)| baseline).unwrap_or_default();
    let baseline = make(&before, evaluation, &loaded.policy, judged.scope);
    let written = output.out.write_all(baseline.text().as_bytes());
    output.finish(written)?;
    let incomplete = outcome == Outcome::Incomplete;
    let name = if to_stdout { "standard output".to_owned() } else { file.display().to_string() };
    let left = baseline.entries.len();
    let line = match args.decisions.baseline.as_deref() == Some(file) {
        true => {
            let dropped = before.entries.len().saturating_sub(left);
            let but = if incomplete { "; entries that could not be read or decided stay" } else { "" };
            format!("removed {}, {left} left in {name}{but}", count(dropped, "finding"))
        }
        false => {
            let but = if incomplete { "; the run is incomplete, so there may be more" } else { "" };
            format!("wrote {} to {name}{but}", count(left, "finding"))
        }
    };
    if !args.quiet {
        terminal::print_line(&line);
    }
    say_refused(evaluation);
    // The findings are recorded, so they are not a failure.
    let outcome = if outcome == Outcome::Findings { Outcome::Clean } else { outcome };
    Ok(ExitCode::from(outcome.exit_code()))
}

/// Says how many findings a baseline cannot have.
fn say_refused(evaluation: &Evaluation) {
    let refused = evaluation.findings.iter().filter(|finding| !finding.rule.waivable).count();
    if refused > 0 {
        let these = count(refused, "finding");
        let be = if refused == 1 { "is" } else { "are" };
        terminal::print_line(&format!(
            "{these} {be} of rules that cannot be waived: not recorded, and still counted"
        ));
    }
}
