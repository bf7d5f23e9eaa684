//! Reports of pools unlike their siblings, in one file per format.

mod phrasing;
pub(super) mod json;
mod human;
mod html;

use std::io::{self, Write};

use super::Style;
use super::screen::Draws;
use crate::diagnostic::suggest;
use crate::outcome::{DriftTerms, Outcome};
use crate::outlier::Outliers;

/// The content of a report.
#[derive(Clone, Copy, Debug)]
pub struct OutlierReport<'a> {
    pub outliers: &'a Outliers,
    pub outcome: Outcome,
    pub terms: DriftTerms,
    /// When the run was, in milliseconds since 1970.
    pub generated: i64,
}

/// The forms that the report can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutlierFormat {
    /// For a person: what most have, and who differs.
    Human,
    /// For programs; versioned, and described by a JSON Schema.
    Json,
    /// A page that needs nothing beside it.
    Html,
}

impl OutlierFormat {
    const ALL: [(&str, OutlierFormat); 3] =
        [("human", OutlierFormat::Human), ("json", OutlierFormat::Json), ("html", OutlierFormat::Html)];

    /// The drawing of a report that acts on a terminal or a CI system.
    pub fn draws(self, style: Style) -> Draws {
        match self {
            OutlierFormat::Human => Draws::of_style(style),
            OutlierFormat::Json => Draws::Json,
            OutlierFormat::Html => Draws::Text,
        }
    }

    /// Reads the word for a format; the error is a sentence that names the nearest one.
    pub fn parse(word: &str) -> Result<OutlierFormat, String> {
        let found = OutlierFormat::ALL.into_iter().find(|(own, _)| *own == word).map(|(_, format)| format);
        found.ok_or_else(|| {
            let help = suggest(word, OutlierFormat::ALL.into_iter().map(|(own, _)| own));
            format!("no format of outliers is called `{word}`; {help}")
        })
    }
}

/// The answer: one line without a period.
pub fn answer(report: &OutlierReport) -> String {
    phrasing::answer(report)
}

/// Writes the whole report.
pub fn write(
    format: OutlierFormat,
    report: &OutlierReport,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        OutlierFormat::Human => human::write(report, style, out),
        OutlierFormat::Json => json::write(report, out),
        OutlierFormat::Html => html::write(report, out),
    }
}
