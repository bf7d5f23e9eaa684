//! Arguments about live pools.

use std::time::Duration;

use clap::Args;

use crate::source::live::{RoleArn, is_session_name};

#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Live pools")]
pub(crate) struct LiveArgs {
    /// Profile of the AWS configuration, as for the AWS CLI.
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Region to read. Can be given several times.
    #[arg(long = "region", value_name = "REGION")]
    pub regions: Vec<String>,
    /// Read every Region that is enabled for the account.
    #[arg(long, conflicts_with = "regions")]
    pub all_regions: bool,
    /// Read one account, and assume this role in it; replaces the accounts of the configuration.
    #[arg(long, value_name = "ARN", value_parser = RoleArn::parse)]
    pub role_arn: Option<RoleArn>,
    /// The external id that the role's trust policy requires. Other users of this machine can see it here; in the
    /// configuration, they cannot.
    #[arg(long, value_name = "ID", requires = "role_arn")]
    pub external_id: Option<String>,
    /// The session name of the role, as it appears in CloudTrail [default: cognito-lint].
    #[arg(long, value_name = "NAME", value_parser = session_name, requires = "role_arn")]
    pub role_session_name: Option<String>,
    /// Read only this pool: id, ARN, or name with `*` and `?`. Can be given several times.
    #[arg(long = "pool", value_name = "ID|ARN|NAME")]
    pub pools: Vec<String>,
    /// Endpoint of every service that is called, for an emulator. To replace the endpoint of Cognito alone, set the
    /// environment variable `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`.
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Requests a second for each category of operations, in each account and Region, instead of the service's quotas
    /// (15, 20 and 15). Lower it to leave room for other programs; raise it for an emulator or a raised quota. Each
    /// operation on one pool stays at 5 a second, or at a quarter of N if that is more. Shards share the rate.
    #[arg(long, value_name = "N")]
    pub max_rps: Option<f64>,
    /// The time limit for reading, such as `90s`, `10m` or `1h`. Pools read by then are judged, the others are reported
    /// as unread, and the run is incomplete [default: no limit].
    #[arg(long, value_name = "DURATION", value_parser = crate::config::duration)]
    pub timeout: Option<Duration>,
    /// Print each request on standard error: what it was for, how long it took and what came of it.
    #[arg(skip)]
    pub verbose: bool,
}

fn session_name(text: &str) -> Result<String, String> {
    let help = "it has 2 to 64 letters, digits and `_+=,.@-`";
    if is_session_name(text) { Ok(text.to_owned()) } else { Err(help.to_owned()) }
}
