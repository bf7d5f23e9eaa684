//! Arguments for waivers, baselines and `--since`.

use std::path::PathBuf;

use clap::Args;

use crate::value::Day;

/// Decisions about findings.
#[derive(Args, Debug)]
#[command(next_help_heading = "Decisions")]
pub(crate) struct DecisionArgs {
    /// A file with waivers, in addition to those of the configuration. Can be given several times.
    #[arg(long = "waivers", value_name = "FILE")]
    pub waivers: Vec<PathBuf>,
    /// Ignore all waivers, so that every finding counts.
    #[arg(long)]
    pub no_waivers: bool,
    /// A baseline; findings that it records are known, and do not fail the run.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Compare with an earlier JSON report, or a directory of them: show which findings are new, still there or fixed.
    /// Can be given several times.
    #[arg(long = "since", value_name = "REPORT|DIR")]
    pub since: Vec<PathBuf>,
    /// The date for waivers and rules about age, in UTC [default: today].
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub today: Option<Day>,
}

pub(super) fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a day is written like 2027-01-31".to_owned())
}
