//! Splits `--region` and `--pool` into a selection of pools for each Region.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::pool::PoolPattern;
use crate::source::{About, Unread};

/// The pools to read in one Region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::source::aws) struct Selection {
    /// Pools that are read without listing.
    pub named: Vec<RequestedPool>,
    /// The filters on the list of pools. `None` if no list is needed.
    pub listed: Option<Filters>,
}

/// A pool that was requested by id or ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::source::aws) struct RequestedPool {
    pub id: String,
    /// The account in the ARN.
    pub account: Option<String>,
}

/// The patterns for names. If empty: every pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::source::aws) struct Filters(pub Arc<[PoolPattern]>);

impl Filters {
    /// Whether a pool is selected. Sets `matched` for the patterns that match it.
    pub(in crate::source::aws) fn want(&self, id: &str, name: &str, matched: &mut [bool]) -> bool {
        let mut wanted = self.0.is_empty();
        for (pattern, matched) in self.0.iter().zip(matched) {
            if pattern.matches(id, name) {
                *matched = true;
                wanted = true;
            }
        }
        wanted
    }
}

/// Whether the run needs a Region: ids and ARNs name their own.
pub(in crate::source::aws) fn needs_region(patterns: &[PoolPattern]) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| pattern.named().is_none())
}

/// The selections of one account in a run over several. A pool that is requested by ARN belongs to one account. A pool
/// that is requested by id may belong to any, so it is looked up in the list of pools.
pub(in crate::source::aws) fn by_region_of_account(
    patterns: &[PoolPattern],
    account: Option<&str>,
    given: &[String],
    default: Option<&str>,
) -> (BTreeMap<String, Selection>, Vec<Unread>) {
    let elsewhere = |other: &str| account.is_some_and(|account| account != other);
    let is_here = |p: &&PoolPattern| !p.named().and_then(|named| named.account).is_some_and(elsewhere);
    let here: Vec<PoolPattern> = patterns.iter().filter(is_here).cloned().collect();
    if here.is_empty() && !patterns.is_empty() {
        return (BTreeMap::new(), Vec::new());
    }
    let is_id = |p: &&PoolPattern| p.named().is_some_and(|named| named.account.is_none());
    let (ids, rest): (Vec<PoolPattern>, Vec<PoolPattern>) = here.into_iter().partition(|p| is_id(&p));
    let (mut regions, missed) = match rest.is_empty() && !ids.is_empty() {
        true => (BTreeMap::new(), Vec::new()),
        false => by_region(&rest, given, default),
    };
    for id in ids {
        let Some(named) = id.named() else { continue };
        if given.is_empty() || given.iter().any(|region| region == named.region) {
            let wanted = regions.entry(named.region.to_owned()).or_default();
            let before = wanted.listed.take().unwrap_or_default();
            wanted.listed = Some(Filters(before.0.iter().chain([&id]).cloned().collect()));
        }
    }
    (regions, missed)
}

/// The selection of each Region. `given` are the Regions of `--region`. If empty, `default` is listed, and a named pool
/// is read in its own Region.
pub(in crate::source::aws) fn by_region(
    patterns: &[PoolPattern],
    given: &[String],
    default: Option<&str>,
) -> (BTreeMap<String, Selection>, Vec<Unread>) {
    let mut regions: BTreeMap<String, Selection> = BTreeMap::new();
    let mut missed = Vec::new();
    let filters: Vec<PoolPattern> = patterns.iter().filter(|p| p.named().is_none()).cloned().collect();
    if needs_region(patterns) {
        let filters = Filters(filters.into());
        for region in given.iter().map(String::as_str).chain(default) {
            regions.entry(region.to_owned()).or_default().listed = Some(filters.clone());
        }
    }
    for pattern in patterns {
        let Some(named) = pattern.named() else {
            continue;
        };
        if !given.is_empty() && given.iter().all(|region| region != named.region) {
            missed.push(elsewhere(pattern, named.region, given));
            continue;
        }
        let here = &mut regions.entry(named.region.to_owned()).or_default().named;
        match here.iter_mut().find(|other| other.id == named.id) {
            Some(other) => other.account = other.account.take().or(named.account.map(str::to_owned)),
            None => here
                .push(RequestedPool { id: named.id.to_owned(), account: named.account.map(str::to_owned) }),
        }
    }
    (regions, missed)
}

fn elsewhere(pattern: &PoolPattern, region: &str, given: &[String]) -> Unread {
    Unread {
        help: Some(format!("add `--region {region}`, or leave `--region` out")),
        about: About { region: Some(region.to_owned()), ..About::default() },
        ..Unread::new(
            pattern.to_string(),
            format!("the pool is in {region}, and only {} is read", given.join(", ")),
        )
    }
}

/// The failure of a pattern that matched nothing in the Regions that were listed to the end.
pub(in crate::source::aws) fn matched_nothing(pattern: &PoolPattern, regions: &[&str]) -> Unread {
    Unread {
        help: Some("names must match completely, also in case; `*` matches any text".to_owned()),
        ..Unread::new(pattern.to_string(), format!("no pool matches `{pattern}` in {}", regions.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(texts: &[&str]) -> Vec<PoolPattern> {
        texts.iter().map(|text| PoolPattern::parse(text).unwrap()).collect()
    }

    #[test]
    fn an_id_decides_the_region() {
        let ids = parse(&["eu-west-1_a", "us-east-1_b"]);
        assert!(!needs_region(&ids));
        let (regions, missed) = by_region(&ids, &[], None);
        assert_eq!(regions.keys().collect::<Vec<_>>(), ["eu-west-1", "us-east-1"]);
        assert!(regions.values().all(|wanted| wanted.listed.is_none()));
        assert_eq!(missed, []);
    }

    #[test]
    fn an_id_outside_the_given_regions_is_missed() {
        let (regions, missed) = by_region(&parse(&["eu-west-1_a"]), &["us-east-1".to_owned()], None);
        assert!(regions.is_empty());
        assert_eq!(missed[0].message, "the pool is in eu-west-1, and only us-east-1 is read");
    }

    #[test]
    fn a_name_is_looked_for_in_every_region() {
        let given = ["us-east-1".to_owned(), "eu-west-1".to_owned()];
        let (regions, _) = by_region(&parse(&["prod-*", "eu-west-1_a"]), &given, None);
        assert!(regions.values().all(|wanted| wanted.listed.is_some()));
        assert_eq!(regions["eu-west-1"].named.len(), 1);
        assert_eq!(regions["us-east-1"].named.len(), 0);
    }

    #[test]
    fn the_same_pool_by_id_and_arn_is_one() {
        let twice =
            parse(&["eu-west-1_a", "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a"]);
        let (regions, _) = by_region(&twice, &[], None);
        let [named] = &regions["eu-west-1"].named[..] else { panic!() };
        assert_eq!(named.account.as_deref(), Some("111122223333"));
    }
}
