//! Which accounts a run reads, and with whose credentials.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::access::{self, Base};
use super::account::{Organization, Role, RoleArn, title};
use super::failure::{Failure, Kind};
use super::mend::{partition, renew};
use super::organization::{self, Listed};
use super::role::own_account;
use super::{PoolPattern, Request};
use crate::source::{About, Note, Unread};

/// An account that is read.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Its 12 digits, as far as known.
    pub id: Option<String>,
    pub name: Option<String>,
    /// The role to assume; without one, the credentials are the account's own.
    pub role: Option<Role>,
    pub base: Arc<Base>,
    /// Where there are none, those of the request.
    pub regions: Vec<String>,
}

impl Member {
    pub(super) fn title(&self) -> String {
        title(self.id.as_deref(), self.name.as_deref())
    }
}

/// The accounts, and what is to be said beside.
#[derive(Debug, Default)]
pub(super) struct Roster {
    pub members: Vec<Member>,
    pub missed: Vec<Unread>,
    pub notes: Vec<Note>,
    /// The credentials of each profile; `None` where it was said that there are none.
    bases: BTreeMap<Option<String>, Option<Arc<Base>>>,
}

/// Finds the accounts. Each of them stands once, in the order in which they were named or listed.
pub(super) async fn roster(request: &Request) -> Roster {
    let mut roster = Roster::default();
    if request.accounts.is_empty() && request.organization.is_none() {
        if let Some(base) = roster.base(request, None).await {
            let (id, regions) = (base.account.clone(), Vec::new());
            roster.members.push(Member { id, name: None, role: None, base, regions });
        }
        return roster;
    }
    for account in &request.accounts {
        let Some(base) = roster.base(request, account.profile.as_ref()).await else { continue };
        let id = match &account.role {
            Some(role) => Some(role.arn.account().to_owned()),
            None => match own_account(&base).await {
                Ok(id) => id,
                Err(failure) => {
                    let title = title(None, account.name.as_deref());
                    roster.missed.push(unknown_account(title, &base, &failure));
                    continue;
                }
            },
        };
        let (name, role, regions) = (account.name.clone(), account.role.clone(), account.regions.clone());
        roster.add(Member { id, name, role, base, regions });
    }
    if let Some(organization) = &request.organization
        && let Some(base) = roster.base(request, None).await
    {
        roster.add_organization(organization, &base).await;
    }
    let nowhere: Vec<Unread> = request.pools.iter().filter_map(|pattern| roster.nowhere(pattern)).collect();
    roster.missed.extend(nowhere);
    roster
}

impl Roster {
    /// The credentials of a profile. That there are none is said once.
    async fn base(&mut self, request: &Request, profile: Option<&String>) -> Option<Arc<Base>> {
        let profile = profile.cloned();
        if let Some(known) = self.bases.get(&profile) {
            return known.clone();
        }
        let request = Request { profile: profile.clone().or(request.profile.clone()), ..request.clone() };
        let base = match access::open(&request).await {
            Ok(base) => Some(Arc::new(base)),
            Err(unread) => {
                self.missed.push(*unread);
                None
            }
        };
        self.bases.insert(profile, base.clone());
        base
    }

    /// Adds an account that is not there yet.
    fn add(&mut self, member: Member) {
        let same = |other: &&Member| member.id.is_some() && other.id == member.id;
        match self.members.iter().find(same) {
            None => self.members.push(member),
            Some(first) => {
                let message = format!("it is {} too, and was read once", first.title());
                self.notes.push(Note { target: member.title(), message });
            }
        }
    }

    async fn add_organization(&mut self, organization: &Organization, base: &Arc<Base>) {
        // Where it cannot be told, the role is assumed in that account as in the others.
        let own = own_account(base).await.ok().flatten();
        let (listed, failure) = organization::list(&base.config, &base.home).await;
        if let Some(failure) = &failure {
            self.missed.push(not_listed(failure, base, listed.len()));
        } else {
            self.look_for(organization, &listed);
        }
        let mut inactive = Vec::new();
        let chosen = |id: &String| {
            !organization.exclude.contains(id)
                && (organization.accounts.is_empty() || organization.accounts.contains(id))
        };
        for Listed { id, name, state } in listed.into_iter().filter(|listed| chosen(&listed.id)) {
            if let Some(known) = self.members.iter_mut().find(|member| member.id.as_ref() == Some(&id)) {
                // An account of the configuration comes before the organization's.
                known.name = known.name.take().or(name);
            } else if state != "ACTIVE" {
                inactive.push(format!("{} is {state}", title(Some(&id), name.as_deref())));
            } else {
                let arn = RoleArn::of(partition(&base.home), &id, &organization.role_name);
                let role = Role { arn, session: organization.session.clone() };
                let role = (own.as_ref() != Some(&id)).then_some(role);
                let (base, regions) = (Arc::clone(base), Vec::new());
                self.members.push(Member { id: Some(id), name, role, base, regions });
            }
        }
        if !inactive.is_empty() {
            let message = format!("what is not active was not read: {}", inactive.join(", "));
            self.notes.push(Note { target: "AWS Organizations".to_owned(), message });
        }
    }

    /// Accounts that were chosen or left out and are not there.
    fn look_for(&mut self, organization: &Organization, listed: &[Listed]) {
        let gone = |id: &&String| listed.iter().all(|listed| listed.id != **id);
        for id in organization.accounts.iter().filter(gone) {
            self.missed.push(Unread {
                target: title(Some(id), None),
                operation: Some("ListAccounts".to_owned()),
                code: None,
                message: "it is not in the organization".to_owned(),
                help: Some("take it out of `accounts`, or name its role in an `[[account]]`".to_owned()),
                at: None,
                about: About::default(),
            });
        }
        for id in organization.exclude.iter().filter(gone) {
            let message = "it is excluded and not in the organization".to_owned();
            self.notes.push(Note { target: title(Some(id), None), message });
        }
    }

    /// What is said of a pool whose ARN names an account that is not read.
    fn nowhere(&self, pattern: &PoolPattern) -> Option<Unread> {
        let account = pattern.named()?.account?;
        let may_be = |member: &Member| member.id.as_deref().is_none_or(|id| id == account);
        (!self.members.iter().any(may_be)).then(|| Unread {
            target: pattern.to_string(),
            operation: None,
            code: None,
            message: format!("the pool is in account {account}, which is not read"),
            help: Some(format!("add an `[[account]]` with a role in {account}")),
            at: None,
            about: About::default(),
        })
    }
}

fn unknown_account(target: String, base: &Base, failure: &Failure) -> Unread {
    Unread {
        target,
        operation: Some("GetCallerIdentity".to_owned()),
        code: failure.code.clone(),
        message: format!("it could not be told which account it is: {}", failure.sentence()),
        help: Some(renew(base.profile.as_deref())),
        at: None,
        about: About::default(),
    }
}

fn not_listed(failure: &Failure, base: &Base, listed: usize) -> Unread {
    let rest =
        if listed == 0 { String::new() } else { format!("; the {listed} accounts before that are read") };
    let help = match failure.code.as_deref() {
        Some("AWSOrganizationsNotInUseException") => {
            "the account is in no organization: name each account in an `[[account]]`".to_owned()
        }
        _ if failure.kind == Kind::Denied => {
            "allow `organizations:ListAccounts` on `*`, with credentials of the management account or of a \
             delegated administrator"
                .to_owned()
        }
        _ if failure.kind == Kind::Credentials => renew(base.profile.as_deref()),
        _ => "run again later, or name each account in an `[[account]]`".to_owned(),
    };
    Unread {
        target: "AWS Organizations".to_owned(),
        operation: Some("ListAccounts".to_owned()),
        code: failure.code.clone(),
        message: format!("the accounts could not be listed: {}{rest}", failure.sentence()),
        help: Some(help),
        at: None,
        about: About::default(),
    }
}
