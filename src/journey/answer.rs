//! Answers to questions: what is proven, what is possible, and why.

use super::certainty::{Condition, Level, Sure};
use super::sign_in::Gain;
use crate::pool::Beyond;

/// How sure it is, and what is got: nothing where the answer is no.
pub type Best = (Sure, Option<Gain>);

/// The answer to a question: what is proven, and what is possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Gets {
        proven: Best,
        possible: Best,
        /// How sure a token is, which may be less sure than something else that is got.
        token: Level,
        reasons: Reasons,
    },
    /// A time, in seconds.
    Seconds { proven: i64, possible: i64, reasons: Reasons },
    /// Names of clients or attributes, sorted. Nothing but the settings that were not read is said of them.
    Names { proven: Vec<String>, possible: Vec<String>, reasons: Reasons },
}

/// Why an answer is as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasons {
    pub conditions: Vec<Condition>,
    /// The settings that make it so, in words.
    pub because: Vec<String>,
    /// The settings that were not read, in words.
    pub unread: Vec<String>,
    /// The part that the input does not hold, if nothing else leaves it open.
    pub outside: Option<Beyond>,
}

impl Reasons {
    /// The reasons of both, where it is not known which of them it is. That is open whatever the input holds.
    fn hull(self, other: Reasons, is_worse: bool) -> Reasons {
        let unread = sorted(self.unread.into_iter().chain(other.unread));
        let (conditions, because) =
            if is_worse { (other.conditions, other.because) } else { (self.conditions, self.because) };
        Reasons { conditions, because, unread, outside: None }
    }
}

impl Answer {
    pub fn is_unknown(&self) -> bool {
        match self {
            Answer::Gets { proven, possible, token, .. } => {
                proven != possible || token.proven != token.possible
            }
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
            (
                Answer::Gets { proven, possible, token, .. },
                Answer::Gets { proven: also, possible: perhaps, token: other, .. },
            ) => {
                proven <= also
                    && possible <= perhaps
                    && token.proven <= other.proven
                    && token.possible <= other.possible
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

    pub fn reasons(&self) -> &Reasons {
        let (Answer::Gets { reasons, .. } | Answer::Seconds { reasons, .. } | Answer::Names { reasons, .. }) =
            self;
        reasons
    }

    pub(super) fn reasons_mut(&mut self) -> &mut Reasons {
        let (Answer::Gets { reasons, .. } | Answer::Seconds { reasons, .. } | Answer::Names { reasons, .. }) =
            self;
        reasons
    }

    /// The widest of both, where it is not known which of them it is.
    #[must_use]
    pub fn hull(self, other: Answer) -> Answer {
        match (self, other) {
            (
                Answer::Gets { proven, possible, token, reasons },
                Answer::Gets { proven: also, possible: perhaps, token: other, reasons: others },
            ) => {
                let reasons = reasons.hull(others, perhaps > possible);
                let (proven, possible) = (proven.min(also), possible.max(perhaps));
                Answer::Gets { proven, possible, token: token.hull(other), reasons }
            }
            (
                Answer::Seconds { proven, possible, reasons },
                Answer::Seconds { proven: also, possible: perhaps, reasons: others },
            ) => {
                let reasons = reasons.hull(others, perhaps > possible);
                Answer::Seconds { proven: proven.min(also), possible: possible.max(perhaps), reasons }
            }
            (
                Answer::Names { proven, possible, reasons },
                Answer::Names { proven: also, possible: perhaps, reasons: others },
            ) => Answer::Names {
                proven: proven.into_iter().filter(|name| also.contains(name)).collect(),
                possible: sorted(possible.into_iter().chain(perhaps)),
                reasons: reasons.hull(others, false),
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
