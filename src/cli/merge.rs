//! `merge`: the reports of all shards of a run as one.

use std::process::ExitCode;

use super::args::{Color, MergeArgs};
use super::streams::Stream;
use super::{Failure, load, targets, terminal};
use crate::merge::{Misfit, merge};
use crate::outcome::{COULD_NOT_START, outcome};
use crate::report::{self, Report, Run};
use crate::value::Day;

pub(super) fn run(args: &MergeArgs, color: Color) -> Result<ExitCode, Failure> {
    let mut reports = Vec::new();
    for file in &args.reports_to_merge {
        let source_file = load::read(file).map_err(Failure::Other)?;
        let recorded = report::read(source_file.text()).map_err(|why| {
            Failure::Other(miette::miette!(
                help = why.help,
                "{} cannot be read: {}",
                file.display(),
                why.message
            ))
        })?;
        reports.push((file.display().to_string(), recorded));
    }
    let merged = match merge(reports) {
        Ok(merged) => merged,
        Err(misfits) => return Ok(refused(&misfits, color)),
    };
    let evaluation = &merged.evaluation;
    let (terms, evidence) = (merged.terms.terms, merged.terms.evidence);
    let run = Run {
        generated: merged.generated,
        digest: &merged.digest,
        full_coverage: merged.terms.full_coverage,
        shard: None,
    };
    let outcome = outcome(evaluation, terms);
    let report = Report { evaluation, outcome, terms, policy: &merged.policy, evidence, run };
    let reports = targets::dated(&args.reports, Day::of(super::now()));
    let mut targets = targets::of_reports(&reports, &args.reports_to_merge, args.quiet, color)?;
    targets::show(&mut targets, args.show.show());
    targets::deliver_report(&report, &mut targets, args.quiet)?;
    Ok(ExitCode::from(outcome.exit_code()))
}

/// Says everything that keeps the reports from being one.
fn refused(misfits: &[Misfit], color: Color) -> ExitCode {
    let handler = terminal::handler(terminal::style(Stream::Stderr, color));
    for Misfit { message, help } in misfits {
        let error = miette::miette!(help = *help, "{message}");
        terminal::print_error(&handler, error.as_ref());
    }
    ExitCode::from(COULD_NOT_START)
}
