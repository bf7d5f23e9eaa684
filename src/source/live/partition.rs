//! Regions and partitions of AWS: their names, and the names of their hosts.

use crate::source::{About, Unread};

/// The partition of a Region.
pub(in crate::source) fn partition(region: &str) -> &'static str {
    const PREFIXES: [(&str, &str); 7] = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-isob-", "aws-iso-b"),
        ("us-isof-", "aws-iso-f"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-iso-", "aws-iso"),
        ("eusc-", "aws-eusc"),
    ];
    let found = PREFIXES.iter().find(|(prefix, _)| region.starts_with(prefix));
    found.map_or("aws", |(_, partition)| partition)
}

/// The DNS suffix of a Region's hosts.
pub(in crate::source) fn domain(region: &str) -> &'static str {
    match partition(region) {
        "aws-cn" => "amazonaws.com.cn",
        "aws-eusc" => "amazonaws.eu",
        "aws-iso" => "c2s.ic.gov",
        "aws-iso-b" => "sc2s.sgov.gov",
        "aws-iso-e" => "cloud.adc-e.uk",
        "aws-iso-f" => "csp.hci.ic.gov",
        _ => "amazonaws.com",
    }
}

/// The Region of a partition in which Organizations answers.
pub(in crate::source) fn organizations_region(home: &str) -> &str {
    match partition(home) {
        "aws" => "us-east-1",
        "aws-cn" => "cn-northwest-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => home,
    }
}

/// An error if a text cannot be the name of a Region, which becomes part of host names.
pub(in crate::source) fn misspelled(region: &str) -> Option<Unread> {
    let label = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fine = region.bytes().all(label) && !region.starts_with('-') && !region.ends_with('-');
    (!fine).then(|| Unread {
        help: Some("write it as in `us-east-1`".to_owned()),
        about: About { region: Some(region.to_owned()), ..About::default() },
        ..Unread::new(region.to_owned(), "this is not the name of a Region".to_owned())
    })
}
