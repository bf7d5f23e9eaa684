//! `[aws]`: defaults for reading live pools.

use std::ops::Range;
use std::time::Duration;

use super::{only, selector, time};
use crate::spanned::{Reader, Table, Toml};

/// Defaults for reading live pools. The command line outranks them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AwsConfig {
    /// The credentials profile.
    pub profile: Option<String>,
    pub regions: Vec<String>,
    /// Every Region that is enabled for an account. Never together with `regions`.
    pub all_regions: bool,
    /// As `--pool` takes them, each with its place.
    pub pools: Vec<(String, Range<usize>)>,
    pub endpoint_url: Option<String>,
    /// Requests a second of each category; more than 0.
    pub max_rps: Option<f64>,
    /// For the whole run.
    pub timeout: Option<Duration>,
}

/// The keys of `[aws]`.
pub const KEYS: [&str; 7] =
    ["profile", "regions", "all-regions", "pools", "endpoint-url", "max-rps", "timeout"];

/// Reads `[aws]`.
pub(super) fn read(reader: &mut Reader<'_>, table: &Table) -> AwsConfig {
    let Some(aws) = reader.table(table, "aws") else {
        return AwsConfig::default();
    };
    only(reader, aws, "[aws]", &KEYS);
    AwsConfig {
        profile: profile(reader, aws),
        all_regions: all_regions(reader, aws),
        regions: selector::regions(reader, aws),
        pools: selector::pools(reader, aws)
            .into_iter()
            .map(|(pattern, at)| (pattern.as_str().to_owned(), at))
            .collect(),
        endpoint_url: endpoint_url(reader, aws),
        max_rps: max_rps(reader, aws),
        timeout: timeout(reader, aws),
    }
}

fn all_regions(reader: &mut Reader<'_>, aws: &Table) -> bool {
    let all = reader.bool(aws, "all-regions").unwrap_or(false);
    if let (true, Some(item)) = (all && aws.get("regions").is_some(), aws.get("all-regions")) {
        let help = "remove `regions` to read every Region, or remove `all-regions`";
        reader.mistake(item.at.clone(), "`all-regions` and `regions` contradict each other", "", help);
    }
    all
}

fn profile(reader: &mut Reader<'_>, aws: &Table) -> Option<String> {
    let (profile, at) = reader.string(aws, "profile")?;
    if profile.trim().is_empty() {
        let help = "name a profile of `~/.aws/config`, or remove the key";
        reader.mistake(at, "`profile` is empty", "", help);
    }
    Some(profile)
}

fn endpoint_url(reader: &mut Reader<'_>, aws: &Table) -> Option<String> {
    let (url, at) = reader.string(aws, "endpoint-url")?;
    let host = ["https://", "http://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    let is_url = host.is_some_and(|host| !host.is_empty() && !host.starts_with(['/', ':', '?']))
        && !url.contains(char::is_whitespace);
    if !is_url {
        reader.mistake(
            at,
            format!("`{url}` is not the URL of an endpoint"),
            "does not look like one",
            "an endpoint is written like `http://localhost:4566`",
        );
    }
    Some(url)
}

fn max_rps(reader: &mut Reader<'_>, aws: &Table) -> Option<f64> {
    let item = aws.get("max-rps")?;
    let rps = match item.toml {
        // A rate beyond an `i32` of requests a second makes no difference.
        Toml::Int(n) => f64::from(i32::try_from(n).unwrap_or(if n < 0 { i32::MIN } else { i32::MAX })),
        Toml::Float(n) => n,
        _ => {
            reader.wrong_kind("max-rps", item, "a number", None);
            return None;
        }
    };
    if !(rps > 0.0 && rps.is_finite()) {
        reader.mistake(
            item.at.clone(),
            "`max-rps` must be more than 0",
            "with this value, nothing could be read",
            "give the number of requests a second, such as 10 or 0.5",
        );
    }
    Some(rps)
}

fn timeout(reader: &mut Reader<'_>, aws: &Table) -> Option<Duration> {
    let (text, at) = reader.string(aws, "timeout")?;
    match time::duration(&text) {
        Ok(duration) => Some(duration),
        Err(help) => {
            reader.mistake(at, format!("`{text}` is not a length of time"), "", help);
            None
        }
    }
}
