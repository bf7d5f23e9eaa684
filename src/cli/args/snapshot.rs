//! Arguments of `snapshot`.

use std::path::PathBuf;

use clap::Args;

use super::{ConfigArgs, LiveArgs};

#[derive(Args, Debug)]
pub(crate) struct SnapshotArgs {
    /// Saved `aws cognito-idp describe-user-pool` output, a snapshot, a directory of them, or `-` for standard input.
    /// Without any, live pools are read.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// The file to write; `-` or none is standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Exit with code 0 if no pool is found.
    #[arg(long)]
    pub allow_empty: bool,
    /// Print nothing on standard error except what could not be read.
    #[arg(long, short, overrides_with = "quiet")]
    pub quiet: bool,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub live: LiveArgs,
}
