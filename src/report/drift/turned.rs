//! The answers about who can get a token that changes turned, in sentences.

use super::phrasing::value;
use crate::drift::{PoolDrift, Turned};
use crate::journey::{Answer, Question, Sure};
use crate::report::journey::words::short;
use crate::report::sanitize::sanitized;
use crate::value::Value;

/// The start of a sentence about pools of which it is not known when they were read.
const NOW: &str = "now";

/// A sentence without a period for each answer: what was opened or closed, since when, and by which settings.
pub(super) fn sentences(pool: &PoolDrift) -> Vec<String> {
    pool.turned.iter().map(|turned| sentence(turned, pool)).collect()
}

fn sentence(turned: &Turned, pool: &PoolDrift) -> String {
    let since = match pool.taken {
        Some(millis) => format!("since {}", Value::Time(millis)),
        None => NOW.to_owned(),
    };
    let settings = turned.changes.iter().filter_map(|at| pool.changes.get(*at)).map(|change| {
        let is_whole = change.path.ends_with(']');
        if is_whole && change.before.is_none() {
            return format!("{} was added", change.path);
        }
        if is_whole && change.after.is_none() {
            return format!("{} was removed", change.path);
        }
        let before = value(change.before.as_ref(), change.before_default);
        format!("{}: {before} to {}", change.path, value(change.after.as_ref(), change.after_default))
    });
    let settings: Vec<String> = settings.collect();
    let settings = if settings.is_empty() { String::new() } else { format!(": {}", settings.join("; ")) };
    sanitized(&format!("{}{settings}", statement(turned, &since))).into_owned()
}

/// The answer now, and the one before unless it follows.
fn statement(turned: &Turned, since: &str) -> String {
    let Turned { question, before, after, clients, .. } = turned;
    let is_open = before.is_unknown() || after.is_unknown();
    if is_open && !matches!(after, Answer::Gets { .. }) {
        return format!("{since} {}: {} (before: {})", topic(*question), short(after), short(before));
    }
    let start = match (after.is_unknown(), after.is_no(), before.is_unknown()) {
        // An answer that is not known is neither open nor closed.
        (true, ..) => format!("{since} it is not known whether"),
        (false, true, true) => format!("{since} it is ruled out that"),
        (false, false, true) => format!("{since} it is known that"),
        (false, true, false) if since == NOW => "no longer:".to_owned(),
        (false, true, false) => format!("no longer, {since}:"),
        (false, false, false) if turned.is_opened() => since.to_owned(),
        (false, false, false) => format!("less than before, {since}:"),
    };
    let shown = if after.is_no() { before } else { after };
    let names = match shown {
        Answer::Gets { .. } => String::new(),
        Answer::Seconds { .. } | Answer::Names { .. } => format!(" {}", short(shown)),
    };
    let through = if clients.is_empty() { String::new() } else { format!(" through {}", clients.join(", ")) };
    format!("{start} {}{names}{through}{}", question.statement(), both(turned))
}

/// The question about names or a time, as the start of a clause.
fn topic(question: Question) -> String {
    let text = question.text();
    text.chars().take(1).flat_map(char::to_lowercase).chain(text.chars().skip(1)).collect()
}

/// Both answers, unless the statement says it all.
fn both(turned: &Turned) -> String {
    let (before, after) = (&turned.before, &turned.after);
    let is_plain = |one: &Answer, other: &Answer| match (one, other) {
        (Answer::Gets { proven, .. }, Answer::Gets { possible, .. }) => {
            proven.0 == Sure::Yes && possible.0 == Sure::No
        }
        (Answer::Names { proven, .. }, Answer::Names { possible, .. }) => {
            !proven.is_empty() && possible.is_empty()
        }
        _ => false,
    };
    // The same answer holds through other clients, which are named.
    let is_same = before.is_at_most(after) && after.is_at_most(before);
    if is_same || is_plain(before, after) || is_plain(after, before) {
        return String::new();
    }
    format!(" (before: {}; now: {})", short(before), short(after))
}
