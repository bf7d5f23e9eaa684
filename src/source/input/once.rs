//! Files that are named twice, by themselves or by a directory around them. Each is read once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Input;

/// The files of a run that were begun, where several inputs may lead to one.
#[derive(Debug, Default)]
pub(super) struct Once {
    /// With all links followed. `None` where a single input was named.
    begun: Option<BTreeSet<PathBuf>>,
}

impl Once {
    pub(super) fn of(inputs: &[Input]) -> Once {
        Once { begun: (inputs.len() > 1).then(BTreeSet::new) }
    }

    /// Whether a file was not begun before. A pipe may be named again: what it holds differs each time.
    pub(super) fn begins(&mut self, path: &Path) -> bool {
        let Some(begun) = self.begun.as_mut().filter(|_| path.is_file() || path.is_dir()) else {
            return true;
        };
        path.canonicalize().map_or(true, |real| begun.insert(real))
    }
}
