//! What is to be said of a template beside its pools, each thing once.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::source::lines::Lines;
use crate::source::{Note, Unread};

/// What was remarked, by its place.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    notes: BTreeSet<(usize, String)>,
    /// Place, message and help.
    unread: BTreeSet<(Option<usize>, String, Option<String>)>,
}

impl Remarks {
    /// Something worth knowing.
    pub(super) fn note(&mut self, at: &Range<usize>, message: impl Into<String>) {
        self.notes.insert((at.start, message.into()));
    }

    /// Something that makes the run incomplete.
    pub(super) fn unread(&mut self, at: Option<usize>, message: impl Into<String>, help: Option<&str>) {
        self.unread.insert((at, message.into(), help.map(str::to_owned)));
    }

    /// The remarks as they are reported.
    pub(super) fn finish(self, file: &str, text: &str) -> (Vec<Unread>, Vec<Note>) {
        let lines = Lines::new(text, 1);
        let unread = self.unread.into_iter().map(|(at, message, help)| Unread {
            target: file.to_owned(),
            operation: None,
            code: None,
            message,
            help,
            at: at.map(|at| lines.line_column(at)),
        });
        let notes = self.notes.into_iter().map(|(at, message)| {
            let (line, column) = lines.line_column(at);
            Note { target: format!("{file}:{line}:{column}"), message }
        });
        (unread.collect(), notes.collect())
    }
}
