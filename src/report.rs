//! Reports of a run, in one file per format.
//!
//! Nothing here does IO beyond the given writer, and nothing reads the clock or the environment: colour, links and
//! width are arguments.

mod anchor;
pub mod iam;
mod sanitize;
pub mod screen;
mod ansi;
pub mod fix;
pub mod rules;
pub mod settings;
mod order;
mod instance;
mod requirement;
mod missing;
mod skipped;
mod since;
mod summary;
mod calls;
mod answer;
mod statistics;
mod compact;
mod csv;
mod human;
mod github;
pub mod json;
pub mod controls;
mod gitlab;
mod junit;
mod markdown;
mod sarif;
pub mod tree;
pub mod learned;
pub mod trend;
pub mod waiver;
mod html;
pub mod journey;
pub mod drift;
pub mod outlier;
pub mod evidence;
mod ocsf;
mod asff;
mod oscal;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use crate::diagnostic::suggest;
use crate::evaluate::{Detail, Evaluation};
use crate::outcome::{FailurePolicy, Outcome};
use crate::rule::{Policy, Severity};
use crate::shard::Shard;

pub use ansi::{count, line, wrap};
pub use drift::json::SCHEMA as DRIFT_SCHEMA;
pub use json::v1::SCHEMA as JSON_SCHEMA;
use json::v1::{self, Recorded, Unreadable};
pub use outlier::json::SCHEMA as OUTLIERS_SCHEMA;
pub use sanitize::{sanitized, sanitized_file};
use screen::Draws;

/// The content of a report.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    pub evaluation: &'a Evaluation,
    pub outcome: Outcome,
    pub terms: FailurePolicy,
    pub policy: &'a Policy,
    /// Every verdict is wanted, not only those that failed.
    pub evidence: bool,
    pub run: Run<'a>,
}

/// Facts about the run itself, beside its result.
#[derive(Clone, Copy, Debug, Default)]
pub struct Run<'a> {
    /// When it was, in milliseconds since 1970.
    pub generated: i64,
    /// `rule::digest` of the policy.
    pub digest: &'a str,
    /// Sections outside the inputs counted as unknown.
    pub full_coverage: bool,
    /// Which part of the pools was read, where it was a part.
    pub shard: Option<Shard>,
}

/// The forms that a report can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person: the value in its context, the reason and the fix.
    Human,
    /// One line a finding, which editors and `grep` understand.
    Compact,
    /// For programs; versioned, and described by a JSON Schema.
    Json,
    /// The same, one line a finding.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for what shows tests.
    Junit,
    /// Annotations of a GitHub Actions job.
    Github,
    /// GitLab Code Quality.
    Gitlab,
    /// For a comment on a pull request.
    Markdown,
    /// For a spreadsheet.
    Csv,
    /// A page that needs nothing beside it.
    Html,
    /// OCSF Compliance Findings, for security data lakes.
    Ocsf,
    /// Requests that import findings into AWS Security Hub.
    Asff,
    /// OSCAL assessment results.
    Oscal,
}

/// How text for people is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub color: bool,
    /// Addresses are hyperlinks of the terminal.
    pub links: bool,
    /// Lines are drawn with box characters, not with ASCII.
    pub unicode: bool,
    /// Columns to fill at most.
    pub width: usize,
    /// Rows of the terminal. `None` for a file or a pipe.
    pub rows: Option<usize>,
    pub show: Show,
}

/// The content of text for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Show {
    pub group: Group,
    /// One line for each rule, not for each finding.
    pub statistics: bool,
    /// Findings of a lower severity are counted, not shown.
    pub least: Severity,
    /// The reason of every skipped verdict.
    pub verbose: bool,
    /// Waived findings are in SARIF, with `suppressions`.
    pub suppressions: bool,
}

impl Show {
    /// Every finding, and no reasons of skipped verdicts.
    pub const DEFAULT: Show = Show {
        group: Group::Auto,
        statistics: false,
        least: Severity::Info,
        verbose: false,
        suppressions: true,
    };
}

/// How findings are grouped for a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    /// By rule where a rule has many findings, else in order of severity.
    #[default]
    Auto,
    Rule,
    Pool,
}

impl Style {
    /// The style for a file or a pipe.
    pub const PLAIN: Style =
        Style { color: false, links: false, unicode: true, width: 100, rows: None, show: Show::DEFAULT };
}

impl Default for Style {
    fn default() -> Self {
        Style::PLAIN
    }
}

impl Format {
    pub const ALL: [Format; 14] = [
        Format::Human,
        Format::Compact,
        Format::Json,
        Format::Jsonl,
        Format::Sarif,
        Format::Junit,
        Format::Github,
        Format::Gitlab,
        Format::Markdown,
        Format::Csv,
        Format::Html,
        Format::Ocsf,
        Format::Asff,
        Format::Oscal,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Compact => "compact",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Sarif => "sarif",
            Format::Junit => "junit",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Markdown => "markdown",
            Format::Csv => "csv",
            Format::Html => "html",
            Format::Ocsf => "ocsf",
            Format::Asff => "asff",
            Format::Oscal => "oscal",
        }
    }

    /// The drawing of a report that acts on a terminal or a CI system.
    pub fn draws(self, style: Style) -> Draws {
        match self {
            Format::Human | Format::Compact => Draws::of_style(style),
            Format::Github => Draws::Commands,
            Format::Json
            | Format::Jsonl
            | Format::Sarif
            | Format::Gitlab
            | Format::Ocsf
            | Format::Asff
            | Format::Oscal => Draws::Json,
            Format::Junit | Format::Markdown | Format::Csv | Format::Html => Draws::Text,
        }
    }

    /// How much of each finding the format shows.
    pub fn detail(self, show: Show) -> Detail {
        match self {
            Format::Human if show.statistics => Detail::Places,
            Format::Human => human::detail(show.group),
            Format::Html => Detail::ALL,
            Format::Compact
            | Format::Json
            | Format::Jsonl
            | Format::Sarif
            | Format::Junit
            | Format::Github
            | Format::Gitlab
            | Format::Markdown
            | Format::Csv
            | Format::Ocsf
            | Format::Asff
            | Format::Oscal => Detail::Places,
        }
    }

    /// Reads the word for a format; the error is a sentence that names the nearest one.
    pub fn parse(word: &str) -> Result<Format, String> {
        let found = Format::ALL.into_iter().find(|format| format.word() == word);
        found.ok_or_else(|| {
            let help = suggest(word, Format::ALL.map(Format::word));
            format!("no report format is called `{word}`; {help}")
        })
    }
}

/// Reads a report that was written before: as JSON, as JSON lines, or as a page that has it embedded.
pub fn read(text: &str) -> Result<Recorded, Unreadable> {
    match html::embedded(text) {
        Some(embedded) => v1::read(&embedded?),
        None => v1::read(text),
    }
}

/// The answer of a run: one line without a period.
pub fn answer(report: &Report) -> String {
    summary::answer(report)
}

/// The number of verdicts of each kind on the controls: one line for each standard, without a period.
pub fn verdicts_on_controls(report: &Report) -> Vec<String> {
    summary::controls(report)
}

/// Writes the whole report.
pub fn write(format: Format, report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, style, out),
        Format::Compact => compact::write(report, style, out),
        Format::Json => v1::write(report, out),
        Format::Jsonl => v1::write_lines(report, out),
        Format::Sarif => sarif::write(report, style.show.suppressions, None, out),
        Format::Junit => junit::write(report, out),
        Format::Github => github::write(report, style, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Markdown => markdown::write(report, style.show.least, markdown::ROOM, out),
        Format::Csv => csv::write(report, out),
        Format::Html => html::write(report, journey::html::section(report.evaluation)?, out),
        Format::Ocsf => ocsf::write(report, out),
        Format::Asff => asff::write(report, out),
        Format::Oscal => oscal::write(report, out),
    }
}

/// The number of files that a report needs where its readers limit what a file holds.
pub fn files(format: Format, report: &Report) -> usize {
    match format {
        Format::Sarif => sarif::files(report),
        Format::Html => html::files(report, html::MOST),
        _ => 1,
    }
}

/// Writes one of the files of a report, by its position. `names` are those of all its files.
pub fn write_file(
    format: Format,
    report: &Report,
    style: Style,
    (file, names): (usize, &[String]),
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Sarif => sarif::write(report, style.show.suppressions, Some(file), out),
        Format::Html => {
            let ways = journey::html::section(report.evaluation)?;
            html::write_file(report, ways, (html::MOST, file, names), out)
        }
        _ => write(format, report, style, out),
    }
}

/// The number of findings, unknown verdicts and failed reads that a format has no place for.
pub fn left_out(format: Format, report: &Report) -> usize {
    if format == Format::Asff { asff::left_out(report) } else { 0 }
}

/// Writes the summary of a GitHub Actions step: the Markdown report, in at most as many bytes as there is room for.
pub fn step_summary(report: &Report, least: Severity, room: usize, out: &mut dyn Write) -> io::Result<()> {
    markdown::write(report, least, room, out)
}
