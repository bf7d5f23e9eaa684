//! Arguments of `evidence`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::decisions::day;
use super::{LiveArgs, PolicyArgs};
use crate::value::Day;

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct EvidenceArgs {
    #[command(subcommand)]
    pub command: Option<EvidenceCommand>,
    #[command(flatten)]
    pub pack: PackArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceCommand {
    /// Check an evidence pack: judge its snapshot again, and compare every verdict.
    ///
    /// Exit codes: 0 everything is the same, 1 verdicts or documents differ, 2 the file is not an evidence pack or was
    /// changed, 3 the verdicts are the same, but another version wrote the documents.
    Verify(VerifyArgs),
}

#[derive(Args, Debug)]
pub(crate) struct VerifyArgs {
    /// The evidence pack.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// A statement that `--attest` wrote, or the DSSE envelope that a tool made of it. The signature is not checked:
    /// use that tool.
    #[arg(long, value_name = "STATEMENT")]
    pub attest: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct PackArgs {
    /// Saved `aws cognito-idp describe-user-pool` output, a snapshot, a directory of them, or `-` for standard input.
    /// Without any, live pools are read.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// A pack with controls, such as `pci-dss-4`. Can be given several times; replaces the rules of the configuration,
    /// as `--rules` does.
    #[arg(long = "pack", value_name = "PACK")]
    pub packs: Vec<String>,
    /// The ZIP file to write.
    #[arg(long, short, value_name = "FILE", required = true)]
    pub output: Option<PathBuf>,
    /// Also write an in-toto statement for other tools to sign: the pools with their digests, and the verdicts.
    #[arg(long, value_name = "FILE")]
    pub attest: Option<PathBuf>,
    /// Print nothing on standard error except what is missing.
    #[arg(long, short, overrides_with = "quiet")]
    pub quiet: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// A file with waivers, in addition to those of the configuration. Can be given several times.
    #[arg(long = "waivers", value_name = "FILE", help_heading = "Decisions")]
    pub waivers: Vec<PathBuf>,
    /// Ignore all waivers, so that every finding counts.
    #[arg(long, help_heading = "Decisions")]
    pub no_waivers: bool,
    /// The date for waivers and rules about age, in UTC [default: the time of the snapshot, or else now].
    #[arg(long, value_name = "DATE", value_parser = day, help_heading = "Decisions")]
    pub today: Option<Day>,
    #[command(flatten)]
    pub live: LiveArgs,
}
