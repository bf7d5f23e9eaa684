//! How long a refresh token that leaked is good, and how long somebody stays whom a provider has disabled.

use super::certainty::{Condition, Step};
use super::facts::{Facts, Subject, path_of};
use super::guard::Guard;
use super::provider::{cannot_write, lacks_required};
use super::sign_in::{code_of_sign_up, own_client, password, password_at_pages};
use crate::pool::{Beyond, Section, State, resolve};
use crate::schema::{NodeId, schema};
use crate::ternary::Ternary;
use crate::value::Value;

const ACCESS: &str = "AccessTokenLifetimeSeconds";
const REFRESH: &str = "RefreshTokenLifetimeSeconds";

/// The seconds that something lasts, if its step is open.
#[derive(Clone, Debug)]
pub(super) struct Lifetime {
    pub step: Step,
    pub least: i64,
    pub most: i64,
    /// The settings of it that were not read, each with the part that the input does not hold.
    pub unread: Vec<(String, Option<Beyond>)>,
}

impl Lifetime {
    fn new(step: Step, (least, most): (i64, i64)) -> Lifetime {
        Lifetime { step, least, most, unread: Vec::new() }
    }

    /// The lifetime that some members of a client add up to.
    fn of(step: Step, facts: &Facts<'_>, client: &Subject<'_>, members: &[&str]) -> Lifetime {
        let mut sum = Lifetime::new(step, (0, 0));
        for member in members {
            let (least, most) = seconds(facts, client, member).unwrap_or_else(|unread| {
                sum.unread.push(unread);
                longest(member)
            });
            (sum.least, sum.most) = (sum.least.saturating_add(least), sum.most.saturating_add(most));
        }
        sum
    }
}

/// How long a refresh token is good for whoever finds it, for each client.
pub(super) fn of_refresh_token(facts: &Facts<'_>) -> Vec<Lifetime> {
    let listed = facts.clients.iter().map(|client| {
        let step = facts
            .step_of(Guard::PublicClient, client)
            .and(has_refresh_tokens(facts, client))
            .and(Step::unless(facts.of_element(Guard::RefreshTokensRotate, client), Condition::UnusedByApp))
            .and(Step::unless(
                facts.of_element(Guard::RefreshTokensAreRevocable, client),
                Condition::NotRevoked,
            ));
        Lifetime::of(step, facts, client, &[REFRESH])
    });
    listed.chain([Lifetime::new(of_registered_client(facts), longest(REFRESH))]).collect()
}

/// Whether a client gives refresh tokens. The flow that refreshes is not needed for it.
fn has_refresh_tokens(facts: &Facts<'_>, client: &Subject<'_>) -> Step {
    let of_providers = Step::any(facts.providers.iter().map(|provider| users_of(facts, client, provider)));
    let local =
        facts.step_of(Guard::PagesOfLocalUsers, client).and(password_at_pages(&password(facts, client)));
    let pages = facts.pages(client).and(facts.step_of(Guard::CodeGrant, client)).and(local.or(of_providers));
    api_tokens(facts, client).or(facts.step_of(Guard::BackendFlow, client)).or(pages)
}

/// Whether users get tokens of a client by the API without a backend.
pub(super) fn api_tokens(facts: &Facts<'_>, client: &Subject<'_>) -> Step {
    let codes = [Guard::CodeByEmail, Guard::CodeBySms]
        .map(|guard| facts.step_of(guard, client).and(facts.step_without(Guard::MfaRequired)));
    let custom = facts.step_of(Guard::CustomFlow, client).and(facts.step(Guard::FunctionOfChallenges));
    let others = [
        password(facts, client),
        facts.step_of(Guard::Passkey, client),
        custom,
        exchanged(facts, client),
        code_of_sign_up(facts, client),
    ];
    Step::any(codes.into_iter().chain(others))
}

/// Whether users of a provider sign in through a client.
pub(super) fn users_of(facts: &Facts<'_>, client: &Subject<'_>, provider: &Subject<'_>) -> Step {
    facts
        .offers(client, provider)
        .and(Step::of(lacks_required(facts, provider).negated()))
        .and(Step::undocumented(cannot_write(facts, Some(client), provider), Condition::MappedUnwritable))
}

/// Whether a client gives tokens for those of others. AWS does not document the users of providers among them.
fn exchanged(facts: &Facts<'_>, client: &Subject<'_>) -> Step {
    facts.step_of(Guard::TokenExchange, client).and(Step::undocumented(Ternary::True, Condition::Exchange))
}

/// How long a user gets tokens whom the provider has disabled, for each client.
pub(super) fn of_disabled_user(facts: &Facts<'_>) -> Vec<Lifetime> {
    let mut all = Vec::new();
    for client in &facts.clients {
        let lasts = |step, members: &[&str]| Lifetime::of(step, facts, client, members);
        for provider in &facts.providers {
            let pages = facts.pages(client).and(users_of(facts, client, provider));
            let code = pages.clone().and(facts.step_of(Guard::CodeGrant, client));
            all.push(lasts(refreshed(facts, code), &[ACCESS, REFRESH]));
            all.push(lasts(pages, &[ACCESS]));
        }
        if !facts.providers.is_empty() {
            all.push(lasts(refreshed(facts, exchanged(facts, client)), &[ACCESS, REFRESH]));
        }
    }
    if !facts.providers.is_empty() {
        let (access, refresh) = (longest(ACCESS), longest(REFRESH));
        let both = (access.0.saturating_add(refresh.0), access.1.saturating_add(refresh.1));
        all.push(Lifetime::new(refreshed(facts, of_registered_client(facts)), both));
    }
    all
}

/// A client that somebody registers may have tokens of any lifetime and scope, or none.
pub(super) fn of_registered_client(facts: &Facts<'_>) -> Step {
    own_client(facts).and(Step::of(Ternary::Unknown(())))
}

/// The decisions that a refresh depends on.
fn refreshed(facts: &Facts<'_>, step: Step) -> Step {
    step.and(facts.unless(Guard::FunctionOfTokens, Condition::FunctionOfTokens))
        .and(Step::conditional(Condition::NotSignedOut))
        .and(Step::conditional(Condition::ProviderNotAsked))
}

/// The least and the most seconds that a lifetime of a client may be, or the setting that does not tell.
fn seconds(
    facts: &Facts<'_>,
    client: &Subject<'_>,
    member: &str,
) -> Result<(i64, i64), (String, Option<Beyond>)> {
    if client.phantom {
        let clients = Section::Clients;
        return Err((clients.member().to_owned(), facts.pool.outside(clients)));
    }
    let unread = |outside| (format!("Clients[{}].{member}", client.client_name()), outside);
    facts.asks_for(member);
    let path = path_of(member).ok_or_else(|| unread(None))?;
    match resolve(facts.scope(client), path) {
        State::Present(Value::Int(number)) | State::Default(Value::Int(number)) => Ok((*number, *number)),
        State::Outside(beyond) => Err(unread(Some(beyond))),
        State::Present(_) | State::Default(_) | State::Absent | State::Unknown(_) => Err(unread(None)),
    }
}

/// The least and the most seconds that a lifetime of any client may be.
fn longest(member: &str) -> (i64, i64) {
    let client = schema().member(NodeId::ROOT, "Clients").and_then(|list| schema().node(list).element);
    let node = client.and_then(|client| schema().member(client, member)).map(|node| schema().node(node));
    (node.and_then(|node| node.min).unwrap_or(0), node.and_then(|node| node.max).unwrap_or(i64::MAX))
}
