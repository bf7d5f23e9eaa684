//! The arguments of `merge`.

use std::path::PathBuf;

use clap::Args;

use super::ShowArgs;

#[derive(Args, Debug)]
pub(crate) struct MergeArgs {
    /// Reports of shards or of single accounts, as `--report json=FILE` or `--report jsonl=FILE` wrote them, or a
    /// directory of them.
    #[arg(required = true, value_name = "REPORT")]
    pub reports_to_merge: Vec<PathBuf>,
    /// Write a report to standard output or to a file: human, compact, json, jsonl, sarif, junit, github, gitlab,
    /// markdown, csv, html, ocsf, asff or oscal. Can be given several times.
    #[arg(long = "report", value_name = "FORMAT[=FILE]", value_parser = super::name())]
    pub reports: Vec<String>,
    /// The expected number of reports, such as one for each account; any other number is an error.
    #[arg(long, value_name = "NUMBER")]
    pub expect: Option<usize>,
    #[command(flatten)]
    pub show: ShowArgs,
    /// Print nothing on standard output; only the exit code gives the result.
    #[arg(long, short, overrides_with = "quiet")]
    pub quiet: bool,
}
