//! The arguments of `iam-policy`.

use clap::Args;

use super::PolicyArgs;

#[derive(Args, Debug)]
pub(crate) struct IamArgs {
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// For `snapshot`, which reads every section.
    #[arg(long, conflicts_with_all = ["rules", "off", "config"])]
    pub snapshot: bool,
    /// For a run with `--all-regions`.
    #[arg(long)]
    pub all_regions: bool,
    /// For `drift --who`, which looks up events in `CloudTrail`.
    #[arg(long)]
    pub who: bool,
    /// For the credentials that assume the roles of the configuration's accounts, in place of those roles.
    #[arg(long)]
    pub caller: bool,
}
