//! Arguments for writing baselines and waivers, and for trends.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::CheckArgs;
use super::unused::{by_prune, by_waive, by_write};
use crate::value::Day;

#[derive(Debug, Subcommand)]
pub(crate) enum BaselineCommand {
    /// Record the findings of today, so that a check with `--baseline` fails only on new ones.
    #[command(mut_args(by_write))]
    Write {
        /// The file to write.
        #[arg(long, short, value_name = "FILE", default_value = "baseline.toml")]
        output: PathBuf,
        #[command(flatten)]
        check: Box<CheckArgs>,
    },
    /// Remove fixed findings from the file that `--baseline` names.
    #[command(mut_args(by_prune))]
    Prune {
        #[command(flatten)]
        check: Box<CheckArgs>,
    },
}

#[derive(Args, Debug)]
#[command(mut_args(by_waive))]
pub(crate) struct WaiveArgs {
    /// The rule's id.
    #[arg(required_unless_present = "from_comments")]
    pub rule: Option<String>,
    /// The pool's id, its ARN, or its name.
    #[arg(value_name = "ID|ARN|NAME", required_unless_present = "from_comments")]
    pub waived_pool: Option<String>,
    /// List what suppresses checks of other programs near the user pools of these inputs, as waivers for review.
    ///
    /// Comments of Checkov, tfsec, Trivy, KICS, tflint, Terrascan and Semgrep, and metadata for cfn-lint, cfn-nag,
    /// cdk-nag, cfn-guard and Checkov. `check` does not look at them.
    #[arg(long, value_name = "INPUT", num_args = 1.., conflicts_with_all = ["rule", "waived_pool", "inputs"])]
    pub from_comments: Vec<PathBuf>,
    /// Who accepts the finding.
    #[arg(long, value_name = "WHO")]
    pub owner: Option<String>,
    /// Why it is accepted.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The last day on which the waiver has effect [default: 90 days from today].
    #[arg(long, value_name = "DATE", value_parser = super::decisions::day)]
    pub expires: Option<Day>,
    #[command(flatten)]
    pub check: Box<CheckArgs>,
}

#[derive(Args, Debug)]
pub(crate) struct TrendArgs {
    /// A directory of JSON reports, or one report.
    #[arg(value_name = "DIR")]
    pub reports: PathBuf,
    /// Also write the chart to this file, as SVG.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}
