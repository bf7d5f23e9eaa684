//! Answers to questions: what is proven, what is possible, and why.

use super::certainty::{Condition, Sure};
use super::sign_in::Gain;
use crate::pool::Beyond;

/// How sure it is, and what is got: nothing where the answer is no.
pub type Best = (Sure, Option<Gain>);

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Gets {
        proven: Best,
        possible: Best,
        conditions: Vec<Condition>,
        /// The settings that make it so, in words.
        because: Vec<String>,
        /// The settings that were not read, in words.
        unread: Vec<String>,
        /// The part that the input does not hold, if nothing else leaves it open.
        outside: Option<Beyond>,
    },
    /// A time, in seconds.
    Seconds {
        proven: i64,
        possible: i64,
        conditions: Vec<Condition>,
        because: Vec<String>,
        unread: Vec<String>,
        outside: Option<Beyond>,
    },
    /// Names of clients or attributes, sorted.
    Names { proven: Vec<String>, possible: Vec<String>, unread: Vec<String>, outside: Option<Beyond> },
}

impl Answer {
    pub fn is_unknown(&self) -> bool {
        match self {
            Answer::Gets { proven, possible, .. } => proven != possible,
            Answer::Seconds { proven, possible, .. } => proven != possible,
            Answer::Names { proven, possible, .. } => proven != possible,
        }
    }

    /// Whether it is no, or none, whatever was not read.
    pub fn is_no(&self) -> bool {
        match self {
            Answer::Gets { possible, .. } => possible.0 == Sure::No,
            Answer::Seconds { possible, .. } => *possible == 0,
            Answer::Names { possible, .. } => possible.is_empty(),
        }
    }

    /// Whether it is at most as bad as another, in what is proven and in what is possible.
    pub fn is_at_most(&self, other: &Answer) -> bool {
        match (self, other) {
            (Answer::Gets { proven, possible, .. }, Answer::Gets { proven: also, possible: perhaps, .. }) => {
                proven <= also && possible <= perhaps
            }
            (
                Answer::Seconds { proven, possible, .. },
                Answer::Seconds { proven: also, possible: perhaps, .. },
            ) => proven <= also && possible <= perhaps,
            (
                Answer::Names { proven, possible, .. },
                Answer::Names { proven: also, possible: perhaps, .. },
            ) => {
                let is_within =
                    |one: &[String], other: &[String]| one.iter().all(|name| other.contains(name));
                is_within(proven, also) && is_within(possible, perhaps)
            }
            _ => false,
        }
    }

    /// The settings that make it so, in words.
    pub fn because(&self) -> &[String] {
        match self {
            Answer::Gets { because, .. } | Answer::Seconds { because, .. } => because,
            Answer::Names { .. } => &[],
        }
    }

    /// The widest of both, where it is not known which of them it is. That is open whatever the input holds.
    pub(super) fn hull(self, other: Answer) -> Answer {
        match (self, other) {
            (
                Answer::Gets { proven, possible, conditions, because, unread, .. },
                Answer::Gets {
                    proven: also,
                    possible: perhaps,
                    unread: more,
                    because: why,
                    conditions: ifs,
                    ..
                },
            ) => {
                let (possible, conditions, because) =
                    if perhaps > possible { (perhaps, ifs, why) } else { (possible, conditions, because) };
                let unread = unread.into_iter().chain(more).collect();
                let (proven, outside) = (proven.min(also), None);
                Answer::Gets { proven, possible, conditions, because, unread, outside }
            }
            (
                Answer::Seconds { proven, possible, conditions, because, unread, .. },
                Answer::Seconds {
                    proven: also,
                    possible: perhaps,
                    unread: more,
                    because: why,
                    conditions: ifs,
                    ..
                },
            ) => {
                let (conditions, because) =
                    if perhaps > possible { (ifs, why) } else { (conditions, because) };
                let (proven, possible) = (proven.min(also), possible.max(perhaps));
                let unread = unread.into_iter().chain(more).collect();
                Answer::Seconds { proven, possible, conditions, because, unread, outside: None }
            }
            (
                Answer::Names { proven, possible, unread, .. },
                Answer::Names { proven: also, possible: perhaps, unread: more, .. },
            ) => Answer::Names {
                proven: proven.into_iter().filter(|name| also.contains(name)).collect(),
                possible: sorted(possible.into_iter().chain(perhaps)),
                unread: sorted(unread.into_iter().chain(more)),
                outside: None,
            },
            (first, _) => first,
        }
    }
}

/// Names, sorted, each once.
pub(super) fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    names
}
