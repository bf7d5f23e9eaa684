//! `snapshot`: pools as they are now, in a file for later.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use super::args::SnapshotArgs;
use super::output::{Output, not_over_an_input};
use super::{Failure, inputs, load, printed, terminal};
use crate::outcome::Outcome;
use crate::pool::Section;
use crate::source::snapshot::Snapshot;

pub(super) fn run(args: &SnapshotArgs) -> Result<ExitCode, Failure> {
    let config = load::configuration(&args.config)?;
    let file = args.output.as_deref().filter(|file| *file != Path::new("-"));
    if let Some(file) = file {
        not_over_an_input("snapshot", file, &args.inputs)?;
    }
    let mut output = match file {
        None => Output::stdout(),
        Some(file) => Output::file(file).map_err(|error| {
            Failure::Other(miette::miette!("the snapshot {} cannot be written: {error}", file.display()))
        })?,
    };
    // Sections that this version cannot read are requested too, so that the snapshot has the reason for their
    // absence.
    let asked = Section::ATTACHED.into_iter().collect();
    let mut snapshot = Snapshot::default();
    for delivery in inputs::pools(&args.inputs, &args.live, config.as_ref(), asked, None, false)? {
        snapshot.add(delivery);
    }
    if let Some(interrupt) = snapshot.interrupted {
        let left = file.map_or(String::new(), |file| format!(", and {} is as it was", file.display()));
        terminal::print_line(&format!("interrupted: nothing was written{left}"));
        return Ok(ExitCode::from(Outcome::Interrupted(interrupt).exit_code()));
    }
    let missing = missing(&snapshot);
    let pools = snapshot.pools();
    let written = snapshot.write(super::now(), &mut output.out);
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
    terminal::print_line(&format!("wrote {pools} {noun} to {to}{but}"));
    let outcome = if whole { Outcome::Clean } else { Outcome::Incomplete };
    printed(written, ExitCode::from(outcome.exit_code()))
}

/// The parts that the snapshot lacks, one line each.
fn missing(snapshot: &Snapshot) -> Vec<String> {
    let mut lines = Vec::new();
    for unread in &snapshot.unread {
        let place = unread.at.map_or(String::new(), |(line, column)| format!(":{line}:{column}"));
        let help = unread.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
        lines.push(format!("{}{place}: not read: {}{help}", unread.target, unread.message));
    }
    lines.sort();
    let mut sections: BTreeMap<Section, Vec<(&str, &str)>> = BTreeMap::new();
    for (title, section, why) in snapshot.missed.iter().filter(|(_, section, _)| section.is_readable()) {
        sections.entry(*section).or_default().push((title, why));
    }
    for (section, mut pools) in sections {
        pools.sort_unstable();
        let more = match pools.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let Some((title, why)) = pools.first() else { continue };
        lines.push(format!("{title}{more}: {} not read: {why}", section.member()));
    }
    lines
}
