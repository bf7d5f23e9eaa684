//! The tests of a rule: is the pool of a `[[rule.test]]` possible, and does the rule say of it what it should?

mod boundary;
mod possible;

use std::ops::Range;

pub use boundary::{boundaries, samples};

use super::written::{WrittenPolicyTest, WrittenRule, WrittenTest};
use super::{Rule, Verdict};
use crate::diagnostic::{SourceDiagnostic, SourceFile, suggest};
use crate::pool::{Origin, Pool, Projection, Section, Source, derive, mirror};
use crate::schema::InputKind;
use crate::spanned::{Item, Toml};
use crate::value::Map;

/// One test of a rule that can be run.
#[derive(Clone, Debug)]
pub struct Case {
    /// The author's name for the case. Empty if there is none.
    pub name: String,
    pub verdict: Verdict,
    pub pool: Pool,
    pub source_file: SourceFile,
    /// Its span.
    pub at: Range<usize>,
}

/// Checks the tests of a rule and makes cases of those that are right.
pub fn cases(written: &WrittenRule, mistakes: &mut Vec<SourceDiagnostic>) -> Vec<Case> {
    written.tests.iter().filter_map(|test| case(written, test, mistakes)).collect()
}

/// The tests of a rule that are right, and those that are derived of it.
pub fn with_derived(written: &WrittenRule, rule: &Rule, mistakes: &mut Vec<SourceDiagnostic>) -> Vec<Case> {
    let cases = cases(written, mistakes);
    let derived = boundaries(rule, &cases);
    cases.into_iter().chain(derived).collect()
}

fn case(written: &WrittenRule, test: &WrittenTest, mistakes: &mut Vec<SourceDiagnostic>) -> Option<Case> {
    let source_file = &written.source_file;
    let before = mistakes.len();
    let verdict = match &test.verdict {
        Some((word, at)) => {
            let found = Verdict::ALL.into_iter().find(|verdict| verdict.word() == word);
            if found.is_none() {
                let help = suggest(word, Verdict::ALL.map(Verdict::word));
                let message = format!("there is no verdict `{word}`");
                let mistake = SourceDiagnostic::new(source_file, at.clone(), message, "unknown verdict");
                mistakes.push(mistake.help(help));
            }
            found
        }
        None => None,
    };
    let pool = pool_of(source_file, test, written.unchecked.is_some(), mistakes)?;
    if mistakes.len() > before {
        return None;
    }
    let name = test.name.clone().unwrap_or_default();
    Some(Case { name, verdict: verdict?, pool, source_file: source_file.clone(), at: test.at.clone() })
}

/// The pool of a test of a whole configuration, which has no verdict of its own.
pub fn of_policy(test: &WrittenPolicyTest, mistakes: &mut Vec<SourceDiagnostic>) -> Option<Case> {
    let pool = pool_of(&test.source_file, &test.test, false, mistakes)?;
    let name = test.test.name.clone().unwrap_or_default();
    let verdict = if test.fails.is_empty() { Verdict::Pass } else { Verdict::Fail };
    Some(Case { name, verdict, pool, source_file: test.source_file.clone(), at: test.test.at.clone() })
}

/// The pool of a test, unless it has a mistake.
fn pool_of(
    source_file: &SourceFile,
    test: &WrittenTest,
    unchecked: bool,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Option<Pool> {
    let before = mistakes.len();
    let kind = match &test.source {
        None => InputKind::Answer,
        Some((word, at)) => {
            let found = InputKind::ALL.into_iter().find(|kind| kind.word() == word);
            if found.is_none() {
                let help = suggest(word, InputKind::ALL.map(InputKind::word));
                let message = format!("a test's `source` cannot be `{word}`");
                mistakes.push(
                    SourceDiagnostic::new(source_file, at.clone(), message, "unknown source").help(help),
                );
            }
            found.unwrap_or(InputKind::Answer)
        }
    };
    let document = match &test.pool {
        None => None,
        Some(Item { toml: Toml::Table(table), .. }) => {
            Some(possible::document(source_file, table, unchecked, mistakes))
        }
        Some(item) => {
            let label = format!("this is {}", item.toml.kind());
            let help = "write what the API would answer: `pool = { MfaConfiguration = \"ON\" }`";
            mistakes.push(
                SourceDiagnostic::new(source_file, item.at.clone(), "`pool` must be a table", label)
                    .help(help),
            );
            None
        }
    };
    if mistakes.len() > before { None } else { Some(pool(document?, kind)) }
}

/// A pool with nothing but a document.
fn pool(document: Map, kind: InputKind) -> Pool {
    let origin = Origin { source: Source::Test(kind), name: "test".into() };
    // A client without settings of its own is what most tests are about.
    let held = Section::OF_CLIENTS.to_vec();
    let mut pool = Pool { origin, document, held, ..Pool::default() };
    mirror(&mut pool, &Projection::everything());
    derive(&mut pool.document);
    pool
}

/// How to name a rule's case in output.
pub fn title(rule: &Rule, case: &Case) -> String {
    format!("{} ({})", rule.id, place(case))
}

/// The file and line of a case, and its name.
pub fn place(case: &Case) -> String {
    let (line, _) = case.source_file.line_column(case.at.start);
    match case.name.as_str() {
        "" => format!("{}:{line}", case.source_file.name()),
        name => format!("{}:{line}, {name}", case.source_file.name()),
    }
}
