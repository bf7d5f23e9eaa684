//! Groups of pools that should be alike: by account, Region, tag or pattern of names.

use std::collections::BTreeSet;

use crate::diagnostic::suggest;
use crate::pool::{Identity, Pool, PoolPattern};
use crate::value::Value;

/// One `--by`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    Account,
    Region,
    /// The value of a tag.
    Tag(String),
    /// Pools of these names. Several patterns make several groups.
    Pattern(PoolPattern),
}

impl By {
    /// Parses a condition; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<By, String> {
        match text.split_once(':') {
            Some(("tag", name)) if !name.is_empty() => Ok(By::Tag(name.to_owned())),
            Some(("tag", _)) => Err("name the tag: `tag:NAME`".to_owned()),
            _ if text == "account" => Ok(By::Account),
            _ if text == "region" => Ok(By::Region),
            _ if text.contains(['*', '?', '[']) => PoolPattern::parse(text).map(By::Pattern),
            _ => Err(format!(
                "{}; a pattern of names has `*` or `?`",
                suggest(text, ["account", "region", "tag:NAME"])
            )),
        }
    }
}

/// The reason that a pool is in no group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ungrouped {
    Account,
    Region,
    Tag(String),
    Pattern,
}

impl Ungrouped {
    /// The lack of the pool, in words.
    pub fn reason(&self) -> String {
        match self {
            Ungrouped::Account => "have no known account".to_owned(),
            Ungrouped::Region => "have no known Region".to_owned(),
            Ungrouped::Tag(name) => format!("have no tag {name}"),
            Ungrouped::Pattern => "have a name that no pattern of --by matches".to_owned(),
        }
    }
}

/// The name of the group of a pool: `account 111122223333, tag env=prod`.
pub(super) fn group(by: &[By], pool: &Pool, identity: &Identity) -> Result<String, Ungrouped> {
    let mut words = Vec::new();
    let mut patterns = by.iter().filter_map(|one| match one {
        By::Pattern(pattern) => Some(pattern),
        _ => None,
    });
    for one in by {
        let word = match one {
            By::Account => identity.account.as_deref().map(|account| format!("account {account}")),
            By::Region => identity.region.as_deref().map(|region| format!("Region {region}")),
            By::Tag(name) => tag(pool, name).map(|value| format!("tag {name}={value}")),
            By::Pattern(_) => continue,
        };
        let lacks = || match one {
            By::Account => Ungrouped::Account,
            By::Region => Ungrouped::Region,
            By::Tag(name) => Ungrouped::Tag(name.clone()),
            By::Pattern(_) => Ungrouped::Pattern,
        };
        words.push(word.ok_or_else(lacks)?);
    }
    if by.iter().any(|one| matches!(one, By::Pattern(_))) {
        let pattern = patterns.find(|pattern| pattern.fits(identity)).ok_or(Ungrouped::Pattern)?;
        words.push(format!("pools {pattern}"));
    }
    if words.is_empty() {
        words.push(ALL.to_owned());
    }
    // The same condition twice is once.
    let mut seen = BTreeSet::new();
    words.retain(|word| seen.insert(word.clone()));
    Ok(words.join(", "))
}

/// Whether several patterns match the name of a pool, which is in the group of the first of them.
pub(super) fn is_of_several(by: &[By], identity: &Identity) -> bool {
    let fits = |one: &&By| matches!(one, By::Pattern(pattern) if pattern.fits(identity));
    let mut fitting = by.iter().filter(fits);
    let first = fitting.next();
    fitting.any(|other| Some(other) != first)
}

/// The one group where none are asked for.
const ALL: &str = "all pools";

fn tag<'p>(pool: &'p Pool, name: &str) -> Option<&'p str> {
    pool.document.get("UserPoolTags")?.get(name).and_then(Value::as_str)
}
