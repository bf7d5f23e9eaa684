//! The calls that fill each section of a pool.

use std::collections::HashSet;

use super::call::{Described, Lane};
use super::compose::{elements, list, member, with_members};
use super::failure::{Failure, Kind};
use super::pace::Pacer;
use crate::pool::Section;

/// As many as the service gives in one page, which is less for resource servers.
const PAGE: i32 = 60;
const RESOURCE_SERVERS_PAGE: i32 = 50;
/// More pages than the largest quota fills.
const PAGES: usize = 1000;

/// A call for a section that failed.
#[derive(Debug)]
pub(super) struct Missed {
    pub operation: &'static str,
    pub failure: Failure,
}

/// The text of a section; `None` where there is nothing of it.
type Answer = Result<Option<String>, Missed>;

/// One section of one pool.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub lane: &'a Lane,
    pub id: &'a str,
    pub pool: &'a Described,
}

/// A page of a list: its items, and the token of the next.
struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

impl Part<'_> {
    /// Reads a section that no other has a say in.
    pub(super) async fn read(self, section: Section) -> Answer {
        match section {
            Section::MfaConfig => self.mfa_config().await,
            Section::RiskConfiguration => self.risk_configuration(None, &self.pacer()).await,
            Section::LogDelivery => self.log_delivery().await,
            Section::IdentityProviders => self.identity_providers().await,
            Section::ResourceServers => self.resource_servers().await,
            Section::Groups => self.groups().await,
            Section::Domains => self.domains().await,
            Section::Clients => self.clients(false).await.map(|(text, _)| Some(text)),
            _ => Ok(None),
        }
    }

    /// Paces one operation on this pool, which has a quota of its own.
    fn pacer(self) -> Pacer {
        Pacer::new(self.lane.pacers.one_pool)
    }

    async fn mfa_config(self) -> Answer {
        let call = |raw| {
            let call = self.lane.client.get_user_pool_mfa_config().user_pool_id(self.id);
            call.customize().interceptor(raw).send()
        };
        let answer = self.lane.raw(&self.lane.pacers.resources, call).await;
        answer.map(|(_, body)| Some(body)).map_err(missed("GetUserPoolMfaConfig"))
    }

    /// The pool's own, or what a client has in its place.
    async fn risk_configuration(self, client: Option<&str>, pacer: &Pacer) -> Answer {
        let call = |raw| {
            let call = self.lane.client.describe_risk_configuration().user_pool_id(self.id);
            call.set_client_id(client.map(str::to_owned)).customize().interceptor(raw).send()
        };
        self.slot(pacer).await;
        match self.lane.raw(&self.lane.pacers.resources, call).await {
            Ok((_, body)) => under("RiskConfiguration", &body, "DescribeRiskConfiguration"),
            // Threat protection was never switched on, so there is none.
            Err(failure) if failure.code.as_deref() == Some("UserPoolAddOnNotEnabledException") => Ok(None),
            Err(failure) => Err(missed("DescribeRiskConfiguration")(failure)),
        }
    }

    async fn log_delivery(self) -> Answer {
        let call = |raw| {
            let call = self.lane.client.get_log_delivery_configuration().user_pool_id(self.id);
            call.customize().interceptor(raw).send()
        };
        let operation = "GetLogDeliveryConfiguration";
        let (_, body) = self.lane.raw(&self.lane.pacers.others, call).await.map_err(missed(operation))?;
        under("LogDeliveryConfiguration", &body, operation)
    }

    async fn identity_providers(self) -> Answer {
        let pacers = &self.lane.pacers;
        let names = self.pages(|token| async move {
            let call = |raw| {
                let call = self.lane.client.list_identity_providers().user_pool_id(self.id).max_results(PAGE);
                call.set_next_token(token.clone()).customize().interceptor(raw).send()
            };
            let (page, _) = self.lane.raw(&pacers.resources, call).await?;
            let names = page.providers().iter().map(|one| one.provider_name().map(str::to_owned));
            Ok(Page { items: named(names)?, next: page.next_token().map(str::to_owned) })
        });
        let names = names.await.map_err(missed("ListIdentityProviders"))?;
        let (pacer, operation) = (self.pacer(), "DescribeIdentityProvider");
        let mut providers = Vec::new();
        for name in &names {
            let call = |raw| {
                let call = self.lane.client.describe_identity_provider().user_pool_id(self.id);
                call.provider_name(name).customize().interceptor(raw).send()
            };
            self.slot(&pacer).await;
            let answer = self.lane.raw(&pacers.resources, call).await;
            let Some((typed, body)) = unless_gone(answer, operation)? else { continue };
            let told = typed.identity_provider().and_then(|provider| provider.provider_name());
            is_about(told, name).map_err(missed(operation))?;
            providers.extend(under("IdentityProvider", &body, operation)?);
        }
        Ok(Some(list(&providers)))
    }

    async fn resource_servers(self) -> Answer {
        let servers = self.pages(|token| async move {
            let call = |raw| {
                let call = self.lane.client.list_resource_servers().user_pool_id(self.id);
                let call = call.max_results(RESOURCE_SERVERS_PAGE).set_next_token(token.clone());
                call.customize().interceptor(raw).send()
            };
            let (page, body) = self.lane.raw(&self.lane.pacers.resources, call).await?;
            let items = elements(&body, "ResourceServers")?;
            Ok(Page { items, next: page.next_token().map(str::to_owned) })
        });
        Ok(Some(list(&servers.await.map_err(missed("ListResourceServers"))?)))
    }

    async fn groups(self) -> Answer {
        let groups = self.pages(|token| async move {
            let call = |raw| {
                let call = self.lane.client.list_groups().user_pool_id(self.id).limit(PAGE);
                call.set_next_token(token.clone()).customize().interceptor(raw).send()
            };
            let (page, body) = self.lane.raw(&self.lane.pacers.resources, call).await?;
            Ok(Page { items: elements(&body, "Groups")?, next: page.next_token().map(str::to_owned) })
        });
        Ok(Some(list(&groups.await.map_err(missed("ListGroups"))?)))
    }

    async fn domains(self) -> Answer {
        let operation = "DescribeUserPoolDomain";
        let mut domains = Vec::new();
        for domain in &self.pool.domains {
            let call = |raw| {
                let call = self.lane.client.describe_user_pool_domain().domain(domain);
                call.customize().interceptor(raw).send()
            };
            let answer = self.lane.raw(&self.lane.pacers.resources, call).await;
            let (_, body) = answer.map_err(missed(operation))?;
            // The answer about a domain that is none is an empty object.
            let told = under("DomainDescription", &body, operation)?;
            domains.extend(told.filter(|told| with_members(told, &[]) != "{}"));
        }
        Ok(Some(list(&domains)))
    }

    /// The app clients, with what each has of its own where that is wanted, and why that could not be read.
    pub(super) async fn clients(self, risk: bool) -> Result<(String, Option<Missed>), Missed> {
        let pacers = &self.lane.pacers;
        let ids = self.pages(|token| async move {
            let call = |raw| {
                let call = self.lane.client.list_user_pool_clients().user_pool_id(self.id).max_results(PAGE);
                call.set_next_token(token.clone()).customize().interceptor(raw).send()
            };
            let (page, _) = self.lane.raw(&pacers.clients, call).await?;
            let ids = page.user_pool_clients().iter().map(|client| client.client_id().map(str::to_owned));
            Ok(Page { items: named(ids)?, next: page.next_token().map(str::to_owned) })
        });
        let ids = ids.await.map_err(missed("ListUserPoolClients"))?;
        let (own, own_risk, operation) = (self.pacer(), self.pacer(), "DescribeUserPoolClient");
        let (mut clients, mut risk_missed) = (Vec::new(), None);
        for id in &ids {
            let call = |raw| {
                let call = self.lane.client.describe_user_pool_client().user_pool_id(self.id);
                call.client_id(id).customize().interceptor(raw).send()
            };
            self.slot(&own).await;
            let Some((typed, body)) = unless_gone(self.lane.raw(&pacers.clients, call).await, operation)?
            else {
                continue;
            };
            let told = typed.user_pool_client().and_then(|client| client.client_id());
            is_about(told, id).map_err(missed(operation))?;
            let Some(mut client) = under("UserPoolClient", &body, operation)? else { continue };
            if risk && risk_missed.is_none() {
                match self.risk_configuration(Some(id), &own_risk).await {
                    Ok(Some(risk)) => client = with_members(&client, &[("RiskConfiguration", risk)]),
                    Ok(None) => {}
                    Err(missed) => risk_missed = Some(missed),
                }
            }
            clients.push(client);
        }
        Ok((list(&clients), risk_missed))
    }

    /// All pages of a list, at the pace that one pool allows.
    async fn pages<T, F, Fut>(self, page: F) -> Result<Vec<T>, Failure>
    where
        F: Fn(Option<String>) -> Fut,
        Fut: Future<Output = Result<Page<T>, Failure>>,
    {
        let (pacer, mut tokens, mut items) = (self.pacer(), HashSet::new(), Vec::new());
        let mut token = None;
        loop {
            self.slot(&pacer).await;
            let page = page(token).await?;
            items.extend(page.items);
            let Some(next) = page.next.filter(|next| !next.is_empty()) else { return Ok(items) };
            if PAGES <= tokens.len() || !tokens.insert(next.clone()) {
                return Err(Failure::new(Kind::Other, "the service repeated a page token"));
            }
            token = Some(next);
        }
    }

    /// Waits for the pool's own slot. The call then waits for the category's.
    async fn slot(self, pacer: &Pacer) {
        // Stopped: the call says so, and waits for nothing.
        _ = self.lane.unless_stopped(pacer.slot()).await;
    }
}

fn missed(operation: &'static str) -> impl Fn(Failure) -> Missed {
    move |failure| Missed { operation, failure }
}

/// What stands under the one member of an answer.
fn under(name: &str, body: &str, operation: &'static str) -> Answer {
    member(body, name).map(|text| text.map(str::to_owned)).map_err(missed(operation))
}

/// An answer, or none where what was listed has been deleted since.
fn unless_gone<T>(answer: Result<T, Failure>, operation: &'static str) -> Result<Option<T>, Missed> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(failure) if failure.kind == Kind::NotFound => Ok(None),
        Err(failure) => Err(missed(operation)(failure)),
    }
}

fn named(names: impl Iterator<Item = Option<String>>) -> Result<Vec<String>, Failure> {
    let names: Option<Vec<String>> = names.collect();
    names.ok_or_else(|| Failure::new(Kind::Garbled, "the list has an item without a name"))
}

/// An answer about something else than what was asked for is none.
fn is_about(told: Option<&str>, asked: &str) -> Result<(), Failure> {
    match told {
        Some(told) if told == asked => Ok(()),
        Some(told) => Err(Failure::new(Kind::Garbled, format!("it is about another, {told}"))),
        None => Err(Failure::new(Kind::Garbled, "it holds nothing")),
    }
}
