//! Journeys before clients are put together.

use super::beside::Beside;
use super::certainty::Step;
use super::part::Parts;
use super::sign_in::{How, SignIn};
use super::stranger::{Confirmed, Entrance, Proof};

/// A journey through one client, or through several that are alike.
pub(super) struct Trip<'t> {
    pub entrances: Vec<Entrance>,
    pub proof: Option<Proof>,
    pub sign_in: &'t SignIn,
    pub step: Step,
    pub unverified: Step,
    pub single_factor: Step,
    pub foreign_email: Step,
}

/// Journeys before clients are put together, each with its clients.
pub(super) fn trips(parts: &Parts) -> Vec<(Trip<'_>, Vec<Option<usize>>)> {
    let mut trips = Vec::new();
    for state in &parts.confirmed {
        let after = parts.sign_ins.iter().filter(|(sign_in, _)| sign_in.is_after(state.proof));
        trips.extend(after.map(|(sign_in, clients)| (local(state, sign_in), clients.clone())));
    }
    for admission in &parts.admissions {
        let SignIn { step, changes_email, client, .. } = &admission.sign_in;
        let trip = Trip {
            entrances: vec![admission.entrance],
            proof: None,
            sign_in: &admission.sign_in,
            step: step.clone(),
            unverified: step.clone().and(admission.unverified.clone()),
            single_factor: step.clone(),
            foreign_email: step.clone().and(changes_email.clone()),
        };
        trips.push((trip, vec![*client]));
    }
    trips.retain(|(trip, _)| trip.step.is_possible());
    trips
}

/// The journey of a confirmed stranger who signs in.
fn local<'t>(state: &Confirmed, sign_in: &'t SignIn) -> Trip<'t> {
    let step = state.step.clone().and(sign_in.step.clone());
    let is_custom = sign_in.how == How::Custom;
    let signed_up = if is_custom { &state.foreign_email_alone } else { &state.foreign_email };
    let signed_up = signed_up.clone().and(sign_in.step.clone());
    let changed = step.clone().and(sign_in.changes_email.clone());
    let unverified = if state.proof.is_of_an_address() { Step::CLOSED } else { step.clone() };
    Trip {
        entrances: state.entrances.clone(),
        proof: Some(state.proof),
        sign_in,
        unverified,
        // AWS does not document whether a challenge of functions is followed by a second factor.
        single_factor: if is_custom {
            step.clone()
        } else {
            state.single_factor.clone().and(sign_in.step.clone())
        },
        foreign_email: signed_up.or(changed),
        step,
    }
}

/// The ways of others than strangers, which no question is about.
pub(super) fn of_others(parts: &Parts) -> impl Iterator<Item = (Trip<'_>, Vec<Option<usize>>)> {
    parts.others.iter().map(|other| (of_other(other), vec![other.sign_in.client]))
}

fn of_other(other: &Beside) -> Trip<'_> {
    let step = other.sign_in.step.clone();
    Trip {
        entrances: vec![other.entrance],
        proof: None,
        sign_in: &other.sign_in,
        unverified: other.unverified.clone(),
        single_factor: other.single_factor.clone(),
        foreign_email: step.clone().and(other.sign_in.changes_email.clone()),
        step,
    }
}
