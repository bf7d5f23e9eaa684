//! Puts the pools of a file together: each with the parts that other resources hold.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::arguments::{coverage, mapping};
use super::join::{Joiner, Owner};
use super::resource::{CLIENTS, Fate, Resource, WEB_ACLS};
use super::translate::{self, Part};
use super::{filled, planned};
use crate::pool::{Origin, Pool, Section, derive};
use crate::source::Note;
use crate::source::declared::{self, DeclaredPool, Places, World};
use crate::source::text::Walk;
use crate::value::{Map, Value};

/// A pool and where it stands among the resources.
struct Draft {
    at: usize,
    pool: Pool,
    places: Places,
    /// The clients of the file, by their places among the resources, in the order of the document.
    clients: Vec<usize>,
    /// What names the pool, where the file has only parts of it.
    elsewhere: Option<String>,
    /// What the provider is too old to know by one of its two names.
    older: Vec<(Vec<Walk<'static>>, Value)>,
}

/// What the pools of a file come to.
#[derive(Default)]
pub(super) struct Assembly {
    pub pools: Vec<DeclaredPool>,
    /// Pools that go, and those elsewhere that parts are taken from.
    pub gone: Vec<DeclaredPool>,
    pub notes: BTreeSet<Note>,
}

/// Puts the pools together.
pub(super) fn assemble(joiner: Joiner<'_>, origin: &Origin) -> Assembly {
    let mut notes = BTreeSet::new();
    let mut tell = |message: String| {
        notes.insert(Note { target: origin.name.to_string(), message });
    };
    let mut drafts = Vec::new();
    for (at, resource) in joiner.resources.iter().enumerate() {
        if resource.is_pool() && resource.stays() {
            drafts.push(draft(at, resource, origin, &mut tell));
        }
    }
    // Risk configurations may be for a client, so clients come first.
    let order = |resource: &&(usize, &Resource)| usize::from(!CLIENTS.contains(&resource.1.kind.as_str()));
    let mut parts: Vec<(usize, &Resource)> =
        joiner.resources.iter().enumerate().filter(|(_, resource)| !resource.is_pool()).collect();
    parts.sort_by_key(|resource| order(&resource));
    for (at, resource) in parts {
        let owner = joiner.pool_of(resource);
        if let Owner::Only(_, why) = &owner {
            tell(why.clone());
        }
        match owner {
            Owner::Pool(pool) | Owner::Only(pool, _) => {
                if let Some(draft) = drafts.iter_mut().find(|draft| draft.at == pool) {
                    // Whoever replaces a pool replaces all that is in it.
                    if joiner.resources.get(pool).is_some_and(|pool| pool.fate != Fate::Replaced) {
                        planned::part(resource, &mut draft.pool.document, &mut draft.places);
                    }
                    draft.add(at, resource, joiner, &mut tell);
                }
            }
            Owner::Open(pools, why) if pools.is_empty() => {
                if resource.stays() && !WEB_ACLS.contains(&resource.kind.as_str()) {
                    tell(format!("{why}: no other part of that pool is checked"));
                    let draft = elsewhere(&mut drafts, resource, None, origin);
                    draft.add(at, resource, joiner, &mut tell);
                }
            }
            Owner::Open(pools, why) => {
                for draft in drafts.iter_mut().filter(|draft| pools.contains(&draft.at)) {
                    draft.leave_open(resource, &why, &mut tell);
                }
            }
            Owner::Elsewhere(id) if resource.stays() => {
                tell(format!(
                    "{} is of the pool {id}, which is not in this file: no other part of that pool is checked",
                    resource.address
                ));
                let draft = elsewhere(&mut drafts, resource, Some(&id), origin);
                draft.add(at, resource, joiner, &mut tell);
            }
            Owner::Elsewhere(_) | Owner::None => {}
        }
    }
    let pools = drafts.into_iter().map(Draft::finish).collect();
    Assembly { pools, gone: planned::gone(joiner, origin), notes }
}

/// The pool of a part whose pool is not in the file: of such a pool its parts alone are known. Parts of one id are
/// of one pool, and those of an id that is not known each of their own.
fn elsewhere<'d>(
    drafts: &'d mut Vec<Draft>,
    resource: &Resource,
    id: Option<&str>,
    origin: &Origin,
) -> &'d mut Draft {
    let key = id.unwrap_or(&resource.address);
    let found = drafts.iter().position(|draft| draft.elsewhere.as_deref() == Some(key));
    let at = found.unwrap_or_else(|| {
        let pool = Pool {
            origin: origin.clone(),
            place: resource.tree.at.clone(),
            address: id.is_none().then(|| Arc::from(resource.address.as_str())),
            lifecycle: resource.lifecycle(),
            coverage: Some(coverage(&resource.kind)),
            partial: true,
            region: resource.text("region").or(resource.region.as_deref()).map(Arc::from),
            document: declared::identity(id),
            ..Pool::default()
        };
        let (places, clients, older) = (Places::default(), Vec::new(), Vec::new());
        drafts.push(Draft { at: usize::MAX, pool, places, clients, elsewhere: Some(key.to_owned()), older });
        drafts.len() - 1
    });
    &mut drafts[at]
}

fn draft(at: usize, resource: &Resource, origin: &Origin, tell: &mut impl FnMut(String)) -> Draft {
    let part = part(resource, tell);
    let pool = Pool {
        origin: origin.clone(),
        place: resource.tree.at.clone(),
        address: Some(Arc::from(resource.address.as_str())),
        held: vec![Section::MfaConfig],
        lifecycle: resource.lifecycle(),
        coverage: Some(coverage(&resource.kind)),
        region: resource.text("region").or(resource.region.as_deref()).map(Arc::from),
        ..Pool::default()
    };
    let mut draft = Draft {
        at,
        pool,
        places: Places::default(),
        clients: Vec::new(),
        elsewhere: None,
        older: Vec::new(),
    };
    draft.place(resource, &[], &part);
    draft.pool.document = part.document;
    draft.older = part.older;
    declared::complete(&mut draft.pool.document);
    planned::pool(resource, &mut draft.pool.document, &mut draft.places);
    filled::factors(resource, &mut draft.pool.document);
    draft
}

/// Translates a resource, and tells what of it is not known to this version.
fn part(resource: &Resource, tell: &mut impl FnMut(String)) -> Part {
    let Some(mapping) = mapping(&resource.kind) else { return Part::default() };
    let mut part = translate::translate(resource, mapping);
    declared::fill(&mut part.document, mapping.at, resource.lifecycle());
    if !part.strange.is_empty() {
        let strange = part.strange.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        tell(format!("{} has arguments that this version does not know: {strange}", resource.address));
    }
    part
}

/// Translates a resource that is a section, or an element of one.
fn element(resource: &Resource, section: Section, tell: &mut impl FnMut(String)) -> Part {
    let mut part = part(resource, tell);
    match section {
        Section::Clients => filled::client_secret(resource, &mut part),
        Section::WebAcl => {
            let arn = part.document.get("ARN").cloned();
            part.document = declared::web_acl(&arn.unwrap_or(Value::Later("known only after apply".into())));
        }
        _ => {}
    }
    part
}

/// An element of a section with what is worked out of it.
fn derived(section: Section, element: Map) -> Value {
    let mut document = Map::default();
    document.set(Cow::Borrowed(section.member()), Value::List(vec![Value::Map(element)]));
    derive(&mut document);
    match document.0.pop() {
        Some((_, Value::List(mut elements))) => elements.pop().unwrap_or(Value::Null),
        _ => Value::Null,
    }
}

impl Draft {
    /// Adds a resource that is a part of the pool.
    fn add(&mut self, at: usize, resource: &Resource, joiner: Joiner<'_>, tell: &mut impl FnMut(String)) {
        let Some(mapping) = mapping(&resource.kind) else { return };
        let section = mapping.section;
        if section == Section::RiskConfiguration
            && let Some(client) = joiner.client_of(resource)
        {
            return self.add_client_risk(resource, &client, tell);
        }
        self.hold(section);
        if !resource.stays() {
            // The file knows of the section, and that there will be nothing of this in it.
            return;
        }
        let name = section.member();
        let mut part = element(resource, section, tell);
        let mut steps = vec![Walk::Member(Cow::Borrowed(name))];
        if mapping.is_element {
            if section == Section::Clients {
                self.clients.push(at);
            }
            let index = self.push(section, Value::Map(std::mem::take(&mut part.document)), &resource.address);
            steps.push(Walk::Index(index));
        } else {
            self.pool.document.set(Cow::Borrowed(name), Value::Map(std::mem::take(&mut part.document)));
        }
        self.place(resource, &steps, &part);
        if section == Section::Domains {
            self.add_domain(resource, &steps);
        }
    }

    /// Adds what a client has of its own against risks.
    fn add_client_risk(&mut self, resource: &Resource, client: &Owner, tell: &mut impl FnMut(String)) {
        let at = match client {
            Owner::Pool(client) | Owner::Only(client, _) => self.clients.iter().position(|one| one == client),
            Owner::Elsewhere(_) if self.pool.held.contains(&Section::Clients) => None,
            _ => {
                let why = format!("which client {} is for cannot be followed", resource.address);
                return self.pool.unread.push((Section::ClientRisk, why.into()));
            }
        };
        self.hold(Section::ClientRisk);
        let (Some(index), true) = (at, resource.stays()) else { return };
        let mut part = part(resource, tell);
        let clients = self.pool.document.0.iter_mut().find(|(name, _)| name == "Clients");
        let Some((_, Value::List(clients))) = clients else { return };
        if let Some(Value::Map(client)) = clients.get_mut(index) {
            client.set(Cow::Borrowed("RiskConfiguration"), Value::Map(std::mem::take(&mut part.document)));
        }
        let member = |name: &'static str| Walk::Member(Cow::Borrowed(name));
        self.place(resource, &[member("Clients"), Walk::Index(index), member("RiskConfiguration")], &part);
    }

    /// A domain is a member of the pool itself too, which a plan does not know before it is made.
    fn add_domain(&mut self, resource: &Resource, steps: &[Walk<'static>]) {
        let member = if resource.text("certificate_arn").is_some() { "CustomDomain" } else { "Domain" };
        let Some(domain) = resource.text("domain") else { return };
        if resource.unknown().member("certificate_arn").any() {
            return;
        }
        self.pool.document.set(Cow::Borrowed(member), Value::String(domain.to_owned().into()));
        let mut from = steps.to_vec();
        from.push(Walk::Member(Cow::Borrowed("Domain")));
        if let Some(at) = self.places.values.get(&from).cloned() {
            self.places.values.insert(vec![Walk::Member(Cow::Borrowed(member))], at);
        }
    }

    /// Notes a resource that may be a part of the pool, or of another.
    fn leave_open(&mut self, resource: &Resource, why: &str, tell: &mut impl FnMut(String)) {
        let Some(mapping) = mapping(&resource.kind) else { return };
        let section = mapping.section;
        if mapping.is_element {
            self.hold(section);
            let index = self.push(section, Value::Unknown(why.into()), &resource.address);
            let part = element(resource, section, tell);
            self.place(resource, &[Walk::Member(Cow::Borrowed(section.member())), Walk::Index(index)], &part);
            self.pool.possible.push((section, index, derived(section, part.document)));
            if section == Section::Clients {
                self.clients.push(usize::MAX);
            }
            return;
        }
        // What is for a client says nothing of what the pool has of its own.
        let client = resource.unknown().member("client_id").any()
            || !resource.tree.get("client_id").is_none_or(super::tree::Tree::is_unset);
        let section = match section {
            Section::RiskConfiguration if client => Section::ClientRisk,
            section => section,
        };
        self.pool.unread.push((section, why.into()));
    }

    fn hold(&mut self, section: Section) {
        if !self.pool.held.contains(&section) {
            self.pool.held.push(section);
        }
    }

    /// Adds an element to a section, and gives its position.
    fn push(&mut self, section: Section, element: Value, address: &str) -> usize {
        let name = section.member();
        if self.pool.document.get(name).is_none() {
            self.pool.document.set(Cow::Borrowed(name), Value::List(Vec::new()));
        }
        match self.pool.elements.iter_mut().find(|(of, _)| *of == section) {
            Some((_, addresses)) => addresses.push(Arc::from(address)),
            None => self.pool.elements.push((section, vec![Arc::from(address)])),
        }
        let list = self.pool.document.0.iter_mut().find(|(member, _)| member == name);
        let Some((_, Value::List(elements))) = list else { return 0 };
        elements.push(element);
        elements.len() - 1
    }

    /// Takes the places of a resource over, which stands for what is at some steps of the pool.
    fn place(&mut self, resource: &Resource, steps: &[Walk<'static>], part: &Part) {
        self.places.resources.insert(steps.to_vec(), resource.declared());
        for (inner, at) in &part.values {
            let steps = steps.iter().chain(inner).cloned().collect();
            self.places.values.insert(steps, at.clone());
        }
    }

    fn finish(mut self) -> DeclaredPool {
        filled::second_factor(&mut self.pool.document);
        declared::mirror(&mut self.pool, &mut self.places);
        for (steps, why) in self.older {
            declared::set_absent(&mut self.pool.document, &steps, why);
        }
        derive(&mut self.pool.document);
        let worlds = vec![World { when: String::new(), pool: self.pool }];
        DeclaredPool { worlds, before: None, places: self.places }
    }
}
