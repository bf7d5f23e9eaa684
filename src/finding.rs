//! Findings, and their stable fingerprints.

mod counted;
mod traced;
mod disposition;
mod verdict_log;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::file_name;
use crate::pool::{Identity, Origin};
use crate::rule::Rule;
pub use crate::rule::Verdict;
pub use crate::source::declared::Declaration;
pub use crate::source::{Excerpt, InlineWaiver, Location};
use crate::value::{Value, hex};
pub use counted::{Counted, in_words};
pub use disposition::{
    Acceptance, Change, Disposition, Effect, Fixed, RunNumbers, Status, Undone, Unvisited,
};
pub use traced::{Call, Certainty, ChangedBy, Reason, Traced};
pub use verdict_log::{OfPool, VerdictLog};

/// A pool as findings name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PoolRef {
    pub identity: Identity,
    pub origin: Origin,
    /// The position of the pool in its file, which orders pools that are otherwise equal.
    pub offset: usize,
    /// Other names that it may have, depending on a condition of its template.
    pub other_names: Vec<Arc<str>>,
    /// Its tags, if they were requested and are known.
    pub tags: Option<Tags>,
    /// Ids of the rules that a scope turned off for it, sorted.
    pub off: Vec<Arc<str>>,
    /// The configuration that its plan or state was made from, if it was named.
    pub written_in: Option<Arc<WrittenIn>>,
}

/// The names of a pool of a plan and of its elements in the configuration, which give their findings the same
/// fingerprints.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrittenIn {
    /// The directory as it was named.
    pub configuration: Arc<str>,
    /// The addresses of elements that the plan knows by their ids, by these.
    pub addresses: BTreeMap<Arc<str>, Arc<str>>,
}

/// The tags of a pool, sorted by their keys. A list needs a third of the memory of a map.
pub type Tags = Box<[(Arc<str>, Arc<str>)]>;

/// An element of a list that a rule judged on its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The element's identity: a client's id, an attribute's name; else its position from 0.
    pub key: String,
    /// Its name for people, if it differs.
    pub label: Option<String>,
}

/// A failed verdict at one path of one pool. Runs have many, so that texts which many of them have are shared, and
/// rare parts are apart.
#[derive(Clone, Debug)]
pub struct Finding {
    pub rule: Arc<Rule>,
    pub pool: Arc<PoolRef>,
    pub subject: Option<Box<Subject>>,
    /// `Policies.PasswordPolicy.MinimumLength`, `SchemaAttributes[email].Mutable`.
    pub path: Arc<str>,
    /// The value at the path. `None` if it is absent.
    pub actual: Option<Value>,
    /// The waivers beside its code. None in a report that was read back.
    pub inline: Vec<Arc<InlineWaiver>>,
    /// Other places that break the rule, in the same pool and element. Empty for a report that was read back.
    pub also: Vec<Place>,
    /// The value was left out, and `actual` is the API's default.
    pub default: bool,
    /// A remark that the value does not show: how a lifetime is written, or which values the API accepts.
    pub note: Option<String>,
    /// As it reads after "expected": `at least 12`.
    pub expected: Arc<str>,
    /// One sentence without a period: the actual and the expected value.
    pub message: Arc<str>,
    /// The message begins with the path, as that of a rule does whose author gave none.
    pub names_path: bool,
    /// Its location in a file. `None` for a live pool.
    pub location: Option<Location>,
    /// The place where the value is written, if the place in the resource refers to it.
    pub origin: Option<Box<Location>>,
    /// The part of the file or of the pool document around the value; made only when a report shows it.
    pub excerpt: Option<Box<Excerpt>>,
    /// The value in the words of a plan or template. `None` for answers of the API.
    pub declaration: Option<Box<Declaration>>,
    /// 32 hexadecimal digits, which depend only on rule, pool, path and subject.
    pub fingerprint: String,
    pub standing: Disposition,
}

/// One place that breaks a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub path: String,
    pub actual: Option<Value>,
    /// The fingerprint of a finding at this place.
    pub fingerprint: String,
    /// As that of the finding.
    pub inline: Vec<Arc<InlineWaiver>>,
}

/// A verdict that could not be reached.
#[derive(Clone, Debug)]
pub struct Undecided {
    pub rule: Arc<Rule>,
    pub pool: Arc<PoolRef>,
    pub subject: Option<Subject>,
    pub path: String,
    pub reason: String,
    /// Its location in a file, if the input is a directory.
    pub location: Option<Location>,
}

/// One verdict, as evidence.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub rule: Arc<str>,
    pub pool: Arc<PoolRef>,
    pub subject: Option<Box<Subject>>,
    pub verdict: Verdict,
    /// The reason that it is unknown or skipped. For pass and fail, the value.
    pub reason: Arc<str>,
}

/// The verdict on a control of a standard for one pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlVerdict {
    /// The name of the pack.
    pub standard: Arc<str>,
    pub control: Arc<str>,
    pub pool: Arc<PoolRef>,
    pub verdict: Proof,
    /// The verdicts of its rules in words, or why no rule decides it.
    pub reason: String,
}

/// Whether a control is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    Passed,
    Failed,
    /// A rule that decides it is unknown, or the input does not hold what it needs.
    NotDecided,
    /// No rule proves it, or none applies to the pool.
    NotCovered,
}

impl Proof {
    pub const ALL: [Proof; 4] = [Proof::Passed, Proof::Failed, Proof::NotDecided, Proof::NotCovered];

    pub fn word(self) -> &'static str {
        match self {
            Proof::Passed => "passed",
            Proof::Failed => "failed",
            Proof::NotDecided => "not decided",
            Proof::NotCovered => "not covered",
        }
    }
}

impl Finding {
    /// The explanation of the fix, in words that fit where the pool was read. Empty if the author of the rule gave none.
    pub fn fix(&self) -> Cow<'_, str> {
        self.rule.fix_of(self.pool.is_declared())
    }

    /// Whether the value is written in the input, and not absent or a default.
    pub fn is_written(&self) -> bool {
        self.actual.is_some() && !self.default
    }

    /// Path, value and fingerprint of every place that breaks the rule, with the one that is shown first.
    pub fn places(&self) -> impl Iterator<Item = (&str, Option<&Value>, &str)> {
        let also = self.also.iter();
        std::iter::once((&*self.path, self.actual.as_ref(), &*self.fingerprint))
            .chain(also.map(|place| (&*place.path, place.actual.as_ref(), &*place.fingerprint)))
    }

    /// The waivers beside the code of every place, in the order of the places.
    pub fn inline(&self) -> impl Iterator<Item = &[Arc<InlineWaiver>]> {
        std::iter::once(&*self.inline).chain(self.also.iter().map(|place| &*place.inline))
    }
}

impl WrittenIn {
    fn key<'a>(&'a self, key: &'a str) -> &'a str {
        self.addresses.get(key).map_or(key, AsRef::as_ref)
    }

    /// A path with the address of each element in the place of its id.
    fn path<'a>(&self, path: &'a str) -> Cow<'a, str> {
        self.addresses.iter().fold(path.into(), |path, (key, address)| {
            let element = format!("[{key}]");
            if path.contains(&element) {
                path.replace(&element, &format!("[{address}]")).into()
            } else {
                path
            }
        })
    }
}

impl PoolRef {
    /// Whether a file declares it, so that what is to change is in the file.
    pub fn is_declared(&self) -> bool {
        self.origin.source.is_declared()
    }

    /// The key that identifies the pool over time: its ARN, else its id, else the file, however it is spelled, and
    /// its address or name there.
    pub fn key(&self) -> String {
        let identity = &self.identity;
        if let Some(one) = identity.arn.as_ref().or(identity.id.as_ref()) {
            return one.to_string();
        }
        let own = identity.address.as_deref().or(identity.name.as_deref());
        format!("{}#{}", file_name::plain(&self.origin.name), own.unwrap_or_default())
    }
}

/// The fingerprint of a finding: SHA-256 over rule, pool, path and subject, shortened to 32 digits. A finding of a plan
/// has that of the configuration, if that was named.
pub fn fingerprint(rule: &str, pool: &PoolRef, path: &str, subject: Option<&Subject>) -> String {
    let subject = subject.map_or("", |subject| &*subject.key);
    let key = match (&pool.written_in, &pool.identity.address) {
        (Some(written), Some(address)) => format!("{}#{address}", file_name::plain(&written.configuration)),
        // A pool that another configuration declares.
        (Some(_), None) | (None, _) => pool.key(),
    };
    let (path, subject) = match &pool.written_in {
        Some(written) => (written.path(path), written.key(subject)),
        None => (path.into(), subject),
    };
    let mut hash = Sha256::new();
    for part in [rule, &key, &path, subject] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex(&hash.finalize()[..16])
}
