//! A report that was read back.

use std::sync::Arc;

use crate::diagnostic::SourceFile;
use crate::evaluate::Evaluation;
use crate::outcome::FailurePolicy;
use crate::rule::{Policy, Predicate, Rule, Severity, WhenAbsent};
use crate::shard::Shard;

/// A report that was read back.
#[derive(Debug)]
pub struct Recorded {
    /// The version of the program that wrote it.
    pub tool: String,
    /// When the run was, in milliseconds since 1970; `None` in reports of before it was written down.
    pub generated: Option<i64>,
    /// Which part of the pools it is about, where it is a part.
    pub shard: Option<Shard>,
    /// The conditions that counted as a failure. `None` in older reports, which do not have them.
    pub terms: Option<RecordedTerms>,
    /// `rule::digest` of the policy; `None` in reports of before it was written down.
    pub digest: Option<String>,
    /// The rules of the run, sorted by id. They have no predicate: nothing can be judged by them. A rule that no
    /// finding is about is missing in reports of before rules were written down.
    pub policy: Policy,
    /// Findings with what was decided about them, undecided and unread, as they were. Each finding's rule has the
    /// severity and the title that the finding was reported with, also where a scope changed them.
    pub evaluation: Evaluation,
}

/// The conditions that counted as a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedTerms {
    pub terms: FailurePolicy,
    /// Sections outside the inputs counted as unknown.
    pub full_coverage: bool,
    /// The report has every verdict.
    pub evidence: bool,
}

/// A rule of which nothing is known.
pub(super) fn blank() -> Rule {
    Rule {
        id: Arc::default(),
        title: String::new(),
        titled: false,
        severity: Severity::default(),
        why: String::new(),
        fix: String::new(),
        console: String::new(),
        api: String::new(),
        links: Vec::new(),
        tags: Vec::new(),
        controls: Vec::new(),
        params: Vec::new(),
        message: None,
        each: None,
        when: None,
        expect: Predicate::All(Vec::new()),
        when_absent: WhenAbsent::default(),
        unchecked: false,
        infers: false,
        waivable: true,
        source_file: SourceFile::new("", ""),
        at: 0..0,
        as_shipped: false,
    }
}
