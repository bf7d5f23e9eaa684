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
    /// Compare with an earlier JSON report, a directory of them, or a snapshot: show which findings are new, still
    /// there or fixed. Can be given several times.
    #[arg(long = "since", value_name = "REPORT|DIR|SNAPSHOT")]
    pub since: Vec<PathBuf>,
    /// The date for waivers and rules about age, in UTC [default: today].
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub today: Option<Day>,
}

/// Who made the changes since an earlier snapshot.
#[derive(Args, Debug)]
#[command(next_help_heading = "Decisions")]
pub(crate) struct CallerArgs {
    /// Name the caller of each change behind a finding since the snapshot of `--since`, from look-ups in `CloudTrail`.
    /// Needs the permission `cloudtrail:LookupEvents`.
    #[arg(long, requires = "since", conflicts_with = "inputs", hide_short_help = true)]
    pub who: bool,
    /// Name the caller of each change behind a finding since the snapshot of `--since`, from records of `CloudTrail`:
    /// log files of a trail, the output of `aws cloudtrail lookup-events`, or events of `EventBridge`. Can be given
    /// several times.
    #[arg(long = "trail", value_name = "FILE|DIR|-", requires = "since", conflicts_with = "with_live")]
    #[arg(hide_short_help = true)]
    pub trails: Vec<PathBuf>,
}

pub(super) fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a day is written like 2027-01-31".to_owned())
}
