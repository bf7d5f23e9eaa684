//! Arguments for waivers, baselines and `--since`.

use std::path::PathBuf;

use clap::Args;

use crate::value::Day;

/// Decisions about findings.
#[derive(Args, Debug)]
#[command(next_help_heading = "Decisions")]
pub(crate) struct DecisionArgs {
    /// A file with waivers, beside those of the configuration. Can be given several times.
    #[arg(long = "waivers", value_name = "FILE")]
    pub waivers: Vec<PathBuf>,
    /// Use no waivers, so that everything counts.
    #[arg(long)]
    pub no_waivers: bool,
    /// A baseline: findings that are in it are known, and do not fail the run.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// An earlier JSON report, or a directory of them: says what is new, still there and fixed. Can be given several times.
    #[arg(long = "since", value_name = "REPORT|DIR")]
    pub since: Vec<PathBuf>,
    /// The date for waivers and for rules about age, in UTC [default: today].
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub today: Option<Day>,
}

pub(super) fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a day is written like 2027-01-31".to_owned())
}
