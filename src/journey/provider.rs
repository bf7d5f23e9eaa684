//! How a stranger gets in without signing up: with an account at a provider at which everybody has one, or as a
//! machine.

use super::certainty::{Condition, Step};
use super::facts::{Facts, Subject, either};
use super::guard::Guard;
use super::sign_in::{
    Gain, How, SignIn, changes_email, changes_email_of_own_client, own_client, profile_scope,
};
use super::stranger::Entrance;
use crate::ternary::Ternary;

/// A way in that is a sign-in as well.
#[derive(Clone, Debug)]
pub(super) struct Admission {
    pub entrance: Entrance,
    pub sign_in: SignIn,
    /// The user that the pool makes, whether the sign-in then gives a token or not.
    pub enters: Step,
    /// Nothing proves an address of the user.
    pub unverified: Step,
}

/// The ways in that are not closed.
pub(super) fn admissions(facts: &Facts<'_>) -> Vec<Admission> {
    let mut all = Vec::new();
    let public: Vec<&Subject<'_>> =
        facts.providers.iter().filter(|provider| of_everybody(facts, provider).is_possible()).collect();
    for (at, client) in facts.clients.iter().enumerate() {
        for provider in &public {
            federated(facts, (at, client), provider, &mut all);
        }
        if !public.is_empty() {
            exchange(facts, (at, client), &public, &mut all);
        }
    }
    for provider in &public {
        let step = own_client(facts).and(admitted(facts, None, provider));
        let changes_email =
            changes_email_of_own_client(facts).at_most_conditional(Condition::FederatedProfile);
        let sign_in = SignIn { how: How::Provider, gain: Gain::Token, client: None, step, changes_email };
        add(facts, &mut all, Entrance::OwnClient, sign_in, unverified(facts, provider));
    }
    machine(facts, &mut all);
    all
}

/// Whether everybody has an account at a provider, or can have one.
fn of_everybody(facts: &Facts<'_>, provider: &Subject<'_>) -> Step {
    let of_the_public = facts.step_of(Guard::ProviderOfThePublic, provider);
    facts
        .step_of(Guard::ProviderOfEverybody, provider)
        .or(of_the_public.at_most_conditional(Condition::AccountAtProvider))
}

/// Adds the way that ends with a sign-in, whose token a function may refuse.
fn add(facts: &Facts<'_>, all: &mut Vec<Admission>, entrance: Entrance, sign_in: SignIn, unverified: Step) {
    let enters = sign_in.step;
    if enters.is_possible() {
        let step = enters.clone().and(facts.unless(Guard::FunctionOfTokens, Condition::FunctionOfTokens));
        all.push(Admission { entrance, sign_in: SignIn { step, ..sign_in }, enters, unverified });
    }
}

/// The provider's own word for a verified address is not the pool's.
fn unverified(facts: &Facts<'_>, provider: &Subject<'_>) -> Step {
    Step::unless(facts.of_element(Guard::VerificationByTheProvider, provider), Condition::Provider)
}

fn federated(
    facts: &Facts<'_>,
    (at, client): (usize, &Subject<'_>),
    provider: &Subject<'_>,
    all: &mut Vec<Admission>,
) {
    let step =
        facts.pages(client).and(facts.offers(client, provider)).and(admitted(facts, Some(client), provider));
    if !step.is_possible() {
        return;
    }
    let public = facts.step_of(Guard::PublicClient, client);
    let private = Step::of(facts.of_element(Guard::PublicClient, client).negated());
    let token = public.or(facts.step_of(Guard::ImplicitGrant, client));
    let email = changes_email(facts, client)
        .and(profile_scope(facts, client))
        .at_most_conditional(Condition::FederatedProfile);
    for (gain, holder, changes_email) in [(Gain::Token, token, email), (Gain::Session, private, Step::CLOSED)]
    {
        let step = step.clone().and(holder);
        let sign_in = SignIn { how: How::Provider, gain, client: Some(at), step, changes_email };
        add(facts, all, Entrance::Provider, sign_in, unverified(facts, provider));
    }
}

/// Whether the pool makes a user of whoever comes from a provider.
fn admitted(facts: &Facts<'_>, client: Option<&Subject<'_>>, provider: &Subject<'_>) -> Step {
    of_everybody(facts, provider)
        .and(Step::of(lacks_required(facts, provider).negated()))
        .and(Step::undocumented(cannot_write(facts, client, provider), Condition::MappedUnwritable))
        .and(facts.unless(Guard::FunctionBeforeSignUp, Condition::FunctionBeforeSignUp))
        .and(facts.unless(Guard::WebAcl, Condition::WebAcl))
}

/// Whether a required attribute is not mapped, without which nobody can sign in.
pub(super) fn lacks_required(facts: &Facts<'_>, provider: &Subject<'_>) -> Ternary {
    Ternary::any(facts.attributes.iter().map(|attribute| {
        let required = facts.of_element(Guard::AttributeRequired, attribute);
        if required == Ternary::False {
            return required;
        }
        let mapped = match attribute.text("Name") {
            Some(name) => facts.has(provider, "AttributeMapping", name),
            None => Ternary::Unknown(()),
        };
        required.and(mapped.negated())
    }))
}

/// Whether an attribute is mapped that the client cannot write, or that cannot be changed.
pub(super) fn cannot_write(
    facts: &Facts<'_>,
    client: Option<&Subject<'_>>,
    provider: &Subject<'_>,
) -> Ternary {
    let Some(keys) = facts.mapping(provider) else { return Ternary::Unknown(()) };
    // The user name and the marks of verification are not written by a client.
    let written = keys
        .into_iter()
        .filter(|key| *key != "username" && *key != "email_verified" && *key != "phone_number_verified");
    Ternary::any(written.map(|key| {
        let writes = client.map_or(Ternary::True, |client| facts.writes(client, key));
        either(writes.negated(), facts.is_mutable(key).negated())
    }))
}

/// A provider's token for one of the pool: AWS does not document whether that needs a user.
fn exchange(
    facts: &Facts<'_>,
    (at, client): (usize, &Subject<'_>),
    providers: &[&Subject<'_>],
    all: &mut Vec<Admission>,
) {
    let provider = Step::any(providers.iter().map(|provider| of_everybody(facts, provider)));
    let step = facts
        .step_of(Guard::TokenExchange, client)
        .and(provider)
        .and(Step::undocumented(Ternary::True, Condition::Exchange));
    let private = Step::of(facts.of_element(Guard::PublicClient, client).negated());
    let holders = [
        (Gain::Token, facts.step_of(Guard::PublicClient, client)),
        (Gain::Session, private.at_most_conditional(Condition::App)),
    ];
    for (gain, holder) in holders {
        let step = step.clone().and(holder);
        let sign_in =
            SignIn { how: How::Exchange, gain, client: Some(at), step, changes_email: Step::CLOSED };
        add(facts, all, Entrance::Exchange, sign_in, Step::OPEN);
    }
}

/// A machine token for a client of the stranger's own.
fn machine(facts: &Facts<'_>, all: &mut Vec<Admission>) {
    let scopes = facts.is(Guard::RegistrationOfCustomScopes);
    let open = facts.step(Guard::OpenRegistration).and(facts.step(Guard::OpenRegistrationOfMachines));
    let by_token = facts.registrar().and(facts.step(Guard::RegistrationOfMachinesWithAToken));
    for (entrance, registered) in [(Entrance::Machine, open), (Entrance::MachineByToken, by_token)] {
        let step = facts
            .at_domain(registered)
            .and(Step::undocumented(scopes.negated(), Condition::NoCustomScope))
            .and(facts.unless(Guard::FunctionOfMachineTokens, Condition::FunctionOfMachineTokens))
            .and(facts.unless(Guard::WebAcl, Condition::WebAcl));
        if step.is_possible() {
            let (how, gain) = (How::Machine, Gain::MachineToken);
            let sign_in = SignIn { how, gain, client: None, step, changes_email: Step::CLOSED };
            all.push(Admission { entrance, sign_in, enters: Step::CLOSED, unverified: Step::OPEN });
        }
    }
}
