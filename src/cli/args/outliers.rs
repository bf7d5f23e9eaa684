//! Arguments of `outliers`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{FilesArgs, LiveArgs, PolicyArgs, TemplateArgs, VariableArgs};
use crate::outlier::{By, SiblingPattern};

#[derive(Args, Debug)]
pub(crate) struct OutliersArgs {
    /// Snapshots, saved answers, Terraform configurations, plans or states, CloudFormation templates, directories of
    /// them, or `-` for standard input. Without any, live pools are read with all their sections.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Group pools by `account`, by `region`, by the value of a tag (`tag:NAME`), or by a pattern of names with `*`.
    /// Can be given several times: conditions of different kinds divide the groups further, and each pattern is a
    /// group. Without it, all pools are one group.
    #[arg(long, value_name = "account|region|tag:NAME|PATTERN", value_parser = By::parse)]
    pub by: Vec<By>,
    /// Compare pools in pairs instead: two patterns with one `*` each, such as `stage-*=prod-*`. Can be given several
    /// times.
    #[arg(long = "pair", value_name = "LEFT=RIGHT", value_parser = SiblingPattern::parse)]
    #[arg(conflicts_with_all = ["by", "since", "most", "least"])]
    pub pairs: Vec<SiblingPattern>,
    /// Say since when each outlier has its value, from an earlier snapshot or a directory of them. Can be given several
    /// times.
    #[arg(long, value_name = "SNAPSHOT|DIR")]
    pub since: Vec<PathBuf>,
    /// The percentage of the pools with a known value that must agree on it [default: 80].
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(51..=99))]
    pub most: Option<u32>,
    /// The least number of pools to compare, in a group and among the pools that have an element [default: 5].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3..))]
    pub least: Option<u32>,
    /// The kind of outliers that fails the run.
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = FailOnOutliers::Never)]
    pub fail_on_outliers: FailOnOutliers,
    /// Write a report to standard output or to a file: human, json or html. Can be given several times.
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
    pub files: FilesArgs,
    #[command(flatten)]
    pub templates: TemplateArgs,
    #[command(flatten)]
    pub variables: VariableArgs,
    #[command(flatten)]
    pub live: LiveArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FailOnOutliers {
    /// Every pool unlike its siblings.
    Any,
    /// Pools that are weaker than their siblings by a rule.
    Weakened,
    Never,
}
