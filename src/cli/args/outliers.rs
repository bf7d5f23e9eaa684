//! Arguments of `outliers`.

use std::path::PathBuf;

use clap::Args;

use super::{FailOnDrift, FilesArgs, LiveArgs, PolicyArgs, TemplateArgs, VariableArgs};
use crate::outlier::{By, SiblingPattern};

#[derive(Args, Debug)]
pub(crate) struct OutliersArgs {
    /// Snapshots, saved answers, Terraform configurations, plans or states, CloudFormation templates, directories of
    /// them, or `-` for standard input. Without any, live pools are read with all their sections.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Compare pools of one account, Region, value of a tag, or pattern of names: account, region, tag:NAME, or a
    /// pattern with `*`. Can be given several times: conditions of different kinds divide further, each pattern is a
    /// group. Without it all pools are one group.
    #[arg(long, value_name = "account|region|tag:NAME|PATTERN", value_parser = By::parse)]
    pub by: Vec<By>,
    /// Compare each pool with its sibling instead: two patterns with one `*` each, such as `stage-*=prod-*`. Can be
    /// given several times.
    #[arg(long = "pair", value_name = "LEFT=RIGHT", value_parser = SiblingPattern::parse)]
    #[arg(conflicts_with_all = ["by", "since", "most", "least"])]
    pub pairs: Vec<SiblingPattern>,
    /// Say since when each outlier has its value: an earlier snapshot, or a directory of them. Can be given several
    /// times.
    #[arg(long, value_name = "SNAPSHOT|DIR")]
    pub since: Vec<PathBuf>,
    /// How many percent of the pools of which a value is known must agree on it [default: 80].
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(51..=99))]
    pub most: Option<u32>,
    /// The least number of pools that can say something: of a group, and of those that have an element [default: 5].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3..))]
    pub least: Option<u32>,
    /// Which outliers fail the run.
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = FailOnDrift::Never)]
    pub fail_on_outliers: FailOnDrift,
    /// Write a report to standard output or to a file: human, json or html. Can be given several times.
    #[arg(long = "report", value_name = "FORMAT[=FILE]", value_parser = super::name())]
    pub reports: Vec<String>,
    /// Having nothing to compare is fine.
    #[arg(long)]
    pub allow_empty: bool,
    /// Print nothing on standard output; the exit code is the answer.
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
