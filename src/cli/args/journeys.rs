//! Arguments of `journeys`.

use std::path::PathBuf;

use clap::Args;

use super::{ConfigArgs, FilesArgs, LiveArgs, TemplateArgs, Unknown, VariableArgs};

#[derive(Args, Debug)]
pub(crate) struct JourneysArgs {
    /// Snapshots, saved answers, Terraform configurations, plans or states, CloudFormation templates, directories of
    /// them, or `-` for standard input. Without any, live pools are read.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Write a report to standard output or to a file: human, json, jsonl, mermaid, dot, svg or html. Can be given
    /// several times.
    #[arg(long = "report", value_name = "FORMAT[=FILE]")]
    pub reports: Vec<String>,
    /// The effect of an unknown answer [default: fail].
    #[arg(long, value_enum, value_name = "HOW")]
    pub unknown: Option<Unknown>,
    /// Exit with code 0 if no pool is found.
    #[arg(long)]
    pub allow_empty: bool,
    /// Print nothing on standard output; only the exit code gives the result.
    #[arg(long, short, overrides_with = "quiet")]
    pub quiet: bool,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub files: FilesArgs,
    #[command(flatten)]
    pub template: TemplateArgs,
    #[command(flatten)]
    pub variables: VariableArgs,
    #[command(flatten)]
    pub live: LiveArgs,
}
