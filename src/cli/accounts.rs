//! Which accounts and Regions a live run reads: the command line wins over the configuration.

use super::Failure;
use super::args::LiveArgs;
use crate::config::Config;
use crate::source::live::{Account, ExternalId, Organization, Role, Session};

/// The accounts to read if there are no inputs.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    pub named: Vec<Account>,
    pub organization: Option<Organization>,
    /// For every account that has none of its own.
    pub regions: Vec<String>,
    pub all_regions: bool,
}

pub(super) fn accounts(live: &LiveArgs, config: Option<&Config>) -> Result<Accounts, Failure> {
    let mut chosen = config.map_or_else(Accounts::default, |config| Accounts {
        named: config.accounts.clone(),
        organization: config.organization.clone(),
        regions: config.aws.regions.clone(),
        all_regions: config.aws.all_regions,
    });
    if let Some(arn) = &live.role_arn {
        // Not by the parser of arguments, which repeats what it does not take.
        let external_id = live.external_id.as_deref().map(ExternalId::parse).transpose();
        let external_id =
            external_id.map_err(|why| Failure::Other(miette::miette!("`--external-id`: {why}")))?;
        let session = Session { external_id, name: live.role_session_name.clone() };
        let role = Some(Role { arn: arn.clone(), session });
        chosen =
            Accounts { named: vec![Account { role, ..Account::default() }], organization: None, ..chosen };
    }
    if live.all_regions || !live.regions.is_empty() {
        chosen.regions.clone_from(&live.regions);
        chosen.all_regions = live.all_regions;
        for account in &mut chosen.named {
            account.regions.clear();
        }
    }
    Ok(chosen)
}
