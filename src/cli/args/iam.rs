//! The arguments of `iam-policy`.

use clap::Args;

use super::PolicyArgs;

#[derive(Args, Debug)]
pub(crate) struct IamArgs {
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Print the policy for `snapshot`, which reads every section.
    #[arg(long, conflicts_with_all = ["rules", "off", "config"])]
    pub snapshot: bool,
    /// Print the policy for a run with `--all-regions`.
    #[arg(long)]
    pub all_regions: bool,
    /// Print the policy for `drift --who`, which searches the event history of CloudTrail.
    #[arg(long)]
    pub who: bool,
    /// Print the policy for the credentials that assume the roles of the accounts, instead of the policy for those
    /// roles.
    #[arg(long)]
    pub caller: bool,
}
