//! Findings of one cause: what `count`, `for_each` or calls of a module make of one resource breaks a rule at one place.
//! A report for people shows such findings once, with the instances.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::sanitize::sanitized;
use crate::finding::{Finding, Location};
use crate::pool::Source;

/// Instances that a report names; the others are counted.
const NAMED: usize = 8;

/// Everything that findings of one cause have in common.
type Cause<'a> = (&'a str, &'a Location, Option<&'a Location>, [Cow<'a, str>; 3], String);

/// The findings of instances, by the first of each cause.
#[derive(Debug, Default)]
pub(super) struct Instances<'a> {
    /// By the fingerprint of the first, which is one of them.
    all: BTreeMap<&'a str, Vec<&'a Finding>>,
}

impl<'a> Instances<'a> {
    /// Joins findings, and leaves out those of which another is shown.
    pub(super) fn join(findings: &mut Vec<&'a Finding>) -> Instances<'a> {
        let mut first: BTreeMap<Cause<'a>, &'a str> = BTreeMap::new();
        let mut instances = Instances::default();
        findings.retain(|finding| {
            let Some(cause) = cause(finding) else { return true };
            let print = *first.entry(cause).or_insert(&finding.fingerprint);
            let same = instances.all.entry(print).or_default();
            let is_first = same.is_empty();
            // Decisions about an instance are shown with it.
            if !is_first && same.iter().any(|one| one.standing != finding.standing) {
                return true;
            }
            same.push(finding);
            is_first
        });
        instances.all.retain(|_, same| same.len() > 1);
        instances
    }

    /// `3 instances: aws_cognito_user_pool.main["eu"], ...` for the first finding of several.
    pub(super) fn named(&self, finding: &Finding) -> Option<String> {
        let same = self.all.get(&*finding.fingerprint)?;
        let names: Vec<Cow<'_, str>> = same.iter().take(NAMED).map(|one| name(one)).collect();
        let more = match same.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!("{} instances: {}{more}", same.len(), names.join(", ")))
    }
}

/// The cause of a finding; `None` where it is in a resource of which there is one.
fn cause(finding: &Finding) -> Option<Cause<'_>> {
    if finding.pool.origin.source != Source::Terraform {
        return None;
    }
    let address = finding.pool.identity.address.as_deref().unwrap_or_default();
    let subject = finding.subject.as_deref().map_or("", |subject| &subject.key);
    if ![address, subject].iter().any(|address| address.contains('[')) {
        return None;
    }
    let common = [without_keys(address), without_keys(subject), without_keys(&finding.path)];
    let value = format!("{:?} {} {}", finding.actual, finding.default, finding.expected);
    Some((&finding.rule.id, finding.location.as_ref()?, finding.origin.as_deref(), common, value))
}

/// The address of what a finding is in.
fn name(finding: &Finding) -> Cow<'_, str> {
    let subject = finding.subject.as_deref().map(|subject| &*subject.key).filter(|key| key.contains('['));
    let address = subject.or(finding.pool.identity.address.as_deref());
    address.map_or_else(|| sanitized(&finding.path), sanitized)
}

/// An address without the keys of instances: `module.auth["eu"].aws_cognito_user_pool.main[0]` is
/// `module.auth.aws_cognito_user_pool.main`.
fn without_keys(address: &str) -> Cow<'_, str> {
    if !address.contains('[') {
        return Cow::Borrowed(address);
    }
    let (mut plain, mut rest) = (String::new(), address);
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        let end = match after.strip_prefix('"') {
            Some(quoted) => quoted.find("\"]").map(|at| at + 3),
            None => after
                .find(']')
                .filter(|at| after[..*at].bytes().all(|byte| byte.is_ascii_digit()))
                .map(|at| at + 1),
        };
        match end {
            Some(end) => rest = after.get(end..).unwrap_or_default(),
            None => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_instances_are_left_out() {
        for (address, plain) in [
            ("aws_cognito_user_pool.main", "aws_cognito_user_pool.main"),
            ("module.auth[\"eu\"].aws_cognito_user_pool.main[0]", "module.auth.aws_cognito_user_pool.main"),
            (
                "Clients[aws_cognito_user_pool_client.app[1]].CallbackURLs",
                "Clients[aws_cognito_user_pool_client.app].CallbackURLs",
            ),
            ("a[\"x", "a[\"x"),
            ("a[b]", "a[b]"),
        ] {
            assert_eq!(without_keys(address), plain);
        }
    }
}
