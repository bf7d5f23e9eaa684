//! Files and directories that are left out of a run.

use std::path::Path;

use glob::{MatchOptions, Pattern};

/// Which files are left out.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    /// Globs over paths in a directory, or over the names of files and directories in it.
    pub exclude: Vec<Pattern>,
    /// Files that were named are passed over too where they are not of a kind that can be read.
    pub skip_unrecognized: bool,
}

impl LeftOut {
    /// Whether a path in a directory is left out: as a whole, or by the name of a part of it.
    pub(super) fn leaves_out(&self, path: &Path) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::default() };
        let matches = |pattern: &Pattern| {
            path.ancestors().any(|above| pattern.matches_path_with(above, options))
                || path.iter().any(|name| pattern.matches_path_with(Path::new(name), options))
        };
        self.exclude.iter().any(matches)
    }
}
