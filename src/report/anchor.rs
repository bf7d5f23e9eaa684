//! The place of a finding for consumers that only know files: its file, or a path that names a live pool.
//!
//! The path of a live pool does not name a file, and stays the same from run to run.

use crate::finding::{Finding, Location, PoolRef, Undecided};
use crate::pool::Source;
use crate::source::Unread;

/// A file and a place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    /// With `/` between its parts.
    pub path: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// There is such a file, as far as is known.
    pub is_file: bool,
}

/// The place of the value, or of the nearest text around it if it is absent.
pub(super) fn of_finding(finding: &Finding) -> Anchor {
    match &finding.location {
        Some(at) => of_location(at),
        None => of_pool(&finding.pool),
    }
}

/// The place of the value that is not known, where the input is a directory.
pub(super) fn of_undecided(undecided: &Undecided) -> Anchor {
    match &undecided.location {
        Some(at) => of_location(at),
        None => of_pool(&undecided.pool),
    }
}

/// A place in a file.
pub(super) fn of_location(at: &Location) -> Anchor {
    Anchor { line: at.line, column: at.column, ..of_input(&at.file) }
}

/// The file of the pool, or the path that names it.
pub(super) fn of_pool(pool: &PoolRef) -> Anchor {
    if pool.origin.source != Source::Live {
        return of_input(&pool.origin.name);
    }
    let identity = &pool.identity;
    let id = identity.id.as_ref().or(identity.arn.as_ref()).or(identity.name.as_ref());
    let id = id.map_or_else(String::new, |id| part(id));
    virtual_path(&[&account(pool), &region(pool), &format!("{id}.json")])
}

/// The file that could not be read, or a path that names what could not.
pub(super) fn of_unread(unread: &Unread) -> Anchor {
    match (unread.at, &unread.operation) {
        (Some((line, column)), _) => Anchor { line, column, ..of_input(&unread.target) },
        (None, None) => of_input(&unread.target),
        (None, Some(_)) => virtual_path(&["unread", &part(&unread.target)]),
    }
}

/// The account of a live pool, as a part of a path.
pub(super) fn account(pool: &PoolRef) -> String {
    pool.identity.account.as_deref().map_or_else(|| "unknown-account".to_owned(), part)
}

/// The Region of a live pool, as a part of a path.
pub(super) fn region(pool: &PoolRef) -> String {
    pool.identity.region.as_deref().map_or_else(|| "unknown-region".to_owned(), part)
}

fn of_input(name: &str) -> Anchor {
    match name {
        "-" => virtual_path(&["standard-input"]),
        name => {
            let path = name.replace('\\', "/");
            let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
            Anchor { path, line: 1, column: 1, is_file: true }
        }
    }
}

fn virtual_path(parts: &[&str]) -> Anchor {
    Anchor { path: format!("cognito/{}", parts.join("/")), line: 1, column: 1, is_file: false }
}

/// A text as one part of a path.
fn part(text: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    text.chars().map(safe).collect()
}
