//! Remarks about a template beside its pools, each once.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::source::declared::Remark;
use crate::source::text::Lines;
use crate::source::{Note, Unread};

/// A part of a text that is a string of a file, or is made of one.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub within: Range<usize>,
    /// Line and column in the file.
    pub at: (usize, usize),
}

/// The place in the file of a place in a text, if the text is not the file's own.
pub(super) fn place(inside: &[Part], at: usize) -> Option<(usize, usize)> {
    inside.iter().find(|part| at < part.within.end).or(inside.last()).map(|part| part.at)
}

/// The remarks, by their places.
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

    /// Adds a remark about the properties of a resource.
    pub(super) fn of(&mut self, kind: &str, remark: Remark) {
        let (at, message) = match remark {
            Remark::Strange { path, meant, at } => {
                let help = meant.map_or_else(String::new, |name| format!(", but `{name}`"));
                let refused = "CloudFormation would refuse the template";
                (at, format!("`{kind}` has no property `{path}`{help}; {refused}"))
            }
            Remark::Boolean { name, written, boolean, read, at } => {
                let message = format!(
                    "`{written}` without quotes is the boolean {boolean} to CloudFormation, and Cognito refuses \
                     \"{boolean}\" for {name}; it is read as \"{read}\" here, and should be written so"
                );
                (at, message)
            }
            // CloudFormation sends nothing for what is left out.
            Remark::Refused { .. } => return,
        };
        self.note(&at, message);
    }

    /// Takes over the remarks about a text that is a value of this one.
    pub(super) fn take_in(&mut self, inner: Remarks, at: usize, of: &str) {
        self.notes.extend(inner.notes.into_iter().map(|(_, message)| (at, format!("{of}: {message}"))));
        let unread = inner.unread.into_iter();
        self.unread.extend(unread.map(|(_, message, help)| (Some(at), format!("{of}: {message}"), help)));
    }

    /// The remarks as they are reported. `inside` has the places of the text's parts in the file, if it is not the
    /// text of the file itself.
    pub(super) fn finish(self, file: &str, text: &str, inside: &[Part]) -> (Vec<Unread>, Vec<Note>) {
        let lines = Lines::new(text, 1);
        let place = |at: usize| place(inside, at).unwrap_or_else(|| lines.line_column(at));
        let unread = self.unread.into_iter().map(|(at, message, help)| Unread {
            help,
            at: at.map(place),
            ..Unread::new(file.to_owned(), message)
        });
        let notes = self.notes.into_iter().map(|(at, message)| {
            let (line, column) = place(at);
            Note { target: format!("{file}:{line}:{column}"), message }
        });
        (unread.collect(), notes.collect())
    }
}
