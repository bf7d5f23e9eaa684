//! What a run over many accounts comes to, and what is said of it once for all of them.

use std::collections::BTreeMap;

use super::super::failure::Failure;
use super::super::region::Tally;
use super::super::regions::Absence;
use super::super::stop::Stop;
use crate::source::{Note, Unread};

/// Accounts and other things that a note names one by one.
const NAMED: usize = 5;

/// What became of a run.
#[derive(Debug, Default)]
pub(in crate::source::aws) struct Read {
    pub tallies: Vec<Tally>,
    /// Accounts for each reason for which there was nothing to be read in a Region.
    absent: BTreeMap<(String, Absence), Vec<String>>,
    /// Accounts, and Regions of an account, whose turn never came.
    pub(super) left: Vec<String>,
    /// Accounts that would not say which Regions they have, for each reason.
    silent: BTreeMap<String, Vec<String>>,
}

impl Read {
    pub(super) fn add(&mut self, other: Read) {
        self.tallies.extend(other.tallies);
        self.left.extend(other.left);
        for (key, accounts) in other.absent {
            self.absent.entry(key).or_default().extend(accounts);
        }
        for (key, accounts) in other.silent {
            self.silent.entry(key).or_default().extend(accounts);
        }
    }

    /// An account would not say which Regions it has.
    pub(super) fn silent(&mut self, failure: &Failure, account: String) {
        self.silent.entry(reason(failure)).or_default().push(account);
    }

    pub(super) fn tally(&mut self, tally: Tally, account: &str) {
        if let Some(absence) = tally.absent {
            self.absent.entry((tally.region.clone(), absence)).or_default().push(account.to_owned());
        }
        self.tallies.push(tally);
    }

    /// When the time for the run is over: what was not begun.
    pub(in crate::source::aws) fn left(&self, stop: Option<Stop>) -> Option<Unread> {
        let over = stop.filter(|stop| matches!(stop, Stop::TimeLimit(_)) && !self.left.is_empty())?;
        Some(over.unread("live AWS".to_owned(), &format!("nothing was read of {}", few(&self.left))))
    }

    /// What is worth knowing of accounts and Regions where there was nothing to read.
    pub(in crate::source::aws) fn notes(&self) -> Vec<Note> {
        let absent = self.absent.iter().map(|((region, absence), accounts)| {
            let message = match absence {
                Absence::NoCognito => "not read: the Region has no Amazon Cognito".to_owned(),
                Absence::SwitchedOff => {
                    format!("not read: the Region is not switched on for {}", few(accounts))
                }
            };
            Note { target: region.clone(), message }
        });
        let silent = self.silent.iter().map(|(reason, accounts)| {
            let message = format!(
                "which Regions are switched on could not be read ({reason}), so those that this version knows \
                 to have Cognito were tried; `ec2:DescribeRegions` on `*` lets them be read"
            );
            Note { target: few(accounts), message }
        });
        absent.chain(silent).collect()
    }
}

/// The first of some names, in their order, and how many more there are.
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

fn reason(failure: &Failure) -> String {
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
