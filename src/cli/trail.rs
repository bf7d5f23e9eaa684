//! `--trail`: records of CloudTrail from files and standard input.

#![expect(clippy::disallowed_methods, reason = "records are read here")]

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

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
    let mut trail: Option<Trail> = None;
    for file in files {
        let bytes = bytes(file).map_err(|error| {
            Failure::Other(miette::miette!("{} could not be read: {error}", file.display()))
        })?;
        let own = trail::read(&bytes).map_err(|why| {
            Failure::Other(miette::miette!(
                help = why.help,
                "{} is not a trail: {}",
                file.display(),
                why.message
            ))
        })?;
        trail.get_or_insert_default().join(own);
    }
    Ok(trail)
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
