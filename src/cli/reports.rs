//! Reads earlier reports from disk.

use std::path::Path;
use std::{fs, io};

use walkdir::WalkDir;

use super::{Failure, load};
use crate::report::{self, json::v1::Recorded};

/// The reports of a file or a directory.
#[derive(Default)]
pub(super) struct Found {
    /// The reports by their time, each with its file and its time in milliseconds since 1970.
    pub reports: Vec<(String, i64, Recorded)>,
    /// Files that are not reports, each with the reason.
    pub strange: Vec<(String, String)>,
}

/// Reads one report, or every file of a directory. A file of a directory that is not a report is reported and
/// skipped; a file that is named must be one, and a directory must have one.
pub(super) fn read(path: &Path) -> Result<Found, Failure> {
    let mut found = Found::default();
    if !path.is_dir() {
        let name = path.display().to_string();
        // A file that is not there says so in its own words.
        load::read(path).map_err(Failure::Other)?;
        let report = report(path).map_err(|(why, help)| {
            Failure::Other(miette::miette!(help = help, "{name} cannot be read: {why}"))
        })?;
        found.reports.push((name, report.0, report.1));
        return Ok(found);
    }
    for entry in WalkDir::new(path).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            Failure::Other(miette::miette!("{} could not be read: {error}", path.display()))
        })?;
        if entry.file_type().is_dir() {
            continue;
        }
        let name = entry.path().display().to_string();
        match report(entry.path()) {
            Ok((time, recorded)) => found.reports.push((name, time, recorded)),
            Err((why, _)) => found.strange.push((name, why)),
        }
    }
    if found.reports.is_empty() {
        let mut why = String::new();
        for (name, reason) in &found.strange {
            why.push_str(&format!("{name}: {reason}\n"));
        }
        let help = format!("{why}write one with `--report json=FILE`");
        return Err(Failure::Other(miette::miette!(
            help = help,
            "there is no report that can be read in {}",
            path.display()
        )));
    }
    found.reports.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    Ok(found)
}

/// The same of a history that may begin now: a directory that is empty or not there yet has no reports.
pub(super) fn history(path: &Path) -> Result<Found, Failure> {
    let begins = match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        // A missing path that is named like a report is a missing file.
        Err(error) => error.kind() == io::ErrorKind::NotFound && path.extension().is_none(),
    };
    if begins { Ok(Found::default()) } else { read(path) }
}

/// A report and its time, or the reason that there is none, with advice.
fn report(file: &Path) -> Result<(i64, Recorded), (String, String)> {
    let source_file = load::read(file).map_err(|error| (error.to_string(), String::new()))?;
    let recorded = report::read(source_file.text()).map_err(|why| (why.message, why.help))?;
    match recorded.generated {
        Some(time) => Ok((time, recorded)),
        None => {
            let help = "write it with a newer version of cognito-lint".to_owned();
            Err(("the report does not say when it was written".to_owned(), help))
        }
    }
}
