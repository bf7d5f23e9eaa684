//! The calls that fill each section of a pool.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use super::call::{Described, Lane};
use super::compose::{list, member, with_members};
use super::failure::{Failure, Kind};
use super::pace::Pacer;
use super::page::{Page, listed};
use crate::pool::Section;

/// As many as the service gives in one page, which is less for resource servers.
const PAGE: i32 = 60;
const RESOURCE_SERVERS_PAGE: i32 = 50;
/// More pages than the largest quota fills.
const PAGES: usize = 1000;
/// How the service says that a pool has no threat protection.
const NOT_PROTECTED: &str = "UserPoolAddOnNotEnabledException";

/// A call for a section that failed.
#[derive(Debug)]
pub(super) struct Missed {
    pub operation: &'static str,
    pub failure: Failure,
}

/// The text of a section; `None` where there is nothing of it.
pub(super) type Answer = Result<Option<String>, Missed>;

/// One section of one pool.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub lane: &'a Lane,
    pub id: &'a str,
    pub pool: &'a Described,
    /// What was listed and is not there any more, as a sentence for each.
    pub gone: &'a Mutex<Vec<String>>,
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
            Section::WebAcl => self.web_acl().await,
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
        let operation = "GetUserPoolMfaConfig";
        let answer = self.lane.raw(&self.lane.pacers.resources, call).await;
        let (typed, body) = answer.map_err(missed(operation))?;
        // The mode is in every answer, and a missing one would be taken for OFF.
        typed.mfa_configuration().ok_or_else(nothing).map_err(missed(operation))?;
        Ok(Some(body))
    }

    /// The pool's own, or what a client has in its place.
    async fn risk_configuration(self, client: Option<&str>, pacer: &Pacer) -> Answer {
        let call = |raw| {
            let call = self.lane.client.describe_risk_configuration().user_pool_id(self.id);
            call.set_client_id(client.map(str::to_owned)).customize().interceptor(raw).send()
        };
        let operation = "DescribeRiskConfiguration";
        self.slot(pacer).await;
        match self.lane.raw(&self.lane.pacers.resources, call).await {
            Ok((typed, body)) => {
                let told = typed.risk_configuration();
                let about = told.and_then(|told| told.user_pool_id());
                is_about(about.or(Some(self.id)), self.id).map_err(missed(operation))?;
                under("RiskConfiguration", &body, operation)
            }
            // Threat protection was never switched on, so there is none.
            Err(failure) if failure.code.as_deref() == Some(NOT_PROTECTED) && !self.pool.protected => {
                Ok(None)
            }
            Err(failure) => Err(missed(operation)(failure)),
        }
    }

    async fn log_delivery(self) -> Answer {
        let call = |raw| {
            let call = self.lane.client.get_log_delivery_configuration().user_pool_id(self.id);
            call.customize().interceptor(raw).send()
        };
        let operation = "GetLogDeliveryConfiguration";
        let answer = self.lane.raw(&self.lane.pacers.others, call).await;
        let (typed, body) = answer.map_err(missed(operation))?;
        let about = typed.log_delivery_configuration().map_or(self.id, |told| told.user_pool_id());
        is_about(Some(about), self.id).map_err(missed(operation))?;
        under("LogDeliveryConfiguration", &body, operation)
    }

    async fn identity_providers(self) -> Answer {
        let pacers = &self.lane.pacers;
        let names = self.pages(|token| async move {
            let call = |raw| {
                let call = self.lane.client.list_identity_providers().user_pool_id(self.id).max_results(PAGE);
                call.set_next_token(token.clone()).customize().interceptor(raw).send()
            };
            let (page, body) = self.lane.raw(&pacers.resources, call).await?;
            let names = page.providers().iter().map(|provider| provider.provider_name());
            Page::of(&body, "Providers", names, page.next_token())
        });
        let names = names.await.map_err(missed("ListIdentityProviders"))?;
        let (pacer, operation) = (self.pacer(), "DescribeIdentityProvider");
        let mut providers = Vec::new();
        for (name, _) in &names {
            let call = |raw| {
                let call = self.lane.client.describe_identity_provider().user_pool_id(self.id);
                call.provider_name(name).customize().interceptor(raw).send()
            };
            self.slot(&pacer).await;
            let answer = self.lane.raw(&pacers.resources, call).await;
            let gone = format!("the identity provider `{name}`");
            let Some((typed, body)) = self.unless_gone(answer, operation, &gone)? else { continue };
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
            let names = page.resource_servers().iter().map(|server| server.identifier());
            Page::of(&body, "ResourceServers", names, page.next_token())
        });
        Ok(Some(listed(servers.await.map_err(missed("ListResourceServers"))?)))
    }

    async fn groups(self) -> Answer {
        let groups = self.pages(|token| async move {
            let call = |raw| {
                let call = self.lane.client.list_groups().user_pool_id(self.id).limit(PAGE);
                call.set_next_token(token.clone()).customize().interceptor(raw).send()
            };
            let (page, body) = self.lane.raw(&self.lane.pacers.resources, call).await?;
            let names = page.groups().iter().map(|group| group.group_name());
            Page::of(&body, "Groups", names, page.next_token())
        });
        Ok(Some(listed(groups.await.map_err(missed("ListGroups"))?)))
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
            let (typed, body) = answer.map_err(missed(operation))?;
            let told = under("DomainDescription", &body, operation)?;
            let told = told.ok_or_else(nothing).map_err(missed(operation))?;
            // The answer about a domain that is none is an empty object.
            if with_members(&told, &[]) != "{}" {
                let about = typed.domain_description().and_then(|told| told.domain());
                is_about(about, domain).map_err(missed(operation))?;
                domains.push(told);
            }
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
            let (page, body) = self.lane.raw(&pacers.clients, call).await?;
            let ids = page.user_pool_clients().iter().map(|client| client.client_id());
            Page::of(&body, "UserPoolClients", ids, page.next_token())
        });
        let ids = ids.await.map_err(missed("ListUserPoolClients"))?;
        let (own, own_risk, operation) = (self.pacer(), self.pacer(), "DescribeUserPoolClient");
        let (mut clients, mut risk_missed) = (Vec::new(), None);
        for (id, _) in &ids {
            let call = |raw| {
                let call = self.lane.client.describe_user_pool_client().user_pool_id(self.id);
                call.client_id(id).customize().interceptor(raw).send()
            };
            self.slot(&own).await;
            let answer = self.lane.raw(&pacers.clients, call).await;
            let gone = format!("the app client `{id}`");
            let Some((typed, body)) = self.unless_gone(answer, operation, &gone)? else { continue };
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

    /// All pages of a list, at the pace that one pool allows. Pages overlap where something was added meanwhile.
    async fn pages<F, Fut>(self, page: F) -> Result<Vec<(String, String)>, Failure>
    where
        F: Fn(Option<String>) -> Fut,
        Fut: Future<Output = Result<Page, Failure>>,
    {
        let (pacer, mut tokens, mut items) = (self.pacer(), HashSet::new(), Vec::new());
        let (mut names, mut token) = (HashSet::new(), None);
        loop {
            self.slot(&pacer).await;
            let page = page(token).await?;
            items.extend(page.items.into_iter().filter(|(name, _)| names.insert(name.clone())));
            let Some(next) = page.next else { return Ok(items) };
            if PAGES <= tokens.len() || !tokens.insert(next.clone()) {
                return Err(Failure::new(Kind::Other, "the service repeated a page token"));
            }
            token = Some(next);
        }
    }

    /// An answer, or none where what was listed has been deleted since.
    fn unless_gone<T>(
        self,
        answer: Result<T, Failure>,
        operation: &'static str,
        what: &str,
    ) -> Result<Option<T>, Missed> {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(failure) if failure.kind == Kind::NotFound => {
                let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
                gone.push(format!("{what} was deleted after it had been listed"));
                Ok(None)
            }
            Err(failure) => Err(missed(operation)(failure)),
        }
    }

    /// Waits for the pool's own slot. The call then waits for the category's.
    async fn slot(self, pacer: &Pacer) {
        // Stopped: the call says so, and waits for nothing.
        _ = self.lane.unless_stopped(pacer.slot()).await;
    }
}

pub(super) fn missed(operation: &'static str) -> impl Fn(Failure) -> Missed {
    move |failure| Missed { operation, failure }
}

/// What stands under the one member of an answer.
pub(super) fn under(name: &str, body: &str, operation: &'static str) -> Answer {
    member(body, name).map(|text| text.map(str::to_owned)).map_err(missed(operation))
}

/// An answer about something else than what was asked for is none.
fn is_about(told: Option<&str>, asked: &str) -> Result<(), Failure> {
    match told {
        Some(told) if told == asked => Ok(()),
        Some(told) => Err(Failure::new(Kind::Garbled, format!("it is about another, {told}"))),
        None => Err(nothing()),
    }
}

pub(super) fn nothing() -> Failure {
    Failure::new(Kind::Garbled, "it holds nothing")
}
