//! The questions about a pool, and their answers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::answer::{Answer, Best, Reasons, sorted};
use super::attribute::Address;
use super::certainty::{Cause, Level, Step, Sure};
use super::facts::{Detail, Facts, Subject};
use super::guard::Guard;
use super::lifetime::{Lifetime, api_tokens, users_of};
use super::part::Parts;
use super::reads::Reads;
use super::sign_in::{Gain, own_client};
use super::trip::Trip;
use super::{account, lifetime, words};
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

/// The answers to some questions, each with the facts that it rests on, and those that were asked for beside the parts.
pub(super) fn answers(
    facts: &Facts<'_>,
    parts: &Parts,
    trips: &[(Trip<'_>, Vec<Option<usize>>)],
    is_asked: impl Fn(Question) -> bool,
) -> Vec<(Question, Reasoned, Reads)> {
    let Parts { ways, sign_ins, admissions, .. } = parts;
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
        Question::OverwritesAttributes => {
            let (own, of) = (own_client(facts), |client: &Subject<'_>| self_service(facts, client));
            let all =
                custom(facts, &own, of, |step, attribute| step.and(Step::of(facts.is_mutable(attribute))));
            names(facts, all)
        }
        Question::ChoosesAttributes => {
            let mut entered: BTreeMap<Option<usize>, Step> = BTreeMap::new();
            for way in ways {
                let known = entered.remove(&way.client).unwrap_or_default();
                entered.insert(way.client, known.or(way.step.clone()));
            }
            let of = |client: Option<usize>| entered.get(&client).cloned().unwrap_or_default();
            names(facts, custom(facts, &of(None), |client| of(Some(client.index)), |step, _| step))
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
                (words::own_name(client).into_owned(), public)
            }),
        ),
    };
    let asked = Question::ALL.into_iter().filter(|question| is_asked(*question));
    let answer = |question| {
        let (answer, reads) = facts.noting(|| answer(question));
        (question, answer, reads)
    };
    asked.map(answer).collect()
}

/// How sure each custom attribute is, over all clients and one that the stranger registers, by the steps to each that do
/// not depend on the attribute.
fn custom<'a>(
    facts: &Facts<'a>,
    own: &Step,
    of_client: impl Fn(&Subject<'a>) -> Step,
    then: impl Fn(Step, &str) -> Step,
) -> impl Iterator<Item = (String, Step)> {
    let names: Vec<Option<&str>> = facts.custom_attributes().collect();
    let steps: Vec<Step> = facts.clients.iter().filter(|_| !names.is_empty()).map(of_client).collect();
    let of = |name: &str| {
        let written = facts.clients.iter().zip(&steps);
        let listed = written.map(|(client, step)| step.clone().and(Step::of(facts.writes(client, name))));
        let all: Vec<Step> = listed.chain([own.clone().and(facts.may_be_written(name))]).collect();
        all.into_iter().map(|step| then(step, name)).collect::<Vec<Step>>()
    };
    let attributes = names.into_iter().map(|name| match name {
        Some(name) => (name.to_owned(), Step::any(of(name))),
        // An attribute that was not read may be any.
        None => {
            let either = of("").into_iter().zip(of("custom:")).map(|(one, other)| one.or(other));
            let steps = either.map(|step| step.and(Step::of(Ternary::Unknown(()))));
            ("an attribute that was not read".to_owned(), Step::any(steps))
        }
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

/// The best of some ways, by how sure they are, then by what they give. Of those that are proven, it is the one that
/// depends on the least.
fn best<'s>(facts: &Facts<'_>, ways: impl Iterator<Item = (Cow<'s, Step>, Gain)>) -> Reasoned {
    let (mut surest, mut perhaps, mut token) = (None, None, Level::default());
    let mut of_token: Option<Way<'_>> = None;
    for (step, gain) in ways {
        let gain = if gain == Gain::MachineToken { Gain::Token } else { gain };
        if gain == Gain::Token {
            token =
                Level { proven: token.proven.max(step.proven), possible: token.possible.max(step.possible) };
            of_token = better(of_token, (step.possible, gain, Cow::clone(&step)));
        }
        surest = simpler(surest, (step.proven, gain, Cow::clone(&step)));
        perhaps = better(perhaps, (step.possible, gain, step));
    }
    let level = |way: &Option<Way<'_>>| way.as_ref().map_or((Sure::No, None), |way| (way.0, Some(way.1)));
    let (proven, possible): (Best, Best) = (level(&surest), level(&perhaps));
    let reason = surest.or_else(|| perhaps.clone()).map(|way| way.2.into_owned()).unwrap_or_default();
    // A token may be open where a session is not.
    let open = match (proven != possible, token.proven != token.possible) {
        (true, _) => perhaps,
        (false, true) => of_token,
        (false, false) => None,
    };
    let is_said = facts.detail == Detail::Reasons || open.is_some();
    let causes = if is_said { reason.causes.as_slice() } else { &[] };
    let mut said = words::causes(facts, causes);
    let because = std::mem::take(&mut said.because);
    let mut reasons = Reasons::default();
    if let Some((_, _, step)) = open {
        said.add(words::causes(facts, &step.causes));
        reasons = said.reasons();
        reasons.unread = sorted(reasons.unread.into_iter());
    }
    reasons = Reasons { conditions: reason.conditions.to_vec(), because, ..reasons };
    (Answer::Gets { proven, possible, token, reasons }, reason.causes)
}

/// A way, with how sure it is and what it gives.
type Way<'s> = (Sure, Gain, Cow<'s, Step>);

/// The better of two ways, the first where they are equal.
fn better<'s>(known: Option<Way<'s>>, new: Way<'s>) -> Option<Way<'s>> {
    match known {
        _ if new.0 == Sure::No => known,
        Some(known) if (known.0, known.1) >= (new.0, new.1) => Some(known),
        _ => Some(new),
    }
}

/// The same, where of equal ways the one is better that depends on less.
fn simpler<'s>(known: Option<Way<'s>>, new: Way<'s>) -> Option<Way<'s>> {
    let depends_on = |way: &Way<'s>| way.2.conditions.len();
    match known {
        Some(known) if (known.0, known.1) == (new.0, new.1) && depends_on(&new) < depends_on(&known) => {
            Some(new)
        }
        known => better(known, new),
    }
}
