//! Reads a report that was written before, as JSON or as JSON lines.
//!
//! What a report says comes back as the types that it was written from, so that whatever looks at the findings of
//! this run can look at those of an earlier one. Text around values is not in a report, so no finding has an
//! excerpt, and the rules can be shown but not judged by.

use serde_json::{Map, Value};

use super::{LISTS, ReportShape, VERSION, build};
use crate::evaluate::Evaluation;
use crate::outcome::Terms;
use crate::rule::Policy;
use crate::shard::Shard;

/// What a report says.
#[derive(Debug)]
pub struct Recorded {
    /// The version of the program that wrote it.
    pub tool: String,
    /// When the run was, in milliseconds since 1970; `None` in reports of before it was written down.
    pub generated: Option<i64>,
    /// Which part of the pools it is about, where it is a part.
    pub shard: Option<Shard>,
    /// What counted as a failure; `None` in reports of before it was written down.
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

/// What counted as a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedTerms {
    pub terms: Terms,
    /// What lies outside the inputs counted as unknown.
    pub full_coverage: bool,
    /// The report has every verdict.
    pub evidence: bool,
}

/// Why a text is no report that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Starts in lower case and has no period.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// Reads a report, as JSON or as JSON lines.
pub fn read(text: &str) -> Result<Recorded, Unreadable> {
    let json = match lines(text) {
        Some(json) => json?,
        None => {
            serde_json::from_str(text).map_err(|error| unreadable(format!("this is not JSON: {error}")))?
        }
    };
    match json.get("version").map(|version| (version.as_u64(), version)) {
        Some((Some(VERSION), _)) if json.get("findings").is_some() => {}
        Some((Some(version), _)) if version > VERSION => {
            return Err(Unreadable {
                message: format!(
                    "this report is of version {version}, and this program reads version {VERSION}"
                ),
                help: "use the version of cognito-lint that wrote it, or a newer one".to_owned(),
            });
        }
        _ => return Err(unreadable("this is JSON, but no report of cognito-lint".to_owned())),
    }
    let damaged = |what: String| unreadable(format!("the report is damaged: {what}"));
    let shape: ReportShape<'_> = serde_json::from_value(json).map_err(|error| damaged(error.to_string()))?;
    build::recorded(shape).map_err(damaged)
}

fn unreadable(message: String) -> Unreadable {
    let help = "expected a file that `--report json=FILE` or `--report jsonl=FILE` wrote".to_owned();
    Unreadable { message, help }
}

/// Puts JSON lines together as the JSON report has them; `None` for a text that is no JSON lines of a report.
fn lines(text: &str) -> Option<Result<Value, Unreadable>> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let Ok(Value::Object(header)) = serde_json::from_str(lines.next()?.1) else { return None };
    (header.get("type")? == "header").then(|| assemble(header, lines))
}

fn assemble<'a>(
    mut report: Map<String, Value>,
    lines: impl Iterator<Item = (usize, &'a str)>,
) -> Result<Value, Unreadable> {
    let mut lists: Vec<Vec<Value>> = vec![Vec::new(); LISTS.len()];
    let mut whole = false;
    for (number, line) in lines {
        let broken = |what: String| unreadable(format!("line {}: {what}", number + 1));
        if whole {
            return Err(broken("something comes after the `summary`".to_owned()));
        }
        let item: Map<String, Value> =
            serde_json::from_str(line).map_err(|error| broken(format!("this is not JSON: {error}")))?;
        let kind = item.get("type").and_then(Value::as_str).unwrap_or_default();
        if kind == "summary" {
            whole = true;
            report.extend(item);
        } else if let Some(list) = LISTS.iter().position(|(name, _)| *name == kind) {
            lists[list].push(Value::Object(item));
        }
    }
    if !whole {
        return Err(unreadable("the report breaks off: its last line, the `summary`, is missing".to_owned()));
    }
    for ((kind, name), list) in LISTS.into_iter().zip(lists) {
        match (kind, report.get_mut("policy")) {
            ("rule", Some(Value::Object(policy))) => policy.insert(name.to_owned(), Value::Array(list)),
            _ => report.insert(name.to_owned(), Value::Array(list)),
        };
    }
    Ok(Value::Object(report))
}
