//! Which pool a resource is a part of: by the pool's id where it is known, else by what the configuration refers to.

use std::collections::BTreeSet;

use super::file::Module;
use super::reference::{Resolution, Search};
use super::relevant::Relevant;
use super::resource::{Fate, Resource};
use super::tree::{Marks, Tree};
use crate::pool::Section;

/// The pool of a resource.
#[derive(Debug)]
pub(super) enum Owner {
    /// By its position among the resources.
    Pool(usize),
    /// The one pool that it can be, and why that is not certain.
    Only(usize, String),
    /// It may be one of these, and why that is not known.
    Open(Vec<usize>, String),
    /// It is not in the file, and has this id.
    Elsewhere(String),
    /// It has nothing to do with a pool, as a web ACL of a load balancer.
    None,
}

/// The data for joining resources.
#[derive(Clone, Copy)]
pub(super) struct Joiner<'a> {
    pub root: Option<&'a Module<'a>>,
    pub relevant: &'a [Relevant],
    pub resources: &'a [Resource],
}

impl Joiner<'_> {
    /// The pool that a resource is a part of.
    pub(super) fn pool_of(&self, resource: &Resource) -> Owner {
        let link = resource.mapping.link.unwrap_or_default();
        let web_acl = resource.mapping.section == Section::WebAcl;
        let value = named(&resource.tree, link);
        if let Some(text) = value.filter(|_| !Marks::member(resource.unknown(), link).all()) {
            if web_acl && !text.contains(":userpool/") {
                return Owner::None;
            }
            let pool = self.pools().find(|(_, pool)| is_named(pool, text));
            return pool.map_or_else(|| Owner::Elsewhere(text.to_owned()), |(at, _)| Owner::Pool(at));
        }
        if resource.fate == Fate::Destroyed {
            return Owner::None;
        }
        let reach = self.search(Section::UserPool, "user_pool_id").argument(resource, link);
        if web_acl && reach.found.is_empty() && reach.others {
            return Owner::None;
        }
        let owner = self.owner(resource, link, reach);
        // A part of a client belongs to the client's pool.
        match (&owner, self.client_of(resource)) {
            (Owner::Pool(_), _) => owner,
            (_, Some(Owner::Pool(client))) => {
                self.resources.get(client).map_or(owner, |client| self.pool_of(client))
            }
            (_, _) => owner,
        }
    }

    /// The key of a pool that is not in the file: resources with the same reference have the same key.
    pub(super) fn key_of(&self, resource: &Resource) -> String {
        let link = resource.mapping.link.unwrap_or_default();
        let reach = self.search(Section::UserPool, "user_pool_id").argument(resource, link);
        let sources: Vec<String> = reach.sources.into_iter().collect();
        if sources.is_empty() { resource.address.clone() } else { sources.join("; ") }
    }

    fn search<'s>(&'s self, wanted: Section, link: &'s str) -> Search<'s> {
        let Joiner { root, relevant, resources } = *self;
        Search { root, resources, relevant, wanted, link, locals: true }
    }

    /// The app client that a risk configuration is for; `None` where it is for the whole pool, and for all else.
    pub(super) fn client_of(&self, resource: &Resource) -> Option<Owner> {
        if resource.mapping.section != Section::RiskConfiguration {
            return None;
        }
        if !Marks::member(resource.unknown(), "client_id").all() {
            let id = resource.text("client_id")?;
            let client = self.resources.iter().position(|one| {
                let own = one.mapping.shown("ClientId").and_then(|argument| one.text(argument));
                one.is_client() && one.stays() && own == Some(id)
            });
            return Some(client.map_or_else(|| Owner::Elsewhere(id.to_owned()), Owner::Pool));
        }
        let reach = self.search(Section::Clients, "client_id").argument(resource, "client_id");
        let found = self.nameless(reach.found);
        Some(match (found.first(), found.len(), reach.lost) {
            (Some(only), 1, None) => Owner::Pool(*only),
            (_, _, lost) => Owner::Open(found.into_iter().collect(), lost.unwrap_or_default()),
        })
    }

    /// Of several, those without an id, as an unknown id cannot be that of another.
    fn nameless(&self, found: BTreeSet<usize>) -> BTreeSet<usize> {
        let is_nameless = |at: &usize| self.resources.get(*at).is_some_and(Resource::is_nameless);
        let nameless: BTreeSet<usize> = found.iter().copied().filter(is_nameless).collect();
        if nameless.is_empty() { found } else { nameless }
    }

    /// Whether the pool of an id goes too.
    pub(super) fn is_gone(&self, id: &str) -> bool {
        let gone = |one: &Resource| one.is_pool() && one.fate == Fate::Destroyed && is_named(one, id);
        self.resources.iter().any(gone)
    }

    fn pools(&self) -> impl Iterator<Item = (usize, &Resource)> {
        self.resources.iter().enumerate().filter(|(_, one)| one.is_pool() && one.stays())
    }

    fn owner(&self, resource: &Resource, link: &str, reach: Resolution) -> Owner {
        let Resource { address, .. } = resource;
        if let Some(lost) = reach.lost {
            return self
                .any(format!("the `{link}` of {address} comes from {lost}, which cannot be followed"));
        }
        let several = 1 < reach.found.len();
        let found = self.nameless(reach.found);
        match (found.first(), reach.hidden) {
            (None, _) => self.any(format!("which pool {address} is for cannot be followed")),
            (Some(only), None) if !several => Owner::Pool(*only),
            (Some(only), hidden) if found.len() == 1 => {
                let pool = self.resources.get(*only).map_or("", |pool| pool.address.as_str());
                let from = hidden.map_or_else(
                    || "may be that of several pools".to_owned(),
                    |local| format!("comes from {local}, which a plan does not show"),
                );
                let why = format!(
                    "the `{link}` of {address} {from}; it is taken for that of {pool}, the only pool that it can be"
                );
                Owner::Only(*only, why)
            }
            (Some(_), Some(local)) => {
                let why = format!(
                    "the `{link}` of {address} comes from {local}, which may be any of several pools"
                );
                Owner::Open(found.into_iter().collect(), why)
            }
            (Some(_), None) => {
                let why = format!("the `{link}` of {address} may be that of several pools");
                Owner::Open(found.into_iter().collect(), why)
            }
        }
    }

    fn any(&self, why: String) -> Owner {
        let pools = self.pools().map(|(at, _)| at).collect();
        Owner::Open(self.nameless(pools).into_iter().collect(), why)
    }
}

fn named<'t>(tree: &'t Tree, argument: &str) -> Option<&'t str> {
    tree.get(argument).and_then(Tree::as_str).filter(|text| !text.is_empty())
}

/// Whether a pool goes by an id or an ARN, now or, where it is replaced, until then.
fn is_named(pool: &Resource, text: &str) -> bool {
    let arguments = || ["Id", "Arn"].into_iter().filter_map(|member| pool.mapping.shown(member));
    let named = |tree: &Tree| arguments().any(|name| named(tree, name) == Some(text));
    named(&pool.tree) || pool.before.as_ref().is_some_and(named)
}
