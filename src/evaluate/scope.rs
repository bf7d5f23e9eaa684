//! Scopes of the configuration that are for none of the pools.

use super::Evaluation;
use crate::rule::Policy;
use crate::source::Note;

/// More names than this are counted, not listed.
const LISTED: usize = 5;

/// A note on the scopes that fit no pool of a run that read all it was asked for: a name or a tag may be misspelt, and
/// then rules that a scope changes are judged unchanged.
pub(super) fn idle(policy: &Policy, whole: &Evaluation) -> Option<Note> {
    if !whole.unread.is_empty() || whole.interrupted.is_some() {
        return None;
    }
    let none = whole.scoped.iter().filter(|(_, pools)| **pools == 0);
    let names: Vec<&str> = none.filter_map(|(at, _)| Some(&*policy.scopes.get(*at)?.name)).collect();
    let (shown, more) = match names.len() {
        0 => return None,
        1..=LISTED => (&names[..], String::new()),
        all => (&names[..LISTED], format!(" and {} more", all - LISTED)),
    };
    let pools = match whole.tally.pools {
        1 => "not for the pool".to_owned(),
        n => format!("for none of the {n} pools"),
    };
    let listed = shown.join("`, `");
    let message = match names.len() {
        1 => format!("the scope `{listed}` is {pools} of this run, so it has no effect"),
        _ => format!("the scopes `{listed}`{more} are {pools} of this run, so they have no effect"),
    };
    Some(Note { target: "configuration".to_owned(), message })
}
