//! Reports of who can get a token from each pool.

pub(in crate::report) mod words;
mod json;
mod human;
mod picture;
mod mermaid;
mod dot;
mod svg;
pub(in crate::report) mod html;

use std::io::{self, Write};

pub use json::SCHEMA;
pub use words::answer;

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
    /// A flow chart as text, as GitHub and GitLab draw it in Markdown.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
    /// A drawing that needs nothing beside it.
    Svg,
    /// A page with the drawing of each pool.
    Html,
}

impl JourneyFormat {
    const ALL: [(&str, JourneyFormat); 7] = [
        ("human", JourneyFormat::Human),
        ("json", JourneyFormat::Json),
        ("jsonl", JourneyFormat::Jsonl),
        ("mermaid", JourneyFormat::Mermaid),
        ("dot", JourneyFormat::Dot),
        ("svg", JourneyFormat::Svg),
        ("html", JourneyFormat::Html),
    ];

    /// Whether a report names the changes that close journeys.
    pub fn names_changes(self) -> bool {
        match self {
            JourneyFormat::Human | JourneyFormat::Json | JourneyFormat::Jsonl | JourneyFormat::Html => true,
            JourneyFormat::Mermaid | JourneyFormat::Dot | JourneyFormat::Svg => false,
        }
    }

    /// The drawing of a report that acts on a terminal or a CI system.
    pub fn draws(self, style: Style) -> Draws {
        match self {
            JourneyFormat::Human => Draws::of_style(style),
            JourneyFormat::Json | JourneyFormat::Jsonl => Draws::Json,
            JourneyFormat::Mermaid | JourneyFormat::Dot | JourneyFormat::Svg | JourneyFormat::Html => {
                Draws::Text
            }
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
        JourneyFormat::Mermaid => mermaid::write(report, out),
        JourneyFormat::Dot => dot::write(report, out),
        JourneyFormat::Svg => svg::write(report, out),
        JourneyFormat::Html => html::write(report, out),
    }
}
