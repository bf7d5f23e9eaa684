//! Reports of who can get a token from each pool.

mod words;
mod json;
mod human;

use std::io::{self, Write};

use super::Style;
use super::screen::Draws;
use crate::diagnostic::suggest;
use crate::journey::JourneyRun;
use crate::outcome::Outcome;

/// The content of a report.
#[derive(Clone, Copy, Debug)]
pub struct JourneyReport<'a> {
    pub run: &'a JourneyRun,
    pub outcome: Outcome,
    /// When the run was, in milliseconds since 1970.
    pub generated: i64,
}

/// The forms that the report can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JourneyFormat {
    /// For a person: the answers, and the journeys with what makes them possible.
    Human,
    /// For programs; versioned.
    Json,
    /// The same, one line a pool.
    Jsonl,
}

impl JourneyFormat {
    const ALL: [(&str, JourneyFormat); 3] =
        [("human", JourneyFormat::Human), ("json", JourneyFormat::Json), ("jsonl", JourneyFormat::Jsonl)];

    /// The drawing of a report that acts on a terminal or a CI system.
    pub fn draws(self, style: Style) -> Draws {
        match self {
            JourneyFormat::Human => Draws::of_style(style),
            JourneyFormat::Json | JourneyFormat::Jsonl => Draws::Json,
        }
    }

    /// Reads the word for a format; the error is a sentence that names the nearest one.
    pub fn parse(word: &str) -> Result<JourneyFormat, String> {
        let found = JourneyFormat::ALL.into_iter().find(|(own, _)| *own == word).map(|(_, format)| format);
        found.ok_or_else(|| {
            let help = suggest(word, JourneyFormat::ALL.into_iter().map(|(own, _)| own));
            format!("no format of journeys is called `{word}`; {help}")
        })
    }
}

/// Writes the whole report.
pub fn write(
    format: JourneyFormat,
    report: &JourneyReport,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        JourneyFormat::Human => human::write(report, style, out),
        JourneyFormat::Json => json::write(report, out),
        JourneyFormat::Jsonl => json::write_lines(report, out),
    }
}
