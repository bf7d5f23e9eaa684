//! Reports of a comparison, in one file per format.

pub(super) mod json;
mod words;
mod compact;
mod human;

use std::io::{self, Write};

use super::Style;
use crate::drift::Drift;
use crate::mistake::suggest;
use crate::outcome::{DriftTerms, Outcome};

/// The content of a report of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct DriftReport<'a> {
    pub drift: &'a Drift,
    pub outcome: Outcome,
    pub terms: DriftTerms,
    /// When the run was, in milliseconds since 1970.
    pub generated: i64,
}

/// The forms that the report can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriftFormat {
    /// For a person: both values, and what the change means for the rules.
    Human,
    /// One line a change.
    Compact,
    /// For programs; versioned, and described by a JSON Schema.
    Json,
}

impl DriftFormat {
    const ALL: [(&str, DriftFormat); 3] =
        [("human", DriftFormat::Human), ("compact", DriftFormat::Compact), ("json", DriftFormat::Json)];

    /// Reads the word for a format; the error is a sentence that names the nearest one.
    pub fn parse(word: &str) -> Result<DriftFormat, String> {
        let found = DriftFormat::ALL.into_iter().find(|(own, _)| *own == word).map(|(_, format)| format);
        found.ok_or_else(|| {
            let help = suggest(word, DriftFormat::ALL.into_iter().map(|(own, _)| own));
            format!("no format of drift is called `{word}`; {help}")
        })
    }
}

/// Writes the whole report.
pub fn write(format: DriftFormat, report: &DriftReport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        DriftFormat::Human => human::write(report, style, out),
        DriftFormat::Compact => compact::write(report, out),
        DriftFormat::Json => json::write(report, words::answer(report), out),
    }
}
