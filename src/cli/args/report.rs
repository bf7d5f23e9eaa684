//! The arguments of `report`.

use std::path::PathBuf;

use clap::Args;

use super::ShowArgs;

#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// A report that `--report` wrote as json, jsonl or html.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Write a report to standard output or to a file: human, compact, json, jsonl, sarif, junit, github, gitlab,
    /// markdown, csv, html, ocsf, asff or oscal. Can be given several times.
    #[arg(long = "report", value_name = "FORMAT[=FILE]", value_parser = super::name())]
    pub reports: Vec<String>,
    #[command(flatten)]
    pub show: ShowArgs,
    /// Print nothing on standard output; only the exit code gives the result.
    #[arg(long, short, overrides_with = "quiet")]
    pub quiet: bool,
}
