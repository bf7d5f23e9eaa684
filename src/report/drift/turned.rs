//! The answers about who can get a token that changes turned, in sentences.

use super::phrasing::value;
use crate::drift::{PoolDrift, Turned};
use crate::journey::{Answer, Sure};
use crate::report::journey::words::short;
use crate::report::sanitize::sanitized;
use crate::value::Value;

/// A sentence without a period for each answer: what was opened or closed, since when, and by which settings.
pub(super) fn sentences(pool: &PoolDrift) -> Vec<String> {
    pool.turned.iter().map(|turned| sentence(turned, pool)).collect()
}

fn sentence(turned: &Turned, pool: &PoolDrift) -> String {
    let since = match pool.taken.0 {
        Some(millis) => format!("since {}", Value::Time(millis)),
        None => "now".to_owned(),
    };
    let start = match (turned.after.is_no(), turned.after.is_unknown(), turned.is_opened()) {
        (true, ..) => {
            if pool.taken.0.is_some() {
                format!("no longer, {since}:")
            } else {
                "no longer:".to_owned()
            }
        }
        // An answer that is not known is neither open nor closed.
        (false, true, _) => format!("{since} it is not known whether"),
        (false, false, true) => since,
        (false, false, false) => format!("less than before, {since}:"),
    };
    let shown = if turned.after.is_no() { &turned.before } else { &turned.after };
    let names = match shown {
        Answer::Gets { .. } => String::new(),
        Answer::Seconds { .. } | Answer::Names { .. } => format!(" {}", short(shown)),
    };
    let through = match turned.clients.as_slice() {
        [] => String::new(),
        clients => format!(" through {}", clients.join(", ")),
    };
    let settings = turned.changes.iter().filter_map(|at| pool.changes.get(*at)).map(|change| {
        let before = value(change.before.as_ref(), change.before_default);
        format!("{}: {before} to {}", change.path, value(change.after.as_ref(), change.after_default))
    });
    let settings: Vec<String> = settings.collect();
    let settings = if settings.is_empty() { String::new() } else { format!(": {}", settings.join("; ")) };
    let text = format!("{start} {}{names}{through}{}{settings}", turned.question.statement(), both(turned));
    sanitized(&text).into_owned()
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
    if is_plain(before, after) || is_plain(after, before) {
        return String::new();
    }
    format!(" (before: {}; now: {})", short(before), short(after))
}
