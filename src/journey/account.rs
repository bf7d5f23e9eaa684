//! How somebody else gets into the account of a user: with the user's messages, or with an access token that leaked.

use super::certainty::{Condition, Ground, Step};
use super::facts::{Address, Facts, Subject, cause};
use super::guard::Guard;
use super::lifetime::{exchanged, of_registered_client};
use super::sign_in::{Gain, How, SignIn, gate, own_client, password, password_at_pages};
use crate::ternary::Ternary;

/// A sign-in, and the clients that it goes through.
type Grouped = (SignIn, Vec<Option<usize>>);

/// The ways of somebody who reads the messages that go to an address of a user.
pub(super) fn of_reader(facts: &Facts<'_>, sign_ins: &[Grouped], address: Address) -> Vec<(Step, Gain)> {
    let acl = facts.unless(Guard::WebAcl, Condition::WebAcl);
    let reset = resets(facts, address)
        .and(facts.unless_first(address))
        .and(Step::conditional(address.of_user()))
        .and(past_factor(facts, address));
    let code =
        facts.unless(Guard::MfaOptional, Condition::NoSecondFactor).and(Step::conditional(address.of_user()));
    let ways = sign_ins.iter().map(|(sign_in, _)| {
        let before = match (sign_in.how, address) {
            (How::Password | How::Pages | How::Backend, _) => reset.clone(),
            (How::CodeByEmail, Address::Email) | (How::CodeBySms, Address::Phone) => code.clone(),
            // The functions may take a code that the user gets.
            (How::Custom, _) => Step::OPEN,
            (How::CodeByEmail | How::CodeBySms | How::Provider | How::Exchange | How::Machine, _) => {
                Step::CLOSED
            }
        };
        (before.and(sign_in.step.clone()).and(acl.clone()), sign_in.gain)
    });
    ways.collect()
}

/// The ways by which the holder of an access token gets the account for good.
pub(super) fn of_holder(facts: &Facts<'_>, sign_ins: &[Grouped]) -> Vec<(Step, Gain)> {
    let factor = Step::undocumented(facts.is(Guard::MfaRequired), Condition::FactorByToken);
    let [email, phone] = [Address::Email, Address::Phone].map(|address| changes(facts, address));
    let of = |address| if address == Address::Email { &email } else { &phone };
    let reset = |address: Address| {
        // A number that comes first can be taken out of the account, unless that has to be confirmed.
        let taken_out = match address {
            Address::Email => phone.clone().and(facts.step_without(Guard::PhoneIsKeptUntilVerified)),
            Address::Phone => email.clone().and(facts.step_without(Guard::EmailIsKeptUntilVerified)),
        };
        of(address)
            .clone()
            .and(verifies(facts, address))
            .and(resets(facts, address))
            .and(facts.unless_first(address).or(taken_out))
            .and(factor.clone())
    };
    let reset = reset(Address::Email).or(reset(Address::Phone));
    let token = Step::any(facts.clients.iter().map(|client| profile_token(facts, client)))
        .or(of_registered_client(facts));
    // ChangePassword takes no previous password of a user who has none.
    let first_password = token
        .clone()
        .and(facts.step(Guard::UsersWithoutPassword))
        .and(Step::conditional(Condition::NoPassword))
        .and(factor.clone());
    let ways = sign_ins.iter().map(|(sign_in, _)| {
        let before = match sign_in.how {
            How::Password | How::Pages | How::Backend => reset.clone().or(first_password.clone()),
            How::CodeByEmail => email.clone(),
            How::CodeBySms => phone.clone(),
            How::Custom => email.clone().or(phone.clone()),
            How::Provider | How::Exchange | How::Machine => Step::CLOSED,
        };
        before.and(sign_in.step.clone())
    });
    let passkeys = facts.clients.iter().map(|client| {
        let holder = facts.step_of(Guard::PublicClient, client).or(Step::conditional(Condition::App));
        let passkey = facts.step_of(Guard::Passkey, client).and(holder).and(gate(facts, client));
        token.clone().and(passkey).and(factor.clone())
    });
    let acl = facts.unless(Guard::WebAcl, Condition::WebAcl);
    ways.chain(passkeys).map(|step| (step.and(acl.clone()), Gain::Account)).collect()
}

/// Whether a forgotten password can be reset by a code to an address.
fn resets(facts: &Facts<'_>, address: Address) -> Step {
    let of_client = |client: &Subject<'_>| {
        let public = facts.step_of(Guard::PublicClient, client);
        let pages = facts.step_of(Guard::Pages, client).and(facts.step_of(Guard::PagesOfLocalUsers, client));
        public.or(pages).or(Step::conditional(Condition::App))
    };
    let reach = Step::any(facts.clients.iter().map(of_client)).or(own_client(facts));
    facts.step(address.recovery()).and(reach)
}

/// Whether whoever reset a password by an address gets past the second factor.
fn past_factor(facts: &Facts<'_>, address: Address) -> Step {
    let required = facts.is(Guard::MfaRequired);
    if required == Ternary::False {
        return facts.unless(Guard::MfaOptional, Condition::NoSecondFactor);
    }
    let same = facts.step(address.mfa());
    let by_default = facts.step(Guard::RecoveryByDefault);
    let one_phone = match address {
        Address::Phone => same.clone().and(by_default).at_most_conditional(Condition::SamePhone),
        Address::Email => Step::CLOSED,
    };
    let second = same
        .and(facts.step_without(Guard::RecoveryByDefault))
        .and(facts.step_without(address.first()))
        .at_most_conditional(Condition::NoSecondFactor);
    let enrols = facts.step(Guard::MfaByApp).at_most_conditional(Condition::NoSecondFactor);
    Step::any([enrols, one_phone, second])
        .or(Step::undocumented(Ternary::True, Condition::FactorAtReset))
        .and(Step::OPEN.because(cause(Ground::Guard(Guard::MfaRequired, 0), required)))
}

/// Whether the holder of a token can set an address of the user to one of their own.
fn changes(facts: &Facts<'_>, address: Address) -> Step {
    let name = address.attribute();
    let mutable = Step::of(facts.is_mutable(name));
    let through = |client: &Subject<'_>| {
        profile_token(facts, client).and(Step::of(facts.writes(client, name))).and(mutable.clone())
    };
    Step::any(facts.clients.iter().map(through)).or(of_registered_client(facts).and(mutable.clone()))
}

/// Whether the pool verifies an address that its user changed.
fn verifies(facts: &Facts<'_>, address: Address) -> Step {
    let [code, kept] = match address {
        Address::Email => [Guard::EmailGetsACode, Guard::EmailIsKeptUntilVerified],
        Address::Phone => [Guard::PhoneGetsACode, Guard::PhoneIsKeptUntilVerified],
    };
    facts.step(code).or(facts.step(kept))
}

/// Whether a client has access tokens that let their holder change the user.
fn profile_token(facts: &Facts<'_>, client: &Subject<'_>) -> Step {
    let codes = [Guard::CodeByEmail, Guard::CodeBySms]
        .map(|guard| facts.step_of(guard, client).and(facts.step_without(Guard::MfaRequired)));
    let custom = facts.step_of(Guard::CustomFlow, client).and(facts.step(Guard::FunctionOfChallenges));
    let others = [
        password(facts, client),
        facts.step_of(Guard::BackendFlow, client),
        facts.step_of(Guard::Passkey, client),
        custom,
        exchanged(facts, client),
    ];
    let api = Step::any(codes.into_iter().chain(others));
    let added = facts
        .step(Guard::ScopesByFunction)
        .and(Step::undocumented(Ternary::True, Condition::FunctionOfScopes));
    let local =
        facts.step_of(Guard::PagesOfLocalUsers, client).and(password_at_pages(&password(facts, client)));
    let pages = facts
        .step_of(Guard::Pages, client)
        .and(facts.step_of(Guard::ProfileScope, client).or(added))
        .and(local.or(Step::conditional(Condition::FederatedProfile)));
    api.or(pages).and(facts.unless(Guard::ScopesByFunction, Condition::FunctionOfScopes))
}

impl Facts<'_> {
    /// The step to the address that recovery takes first, or to another.
    fn unless_first(&self, address: Address) -> Step {
        Step::unless(self.is(address.first()).negated(), Condition::NoEarlierAddress)
    }
}

impl Address {
    fn of_user(self) -> Condition {
        match self {
            Address::Email => Condition::EmailOfUser,
            Address::Phone => Condition::PhoneOfUser,
        }
    }

    fn recovery(self) -> Guard {
        match self {
            Address::Email => Guard::RecoveryByEmail,
            Address::Phone => Guard::RecoveryByPhone,
        }
    }

    fn first(self) -> Guard {
        match self {
            Address::Email => Guard::RecoveryByEmailFirst,
            Address::Phone => Guard::RecoveryByPhoneFirst,
        }
    }

    fn mfa(self) -> Guard {
        match self {
            Address::Email => Guard::MfaByEmail,
            Address::Phone => Guard::MfaBySms,
        }
    }
}
