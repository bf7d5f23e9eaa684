//! Inputs of a run: files, or live pools where none are named.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::accounts::{Accounts, accounts};
use super::args::LiveArgs;
use super::{Failure, load, progress, signals};
use crate::config::{AwsConfig, Config};
use crate::diagnostic::SourceDiagnostic;
use crate::pool::{PoolPattern, Section};
use crate::shard::Shard;
use crate::source::input::{self, Input, LeftOut};
use crate::source::live::{Quotas, Request};
use crate::source::{Delivery, Memory, snapshot};

/// The pools of the inputs, or of AWS if there are none.
pub(super) fn pools(
    inputs: &[PathBuf],
    live: &LiveArgs,
    config: Option<&Config>,
    sections: BTreeSet<Section>,
    shard: Option<Shard>,
    quiet: bool,
) -> Result<Box<dyn Iterator<Item = Delivery> + Send>, Failure> {
    if inputs.is_empty() {
        let request = request(live, config)?;
        let (progress, shown) = progress::begin(live.verbose, quiet);
        let reading = signals::Reading::begin();
        let deliveries = read_live(Request { sections, shard, progress, ..request })?;
        // The progress display ends with the last delivery, so that nothing is drawn into the report.
        let mut memory = Memory::default();
        let until_then = move |delivery| {
            _ = (&shown, &reading);
            snapshot::recorded(delivery, &mut memory)
        };
        return Ok(Box::new(deliveries.map(until_then)));
    }
    pools_of_files(inputs, live, BTreeMap::new(), LeftOut::default())
}

/// Reads live pools.
#[cfg(feature = "live")]
#[expect(clippy::unnecessary_wraps, reason = "a program without the feature has an error here")]
pub(super) fn read_live(request: Request) -> Result<impl Iterator<Item = Delivery> + Send, Failure> {
    Ok(crate::source::aws::read(request))
}

/// The error of a program that cannot read live pools.
#[cfg(not(feature = "live"))]
pub(super) fn read_live(_: Request) -> Result<std::iter::Empty<Delivery>, Failure> {
    Err(Failure::Other(miette::miette!(
        help = "name files to read, or install the program with its default features",
        "this program was built without the feature `live`, and cannot read live pools"
    )))
}

/// The pools of the inputs, in which templates are given parameters.
pub(super) fn pools_of_files(
    inputs: &[PathBuf],
    live: &LiveArgs,
    parameters: BTreeMap<String, String>,
    left_out: LeftOut,
) -> Result<Box<dyn Iterator<Item = Delivery> + Send>, Failure> {
    no_live_options(live)?;
    let inputs = inputs.iter().map(Input::parse).collect();
    Ok(Box::new(input::open_with(inputs, parameters, left_out)))
}

/// Refuses options for live pools where inputs are named.
pub(super) fn no_live_options(live: &LiveArgs) -> Result<(), Failure> {
    let flags = [
        ("--profile", live.profile.is_some()),
        ("--region", !live.regions.is_empty()),
        ("--all-regions", live.all_regions),
        ("--role-arn", live.role_arn.is_some()),
        ("--pool", !live.pools.is_empty()),
        ("--endpoint-url", live.endpoint_url.is_some()),
        ("--max-rps", live.max_rps.is_some()),
        ("--timeout", live.timeout.is_some()),
    ];
    if let Some((flag, _)) = flags.iter().find(|(_, given)| *given) {
        let help = "leave the inputs out to read live pools, or leave the option out";
        return Err(Failure::Other(miette::miette!(
            help = help,
            "`{flag}` is for live pools, but inputs were given"
        )));
    }
    Ok(())
}

pub(super) fn request(live: &LiveArgs, config: Option<&Config>) -> Result<Request, Failure> {
    let none = AwsConfig::default();
    let written = config.map_or(&none, |config| &config.aws);
    let pools =
        if live.pools.is_empty() { patterns_of_config(config, written)? } else { patterns(&live.pools)? };
    let default = Request::default();
    let given = live.max_rps.or(written.max_rps);
    if given.is_some_and(|max_rps| !(max_rps.is_finite() && max_rps > 0.0)) {
        return Err(Failure::Other(miette::miette!("`--max-rps` must be more than 0")));
    }
    let Accounts { named, organization, regions, all_regions } = accounts(live, config)?;
    Ok(Request {
        profile: live.profile.clone().or_else(|| written.profile.clone()),
        regions,
        all_regions,
        accounts: named,
        organization,
        endpoint_url: live.endpoint_url.clone().or_else(|| written.endpoint_url.clone()),
        pools,
        quotas: given.map_or(default.quotas, Quotas::every),
        time_limit: live.timeout.or(written.timeout),
        ..default
    })
}

/// The roles that live pools are read with; `*` is each account of an organization.
pub(super) fn roles(live: &LiveArgs, config: Option<&Config>) -> Result<BTreeSet<String>, Failure> {
    let Accounts { named, organization, .. } = accounts(live, config)?;
    let own = named.into_iter().filter_map(|account| Some(account.role?.arn.to_string()));
    let of_all = organization.map(|organization| format!("arn:*:iam::*:role/{}", organization.role_name));
    Ok(own.chain(of_all).collect())
}

fn patterns(texts: &[String]) -> Result<Vec<PoolPattern>, Failure> {
    let parse = |text: &String| {
        PoolPattern::parse(text).map_err(|why| Failure::Other(miette::miette!("`--pool {text}`: {why}")))
    };
    texts.iter().map(parse).collect()
}

fn patterns_of_config(config: Option<&Config>, aws: &AwsConfig) -> Result<Vec<PoolPattern>, Failure> {
    let (mut patterns, mut mistakes) = (Vec::new(), Vec::new());
    for (text, at) in &aws.pools {
        match (PoolPattern::parse(text), config) {
            (Ok(pattern), _) => patterns.push(pattern),
            (Err(why), Some(config)) => {
                mistakes.push(SourceDiagnostic::new(&config.source_file, at.clone(), why, ""));
            }
            (Err(why), None) => return Err(Failure::Other(miette::miette!("{why}"))),
        }
    }
    load::finish(mistakes)?;
    Ok(patterns)
}
