//! `merge`: the reports of all shards of a run, or of its accounts, as one.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::{Color, MergeArgs};
use super::reads::Reads;
use super::streams::Stream;
use super::{Failure, load, targets, terminal};
use crate::merge::{Misfit, merge};
use crate::outcome::{COULD_NOT_START, outcome};
use crate::report::{self, Report, Run};
use crate::value::Day;

pub(super) fn run(args: &MergeArgs, color: Color) -> Result<ExitCode, Failure> {
    let files = files(&args.reports_to_merge)?;
    if let Some(misfit) = unexpected(args.expect, files.len()) {
        return Ok(refused(&[misfit], color));
    }
    let mut reports = Vec::new();
    for file in &files {
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
    let mut targets = targets::of_reports(&reports, &Reads::of(&files), args.quiet, color)?;
    targets::show(&mut targets, args.show.show());
    targets::deliver_report(&report, &mut targets, args.quiet)?;
    Ok(ExitCode::from(outcome.exit_code()))
}

/// The reports, with those of a directory in its place, in the order of their names.
fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in named {
        if path.is_dir() {
            let failed = |error: io::Error| {
                Failure::Other(miette::miette!("{} could not be read: {error}", path.display()))
            };
            files.extend(inside(path).map_err(failed)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn inside(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|kind| kind == "json" || kind == "jsonl"));
    files.sort();
    Ok(files)
}

fn unexpected(wanted: Option<usize>, found: usize) -> Option<Misfit> {
    let message = match wanted {
        Some(wanted) if wanted != found => format!("{found} reports are there, and {wanted} were expected"),
        None if found == 0 => "no report was found to merge".to_owned(),
        _ => return None,
    };
    Some(Misfit { message, help: "run the missing ones again, and remove reports of earlier runs" })
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
