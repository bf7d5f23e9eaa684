//! `--who`: looks up the calls that can have changed the pools that drifted.

use std::collections::BTreeMap;

use super::args::LiveArgs;
use super::{Failure, inputs, signals};
use crate::config::Config;
use crate::drift::{CLOCK, Drift, calls};
use crate::source::Interrupt;
use crate::source::live::{LookUp, LookedUp, Request};
use crate::trail::{Part, Trail};

/// CloudTrail keeps events for 90 days; the last hour is left out.
const KEPT: i64 = (90 * 24 - 1) * 60 * 60 * 1000;

/// A snapshot that does not say when its values were read was made within a day.
const RUN: i64 = 24 * 60 * 60 * 1000;

/// Looks up calls in CloudTrail until `now`, in milliseconds since 1970. A look-up that fails or that a signal ends is
/// a gap of the trail.
pub(super) fn look_up(
    live: &LiveArgs,
    config: Option<&Config>,
    drift: &Drift,
    now: i64,
) -> Result<(Trail, Option<Interrupt>), Failure> {
    let mut places: BTreeMap<(Option<String>, String), LookUp> = BTreeMap::new();
    let mut older = Vec::new();
    for pool in &drift.pools {
        let Some(identity) = pool.pool().map(|pool| &pool.identity) else { continue };
        let names = calls(pool);
        let Some(region) = identity.region.as_deref().filter(|_| !names.is_empty()) else { continue };
        let account = identity.account.as_deref().map(str::to_owned);
        let wanted = pool.read.0.from.map(|from| from - CLOCK);
        let wanted = wanted.or_else(|| Some(pool.read.0.until? - RUN));
        let since = wanted.unwrap_or(i64::MIN).max(now - KEPT);
        if wanted.is_some_and(|wanted| wanted < since) {
            older.push((account.clone(), region.to_owned()));
        }
        let place = places.entry((account.clone(), region.to_owned())).or_insert_with(|| LookUp {
            account,
            region: region.to_owned(),
            is_read: false,
            calls: names.clone(),
            since,
            until: now,
        });
        place.calls.extend(names);
        place.since = place.since.min(since);
        place.is_read |= pool.current.is_some();
    }
    let mut trail = Trail::default();
    if places.is_empty() {
        return Ok((trail, None));
    }
    let request = inputs::request(live, config)?;
    let reading = signals::Reading::begin();
    let (found, interrupt) = ask(&request, places.into_values().collect());
    match interrupt {
        Some(_) => reading.end_after_signal(),
        None => drop(reading),
    }
    for LookedUp { account, region, call, events, begin, failed } in found {
        for event in events {
            trail.add_event(&event);
        }
        let kept = older.contains(&(account.clone(), region.clone()));
        let old =
            kept.then(|| "CloudTrail keeps events for 90 days, and the recorded pool is older".to_owned());
        let part = Part { account: account.unwrap_or_default(), region, call: Some(call) };
        if let Some(begin) = begin {
            trail.begin(part.clone(), begin);
            trail.end(part.clone(), now);
        }
        trail.gaps.extend(failed.or(old).map(|why| (part, why)));
    }
    trail.sort();
    Ok((trail, interrupt))
}

#[cfg(feature = "live")]
fn ask(request: &Request, wanted: Vec<LookUp>) -> (Vec<LookedUp>, Option<Interrupt>) {
    crate::source::aws::look_up(request, wanted)
}

/// A program that cannot read live pools has nothing to look up.
#[cfg(not(feature = "live"))]
fn ask(_: &Request, _: Vec<LookUp>) -> (Vec<LookedUp>, Option<Interrupt>) {
    (Vec::new(), None)
}
