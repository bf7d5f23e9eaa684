//! Values relative to their pool: an ARN of the pool's own account and Region means the same for every pool.

use std::borrow::Cow;

use crate::pool::Identity;
use crate::value::{Map, Text, Value};

/// The marks for the partition, Region and account of the pool. No value of the service has such a character.
const OWN: [&str; 3] = ["\0partition", "\0region", "\0account"];

/// The same in words.
const SHOWN: [&str; 3] = ["{own partition}", "{own Region}", "{own account}"];

/// A pool's partition, Region and account, as far as they are known.
pub(super) struct Home([Option<String>; 3]);

impl Home {
    pub(super) fn of(identity: &Identity) -> Home {
        let partition = identity.arn.as_deref().and_then(|arn| arn.split(':').nth(1));
        let own = [partition, identity.region.as_deref(), identity.account.as_deref()];
        Home(own.map(|part| part.filter(|part| !part.is_empty()).map(str::to_owned)))
    }

    /// A value in which the pool's own account and Region are those of any pool.
    pub(super) fn relative<'v>(&self, value: &'v Value) -> Cow<'v, Value> {
        match self.is_about(value) {
            true => Cow::Owned(mapped(value, &|text| self.text(text))),
            false => Cow::Borrowed(value),
        }
    }

    /// The value that a relative one is for this pool.
    pub(super) fn absolute(&self, value: &Value) -> Value {
        let own = |part: usize| self.0[part].as_deref().unwrap_or(SHOWN[part]);
        mapped(value, &|text| replaced(text, own))
    }

    fn is_about(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => text.starts_with("arn:") || self.0[1].as_deref() == Some(text),
            Value::List(items) => items.iter().any(|item| self.is_about(item)),
            Value::Map(map) => map.0.iter().any(|(_, value)| self.is_about(value)),
            _ => false,
        }
    }

    fn text(&self, text: &str) -> String {
        let is_own = |part: usize, word: &str| self.0[part].as_deref() == Some(word);
        if is_own(1, text) {
            return OWN[1].to_owned();
        }
        let mut parts: Vec<&str> = text.splitn(6, ':').collect();
        if parts.len() == 6 && parts[0] == "arn" {
            for (part, at) in [(0, 1), (1, 3), (2, 4)] {
                if is_own(part, parts[at]) {
                    parts[at] = OWN[part];
                }
            }
        }
        parts.join(":")
    }
}

/// A relative value for people.
pub(super) fn shown(value: &Value) -> Value {
    mapped(value, &|text| replaced(text, |part| SHOWN[part]))
}

fn replaced<'o>(text: &str, own: impl Fn(usize) -> &'o str) -> String {
    let parts = (0..OWN.len()).filter(|_| text.contains('\0'));
    parts.fold(text.to_owned(), |text, part| text.replace(OWN[part], own(part)))
}

fn mapped(value: &Value, text: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(own) => Value::String(Text::Owned(text(own))),
        Value::List(items) => Value::List(items.iter().map(|item| mapped(item, text)).collect()),
        Value::Map(map) => {
            let inner = map.0.iter().map(|(name, value)| (name.clone(), mapped(value, text)));
            Value::Map(Map(inner.collect()))
        }
        value => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(account: &str, region: &str) -> Home {
        let arn = format!("arn:aws:cognito-idp:{region}:{account}:userpool/{region}_Ab12Cd34e");
        let document = Map(vec![("Arn".into(), Value::String(arn.into()))].into());
        Home::of(&Identity::of(&document))
    }

    #[test]
    fn an_arn_of_the_own_account_is_that_of_another_pool() {
        let (one, other) = (home("111122223333", "us-east-1"), home("444455556666", "eu-west-1"));
        let arn = |text: &str| Value::String(text.to_owned().into());
        let own = arn("arn:aws:lambda:us-east-1:111122223333:function:sign-up");
        let its = arn("arn:aws:lambda:eu-west-1:444455556666:function:sign-up");
        assert_eq!(one.relative(&own), other.relative(&its));
        assert_eq!(other.absolute(&one.relative(&own)), its);
        assert_eq!(
            shown(&one.relative(&own)).to_string(),
            "arn:{own partition}:lambda:{own Region}:{own account}:function:sign-up"
        );
        let foreign = arn("arn:aws:lambda:us-east-1:777788889999:function:sign-up");
        assert_ne!(one.relative(&own), one.relative(&foreign));
        assert_eq!(one.relative(&arn("us-east-1")), other.relative(&arn("eu-west-1")));
        assert_ne!(one.relative(&arn("eu-west-1")), other.relative(&arn("eu-west-1")));
    }

    #[test]
    fn other_texts_stay() {
        let one = home("111122223333", "us-east-1");
        for text in ["", "arn:", "arn:aws", "of 111122223333", "us-east-12", "a:b:c:d:e:f"] {
            let value = Value::String(text.into());
            assert_eq!(*one.relative(&value), value);
            assert_eq!(one.absolute(&value), value);
        }
    }
}
