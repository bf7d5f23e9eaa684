//! How somebody else gets into the account of a user: with the user's messages, or with an access token that leaked.

use std::collections::BTreeSet;

use super::attribute::Address;
use super::certainty::{Condition, Ground, Step};
use super::facts::{Facts, Subject, either};
use super::guard::Guard;
use super::lifetime::{api_tokens, of_registered_client, users_of};
use super::sign_in::{Gain, Grouped, How, gate, own_client, password, password_at_pages, profile_scope};
use crate::ternary::Ternary;

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
            (
                How::CodeByEmail
                | How::CodeBySms
                | How::CodeOfSignUp
                | How::Provider
                | How::Exchange
                | How::Machine
                | How::Alias,
                _,
            ) => Step::CLOSED,
        };
        (before.and(sign_in.step.clone()).and(acl.clone()), sign_in.gain)
    });
    ways.collect()
}

/// The ways by which the holder of an access token gets the account for good.
pub(super) fn of_holder(facts: &Facts<'_>, sign_ins: &[Grouped]) -> Vec<(Step, Gain)> {
    let holders = facts.clients.iter().map(|client| Holder::of(facts, client));
    let own = of_registered_client(facts);
    let own = Holder {
        email: own.clone().and(Step::of(facts.is_mutable("email"))),
        phone: own.clone().and(Step::of(facts.is_mutable("phone_number"))),
        token: own,
    };
    let acl = facts.unless(Guard::WebAcl, Condition::WebAcl);
    let required = Step::undocumented(facts.is(Guard::MfaRequired), Condition::FactorByToken);
    let passkeys = apart(facts.clients.iter().map(|client| passkey(facts, client)), |step| [step]);
    let resets = [Address::Email, Address::Phone].map(|address| resets(facts, address));
    let mut ways = Vec::new();
    let holders = holders.chain([own]).filter(|holder| holder.token.is_possible());
    for holder in apart(holders, |Holder { token, email, phone }| [token, email, phone]) {
        let factor = holder.past_factor(facts, None);
        // ChangePassword takes no previous password of a user who has none.
        let first_password = holder
            .token
            .clone()
            .and(facts.step(Guard::UsersWithoutPassword))
            .and(Step::conditional(Condition::NoPassword))
            .and(factor);
        let password = holder
            .resets(facts, Address::Email, &resets)
            .or(holder.resets(facts, Address::Phone, &resets))
            .or(holder.resets_by_other(facts, &resets))
            .or(first_password);
        ways.extend(sign_ins.iter().map(|(sign_in, _)| {
            let before = match sign_in.how {
                How::Password | How::Pages | How::Backend => password.clone(),
                How::CodeByEmail => holder.email.clone(),
                How::CodeBySms => holder.phone.clone(),
                // The functions may take the password, or a code that the holder gets.
                How::Custom => holder.email.clone().or(holder.phone.clone()).or(password.clone()),
                // The user was confirmed before.
                How::CodeOfSignUp | How::Provider | How::Exchange | How::Machine | How::Alias => Step::CLOSED,
            };
            before.and(sign_in.step.clone())
        }));
        let with = |passkey: &Step| holder.token.clone().and(passkey.clone()).and(required.clone());
        ways.extend(passkeys.iter().map(with));
    }
    ways.into_iter().map(|step| (step.and(acl.clone()), Gain::Account)).collect()
}

/// Those that differ in how sure their steps are and in the conditions: of several that do not, the first.
fn apart<T, const N: usize>(all: impl Iterator<Item = T>, steps: impl Fn(&T) -> [&Step; N]) -> Vec<T> {
    let mut seen = BTreeSet::new();
    let kind = |step: &Step| (step.proven, step.possible, step.conditions);
    all.filter(|one| seen.insert(steps(one).map(kind))).collect()
}

/// Whether a user can sign in through a client with a passkey that somebody else has set up.
fn passkey(facts: &Facts<'_>, client: &Subject<'_>) -> Step {
    let may_use = facts.step_of(Guard::PublicClient, client).or(Step::conditional(Condition::App));
    facts.step_of(Guard::Passkey, client).and(may_use).and(gate(facts, client))
}

/// The holder of an access token of one client.
struct Holder {
    /// There are such tokens, and they let their holder change the user.
    token: Step,
    /// The holder can set the email address of the user to one of their own.
    email: Step,
    phone: Step,
}

impl Holder {
    fn of(facts: &Facts<'_>, client: &Subject<'_>) -> Holder {
        let token = profile_token(facts, client);
        let [email, phone] = [Address::Email, Address::Phone].map(Address::attribute).map(|name| {
            token.clone().and(facts.step_writes(client, name)).and(Step::of(facts.is_mutable(name)))
        });
        Holder { token, email, phone }
    }

    fn changes(&self, address: Address) -> &Step {
        if address == Address::Email { &self.email } else { &self.phone }
    }

    /// Whether a forgotten password can be reset by a code to an address that the holder has changed.
    fn resets(&self, facts: &Facts<'_>, address: Address, resets: &[Step; 2]) -> Step {
        // An address that comes first can be taken out of the account, unless that has to be confirmed.
        let taken_out = match address {
            Address::Email => self.phone.clone().and(facts.step_without(Guard::PhoneIsKeptUntilVerified)),
            Address::Phone => self.email.clone().and(facts.step_without(Guard::EmailIsKeptUntilVerified)),
        };
        self.changes(address)
            .clone()
            .and(verifies(facts, address))
            .and(address.of(resets).clone())
            .and(facts.unless_first(address).or(taken_out).or(never_first(facts, address)))
            .and(self.past_factor(facts, Some(address)))
    }

    /// The same where every user has one address for codes of the second factor, so that the other resets the password.
    fn resets_by_other(&self, facts: &Facts<'_>, resets: &[Step; 2]) -> Step {
        let of = |address: Address| {
            let resets = verifies(facts, address).and(address.of(resets).clone());
            self.changes(address).clone().and(resets).and(facts.step(address.mfa()))
        };
        // Without the setting the phone resets it also of users whose codes go there, unless it is taken out.
        let phone_out = facts
            .step_without(Guard::RecoveryByDefault)
            .or(facts.step_without(Guard::PhoneIsKeptUntilVerified));
        facts
            .step(Guard::MfaRequired)
            .and(facts.step_without(Guard::MfaByApp))
            .and(phone_out)
            .and(of(Address::Email))
            .and(of(Address::Phone))
    }

    /// Whether the holder gets past a required second factor, after a reset of the password by a code to an address.
    fn past_factor(&self, facts: &Facts<'_>, reset_by: Option<Address>) -> Step {
        let required = facts.is(Guard::MfaRequired);
        if required == Ternary::False {
            return Step::OPEN;
        }
        // The codes of the second factor go to the changed address, but none resets a password that goes there.
        let gets = |address: Address| {
            let gets = facts.step(address.mfa()).and(self.changes(address).clone());
            match reset_by == Some(address) {
                false => gets,
                true if address == Address::Phone => {
                    gets.and(facts.step(Guard::RecoveryByDefault)).at_most_conditional(Condition::SamePhone)
                }
                true => Step::CLOSED,
            }
        };
        let (mail, sms) = (gets(Address::Email), gets(Address::Phone));
        let every_user = facts
            .step_without(Guard::MfaByApp)
            .and(mail.clone().or(facts.step_without(Guard::MfaByEmail)))
            .and(sms.clone().or(facts.step_without(Guard::MfaBySms)));
        let message = mail.or(sms);
        let every_user = message.clone().and(every_user);
        every_user
            .or(message.at_most_conditional(Condition::FactorByMessage))
            .or(Step::undocumented(Ternary::True, Condition::FactorByToken))
            .and(Step::OPEN.because(facts.cause(Ground::Guard(Guard::MfaRequired, 0), required)))
    }
}

/// Whether the other address of every user gets the codes of the second factor, so that none resets a password there.
fn never_first(facts: &Facts<'_>, address: Address) -> Step {
    let other = facts.step(address.other().mfa());
    [facts.step_without(Guard::MfaByApp), facts.step_without(address.mfa()), other]
        .into_iter()
        .fold(facts.step(Guard::MfaRequired), Step::and)
        .and(facts.step_without(Guard::RecoveryByDefault))
}

/// Whether a forgotten password can be reset by a code to an address.
pub(super) fn resets(facts: &Facts<'_>, address: Address) -> Step {
    let of_client = |client: &Subject<'_>| {
        let public = facts.step_of(Guard::PublicClient, client);
        public.or(facts.local_pages(client)).or(Step::conditional(Condition::App))
    };
    let reach = Step::any(facts.clients.iter().map(of_client)).or(own_client(facts));
    let empty =
        facts.step(Guard::RecoveryByNothing).and(Step::undocumented(Ternary::True, Condition::EmptyRecovery));
    facts.step(address.recovery()).or(empty).and(reach)
}

/// Whether whoever reset a password by an address gets past the second factor.
pub(super) fn past_factor(facts: &Facts<'_>, address: Address) -> Step {
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
        .and(Step::OPEN.because(facts.cause(Ground::Guard(Guard::MfaRequired, 0), required)))
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
    let api = api_tokens(facts, client)
        .or(facts.step_of(Guard::BackendFlow, client))
        .and(facts.unless(Guard::ScopesByFunction, Condition::FunctionOfScopes));
    let local =
        facts.step_of(Guard::PagesOfLocalUsers, client).and(password_at_pages(&password(facts, client)));
    let of_providers = Step::any(facts.providers.iter().map(|provider| users_of(facts, client, provider)))
        .at_most_conditional(Condition::FederatedProfile);
    api.or(pages_with_profile(facts, client).and(local.or(of_providers)))
}

/// Whether tokens of a client's sign-in pages let their holder change the user.
pub(super) fn pages_with_profile(facts: &Facts<'_>, client: &Subject<'_>) -> Step {
    facts
        .pages(client)
        .and(profile_scope(facts, client))
        .and(facts.unless(Guard::ScopesByFunction, Condition::FunctionOfScopes))
}

impl Facts<'_> {
    /// The step to the address that recovery takes first, or to another.
    fn unless_first(&self, address: Address) -> Step {
        let is_first = match address {
            Address::Email => self.is(address.first()),
            // An empty list may be none.
            Address::Phone => either(self.is(address.first()), self.is(Guard::RecoveryByNothing)),
        };
        Step::unless(is_first.negated(), Condition::NoEarlierAddress)
    }
}

impl Address {
    /// The step of an address, of those of mail and phones.
    fn of(self, [mail, phones]: &[Step; 2]) -> &Step {
        match self {
            Address::Email => mail,
            Address::Phone => phones,
        }
    }

    pub(super) fn other(self) -> Address {
        match self {
            Address::Email => Address::Phone,
            Address::Phone => Address::Email,
        }
    }

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

    pub(super) fn first(self) -> Guard {
        match self {
            Address::Email => Guard::RecoveryByEmailFirst,
            Address::Phone => Guard::RecoveryByPhoneFirst,
        }
    }

    pub(super) fn mfa(self) -> Guard {
        match self {
            Address::Email => Guard::MfaByEmail,
            Address::Phone => Guard::MfaBySms,
        }
    }
}
