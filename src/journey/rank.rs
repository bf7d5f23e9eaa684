//! Which pools are more open than others, and which journeys are worse.

use std::collections::BTreeMap;

use super::{Answer, Gain, Journey, Journeys, Question, Sure};

impl Journeys {
    /// How open the pool is: what strangers get, then the number of other ways. The worst have the most.
    pub fn openness(&self) -> (Sure, Sure, usize) {
        let of = |question| match self.answer(question) {
            Some(Answer::Gets { proven, possible, .. }) => (proven.0, possible.0),
            Some(Answer::Seconds { .. } | Answer::Names { .. }) | None => (Sure::No, Sure::No),
        };
        let (proven, possible) = of(Question::StrangerToken);
        let others =
            [Question::PhoneOwner, Question::MailReader, Question::LeakedAccessToken, Question::StrangerUser];
        (proven, possible, others.into_iter().filter(|question| of(*question).1 > Sure::No).count())
    }
}

impl Journey {
    /// The worst have the least.
    pub(super) fn rank(&self) -> impl Ord + use<> {
        let gain = match self.gets {
            Gain::Token | Gain::MachineToken => 0,
            Gain::Session => 1,
            Gain::User => 2,
            Gain::Account => 3,
            Gain::SignInName => 4,
        };
        let sure = std::cmp::Reverse((self.sure.proven, self.sure.possible));
        let worse = std::cmp::Reverse((self.unverified, self.single_factor));
        (self.actor(), gain, sure, worse, self.id.clone())
    }
}

/// Gives journeys of one id a number: they differ in the decisions that they depend on.
pub(super) fn number(journeys: &mut [Journey]) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for journey in journeys {
        let number = times.entry(journey.id.clone()).or_default();
        *number += 1;
        if *number > 1 {
            journey.id = format!("{}/{number}", journey.id);
        }
    }
}
