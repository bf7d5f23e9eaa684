//! The picture of a pool's journeys: who, how and what, whatever language it is drawn in.

use super::JourneyReport;
use super::words::{duration, gets, headline, lasting, list, steps, user_way, who};
use crate::finding::PoolRef;
use crate::journey::{Actor, Answer, Condition, How, Journey, Journeys, Level, Question, Sure};
use crate::report::sanitize::sanitized;

/// No more ways than these are drawn of one pool.
const WAYS: usize = 14;

/// No more pools than these are drawn.
const POOLS: usize = 100;

/// How sure a way is, as its line shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Line {
    Proven,
    Conditional,
    Unknown,
}

impl Line {
    pub(super) const ALL: [Line; 3] = [Line::Proven, Line::Conditional, Line::Unknown];

    fn of(proven: Sure) -> Line {
        match proven {
            Sure::Yes => Line::Proven,
            Sure::Conditional => Line::Conditional,
            Sure::No => Line::Unknown,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Line::Proven => "open",
            Line::Conditional => "conditional",
            Line::Unknown => "unknown",
        }
    }
}

/// One way from left to right.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub who: &'static str,
    /// The steps, in words.
    pub how: String,
    /// `through web, ios and 98 more`.
    pub through: String,
    /// `if nobody revokes the token`.
    pub condition: String,
    pub what: String,
    pub line: Line,
}

/// The ways of one pool, the worst first.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub title: String,
    pub headline: String,
    pub ways: Vec<Way>,
    /// Ways that are not drawn.
    pub more: usize,
}

impl Picture {
    pub(super) fn of(pool: &PoolRef, journeys: &Journeys) -> Picture {
        let mut ways: Vec<Way> = journeys.journeys.iter().map(Way::of).collect();
        if !journeys.journeys.iter().any(|one| one.actor() == Actor::Stranger) {
            ways.extend(user(journeys));
        }
        ways.extend(
            journeys.answers.iter().filter_map(|(question, answer)| Way::of_answer(*question, answer)),
        );
        let more = ways.len().saturating_sub(WAYS);
        // A way that is proven is drawn before one that hangs on what was not read.
        ways.sort_by_key(|way| (way.line, is_of_user(way)));
        ways.truncate(WAYS);
        ways.sort_by_key(|way| position(way.who));
        Picture {
            title: sanitized(&pool.identity.title()).into_owned(),
            headline: headline(journeys),
            ways,
            more,
        }
    }
}

/// The pictures of a run, those of strangers with a token first, and the number of pools without one.
pub(super) fn pictures<'r>(report: &JourneyReport<'r>) -> (Vec<(Picture, &'r Journeys)>, usize) {
    let mut pools: Vec<_> = report.run.pools.iter().collect();
    pools.sort_by_key(|(_, journeys)| std::cmp::Reverse(journeys.openness()));
    let left = pools.len().saturating_sub(POOLS);
    let drawn = pools.into_iter().take(POOLS);
    (drawn.map(|(pool, journeys)| (Picture::of(pool, journeys), journeys.as_ref())).collect(), left)
}

/// Those who come from outside are above those who have something of a user.
const WHO: [&str; 8] = [
    "a stranger",
    "the owner of a user's phone number",
    "a reader of a user's mail",
    "the finder of an access token",
    "the finder of a refresh token",
    "a user disabled at the provider",
    "a user of the old directory",
    "a holder of a client's secret",
];

fn position(who: &str) -> usize {
    WHO.iter().position(|own| *own == who).unwrap_or(WHO.len())
}

fn is_of_user(way: &Way) -> bool {
    way.who != WHO[0]
}

/// A stranger who becomes a user and gets no further.
fn user(journeys: &Journeys) -> Option<Way> {
    match journeys.answer(Question::StrangerUser)? {
        Answer::Gets { proven, possible, reasons, .. } if possible.0 > Sure::No => Some(Way {
            who: WHO[0],
            how: "signs up, and no way to a token was found".to_owned(),
            through: String::new(),
            condition: condition(&reasons.conditions),
            what: "a user without a token".to_owned(),
            line: Line::of(proven.0),
        }),
        Answer::Gets { .. } | Answer::Seconds { .. } | Answer::Names { .. } => None,
    }
}

fn condition(conditions: &[Condition]) -> String {
    match conditions {
        [] => String::new(),
        [one] => format!("if {}", one.words()),
        [first, more @ ..] => format!("if {}, and {} more", first.words(), more.len()),
    }
}

impl Way {
    fn of(journey: &Journey) -> Way {
        let through = match journey.how {
            How::Machine if journey.actor() == Actor::Stranger => String::new(),
            _ => format!("through {}", sanitized(&list(&journey.clients))),
        };
        let Level { proven, .. } = journey.sure;
        Way {
            who: who(journey.actor()),
            how: steps(journey).join(", "),
            through,
            condition: condition(&journey.conditions),
            what: gets(journey.gets).to_owned(),
            line: Line::of(proven),
        }
    }

    fn of_answer(question: Question, answer: &Answer) -> Option<Way> {
        let way = user_way(question)?;
        let conditions = &answer.reasons().conditions;
        let (what, line) = match answer {
            Answer::Gets { proven, possible, .. } => {
                let gain = possible.1?;
                (gets(proven.1.unwrap_or(gain)).to_owned(), Line::of(proven.0))
            }
            Answer::Seconds { proven, possible, .. } if *possible > 0 => {
                let (sure, time) = lasting((*proven, *possible), conditions);
                (format!("tokens for {}", duration(time)), Line::of(sure))
            }
            Answer::Seconds { .. } | Answer::Names { .. } => return None,
        };
        let (who, how) = (WHO.get(way.who).copied()?, way.how.to_owned());
        Some(Way { who, how, through: String::new(), condition: condition(conditions), what, line })
    }
}
