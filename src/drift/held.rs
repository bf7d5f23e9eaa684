//! Whether an input holds a section of a pool.

use crate::pool::{Pool, Section};

/// Whether a pool's input holds a section.
pub(super) enum Held<'a> {
    Yes,
    No,
    Unread(&'a str),
}

pub(super) fn state(pool: &Pool, section: Section, there: bool) -> Held<'_> {
    match pool.unread.iter().find(|(unread, _)| *unread == section) {
        // A section that no snapshot holds is missing everywhere.
        Some(_) if !section.is_compared() => Held::No,
        Some((_, why)) => Held::Unread(why),
        None if there || pool.held.contains(&section) => Held::Yes,
        None => Held::No,
    }
}
