//! Registration of clients with a token: the tokens of strangers that register one.

use super::certainty::{Condition, Step};
use super::facts::Facts;
use super::guard::Guard;
use super::provider::admissions;
use super::sign_in::{Gain, How, SignIn, sign_ins};
use super::stranger::{confirmed, ways_in};
use crate::ternary::Ternary;

/// Whether a stranger gets a token that registers a client: one of sign-in pages, with the scope of registration.
pub(super) fn registrar(facts: &Facts<'_>) -> Step {
    let on = facts.step(Guard::RegistrationWithAToken);
    if !on.is_possible() {
        return Step::CLOSED;
    }
    let sign_ins = sign_ins(facts);
    let states = confirmed(facts, &ways_in(facts));
    let local = states.iter().flat_map(|state| {
        let after = sign_ins.iter().filter(|sign_in| sign_in.is_after(state.proof));
        after.map(|sign_in| state.step.clone().and(at_pages(facts, sign_in)))
    });
    let admissions = admissions(facts);
    let federated = admissions.iter().map(|admission| at_pages(facts, &admission.sign_in));
    let token = Step::any(local.chain(federated));
    on.and(token).at_most_conditional(Condition::TokenOfUser)
}

/// The sign-in with the scope of registration, which no token of the API has.
fn at_pages(facts: &Facts<'_>, sign_in: &SignIn) -> Step {
    let Some(client) = sign_in.client.and_then(|at| facts.clients.get(at)) else { return Step::CLOSED };
    let step = match sign_in.how {
        How::Pages | How::Provider => sign_in.step.clone(),
        // Whether the pages offer a code depends on their version and branding.
        How::CodeByEmail | How::CodeBySms => {
            sign_in.step.clone().and(facts.local_pages(client)).and(Step::of(Ternary::Unknown(())))
        }
        How::Password
        | How::CodeOfSignUp
        | How::Backend
        | How::Custom
        | How::Exchange
        | How::Machine
        | How::Alias => return Step::CLOSED,
    };
    match sign_in.gain {
        Gain::Token => step.and(facts.step_of(Guard::RegistrationScope, client)),
        Gain::SignInName | Gain::Account | Gain::User | Gain::Session | Gain::MachineToken => Step::CLOSED,
    }
}
