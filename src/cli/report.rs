//! `report`: a saved JSON report in other formats.

use std::process::ExitCode;

use super::args::{Color, ReportArgs};
use super::reads::Reads;
use super::{Failure, load, targets};
use crate::outcome::{FailurePolicy, outcome};
use crate::report::{self, Report, Run};
use crate::value::Day;

pub(super) fn run(args: &ReportArgs, color: Color) -> Result<ExitCode, Failure> {
    let source_file = load::read(&args.file).map_err(Failure::Other)?;
    let recorded = report::read(source_file.text()).map_err(|why| {
        Failure::Other(miette::miette!(
            help = why.help,
            "{} cannot be read: {}",
            args.file.display(),
            why.message
        ))
    })?;
    let reports = targets::dated(&args.reports, Day::of(super::now()));
    let reads = Reads::of(std::slice::from_ref(&args.file));
    let mut targets = targets::of_reports(&reports, &reads, args.quiet, color)?;
    targets::show(&mut targets, args.show.show());
    // A report from before terms were written down counts as one of a run without options.
    let terms = recorded.terms.map_or_else(FailurePolicy::default, |recorded| recorded.terms);
    let run = Run {
        generated: recorded.generated.unwrap_or_default(),
        digest: recorded.digest.as_deref().unwrap_or_default(),
        full_coverage: recorded.terms.is_some_and(|recorded| recorded.full_coverage),
        shard: recorded.shard,
    };
    let evaluation = &recorded.evaluation;
    let outcome = outcome(evaluation, terms);
    let evidence = recorded.terms.is_some_and(|recorded| recorded.evidence);
    let report = Report { evaluation, outcome, terms, policy: &recorded.policy, evidence, run };
    targets::deliver_report(&report, &mut targets, args.quiet)?;
    Ok(ExitCode::from(outcome.exit_code()))
}
