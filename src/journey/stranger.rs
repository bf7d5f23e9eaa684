//! How a stranger becomes a user of the pool, and a confirmed one.

use super::attribute::Address;
use super::certainty::{Condition, Step, Sure};
use super::facts::{Facts, Subject, either};
use super::guard::Guard;
use crate::ternary::Ternary;

/// How a stranger becomes a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entrance {
    /// `SignUp` with the id of a client that has no secret.
    Api,
    /// `SignUp` by the app that has the secret.
    App,
    /// The sign-in pages.
    Pages,
    /// A client that the stranger registered.
    OwnClient,
    /// A provider at which everybody has an account.
    Provider,
    /// The exchange of a provider's token.
    Exchange,
    /// No user: a machine.
    Machine,
    /// The same with a client that a token registered.
    MachineByToken,
    /// The function that moves users of an old directory.
    Migration,
    /// The secret of a client.
    Secret,
    /// A sign-up that takes the alias of a user.
    AliasOfEmail,
    AliasOfPhone,
}

impl Entrance {
    /// Who comes in by it.
    pub fn actor(self) -> Actor {
        match self {
            Entrance::Api
            | Entrance::App
            | Entrance::Pages
            | Entrance::OwnClient
            | Entrance::Provider
            | Entrance::Exchange
            | Entrance::Machine
            | Entrance::MachineByToken => Actor::Stranger,
            Entrance::Migration => Actor::OldDirectory,
            Entrance::Secret => Actor::HoldsSecret,
            Entrance::AliasOfEmail => Actor::ReadsMail,
            Entrance::AliasOfPhone => Actor::ReadsSms,
        }
    }
}

/// Who goes a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    Stranger,
    /// A user of the directory that a migration function asks.
    OldDirectory,
    /// Somebody who reads the mail of a user.
    ReadsMail,
    /// Somebody who has the phone number of a user.
    ReadsSms,
    /// Somebody who has the secret of a client.
    HoldsSecret,
}

impl Actor {
    pub const ALL: [Actor; 5] =
        [Actor::Stranger, Actor::OldDirectory, Actor::ReadsMail, Actor::ReadsSms, Actor::HoldsSecret];

    pub fn word(self) -> &'static str {
        match self {
            Actor::Stranger => "stranger",
            Actor::OldDirectory => "old-directory",
            Actor::ReadsMail => "reads-mail",
            Actor::ReadsSms => "reads-sms",
            Actor::HoldsSecret => "holds-secret",
        }
    }
}

/// How a user is confirmed, and what that proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    EmailCode,
    PhoneCode,
    /// The code of the first sign-in.
    EmailCodeAtSignIn,
    PhoneCodeAtSignIn,
    Function,
    Administrator,
}

impl Proof {
    pub const ALL: [Proof; 6] = [
        Proof::EmailCode,
        Proof::PhoneCode,
        Proof::EmailCodeAtSignIn,
        Proof::PhoneCodeAtSignIn,
        Proof::Function,
        Proof::Administrator,
    ];

    /// Whether the user has proved an address.
    pub fn is_of_an_address(self) -> bool {
        !matches!(self, Proof::Function | Proof::Administrator)
    }
}

/// One way in, through one client.
#[derive(Clone, Debug)]
pub(super) struct WayIn {
    pub entrance: Entrance,
    /// Its position among the clients; `None` for a client of the stranger's own.
    pub client: Option<usize>,
    pub step: Step,
}

/// Strangers who are confirmed in one way.
#[derive(Clone, Debug)]
pub(super) struct Confirmed {
    pub proof: Proof,
    pub step: Step,
    /// The same where the pool asks for no second factor, or for one that the stranger has no way to enrol.
    pub single_factor: Step,
    /// The same with the email address of somebody else, which is not verified.
    pub foreign_email: Step,
    /// The same before a challenge of functions, after which no second factor may be asked for.
    pub foreign_email_alone: Step,
    /// The surest ways in that lead there, sorted.
    pub entrances: Vec<Entrance>,
}

/// The addresses that a stranger has.
pub(super) const BOTH: [Address; 2] = [Address::Email, Address::Phone];

/// The ways in that are not closed.
pub(super) fn ways_in(facts: &Facts<'_>) -> Vec<WayIn> {
    let sign_up = facts
        .step(Guard::SignUpIsOn)
        .and(facts.unless(Guard::FunctionBeforeSignUp, Condition::FunctionBeforeSignUp))
        .and(facts.unless(Guard::WebAcl, Condition::WebAcl));
    let mut ways = Vec::new();
    let mut add = |entrance, client, step: Step| {
        if step.is_possible() {
            ways.push(WayIn { entrance, client, step });
        }
    };
    if !sign_up.is_possible() {
        return ways;
    }
    for (at, client) in facts.clients.iter().enumerate() {
        let public = facts.step_of(Guard::PublicClient, client);
        let confidential = Step::of(facts.of_element(Guard::PublicClient, client).negated());
        let pages = facts.local_pages(client);
        add(Entrance::Api, Some(at), sign_up.clone().and(public));
        add(Entrance::Pages, Some(at), sign_up.clone().and(pages));
        add(Entrance::App, Some(at), sign_up.clone().and(confidential).at_most_conditional(Condition::App));
    }
    let own = sign_up.and(facts.at_domain(facts.step(Guard::OpenRegistration).or(facts.registrar())));
    add(Entrance::OwnClient, None, own.at_most_conditional(Condition::OwnClient));
    ways
}

/// The proofs by which strangers are confirmed who can also enrol the second factor that the pool requires.
pub(super) fn confirmed(facts: &Facts<'_>, ways: &[WayIn]) -> Vec<Confirmed> {
    let mut all = Vec::new();
    for proof in Proof::ALL {
        let [mut step, mut single_factor] = [Step::CLOSED, Step::CLOSED];
        let [mut foreign_email, mut foreign_email_alone] = [Step::CLOSED, Step::CLOSED];
        let mut leading: Vec<(Entrance, Step)> = Vec::new();
        for way in ways {
            let client = way.client.and_then(|at| facts.clients.get(at));
            let here = way.step.clone().and(proved(facts, client, proof));
            if !here.is_possible() {
                continue;
            }
            leading.push((way.entrance, here.clone()));
            let email = match proof {
                Proof::EmailCode | Proof::EmailCodeAtSignIn => Step::CLOSED,
                Proof::PhoneCode | Proof::PhoneCodeAtSignIn | Proof::Function | Proof::Administrator => {
                    sets(facts, client, Address::Email)
                }
            };
            // Codes for the address of somebody else do not reach the stranger.
            let alone = here.clone().and(email);
            let foreign = alone.clone().and(enrols_without_mail(facts, client));
            foreign_email_alone = foreign_email_alone.or(alone);
            foreign_email = foreign_email.or(if proof == Proof::PhoneCodeAtSignIn {
                here.clone().and(sets(facts, client, Address::Email))
            } else {
                foreign
            });
            single_factor = single_factor.or(here.clone().and(asks_for_none(facts, client)));
            step = step.or(here);
        }
        if step.is_possible() {
            // The ways that are as sure as the surest.
            leading.retain(|(_, way)| (way.proven, way.possible) == (step.proven, step.possible));
            let mut entrances: Vec<Entrance> = leading.into_iter().map(|(entrance, _)| entrance).collect();
            entrances.sort();
            entrances.dedup();
            all.push(Confirmed { proof, step, single_factor, foreign_email, foreign_email_alone, entrances });
        }
    }
    all
}

/// Whether a stranger who came in through a client is confirmed by a proof.
fn proved(facts: &Facts<'_>, client: Option<&Subject<'_>>, proof: Proof) -> Step {
    let (email, phone) = (sets(facts, client, Address::Email), sets(facts, client, Address::Phone));
    let by_email = || facts.step(Guard::EmailGetsACode).and(email.clone());
    let by_phone = || facts.step(Guard::PhoneGetsACode).and(phone.clone());
    match proof {
        Proof::EmailCode => by_email().and(facts.unless_link_fails()).and(enrols(facts, client, &BOTH)),
        Proof::PhoneCode => by_phone().and(enrols(facts, client, &BOTH)),
        Proof::EmailCodeAtSignIn => email,
        Proof::PhoneCodeAtSignIn => phone,
        Proof::Function => {
            let there = facts.step(Guard::FunctionBeforeSignUp);
            there.at_most_conditional(Condition::FunctionBeforeSignUp).and(enrols(facts, client, &BOTH))
        }
        // Of a pool that sends codes, nobody waits for an administrator.
        Proof::Administrator => {
            let code = by_email().or(by_phone());
            let without = match (code.proven, code.possible) {
                (Sure::Yes, _) => Ternary::False,
                (_, Sure::No) => Ternary::True,
                (..) => Ternary::Unknown(()),
            };
            Step::of(without).at_most_conditional(Condition::Administrator).and(enrols(facts, client, &BOTH))
        }
    }
}

/// Whether a stranger can set an address; through a client of the stranger's own, as the stranger likes.
pub(super) fn sets(facts: &Facts<'_>, client: Option<&Subject<'_>>, address: Address) -> Step {
    client.map_or(Step::OPEN, |client| facts.sets(client, address))
}

/// Whether a stranger who signs in with a password can enrol the second factor that the pool wants.
pub(super) fn enrols(facts: &Facts<'_>, client: Option<&Subject<'_>>, addresses: &[Address]) -> Step {
    let cannot = cannot_enrol(facts, client, addresses);
    Step::undocumented(facts.is(Guard::MfaRequired).and(cannot), Condition::EnrolsNoFactor)
}

/// The same for a stranger who does not read the mail of the user: where only mail is left, the codes go there.
fn enrols_without_mail(facts: &Facts<'_>, client: Option<&Subject<'_>>) -> Step {
    let required = facts.is(Guard::MfaRequired);
    let mail = cannot_enrol(facts, client, &[Address::Phone]).and(facts.is(Guard::MfaByEmail));
    enrols(facts, client, &[Address::Phone]).and(Step::of(required.and(mail).negated()))
}

/// Whether the pool asks whoever came in through a client for no second factor.
fn asks_for_none(facts: &Facts<'_>, client: Option<&Subject<'_>>) -> Step {
    let required = facts.is(Guard::MfaRequired);
    facts.step_without(Guard::MfaRequired).or(Step::of(required.and(cannot_enrol(facts, client, &BOTH))))
}

/// Whether somebody who can set some addresses has no way to enrol a second factor.
fn cannot_enrol(facts: &Facts<'_>, client: Option<&Subject<'_>>, addresses: &[Address]) -> Ternary {
    if facts.is(Guard::MfaRequired) == Ternary::False {
        return Ternary::False;
    }
    let with = |guard, address| {
        if !addresses.contains(&address) {
            return Ternary::False;
        }
        let sets = sets(facts, client, address);
        let settable = match (sets.proven == Sure::Yes, sets.is_possible()) {
            (true, _) => Ternary::True,
            (false, true) => Ternary::Unknown(()),
            (false, false) => Ternary::False,
        };
        facts.is(guard).and(settable)
    };
    let messages = either(with(Guard::MfaBySms, Address::Phone), with(Guard::MfaByEmail, Address::Email));
    either(facts.is(Guard::MfaByApp), messages).negated()
}
