//! Ways of others than strangers, which no question is about: users of an old directory, holders of a client's secret,
//! and readers of messages who take the name that a user signs in with.

use super::account::{past_factor, resets};
use super::attribute::Address;
use super::certainty::{Condition, Step};
use super::facts::{Facts, Subject};
use super::guard::Guard;
use super::sign_in::{Gain, How, SignIn, sign_ins};
use super::stranger::{BOTH, Entrance, WayIn, enrols, sets};

/// A way of somebody who is not a stranger.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    pub entrance: Entrance,
    pub sign_in: SignIn,
    /// Nothing proves an address of the user.
    pub unverified: Step,
    /// The same where the pool asks for no second factor.
    pub single_factor: Step,
}

/// The ways that are not closed.
pub(super) fn beside(facts: &Facts<'_>, ways: &[WayIn]) -> Vec<Beside> {
    let mut all = of_old_directory(facts);
    all.extend(of_holders_of_secrets(facts));
    for address in BOTH {
        all.extend(of_alias(facts, ways, address));
    }
    all.retain(|one| one.sign_in.step.is_possible());
    all
}

/// The users of the directory that a migration function asks: when they sign in with a password that the pool is sent,
/// and when they reset a forgotten one.
fn of_old_directory(facts: &Facts<'_>) -> Vec<Beside> {
    let function = facts
        .step(Guard::FunctionOfMigration)
        .at_most_conditional(Condition::FunctionOfMigration)
        .and(facts.unless(Guard::WebAcl, Condition::WebAcl));
    if !function.is_possible() {
        return Vec::new();
    }
    // The function may say that the user has both addresses, and recovery takes the first.
    let reset = BOTH.map(|address| {
        let by_other = facts.step(address.first()).and(facts.step(address.other().mfa()));
        resets(facts, address).and(past_factor(facts, address).or(by_other))
    });
    let reset = Step::any(reset);
    let enrols = enrols(facts, None, &BOTH);
    let ways = sign_ins(facts).into_iter().filter_map(|sign_in| {
        let client = sign_in.client.and_then(|at| facts.clients.get(at));
        let sent = match (sign_in.how, client) {
            (How::Password, Some(client)) => facts
                .step_of(Guard::PasswordIsSent, client)
                .or(facts.step_of(Guard::FlowsOfTheOldKind, client)),
            (How::Pages | How::Backend, _) => Step::OPEN,
            _ => return None,
        };
        let moved = sent.and(enrols.clone()).or(reset.clone());
        let step = function.clone().and(moved).and(sign_in.step.clone());
        let single_factor = step.clone().and(facts.step_without(Guard::MfaRequired));
        let unverified = step.clone();
        Some(Beside {
            entrance: Entrance::Migration,
            sign_in: SignIn { step, ..sign_in },
            unverified,
            single_factor,
        })
    });
    ways.collect()
}

/// The machines that have the secret of a client.
fn of_holders_of_secrets(facts: &Facts<'_>) -> Vec<Beside> {
    let of_client = |(at, client): (usize, &Subject<'_>)| {
        let private = Step::of(facts.of_element(Guard::PublicClient, client).negated());
        let scope = facts.of_element(Guard::MachineScope, client);
        let step = facts
            .at_domain(facts.step_of(Guard::MachineGrant, client))
            .and(private)
            .and(Step::undocumented(scope.negated(), Condition::NoCustomScope))
            .and(facts.unless(Guard::FunctionOfMachineTokens, Condition::FunctionOfMachineTokens))
            .and(facts.unless(Guard::WebAcl, Condition::WebAcl));
        let (how, gain, changes_email) = (How::Machine, Gain::MachineToken, Step::CLOSED);
        Beside {
            entrance: Entrance::Secret,
            unverified: step.clone(),
            single_factor: step.clone(),
            sign_in: SignIn { how, gain, client: Some(at), step, changes_email },
        }
    };
    facts.clients.iter().enumerate().map(of_client).collect()
}

/// The readers of the messages to an address who sign up with it: `ConfirmSignUp` takes it from the user whose alias it
/// was, if the call asks for that (`ForceAliasCreation`).
fn of_alias(facts: &Facts<'_>, ways: &[WayIn], address: Address) -> Vec<Beside> {
    let (alias, entrance) = match address {
        Address::Email => (Guard::EmailIsAnAlias, Entrance::AliasOfEmail),
        Address::Phone => (Guard::PhoneIsAnAlias, Entrance::AliasOfPhone),
    };
    let alias = facts.step(alias).and(gets_the_code(facts, address));
    if !alias.is_possible() {
        return Vec::new();
    }
    let mut clients: Vec<Option<usize>> = ways.iter().map(|way| way.client).collect();
    clients.dedup();
    let of_client = |client: Option<usize>| {
        let subject = client.and_then(|at| facts.clients.get(at));
        let enters = Step::any(ways.iter().filter(|way| way.client == client).map(|way| way.step.clone()));
        let step = enters
            .and(sets(facts, subject, address))
            .and(alias.clone())
            .at_most_conditional(Condition::SignsInByAlias);
        let (how, gain, changes_email) = (How::Alias, Gain::SignInName, Step::CLOSED);
        Beside {
            entrance,
            unverified: Step::CLOSED,
            single_factor: Step::CLOSED,
            sign_in: SignIn { how, gain, client, step, changes_email },
        }
    };
    clients.into_iter().map(of_client).collect()
}

/// Whether the code of the sign-up goes to an address: to the phone, where both get codes and both are given.
fn gets_the_code(facts: &Facts<'_>, address: Address) -> Step {
    match address {
        Address::Phone => facts.step(Guard::PhoneGetsACode),
        Address::Email => {
            let to_the_phone =
                facts.is(Guard::PhoneGetsACode).and(facts.is_required(Address::Phone.attribute()));
            facts
                .step(Guard::EmailGetsACode)
                .and(facts.unless_link_fails())
                .and(Step::of(to_the_phone.negated()))
        }
    }
}
