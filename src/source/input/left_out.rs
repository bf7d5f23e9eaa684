//! Files and directories that are left out of a run.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};

/// Which files are left out.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    /// Globs over paths in a directory, or over the names of files and directories in it.
    exclude: Vec<Pattern>,
    /// Files that were named are passed over too where they are not of a kind that can be read.
    pub skip_unrecognized: bool,
    /// Globs that left something out.
    used: BTreeSet<usize>,
    /// A directory was read.
    has_directory: bool,
}

impl LeftOut {
    /// Globs may begin with `./` and end with `/`, as shells complete them.
    pub fn new(exclude: Vec<Pattern>, skip_unrecognized: bool) -> LeftOut {
        LeftOut {
            exclude: exclude.into_iter().map(trimmed).collect(),
            skip_unrecognized,
            ..LeftOut::default()
        }
    }

    /// The globs without what is trimmed of them.
    pub fn globs(&self) -> impl Iterator<Item = &str> {
        self.exclude.iter().map(Pattern::as_str)
    }

    /// Whether a path of a directory is left out: as a whole, or by the name of a part of it. The glob may be written
    /// from the directory on, or from where the directory is named.
    pub(super) fn leaves_out(&self, directory: &Path, path: &Path) -> bool {
        self.matching(directory, path).next().is_some()
    }

    /// The same, and remembers which globs match.
    pub(super) fn leaves_out_now(&mut self, directory: &Path, path: &Path) -> bool {
        self.has_directory = true;
        let matching: Vec<usize> = self.matching(directory, path).collect();
        self.used.extend(&matching);
        !matching.is_empty()
    }

    /// Globs that left nothing out of the directories that were read, each once.
    pub(super) fn idle(&mut self) -> Vec<String> {
        if !std::mem::take(&mut self.has_directory) {
            return Vec::new();
        }
        let idle = self.exclude.iter().enumerate().filter(|(at, _)| !self.used.contains(at));
        idle.map(|(_, glob)| glob.as_str().to_owned()).collect()
    }

    fn matching(&self, directory: &Path, path: &Path) -> impl Iterator<Item = usize> {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::default() };
        let inside = path.strip_prefix(directory).unwrap_or(path).to_owned();
        let (directory, whole) = (plain(directory), plain(path));
        let matches = move |pattern: &Pattern| {
            let mut parts =
                inside.ancestors().chain(whole.ancestors().take_while(|above| *above != directory));
            parts.any(|part| pattern.matches_path_with(part, options))
                || inside.iter().any(|name| pattern.matches_path_with(Path::new(name), options))
        };
        self.exclude.iter().enumerate().filter(move |(_, pattern)| matches(pattern)).map(|(at, _)| at)
    }
}

/// A path without the steps that lead nowhere.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

fn trimmed(glob: Pattern) -> Pattern {
    let mut text = glob.as_str();
    while let Some(rest) = text.strip_prefix("./") {
        text = rest;
    }
    let text = text.trim_end_matches('/');
    match Pattern::new(text) {
        Ok(trimmed) if !text.is_empty() => trimmed,
        _ => glob,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_is_written_from_the_directory_or_from_where_that_is_named() {
        for (directory, path) in
            [("rp", "rp/a/p.json"), ("./rp", "./rp/a/p.json"), ("/x/rp", "/x/rp/a/p.json")]
        {
            let (directory, path) = (Path::new(directory), Path::new(path));
            let leaves_out = |glob: &str| {
                LeftOut::new(vec![Pattern::new(glob).unwrap()], false).leaves_out(directory, path)
            };
            for glob in ["a", "a/", "./a", "././a/", "a/**", "**/p.json", "p.json", "*.json", "a/p.json"] {
                assert!(leaves_out(glob), "{glob} {}", directory.display());
            }
            // The directory that is named is never left out as a whole.
            for glob in ["rp", "./rp/", "b", "p", "/", "./"] {
                assert!(!leaves_out(glob), "{glob} {}", directory.display());
            }
            assert_eq!(leaves_out("rp/a"), directory.is_relative());
            assert_eq!(leaves_out("/x/rp/a"), directory.is_absolute());
        }
    }
}
