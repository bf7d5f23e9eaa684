//! A mistake in a text that a user wrote: the problem, its place, and how to correct it.
//!
//! Rules, packs and configuration files are checked whole, and every mistake is reported in one run.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

/// The start of the names of texts that are part of the program.
pub const BUILTIN: &str = "builtin:";

/// A text and the name that it is known by, usually a file.
#[derive(Clone)]
pub struct SourceFile {
    text: Arc<NamedSource<String>>,
    /// The first byte of each line, once a place is asked for: 3,000 waivers each ask for theirs.
    lines: Arc<OnceLock<Vec<usize>>>,
    /// Lines of the file before the text.
    before: usize,
    /// Where its keys and values are, if that is known.
    pub index: Option<&'static str>,
}

impl fmt::Debug for SourceFile {
    /// The name alone: the text is long, and an index says nothing that the text does not.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SourceFile").field(&self.name()).finish()
    }
}

impl SourceFile {
    pub fn new(name: impl AsRef<str>, text: impl Into<String>) -> SourceFile {
        SourceFile {
            text: Arc::new(NamedSource::new(name, text.into())),
            lines: Arc::default(),
            before: 0,
            index: None,
        }
    }

    /// A file of which nothing is known but a line, from 1.
    pub fn starting_at(name: impl AsRef<str>, line: usize) -> SourceFile {
        SourceFile { before: line.saturating_sub(1), ..SourceFile::new(name, "") }
    }

    /// The file name, or `builtin:...` for what is part of the program.
    pub fn name(&self) -> &str {
        self.text.name()
    }

    /// Whether it is part of the program.
    pub fn is_builtin(&self) -> bool {
        self.name().starts_with(BUILTIN)
    }

    pub fn text(&self) -> &str {
        self.text.inner()
    }

    /// The same file under another name and with another text.
    #[must_use]
    pub fn shown_as(&self, name: impl AsRef<str>, text: impl Into<String>) -> SourceFile {
        SourceFile { before: self.before, ..SourceFile::new(name, text) }
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let text = self.text();
        let lines = self.lines.get_or_init(|| {
            std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect()
        });
        let byte = byte.min(text.len());
        let line = lines.partition_point(|start| *start <= byte);
        let start = lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        (line.saturating_add(self.before), text[start..byte].chars().count() + 1)
    }
}

/// Line and column of a byte of a text, both from 1; the column counts characters.
pub fn line_column(text: &str, byte: usize) -> (usize, usize) {
    let before = &text[..byte.min(text.len())];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// The problem at one place of a source file.
#[derive(Clone, Debug)]
pub struct SourceDiagnostic {
    pub source_file: SourceFile,
    pub message: String,
    /// Places in bytes, and what to say under each; the first is the place of the mistake.
    pub labels: Vec<(Range<usize>, String)>,
    pub help: Option<String>,
    /// It names a rule that is not there. Where rules could not be read, the rule may be one of those.
    pub of_missing_rule: bool,
}

impl SourceDiagnostic {
    /// Whether it says the same of the same place.
    #[must_use]
    pub fn is_same(&self, other: &SourceDiagnostic) -> bool {
        self.message == other.message
            && self.source_file.name() == other.source_file.name()
            && self.labels.first().map(|(at, _)| at) == other.labels.first().map(|(at, _)| at)
    }

    pub fn new(
        source_file: &SourceFile,
        at: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> SourceDiagnostic {
        SourceDiagnostic {
            source_file: source_file.clone(),
            message: message.into(),
            labels: vec![(at, label.into())],
            help: None,
            of_missing_rule: false,
        }
    }

    #[must_use]
    pub fn of_missing_rule(mut self) -> SourceDiagnostic {
        self.of_missing_rule = true;
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> SourceDiagnostic {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> SourceDiagnostic {
        self.help = help;
        self
    }

    #[must_use]
    pub fn also(mut self, at: Range<usize>, label: impl Into<String>) -> SourceDiagnostic {
        self.labels.push((at, label.into()));
        self
    }

    /// Sorts by file and place, and drops repetitions.
    pub fn sort(mistakes: &mut Vec<SourceDiagnostic>) {
        mistakes.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        mistakes.dedup_by(|a, b| a.sort_key() == b.sort_key());
    }

    fn sort_key(&self) -> (&str, usize, &str) {
        (self.source_file.name(), self.labels.first().map_or(0, |(at, _)| at.start), &self.message)
    }
}

impl fmt::Display for SourceDiagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SourceDiagnostic {}

impl Diagnostic for SourceDiagnostic {
    fn help(&self) -> Option<Box<dyn fmt::Display + '_>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.source_file.text.as_ref())
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().map(|(at, label)| {
            LabeledSpan::new(Some(label.clone()).filter(|l| !l.is_empty()), at.start, at.len())
        })))
    }
}

/// The name that was probably meant, if one is near enough.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = wrong.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for name in names {
        let score = strsim::jaro_winkler(&folded, &name.to_lowercase());
        if score > 0.78 && best.is_none_or(|(top, _)| score > top) {
            best = Some((score, name));
        }
    }
    best.map(|(_, name)| name)
}

/// The name that differs from what was written by a slip or two of the fingers, if there is one.
pub fn slip<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distances = names.into_iter().map(|name| (strsim::damerau_levenshtein(wrong, name), name));
    distances.filter(|(distance, name)| *distance <= 2 && name.len() > 3).min().map(|(_, name)| name)
}

/// `did you mean ...?` with the nearest name, or the list of all names where none is near.
pub fn suggest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(wrong, names.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => one_of(names),
    }
}

/// All names that are possible.
pub fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "leave it out: nothing can be named here".to_owned(),
        [name] => format!("there is only {name}"),
        _ => format!("one of {}", names.join(", ")),
    }
}
