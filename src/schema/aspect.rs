//! The aspect of a value that a path asks for: the value itself, its members, the key of an element, a part of an ARN, the
//! scopes of resource servers, a value of the element around, or the kind of input that the pool is from.

/// The aspect of the value at its end that a path asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aspect {
    #[default]
    Value,
    /// The members of a structure or the values of a map, one by one: written `.*`.
    Members,
    /// The plain values in a structure or map, however deep: written `.**`.
    Plain,
    /// The name of the member, or the key of the map, that an element is in: written `key()`.
    Key,
    /// Written as a function: `account(Arn)`.
    Arn(ArnPart),
    /// The names under which clients ask for the scopes of all resource servers: written `scopes(ResourceServers)`.
    Scopes,
    /// A value of the element around the one that a predicate is about: written `outer()` or `outer(PATH)`.
    Outer,
    /// The kind of input that the pool is from: written `source()`.
    Source,
}

/// A part of an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArnPart {
    Partition,
    Service,
    Region,
    Account,
}

/// The word of the function for an element's key.
const KEY: &str = "key";

/// The word of the function for the scopes of resource servers.
const SCOPES: &str = "scopes";

/// The word of the function for the element around.
const OUTER: &str = "outer";

/// The word of the function for the kind of input.
const SOURCE: &str = "source";

impl ArnPart {
    pub const ALL: [ArnPart; 4] = [ArnPart::Account, ArnPart::Region, ArnPart::Partition, ArnPart::Service];

    pub fn word(self) -> &'static str {
        match self {
            ArnPart::Partition => "partition",
            ArnPart::Service => "service",
            ArnPart::Region => "region",
            ArnPart::Account => "account",
        }
    }

    /// The part of an ARN; `None` where the text is not an ARN, or the part is empty.
    pub fn of(self, text: &str) -> Option<&str> {
        let mut parts = text.splitn(6, ':');
        let parts = [(); 6].map(|()| parts.next());
        let [Some("arn"), partition, service, region, account, Some(_)] = parts else { return None };
        let part = match self {
            ArnPart::Partition => partition,
            ArnPart::Service => service,
            ArnPart::Region => region,
            ArnPart::Account => account,
        };
        part.filter(|part| !part.is_empty())
    }
}

impl Aspect {
    /// The function of a word.
    pub(super) fn function(word: &str) -> Option<Aspect> {
        let part = ArnPart::ALL.into_iter().find(|part| part.word() == word);
        part.map(Aspect::Arn).or(match word {
            KEY => Some(Aspect::Key),
            SCOPES => Some(Aspect::Scopes),
            OUTER => Some(Aspect::Outer),
            SOURCE => Some(Aspect::Source),
            _ => None,
        })
    }

    /// The words of all functions.
    pub(super) fn functions() -> impl Iterator<Item = &'static str> + Clone {
        ArnPart::ALL.into_iter().map(ArnPart::word).chain([KEY, SCOPES, OUTER, SOURCE])
    }

    /// Whether it stands for several values.
    pub fn is_several(self) -> bool {
        match self {
            Aspect::Members | Aspect::Plain => true,
            Aspect::Value
            | Aspect::Key
            | Aspect::Arn(_)
            | Aspect::Scopes
            | Aspect::Outer
            | Aspect::Source => false,
        }
    }

    /// The text of a path, given that of its steps.
    pub fn text(self, steps: &str) -> String {
        let dot = if steps.is_empty() { "" } else { "." };
        match self {
            Aspect::Value => steps.to_owned(),
            Aspect::Members => format!("{steps}{dot}*"),
            Aspect::Plain => format!("{steps}{dot}**"),
            Aspect::Key => format!("{KEY}({steps})"),
            Aspect::Arn(part) => format!("{}({steps})", part.word()),
            Aspect::Scopes => format!("{SCOPES}({steps})"),
            Aspect::Outer => format!("{OUTER}({steps})"),
            Aspect::Source => format!("{SOURCE}()"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_has_four_parts() {
        let arn = "arn:aws-cn:lambda:cn-north-1:111122223333:function:a:b";
        let parts = [ArnPart::Partition, ArnPart::Service, ArnPart::Region, ArnPart::Account];
        assert_eq!(
            parts.map(|part| part.of(arn)),
            [Some("aws-cn"), Some("lambda"), Some("cn-north-1"), Some("111122223333")]
        );
        assert_eq!(parts.map(|part| part.of("alias/mine")), [None; 4]);
        assert_eq!(ArnPart::Account.of("arn:aws:s3:::example"), None);
    }
}
