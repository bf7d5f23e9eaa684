//! The comparison as SARIF 2.1.0: a result for each change, of one rule for each direction.

use std::io::{self, Write};

use super::calls::{refusals, sentence};
use super::phrasing::{answer, effect, subject, title, uncompared, value};
use super::{DriftReport, fails};
use crate::drift::{Change, Direction, PoolDrift, traced};
use crate::finding::{PoolRef, fingerprint};
use crate::report::anchor;
use crate::report::json::v1::changes;
use crate::report::sanitize::sanitized;
use crate::report::sarif::shapes::{
    Automation, Fingerprints, Help, Invocation, Level, Log, Notification, ResultProperties, ResultShape,
    RuleProperties, RuleShape, Run, Text, Tool,
};
use crate::report::sarif::{RESULTS, location};
use crate::report::summary;

/// The rule of a failure to read.
const UNREAD: &str = "could-not-be-read";

pub(super) fn write(report: &DriftReport, out: &mut dyn Write) -> io::Result<()> {
    Log::write(vec![run(report)], out)
}

fn run(report: &DriftReport) -> Run {
    let drift = report.drift;
    let mut results: Vec<ResultShape> = drift
        .unread
        .iter()
        .map(|unread| {
            let message = format!("{}: {}", summary::unread_at(unread), summary::unread(unread));
            let what = format!("{}\n{}", unread.target, unread.operation.as_deref().unwrap_or_default());
            let print = fingerprint(UNREAD, &PoolRef::default(), &what, None);
            result(
                (UNREAD, Direction::ALL.len()),
                ("fail", "error"),
                &message,
                (&anchor::of_unread(unread), None),
                &print,
            )
        })
        .collect();
    let changes = drift.pools.iter().flat_map(|pool| pool.changes.iter().map(move |change| (pool, change)));
    let mut changes: Vec<(&PoolDrift, &Change)> = changes.collect();
    changes.sort_by_key(|(_, change)| change.direction);
    let room = RESULTS.saturating_sub(results.len());
    let left = changes.len().saturating_sub(room);
    results
        .extend(changes.into_iter().take(room).filter_map(|(pool, change)| of_change(report, pool, change)));
    results.truncate(RESULTS);
    let mut notes: Vec<Notification> = drift
        .unread
        .iter()
        .map(|one| {
            Notification::new("error", &format!("{}: {}", summary::unread_at(one), summary::unread(one)))
        })
        .collect();
    if left > 0 {
        notes.push(Notification::new(
            "warning",
            &format!("{left} changes are left out: a run has room for {RESULTS} results"),
        ));
    }
    notes.extend(uncompared(drift).iter().map(|one| Notification::new("warning", one)));
    notes.extend(refusals(report).iter().map(|one| Notification::new("note", one)));
    notes.extend(
        drift.notes.iter().map(|one| Notification::new("note", &format!("{}: {}", one.target, one.message))),
    );
    notes.push(Notification::new("note", &answer(report)));
    Run {
        tool: Tool::new(rules()),
        automation_details: Automation { id: "cognito/drift/".to_owned() },
        column_kind: "unicodeCodePoints",
        invocations: [Invocation {
            execution_successful: drift.unread.is_empty() && drift.interrupted.is_none(),
            exit_code: report.outcome.exit_code(),
            tool_execution_notifications: notes,
        }],
        results,
    }
}

fn rule(direction: Direction) -> &'static str {
    match direction {
        Direction::Weakened => "drift-weakened",
        Direction::Strengthened => "drift-strengthened",
        Direction::Neutral => "drift-neutral",
    }
}

fn rules() -> Vec<RuleShape> {
    let of = |direction: Direction| match direction {
        Direction::Weakened => (
            "A change weakened policy",
            "A rule that passed now fails, or a value is worse in terms of a bound.",
            "Undo the change, or record the pool anew.",
            "error",
            Some("8.0"),
        ),
        Direction::Strengthened => (
            "A change strengthened policy",
            "A rule that failed now passes, or a value is better in terms of a bound.",
            "Record the pool anew.",
            "note",
            None,
        ),
        Direction::Neutral => (
            "A change that no rule covers",
            "A value differs from the recorded one.",
            "Undo the change, or record the pool anew.",
            "note",
            None,
        ),
    };
    let shape = |id: &str, (short, full, help, level, security_severity)| RuleShape {
        id: id.to_owned(),
        short_description: Text::new(short),
        full_description: Text::new(full),
        help: Help { text: String::from(help), markdown: None },
        help_uri: None,
        default_configuration: Level { level },
        properties: RuleProperties { tags: Vec::new(), precision: "very-high", security_severity },
    };
    let own = Direction::ALL.into_iter().map(|direction| shape(rule(direction), of(direction)));
    let unread = (
        "Something could not be read",
        "So it was not compared.",
        "Remove the cause that the message names.",
        "error",
        None,
    );
    own.chain([shape(UNREAD, unread)]).collect()
}

fn of_change(report: &DriftReport, pool: &PoolDrift, change: &Change) -> Option<ResultShape> {
    let place = pool.pool()?;
    let mut message = subject(change, pool);
    if !change.path.is_empty() {
        let before = value(change.before.as_ref(), change.before_default);
        message.push_str(&format!(": {before} to {}", value(change.after.as_ref(), change.after_default)));
    }
    for touched in change.rules.iter().filter(|touched| touched.direction != Direction::Neutral) {
        message.push_str(&format!("; {}", effect(touched)));
    }
    if let Some(caller) = sentence(change, report.trail) {
        message.push_str(&format!("; {}", sanitized(&caller)));
    }
    let level = match (change.direction, fails(report.terms, change.direction)) {
        (Direction::Weakened, true) => "error",
        (Direction::Strengthened | Direction::Neutral, true) => "warning",
        (_, false) => "note",
    };
    let id = rule(change.direction);
    let index = Direction::ALL.iter().position(|one| *one == change.direction)?;
    let at = anchor::of_pool(place);
    // A change keeps its alert whatever its direction is.
    let print = fingerprint("drift", place, &change.path, None);
    let message = format!("{message} ({})", title(pool));
    let traced = report.trail.and_then(|trail| traced(change, trail));
    let properties = traced.map(|one| ResultProperties { changes: changes([&one]) });
    let shape = result((id, index), ("fail", level), &message, (&at, Some((place, &change.path))), &print);
    Some(ResultShape { properties, ..shape })
}

fn result(
    (rule, rule_index): (&str, usize),
    (kind, level): (&'static str, &'static str),
    message: &str,
    (at, of): (&anchor::Anchor, Option<(&PoolRef, &str)>),
    fingerprint: &str,
) -> ResultShape {
    let (location, is_file) = location(at, of);
    let hash = (!is_file).then(|| format!("{}:1", fingerprint.get(..16).unwrap_or(fingerprint)));
    ResultShape {
        rule_id: rule.to_owned(),
        rule_index,
        kind,
        level,
        message: Text::new(message),
        locations: [location],
        partial_fingerprints: Fingerprints { primary_location_line_hash: hash, own: fingerprint.to_owned() },
        related_locations: Vec::new(),
        baseline_state: None,
        suppressions: Vec::new(),
        properties: None,
    }
}
