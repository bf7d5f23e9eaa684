//! How the project is built, held by tests: see ARCHITECTURE.md.

/// The parts that each built-in rule and pack must have.
mod builtin;
/// The modules that may name each external crate.
mod crates;
/// The documents are true.
pub(crate) mod docs;
/// Names in texts of rules exist.
mod names;
/// Modules are in the order in which data flows.
mod order;
/// Packages, actions, hooks and examples are of this version.
mod packages;
/// Files, environment and clock stay at the edges of the program.
mod purity;
/// Comments and messages are plain.
mod prose;
/// Limits on the size of files and functions.
mod size;
/// Source text without comments and strings.
mod source;
/// Decisions are made by data.
mod texts;

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the project; the path is relative to it.
pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a directory at any depth that end in `.EXTENSION`, relative to the project and sorted.
pub(crate) fn files(directory: &str, extension: &str) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(root().join(directory)).sort_by_file_name();
    let files = walk.into_iter().map(|entry| entry.unwrap().into_path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|e| e == extension)).collect();
    for file in &mut files {
        *file = file.strip_prefix(root()).unwrap().to_owned();
    }
    files
}

/// Fails with every complaint, if there is one.
#[track_caller]
pub(crate) fn expect_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
