//! Arguments of `drift`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{LiveArgs, PolicyArgs, TemplateArgs, VariableArgs};
use crate::drift::Match;

#[derive(Args, Debug)]
pub(crate) struct DriftArgs {
    /// The recorded or desired pools: a snapshot, saved answers, a Terraform configuration, plan or state, a
    /// CloudFormation template, or a directory of them.
    pub recorded: PathBuf,
    /// The current pools, in any of these forms. Without it, live pools are read: the recorded ones, or those that
    /// `--pool` and `--region` select.
    pub current: Option<PathBuf>,
    /// Compare one pool with another: ids, ARNs or names; `*` on one side stands for every pool. Can be given several
    /// times.
    #[arg(long = "match", value_name = "RECORDED=CURRENT", value_parser = Match::parse)]
    pub matches: Vec<Match>,
    /// The kind of drift that fails the run.
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = FailOnDrift::Any)]
    pub fail_on_drift: FailOnDrift,
    /// Say who made each change of the live pools, by a search in the event history of CloudTrail. Needs the permission
    /// `cloudtrail:LookupEvents`.
    #[arg(long, conflicts_with = "current")]
    pub who: bool,
    /// Say who made each change, from records of CloudTrail: log files of a trail, the output of `aws cloudtrail
    /// lookup-events`, or events of EventBridge. Can be given several times.
    #[arg(long = "trail", value_name = "FILE|DIR|-")]
    pub trails: Vec<PathBuf>,
    /// Write a report to standard output or to a file: human, compact, json, markdown, html, sarif or junit. Can be
    /// given several times.
    #[arg(long = "report", value_name = "FORMAT[=FILE]", value_parser = super::name())]
    pub reports: Vec<String>,
    /// End with 0 when there is nothing to compare.
    #[arg(long)]
    pub allow_empty: bool,
    /// Print nothing on standard output; only the exit code gives the result.
    #[arg(long, short, overrides_with = "quiet")]
    pub quiet: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
    #[command(flatten)]
    pub live: LiveArgs,
    #[command(flatten)]
    pub templates: TemplateArgs,
    #[command(flatten)]
    pub variables: VariableArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FailOnDrift {
    /// Every change, and every added or removed pool.
    Any,
    /// Changes that weakened policy.
    Weakened,
    Never,
}
