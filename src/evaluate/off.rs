//! Which rules the configuration turned off.

use std::collections::BTreeMap;

use crate::rule::Policy;
use crate::source::Note;

/// Says which rules the configuration turned off, and for how many pools: otherwise nothing in a report would
/// tell a rule that passed from one that was not asked.
pub(super) fn notes(policy: &Policy, scoped: &BTreeMap<usize, usize>) -> Vec<Note> {
    let listed = |ids: Vec<&str>| ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    let be = |count: usize| if count == 1 { "is" } else { "are" };
    let mut notes = Vec::new();
    let ids: Vec<&str> = policy.off.iter().map(AsRef::as_ref).collect();
    if !ids.is_empty() {
        let message = format!("{} {} off for every pool", listed(ids.clone()), be(ids.len()));
        notes.push(Note { target: "configuration".to_owned(), message });
    }
    for (index, pools) in scoped.iter().filter(|(_, pools)| **pools > 0) {
        let scope = &policy.scopes[*index];
        let ids: Vec<&str> = scope.off(&policy.rules).collect();
        if ids.is_empty() {
            continue;
        }
        let noun = if *pools == 1 { "pool" } else { "pools" };
        let message = format!("{} {} off for {pools} {noun}", listed(ids.clone()), be(ids.len()));
        notes.push(Note { target: format!("scope `{}`", scope.name), message });
    }
    notes
}
