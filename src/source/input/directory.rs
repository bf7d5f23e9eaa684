//! Which files of a directory are read: those that mention user pools and are of a kind that can be read.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::beside::Beside;
use super::look::{Look, look};
use super::{Files, Input, configuration, failure, unread};
use crate::file_name;
use crate::source::{Delivery, Note};

/// Directories with copies of what others made: never with inputs of one's own.
const OWN: [&str; 3] = [".terraform", ".git", "node_modules"];
/// Those that nobody looks for inputs in.
const QUIET: [&str; 2] = [".terraform", ".git"];

/// Names of virtual environments of Python, which hold the same. This file marks one: a directory of the name alone may
/// have templates.
const ENVIRONMENTS: [&str; 3] = [".venv", "venv", "env"];
const ENVIRONMENT: &str = "pyvenv.cfg";

/// Fewer files than this are looked into before threads would have started.
const FEW: usize = 20;

/// The files of a directory that are not read.
#[derive(Default)]
struct Rest {
    foreign: usize,
    terragrunt: usize,
    excluded: usize,
    /// Those that can be read, and have the name of another kind.
    misnamed: Vec<PathBuf>,
    /// Directories that are not looked into.
    own: Vec<PathBuf>,
}

impl Files {
    /// Puts the files of a directory in front of what is yet to read, in the order of their names.
    pub(super) fn directory(&mut self, directory: &Path) {
        let name = file_name::of(directory).into_owned();
        let (mut paths, mut files, mut rest) = (Vec::new(), Vec::new(), Rest::default());
        let (mut passed, mut written) = (Vec::new(), Vec::new());
        let walk = WalkDir::new(directory).follow_links(true).sort_by_file_name().into_iter();
        let walk = walk.filter_entry(|entry| looks_into(entry, &mut passed));
        for entry in walk {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let target = error.path().map_or(name.clone(), |path| file_name::of(path).into_owned());
                    let error = error.into_io_error().unwrap_or_else(|| io::Error::other("a loop of links"));
                    self.ready.push_back(failure(&target, &error));
                    continue;
                }
            };
            let path = entry.path();
            if entry.file_type().is_dir() || is_for_cdk(path) {
                continue;
            }
            if self.left_out.leaves_out_now(directory, path) {
                rest.excluded += 1;
                continue;
            }
            if !entry.file_type().is_file() {
                self.note(
                    path,
                    "this is not a file that can be read to its end, such as a pipe, and is not read",
                );
                continue;
            }
            paths.push(entry.into_path());
        }
        passed.retain(|path| !self.left_out.leaves_out_now(directory, path));
        rest.own = passed;
        for (path, look) in looked_into(paths) {
            rest.terragrunt += usize::from(path.file_name().is_some_and(|name| name == "terragrunt.hcl"));
            match look {
                Look::Read => files.push(Input::Path(path)),
                Look::Foreign | Look::Empty => rest.foreign += 1,
                Look::Mentions => self.note(&path, MENTIONS),
                Look::Misnamed => rest.misnamed.push(path),
                Look::Configuration => written.push(path),
            }
        }
        let (configurations, others) = configuration::roots(directory, &written);
        rest.foreign += others;
        self.tell(&name, files.is_empty() && configurations.is_empty(), &rest);
        self.directory = Arc::new(Beside::of(files.iter().filter_map(Input::file).collect()));
        let configurations = configurations.into_iter().map(|one| self.with_templates(one));
        self.ready.extend(configurations.collect::<Vec<_>>());
        for file in files.into_iter().rev() {
            self.found.push_front(file);
        }
    }

    /// Whether a named file is to be read; says why where it is not.
    pub(super) fn takes(&mut self, path: &Path) -> bool {
        if !self.left_out.skip_unrecognized {
            return true;
        }
        match look(path) {
            Look::Read | Look::Misnamed => return true,
            Look::Foreign | Look::Empty => {
                self.note(path, "this does not mention user pools, and is not read");
            }
            Look::Mentions => self.note(path, MENTIONS),
            Look::Configuration if configuration::has_pools(path) => return true,
            Look::Configuration => {
                self.note(path, "this configuration does not mention user pools, and is not read");
            }
        }
        false
    }

    /// Tells which globs left nothing out, once every input is read: one of them may be misspelt.
    pub(super) fn tell_idle_globs(&mut self) -> Option<Delivery> {
        for glob in self.left_out.idle() {
            let message = format!("`{glob}` matches no file or directory that would be read");
            self.note(Path::new("exclude"), &message);
        }
        self.ready.pop_front()
    }

    fn note(&mut self, target: &Path, message: &str) {
        let target = file_name::of(target).into_owned();
        self.ready.push_back(Delivery::Note(Note { target, message: message.to_owned() }));
    }

    /// Tells what of a directory is not read.
    fn tell(&mut self, name: &str, nothing: bool, rest: &Rest) {
        let are =
            |count: usize| if count == 1 { "1 file is".to_owned() } else { format!("{count} files are") };
        if nothing {
            let message = "no file in this directory is of a kind that can be read and mentions a user pool";
            self.ready.push_back(Delivery::Unread(unread(name, message.to_owned())));
        }
        let directory = Path::new(name);
        if rest.foreign > 0 {
            let message = format!("{} of other kinds or without user pools, and not read", are(rest.foreign));
            self.note(directory, &message);
        }
        if rest.excluded > 0 {
            self.note(directory, &format!("{} left out by `--exclude` or `exclude`", are(rest.excluded)));
        }
        if !rest.misnamed.is_empty() {
            let these = some_of(&rest.misnamed);
            let message = format!(
                "{} with other endings can be read: {these}; name each file to read it",
                files(rest.misnamed.len())
            );
            self.note(directory, &message);
        }
        if !rest.own.is_empty() {
            let these = some_of(&rest.own);
            let count = match rest.own.len() {
                1 => "1 directory of copies or third-party code is".to_owned(),
                count => format!("{count} directories of copies or third-party code are"),
            };
            self.note(directory, &format!("{count} not read: {these}; name a directory to read it"));
        }
        if rest.terragrunt > 0 {
            self.note(
                directory,
                &format!("{} `terragrunt.hcl` and not read: {TERRAGRUNT}", are(rest.terragrunt)),
            );
        }
    }
}

/// The decision about each file. An empty file is read beside others that are: it is what an export that failed leaves.
fn looked_into(paths: Vec<PathBuf>) -> Vec<(PathBuf, Look)> {
    // Looking into a file reads and parses it, as judging it does, so it is for all threads too.
    let looks: Vec<Look> = match paths.len() {
        ..FEW => paths.iter().map(|path| look(path)).collect(),
        _ => paths.par_iter().map(|path| look(path)).collect(),
    };
    let of_pools =
        |(path, look): (&PathBuf, &Look)| path.parent().filter(|_| *look == Look::Read).map(Path::to_owned);
    let with_pools: BTreeSet<PathBuf> = paths.iter().zip(&looks).filter_map(of_pools).collect();
    let decided = |(path, look): (PathBuf, Look)| match path.parent() {
        Some(parent) if look == Look::Empty && with_pools.contains(parent) => (path, Look::Read),
        _ => (path, look),
    };
    paths.into_iter().zip(looks).map(decided).collect()
}

fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

/// The first of some paths, as a note names them.
fn some_of(paths: &[PathBuf]) -> String {
    const FIRST: usize = 5;
    let mut names: Vec<String> =
        paths.iter().take(FIRST).map(|path| file_name::of(path).into_owned()).collect();
    if paths.len() > FIRST {
        names.push("...".to_owned());
    }
    names.join(", ")
}

const TERRAGRUNT: &str =
    "the modules that they call are checked without their `inputs`, which `--var-file FILE` can give";

const MENTIONS: &str = "this mentions user pools, but is not of a kind that can be read, and is not read";

/// Whether to look into what a walk comes upon. Takes down a directory that is passed over.
pub(super) fn looks_into(entry: &DirEntry, passed: &mut Vec<PathBuf>) -> bool {
    let is_passed = is_own(entry) || is_asset(entry);
    if is_passed && !QUIET.iter().any(|name| entry.file_name() == *name) {
        passed.push(entry.path().to_owned());
    }
    !is_passed
}

fn is_own(entry: &DirEntry) -> bool {
    let named = |names: &[&str]| names.iter().any(|name| entry.file_name() == *name);
    let is_environment = || named(&ENVIRONMENTS) && entry.path().join(ENVIRONMENT).is_file();
    entry.depth() > 0 && entry.file_type().is_dir() && (named(&OWN) || is_environment())
}

/// Whether a directory is one that the CDK writes to: it says so in a file of this name.
fn is_cdk_output(directory: &Path) -> bool {
    const MARK: &str = "cdk.out";
    directory.file_name().is_some_and(|name| name == MARK) || directory.join(MARK).is_file()
}

/// Whether a directory holds the code of a function rather than templates.
fn is_asset(entry: &DirEntry) -> bool {
    entry.depth() > 0
        && entry.file_type().is_dir()
        && entry.file_name().to_str().is_some_and(|name| name.starts_with("asset."))
        && entry.path().parent().is_some_and(is_cdk_output)
}

/// Whether the CDK wrote a file for itself: those whose names are known, and the content of functions.
fn is_for_cdk(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let own = ["manifest.json", "tree.json", "validation-report.json", "cdk.out"].contains(&name.as_str())
        || [".assets.json", ".metadata.json"].iter().any(|end| name.ends_with(end))
        || (name.starts_with("asset.") && !name.ends_with(".template.json"));
    let Some(directory) = path.parent().filter(|directory| is_cdk_output(directory)) else { return false };
    own && !templates(directory).contains(&name)
}

/// The templates that the manifest of a directory of the CDK names.
fn templates(directory: &Path) -> Vec<String> {
    let manifest = std::fs::read(directory.join("manifest.json")).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap_or_default();
    let artifacts = manifest["artifacts"].as_object().into_iter().flat_map(serde_json::Map::values);
    artifacts
        .filter_map(|artifact| Some(artifact["properties"]["templateFile"].as_str()?.to_owned()))
        .collect()
}
