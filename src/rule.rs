//! Policy rules: TOML text to compiled rules, or every mistake in the text.
//!
//! `written` reads the text into what was written, with spans; `compile` checks that against the schema and
//! makes the rules that `evaluate` runs. A rule that compiled cannot fail to evaluate.

pub mod operator;
pub mod control;
pub mod policy;
mod digest;
pub mod overrides;
pub mod pack;
pub mod builtin;
pub mod predicate;
pub mod written;
pub mod choice;
pub mod case;
pub mod compile;
pub mod conflict;
pub mod mutant;
pub mod stricter;
pub mod assemble;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

pub use control::{Control, Standard};
pub use digest::digest;
pub use operator::{Operator, OperatorName};
pub use policy::{Override, Policy, Scope, Selector};
pub use predicate::{Compared, Count, Leaf, Named, Predicate, Quantified, Unique};

use crate::diagnostic::SourceFile;
use crate::schema::{Node, NodeId, Path, schema};
use crate::value::Value;

/// A rule that was checked against the schema.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Named for the bad state: `mfa-off`.
    pub id: Arc<str>,
    /// With parameters filled in.
    pub title: String,
    /// The author gave a title, other than the message. A title that is made of the expectation repeats the message.
    pub titled: bool,
    pub severity: Severity,
    /// The explanation of the risk. Empty if the author gave none.
    pub why: String,
    /// The explanation of the fix. Empty if the author gave none.
    pub fix: String,
    /// The way to it in the console, for a pool of the service. Empty if the author gave none.
    pub console: String,
    /// The effect of the API call on what it is not given, for a pool of the service. Empty if the author gave none.
    pub api: String,
    /// `https://` addresses.
    pub links: Vec<String>,
    pub tags: Vec<String>,
    /// Framework name to its control ids, in the order of the file.
    pub controls: Vec<(String, Vec<String>)>,
    /// Parameter name to its value after overrides, in the order of the file.
    pub params: Vec<(String, Value)>,
    /// The author's message with parameters filled in; `{actual}`, `{expected}` and `{subject}` are still there.
    pub message: Option<String>,
    /// The list whose elements are the rule's subjects, instead of the pool.
    pub each: Option<ListPath>,
    /// Where this does not hold, the rule is skipped.
    pub when: Option<Predicate>,
    /// The predicate that must hold.
    pub expect: Predicate,
    pub when_absent: WhenAbsent,
    /// Paths that the schema does not know are meant.
    pub unchecked: bool,
    /// It asks for what is worked out from the whole pool.
    pub infers: bool,
    /// A waiver can cover its findings.
    pub waivable: bool,
    /// The file of the rule, or `builtin:AREA/ID.toml`.
    pub source_file: SourceFile,
    /// The span of its id in the file, in bytes.
    pub at: Range<usize>,
    /// It is part of the program, with the parameters and named predicates that it has there.
    pub as_shipped: bool,
}

/// A path to the elements of a list, or to the members of a structure or map.
#[derive(Clone, Debug)]
pub struct ListPath {
    pub path: Path,
    /// `None` for a list that the schema does not know, and for members.
    pub element: Option<NodeId>,
    /// The structure or map whose members are the elements; `None` for one that the schema does not know, and for
    /// a list.
    pub of: Option<NodeId>,
}

impl ListPath {
    /// Calls `visit` with the path, and what it leads to.
    fn visit<'a>(&'a self, visit: &mut impl FnMut(&'a Path, Option<NodeId>)) {
        visit(&self.path, self.of.or(self.element));
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Info,
    Low,
    #[default]
    Medium,
    High,
    Critical,
}

/// The verdict where it hangs on a comparison with an absent value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenAbsent {
    #[default]
    Fail,
    Pass,
    Skip,
}

/// The result of a comparison with an absent value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// It does not hold: in `when` and `where`.
    Unmet,
    /// It is a doubt that settles the verdict: in `expect`. In a negation it counts as its opposite, which gives the
    /// verdict that the doubt would give if it travelled up to the root and was settled there.
    Settles(WhenAbsent),
}

/// The verdict of a rule on a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    Pass,
    Fail,
    Unknown,
    /// The rule does not apply, or the input does not hold what it needs.
    Skipped,
}

impl WhenAbsent {
    /// The words of rules.
    pub const WORDS: [(&str, WhenAbsent); 3] =
        [("fail", WhenAbsent::Fail), ("pass", WhenAbsent::Pass), ("skip", WhenAbsent::Skip)];
}

impl Absence {
    /// The result of a comparison with an absent value inside a negation.
    #[must_use]
    pub fn negated(self) -> Absence {
        match self {
            Absence::Settles(WhenAbsent::Fail) => Absence::Settles(WhenAbsent::Pass),
            Absence::Settles(WhenAbsent::Pass) => Absence::Settles(WhenAbsent::Fail),
            other @ (Absence::Settles(WhenAbsent::Skip) | Absence::Unmet) => other,
        }
    }

    /// Whether a comparison with an absent value counts as met; `None` where it is a doubt.
    pub fn amounts_to(self) -> Option<bool> {
        match self {
            Absence::Unmet | Absence::Settles(WhenAbsent::Fail) => Some(false),
            Absence::Settles(WhenAbsent::Pass) => Some(true),
            Absence::Settles(WhenAbsent::Skip) => None,
        }
    }
}

impl Verdict {
    pub const ALL: [Verdict; 4] = [Verdict::Pass, Verdict::Fail, Verdict::Unknown, Verdict::Skipped];

    pub fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Unknown => "unknown",
            Verdict::Skipped => "skipped",
        }
    }
}

impl Severity {
    /// From the least to the worst.
    pub const ALL: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    pub fn parse(word: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.word() == word)
    }
}

impl Rule {
    /// The explanation of the fix, for a pool that a file declares or one of the service. Empty if the author gave none.
    pub fn fix_of(&self, is_declared: bool) -> Cow<'_, str> {
        if is_declared || (self.console.is_empty() && self.api.is_empty()) {
            return Cow::Borrowed(&self.fix);
        }
        let console = format!("In the console: {}", self.console);
        let parts =
            [self.fix.as_str(), self.api.as_str(), if self.console.is_empty() { "" } else { &console }];
        Cow::Owned(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
    }

    /// Calls `visit` with every path that it looks at, with its node in the schema.
    pub fn paths<'a>(&'a self, mut visit: impl FnMut(&'a Path, Option<NodeId>)) {
        if let Some(each) = &self.each {
            each.visit(&mut visit);
        }
        for predicate in self.when.iter().chain([&self.expect]) {
            predicate.paths(&mut visit);
        }
    }

    /// Calls `visit` with every path that is read for its sake, with its node in the schema.
    pub fn needs<'a>(&'a self, mut visit: impl FnMut(&'a Path, Option<NodeId>)) {
        if let Some(each) = &self.each {
            each.visit(&mut visit);
        }
        for predicate in self.when.iter().chain([&self.expect]) {
            predicate.needs(&mut visit);
        }
    }

    /// Its parameters, each with the unit of the path that it bounds: `maximum = 2592000 seconds = 30 days`.
    pub fn params_in_words(&self) -> Vec<String> {
        let in_words = |(name, value): &(String, Value)| {
            let plain = || format!("{name} = {}", value.to_json());
            let Value::Int(n) = value else { return plain() };
            let Some(unit) = self.unit_of(*n) else { return plain() };
            match operator::in_units(*n, unit) {
                (own, Some(greater)) => format!("{name} = {own} = {greater}"),
                (own, None) => format!("{name} = {own}"),
            }
        };
        self.params.iter().map(in_words).collect()
    }

    /// The unit of the path that the predicate bounds by a number.
    fn unit_of(&self, n: i64) -> Option<&'static str> {
        let mut unit = None;
        self.expect.each(&mut |predicate| {
            let Predicate::Leaf(Leaf { node: Some(id), operators, .. }) = predicate else { return };
            if operators.iter().filter_map(Operator::bound).any(|bound| bound.at == n) {
                unit = unit.or(schema().node(*id).unit());
            }
        });
        unit
    }

    /// Whether it is part of the program.
    pub fn is_builtin(&self) -> bool {
        self.source_file.is_builtin()
    }

    /// Whether it compares elements with each other, so that several places break it together.
    pub fn compares_elements(&self) -> bool {
        let mut compares = false;
        self.expect.each(&mut |one| compares |= matches!(one, Predicate::Unique(_)));
        compares
    }

    /// Whether it looks at what a plan says of its changes.
    pub fn is_of_plans(&self) -> bool {
        let mut planned = false;
        self.paths(|path, _| planned |= Node::around(path).is_some_and(|node| node.planned));
        planned
    }

    /// Line and column of the rule's id in its file, both from 1.
    pub fn line_column(&self) -> (usize, usize) {
        self.source_file.line_column(self.at.start)
    }
}
