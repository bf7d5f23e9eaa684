//! Which pool a resource is a part of: by the pool's id where it is known, else by what the configuration refers to.

use super::file::Module;
use super::reference::{Reach, Search};
use super::resource::{CLIENTS, POOL, Resource, WEB_ACL};
use super::tree::{Marks, Tree};

/// The pool of a resource.
#[derive(Debug)]
pub(super) enum Owner {
    /// By its position among the resources.
    Pool(usize),
    /// It may be one of these, and why that is not known.
    Open(Vec<usize>, String),
    /// It is none of the file's, and goes by this id.
    Elsewhere(String),
    /// It has nothing to do with a pool, as a web ACL of a load balancer.
    None,
}

/// What resources are joined with.
#[derive(Clone, Copy)]
pub(super) struct Joiner<'a> {
    pub root: Option<&'a Module<'a>>,
    pub resources: &'a [Resource],
}

impl Joiner<'_> {
    /// The pool that a resource is a part of.
    pub(super) fn pool_of(&self, resource: &Resource) -> Owner {
        let link = link(resource);
        let value = named(&resource.tree, link);
        if let Some(text) = value.filter(|_| !Marks::member(resource.unknown(), link).all()) {
            if resource.kind == WEB_ACL && !text.contains(":userpool/") {
                return Owner::None;
            }
            let pool = self.pools().find(|(_, pool)| is_named(pool, text));
            return pool.map_or_else(|| Owner::Elsewhere(text.to_owned()), |(at, _)| Owner::Pool(at));
        }
        if resource.fate == super::resource::Fate::Destroyed {
            return Owner::None;
        }
        let search =
            Search { root: self.root, resources: self.resources, wanted: &[POOL], link: "user_pool_id" };
        let reach = search.argument(resource, link);
        if resource.kind == WEB_ACL && reach.found.is_empty() && reach.others {
            return Owner::None;
        }
        self.owner(resource, link, reach)
    }

    /// The app client that a risk configuration is for; `None` where it is for the whole pool.
    pub(super) fn client_of(&self, resource: &Resource) -> Option<Owner> {
        let unknown = Marks::member(resource.unknown(), "client_id").all();
        if !unknown {
            let id = resource.text("client_id")?;
            let client = self.resources.iter().position(|one| is_client(one) && one.text("id") == Some(id));
            return Some(client.map_or_else(|| Owner::Elsewhere(id.to_owned()), Owner::Pool));
        }
        let search =
            Search { root: self.root, resources: self.resources, wanted: &CLIENTS, link: "client_id" };
        let reach = search.argument(resource, "client_id");
        Some(match (reach.found.first(), reach.found.len(), reach.lost) {
            (Some(only), 1, None) => Owner::Pool(*only),
            (_, _, lost) => Owner::Open(reach.found.into_iter().collect(), lost.unwrap_or_default()),
        })
    }

    fn pools(&self) -> impl Iterator<Item = (usize, &Resource)> {
        self.resources.iter().enumerate().filter(|(_, one)| one.kind == POOL && one.stays())
    }

    fn owner(&self, resource: &Resource, link: &str, reach: Reach) -> Owner {
        let Resource { address, .. } = resource;
        match (reach.found.len(), reach.lost) {
            (1, None) => Owner::Pool(*reach.found.first().unwrap_or(&0)),
            (0, None) => self.any(format!("which pool {address} is for cannot be followed")),
            (_, None) => {
                let why = format!("the `{link}` of {address} may be that of several pools");
                Owner::Open(reach.found.into_iter().collect(), why)
            }
            (_, Some(lost)) => {
                self.any(format!("the `{link}` of {address} comes from {lost}, which cannot be followed"))
            }
        }
    }

    fn any(&self, why: String) -> Owner {
        Owner::Open(self.pools().map(|(at, _)| at).collect(), why)
    }
}

/// The argument that names the pool.
fn link(resource: &Resource) -> &'static str {
    if resource.kind == WEB_ACL { "resource_arn" } else { "user_pool_id" }
}

fn is_client(resource: &Resource) -> bool {
    CLIENTS.contains(&resource.kind.as_str()) && resource.stays()
}

fn named<'t>(tree: &'t Tree, argument: &str) -> Option<&'t str> {
    tree.get(argument).and_then(Tree::as_str).filter(|text| !text.is_empty())
}

/// Whether a pool goes by an id or an ARN, now or, where it is replaced, until then.
fn is_named(pool: &Resource, text: &str) -> bool {
    let named = |tree: &Tree| named(tree, "id") == Some(text) || named(tree, "arn") == Some(text);
    named(&pool.tree) || pool.before.as_ref().is_some_and(named)
}
