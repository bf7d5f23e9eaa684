//! Patterns that select pools: ids, ARNs and names, as `--pool` takes them.

use std::fmt;
use std::sync::Arc;

use glob::Pattern;

use super::Identity;

/// One `--pool`: an id, an ARN, or a name with the wildcards `*`, `?` and `[...]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolPattern {
    text: String,
    kind: PatternKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PatternKind {
    /// One pool of a known Region: it is read without listing.
    One {
        region: String,
        id: String,
        /// The account in an ARN.
        account: Option<String>,
    },
    /// A filter on the names and ids of listed pools.
    Filter(Pattern),
}

/// A pool that is named by its id or ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPool<'a> {
    pub region: &'a str,
    pub id: &'a str,
    pub account: Option<&'a str>,
}

impl PoolPattern {
    /// Parses a pattern. The error says what is wrong with it.
    pub fn parse(text: &str) -> Result<PoolPattern, String> {
        let text = text.trim();
        let kind = if text.is_empty() {
            return Err("an empty pool name matches nothing".to_owned());
        } else if text.starts_with("arn:") {
            arn(text)?
        } else if let Some(region) = region_of_id(text) {
            PatternKind::One { region: region.to_owned(), id: text.to_owned(), account: None }
        } else {
            PatternKind::Filter(
                Pattern::new(text).map_err(|e| format!("`{text}` is not a valid pattern: {}", e.msg))?,
            )
        };
        Ok(PoolPattern { text: text.to_owned(), kind })
    }

    /// The pool, if the pattern names one by id or ARN.
    pub fn named(&self) -> Option<NamedPool<'_>> {
        match &self.kind {
            PatternKind::One { region, id, account } => {
                Some(NamedPool { region, id, account: account.as_deref() })
            }
            PatternKind::Filter(_) => None,
        }
    }

    /// The text of the pattern.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it may match several pools.
    pub fn is_glob(&self) -> bool {
        matches!(&self.kind, PatternKind::Filter(_)) && self.text.contains(['*', '?', '['])
    }

    /// Whether it has what a regular expression has and no name of a pool.
    pub fn looks_like_regex(&self) -> bool {
        self.text.contains(".*") || self.text.starts_with('^') || self.text.contains(['\\', '$', '|'])
    }

    /// Whether it matches a pool of this id and name.
    pub fn matches(&self, id: &str, name: &str) -> bool {
        match &self.kind {
            PatternKind::One { id: wanted, .. } => wanted == id,
            PatternKind::Filter(pattern) => pattern.matches(name) || pattern.matches(id),
        }
    }
}

impl PoolPattern {
    /// Whether it matches a pool that was read. An id names its Region, an ARN its Region and account.
    pub fn fits(&self, identity: &Identity) -> bool {
        let is = |own: &Option<Arc<str>>, wanted: &str| own.as_deref().is_none_or(|own| own == wanted);
        let (id, name) = (identity.id.as_deref(), identity.name.as_deref());
        let account = self.named().and_then(|named| named.account);
        self.matches(id.unwrap_or_default(), name.unwrap_or_default())
            && self.named().is_none_or(|named| is(&identity.region, named.region))
            && account.is_none_or(|account| is(&identity.account, account))
    }
}

impl fmt::Display for PoolPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Parses `arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_abc`.
fn arn(text: &str) -> Result<PatternKind, String> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [_, _, service, region, account, resource] = parts[..] else {
        return Err(format!("`{text}` is not the ARN of a user pool: it has {} parts of 6", parts.len()));
    };
    if service != "cognito-idp" {
        return Err(format!("`{text}` is an ARN of `{service}`; a user pool's has `cognito-idp`"));
    }
    let Some(id) = resource.strip_prefix("userpool/").filter(|id| !id.is_empty()) else {
        return Err(format!(
            "`{text}` is not the ARN of a user pool: it must end in `userpool/` and the pool's id"
        ));
    };
    match region_of_id(id) {
        None => Err(format!("`{id}` in `{text}` is not the id of a user pool, such as `us-east-1_Abc123`")),
        Some(_) if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) => {
            Err(format!("`{account}` in `{text}` is not an account id: an account id has 12 digits"))
        }
        Some(_) => Ok(PatternKind::One {
            region: region.to_owned(),
            id: id.to_owned(),
            account: Some(account.to_owned()),
        }),
    }
}

/// The Region in a pool's id, or `None` for a text that does not look like an id.
///
/// A name may look similar (`prod_users`), so the part before `_` must look like a Region.
fn region_of_id(text: &str) -> Option<&str> {
    let (region, rest) = text.split_once('_')?;
    let tail = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    let (area, number) = region.rsplit_once('-')?;
    let number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let mut words = area.split('-');
    let words = words.clone().count() >= 2
        && words.all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase()));
    (tail && number && words).then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_arns_name_one_pool() {
        let id = PoolPattern::parse("us-gov-west-1_aBc9").unwrap();
        assert_eq!(id.named().unwrap().region, "us-gov-west-1");
        let arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc";
        let arn = PoolPattern::parse(arn).unwrap();
        let named = arn.named().unwrap();
        assert_eq!((named.id, named.account), ("eu-west-1_Abc", Some("111122223333")));
    }

    #[test]
    fn names_that_resemble_ids_are_names() {
        for name in ["prod_users", "us-east-1_my_pool", "us-east-1", "a-1_b", "us-east-1_*", "Customers"] {
            assert_eq!(PoolPattern::parse(name).unwrap().named(), None, "{name}");
        }
    }

    #[test]
    fn filters_look_at_name_and_id() {
        let prod = PoolPattern::parse("prod-*").unwrap();
        assert!(prod.matches("us-east-1_a", "prod-users"));
        assert!(!prod.matches("us-east-1_a", "Prod-users"));
        assert!(PoolPattern::parse("us-east-1_*").unwrap().matches("us-east-1_a", "x"));
    }

    #[test]
    fn the_error_names_the_fault() {
        let wrong = |text: &str| PoolPattern::parse(text).unwrap_err();
        assert!(wrong(" ").contains("empty"));
        assert!(wrong("arn:aws:s3:::bucket").contains("`s3`"));
        assert!(wrong("arn:aws:cognito-idp").contains("3 parts of 6"));
        assert!(wrong("arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_A").contains("12 digits"));
        assert!(wrong("a[").contains("not a valid pattern"));
    }
}
