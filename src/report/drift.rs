//! Reports of a comparison, in one file per format.

pub(super) mod phrasing;
mod turned;
mod calls;
mod call_shapes;
pub(super) mod json;
mod compact;
mod human;
mod markdown;
mod junit;
mod sarif;
mod html;

use std::io::{self, Write};

use super::Style;
use super::screen::Draws;
use crate::diagnostic::suggest;
use crate::drift::{Direction, Drift, PoolDrift};
use crate::outcome::{DriftTerms, FailOnDrift, Outcome};
use crate::trail::Trail;

/// The content of a report of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct DriftReport<'a> {
    pub drift: &'a Drift,
    pub outcome: Outcome,
    pub terms: DriftTerms,
    /// When the run was, in milliseconds since 1970.
    pub generated: i64,
    /// The records by which changes were attributed, if they were read.
    pub trail: Option<&'a Trail>,
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
    /// For a comment on a pull request.
    Markdown,
    /// A page that needs nothing beside it.
    Html,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for what shows tests.
    Junit,
}

impl DriftFormat {
    const ALL: [(&str, DriftFormat); 7] = [
        ("human", DriftFormat::Human),
        ("compact", DriftFormat::Compact),
        ("json", DriftFormat::Json),
        ("markdown", DriftFormat::Markdown),
        ("html", DriftFormat::Html),
        ("sarif", DriftFormat::Sarif),
        ("junit", DriftFormat::Junit),
    ];

    /// The drawing of a report that acts on a terminal or a CI system.
    pub fn draws(self, style: Style) -> Draws {
        match self {
            DriftFormat::Human | DriftFormat::Compact => Draws::of_style(style),
            DriftFormat::Json | DriftFormat::Sarif => Draws::Json,
            DriftFormat::Markdown | DriftFormat::Html | DriftFormat::Junit => Draws::Text,
        }
    }

    /// Reads the word for a format; the error is a sentence that names the nearest one.
    pub fn parse(word: &str) -> Result<DriftFormat, String> {
        let found = DriftFormat::ALL.into_iter().find(|(own, _)| *own == word).map(|(_, format)| format);
        found.ok_or_else(|| {
            let help = suggest(word, DriftFormat::ALL.into_iter().map(|(own, _)| own));
            format!("no format of drift is called `{word}`; {help}")
        })
    }
}

/// The answer of a comparison: one line without a period.
pub fn answer(report: &DriftReport) -> String {
    phrasing::answer(report)
}

/// The answers about who can get a token that the changes of a pool turn, each in a sentence without a period.
pub fn journeys_that_turned(pool: &PoolDrift) -> Vec<String> {
    turned::sentences(pool)
}

/// Writes the whole report.
pub fn write(format: DriftFormat, report: &DriftReport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        DriftFormat::Human => human::write(report, style, out),
        DriftFormat::Compact => compact::write(report, style, out),
        DriftFormat::Json => json::write(report, phrasing::answer(report), out),
        DriftFormat::Markdown => markdown::write(report, out),
        DriftFormat::Html => html::write(report, out),
        DriftFormat::Sarif => sarif::write(report, out),
        DriftFormat::Junit => junit::write(report, out),
    }
}

/// Whether a change in a direction fails the run.
fn fails(terms: DriftTerms, direction: Direction) -> bool {
    match terms.fail_on {
        FailOnDrift::Any => true,
        FailOnDrift::Weakened => direction == Direction::Weakened,
        FailOnDrift::Never => false,
    }
}
