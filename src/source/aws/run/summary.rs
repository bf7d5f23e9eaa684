//! The summary of a run over many accounts: notes and failures that are reported once for all accounts.

use std::collections::BTreeMap;

use crate::source::aws::client::{CallFailure, CancelReason};
use crate::source::aws::pools::RegionSummary;
use crate::source::aws::select::EmptyRegion;
use crate::source::{Note, Unread};

/// The number of names that a note lists before it counts the rest.
const NAMED: usize = 5;

/// The summary of a run, or of one account of it.
#[derive(Debug, Default)]
pub(super) struct RunSummary {
    pub tallies: Vec<RegionSummary>,
    /// Accounts without anything to read in a Region, by Region and reason.
    absent: BTreeMap<(String, EmptyRegion), Vec<String>>,
    /// Accounts, and Regions of accounts, that were not started.
    pub(super) left: Vec<String>,
    /// Accounts whose Regions could not be listed, by reason.
    unlisted: BTreeMap<String, Vec<String>>,
}

impl RunSummary {
    pub(super) fn add(&mut self, other: RunSummary) {
        self.tallies.extend(other.tallies);
        self.left.extend(other.left);
        for (key, accounts) in other.absent {
            self.absent.entry(key).or_default().extend(accounts);
        }
        for (key, accounts) in other.unlisted {
            self.unlisted.entry(key).or_default().extend(accounts);
        }
    }

    /// Records an account whose Regions could not be listed.
    pub(super) fn unlisted(&mut self, failure: &CallFailure, account: String) {
        self.unlisted.entry(reason(failure)).or_default().push(account);
    }

    pub(super) fn tally(&mut self, tally: RegionSummary, account: &str) {
        if let Some(absence) = tally.absent {
            self.absent.entry((tally.region.clone(), absence)).or_default().push(account.to_owned());
        }
        self.tallies.push(tally);
    }

    /// A failure that names what was not started before the time limit.
    pub(super) fn left(&self, cancelled: Option<CancelReason>) -> Option<Unread> {
        let over = cancelled
            .filter(|cancelled| matches!(cancelled, CancelReason::TimeLimit(_)) && !self.left.is_empty())?;
        Some(over.unread("live AWS".to_owned(), &format!("nothing was read of {}", few(&self.left))))
    }

    /// Notes about Regions without anything to read, and accounts whose Regions could not be listed.
    pub(super) fn notes(&self) -> Vec<Note> {
        let absent = self.absent.iter().map(|((region, absence), accounts)| {
            let message = match absence {
                EmptyRegion::NoCognito => "not read: the Region has no Amazon Cognito".to_owned(),
                EmptyRegion::SwitchedOff => {
                    format!("not read: the Region is not switched on for {}", few(accounts))
                }
            };
            Note { target: region.clone(), message }
        });
        let unlisted = self.unlisted.iter().map(|(reason, accounts)| {
            let message = format!(
                "which Regions are switched on could not be read ({reason}), so those that this version knows \
                 to have Cognito were tried; `ec2:DescribeRegions` on `*` lets them be read"
            );
            Note { target: few(accounts), message }
        });
        absent.chain(unlisted).collect()
    }
}

/// The first names in sorted order, and the number of others.
fn few(names: &[String]) -> String {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    match more {
        0 => names.join(", "),
        _ => format!("{} and {more} more", names.join(", ")),
    }
}

fn reason(failure: &CallFailure) -> String {
    let code = failure.code.as_ref().map(|code| format!("{code}: ")).unwrap_or_default();
    format!("{code}{}", failure.sentence())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_names_a_few() {
        let names = |n: usize| (0..n).rev().map(|i| format!("a{i}")).collect::<Vec<_>>();
        assert_eq!(few(&names(5)), "a0, a1, a2, a3, a4");
        assert_eq!(few(&names(7)), "a0, a1, a2, a3, a4 and 2 more");
    }
}
