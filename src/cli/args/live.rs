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
    /// Read every Region that is switched on for the account.
    #[arg(long, conflicts_with = "regions")]
    pub all_regions: bool,
    /// Read one account, and assume this role in it; replaces the accounts of the configuration.
    #[arg(long, value_name = "ARN", value_parser = RoleArn::parse)]
    pub role_arn: Option<RoleArn>,
    /// The external id that the role's trust policy asks for. In the configuration, others on this machine do not see
    /// it.
    #[arg(long, value_name = "ID", requires = "role_arn")]
    pub external_id: Option<String>,
    /// The name of the session in the account's logs [default: cognito-lint].
    #[arg(long, value_name = "NAME", value_parser = session_name, requires = "role_arn")]
    pub role_session_name: Option<String>,
    /// Only this pool: id, ARN, or name with `*` and `?`. Can be given several times.
    #[arg(long = "pool", value_name = "ID|ARN|NAME")]
    pub pools: Vec<String>,
    /// Address of every service that is called, for an emulator. To move Cognito alone, such as to a private
    /// endpoint, set `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`.
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Requests a second of each category of operations, for each account and Region, in place of the service's
    /// quotas (15, 20 and 15): less to leave room for others, more for an emulator or a raised quota. Each
    /// operation on one pool keeps to 5 a second, or a quarter of N where that is more. Shards share it.
    #[arg(long, value_name = "N")]
    pub max_rps: Option<f64>,
    /// The time limit of reading, such as `90s`, `10m` or `1h`. Pools that are read by then are judged, the others
    /// are reported as unread, and the run is incomplete [default: no limit].
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
