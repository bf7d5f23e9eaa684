//! Reads a report that was written before, as JSON or as JSON lines.
//!
//! A report is read back as the types that it was written from, so that code for the findings of this run works on
//! those of an earlier one. Excerpts are not in a report, so no finding has one, and the rules can be shown but not
//! evaluated.

use serde_json::{Map, Value};

use super::recorded::Recorded;
use super::{LISTS, ReportShape, VERSION, build};
use crate::value::json_error;

/// The reason that a text cannot be read as a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Starts in lower case and has no period.
    pub message: String,
    /// The advice.
    pub help: String,
}

fn not_json(error: &serde_json::Error) -> Unreadable {
    let (line, column) = (error.line(), error.column());
    unreadable(format!("this is not JSON at line {line} column {column}: {}", json_error(error)))
}

/// Reads a report, as JSON or as JSON lines.
pub fn read(text: &str) -> Result<Recorded, Unreadable> {
    let json = match lines(text) {
        Some(json) => json?,
        None => serde_json::from_str(text).map_err(|error| not_json(&error))?,
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
        _ => return Err(unreadable("this is JSON, but not a report of cognito-lint".to_owned())),
    }
    let damaged = |what: String| unreadable(format!("the report is damaged: {what}"));
    let shape: ReportShape<'_> = serde_json::from_value(json).map_err(|error| damaged(json_error(&error)))?;
    build::recorded(shape).map_err(damaged)
}

fn unreadable(message: String) -> Unreadable {
    let help = "expected a file that `--report json=FILE` or `--report jsonl=FILE` wrote".to_owned();
    Unreadable { message, help }
}

/// Joins JSON lines to the form of the JSON report. `None` for a text that is not the JSON lines of a report.
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
        let item: Map<String, Value> = serde_json::from_str(line)
            .map_err(|error| broken(format!("this is not JSON: {}", json_error(&error))))?;
        let kind = item.get("type").and_then(Value::as_str).unwrap_or_default();
        if kind == "summary" {
            whole = true;
            report.extend(item);
        } else if let Some(list) = LISTS.iter().position(|(name, _)| *name == kind) {
            lists[list].push(Value::Object(item));
        }
    }
    if !whole {
        return Err(unreadable(
            "the report is truncated: its last line, the `summary`, is missing".to_owned(),
        ));
    }
    for ((kind, name), list) in LISTS.into_iter().zip(lists) {
        match (kind, report.get_mut("policy")) {
            ("rule", Some(Value::Object(policy))) => policy.insert(name.to_owned(), Value::Array(list)),
            _ => report.insert(name.to_owned(), Value::Array(list)),
        };
    }
    Ok(Value::Object(report))
}
