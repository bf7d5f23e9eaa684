//! The shapes of a report's members, as they are read: what is not needed is passed over, and what older reports of
//! the same version do not have may be missing.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Unreadable, unreadable};

#[derive(Deserialize)]
pub(super) struct ReportShape {
    pub(super) tool: ToolShape,
    pub(super) generated: Option<String>,
    pub(super) shard: Option<ShardShape>,
    pub(super) terms: Option<TermsShape>,
    pub(super) exit_code: u8,
    pub(super) summary: SummaryShape,
    pub(super) findings: Vec<FindingShape>,
    #[serde(default)]
    pub(super) fixed: Vec<FixedShape>,
    pub(super) unknown: Vec<UnknownShape>,
    pub(super) unread: Vec<UnreadShape>,
    #[serde(default)]
    pub(super) notes: Vec<NoteShape>,
    #[serde(default)]
    pub(super) outside: Vec<OutsideShape>,
    #[serde(default)]
    pub(super) unknown_members: BTreeSet<String>,
    #[serde(default)]
    pub(super) policy: PolicyShape,
    #[serde(default)]
    pub(super) pools: Vec<PoolShape>,
    #[serde(default)]
    pub(super) verdicts: Vec<VerdictShape>,
}

#[derive(Deserialize)]
pub(super) struct ToolShape {
    pub(super) version: String,
}

#[derive(Deserialize)]
pub(super) struct ShardShape {
    pub(super) index: u32,
    pub(super) count: u32,
    pub(super) seen: BTreeSet<String>,
}

#[derive(Deserialize)]
pub(super) struct TermsShape {
    pub(super) fail_on: String,
    pub(super) unknown: String,
    pub(super) coverage: String,
    pub(super) allow_empty: bool,
    pub(super) evidence: bool,
}

#[derive(Deserialize)]
pub(super) struct SummaryShape {
    pub(super) pools: usize,
    pub(super) rules: usize,
    pub(super) pass: usize,
    pub(super) fail: usize,
    pub(super) unknown: usize,
    pub(super) skipped: usize,
    pub(super) by_severity: BySeverityShape,
}

#[derive(Deserialize)]
pub(super) struct BySeverityShape {
    pub(super) info: usize,
    pub(super) low: usize,
    pub(super) medium: usize,
    pub(super) high: usize,
    pub(super) critical: usize,
}

#[derive(Default, Deserialize)]
pub(super) struct PolicyShape {
    pub(super) digest: Option<String>,
    #[serde(default)]
    pub(super) off: Vec<String>,
    #[serde(default)]
    pub(super) scopes: Vec<ScopeShape>,
    #[serde(default)]
    pub(super) rules: Vec<RuleShape>,
}

#[derive(Deserialize)]
pub(super) struct ScopeShape {
    pub(super) name: String,
    pub(super) pools: usize,
    pub(super) off: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct RuleShape {
    pub(super) id: String,
    pub(super) severity: String,
    pub(super) title: String,
    pub(super) why: String,
    pub(super) fix: String,
    pub(super) links: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) controls: Vec<ControlsShape>,
    pub(super) params: Map<String, Value>,
    pub(super) file: String,
    pub(super) line: usize,
}

#[derive(Deserialize)]
pub(super) struct ControlsShape {
    pub(super) framework: String,
    pub(super) ids: Vec<String>,
}

#[derive(Default, Deserialize)]
pub(super) struct PoolShape {
    pub(super) id: Option<String>,
    pub(super) arn: Option<String>,
    pub(super) name: Option<String>,
    pub(super) account: Option<String>,
    pub(super) region: Option<String>,
    pub(super) address: Option<String>,
    pub(super) source: Option<String>,
    pub(super) input: Option<String>,
    #[serde(default)]
    pub(super) offset: usize,
}

#[derive(Deserialize)]
pub(super) struct SubjectShape {
    pub(super) key: String,
    pub(super) label: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct LocationShape {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

#[derive(Deserialize)]
pub(super) struct DeclarationShape {
    pub(super) address: String,
    pub(super) construct: Option<String>,
    pub(super) name: Option<String>,
    pub(super) fix: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct FindingShape {
    pub(super) rule: String,
    pub(super) severity: String,
    pub(super) title: String,
    pub(super) message: String,
    pub(super) pool: PoolShape,
    pub(super) source: String,
    pub(super) path: String,
    pub(super) subject: Option<SubjectShape>,
    pub(super) actual: Option<Value>,
    pub(super) expected: String,
    pub(super) default: bool,
    pub(super) location: Option<LocationShape>,
    pub(super) declaration: Option<DeclarationShape>,
    pub(super) fingerprint: String,
    pub(super) status: String,
    pub(super) waiver: Option<WaiverShape>,
    pub(super) change: Option<String>,
    pub(super) first_seen: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct WaiverShape {
    pub(super) owner: String,
    pub(super) reason: String,
    pub(super) expires: Option<String>,
    pub(super) place: String,
}

#[derive(Deserialize)]
pub(super) struct FixedShape {
    pub(super) rule: String,
    pub(super) pool: String,
    pub(super) title: String,
    pub(super) path: String,
    pub(super) fingerprint: String,
    pub(super) first_seen: String,
}

#[derive(Deserialize)]
pub(super) struct UnknownShape {
    pub(super) rule: String,
    pub(super) pool: PoolShape,
    pub(super) path: String,
    pub(super) subject: Option<SubjectShape>,
    pub(super) reason: String,
}

#[derive(Deserialize)]
pub(super) struct UnreadShape {
    pub(super) target: String,
    pub(super) operation: Option<String>,
    pub(super) code: Option<String>,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
}

#[derive(Deserialize)]
pub(super) struct NoteShape {
    pub(super) target: String,
    pub(super) message: String,
}

#[derive(Deserialize)]
pub(super) struct OutsideShape {
    pub(super) input: String,
    pub(super) section: String,
    pub(super) rules: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct VerdictShape {
    pub(super) rule: String,
    pub(super) pool: PoolShape,
    pub(super) subject: Option<SubjectShape>,
    pub(super) verdict: String,
    pub(super) reason: String,
}

/// Kinds of lines, and the list of the JSON report that each is an item of.
const LISTS: [(&str, &str); 9] = [
    ("rule", "rules"),
    ("pool", "pools"),
    ("finding", "findings"),
    ("fixed", "fixed"),
    ("unknown", "unknown"),
    ("unread", "unread"),
    ("note", "notes"),
    ("outside", "outside"),
    ("verdict", "verdicts"),
];

/// Puts JSON lines together as the JSON report has them; `None` for a text that is no JSON lines of a report.
pub(super) fn lines(text: &str) -> Option<Result<Value, Unreadable>> {
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
