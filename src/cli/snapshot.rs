//! `snapshot`: pools as they are now, in a file for later.

use std::path::Path;
use std::process::ExitCode;

use super::args::SnapshotArgs;
use super::output::{self, Output};
use super::reads::Reads;
use super::{Failure, inputs, load, printed, terminal};
use crate::outcome::Outcome;
use crate::pool::{ReadWindow, Section};
use crate::report::screen::Draws;
use crate::source::Unread;
use crate::source::snapshot::{Missed, Snapshot};

pub(super) fn run(args: &SnapshotArgs) -> Result<ExitCode, Failure> {
    let config = load::configuration(&args.config)?;
    let file = args.output.as_deref().filter(|file| *file != Path::new("-"));
    if let Some(file) = file {
        Reads::of(&args.inputs).ensure_kept("snapshot", file)?;
    }
    let mut output = match file {
        None => Output::stdout(Draws::Json),
        Some(file) => Output::file(file, Draws::Json).map_err(|error| {
            Failure::Other(miette::miette!("the snapshot {} cannot be written: {error}", file.display()))
        })?,
    };
    // Sections that this version cannot read are requested too, so that the snapshot has the reason for their
    // absence.
    let asked =
        Section::ATTACHED.into_iter().filter(|section| section.is_compared() || !section.is_readable());
    let asked = asked.collect();
    let started = super::now();
    let deliveries = inputs::pools(&args.inputs, &args.live, config.as_ref(), asked, None, args.quiet)?;
    let snapshot = Snapshot::read(deliveries, output::scratch).map_err(output::no_scratch)?;
    if let Some(interrupt) = snapshot.interrupted {
        let left = file.map_or(String::new(), |file| format!(", and {} was not changed", file.display()));
        terminal::print_line(&format!("interrupted: nothing was written{left}"));
        return Ok(ExitCode::from(Outcome::Interrupted(interrupt).exit_code()));
    }
    let missing = missing(&snapshot);
    let pools = snapshot.pools();
    // A run that read nothing knows nothing of the pools that an earlier snapshot holds.
    if let Some(file) = file.filter(|_| snapshot.is_unread()) {
        for line in &missing {
            terminal::print_line(line);
        }
        terminal::print_line(&format!("no pool was read: {} was not changed", file.display()));
        return Ok(ExitCode::from(Outcome::Incomplete.exit_code()));
    }
    let made = super::now();
    let read = match args.inputs.is_empty() {
        true => ReadWindow::between(started, made),
        // The values of files were read before.
        false => snapshot.read_window().or(ReadWindow { from: None, until: Some(made) }),
    };
    let written = snapshot.write(made, read, &mut output.out);
    let written = output.finish(written);
    for line in &missing {
        terminal::print_line(line);
    }
    let noun = if pools == 1 { "pool" } else { "pools" };
    let to = file.map_or("standard output".to_owned(), |file| file.display().to_string());
    let whole = missing.is_empty() && (pools > 0 || args.allow_empty);
    let but = match (whole, pools) {
        (true, _) => "",
        (false, 0) => ", so there is nothing to compare with later",
        (false, _) => "; the parts above could not be read",
    };
    if !args.quiet || !whole {
        terminal::print_line(&format!("wrote {pools} {noun} to {to}{but}"));
    }
    let outcome = if whole { Outcome::Clean } else { Outcome::Incomplete };
    printed(written, ExitCode::from(outcome.exit_code()))
}

/// The parts that the snapshot lacks, one line each.
fn missing(snapshot: &Snapshot) -> Vec<String> {
    let mut lines: Vec<String> = snapshot.unread.iter().map(reason).collect();
    lines.sort();
    for (section, Missed { first: (title, why), pools }) in &snapshot.missed {
        let more = if *pools == 1 { String::new() } else { format!(" and {} more", pools - 1) };
        if section.is_readable() {
            lines.push(format!("{title}{more}: {} not read: {why}", section.member()));
        }
    }
    lines
}

/// Why something was not read, in a line.
pub(super) fn reason(unread: &Unread) -> String {
    let place = unread.at.map_or(String::new(), |(line, column)| format!(":{line}:{column}"));
    let help = unread.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
    format!("{}{place}: not read: {}{help}", unread.target, unread.message)
}
