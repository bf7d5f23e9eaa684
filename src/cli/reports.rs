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
    if !path.is_dir() {
        return named(path);
    }
    let found = directory(path)?;
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
    Ok(found)
}

/// The same of a history that may begin now: a directory without reports, or one that is not there yet, has none.
pub(super) fn history(path: &Path) -> Result<Found, Failure> {
    // A missing path that is named like a report is a missing file.
    let begins = || matches!(fs::metadata(path), Err(error) if error.kind() == io::ErrorKind::NotFound);
    if path.is_dir() {
        directory(path)
    } else if path.extension().is_none() && begins() {
        Ok(Found::default())
    } else {
        named(path)
    }
}

fn named(path: &Path) -> Result<Found, Failure> {
    let name = path.display().to_string();
    // A file that is not there says so in its own words.
    load::read(path).map_err(Failure::Other)?;
    let (time, recorded) = report(path).map_err(|(why, help)| {
        Failure::Other(miette::miette!(help = help, "{name} cannot be read: {why}"))
    })?;
    Ok(Found { reports: vec![(name, time, recorded)], strange: Vec::new() })
}

/// The reports of a directory, at any depth.
fn directory(path: &Path) -> Result<Found, Failure> {
    let mut found = Found::default();
    for entry in WalkDir::new(path).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) => entry,
            // A file system has directories of its own, which nobody else may look into.
            Err(error) if error.depth() > 0 => {
                let name = error.path().unwrap_or(path).display().to_string();
                found.strange.push((name, error.to_string()));
                continue;
            }
            Err(error) => {
                let message = miette::miette!("{} could not be read: {error}", path.display());
                return Err(Failure::Other(message));
            }
        };
        if entry.file_type().is_dir() {
            continue;
        }
        let name = entry.path().display().to_string();
        match report(entry.path()) {
            Ok((time, recorded)) => found.reports.push((name, time, recorded)),
            Err((why, _)) => found.strange.push((name, why)),
        }
    }
    found.reports.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    Ok(found)
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
