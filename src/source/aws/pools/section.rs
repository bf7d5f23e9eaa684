//! Reads the sections of a pool: the calls for each.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use super::page::{ItemPage, listed};
use super::splice::{list, with_members};
use crate::pool::Section;
use crate::source::aws::client::{
    CallFailure, DescribedPool, FailedCall, FailureKind, Pacer, RegionClient, member,
};

/// The largest page that the service sends, which is smaller for resource servers.
const PAGE: i32 = 60;
const RESOURCE_SERVERS_PAGE: i32 = 50;
/// A limit beyond the largest quota.
const PAGES: usize = 1000;
/// The code with which the service answers that a pool has no threat protection.
const NOT_PROTECTED: &str = "UserPoolAddOnNotEnabledException";

/// The text of a section. `None` if the pool has nothing in it.
pub(in crate::source::aws) type SectionAnswer = Result<Option<String>, FailedCall>;

/// Reads one section of one pool.
#[derive(Clone, Copy)]
pub(in crate::source::aws) struct SectionReader<'a> {
    pub api: &'a RegionClient,
    pub id: &'a str,
    pub pool: &'a DescribedPool,
    /// Notes about elements that were deleted after they had been listed.
    pub gone: &'a Mutex<Vec<String>>,
}

impl SectionReader<'_> {
    /// Reads a section that does not depend on others.
    pub(in crate::source::aws) async fn read(self, section: Section) -> SectionAnswer {
        match section {
            Section::MfaConfig => self.mfa_config().await,
            Section::RiskConfiguration => self.risk_configuration(None, &self.pacer()).await,
            Section::LogDelivery => self.log_delivery().await,
            Section::IdentityProviders => self.identity_providers().await,
            Section::ResourceServers => self.resource_servers().await,
            Section::Groups => self.groups().await,
            Section::Domains => self.domains().await,
            Section::WebAcl => self.web_acl().await,
            Section::SessionConfiguration => self.session_configuration(None, &self.pacer()).await,
            Section::Replicas => self.replicas().await,
            Section::Terms => self.terms().await,
            Section::Recoveries => self.recoveries().await,
            _ => Ok(None),
        }
    }

    /// A pacer for one operation on this pool, which has its own quota.
    pub(super) fn pacer(self) -> Pacer {
        Pacer::new(self.api.pacers.one_pool)
    }

    async fn mfa_config(self) -> SectionAnswer {
        let call = |raw| {
            let call = self.api.cognito.get_user_pool_mfa_config().user_pool_id(self.id);
            call.customize().interceptor(raw).send()
        };
        let operation = "GetUserPoolMfaConfig";
        let answer = self.api.raw(&self.api.pacers.resources, call).await;
        let (typed, body) = answer.map_err(missed(operation))?;
        // The mode is in every answer, and a missing one would mean OFF.
        typed.mfa_configuration().ok_or_else(nothing).map_err(missed(operation))?;
        Ok(Some(body))
    }

    /// The risk configuration of the pool or of a client.
    async fn risk_configuration(self, client: Option<&str>, pacer: &Pacer) -> SectionAnswer {
        let call = |raw| {
            let call = self.api.cognito.describe_risk_configuration().user_pool_id(self.id);
            call.set_client_id(client.map(str::to_owned)).customize().interceptor(raw).send()
        };
        let operation = "DescribeRiskConfiguration";
        self.slot(pacer).await;
        match self.api.raw(&self.api.pacers.resources, call).await {
            Ok((typed, body)) => {
                let told = typed.risk_configuration();
                let about = told.and_then(|told| told.user_pool_id());
                is_about(about.or(Some(self.id)), self.id).map_err(missed(operation))?;
                under("RiskConfiguration", &body, operation)
            }
            // Threat protection was never on, so there is no risk configuration.
            Err(failure) if failure.code.as_deref() == Some(NOT_PROTECTED) && !self.pool.protected => {
                Ok(None)
            }
            Err(failure) => Err(missed(operation)(failure)),
        }
    }

    async fn log_delivery(self) -> SectionAnswer {
        let call = |raw| {
            let call = self.api.cognito.get_log_delivery_configuration().user_pool_id(self.id);
            call.customize().interceptor(raw).send()
        };
        let operation = "GetLogDeliveryConfiguration";
        let answer = self.api.raw(&self.api.pacers.others, call).await;
        let (typed, body) = answer.map_err(missed(operation))?;
        let about = typed.log_delivery_configuration().map_or(self.id, |told| told.user_pool_id());
        is_about(Some(about), self.id).map_err(missed(operation))?;
        under("LogDeliveryConfiguration", &body, operation)
    }

    async fn identity_providers(self) -> SectionAnswer {
        let pacers = &self.api.pacers;
        let names = self.pages(|token| async move {
            let call = |raw| {
                let call = self.api.cognito.list_identity_providers().user_pool_id(self.id).max_results(PAGE);
                call.set_next_token(token.clone()).customize().interceptor(raw).send()
            };
            let (page, body) = self.api.raw(&pacers.resources, call).await?;
            let names = page.providers().iter().map(|provider| provider.provider_name());
            ItemPage::of(&body, "Providers", names, page.next_token())
        });
        let names = names.await.map_err(missed("ListIdentityProviders"))?;
        let (pacer, operation) = (self.pacer(), "DescribeIdentityProvider");
        let mut providers = Vec::new();
        for (name, _) in &names {
            let call = |raw| {
                let call = self.api.cognito.describe_identity_provider().user_pool_id(self.id);
                call.provider_name(name).customize().interceptor(raw).send()
            };
            self.slot(&pacer).await;
            let answer = self.api.raw(&pacers.resources, call).await;
            let gone = format!("the identity provider `{name}`");
            let Some((typed, body)) = self.unless_gone(answer, operation, &gone)? else { continue };
            let told = typed.identity_provider().and_then(|provider| provider.provider_name());
            is_about(told, name).map_err(missed(operation))?;
            providers.extend(under("IdentityProvider", &body, operation)?);
        }
        Ok(Some(list(&providers)))
    }

    async fn resource_servers(self) -> SectionAnswer {
        let servers = self.pages(|token| async move {
            let call = |raw| {
                let call = self.api.cognito.list_resource_servers().user_pool_id(self.id);
                let call = call.max_results(RESOURCE_SERVERS_PAGE).set_next_token(token.clone());
                call.customize().interceptor(raw).send()
            };
            let (page, body) = self.api.raw(&self.api.pacers.resources, call).await?;
            let names = page.resource_servers().iter().map(|server| server.identifier());
            ItemPage::of(&body, "ResourceServers", names, page.next_token())
        });
        Ok(Some(listed(servers.await.map_err(missed("ListResourceServers"))?)))
    }

    async fn groups(self) -> SectionAnswer {
        let groups = self.pages(|token| async move {
            let call = |raw| {
                let call = self.api.cognito.list_groups().user_pool_id(self.id).limit(PAGE);
                call.set_next_token(token.clone()).customize().interceptor(raw).send()
            };
            let (page, body) = self.api.raw(&self.api.pacers.resources, call).await?;
            let names = page.groups().iter().map(|group| group.group_name());
            ItemPage::of(&body, "Groups", names, page.next_token())
        });
        Ok(Some(listed(groups.await.map_err(missed("ListGroups"))?)))
    }

    async fn domains(self) -> SectionAnswer {
        let operation = "DescribeUserPoolDomain";
        let mut domains = Vec::new();
        for domain in &self.pool.domains {
            let call = |raw| {
                let call = self.api.cognito.describe_user_pool_domain().domain(domain);
                call.customize().interceptor(raw).send()
            };
            let answer = self.api.raw(&self.api.pacers.resources, call).await;
            let (typed, body) = answer.map_err(missed(operation))?;
            let told = under("DomainDescription", &body, operation)?;
            let told = told.ok_or_else(nothing).map_err(missed(operation))?;
            // The answer about a domain that does not exist is an empty object.
            if with_members(&told, &[]) != "{}" {
                let about = typed.domain_description().and_then(|told| told.domain());
                is_about(about, domain).map_err(missed(operation))?;
                domains.push(told);
            }
        }
        Ok(Some(list(&domains)))
    }

    /// The app clients, each with its own part of these sections, and what came of each section: the failure if it could
    /// not be read of one of the clients.
    pub(in crate::source::aws) async fn clients(
        self,
        sections: &[Section],
    ) -> Result<(String, Vec<(Section, Option<FailedCall>)>), FailedCall> {
        let pacers = &self.api.pacers;
        let ids = self.pages(|token| async move {
            let call = |raw| {
                let call = self.api.cognito.list_user_pool_clients().user_pool_id(self.id).max_results(PAGE);
                call.set_next_token(token.clone()).customize().interceptor(raw).send()
            };
            let (page, body) = self.api.raw(&pacers.clients, call).await?;
            let ids = page.user_pool_clients().iter().map(|client| client.client_id());
            ItemPage::of(&body, "UserPoolClients", ids, page.next_token())
        });
        let ids = ids.await.map_err(missed("ListUserPoolClients"))?;
        let (own, operation) = (self.pacer(), "DescribeUserPoolClient");
        let mut parts: Vec<_> = sections.iter().map(|section| (*section, None, self.pacer())).collect();
        let mut clients = Vec::new();
        for (id, _) in &ids {
            let call = |raw| {
                let call = self.api.cognito.describe_user_pool_client().user_pool_id(self.id);
                call.client_id(id).customize().interceptor(raw).send()
            };
            self.slot(&own).await;
            let answer = self.api.raw(&pacers.clients, call).await;
            let gone = format!("the app client `{id}`");
            let Some((typed, body)) = self.unless_gone(answer, operation, &gone)? else { continue };
            let told = typed.user_pool_client().and_then(|client| client.client_id());
            is_about(told, id).map_err(missed(operation))?;
            let Some(mut client) = under("UserPoolClient", &body, operation)? else { continue };
            for (section, failure, pacer) in parts.iter_mut().filter(|(_, failure, _)| failure.is_none()) {
                match self.of_client(*section, id, pacer).await {
                    Ok(Some(part)) => client = with_members(&client, &[(section.name(), part)]),
                    Ok(None) => {}
                    Err(missed) => *failure = Some(missed),
                }
            }
            clients.push(client);
        }
        let parts = parts.into_iter().map(|(section, failure, _)| (section, failure));
        Ok((list(&clients), parts.collect()))
    }

    /// The part of a section that a client has for itself.
    async fn of_client(self, section: Section, client: &str, pacer: &Pacer) -> SectionAnswer {
        match section {
            Section::ClientRisk => self.risk_configuration(Some(client), pacer).await,
            Section::ClientSessions => self.session_configuration(Some(client), pacer).await,
            Section::ClientSecrets => self.client_secrets(client, pacer).await,
            _ => Ok(None),
        }
    }

    /// The secrets of a client, which the service lists without their values.
    async fn client_secrets(self, client: &str, pacer: &Pacer) -> SectionAnswer {
        let call = |raw| {
            let call = self.api.cognito.list_user_pool_client_secrets().user_pool_id(self.id);
            call.client_id(client).customize().interceptor(raw).send()
        };
        let operation = "ListUserPoolClientSecrets";
        self.slot(pacer).await;
        let answer = self.api.raw(&self.api.pacers.client_secrets, call).await;
        let (typed, body) = answer.map_err(missed(operation))?;
        if typed.next_token().is_some_and(|next| !next.is_empty()) {
            let more = CallFailure::new(FailureKind::Garbled, "it has more secrets than a client can have");
            return Err(missed(operation)(more));
        }
        under("ClientSecrets", &body, operation)
    }

    async fn replicas(self) -> SectionAnswer {
        let replicas = self.pages(|token| async move {
            let call = |raw| {
                let call = self.api.cognito.list_user_pool_replicas().user_pool_id(self.id);
                call.set_next_token(token.clone()).customize().interceptor(raw).send()
            };
            let (page, body) = self.api.raw(&self.api.pacers.replicas, call).await?;
            let names = page.user_pool_replicas().iter().map(|replica| replica.region_name());
            ItemPage::of(&body, "UserPoolReplicas", names, page.next_token())
        });
        Ok(Some(listed(replicas.await.map_err(missed("ListUserPoolReplicas"))?)))
    }

    async fn terms(self) -> SectionAnswer {
        let terms = self.pages(|token| async move {
            let call = |raw| {
                let call = self.api.cognito.list_terms().user_pool_id(self.id).max_results(PAGE);
                call.set_next_token(token.clone()).customize().interceptor(raw).send()
            };
            let (page, body) = self.api.raw(&self.api.pacers.terms, call).await?;
            let ids = page.terms().iter().map(|terms| Some(terms.terms_id()));
            ItemPage::of(&body, "Terms", ids, page.next_token())
        });
        Ok(Some(listed(terms.await.map_err(missed("ListTerms"))?)))
    }

    /// All items of a list, at the rate that one pool allows. Pages overlap if items were added meanwhile.
    pub(super) async fn pages<F, Fut>(self, page: F) -> Result<Vec<(String, String)>, CallFailure>
    where
        F: Fn(Option<String>) -> Fut,
        Fut: Future<Output = Result<ItemPage, CallFailure>>,
    {
        let (pacer, mut tokens, mut items) = (self.pacer(), HashSet::new(), Vec::new());
        let (mut names, mut token) = (HashSet::new(), None);
        loop {
            self.slot(&pacer).await;
            let page = page(token).await?;
            items.extend(page.items.into_iter().filter(|(name, _)| names.insert(name.clone())));
            let Some(next) = page.next else { return Ok(items) };
            if PAGES <= tokens.len() || !tokens.insert(next.clone()) {
                return Err(CallFailure::endless(tokens.len(), PAGES));
            }
            token = Some(next);
        }
    }

    /// An answer, or `None` with a note if the element has been deleted since it was listed.
    pub(super) fn unless_gone<T>(
        self,
        answer: Result<T, CallFailure>,
        operation: &'static str,
        what: &str,
    ) -> Result<Option<T>, FailedCall> {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(failure) if failure.kind == FailureKind::NotFound => {
                let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
                gone.push(format!("{what} was deleted after it had been listed"));
                Ok(None)
            }
            Err(failure) => Err(missed(operation)(failure)),
        }
    }

    /// Waits for a slot of the pool. The call then waits for a slot of the category.
    pub(super) async fn slot(self, pacer: &Pacer) {
        // If the run is cancelled, the call itself returns that failure at once.
        _ = self.api.until_cancelled(pacer.slot()).await;
    }
}

pub(in crate::source::aws) fn missed(operation: &'static str) -> impl Fn(CallFailure) -> FailedCall {
    move |failure| FailedCall { operation, failure }
}

/// The value of the only member of an answer.
pub(in crate::source::aws) fn under(name: &str, body: &str, operation: &'static str) -> SectionAnswer {
    member(body, name).map(|text| text.map(str::to_owned)).map_err(missed(operation))
}

/// Rejects an answer about another element than the requested one.
pub(super) fn is_about(told: Option<&str>, asked: &str) -> Result<(), CallFailure> {
    match told {
        Some(told) if told == asked => Ok(()),
        Some(told) => Err(CallFailure::new(FailureKind::Garbled, format!("it is about another, {told}"))),
        None => Err(nothing()),
    }
}

pub(in crate::source::aws) fn nothing() -> CallFailure {
    CallFailure::new(FailureKind::Garbled, "it holds nothing")
}
