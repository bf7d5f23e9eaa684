//! Which files of a directory are read: those of pools by their names, templates by what is in them.

use std::io;
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::{Files, Input, failure, unread};
use crate::source::cloudformation::may_be_template;
use crate::source::{Delivery, Note, Unread, terraform};

/// The ends of the names of files that are read.
const READ: [&str; 4] = ["json", "ndjson", "jsonl", "tfstate"];
/// The ends of the names of files that may be templates.
const TEMPLATES: [&str; 3] = ["yaml", "yml", "template"];
/// What is read in a sentence.
const SHOWN: &str = "`.json`, `.ndjson`, `.jsonl` or `.tfstate`";
/// What Terraform keeps for itself: copies of modules, and where its state is.
const OWN: &str = ".terraform";

impl Files {
    /// Puts the files of a directory in front of what is yet to read, in the order of their names.
    pub(super) fn directory(&mut self, directory: &Path) {
        let name = directory.to_string_lossy().into_owned();
        let (mut files, mut passed_over, mut hcl) = (Vec::new(), 0, 0);
        let walk = WalkDir::new(directory).follow_links(true).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|entry| entry.file_name() != OWN && !is_asset(entry)) {
            match entry {
                Ok(entry) if !entry.file_type().is_file() || is_for_cdk(entry.path()) => {}
                Ok(entry) if is_worth_reading(entry.path()) => files.push(Input::Path(entry.into_path())),
                Ok(entry) if ends_with(entry.path(), &["tf", "tofu"]) => hcl += 1,
                Ok(_) => passed_over += 1,
                Err(error) => {
                    let target =
                        error.path().map_or(name.clone(), |path| path.to_string_lossy().into_owned());
                    let error = error.into_io_error().unwrap_or_else(|| io::Error::other("a loop of links"));
                    self.ready.push_back(failure(&target, &error));
                }
            }
        }
        self.tell(&name, files.is_empty(), passed_over, hcl);
        for file in files.into_iter().rev() {
            self.inputs.push_front(file);
        }
    }

    /// Tells what of a directory is not read.
    fn tell(&mut self, name: &str, nothing: bool, passed_over: usize, hcl: usize) {
        let are = |count: usize| if count == 1 { "file is" } else { "files are" };
        let written = format!("{hcl} {} Terraform's configuration language and not read", are(hcl));
        if nothing {
            let message = format!("no file of {SHOWN} and no template is in this directory");
            let unread = match hcl {
                0 => unread(name, message),
                _ => Unread {
                    help: Some(terraform::HELP.to_owned()),
                    ..unread(name, format!("{message}; {written}"))
                },
            };
            return self.ready.push_back(Delivery::Unread(unread));
        }
        let mut note = |message| {
            self.ready.push_back(Delivery::Note(Note { target: name.to_owned(), message }));
        };
        if passed_over > 0 {
            note(format!("{passed_over} {} not {SHOWN} and no template, and not read", are(passed_over)));
        }
        if hcl > 0 {
            note(format!("{written}: {}", terraform::HELP));
        }
    }
}

/// Whether a file may hold pools. One that cannot be opened is told later.
fn is_worth_reading(path: &Path) -> bool {
    ends_with(path, &READ)
        || (ends_with(path, &TEMPLATES) && std::fs::read(path).map_or(true, |text| may_be_template(&text)))
}

fn ends_with(path: &Path, ends: &[&str]) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|extension| ends.contains(&extension.as_str()))
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

/// Whether the CDK wrote a file for itself.
fn is_for_cdk(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let own = matches!(name.as_str(), "manifest.json" | "tree.json" | "cdk.out")
        || name.ends_with(".assets.json")
        || name.ends_with(".metadata.json");
    own && path.parent().is_some_and(is_cdk_output)
}
