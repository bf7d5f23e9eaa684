//! Configurations of Terraform on disk: which directories are root modules, and how their files are read. Nothing
//! outside of the repository is read, or outside of the directory where there is no repository.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::Files;
use crate::pool::{Origin, Source};
use crate::source::hcl::{self, Configuration, is_configuration};
use crate::source::{Chunk, Delivery};

/// Larger files are not read.
const MOST: u64 = 4 * 1024 * 1024;

/// The part of the disk that configurations are read from.
struct Base {
    /// With all links followed.
    real: PathBuf,
    /// The directory that was named, as it was named.
    named: PathBuf,
    /// The same from the base.
    inside: String,
}

impl Base {
    fn of(named: &Path) -> Option<Base> {
        let here = named.as_os_str().is_empty();
        let real = if here { Path::new(".") } else { named }.canonicalize().ok()?;
        let top = real.ancestors().find(|above| above.join(".git").exists()).unwrap_or(&real).to_owned();
        let inside = slashed(real.strip_prefix(&top).ok()?);
        Some(Base { real: top, named: named.to_owned(), inside })
    }

    /// The path of a directory below the one that was named.
    fn path(&self, directory: &Path) -> Option<String> {
        let below = slashed(directory.strip_prefix(&self.named).ok()?);
        Some(joined(&self.inside, &below))
    }

    /// The directories of files.
    fn directories(&self, files: &[PathBuf]) -> Vec<String> {
        let directories: BTreeSet<&Path> = files.iter().filter_map(|file| file.parent()).collect();
        directories.iter().filter_map(|directory| self.path(directory)).collect()
    }

    /// A file or directory with all links followed, where that does not lead outside.
    fn locate(&self, path: &str) -> Option<PathBuf> {
        let real = self.real.join(path).canonicalize().ok()?;
        real.starts_with(&self.real).then_some(real)
    }

    /// A path as a person would write it who named the directory.
    fn shown(&self, path: &str) -> String {
        let parts = |path: &str| {
            path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        let (own, other) = (parts(&self.inside), parts(path));
        let same = own.iter().zip(&other).take_while(|(a, b)| a == b).count();
        let mut shown = self.named.clone();
        for _ in same..own.len() {
            match shown.components().next_back() {
                Some(Component::Normal(_)) => {
                    shown.pop();
                }
                _ => shown.push(".."),
            }
        }
        shown.extend(&other[same..]);
        if shown.as_os_str().is_empty() {
            shown.push(".");
        }
        shown.to_string_lossy().into_owned()
    }

    fn files(self) -> hcl::Files {
        let base = Arc::new(self);
        let (listing, reading, shown) = (Arc::clone(&base), Arc::clone(&base), base);
        let list = move |directory: &str| {
            let entries = listing.locate(directory).and_then(|real| std::fs::read_dir(real).ok());
            let is_file = |path: &Path| path.is_file();
            let mut names: Vec<String> = entries
                .into_iter()
                .flatten()
                .filter_map(|entry| entry.ok().map(|entry| entry.path()).filter(|path| is_file(path)))
                .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
                .collect();
            names.sort();
            names
        };
        let read = move |path: &str| {
            let real = reading.locate(path)?;
            let small = std::fs::metadata(&real).is_ok_and(|file| file.is_file() && file.len() <= MOST);
            if small { std::fs::read(real).ok() } else { None }
        };
        hcl::Files {
            list: Box::new(list),
            read: Box::new(read),
            shown: Box::new(move |path| shown.shown(path)),
        }
    }
}

fn slashed(path: &Path) -> String {
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    names.collect::<Vec<_>>().join("/")
}

fn joined(directory: &str, below: &str) -> String {
    match (directory.is_empty(), below.is_empty()) {
        (true, _) => below.to_owned(),
        (_, true) => directory.to_owned(),
        (false, false) => format!("{directory}/{below}"),
    }
}

/// Whether a path is a file of a configuration by its name.
pub(super) fn is_named_so(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(is_configuration)
}

/// Delivers the root modules in a directory that have to do with user pools, and counts the files of others.
pub(super) fn roots(named: &Path, files: &[PathBuf]) -> (Vec<Delivery>, usize) {
    let Some(base) = Base::of(named).filter(|_| !files.is_empty()) else { return (Vec::new(), files.len()) };
    let directories = base.directories(files);
    let files = Arc::new(base.files());
    let found = hcl::roots(&files, &directories, hcl::mentions);
    let deliver = |root: &String| chunk(Arc::clone(&files), root.clone(), Vec::new());
    (found.roots.iter().map(deliver).collect(), found.others)
}

/// The root modules among files that have a text that is asked for.
pub(super) fn declaring(named: &Path, files: &[PathBuf], asked: fn(&[u8]) -> bool) -> Vec<Configuration> {
    let Some(base) = Base::of(named) else { return Vec::new() };
    let directories = base.directories(files);
    let files = Arc::new(base.files());
    let root =
        |root| Configuration { files: Arc::clone(&files), root, only: Vec::new(), given: Arc::default() };
    hcl::roots(&files, &directories, asked).roots.into_iter().map(root).collect()
}

/// The configuration in a directory; `None` if the directory does not exist.
pub fn of_directory(named: &Path) -> Option<Configuration> {
    let base = Base::of(named).filter(|_| named.is_dir())?;
    let root = base.inside.clone();
    Some(Configuration { files: Arc::new(base.files()), root, only: Vec::new(), given: Arc::default() })
}

/// Whether a configuration that a file is a part of has to do with user pools.
pub(super) fn has_pools(file: &Path) -> bool {
    let directory = around(file);
    !roots(&directory, &[directory.join(file.file_name().unwrap_or_default())]).0.is_empty()
}

/// Delivers the root modules among texts that are in memory; every directory where none mentions user pools.
pub(super) fn in_memory(texts: Vec<(String, Vec<u8>)>) -> Vec<Delivery> {
    let around = |name: &String| name.rsplit_once('/').map_or("", |(around, _)| around).to_owned();
    let directories: BTreeSet<String> = texts.iter().map(|(name, _)| around(name)).collect();
    let directories: Vec<String> = directories.into_iter().collect();
    let files = Arc::new(hcl::Files::of(texts.into_iter().collect()));
    let found = hcl::roots(&files, &directories, hcl::mentions).roots;
    let roots = if found.is_empty() { directories } else { found };
    roots.into_iter().map(|root| chunk(Arc::clone(&files), root, Vec::new())).collect()
}

impl Files {
    /// Delivers the configurations of files that were named: those of one directory are one configuration.
    pub(super) fn configuration(&mut self, file: &Path) {
        let mut together: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
        let mut files = vec![file.to_owned()];
        self.inputs.retain(|input| match input {
            super::Input::Path(path)
                if is_named_so(path) && path.is_file() && around(path) == around(file) =>
            {
                files.push(path.clone());
                false
            }
            super::Input::Path(_)
            | super::Input::Copy { .. }
            | super::Input::Text { .. }
            | super::Input::Stdin => true,
        });
        for file in files {
            together.entry(around(&file)).or_default().insert(file);
        }
        for (directory, files) in together {
            let Some(base) = Base::of(&directory) else { continue };
            let root = base.inside.clone();
            let name = |file: &PathBuf| Some(joined(&root, file.file_name()?.to_str()?));
            let only = files.iter().filter_map(name).collect();
            let delivery = chunk(Arc::new(base.files()), root, only);
            let delivery = self.with_templates(delivery);
            self.ready.push_back(delivery);
        }
    }
}

/// The directory of a file, as a person would name it.
fn around(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).to_owned()
}

fn chunk(files: Arc<hcl::Files>, root: String, only: Vec<String>) -> Delivery {
    let name = (files.shown)(&root);
    let configuration = Configuration { files, root, only, given: Arc::default() };
    let origin = Origin { source: Source::Terraform, name: Arc::from(name) };
    Delivery::Chunk(Chunk { origin, configuration: Some(configuration), ..Chunk::default() })
}
