//! The questions about a pool, and their answers.

use std::collections::BTreeMap;

use super::attribute::Address;
use super::certainty::{Cause, Condition, Step, Sure};
use super::facts::{Detail, Facts, Subject};
use super::guard::Guard;
use super::lifetime::{Lifetime, api_tokens, users_of};
use super::provider::Admission;
use super::sign_in::{Gain, SignIn, own_client};
use super::stranger::WayIn;
use super::words::Said;
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

/// How sure it is, and what is got: nothing where the answer is no.
pub type Best = (Sure, Option<Gain>);

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Gets {
        proven: Best,
        possible: Best,
        conditions: Vec<Condition>,
        /// The settings that make it so, in words.
        because: Vec<String>,
        /// The settings that were not read, in words.
        unread: Vec<String>,
    },
    /// A time, in seconds.
    Seconds {
        proven: i64,
        possible: i64,
        conditions: Vec<Condition>,
        because: Vec<String>,
        unread: Vec<String>,
    },
    /// Names of clients or attributes, sorted.
    Names { proven: Vec<String>, possible: Vec<String> },
}

impl Answer {
    pub fn is_unknown(&self) -> bool {
        match self {
            Answer::Gets { proven, possible, .. } => proven != possible,
            Answer::Seconds { proven, possible, .. } => proven != possible,
            Answer::Names { proven, possible } => proven != possible,
        }
    }

    /// Whether it is no, or none, whatever was not read.
    pub fn is_no(&self) -> bool {
        match self {
            Answer::Gets { possible, .. } => possible.0 == Sure::No,
            Answer::Seconds { possible, .. } => *possible == 0,
            Answer::Names { possible, .. } => possible.is_empty(),
        }
    }

    /// Whether it is at most as bad as another, in what is proven and in what is possible.
    pub fn is_at_most(&self, other: &Answer) -> bool {
        match (self, other) {
            (Answer::Gets { proven, possible, .. }, Answer::Gets { proven: also, possible: perhaps, .. }) => {
                proven <= also && possible <= perhaps
            }
            (
                Answer::Seconds { proven, possible, .. },
                Answer::Seconds { proven: also, possible: perhaps, .. },
            ) => proven <= also && possible <= perhaps,
            (Answer::Names { proven, possible }, Answer::Names { proven: also, possible: perhaps }) => {
                let is_within =
                    |one: &[String], other: &[String]| one.iter().all(|name| other.contains(name));
                is_within(proven, also) && is_within(possible, perhaps)
            }
            _ => false,
        }
    }

    /// The settings that make it so, in words.
    pub fn because(&self) -> &[String] {
        match self {
            Answer::Gets { because, .. } | Answer::Seconds { because, .. } => because,
            Answer::Names { .. } => &[],
        }
    }

    /// The widest of both, where it is not known which of them it is.
    pub(super) fn hull(self, other: Answer) -> Answer {
        match (self, other) {
            (
                Answer::Gets { proven, possible, conditions, because, unread },
                Answer::Gets { proven: also, possible: perhaps, unread: more, because: why, conditions: ifs },
            ) => {
                let (possible, conditions, because) =
                    if perhaps > possible { (perhaps, ifs, why) } else { (possible, conditions, because) };
                let unread = unread.into_iter().chain(more).collect();
                Answer::Gets { proven: proven.min(also), possible, conditions, because, unread }
            }
            (
                Answer::Seconds { proven, possible, conditions, because, unread },
                Answer::Seconds {
                    proven: also,
                    possible: perhaps,
                    unread: more,
                    because: why,
                    conditions: ifs,
                },
            ) => {
                let (conditions, because) =
                    if perhaps > possible { (ifs, why) } else { (conditions, because) };
                let (proven, possible) = (proven.min(also), possible.max(perhaps));
                let unread = unread.into_iter().chain(more).collect();
                Answer::Seconds { proven, possible, conditions, because, unread }
            }
            (Answer::Names { proven, possible }, Answer::Names { proven: also, possible: perhaps }) => {
                Answer::Names {
                    proven: proven.into_iter().filter(|name| also.contains(name)).collect(),
                    possible: sorted(possible.into_iter().chain(perhaps)),
                }
            }
            (first, _) => first,
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
        best(facts, trips.iter().map(|(trip, _)| (step(trip).clone(), trip.sign_in.gain)))
    };
    let answer = |question| match question {
        Question::StrangerUser => {
            let entered = ways.iter().map(|way| way.step.clone());
            let admitted = admissions.iter().map(|admission| admission.enters.clone());
            best(facts, entered.chain(admitted).map(|step| (step, Gain::User)))
        }
        Question::StrangerToken => of_trips(|trip| &trip.step),
        Question::StrangerTokenUnverified => of_trips(|trip| &trip.unverified),
        Question::StrangerTokenSingleFactor => of_trips(|trip| &trip.single_factor),
        Question::ForeignEmail => of_trips(|trip| &trip.foreign_email),
        Question::OverwritesAttributes => names(custom(facts, |client, attribute| {
            let writes = match client {
                Some(client) => self_service(facts, client).and(Step::of(facts.writes(client, attribute))),
                None => own_client(facts).and(facts.may_be_written(attribute)),
            };
            writes.and(Step::of(facts.is_mutable(attribute)))
        })),
        Question::ChoosesAttributes => {
            let enter = |client: Option<usize>| {
                let through = ways.iter().filter(move |way| way.client == client);
                Step::any(through.map(|way| way.step.clone()))
            };
            names(custom(facts, |client, attribute| match client {
                Some(client) => enter(Some(client.index)).and(Step::of(facts.writes(client, attribute))),
                None => enter(None).and(facts.may_be_written(attribute)),
            }))
        }
        Question::PhoneOwner => best(facts, account::of_reader(facts, sign_ins, Address::Phone).into_iter()),
        Question::MailReader => best(facts, account::of_reader(facts, sign_ins, Address::Email).into_iter()),
        Question::LeakedAccessToken => best(facts, account::of_holder(facts, sign_ins).into_iter()),
        Question::LeakedRefreshTokenSeconds => seconds(facts, &lifetime::of_refresh_token(facts)),
        Question::DisabledAtProviderSeconds => seconds(facts, &lifetime::of_disabled_user(facts)),
        Question::PublicClients => names(facts.clients.iter().map(|client| {
            // No setting gives a client a secret.
            let public = Step::of(facts.of_element(Guard::PublicClient, client));
            (client.client_name().to_owned(), public)
        })),
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
fn names(all: impl Iterator<Item = (String, Step)>) -> Reasoned {
    let all: BTreeMap<String, Step> = all.fold(BTreeMap::new(), |mut all, (name, step)| {
        let known = all.remove(&name).unwrap_or_default();
        all.insert(name, known.or(step));
        all
    });
    let of = |level: fn(&Step) -> Sure| {
        all.iter().filter(|(_, step)| level(step) > Sure::No).map(|(name, _)| name.clone()).collect()
    };
    let causes = all.values().flat_map(|step| step.causes.iter().copied()).collect();
    (Answer::Names { proven: of(|step| step.proven), possible: of(|step| step.possible) }, causes)
}

/// The longest of some lifetimes.
fn seconds(facts: &Facts<'_>, lifetimes: &[Lifetime]) -> Reasoned {
    let surest = lifetimes.iter().filter(|one| one.step.proven > Sure::No).max_by_key(|one| one.least);
    let perhaps = lifetimes.iter().filter(|one| one.step.is_possible()).max_by_key(|one| one.most);
    let (proven, possible) = (surest.map_or(0, |one| one.least), perhaps.map_or(0, |one| one.most));
    let Some(reason) = surest.or(perhaps) else {
        let (conditions, because, unread) = (Vec::new(), Vec::new(), Vec::new());
        return (Answer::Seconds { proven, possible, conditions, because, unread }, Vec::new());
    };
    let because = words::causes(facts, &reason.step.causes).because;
    let open = perhaps.filter(|_| proven != possible);
    let unread = open.map(|one| words::causes(facts, &one.step.causes).unread).unwrap_or_default();
    let conditions = reason.step.conditions.clone();
    (Answer::Seconds { proven, possible, conditions, because, unread }, reason.step.causes.clone())
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    names
}

/// The best of some ways, by how sure they are, then by what they give.
fn best(facts: &Facts<'_>, ways: impl Iterator<Item = (Step, Gain)>) -> Reasoned {
    let (mut proven, mut possible): (Best, Best) = ((Sure::No, None), (Sure::No, None));
    let (mut surest, mut perhaps) = (Step::CLOSED, Step::CLOSED);
    for (step, gain) in ways {
        let gain = if gain == Gain::MachineToken { Gain::Token } else { gain };
        if step.proven > Sure::No && (step.proven, Some(gain)) > proven {
            proven = (step.proven, Some(gain));
            surest = step.clone();
        }
        if step.possible > Sure::No && (step.possible, Some(gain)) > possible {
            possible = (step.possible, Some(gain));
            perhaps = step;
        }
    }
    let reason = if proven.0 == Sure::No { &perhaps } else { &surest };
    let is_said = facts.detail == Detail::Reasons || proven != possible;
    let causes = if is_said { reason.causes.as_slice() } else { &[] };
    let Said { because, mut unread, .. } = words::causes(facts, causes);
    if proven == possible {
        unread.clear();
    } else {
        unread.extend(words::causes(facts, &perhaps.causes).unread);
        unread = sorted(unread.into_iter());
    }
    let conditions = reason.conditions.clone();
    (Answer::Gets { proven, possible, conditions, because, unread }, reason.causes.clone())
}
