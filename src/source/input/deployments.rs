//! The stacks that the configurations and plans of a run declare: one may deploy a template of the same run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use memchr::memmem::find;
use walkdir::WalkDir;

use super::directory::looks_into;
use super::{Files, Input, LeftOut, configuration};
use crate::file_name;
use crate::source::cloudformation::{Deployment, may_share};
use crate::source::hcl::{self, Configuration};
use crate::source::{Delivery, terraform};

/// Larger plans are not looked into.
const MOST: u64 = 64 << 20;

/// A word that every resource for a stack has in its type.
const STACK: &[u8] = b"cloudformation_stack";

/// The stacks of the configurations and plans among some inputs, read once a template asks for them.
#[derive(Debug, Default)]
pub(super) struct Deployments {
    inputs: Vec<Input>,
    left_out: LeftOut,
    /// Configurations that are in memory.
    ready: Vec<Configuration>,
    found: OnceLock<Found>,
}

/// Configurations, and the stacks that they declare.
type Found = (Arc<[Configuration]>, Arc<[Deployment]>);

impl Deployments {
    pub(super) fn of(inputs: &[Input], left_out: &LeftOut) -> Deployments {
        Deployments { inputs: inputs.to_vec(), left_out: left_out.clone(), ..Deployments::default() }
    }

    pub(super) fn of_texts(ready: Vec<Configuration>) -> Deployments {
        Deployments { ready, ..Deployments::default() }
    }

    /// The stacks that may deploy a template: one without parameters is the same in every stack.
    pub(super) fn of_template(&self, text: &[u8]) -> Found {
        if find(text, b"Parameters").is_none() || !may_share(text) {
            return Found::default();
        }
        let find = || {
            let (mut all, mut stacks) = (self.ready.clone(), Vec::new());
            for input in &self.inputs {
                let Input::Path(named) = input else { continue };
                let files = self.files(named);
                stacks.extend(files.iter().filter_map(|file| planned(file)).flatten());
                all.extend(declaring(named, files));
            }
            stacks.extend(all.iter().flat_map(hcl::deployments));
            (all.into(), stacks.into())
        };
        self.found.get_or_init(find).clone()
    }

    /// A file that was named, or those of a directory.
    fn files(&self, named: &Path) -> Vec<PathBuf> {
        if !named.is_dir() {
            return vec![named.to_owned()];
        }
        let walk = WalkDir::new(named).follow_links(true).into_iter();
        let walk = walk.filter_entry(|entry| looks_into(entry, &mut Vec::new()));
        let files = walk.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
        let paths: BTreeSet<PathBuf> = files.map(walkdir::DirEntry::into_path).collect();
        let is_left_out = |path: &PathBuf| self.left_out.leaves_out(named, path);
        paths.into_iter().filter(|path| !is_left_out(path)).collect()
    }
}

/// The root modules among the files of an input that declare stacks.
fn declaring(named: &Path, mut files: Vec<PathBuf>) -> Vec<Configuration> {
    files.retain(|file| configuration::is_named_so(file));
    if !files.iter().any(|file| std::fs::read(file).is_ok_and(|text| declares_stack(&text))) {
        return Vec::new();
    }
    let around = if named.is_dir() { named } else { named.parent().unwrap_or(Path::new("")) };
    configuration::declaring(around, &files, declares_stack)
}

/// The stacks of a plan; `None` for any other file.
fn planned(file: &Path) -> Option<Vec<Deployment>> {
    file.extension().filter(|end| *end == "json")?;
    std::fs::metadata(file).ok().filter(|file| file.len() <= MOST)?;
    let text = std::fs::read(file).ok().filter(|text| declares_stack(text))?;
    Some(terraform::deployments(&file_name::of(file), std::str::from_utf8(&text).ok()?))
}

impl Files {
    /// A configuration with the templates that its stacks may deploy.
    pub(super) fn with_templates(&self, mut configuration: Delivery) -> Delivery {
        if let Delivery::Chunk(chunk) = &mut configuration
            && chunk.configuration.as_ref().is_some_and(|one| hcl::has_text(one, declares_stack))
        {
            chunk.beside = self.named.all().iter().chain(self.directory.all().iter()).cloned().collect();
        }
        configuration
    }
}

/// Whether a text may declare a stack of CloudFormation.
fn declares_stack(text: &[u8]) -> bool {
    find(text, STACK).is_some()
}
