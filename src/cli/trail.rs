//! `--trail`: records of CloudTrail from files and standard input.

#![expect(clippy::disallowed_methods, reason = "records are read here")]

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::Failure;
use crate::source::Note;
use crate::trail::{self, Trail};

/// The name of standard input.
const STDIN: &str = "-";

/// Reads the records of all files. `None` if there are no files. `inputs` are the other files of the run.
pub(super) fn read(files: &[PathBuf], inputs: &[PathBuf]) -> Result<Option<Trail>, Failure> {
    let of_stdin = files.iter().chain(inputs).filter(|file| file.as_os_str() == STDIN);
    if !files.is_empty() && of_stdin.count() > 1 {
        let help = "save one of them to a file, and name that";
        return Err(Failure::Other(miette::miette!(
            help = help,
            "standard input cannot be both a trail and something else"
        )));
    }
    if files.is_empty() {
        return Ok(None);
    }
    let mut trails = Vec::new();
    for file in files {
        match file.is_dir() {
            true => {
                for inner in logs(file)? {
                    trails.push(read_file(&inner)?);
                }
            }
            false => trails.push(read_file(file)?),
        }
    }
    let mut trail = Trail::default();
    trail.join(trails);
    Ok(Some(trail))
}

fn read_file(file: &Path) -> Result<Trail, Failure> {
    let bytes = bytes(file).map_err(|error| unreadable(file, &error))?;
    trail::read(&bytes).map_err(|why| {
        let file = file.display();
        Failure::Other(miette::miette!(help = why.help, "{file} is not a trail: {}", why.message))
    })
}

fn unreadable(file: &Path, error: &io::Error) -> Failure {
    Failure::Other(miette::miette!("{} could not be read: {error}", file.display()))
}

/// How the names of log files end in the bucket of a trail.
const LOGS: [&str; 2] = [".json", ".json.gz"];

/// The parts of a bucket that hold other things than records of calls.
const OTHERS: [&str; 2] = ["CloudTrail-Digest", "CloudTrail-Insight"];

/// The log files of a directory, as it comes from the bucket of a trail. Every one of them is read, or the run ends: a
/// call of a file that is passed over could have made a change.
fn logs(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let is_log = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        !entry.file_type().is_dir() && LOGS.iter().any(|end| name.ends_with(end))
    };
    let walk = WalkDir::new(directory).follow_links(true).sort_by_file_name().into_iter();
    let mut found = Vec::new();
    for entry in walk.filter_entry(|entry| !OTHERS.iter().any(|other| entry.file_name() == *other)) {
        let entry = entry.map_err(|error| {
            Failure::Other(miette::miette!("{} could not be read: {error}", directory.display()))
        })?;
        found.extend(is_log(&entry).then(|| entry.into_path()));
    }
    if found.is_empty() {
        let help =
            "name a directory with log files of a CloudTrail trail, whose names end in `.json.gz` or `.json`";
        let directory = directory.display();
        return Err(Failure::Other(miette::miette!(help = help, "{directory} has no log files")));
    }
    Ok(found)
}

/// The note about records whose time cannot be read.
pub(super) fn untimed(trail: &Trail) -> Option<Note> {
    let (noun, are) = match trail.untimed.len() {
        0 => return None,
        1 => ("record", "it is"),
        _ => ("records", "they are"),
    };
    let message = format!(
        "{} {noun} of calls cannot be dated: {are} not among those that can have made a change, and no \
         caller of the same call is certain",
        trail.untimed.len()
    );
    Some(Note { target: "the trail".to_owned(), message })
}

fn bytes(file: &Path) -> io::Result<Vec<u8>> {
    if file.as_os_str() != STDIN {
        return fs::read(file);
    }
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}
