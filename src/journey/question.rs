//! The questions about a pool, and their answers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::answer::{Answer, Best, Reasons, sorted};
use super::attribute::Address;
use super::certainty::{Cause, Step, Sure};
use super::facts::{Detail, Facts, Subject};
use super::guard::Guard;
use super::lifetime::{Lifetime, api_tokens, users_of};
use super::provider::Admission;
use super::sign_in::{Gain, SignIn, own_client};
use super::stranger::WayIn;
use super::{Trip, account, lifetime, words};
use crate::ternary::Ternary;

/// A question about every pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    StrangerUser,
    StrangerToken,
    StrangerTokenUnverified,
    StrangerTokenSingleFactor,
    ForeignEmail,
    OverwritesAttributes,
    ChoosesAttributes,
    PhoneOwner,
    MailReader,
    LeakedAccessToken,
    LeakedRefreshTokenSeconds,
    PublicClients,
    DisabledAtProviderSeconds,
}

impl Question {
    pub const ALL: [Question; 13] = [
        Question::StrangerUser,
        Question::StrangerToken,
        Question::StrangerTokenUnverified,
        Question::StrangerTokenSingleFactor,
        Question::ForeignEmail,
        Question::OverwritesAttributes,
        Question::ChoosesAttributes,
        Question::PhoneOwner,
        Question::MailReader,
        Question::LeakedAccessToken,
        Question::LeakedRefreshTokenSeconds,
        Question::PublicClients,
        Question::DisabledAtProviderSeconds,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Question::StrangerUser => "stranger-user",
            Question::StrangerToken => "stranger-token",
            Question::StrangerTokenUnverified => "stranger-token-unverified",
            Question::StrangerTokenSingleFactor => "stranger-token-single-factor",
            Question::ForeignEmail => "foreign-email",
            Question::OverwritesAttributes => "overwrites-attributes",
            Question::ChoosesAttributes => "chooses-attributes",
            Question::PhoneOwner => "phone-owner",
            Question::MailReader => "mail-reader",
            Question::LeakedAccessToken => "leaked-access-token",
            Question::LeakedRefreshTokenSeconds => "leaked-refresh-token-seconds",
            Question::PublicClients => "public-clients",
            Question::DisabledAtProviderSeconds => "disabled-at-provider-seconds",
        }
    }

    /// Whether it is about strangers who get a token through clients.
    pub fn is_about_tokens_of_strangers(self) -> bool {
        matches!(
            self,
            Question::StrangerToken
                | Question::StrangerTokenUnverified
                | Question::StrangerTokenSingleFactor
                | Question::ForeignEmail
        )
    }

    /// Its answer as a statement, where it is yes. Names and times follow.
    pub fn statement(self) -> &'static str {
        match self {
            Question::StrangerUser => "a stranger can sign up",
            Question::StrangerToken => "a stranger can get a token",
            Question::StrangerTokenUnverified => "a stranger can get a token without a verified address",
            Question::StrangerTokenSingleFactor => "a stranger can get a token without a second factor",
            Question::ForeignEmail => "a stranger can get a token with somebody else's email address in it",
            Question::OverwritesAttributes => "a user can overwrite",
            Question::ChoosesAttributes => "a stranger can choose at sign-up",
            Question::PhoneOwner => "the owner of a user's phone number can get in",
            Question::MailReader => "a reader of a user's mail can get in",
            Question::LeakedAccessToken => "whoever has a leaked access token can keep the account",
            Question::LeakedRefreshTokenSeconds => "a leaked refresh token can be used for",
            Question::PublicClients => "no secret is needed for the clients",
            Question::DisabledAtProviderSeconds => {
                "a user who is disabled at the provider can get tokens for"
            }
        }
    }

    /// The question in words.
    pub fn text(self) -> &'static str {
        match self {
            Question::StrangerUser => "Can a stranger become a user?",
            Question::StrangerToken => "Can a stranger get a token?",
            Question::StrangerTokenUnverified => "... without a verified address?",
            Question::StrangerTokenSingleFactor => "... without a second factor of the pool?",
            Question::ForeignEmail => "... with somebody else's email address in it?",
            Question::OverwritesAttributes => "Custom attributes that a user can overwrite",
            Question::ChoosesAttributes => "Custom attributes that a stranger chooses at sign-up",
            Question::PhoneOwner => "Can the owner of a user's phone number get in?",
            Question::MailReader => "Can a reader of a user's mail get in?",
            Question::LeakedAccessToken => "Does a leaked access token keep the account?",
            Question::LeakedRefreshTokenSeconds => "Life of a leaked refresh token",
            Question::PublicClients => "Clients without a secret",
            Question::DisabledAtProviderSeconds => "Life of a user who is disabled at the provider",
        }
    }
}

/// An answer, and the facts that it rests on.
pub(super) type Reasoned = (Answer, Vec<Cause>);

/// The answers, each with the facts that it rests on.
pub(super) fn answers(
    facts: &Facts<'_>,
    (ways, admissions): (&[WayIn], &[Admission]),
    sign_ins: &[(SignIn, Vec<Option<usize>>)],
    trips: &[(Trip<'_>, Vec<Option<usize>>)],
) -> Vec<(Question, Reasoned)> {
    let of_trips = |step: for<'t, 's> fn(&'t Trip<'s>) -> &'t Step| {
        best(facts, trips.iter().map(|(trip, _)| (Cow::Borrowed(step(trip)), trip.sign_in.gain)))
    };
    let answer = |question| match question {
        Question::StrangerUser => {
            let entered = ways.iter().map(|way| &way.step);
            let admitted = admissions.iter().map(|admission| &admission.enters);
            best(facts, entered.chain(admitted).map(|step| (Cow::Borrowed(step), Gain::User)))
        }
        Question::StrangerToken => of_trips(|trip| &trip.step),
        Question::StrangerTokenUnverified => of_trips(|trip| &trip.unverified),
        Question::StrangerTokenSingleFactor => of_trips(|trip| &trip.single_factor),
        Question::ForeignEmail => of_trips(|trip| &trip.foreign_email),
        Question::OverwritesAttributes => names(
            facts,
            custom(facts, |client, attribute| {
                let writes = match client {
                    Some(client) => {
                        self_service(facts, client).and(Step::of(facts.writes(client, attribute)))
                    }
                    None => own_client(facts).and(facts.may_be_written(attribute)),
                };
                writes.and(Step::of(facts.is_mutable(attribute)))
            }),
        ),
        Question::ChoosesAttributes => {
            let enter = |client: Option<usize>| {
                let through = ways.iter().filter(move |way| way.client == client);
                Step::any(through.map(|way| way.step.clone()))
            };
            names(
                facts,
                custom(facts, |client, attribute| match client {
                    Some(client) => enter(Some(client.index)).and(Step::of(facts.writes(client, attribute))),
                    None => enter(None).and(facts.may_be_written(attribute)),
                }),
            )
        }
        Question::PhoneOwner => best(facts, owned(account::of_reader(facts, sign_ins, Address::Phone))),
        Question::MailReader => best(facts, owned(account::of_reader(facts, sign_ins, Address::Email))),
        Question::LeakedAccessToken => best(facts, owned(account::of_holder(facts, sign_ins))),
        Question::LeakedRefreshTokenSeconds => seconds(facts, &lifetime::of_refresh_token(facts)),
        Question::DisabledAtProviderSeconds => seconds(facts, &lifetime::of_disabled_user(facts)),
        Question::PublicClients => names(
            facts,
            facts.clients.iter().map(|client| {
                // No setting gives a client a secret.
                let public = Step::of(facts.of_element(Guard::PublicClient, client));
                (client.client_name().into_owned(), public)
            }),
        ),
    };
    Question::ALL.into_iter().map(|question| (question, answer(question))).collect()
}

/// How sure each custom attribute is, over all clients and one that the stranger registers.
fn custom(
    facts: &Facts<'_>,
    step: impl Fn(Option<&Subject<'_>>, &str) -> Step,
) -> impl Iterator<Item = (String, Step)> {
    let attributes = facts.custom_attributes().map(|name| {
        let clients = facts.clients.iter().map(Some).chain([None]);
        let steps = clients.map(|client| match name {
            Some(name) => step(client, name),
            // An attribute that was not read may be any.
            None => step(client, "").or(step(client, "custom:")).and(Step::of(Ternary::Unknown(()))),
        });
        (name.unwrap_or("an attribute that was not read").to_owned(), Step::any(steps))
    });
    attributes.collect::<Vec<_>>().into_iter()
}

/// Whether the holder of a token of a client can change the user's attributes.
fn self_service(facts: &Facts<'_>, client: &Subject<'_>) -> Step {
    let public = facts.step_of(Guard::PublicClient, client);
    let token = public.clone().or(facts.step_of(Guard::ImplicitGrant, client));
    let of_providers = facts.providers.iter().map(|provider| users_of(facts, client, provider));
    let local = facts.step_of(Guard::PagesOfLocalUsers, client);
    let pages = account::pages_with_profile(facts, client).and(token).and(local.or(Step::any(of_providers)));
    api_tokens(facts, client).and(public).or(pages)
}

/// The names of what is at least conditional.
fn names(facts: &Facts<'_>, all: impl Iterator<Item = (String, Step)>) -> Reasoned {
    let all: BTreeMap<String, Step> = all.fold(BTreeMap::new(), |mut all, (name, step)| {
        let known = all.remove(&name).unwrap_or_default();
        all.insert(name, known.or(step));
        all
    });
    let of = |level: fn(&Step) -> Sure| {
        let named = all.iter().filter(|(_, step)| level(step) > Sure::No);
        named.map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let (proven, possible) = (of(|step| step.proven), of(|step| step.possible));
    let open = all.values().filter(|step| step.proven == Sure::No && step.is_possible());
    let open: Vec<Cause> = open.flat_map(|step| step.causes.iter().copied()).collect();
    let said = words::causes(facts, &open);
    let causes = all.values().flat_map(|step| step.causes.iter().copied()).collect();
    (Answer::Names { proven, possible, reasons: said.reasons() }, causes)
}

/// The longest of some lifetimes.
fn seconds(facts: &Facts<'_>, lifetimes: &[Lifetime]) -> Reasoned {
    let surest = lifetimes.iter().filter(|one| one.step.proven > Sure::No).max_by_key(|one| one.least);
    let perhaps = lifetimes.iter().filter(|one| one.step.is_possible()).max_by_key(|one| one.most);
    let (proven, possible) = (surest.map_or(0, |one| one.least), perhaps.map_or(0, |one| one.most));
    let Some(reason) = surest.or(perhaps) else {
        return (Answer::Seconds { proven, possible, reasons: Reasons::default() }, Vec::new());
    };
    let because = words::causes(facts, &reason.step.causes).because;
    let open = perhaps.filter(|_| proven != possible);
    let mut said = open.map(|one| words::causes(facts, &one.step.causes)).unwrap_or_default();
    for (setting, outside) in open.iter().flat_map(|one| &one.unread) {
        said.not_read(setting, *outside);
    }
    let reasons = Reasons { conditions: reason.step.conditions.to_vec(), because, ..said.reasons() };
    (Answer::Seconds { proven, possible, reasons }, reason.step.causes.clone())
}

fn owned<'s>(ways: impl IntoIterator<Item = (Step, Gain)>) -> impl Iterator<Item = (Cow<'s, Step>, Gain)> {
    ways.into_iter().map(|(step, gain)| (Cow::Owned(step), gain))
}

/// The best of some ways, by how sure they are, then by what they give.
fn best<'s>(facts: &Facts<'_>, ways: impl Iterator<Item = (Cow<'s, Step>, Gain)>) -> Reasoned {
    let (mut proven, mut possible): (Best, Best) = ((Sure::No, None), (Sure::No, None));
    let (mut surest, mut perhaps): (Cow<'_, Step>, _) = (Cow::Owned(Step::CLOSED), Cow::Owned(Step::CLOSED));
    for (step, gain) in ways {
        let gain = if gain == Gain::MachineToken { Gain::Token } else { gain };
        if step.proven > Sure::No && (step.proven, Some(gain)) > proven {
            proven = (step.proven, Some(gain));
            surest.clone_from(&step);
        }
        if step.possible > Sure::No && (step.possible, Some(gain)) > possible {
            possible = (step.possible, Some(gain));
            perhaps = step;
        }
    }
    let reason = if proven.0 == Sure::No { &perhaps } else { &surest };
    let is_said = facts.detail == Detail::Reasons || proven != possible;
    let causes = if is_said { reason.causes.as_slice() } else { &[] };
    let mut said = words::causes(facts, causes);
    let because = std::mem::take(&mut said.because);
    let mut reasons = Reasons::default();
    if proven != possible {
        said.add(words::causes(facts, &perhaps.causes));
        reasons = said.reasons();
        reasons.unread = sorted(reasons.unread.into_iter());
    }
    reasons = Reasons { conditions: reason.conditions.to_vec(), because, ..reasons };
    (Answer::Gets { proven, possible, reasons }, reason.causes.clone())
}
