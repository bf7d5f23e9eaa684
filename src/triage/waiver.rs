//! A waiver: a person's decision to accept findings.

use std::ops::Range;
use std::sync::Arc;

use glob::Pattern;

use crate::diagnostic::{SourceDiagnostic, SourceFile, nearest};
use crate::evaluate::InlineFound;
use crate::finding::{Acceptance, Finding, InlineWaiver, PoolRef, Subject};
use crate::pool::PoolPattern;
use crate::rule::{Policy, builtin};
use crate::value::{Day, Value};

/// A waiver without mistakes. Spans are in `source file`.
#[derive(Clone, Debug)]
pub struct Waiver {
    pub source_file: SourceFile,
    /// The code that it is beside and the pools of that. `None` for a waiver of a file of waivers, which names its
    /// pools.
    pub inline: Option<InlineFound>,
    /// A rule's id. `None` for every rule.
    pub rule: Option<String>,
    pub rule_at: Range<usize>,
    /// An id, an ARN, or a glob on the name; there is at least this or a tag, or code.
    pub pool: Option<PoolPattern>,
    /// Tag key to a glob on its value; all must fit.
    pub tags: Vec<(String, Pattern)>,
    /// The span of `pool`, else of `tags`.
    pub pool_at: Range<usize>,
    /// The key of a list's element, or its name for people.
    pub subject: Option<String>,
    /// The accepted value. `None` for any value.
    pub value: Option<(AcceptedValue, Range<usize>)>,
    pub owner: String,
    pub reason: String,
    /// The last day on which it is valid.
    pub expires: Option<(Day, Range<usize>)>,
}

/// The waivers of a text, which may have mistakes.
#[derive(Clone, Debug, Default)]
pub struct WrittenWaivers {
    /// Those without mistakes.
    pub waivers: Vec<Waiver>,
    /// The rules that all of them name.
    pub named: Vec<NamedRule>,
    pub mistakes: Vec<SourceDiagnostic>,
}

/// The rule that a waiver names, and its span in `source file`.
#[derive(Clone, Debug)]
pub struct NamedRule {
    pub source_file: SourceFile,
    pub id: String,
    pub at: Range<usize>,
}

/// An accepted value.
#[derive(Clone, Debug, PartialEq)]
pub enum AcceptedValue {
    Value(Value),
    /// The absence of a value.
    Absent,
}

impl Waiver {
    /// Whether it accepts the value at a place of a finding that it covers. `beside`: the waivers beside the code of
    /// the place.
    pub(super) fn accepts(&self, actual: Option<&Value>, beside: &[Arc<InlineWaiver>]) -> bool {
        self.is_beside(beside) && self.value.as_ref().is_none_or(|(given, _)| given.is(actual))
    }

    /// Whether it is one of the waivers beside a place. One of a file of waivers is for every place.
    pub(super) fn is_beside(&self, beside: &[Arc<InlineWaiver>]) -> bool {
        self.inline.as_ref().is_none_or(|own| beside.contains(&own.waiver))
    }

    /// Whether it covers this finding, whatever its value.
    pub(super) fn concerns(&self, finding: &Finding) -> bool {
        let named = |subject: &Subject, wanted: &String| {
            subject.key == *wanted || subject.label.as_ref() == Some(wanted)
        };
        finding.rule.waivable
            && self.rule.as_deref().is_none_or(|rule| rule == &*finding.rule.id)
            && finding.inline().any(|beside| self.is_beside(beside))
            && self.fits(&finding.pool)
            && self
                .subject
                .as_ref()
                .is_none_or(|wanted| finding.subject.as_ref().is_some_and(|subject| named(subject, wanted)))
    }

    /// Whether it covers this pool. Unknown parts of a pool do not match.
    pub(super) fn fits(&self, pool: &PoolRef) -> bool {
        let tag = |key: &str| {
            let mut all = pool.tags.iter().flatten();
            all.find(|(own, _)| **own == *key).map(|(_, value)| value)
        };
        let is_own = |own: &InlineFound| own.pools.iter().any(|one| **one == *pool);
        self.inline.as_ref().is_none_or(is_own)
            && self.pool.as_ref().is_none_or(|pattern| is_meant(pattern, pool))
            && self.tags.iter().all(|(key, glob)| tag(key).is_some_and(|value| glob.matches(value)))
    }

    /// Whether it is valid on a day.
    pub fn holds_on(&self, today: Day) -> bool {
        self.expires.as_ref().is_none_or(|(last, _)| today <= *last)
    }

    pub(super) fn acceptance(&self) -> Acceptance {
        Acceptance {
            owner: self.owner.clone(),
            reason: self.reason.clone(),
            expires: self.expires.as_ref().map(|(day, _)| *day),
            place: self.place(&self.rule_at),
            in_source: self.inline.is_some(),
        }
    }

    /// File, line and column of a part.
    pub(super) fn place(&self, at: &Range<usize>) -> String {
        let (line, column) = self.source_file.line_column(at.start);
        format!("{}:{line}:{column}", self.source_file.name())
    }

    /// Whether both cover the same findings.
    pub fn repeats(&self, other: &Waiver) -> bool {
        let value = |waiver: &Waiver| waiver.value.as_ref().map(|(given, _)| given.clone());
        self.rule == other.rule
            && self.pool == other.pool
            && self.tags == other.tags
            && self.subject == other.subject
            && value(self) == value(other)
    }
}

/// Whether a pattern names a pool. A name must match every name that the pool may have, and an ARN matches a pool of
/// an unknown account too: ids are unique in a Region.
pub fn is_meant(pattern: &PoolPattern, pool: &PoolRef) -> bool {
    let identity = &pool.identity;
    if pattern.named().is_some() {
        return pattern.fits(identity);
    }
    // The address of a resource has brackets, so it may be meant as it is written.
    let fits = |text: &str| pattern.text() == text || pattern.matches(text, text);
    let name = identity.name.as_deref().is_some_and(fits) && pool.other_names.iter().all(|name| fits(name));
    name || identity.id.as_deref().is_some_and(fits) || identity.address.as_deref().is_some_and(fits)
}

impl AcceptedValue {
    /// Whether the actual value is this one. The order of a list's elements does not matter.
    fn is(&self, actual: Option<&Value>) -> bool {
        match (self, actual) {
            (AcceptedValue::Absent, actual) => actual.is_none(),
            (AcceptedValue::Value(given), Some(actual)) => {
                sorted(given.to_json()) == sorted(actual.to_json())
            }
            (AcceptedValue::Value(_), None) => false,
        }
    }
}

fn sorted(json: serde_json::Value) -> serde_json::Value {
    match json {
        serde_json::Value::Array(items) => {
            let mut items: Vec<_> = items.into_iter().map(sorted).collect();
            items.sort_by_cached_key(serde_json::Value::to_string);
            items.into()
        }
        serde_json::Value::Object(members) => {
            let mut members: Vec<_> = members.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            members.into_iter().collect()
        }
        scalar => scalar,
    }
}

/// Reports rules of waivers that do not exist, and those that cannot be waived.
///
/// `all`: the chosen rules include all of the user's own. Otherwise a waiver may be for one that was not chosen.
pub fn check(named: &[NamedRule], policy: &Policy, all: bool, mistakes: &mut Vec<SourceDiagnostic>) {
    let chosen = || policy.rules.iter().map(|rule| &rule.id).chain(&policy.off).map(AsRef::as_ref);
    for NamedRule { source_file, id, at } in named {
        let mistake = |message, label| SourceDiagnostic::new(source_file, at.clone(), message, label);
        if let Some(rule) = policy.rules.iter().find(|rule| *rule.id == **id && !rule.waivable) {
            let (line, _) = rule.line_column();
            let help =
                format!("{}:{line} has `waivable = false`: take the waiver out", rule.source_file.name());
            let message = format!("`{id}` cannot be waived");
            mistakes.push(mistake(message, "not waivable").help(help));
        } else if all && !chosen().any(|rule| rule == id) && !builtin::is_rule(id) {
            let help = match nearest(id, chosen().chain(builtin::ids())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`cognito-lint rules list` shows all rules; `*` matches every rule".to_owned(),
            };
            mistakes.push(mistake(format!("the rule `{id}` does not exist"), "matches no rule").help(help));
        }
    }
}
