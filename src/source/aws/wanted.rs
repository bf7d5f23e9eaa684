//! Turns `--region` and `--pool` into what is to be read in each Region.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::pattern::PoolPattern;
use crate::source::{About, Unread};

/// What is to be read in one Region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Pools that are read without listing.
    pub named: Vec<Named>,
    /// Which pools of the list; `None` where no list is needed.
    pub listed: Option<Filters>,
}

/// A pool that was asked for by id or ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub id: String,
    /// The account that the ARN names.
    pub account: Option<String>,
}

/// The patterns for names; without any, every pool is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filters(pub Arc<[PoolPattern]>);

impl Filters {
    /// Whether a pool is wanted; notes in `matched` which patterns wanted it.
    pub(super) fn want(&self, id: &str, name: &str, matched: &mut [bool]) -> bool {
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

/// Whether the Regions must be known beforehand: ids and ARNs bring their own.
pub(super) fn needs_region(patterns: &[PoolPattern]) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| pattern.named().is_none())
}

/// The pools of one account that are wanted, where others are read too. A pool that is named by its ARN is in one
/// account; of one that is named by its id nobody knows in which, so the lists have to tell.
pub(super) fn share_among_accounts(
    patterns: &[PoolPattern],
    account: Option<&str>,
    given: &[String],
    default: Option<&str>,
) -> (BTreeMap<String, Wanted>, Vec<Unread>) {
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
        false => share(&rest, given, default),
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

/// Shares the wishes out among Regions. `given` are the Regions of `--region`; where there are none, `default`
/// is listed and a named pool is read wherever it is.
pub(super) fn share(
    patterns: &[PoolPattern],
    given: &[String],
    default: Option<&str>,
) -> (BTreeMap<String, Wanted>, Vec<Unread>) {
    let mut regions: BTreeMap<String, Wanted> = BTreeMap::new();
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
            None => here.push(Named { id: named.id.to_owned(), account: named.account.map(str::to_owned) }),
        }
    }
    (regions, missed)
}

fn elsewhere(pattern: &PoolPattern, region: &str, given: &[String]) -> Unread {
    Unread {
        target: pattern.to_string(),
        operation: None,
        code: None,
        message: format!("the pool is in {region}, and only {} is read", given.join(", ")),
        help: Some(format!("add `--region {region}`, or leave `--region` out")),
        at: None,
        about: About::default(),
    }
}

/// A pattern that found nothing in the Regions that were listed to the end.
pub(super) fn matched_nothing(pattern: &PoolPattern, regions: &[&str]) -> Unread {
    Unread {
        target: pattern.to_string(),
        operation: None,
        code: None,
        message: format!("no pool matches `{pattern}` in {}", regions.join(", ")),
        help: Some("names are matched whole and with their case; `*` stands for any text".to_owned()),
        at: None,
        about: About::default(),
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
        let (regions, missed) = share(&ids, &[], None);
        assert_eq!(regions.keys().collect::<Vec<_>>(), ["eu-west-1", "us-east-1"]);
        assert!(regions.values().all(|wanted| wanted.listed.is_none()));
        assert_eq!(missed, []);
    }

    #[test]
    fn an_id_outside_the_given_regions_is_missed() {
        let (regions, missed) = share(&parse(&["eu-west-1_a"]), &["us-east-1".to_owned()], None);
        assert!(regions.is_empty());
        assert_eq!(missed[0].message, "the pool is in eu-west-1, and only us-east-1 is read");
    }

    #[test]
    fn a_name_is_looked_for_in_every_region() {
        let given = ["us-east-1".to_owned(), "eu-west-1".to_owned()];
        let (regions, _) = share(&parse(&["prod-*", "eu-west-1_a"]), &given, None);
        assert!(regions.values().all(|wanted| wanted.listed.is_some()));
        assert_eq!(regions["eu-west-1"].named.len(), 1);
        assert_eq!(regions["us-east-1"].named.len(), 0);
    }

    #[test]
    fn the_same_pool_by_id_and_arn_is_one() {
        let twice =
            parse(&["eu-west-1_a", "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a"]);
        let (regions, _) = share(&twice, &[], None);
        let [named] = &regions["eu-west-1"].named[..] else { panic!() };
        assert_eq!(named.account.as_deref(), Some("111122223333"));
    }
}
