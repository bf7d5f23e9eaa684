//! Arguments of `fix`.

use std::path::PathBuf;

use clap::Args;

use super::{LiveArgs, PolicyArgs, TemplateArgs, VariableArgs};

#[derive(Args, Debug)]
pub(crate) struct FixArgs {
    /// The pool: id, ARN or name; or the file that declares it (`main.tf` or a template), to fix it there.
    #[arg(value_name = "POOL|FILE")]
    pub pool: String,
    /// Saved answers that contain the pool. Without any, the live pool is read.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Fix only the findings of this rule. Can be given several times.
    #[arg(long = "rule", value_name = "RULE")]
    pub rule: Vec<String>,
    /// Set this value, for rules that leave the value to you. Can be given several times.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Write the changes to the file. Without this option, they are shown as a diff.
    #[arg(long)]
    pub write: bool,
    /// External id of the pool's SMS role, which is never stored when a pool is read.
    #[arg(long, value_name = "ID")]
    pub sms_external_id: Option<String>,
    /// Write each input to a file in this directory, and print the commands that send them.
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub policy: PolicyArgs,
    #[command(flatten)]
    pub template: TemplateArgs,
    #[command(flatten)]
    pub variables: VariableArgs,
    #[command(flatten)]
    pub live: LiveArgs,
}
