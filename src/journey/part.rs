//! The parts that journeys are put together from: ways in, confirmed strangers, sign-ins and admissions. Each is known
//! with the facts that it was worked out from.

use super::beside::{Beside, beside};
use super::certainty::Step;
use super::facts::{Detail, Facts};
use super::provider::{Admission, admissions};
use super::reads::Reads;
use super::registration;
use super::sign_in::{Grouped, SignIn, sign_ins};
use super::stranger::{Confirmed, WayIn, confirmed, ways_in};

/// The parts of the journeys of a pool.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    /// The token of a stranger that registers a client.
    registrar: (Step, Reads),
    pub ways: Vec<WayIn>,
    pub confirmed: Vec<Confirmed>,
    pub entering: Reads,
    pub sign_ins: Vec<Grouped>,
    pub signing_in: Reads,
    pub admissions: Vec<Admission>,
    pub admitting: Reads,
    /// The ways of others than strangers, for which no rule asks.
    pub others: Vec<Beside>,
    others_from: Reads,
}

impl Parts {
    pub(super) fn of(facts: &Facts<'_>) -> Parts {
        // The ways of registered clients follow from those of clients that are there.
        let registrar = facts.noting(|| registration::registrar(facts));
        drop(facts.registrar.set(registrar.clone()));
        let ((ways, confirmed), entering) = facts.noting(|| entered(facts));
        let (sign_ins, signing_in) = facts.noting(|| grouped(sign_ins(facts)));
        let (admissions, admitting) = facts.noting(|| admissions(facts));
        let (others, others_from) = facts.noting(|| others(facts, &ways));
        Parts {
            registrar,
            ways,
            confirmed,
            entering,
            sign_ins,
            signing_in,
            admissions,
            admitting,
            others,
            others_from,
        }
    }

    /// The parts after some facts have turned: those that rest on others are as they were.
    pub(super) fn after(&self, turned: Reads, facts: &Facts<'_>) -> Parts {
        let mut parts = self.clone();
        if self.registrar.1.meets(turned) {
            parts.registrar = facts.noting(|| registration::registrar(facts));
        }
        drop(facts.registrar.set(parts.registrar.clone()));
        if self.entering.meets(turned) {
            ((parts.ways, parts.confirmed), parts.entering) = facts.noting(|| entered(facts));
        }
        if self.signing_in.meets(turned) {
            (parts.sign_ins, parts.signing_in) = facts.noting(|| grouped(sign_ins(facts)));
        }
        if self.admitting.meets(turned) {
            (parts.admissions, parts.admitting) = facts.noting(|| admissions(facts));
        }
        if self.others_from.join(self.entering).meets(turned) {
            (parts.others, parts.others_from) = facts.noting(|| others(facts, &parts.ways));
        }
        parts
    }

    /// The facts behind the journeys of strangers.
    pub(super) fn of_strangers(&self) -> Reads {
        self.entering.join(self.signing_in).join(self.admitting)
    }

    /// The facts behind all journeys.
    pub(super) fn all(&self) -> Reads {
        self.of_strangers().join(self.others_from)
    }

    /// The same parts without the facts that each rests on, which nobody asks for after a change.
    #[must_use]
    pub(super) fn without_causes(mut self) -> Parts {
        let of_ways = self.ways.iter_mut().map(|way| &mut way.step);
        let of_confirmed = self.confirmed.iter_mut().flat_map(|one| {
            [&mut one.step, &mut one.single_factor, &mut one.foreign_email, &mut one.foreign_email_alone]
        });
        let of_sign_ins =
            self.sign_ins.iter_mut().flat_map(|(one, _)| [&mut one.step, &mut one.changes_email]);
        let of_admissions = self.admissions.iter_mut().flat_map(|one| {
            let SignIn { step, changes_email, .. } = &mut one.sign_in;
            [step, changes_email, &mut one.enters, &mut one.unverified]
        });
        let of_others = self.others.iter_mut().flat_map(|one| {
            let SignIn { step, changes_email, .. } = &mut one.sign_in;
            [step, changes_email, &mut one.unverified, &mut one.single_factor]
        });
        let all = of_ways.chain(of_confirmed).chain(of_sign_ins).chain(of_admissions).chain(of_others);
        for step in all.chain([&mut self.registrar.0]) {
            step.causes = Vec::new();
        }
        self
    }
}

fn others(facts: &Facts<'_>, ways: &[WayIn]) -> Vec<Beside> {
    if facts.detail == Detail::Answers { Vec::new() } else { beside(facts, ways) }
}

fn entered(facts: &Facts<'_>) -> (Vec<WayIn>, Vec<Confirmed>) {
    let ways = ways_in(facts);
    let confirmed = confirmed(facts, &ways);
    (ways, confirmed)
}

/// Sign-ins that differ in the client alone, once, with their clients.
fn grouped(sign_ins: Vec<SignIn>) -> Vec<Grouped> {
    let mut groups: Vec<Grouped> = Vec::new();
    for sign_in in sign_ins {
        let level = |one: &SignIn| {
            let of = |step: &Step| (step.proven, step.possible, step.conditions);
            (one.how, one.gain, of(&one.step), of(&one.changes_email), one.client.is_none())
        };
        match groups.iter_mut().find(|(other, _)| level(other) == level(&sign_in)) {
            Some((_, clients)) => clients.push(sign_in.client),
            None => groups.push((sign_in.clone(), vec![sign_in.client])),
        }
    }
    groups
}
