//! Resolves the accounts that a run reads, and the credentials for each.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::credentials::{self, Caller};
use super::organization::{self, OrganizationAccount};
use super::role::own_account;
use crate::pool::PoolPattern;
use crate::source::aws::client::{CallFailure, FailureKind, renew};
use crate::source::live::partition;
use crate::source::live::{Organization, Request, Role, RoleArn, title};
use crate::source::{About, Note, Unread};

/// An account to read.
#[derive(Clone, Debug)]
pub(in crate::source::aws) struct ResolvedAccount {
    /// Its 12 digits, as far as known.
    pub id: Option<String>,
    pub name: Option<String>,
    /// The role to assume. If `None`, the credentials belong to the account.
    pub role: Option<Role>,
    pub caller: Arc<Caller>,
    /// If empty: the Regions of the request.
    pub regions: Vec<String>,
}

impl ResolvedAccount {
    pub(in crate::source::aws) fn title(&self) -> String {
        title(self.id.as_deref(), self.name.as_deref())
    }
}

/// The accounts, and failures and notes about those that are not among them.
#[derive(Debug, Default)]
pub(in crate::source::aws) struct ResolvedAccounts {
    pub members: Vec<ResolvedAccount>,
    pub missed: Vec<Unread>,
    pub notes: Vec<Note>,
    /// The credentials of each profile. `None` once the missing credentials were reported.
    callers: BTreeMap<Option<String>, Option<Arc<Caller>>>,
}

/// Finds the accounts, without repetitions, in the order in which they are named or listed.
pub(in crate::source::aws) async fn resolve_accounts(request: &Request) -> ResolvedAccounts {
    let mut resolved = ResolvedAccounts::default();
    if request.accounts.is_empty() && request.organization.is_none() {
        if let Some(caller) = resolved.caller(request, None).await {
            let (id, regions) = (caller.account.clone(), Vec::new());
            resolved.members.push(ResolvedAccount { id, name: None, role: None, caller, regions });
        }
        return resolved;
    }
    for account in &request.accounts {
        let Some(caller) = resolved.caller(request, account.profile.as_ref()).await else { continue };
        let id = match &account.role {
            Some(role) => Some(role.arn.account().to_owned()),
            None => match own_account(&caller).await {
                Ok(id) => id,
                Err(failure) => {
                    let title = title(None, account.name.as_deref());
                    resolved.missed.push(unknown_account(title, &caller, &failure));
                    continue;
                }
            },
        };
        let (name, role, regions) = (account.name.clone(), account.role.clone(), account.regions.clone());
        resolved.add(ResolvedAccount { id, name, role, caller, regions });
    }
    if let Some(organization) = &request.organization
        && let Some(caller) = resolved.caller(request, None).await
    {
        resolved.add_organization(organization, &caller).await;
    }
    let nowhere: Vec<Unread> = request.pools.iter().filter_map(|pattern| resolved.nowhere(pattern)).collect();
    resolved.missed.extend(nowhere);
    resolved
}

impl ResolvedAccounts {
    /// The credentials of a profile. Missing credentials are reported once.
    async fn caller(&mut self, request: &Request, profile: Option<&String>) -> Option<Arc<Caller>> {
        let profile = profile.cloned();
        if let Some(known) = self.callers.get(&profile) {
            return known.clone();
        }
        let request = Request { profile: profile.clone().or(request.profile.clone()), ..request.clone() };
        let caller = match credentials::open(&request).await {
            Ok(caller) => Some(Arc::new(caller)),
            Err(unread) => {
                self.missed.push(*unread);
                None
            }
        };
        self.callers.insert(profile, caller.clone());
        caller
    }

    /// Adds an account, or notes that it was added before.
    fn add(&mut self, member: ResolvedAccount) {
        let same = |other: &&ResolvedAccount| member.id.is_some() && other.id == member.id;
        match self.members.iter().find(same) {
            None => self.members.push(member),
            Some(first) => {
                let message = format!("it is {} too, and was read once", first.title());
                self.notes.push(Note { target: member.title(), message });
            }
        }
    }

    async fn add_organization(&mut self, organization: &Organization, caller: &Arc<Caller>) {
        // If the own account is unknown, the role is assumed in it as in the others.
        let own = own_account(caller).await.ok().flatten();
        let (listed, failure) = organization::list(&caller.config, &caller.home).await;
        if let Some(failure) = &failure {
            self.missed.push(not_listed(failure, caller, listed.len()));
        } else {
            self.look_for(organization, &listed);
        }
        let mut inactive = Vec::new();
        let chosen = |id: &String| {
            !organization.exclude.contains(id)
                && (organization.accounts.is_empty() || organization.accounts.contains(id))
        };
        for OrganizationAccount { id, name, state } in listed.into_iter().filter(|listed| chosen(&listed.id))
        {
            if let Some(known) = self.members.iter_mut().find(|member| member.id.as_ref() == Some(&id)) {
                // An account of the configuration outranks the same account of the organization.
                known.name = known.name.take().or(name);
            } else if state != "ACTIVE" {
                inactive.push(format!("{} is {state}", title(Some(&id), name.as_deref())));
            } else {
                let arn = RoleArn::of(partition(&caller.home), &id, &organization.role_name);
                let role = Role { arn, session: organization.session.clone() };
                let role = (own.as_ref() != Some(&id)).then_some(role);
                let (caller, regions) = (Arc::clone(caller), Vec::new());
                self.members.push(ResolvedAccount { id: Some(id), name, role, caller, regions });
            }
        }
        if !inactive.is_empty() {
            let message = format!("what is not active was not read: {}", inactive.join(", "));
            self.notes.push(Note { target: "AWS Organizations".to_owned(), message });
        }
    }

    /// Reports accounts that are named or excluded and are not in the organization.
    fn look_for(&mut self, organization: &Organization, listed: &[OrganizationAccount]) {
        let gone = |id: &&String| listed.iter().all(|listed| listed.id != **id);
        for id in organization.accounts.iter().filter(gone) {
            self.missed.push(Unread {
                operation: Some("ListAccounts".to_owned()),
                help: Some("remove it from `accounts`, or name its role in an `[[account]]`".to_owned()),
                about: About { account: Some(id.clone()), ..About::default() },
                ..Unread::new(title(Some(id), None), "it is not in the organization".to_owned())
            });
        }
        for id in organization.exclude.iter().filter(gone) {
            let message = "it is excluded and not in the organization".to_owned();
            self.notes.push(Note { target: title(Some(id), None), message });
        }
    }

    /// The failure of a pool whose ARN names an account that is not read.
    fn nowhere(&self, pattern: &PoolPattern) -> Option<Unread> {
        let account = pattern.named()?.account?;
        let may_be = |member: &ResolvedAccount| member.id.as_deref().is_none_or(|id| id == account);
        (!self.members.iter().any(may_be)).then(|| Unread {
            help: Some(format!("add an `[[account]]` with a role in {account}")),
            about: About { account: Some(account.to_owned()), ..About::default() },
            ..Unread::new(pattern.to_string(), format!("the pool is in account {account}, which is not read"))
        })
    }
}

fn unknown_account(target: String, caller: &Caller, failure: &CallFailure) -> Unread {
    Unread {
        operation: Some("GetCallerIdentity".to_owned()),
        code: failure.code.clone(),
        help: Some(renew(caller.profile.as_deref())),
        ..Unread::new(target, format!("its account could not be determined: {}", failure.sentence()))
    }
}

fn not_listed(failure: &CallFailure, caller: &Caller, listed: usize) -> Unread {
    let rest =
        if listed == 0 { String::new() } else { format!("; the {listed} accounts before that are read") };
    let help = match failure.code.as_deref() {
        Some("AWSOrganizationsNotInUseException") => {
            "the account is in no organization: name each account in an `[[account]]`".to_owned()
        }
        _ if failure.kind == FailureKind::Denied => {
            "allow `organizations:ListAccounts` on `*`, with credentials of the management account or of a \
             delegated administrator"
                .to_owned()
        }
        _ if failure.kind == FailureKind::Credentials => renew(caller.profile.as_deref()),
        _ => "run again later, or name each account in an `[[account]]`".to_owned(),
    };
    Unread {
        operation: Some("ListAccounts".to_owned()),
        code: failure.code.clone(),
        help: Some(help),
        ..Unread::new(
            "AWS Organizations".to_owned(),
            format!("the accounts could not be listed: {}{rest}", failure.sentence()),
        )
    }
}
