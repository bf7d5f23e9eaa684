//! The arguments of commands that show what the program knows.

use clap::Args;

use super::ConfigArgs;
use crate::editor::File;
use crate::report;

#[derive(Args, Debug)]
pub(crate) struct ControlsArgs {
    /// Show the controls of this pack.
    #[arg(value_name = "PACK")]
    pub pack: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct SchemaArgs {
    /// Show only this path and what is inside it.
    pub path: Option<String>,
    /// Print the JSON Schema of files of this kind, for editors: rules, tests, packs, configuration, waivers or
    /// members; or of a report for programs: report, drift or journeys.
    #[arg(long = "for", value_name = "FILES", value_parser = described, conflicts_with_all = ["path", "json"])]
    pub file: Option<Described>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Something that a JSON Schema describes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Described {
    File(File),
    /// A report for programs, by its schema.
    Report(&'static str),
}

const REPORTS: [(&str, &str); 3] =
    [("report", report::JSON_SCHEMA), ("drift", report::DRIFT_SCHEMA), ("journeys", report::journey::SCHEMA)];

fn described(word: &str) -> Result<Described, String> {
    let file = File::ALL.into_iter().find(|file| file.word() == word).map(Described::File);
    let of_report =
        || REPORTS.into_iter().find(|(own, _)| *own == word).map(|(_, schema)| Described::Report(schema));
    let words = File::ALL.map(File::word).into_iter().chain(REPORTS.map(|(own, _)| own));
    file.or_else(of_report).ok_or_else(|| crate::diagnostic::suggest(word, words))
}
