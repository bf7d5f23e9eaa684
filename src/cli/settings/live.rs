//! Live pools: accounts, Regions, pools, and how fast they are read.

use std::env;

use super::{list, origin};
use crate::cli::args::CheckArgs;
use crate::cli::{Failure, inputs};
use crate::config::{AwsConfig, Config};
use crate::report::settings::{Origin, Setting};
use crate::source::live::{Account, Organization, Request, Session, without_user};

/// More accounts than this are counted, not listed.
const LISTED: usize = 10;

pub(super) fn live(args: &CheckArgs, config: Option<&Config>) -> Result<Vec<Setting>, Failure> {
    let request = inputs::request(&args.live, config)?;
    let none = AwsConfig::default();
    let (own, written) = (&args.live, config.map_or(&none, |config| &config.aws));
    let in_configuration =
        config.is_some_and(|config| !config.accounts.is_empty() || config.organization.is_some());
    let rate = match own.max_rps.or(written.max_rps) {
        Some(rate) => format!("{rate} requests a second"),
        None => "the quotas of the service: 15, 20 and 15 requests a second".to_owned(),
    };
    let limit = request.time_limit.map_or("none".to_owned(), |limit| format!("{} s", limit.as_secs()));
    Ok(vec![
        or_variable(
            "profile",
            request.profile.as_ref(),
            origin(own.profile.is_some(), written.profile.is_some()),
            (&["AWS_PROFILE"], "default"),
        ),
        Setting::new("accounts", accounts(&request), origin(own.role_arn.is_some(), in_configuration)),
        regions(
            &request,
            origin(
                own.all_regions || !own.regions.is_empty(),
                written.all_regions || !written.regions.is_empty(),
            ),
        ),
        Setting::new(
            "pools",
            list(&request.pools, "all"),
            origin(!own.pools.is_empty(), !written.pools.is_empty()),
        ),
        or_variable(
            "endpoint-url",
            request.endpoint_url.as_ref(),
            origin(own.endpoint_url.is_some(), written.endpoint_url.is_some()),
            (&["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "AWS_ENDPOINT_URL"], "those of AWS"),
        ),
        Setting::new("max-rps", rate, origin(own.max_rps.is_some(), written.max_rps.is_some())),
        Setting::new("timeout", limit, origin(own.timeout.is_some(), written.timeout.is_some())),
    ])
}

/// A setting that variables of the environment decide where nothing else does.
fn or_variable(
    setting: &'static str,
    value: Option<&String>,
    from: Origin,
    (variables, default): (&[&'static str], &str),
) -> Setting {
    match value {
        Some(value) => Setting::new(setting, without_user(value), from),
        None => match set(variables) {
            Some((name, value)) => Setting::new(setting, without_user(&value), Origin::By(name)),
            None => Setting::new(setting, default.to_owned(), Origin::Default),
        },
    }
}

/// The first variable that is set, with its value.
fn set(variables: &[&'static str]) -> Option<(&'static str, String)> {
    let value = |name: &&'static str| Some((*name, env::var(*name).ok().filter(|value| !value.is_empty())?));
    variables.iter().find_map(value)
}

fn regions(request: &Request, from: Origin) -> Setting {
    match (request.all_regions, request.regions.is_empty()) {
        (true, _) => Setting::new("regions", "all that are enabled".to_owned(), from),
        (false, false) => Setting::new("regions", request.regions.join(", "), from),
        (false, true) => {
            let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"];
            or_variable("regions", None, from, (&variables, "that of the profile in the AWS configuration"))
        }
    }
}

fn accounts(request: &Request) -> String {
    let mut all: Vec<String> = request.accounts.iter().take(LISTED).map(account).collect();
    if request.accounts.len() > LISTED {
        all.push(format!("{} more", request.accounts.len() - LISTED));
    }
    all.extend(request.organization.as_ref().map(organization));
    if all.is_empty() { "that of the credentials".to_owned() } else { all.join("; ") }
}

/// `payments: role arn:..., profile audit, eu-west-1`. An external id is never printed.
fn account(account: &Account) -> String {
    let Account { name, profile, role, regions } = account;
    let mut parts = Vec::new();
    if let Some(role) = role {
        parts.push(format!("role {}{}", role.arn, session(&role.session)));
    }
    parts.extend(profile.iter().map(|profile| format!("profile {profile}")));
    parts.extend(regions.iter().cloned());
    let parts = if parts.is_empty() { "the credentials of the run".to_owned() } else { parts.join(", ") };
    name.as_ref().map_or(parts.clone(), |name| format!("{name}: {parts}"))
}

fn organization(organization: &Organization) -> String {
    let Organization { role_name, session: own, accounts, exclude } = organization;
    let which = match (&accounts[..], &exclude[..]) {
        ([], []) => String::new(),
        ([], exclude) => format!(", but for {}", exclude.join(", ")),
        (accounts, _) => format!(", only {}", accounts.join(", ")),
    };
    format!("those of the organization: role {role_name}{}{which}", session(own))
}

fn session(session: &Session) -> String {
    let id = if session.external_id.is_some() { " with an external id" } else { "" };
    let name = session.name.as_ref().map_or_else(String::new, |name| format!(" as {name}"));
    format!("{id}{name}")
}
