//! The answers of journeys that the changes of a pool turn.

use super::Change;
use crate::journey::{Answer, Question, journeys_of};
use crate::pool::Pool;

/// An answer that is another than before.
#[derive(Clone, Debug)]
pub struct Turned {
    pub question: Question,
    pub before: Answer,
    pub after: Answer,
    /// The clients through which strangers get tokens now and did not before; where it was closed, the other way round.
    pub clients: Vec<String>,
    /// The positions of the changes that it rests on.
    pub changes: Vec<usize>,
}

impl Turned {
    /// Whether more is open than before.
    pub fn is_opened(&self) -> bool {
        !self.after.is_at_most(&self.before) || self.before == self.after
    }
}

/// The answers that are others than before, and those that hold through further clients.
pub(super) fn turned(recorded: &Pool, current: &Pool, changes: &[Change]) -> Vec<Turned> {
    let ((before, settings_before), (after, settings_after)) = (journeys_of(recorded), journeys_of(current));
    let (clients_before, clients_after) = (before.clients_of_strangers(), after.clients_of_strangers());
    let only = |one: &[String], other: &[String]| -> Vec<String> {
        one.iter().filter(|name| !other.contains(name)).cloned().collect()
    };
    let mut all = Vec::new();
    for ((question, old), (_, new)) in before.answers.into_iter().zip(after.answers) {
        let is_same = new.is_at_most(&old) && old.is_at_most(&new);
        let of_strangers = question.is_about_tokens_of_strangers();
        let more = if of_strangers { only(&clients_after, &clients_before) } else { Vec::new() };
        let through_more = question == Question::StrangerToken && !more.is_empty();
        if is_same && !through_more {
            continue;
        }
        let opened = is_same || !new.is_at_most(&old);
        let less = if of_strangers { only(&clients_before, &clients_after) } else { Vec::new() };
        let all_settings = if opened { &settings_after } else { &settings_before };
        let settings =
            all_settings.iter().filter(|(own, _)| *own == question).flat_map(|(_, settings)| settings);
        let settings: Vec<&String> = settings.collect();
        let rests_on = |change: &Change| settings.iter().any(|setting| is_about(setting, &change.path));
        let changes: Vec<usize> =
            changes.iter().enumerate().filter(|(_, change)| rests_on(change)).map(|(at, _)| at).collect();
        // A section that was not read is another reason than a change.
        if changes.is_empty() && (old.is_unknown() || new.is_unknown()) {
            continue;
        }
        let clients = if opened { more } else { less };
        all.push(Turned { question, before: old, after: new, clients, changes });
    }
    all
}

/// Whether a path is that of a setting, or of a part or the whole of it.
fn is_about(setting: &str, path: &str) -> bool {
    let within = |one: &str, other: &str| {
        one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    !path.is_empty() && (within(setting, path) || within(path, setting))
}
